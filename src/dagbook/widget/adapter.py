"""Draws a picture with ipycytoscape; the one place that knows how it wants to be driven."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias

from ipycytoscape import CytoscapeWidget, Edge, Graph, Node
from ipycytoscape.cytoscape import MutableDict, interaction_serialization
from traitlets import Dict

from dagbook.views.layout import Arrangement, Box, arrange, leads_back, node_width
from dagbook.views.lettering import fit
from dagbook.views.parts import DagView, NodeView
from dagbook.views.rails import BETWEEN_RAILS, WIDEST_CARD, arrange_down
from dagbook.views.svg import ROUND
from dagbook.widget.styling import base_style, live_style, node_label

# A small graph is not blown up beyond this when it is fitted into its frame.
LARGEST = 1.15
LOWEST, HIGHEST = 140, 520
# Pages draw no picture that is much higher than this, in pixels.
TALLEST = 12_000
PADDING = 16
# Fitted at this scale and above a graph can be read as it is; below it one must zoom.
LEGIBLE = 0.6
# The width of a notebook's cell, as a rule.
USUAL_WIDTH = 1000.0
# Pixels from a card's left edge to its text, and the width of the coloured bar there.
INDENT, BAR = 14.0, 5.0
# Seconds after which a picture that was just shown is fitted again.
SETTLED = (0.1, 0.6)
# The class of a node in the message of a click that adds it to what is chosen, by the extension.
ADDING = "dagbook-adding"
# Pixels by which a hand may move while it presses: what moves further is no click.
STILL = 8
OnNode = Callable[[str], None]
# Is told besides whether the click adds to what is chosen.
OnClick = Callable[[str, bool], None]
Bends: TypeAlias = tuple[tuple[float, float], ...]


class _Graph(Graph):
    # The stock trait is sent whole with every element, so that a large graph never arrives.
    _adj = MutableDict()


class _Widget(CytoscapeWidget):
    # The stock trait refuses `dbltap`.
    _interaction_handlers = Dict({}).tag(sync=True, **interaction_serialization)

    def __init__(self, graph: Graph, **options: Any) -> None:
        # The stock constructor makes empty graphs before it takes one, which nobody would close.
        super(CytoscapeWidget, self).__init__(graph=graph, **options)
        self.on_msg(self._handle_interaction)


class Canvas:
    """One drawn picture. Another structure needs another canvas: elements are never removed.

    `on_click` and `on_double_click` are told the id of a node or of a box, the former also whether
    a key was held that adds; `width` is that of the frame, about, in pixels; a `tall` frame is filled from the top down, and scrolls.
    """

    def __init__(
        self,
        view: DagView,
        on_click: OnClick,
        on_double_click: OnNode,
        width: float = USUAL_WIDTH,
        *,
        tall: bool = False,
    ) -> None:
        self.drawn = view.nodes
        self.width = width
        self.place = arrange_down(view) if tall else arrange(view)
        self._widths = {name: box.width for name, box in self.place.nodes.items()}
        self._style: list[dict[str, Any]] = base_style()
        # In a frame that is narrower than people can read it in, the page scrolls to the sides.
        least = 0 if self.zooms else round(self.place.width * LEGIBLE)
        self.widget = _Widget(
            _Graph(nodes=_nodes(view, self.place), edges=_edges(view, self.place)),
            layout={
                "width": "100%",
                "height": f"{self.usual_height}px",
                "min_width": f"{least}px",
            },
            cytoscape_layout={"name": "preset", "fit": True, "padding": PADDING},
            cytoscape_style=self._style,
            max_zoom=LARGEST,
            min_zoom=0.05,
            # Where nobody needs to zoom, the mouse wheel is left to scroll the page, and nothing can
            # be dragged out of sight: there is no button then that brings it back.
            user_zooming_enabled=self.zooms,
            user_panning_enabled=self.zooms,
            wheel_sensitivity=0.2,
            desktop_tap_threshold=STILL,
            # Tooltips would be raw HTML; no element has data of this name.
            tooltip_source="no tooltip",
        )
        self.widget.add_class("dagbook-graph")
        self.widget.on("node", "click", lambda node: on_click(_id(node), _adds(node)))
        self.widget.on("node", "dbltap", lambda node: on_double_click(_id(node)))
        # Views are counted only where a number is there to begin with.
        self.widget._view_count = 0
        self.widget.observe(self._shown, "_view_count")

    @property
    def usual_height(self) -> int:
        """The height in pixels in which the picture is read well."""
        if self.place.down:
            return round(min(TALLEST, self.place.height * self._across + 2 * PADDING))
        return round(min(HIGHEST, max(LOWEST, self.place.height * self._across + 48)))

    @property
    def _across(self) -> float:
        """The scale at which the picture is as wide as its frame."""
        room = self.width - 2 * PADDING if self.place.down else self.width
        return min(LARGEST, room / max(self.place.width, 1.0))

    def reach(self, node: str) -> tuple[int, int]:
        """From where to where a node reaches in a picture that goes down, in pixels from its top."""
        box, scale = self.place.nodes[node], self._across
        top = (box.y - box.height / 2) * scale + PADDING
        return round(top), round(box.height * scale)

    @property
    def zooms(self) -> bool:
        """Whether the graph is too large to be read as a whole."""
        highest = TALLEST if self.place.down else HIGHEST
        return min(self._across, highest / max(self.place.height, 1.0)) < LEGIBLE

    def fit(self) -> None:
        """Show the whole graph in its frame."""
        # Only a height that differs makes the page measure and fit again.
        self.resize(int(self.widget.layout.height.removesuffix("px")) + 1)

    def resize(self, height: int) -> None:
        """Give the picture this height, and fit it into its frame, whose width may have changed."""
        self.widget.layout.height = f"{height}px"
        self.widget.relayout()

    def holds(self, view: DagView) -> bool:
        """Whether its cards have room for all that is written on them now, as far as a column has it."""
        most = WIDEST_CARD if self.place.down else math.inf
        return all(min(node_width(node), most) <= self._widths[node.id] for node in view.nodes)

    def restyle(
        self,
        view: DagView,
        chosen: Collection[str] = (),
        found: Collection[str] | None = None,
    ) -> bool:
        """Show these states and marks, by one message; whether anything differed."""
        now: Mapping[str, NodeView] = {node.id: node for node in view.nodes}
        style = live_style(self.drawn, self._widths, now, chosen, found)
        if style == self._style:
            return False
        self._style = style
        self.widget.set_style(style)
        return True

    def _shown(self, change: dict[str, Any]) -> None:
        """Fit the picture once its frame has its size, which is some time after it was shown."""
        if (change["new"] or 0) > (change["old"] or 0):
            for delay in SETTLED:
                timer = threading.Timer(delay, self.fit)
                timer.daemon = True
                timer.start()

    def close(self) -> None:
        """Take it out of the page with all its elements.

        Its layout stays: a page that is still building this picture asks for it, and would show no
        later one if it were gone.
        """
        graph = self.widget.graph
        for element in [*graph.nodes, *graph.edges]:
            element.close()
        graph.close()
        self.widget.close()


def _id(node: Any) -> str:
    return str(node["data"]["id"])


def _adds(node: Any) -> bool:
    return ADDING in str(node.get("classes", "")).split()


def _nodes(view: DagView, place: Arrangement) -> list[Node]:
    boxes = [
        _node(
            each.id,
            fit(each.label, 11, place.boxes[each.id].width - 16),
            "box" if each.is_group else "box made",
            place.boxes[each.id],
        )
        for each in view.boxes
    ]
    cards = []
    for number, node in enumerate(view.nodes):
        classes = "op" if node.is_op else "card stack" if node.is_stack else "card"
        data = {"n": number, "state": node.state, "verdict": node.verdict}
        box = place.nodes[node.id]
        cards.append(_node(node.id, node_label(node, box.width), classes, box, **data))
    return boxes + cards


def _node(id: str, label: str, classes: str, box: Box, **data: Any) -> Node:
    bar = round(100 * BAR / box.width, 2)
    if classes == "op":
        data["outline"] = _pill(box)
    indent = ROUND if classes == "op" else INDENT
    return Node(
        data={
            "id": id,
            "label": label,
            "w": box.width,
            "h": box.height,
            "indent": indent - box.width,
            "bar": [0, bar, bar, 100],
            **data,
        },
        position={"x": box.x, "y": box.y},
        classes=classes,
        grabbable=False,
        selectable=False,
    )


def _pill(box: Box) -> list[float]:
    """The outline of a card with round ends, in halves of its size, as cytoscape wants a polygon."""
    radius, half = box.height / 2, box.width / 2
    points = []
    for side, start in ((1, -90), (-1, 90)):
        for turn in range(0, 181, 15):
            angle = math.radians(start + turn)
            x = side * (half - radius) + radius * math.cos(angle)
            points += [round(x / half, 4), round(math.sin(angle), 4)]
    return points


def _edges(view: DagView, place: Arrangement) -> list[Edge]:
    return [_edge(edge.source, edge.target, place) for edge in view.edges]


def _edge(source: str, target: str, place: Arrangement) -> Edge:
    """An edge along its bends, which cytoscape wants as distances from the line between the middles."""
    a, b = place.nodes[source], place.nodes[target]
    bends = place.bends.get((source, target), ())
    points = _beside(a, b, bends) if place.down else _controls(a, b, bends)
    data: dict[str, Any] = {"source": source, "target": target}
    side = " down" if place.down and not bends else ""
    side = " beside" if place.down and bends else side
    if not points or math.hypot(b.x - a.x, b.y - a.y) < 1:
        return Edge(data=data, classes=f"level{side}")
    data["distances"], data["weights"] = _relative(a, b, points)
    return Edge(data=data, classes=f"curved{side}")


def _beside(a: Box, b: Box, bends: Bends) -> list[tuple[float, float]]:
    """The points that pull a line out at the left of a card, along, and in again; none without bends."""
    if not bends:
        return []
    (x, begin), (_, end) = bends
    turn = math.copysign(2 * BETWEEN_RAILS, end - begin)
    return [(x, begin), (x, begin + turn), (x, end - turn), (x, end)]


def _controls(a: Box, b: Box, bends: Bends) -> list[tuple[float, float]]:
    """The points that pull the line: it leaves and arrives level; none where it is straight."""
    start, end = a.x + a.width / 2, b.x - b.width / 2
    if not bends and abs(a.y - b.y) < 1 and end > start:
        return []
    if leads_back(bends):
        (right, level), (left, _) = bends
        turn = [(right, a.y), (right, level), (start, level)]
        return [*turn, (end, level), (left, level), (left, b.y)]
    way = [(start, a.y), *bends, (end, b.y)]
    points = []
    for place in range(0, len(way) - 1, 2):
        (x0, y0), (x1, y1) = way[place], way[place + 1]
        # The ends of a lane pull too, so that the line is level from one to the other.
        points += [(x0, y0)] if place else []
        reach = max(16.0, (x1 - x0) * 0.45) if x1 > x0 else 60.0
        points += [(x0 + reach, y0), (x1 - reach, y1)]
        points += [(x1, y1)] if place + 2 < len(way) else []
    return points


def _relative(a: Box, b: Box, points: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """The points as signed distances from the line between two middles, and as shares of its length."""
    dx, dy = b.x - a.x, b.y - a.y
    length = math.hypot(dx, dy)
    distances, weights = [], []
    for x, y in points:
        px, py = x - a.x, y - a.y
        weights.append(round((px * dx + py * dy) / length**2, 4))
        distances.append(round((py * dx - px * dy) / length, 2))
    return distances, weights
