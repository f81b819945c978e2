"""Answers what an editor asks: what is wrong with a cell's text, and how an asset's value begins."""

from __future__ import annotations

from collections.abc import Callable

from dagbook.cells.faults import faults_of
from dagbook.comm.messages import CellFault
from dagbook.definitions.keys import AssetKey
from dagbook.engine.workspace import Workspace
from dagbook.views.html import line_of
from dagbook.views.preview import preview
from dagbook.views.quantities import size

# Loading more for a glance could take long, and take memory from the notebook.
MOST_BYTES = 64 << 20


def faults_in(text: str, transform: Callable[[str], str] | None) -> tuple[CellFault, ...]:
    """What is wrong with a cell's text.

    >>> [(fault.line, fault.column) for fault in faults_in("%%asset a\\nx = (1", None)]
    [(2, 4)]
    """
    return tuple(
        CellFault(
            text=fault.text,
            line=fault.place.line or 1,
            column=fault.place.column or 0,
            end=fault.place.end_column,
        )
        for fault in faults_of(text, transform)
    )


def preview_of(workspace: Workspace, key: AssetKey) -> str:
    """The beginning of an asset's value as HTML; of a large one only how large it is."""
    # A glance may not wait for large globals to be digested.
    _, standing = workspace.observe(passive=True)
    record = standing.assets[key].materialization
    if record is None or record.value is None:
        return ""
    if record.value.size > MOST_BYTES:
        return f"<div>{line_of(f'A value of {size(record.value.size)}.')}</div>"
    return preview(workspace.kept_value(key, record)).html
