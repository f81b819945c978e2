"""Which live graphs are on the page: a cell that runs again takes its older ones away."""

from __future__ import annotations

from dataclasses import field
from typing import Protocol

from dagbook.records import dataclass


class Closing(Protocol):
    """What can be let go of."""

    def close(self) -> None: ...


@dataclass(slots=True)
class ShownWidgets:
    """The widgets by the cell that shows them, with the run of the cell that made them."""

    _by_cell: dict[str, tuple[int, list[Closing]]] = field(default_factory=dict)

    def show(self, widget: Closing, cell: str | None, run: int) -> None:
        """Take note of a widget of a cell; those of the cell's earlier runs are closed.

        A cell without an id is never recognised again, so that nothing is closed for it.
        """
        if cell is None:
            return
        before, widgets = self._by_cell.get(cell, (run, []))
        if before != run:
            for old in widgets:
                old.close()
            widgets = []
        self._by_cell[cell] = (run, [*widgets, widget])


# What is on the pages of this process: a widget has no other owner than the cell that shows it.
shown_widgets = ShownWidgets()
