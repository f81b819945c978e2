"""Frames as the consumer's own: shallow copies, whose columns are compared by what they lie on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# What pandas infers of object columns whose cells cannot be changed in place.
_UNCHANGEABLE = frozenset(
    ("string", "bytes", "floating", "integer", "mixed-integer-float", "decimal", "complex")
    + ("boolean", "datetime64", "datetime", "date", "timedelta64", "timedelta", "time", "empty")
)


def is_plain_frame(value: Any) -> bool:
    """Whether a shallow copy isolates the value: a frame or series of pandas under copy-on-write.

    Not where it is of a subclass, or where cells, labels or attributes can be changed in place.
    """
    import pandas as pd

    if type(value) not in (pd.DataFrame, pd.Series) or value.attrs or not copies_on_write():
        return False
    columns = [value] if isinstance(value, pd.Series) else [c for _, c in value.items()]
    parts = [*columns, *value.axes]
    objects = [part for part in parts if part.dtype == object]
    return all(pd.api.types.infer_dtype(part) in _UNCHANGEABLE for part in objects)


def copies_on_write() -> bool:
    """Whether pandas copies when it writes: always from version 3, on request before."""
    import pandas as pd

    return int(pd.__version__.partition(".")[0]) >= 3 or pd.options.mode.copy_on_write is True


def own_frame(frame: Any) -> tuple[Any, Callable[[], bool]]:
    """A shallow copy, and whether it was changed since; `frame` must be a plain one."""
    copy = frame.copy(deep=False)
    before = _columns(copy)

    def changed() -> bool:
        if not _same_labels(frame, copy):
            return True
        after = _columns(copy)
        same = len(before) == len(after) and all(a is b for a, b in zip(before, after, strict=True))
        # Reading may have merged blocks, and an assignment may have put back what was there.
        return not (same or frame.equals(copy))

    return copy, changed


def own_polars(frame: Any) -> tuple[Any, Callable[[], bool]]:
    """A clone, which shares its columns until one is replaced, and whether it was changed."""
    clone = frame.clone()

    def changed() -> bool:
        return bool(clone.schema != frame.schema or not clone.equals(frame))

    return clone, changed


def _same_labels(frame: Any, copy: Any) -> bool:
    if len(frame.axes) != len(copy.axes) or copy.attrs:
        return False
    if any(not _same_axis(a, b) for a, b in zip(frame.axes, copy.axes, strict=True)):
        return False
    if len(frame.axes) == 1:
        return bool(frame.dtype == copy.dtype and frame.name == copy.name)
    return bool(frame.dtypes.equals(copy.dtypes))


def _same_axis(before: Any, after: Any) -> bool:
    return type(before) is type(after) and bool(before.identical(after))


def _columns(frame: Any) -> list[Any]:
    """What the columns lie on; these objects are kept, so that none is mistaken for another.

    pandas has no public way to ask which memory two frames share column by column; where the
    blocks cannot be had, nothing is the same and the contents are compared.
    """
    blocks = getattr(getattr(frame, "_mgr", None), "blocks", None)
    if blocks is None:
        return [object()]
    return [getattr(block.values, "_pa_array", block.values) for block in blocks]
