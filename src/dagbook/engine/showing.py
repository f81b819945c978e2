"""Whether an asset's value is there to be shown, and soon."""

from __future__ import annotations

from typing import Any, Protocol

from dagbook.definitions.keys import AssetKey
from dagbook.definitions.nothing import is_nothing
from dagbook.definitions.results import NO_VALUE
from dagbook.errors.execution import ValueMissing
from dagbook.events.records import Materialization
from dagbook.graph.asset_graph import AssetGraph

# Rows up to which a table that an I/O manager keeps is read only to be shown.
MOST_ROWS = 100_000


class HoldsValues(Protocol):
    """What gives the values of its assets, some of which I/O managers keep."""

    @property
    def graph(self) -> AssetGraph: ...
    def is_managed(self, key: AssetKey, /) -> bool: ...
    def kept_value(self, key: AssetKey, record: Materialization, /) -> Any: ...


class TooLarge:
    """Stands for a table that is not read only to be shown: its text says how to see it."""

    def __init__(self, key: AssetKey, rows: int) -> None:
        self._text = (
            f"{rows:,} rows, which an I/O manager keeps: "
            f"`dagbook.workspace().value({str(key)!r})` reads them"
        )

    def __repr__(self) -> str:
        return self._text


def value_to_show(workspace: HoldsValues, key: AssetKey, record: Materialization | None) -> Any:
    """The kept value, also from an I/O manager; NO_VALUE where there is none.

    TooLarge stands for a very large table of a manager's; what a manager raises, for its value.
    """
    if record is None:
        return NO_VALUE
    if record.value is not None:
        return workspace.kept_value(key, record)
    if not _by_manager(workspace, key):
        return NO_VALUE
    if _rows(record) > MOST_ROWS:
        return TooLarge(key, _rows(record))
    try:
        return workspace.kept_value(key, record)
    except ValueMissing:
        # What the body gave no value for, its manager was not given either.
        return NO_VALUE
    except Exception as error:
        return error


def _by_manager(workspace: HoldsValues, key: AssetKey) -> bool:
    node = workspace.graph.nodes.get(key)
    if node is None or node.definition is None or not workspace.is_managed(key):
        return False
    outs = zip(node.definition.keys, node.definition.op.outs, strict=True)
    return not any(one == key and is_nothing(out.annotation) for one, out in outs)


def _rows(record: Materialization) -> int:
    count = record.metadata.get("row_count")
    return count.value if count is not None and isinstance(count.value, int) else 0
