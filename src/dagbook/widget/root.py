"""The outermost box of the live graph, which says in one line what it is where it can't be drawn."""

from __future__ import annotations

from typing import Any

import ipywidgets


class Root(ipywidgets.VBox):
    """A box whose text is short and the same on every run, for a saved notebook and for nbval."""

    def __init__(self, children: list[Any], **options: Any) -> None:
        super().__init__(children, **options)
        self.add_class("dagbook-root")

    def __repr__(self) -> str:
        return "The live graph. Run this cell again to click it."
