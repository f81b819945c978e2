"""Says in a few words what a value is, without calling any code of its class."""

from __future__ import annotations

from typing import Any

from dagbook.versions.redaction import is_secret_text

_LONGEST = 200
_NUMBERS = frozenset({int, float, bool, complex, type(None)})


def describe(value: Any) -> str:
    """A short text: the value itself where it is a number or a short text, else type and size.

    Example:
        >>> describe(0.25), describe([1, 2, 3])
        ('0.25', 'list of 3')
    """
    kind = type(value)
    if kind in _NUMBERS:
        return _number(value)
    if kind is str or kind is bytes:
        return _text(value)
    shape = _shape(value) if kind.__module__ != "__main__" else None
    if shape is not None:
        return f"{kind.__name__} of shape {shape}"
    if kind in (list, tuple, dict, set, frozenset):
        return f"{kind.__name__} of {len(value)}"
    return f"an instance of {kind.__qualname__}"


def _number(value: Any) -> str:
    if type(value) is int and value.bit_length() > 4 * _LONGEST:
        return f"an integer of {value.bit_length()} bits"
    return repr(value)


def _text(value: str | bytes) -> str:
    if isinstance(value, str) and is_secret_text(value):
        return "a secret"
    if len(value) <= _LONGEST:
        return repr(value)
    return f"{type(value).__name__} of length {len(value)}"


def _shape(value: Any) -> str | None:
    root = type(value).__module__.partition(".")[0]
    if root not in ("numpy", "pandas", "polars", "pyarrow"):
        return None
    shape = getattr(value, "shape", None)
    return str(shape) if isinstance(shape, tuple) else None
