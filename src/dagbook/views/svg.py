"""Draws the graph as an SVG that stays true in a saved notebook: the state when the cell ran."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise

from dagbook.views.dag import dag_line
from dagbook.views.layout import LABEL_SIZE, NOTE_SIZE, Arrangement, Box, arrange, leads_back
from dagbook.views.lettering import fit, width_of
from dagbook.views.parts import BoxView, DagView, EdgeView, LegendEntry, NodeView
from dagbook.views.states import LOOKS, Look

FONT = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif"
# Grey that can be read on white and on black alike.
QUIET = "#7d8794"
MARGIN = 14.0
FOOT = 34.0
LEGEND_SIZE = 11.5
# From the round end of an op's card to its text.
ROUND = 19.0
WHEN = "state when this cell ran"


def svg_of(view: DagView, arrangement: Arrangement | None = None) -> str:
    """The picture as one SVG element; equal views give equal bytes.

    >>> svg_of(DagView()).startswith("<svg ")
    True
    """
    place = arrangement or arrange(view)
    legend, legend_width = _legend(view, MARGIN)
    width = max(place.width + 2 * MARGIN, legend_width + MARGIN, 240.0)
    height = place.height + 2 * MARGIN + FOOT
    left = (width - place.width) / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" style="max-width:100%;height:auto" '
        f'font-family="{escape(FONT, quote=True)}" role="img" '
        f'aria-label="{escape(dag_line(view), quote=True)}, {WHEN}">',
        f'<g transform="translate({left:g} {MARGIN:g})">',
    ]
    parts += [_box(place.boxes[box.id], box) for box in view.boxes]
    parts += [_edge(edge, place) for edge in view.edges]
    parts += [_node(node, place.nodes[node.id]) for node in view.nodes]
    parts += ["</g>", f'<g transform="translate(0 {height - FOOT / 2:g})">', *legend, "</g>"]
    parts.append("</svg>")
    return "\n".join(parts)


def _box(box: Box, view: BoxView) -> str:
    """A group has a dashed line around it, what one computation makes a solid one."""
    x, y = box.x - box.width / 2, box.y - box.height / 2
    title = fit(view.label, NOTE_SIZE, box.width - 20)
    line = ' stroke-dasharray="4 3"' if view.is_group else ""
    return (
        f'<g><rect x="{x:g}" y="{y:g}" width="{box.width:g}" height="{box.height:g}" rx="10" '
        f'fill="{QUIET}" fill-opacity="0.07" stroke="{QUIET}" stroke-opacity="0.55"{line}/>'
        f'<text x="{x + 12:g}" y="{y + 19:g}" font-size="{NOTE_SIZE:g}" font-weight="600" '
        f'fill="{QUIET}">{escape(title)}</text></g>'
    )


def _edge(edge: EdgeView, place: Arrangement) -> str:
    """A smooth line through the bends, with an arrow's head at the end."""
    source, target = place.nodes[edge.source], place.nodes[edge.target]
    bends = place.bends.get((edge.source, edge.target), ())
    end = target.x - target.width / 2
    points = [(source.x + source.width / 2, source.y), *bends, (end - 6, target.y)]
    curves = _back(points) if leads_back(bends) else _curves(points)
    path = f"M{points[0][0]:g} {points[0][1]:g}{curves}"
    head = f"M{end - 7:g} {target.y - 4:g}L{end:g} {target.y:g}L{end - 7:g} {target.y + 4:g}Z"
    return (
        f'<path d="{path}" fill="none" stroke="{QUIET}" stroke-width="1.4"/>'
        f'<path d="{head}" fill="{QUIET}"/>'
    )


def _curves(points: Sequence[tuple[float, float]]) -> str:
    """The path through the points, level at each."""
    path = ""
    for (x0, y0), (x1, y1) in pairwise(points):
        if y0 == y1:
            path += f" L{_number(x1)} {_number(y1)}"
            continue
        reach = max(16.0, (x1 - x0) * 0.5) if x1 > x0 else 60.0
        path += f" C{_number(x0 + reach)} {_number(y0)} {_number(x1 - reach)} {_number(y1)}"
        path += f" {_number(x1)} {_number(y1)}"
    return path


def _back(points: Sequence[tuple[float, float]]) -> str:
    """The path out to the right, around, below everything to the left, and around again."""
    (x0, y0), (right, level), (left, _), (x1, y1) = points
    # A curve reaches three quarters of the way to the points that pull it.
    out, back = x0 + (right - x0) / 0.75, x1 - (x1 - left) / 0.75
    turns = [(out, y0, out, level, x0, level), (back, level, back, y1, x1, y1)]
    first, last = (" C" + " ".join(map(_number, turn)) for turn in turns)
    return f"{first} L{_number(x1)} {_number(level)}{last}"


def _number(value: float) -> str:
    return f"{round(value, 1):g}"


def _node(node: NodeView, box: Box) -> str:
    look = node.look
    x, y = box.x - box.width / 2, box.y - box.height / 2
    text, room = (x + ROUND, box.width - 38) if node.is_op else (x + 13, box.width - 22)
    parts = [f"<g><title>{escape(node.tooltip)}</title>"]
    if node.is_stack:
        parts.append(_card(x + 4, y - 4, box, node, 1.0))
    if node.is_op:
        parts.append(_pill(x, y, box, look))
    else:
        weight = 2.6 if node.marked else 2.0 if node.verdict else 1.4
        parts.append(_card(x, y, box, node, weight))
    parts.append(
        f'<text x="{text:g}" y="{y + 20:g}" font-size="{LABEL_SIZE:g}" font-weight="600" '
        f'fill="{look.ink}">{escape(fit(node.label, LABEL_SIZE, room))}</text>'
    )
    note = fit(node.note, NOTE_SIZE, room)
    parts.append(
        f'<text x="{text:g}" y="{y + 36:g}" font-size="{NOTE_SIZE:g}" '
        f'fill="{look.ink}">{escape(note)}</text>'
    )
    parts.append(_kinds(node, x + box.width - 9, y + 36, room - width_of(note, NOTE_SIZE)))
    parts.append("</g>")
    return "".join(parts)


def _card(x: float, y: float, box: Box, node: NodeView, weight: float) -> str:
    """A white card under a tint, so that the picture looks alike on light and dark pages."""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{box.width:g}" height="{box.height:g}" rx="7" '
        f'fill="{node.look.paper}" stroke="{node.line}" stroke-width="{weight:g}"/>'
        f'<rect x="{x:g}" y="{y + 7:g}" width="4" height="{box.height - 14:g}" '
        f'fill="{node.look.line}"/>'
    )


def _pill(x: float, y: float, box: Box, look: Look) -> str:
    """An op is rounder than an asset, and has no colour but its line's."""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{box.width:g}" height="{box.height:g}" '
        f'rx="{box.height / 2:g}" fill="{look.paper}" stroke="{look.line}" stroke-width="1.4"/>'
    )


def _kinds(node: NodeView, right: float, base: float, room: float) -> str:
    text = " ".join(node.kinds)
    if not text or width_of(text, 9.5) > room - 8:
        return ""
    return (
        f'<text x="{right:g}" y="{base:g}" font-size="9.5" text-anchor="end" '
        f'fill="{node.look.ink}" fill-opacity="0.65">{escape(text)}</text>'
    )


def _legend(view: DagView, x: float) -> tuple[list[str], float]:
    """The states that are present, then the words that say of when they are; and where it ends."""
    parts: list[str] = []
    for text, colour in _legend_words(view.legend):
        parts.append(
            f'<text x="{x:g}" y="4" font-size="{LEGEND_SIZE:g}" fill="{colour}">'
            f"{escape(text)}</text>"
        )
        x += width_of(text, LEGEND_SIZE) + 14
    words = WHEN if not view.hidden else f"{WHEN} · {view.hidden} more not shown"
    parts.append(
        f'<text x="{x:g}" y="4" font-size="{LEGEND_SIZE:g}" font-style="italic" '
        f'fill="{QUIET}">{words}</text>'
    )
    return parts, x + width_of(words, LEGEND_SIZE)


def _legend_words(legend: Iterable[LegendEntry]) -> Iterable[tuple[str, str]]:
    for entry in legend:
        look = LOOKS[entry.state]
        yield f"{look.sign} {entry.count} {look.word}", look.line
