"""What is told of what was clicked: a line above the picture, and of what is no asset the panel."""

from __future__ import annotations

from dagbook.definitions.keys import AssetKey
from dagbook.engine.activity import Activity
from dagbook.errors.selection import SelectionError
from dagbook.views.assets import asset_table
from dagbook.views.html import MONO, html_of, line_of, state_of
from dagbook.views.lettering import clean_block, cut
from dagbook.views.op_panel import op_html
from dagbook.views.ops import Computation, ops_table
from dagbook.views.parts import OP, computation_of, group_of
from dagbook.views.plan import plan_preview
from dagbook.views.quantities import counted
from dagbook.views.states import state_word
from dagbook.widget.picture import Picture

HINT = "Click an asset to see how it stands; double-click a stack or a box to open or close it."


def panel_of(picture: Picture, node: str) -> str:
    """The panel as HTML; empty where the node is no longer there."""
    group, within, made = group_of(node), computation_of(node), picture.made_by(node)
    if group is not None:
        return _heading(group) + _assets(picture, node)
    if within is None or made is None or made.composed is None:
        return "" if made is None else _heading(made.title) + _assets(picture, node)
    if not node.startswith(OP):
        return _heading(made.title) + _ops(picture, made) + _assets(picture, node)
    if all(one.path != within[1] for one in made.composed.nodes):
        return ""
    records = picture.workspace.history_of.ops(made.key)
    return op_html(made, within[1], records, _words(picture, made))


def hint_of(picture: Picture, *, several: bool) -> str:
    """What was found, and what the buttons would run of what was clicked, as HTML of one line."""
    if len(picture.chosen) > 1 or (several and picture.found is None):
        return _chosen(picture)
    parts = []
    if picture.found is not None:
        found = f"{len(picture.found)} of {counted(len(picture.keys), 'asset')} found"
        parts.append(f"<b>Selection</b> by the search: {found}")
    elif picture.workspace.selected:
        parts.append(f"<b>Selection</b> by %select: {_preview(picture, 'is:selected')}")
    if picture.focus:
        parts.append(f"<b>This</b>: {_preview(picture, picture.focus)}")
    return " · ".join(parts) or HINT


def progress_of(activity: Activity) -> str:
    """How far the runs in the background are, and what runs now, as HTML of one line."""
    planned = sum(len(run.keys) for run in activity.going)
    settled = sum(activity.settled(run.run_id) for run in activity.going)
    names = ", ".join(map(str, sorted(activity.running)[:3]))
    return state_of(
        "running", f"{settled} of {counted(planned, 'asset')} done{': ' if names else ''}{names}"
    )


def quiet(html: str) -> str:
    """What need not be noticed, as HTML of one line."""
    return f'<span style="opacity:0.7">{html}</span>'


def block(text: str) -> str:
    """An error of several lines, whose caret must stay below its place, as HTML."""
    lines = cut(clean_block(text), 4_000).splitlines()
    # What is indented is the text with its caret, which breaks nowhere; the rest are sentences.
    flows = ["pre" if line.startswith(" ") else "pre-wrap" for line in lines]
    shown = [
        f'<div style="white-space:{flow};overflow-x:auto">{line_of(line)}</div>'
        for flow, line in zip(flows, lines, strict=True)
    ]
    beside = "display:inline-block;max-width:calc(100% - 2em);vertical-align:top"
    return f'<div style="{MONO};{beside}">{"".join(shown)}</div>'


def _chosen(picture: Picture) -> str:
    """Which assets each further click adds to, and what a run of them would be."""
    names = line_of(", ".join(map(str, picture.chosen)) or "nothing yet", 160)
    if len(picture.chosen) < 2:
        return f"<b>Selected</b>: {names}. Each click adds an asset, or takes it out again."
    return f"<b>Selection</b> of {names}: {_preview(picture, picture.marked_expression())}"


def _preview(picture: Picture, expression: str) -> str:
    try:
        return line_of(plan_preview(picture.plan(expression)), 300)
    except SelectionError as error:
        return line_of(error.title, 300)


def _heading(text: str) -> str:
    return f'<div style="font-size:15px;font-weight:600">{line_of(text, 160)}</div>'


def _ops(picture: Picture, made: Computation) -> str:
    records = picture.workspace.history_of.ops(made.key)
    view = ops_table(made, records, _words(picture, made))
    return "" if view is None else html_of(view)


def _assets(picture: Picture, node: str) -> str:
    found = asset_table(
        picture.graph,
        picture.statuses,
        picture.checks,
        keys=picture.members(node),
        running=picture.workspace.activity.running,
    )
    return html_of(found)


def _words(picture: Picture, made: Computation) -> dict[AssetKey, str]:
    running = picture.workspace.activity.running
    return {
        key: state_word(picture.statuses.get(key), running=key in running)
        for key in made.definition.keys
    }
