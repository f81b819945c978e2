"""What changed between two versions of a value: schema, rows by key, nulls, numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dagbook.records import dataclass
from dagbook.views.quantities import counted
from dagbook.views.tables import Column, TableView, table, without_empty_columns

if TYPE_CHECKING:
    import pandas as pd

_LONGEST = 200
_MOST_ROWS = 5
_LIKELY_KEYS = ("id", "key", "code", "name", "date")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataChange:
    """The difference of two values in a sentence, and in tables where they are frames."""

    summary: str
    tables: tuple[TableView, ...] = ()


def data_change(old: Any, new: Any, *, key: Sequence[str] = ()) -> DataChange:
    """What differs between an earlier value and a later one.

    Args:
        old: the earlier value: a frame of pandas, polars or Arrow, or anything else.
        new: the later one.
        key: the columns that tell rows apart; found by themselves where none are given.

    Returns:
        For frames the columns that came, went or changed (type, nulls, range and mean), and how many
        rows were added, removed and changed by key. For other values their short texts.

    Example:
        >>> data_change([1], [1, 2]).summary
        'was [1], is [1, 2]'
    """
    before, after = _frame(old), _frame(new)
    if before is None or after is None:
        return DataChange(summary=f"was {_short(old)}, is {_short(new)}")
    parts = [_counts(before, after), _schema_words(before, after)]
    rows, sample = _rows(before, after, tuple(key))
    tables = (_columns(before, after), *([sample] if sample is not None else []))
    summary = "; ".join(filter(None, [*parts, rows]))
    return DataChange(summary=summary, tables=tuple([one for one in tables if one.rows]))


def extent(value: Any) -> str:
    """How large a value is, in rows and columns where it has these."""
    frame = _frame(value)
    if frame is None:
        return _short(value)
    return f"{counted(len(frame), 'row')} × {counted(len(frame.columns), 'column')}"


def _frame(value: Any) -> pd.DataFrame | None:
    """The value as a frame of pandas; None where it is none."""
    root, name = type(value).__module__.partition(".")[0], type(value).__name__
    if root == "pandas" and name == "DataFrame":
        return value
    if root == "pandas" and name == "Series":
        return value.to_frame(value.name if value.name is not None else "value")
    if root == "polars" and name == "DataFrame":
        return value.to_arrow().to_pandas()
    if root == "pyarrow" and name == "Table":
        return value.to_pandas()
    return None


def _short(value: object) -> str:
    try:
        text = repr(value)
    except Exception as error:  # a user's class may raise anything
        return f"{type(value).__name__}, whose text raises {type(error).__name__}"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _plain(value: Any) -> str:
    """The text of what stands in a cell, without the name of its NumPy type."""
    numpy = type(value).__module__ == "numpy" and hasattr(value, "item")
    return _short(value.item() if numpy else value)


def _counts(old: pd.DataFrame, new: pd.DataFrame) -> str:
    if old.shape == new.shape:
        return f"{counted(len(new), 'row')} × {counted(len(new.columns), 'column')}, as before"
    before = f"{len(old):,} × {len(old.columns):,}"
    return f"{before} → {len(new):,} × {len(new.columns):,} (rows × columns)"


def _schema_words(old: pd.DataFrame, new: pd.DataFrame) -> str:
    came = [str(name) for name in new.columns if name not in old.columns]
    went = [str(name) for name in old.columns if name not in new.columns]
    words = [f"new: {', '.join(came)}"] if came else []
    words += [f"gone: {', '.join(went)}"] if went else []
    kept = [name for name in new.columns if name in old.columns]
    if not came and not went and list(old.columns) != kept:
        words.append("columns in another order")
    return "; ".join(words)


# ---------------------------------------------------------------- columns


def _columns(old: pd.DataFrame, new: pd.DataFrame) -> TableView:
    """One row for each column that is not as it was."""
    names = [*new.columns, *(name for name in old.columns if name not in new.columns)]
    rows = []
    for name in names:
        before = _facts(old[name]) if name in old.columns else None
        after = _facts(new[name]) if name in new.columns else None
        if before != after:
            rows.append([str(name), *_pairs(before, after)])
    heads = ("type", "nulls", "least", "mean", "greatest", "distinct")
    columns = (Column(name="column"), *(Column(name=head, right=True) for head in heads))
    return without_empty_columns(table(columns, rows, caption="columns that changed"))


def _facts(column: pd.Series[Any]) -> tuple[str, ...]:
    """Type, nulls, least, mean, greatest, distinct: as texts."""
    nulls = f"{int(column.isna().sum()):,}"
    if column.dtype.kind not in "iuf" or not column.notna().any():
        return (str(column.dtype), nulls, "", "", "", _distinct(column))
    found = (column.min(), column.mean(), column.max())
    return (str(column.dtype), nulls, *(f"{one:,.6g}" for one in found), _distinct(column))


def _distinct(column: pd.Series[Any]) -> str:
    try:
        return f"{column.nunique():,}"
    except TypeError:
        # Lists and dictionaries have no hash.
        return ""


def _pairs(before: tuple[str, ...] | None, after: tuple[str, ...] | None) -> list[str]:
    if before is None:
        return ["new", *(after or ())[1:]] if after else []
    if after is None:
        return ["gone", "", "", "", "", ""]
    pairs = zip(before, after, strict=True)
    return [was if was == now else f"{was} → {now}" for was, now in pairs]


# ---------------------------------------------------------------- rows


def _rows(
    old: pd.DataFrame, new: pd.DataFrame, key: tuple[str, ...]
) -> tuple[str, TableView | None]:
    """How many rows came, went and changed; and some of them."""
    if not key and _is_keyed(old, new):
        key = tuple(map(str, new.index.names))
        old, new = old.reset_index(), new.reset_index()
    key = key or _key_of(old, new)
    shared = [name for name in new.columns if name in old.columns]
    if not shared:
        return "", None
    if not key:
        return _as_multisets(old[shared], new[shared])
    before, after = old.set_index(list(key)), new.set_index(list(key))
    came = after.index.difference(before.index)
    went = before.index.difference(after.index)
    common = after.index.intersection(before.index)
    values = [name for name in shared if name not in key]
    differs = _differing(before.loc[common, values], after.loc[common, values])
    changed = common[differs.any(axis=1).to_numpy()] if len(values) else common[:0]
    words = f"by {', '.join(key)}: {len(came):,} added, {len(went):,} removed"
    sample = _sample(before, after, changed, differs, key) if len(changed) else None
    return f"{words}, {len(changed):,} changed", sample


def _is_keyed(old: pd.DataFrame, new: pd.DataFrame) -> bool:
    """Whether both have an index with a name that tells all rows apart."""
    names = list(new.index.names)
    return bool(
        list(old.index.names) == names
        and all(isinstance(name, str) and name not in (*old, *new) for name in names)
        and all(
            one.index.is_unique and one.index.to_frame().notna().all().all() for one in (old, new)
        )
    )


def _key_of(old: pd.DataFrame, new: pd.DataFrame) -> tuple[str, ...]:
    """The first likely column that tells all rows apart in both."""
    shared = [name for name in new.columns if name in old.columns and isinstance(name, str)]
    likely = sorted(shared, key=lambda name: not name.lower().endswith(_LIKELY_KEYS))
    for name in likely:
        if old[name].dtype.kind == "f" or old[name].dtype != new[name].dtype:
            continue
        if all(_tells_apart(frame[name]) for frame in (old, new)):
            return (name,)
    return ()


def _tells_apart(column: pd.Series[Any]) -> bool:
    try:
        return bool(column.is_unique and column.notna().all())
    except TypeError:
        return False


def _differing(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Where two frames of one shape differ; nulls are equal to each other."""
    import pandas as pd

    found = {}
    for place, name in enumerate(new.columns):
        was, now = old.iloc[:, place].astype(object), new.iloc[:, place].astype(object)
        both = was.isna().to_numpy() & now.isna().to_numpy()
        found[name] = [
            not (null or _equal(one, other))
            for null, one, other in zip(both, was, now, strict=True)
        ]
    return pd.DataFrame(found, index=new.index)


def _equal(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except (TypeError, ValueError):
        # Arrays in cells have no single answer.
        return repr(one) == repr(other)


def _sample(
    old: pd.DataFrame, new: pd.DataFrame, changed: Any, differs: pd.DataFrame, key: tuple[str, ...]
) -> TableView:
    """The first rows that changed, each value that is another one with what it was."""
    shown = changed[:_MOST_ROWS]
    names = [name for name in differs.columns if differs.loc[shown, name].any()]
    rows = [
        [
            at if isinstance(at, str) else _plain(at),
            *(
                f"{_plain(old.at[at, name])} → {_plain(new.at[at, name])}"
                if differs.at[at, name]
                else ""
                for name in names
            ),
        ]
        for at in shown
    ]
    columns = [", ".join(key), *map(str, names)]
    return table(columns, rows, caption="rows that changed", more=len(changed) - len(shown))


def _as_multisets(old: pd.DataFrame, new: pd.DataFrame) -> tuple[str, None]:
    """Without a key a changed row is one that went and one that came."""
    import pandas as pd

    marks = [pd.util.hash_pandas_object(frame.astype(str), index=False) for frame in (old, new)]
    before, after = (mark.value_counts() for mark in marks)
    moved = after.sub(before, fill_value=0)
    came, went = int(moved[moved > 0].sum()), int(-moved[moved < 0].sum())
    return f"no column tells the rows apart: {came:,} added, {went:,} removed", None
