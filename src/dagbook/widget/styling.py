"""The style sheet by which cytoscape draws the picture; states differ by colour, sign and word."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from dagbook.views.layout import LABEL_SIZE
from dagbook.views.lettering import fit, width_of
from dagbook.views.parts import VERDICTS, NodeView
from dagbook.views.states import LOOKS, OP_LOOKS, Look
from dagbook.views.svg import QUIET, ROUND

Rule = dict[str, Any]
FONT = "system-ui, -apple-system, Segoe UI, Helvetica, Arial, DejaVu Sans, sans-serif"
FONT_SIZE = 12.0
# Between the parts of what is said of a node.
PARTED = " · "
CHOSEN = "#2f7fe0"
# How strong the lines around cards are: of most, where a check has something against it, of stacks.
LINE, JUDGED, STACK = 1.5, 2.5, 5


def base_style() -> list[Rule]:
    """The rules that never change: cards, boxes, lines, and one look for each state and verdict."""
    return [
        _rule("node.card", **_CARD),
        _rule("node.op", **{**_CARD, **_PILL}),
        _rule("node.box", **_BOX),
        _rule("node.made", **{"border-style": "solid"}),
        _rule("edge", **_EDGE),
        _rule("edge.curved", **_CURVED),
        _rule("edge.down", **{"source-endpoint": "0 50%", "target-endpoint": "0 -50%"}),
        _rule("edge.beside", **{"source-endpoint": "-50% 0", "target-endpoint": "-50% 0"}),
        _rule("node:active", **{"overlay-opacity": 0}),
        *[_rule(f'node.card[state = "{word}"]', **_card(look)) for word, look in LOOKS.items()],
        *[_rule(f'node.op[state = "{word}"]', **_plain(look)) for word, look in OP_LOOKS.items()],
        *[
            _rule(f'node.card[verdict = "{word}"]', **_around(LOOKS[like].line, JUDGED))
            for word, like in VERDICTS.items()
        ],
        _rule("node.stack", **{"border-style": "double", "border-width": STACK}),
    ]


def colours(node: NodeView) -> Rule:
    """The colours of a node as it stands, and how strong the line around it is."""
    if node.is_op:
        return _plain(node.look)
    width = STACK if node.is_stack else JUDGED if node.verdict else LINE
    return {**_card(node.look), **_around(node.line, width)}


def _card(look: Look) -> Rule:
    """The colours of a state: a bar at the left, then the paper."""
    stops = f"{look.line} {look.line} {look.paper} {look.paper}"
    return {
        "background-gradient-stop-colors": stops,
        "border-color": look.line,
        "color": look.ink,
    }


def _around(line: str, width: float) -> Rule:
    return {"border-color": line, "border-width": width}


def _plain(look: Look) -> Rule:
    """The colours of an op, which has no bar."""
    return {"background-color": look.paper, "border-color": look.line, "color": look.ink}


def node_label(node: NodeView, width: float) -> str:
    """Both lines of a node's text, as far as they fit into its width."""
    room = width - (2 * ROUND if node.is_op else 22)
    return f"{fit(node.label, LABEL_SIZE, room)}\n{_note(node, room)}"


def _note(node: NodeView, room: float) -> str:
    """How the node stands: its state and its checks are read in any case, what else there is fits."""
    parts = node.note.split(PARTED)
    spare = [part for part in parts[1:] if part != node.checks]
    while spare and width_of(PARTED.join(parts), FONT_SIZE) > room:
        parts.remove(spare.pop())
    if node.checks and width_of(PARTED.join(parts), FONT_SIZE) > room:
        # The sign of the state and its colour say as much as its word.
        parts[0] = parts[0].rpartition(" ")[0]
    return fit(PARTED.join(parts), FONT_SIZE, room)


def live_style(
    drawn: Sequence[NodeView],
    widths: Mapping[str, float],
    now: Mapping[str, NodeView],
    chosen: Collection[str],
    found: Collection[str] | None,
) -> list[Rule]:
    """The rules for what differs from how it was drawn at first, with as few rules as there are looks.

    `widths` are those of the drawn nodes by id; `chosen` nodes get a ring; where something was searched, all but the `found` ones fade.
    """
    rules = base_style()
    changed: dict[tuple[object, ...], tuple[Rule, list[int]]] = {}
    for number, node in enumerate(drawn):
        current = now.get(node.id, node)
        look = (current.is_op, current.is_stack, current.state, current.verdict)
        if look[2:] != (node.state, node.verdict):
            changed.setdefault(look, (colours(current), []))[1].append(number)
        label = node_label(current, widths[node.id])
        if label != node_label(node, widths[node.id]):
            rules.append(_rule(_selector([number]), label=label))
    rules += [_rule(_selector(numbers), **shown) for shown, numbers in changed.values()]
    marked = [i for i, node in enumerate(drawn) if now.get(node.id, node).marked]
    ringed = [i for i, node in enumerate(drawn) if node.id in chosen]
    if marked:
        rules.append(_rule(_selector(marked), **{"border-width": 4}))
    if found is not None:
        faded = [i for i, node in enumerate(drawn) if node.id not in found]
        if faded:
            rules.append(_rule(_selector(faded), opacity=0.3))
        rules.append(_rule("edge", opacity=0.4))
    if ringed:
        rules.append(_rule(_selector(ringed), **_RING))
    return rules


def _selector(numbers: Sequence[int]) -> str:
    return ", ".join(f"node[n = {number}]" for number in numbers)


def _rule(selector: str, **css: Any) -> Rule:
    return {"selector": selector, "style": css}


_CARD: Rule = {
    "shape": "round-rectangle",
    "width": "data(w)",
    "height": "data(h)",
    "label": "data(label)",
    "text-wrap": "wrap",
    "text-max-width": "1000px",
    "text-justification": "left",
    # A label that begins beyond the right edge, drawn back to the left one: flush left.
    "text-halign": "right",
    "text-margin-x": "data(indent)",
    "text-valign": "center",
    "line-height": 1.35,
    "font-family": FONT,
    "font-size": FONT_SIZE,
    "font-weight": "600",
    "min-zoomed-font-size": 4,
    "background-fill": "linear-gradient",
    "background-gradient-direction": "to-right",
    "background-gradient-stop-positions": "data(bar)",
    "border-width": LINE,
    "z-index": 10,
}
_PILL: Rule = {
    "shape": "polygon",
    "shape-polygon-points": "data(outline)",
    "background-fill": "solid",
}
_BOX: Rule = {
    "shape": "round-rectangle",
    "width": "data(w)",
    "height": "data(h)",
    "background-color": QUIET,
    "background-opacity": 0.08,
    "border-width": 1,
    "border-style": "dashed",
    "border-color": QUIET,
    "border-opacity": 0.6,
    "label": "data(label)",
    "font-family": FONT,
    "font-size": 11,
    "font-weight": "600",
    "color": QUIET,
    "text-valign": "top",
    "text-halign": "right",
    "text-margin-x": "data(indent)",
    "text-margin-y": 20,
    "z-index": 0,
}
_EDGE: Rule = {
    "width": 1.5,
    "line-color": QUIET,
    "curve-style": "straight",
    "source-endpoint": "50% 0",
    "target-endpoint": "-50% 0",
    "target-arrow-shape": "triangle",
    "target-arrow-color": QUIET,
    "arrow-scale": 0.85,
    "z-index": 5,
}
_CURVED: Rule = {
    "curve-style": "unbundled-bezier",
    "control-point-distances": "data(distances)",
    "control-point-weights": "data(weights)",
    "edge-distances": "node-position",
}
_RING: Rule = {
    "border-width": 3,
    "border-color": CHOSEN,
    "underlay-color": CHOSEN,
    "underlay-opacity": 0.28,
    "underlay-padding": 6,
}
