"""Whether an asset's value is there to be shown, and soon."""

from __future__ import annotations

from typing import Any

from dagbook.definitions.keys import AssetKey
from dagbook.definitions.nothing import is_nothing
from dagbook.definitions.results import NO_VALUE
from dagbook.engine.workspace import Workspace
from dagbook.errors.execution import ValueMissing
from dagbook.events.records import Materialization

# Rows up to which a table that an I/O manager keeps is read only to be shown.
MOST_ROWS = 100_000


def value_to_show(workspace: Workspace, key: AssetKey, record: Materialization | None) -> Any:
    """The kept value, also from an I/O manager; NO_VALUE where there is none or it is very large.

    What a manager raises is the value: it is shown in its place.
    """
    if record is None:
        return NO_VALUE
    if record.value is not None:
        return workspace.kept_value(key, record)
    if not _by_manager(workspace, key) or _rows(record) > MOST_ROWS:
        return NO_VALUE
    try:
        return workspace.kept_value(key, record)
    except ValueMissing:
        # What the body gave no value for, its manager was not given either.
        return NO_VALUE
    except Exception as error:
        return error


def _by_manager(workspace: Workspace, key: AssetKey) -> bool:
    node = workspace.graph.nodes.get(key)
    if node is None or node.definition is None or not workspace.is_managed(key):
        return False
    outs = zip(node.definition.keys, node.definition.op.outs, strict=True)
    return not any(one == key and is_nothing(out.annotation) for one, out in outs)


def _rows(record: Materialization) -> int:
    count = record.metadata.get("row_count")
    return count.value if count is not None and isinstance(count.value, int) else 0
