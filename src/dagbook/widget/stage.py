"""The place of the picture: how large it is there, and in which direction it goes."""

from __future__ import annotations

from typing import TypeAlias

import ipywidgets

from dagbook.views.parts import DagView
from dagbook.widget.adapter import USUAL_WIDTH, Canvas, OnClick, OnNode

# The widest picture that a panel may stand beside, in pixels.
WIDEST_BESIDE = 560.0
LEAST_WIDTH = 200.0
# Width and height in pixels.
Size: TypeAlias = tuple[float, float]


class Stage:
    """Holds one canvas, that of the newest structure.

    `frame` is the size of the place of its own that the whole widget fills; in a cell, which grows
    with what is in it, there is none.
    """

    canvas: Canvas

    def __init__(
        self,
        on_click: OnClick,
        on_double_click: OnNode,
        frame: Size | None = None,
    ) -> None:
        self._on_click = on_click
        self._on_double_click = on_double_click
        self.frame = frame
        self._layouts: list[ipywidgets.Layout] = []
        self.widget = ipywidgets.Box(layout={"min_width": "0"})
        self.widget.add_class("dagbook-stage")
        # Lies over the chosen node, so that a page can scroll there.
        self._mark = ipywidgets.Box(layout={"top": "0px", "height": "0px"})
        self._mark.add_class("dagbook-mark")

    @property
    def is_tall(self) -> bool:
        """Whether it fills a place that is taller than wide."""
        return self.frame is not None and self.frame[1] > self.frame[0]

    @property
    def is_beside(self) -> bool:
        """Whether there is room for a panel beside the picture, which a wide one has below it."""
        return not self.is_tall and self.canvas.place.width <= WIDEST_BESIDE

    @property
    def _width(self) -> float:
        # A page that has not laid its panel out yet may say that it has no width.
        return USUAL_WIDTH if self.frame is None else max(self.frame[0], LEAST_WIDTH)

    def draw(self, view: DagView) -> None:
        """Draw anew: a structure that changed needs another canvas."""
        old = getattr(self, "canvas", None)
        self.canvas = Canvas(
            view, self._on_click, self._on_double_click, self._width, tall=self.is_tall
        )
        self.widget.children = (self.canvas.widget, self._mark)
        if old is not None:
            self._layouts.append(old.widget.layout)
            old.close()

    def end(self) -> None:
        """Close what earlier pictures have left open."""
        for layout in self._layouts:
            layout.close()

    def fill(self, frame: Size) -> bool:
        """Let the place have this size; whether the picture must be drawn anew for it."""
        self.frame = frame
        self.canvas.width = self._width
        return self.is_tall != self.canvas.place.down

    def give_room(self, least: int) -> None:
        """Give the picture the height in which it is read well, and at least this one."""
        tall = self.is_tall
        self.widget.layout.flex = "1 1 0" if self.is_beside else "0 1 auto" if tall else "0 0 auto"
        self.widget.layout.overflow = "hidden auto" if tall else "auto hidden"
        self.canvas.resize(max(self.canvas.usual_height, least))

    def mark(self, node: str) -> None:
        """Let the mark lie over this node."""
        if node in self.canvas.place.nodes:
            top, height = self.canvas.reach(node)
            self._mark.layout.top, self._mark.layout.height = f"{top}px", f"{height}px"
