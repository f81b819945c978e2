"""What is told of what was clicked: a line above the picture, and of what is no asset the panel."""

from __future__ import annotations

from dagbook.definitions.keys import AssetKey
from dagbook.engine.activity import Activity
from dagbook.errors.selection import SelectionError
from dagbook.views.assets import asset_table
from dagbook.views.html import html_of, line_of
from dagbook.views.op_panel import op_html
from dagbook.views.ops import Computation, ops_table
from dagbook.views.parts import OP, computation_of, group_of
from dagbook.views.plan import plan_preview
from dagbook.views.quantities import counted
from dagbook.views.states import state_word
from dagbook.widget.picture import Picture

HINT = "Click an asset to see how it stands; double-click a stack or a box to open or close it."


def panel_of(picture: Picture, activity: Activity, node: str) -> str:
    """The panel as HTML; empty where the node is no longer there."""
    group, within, made = group_of(node), computation_of(node), picture.made_by(node)
    if group is not None:
        return _heading(group) + _assets(picture, activity, node)
    if within is None or made is None or made.composed is None:
        return "" if made is None else _heading(made.title) + _assets(picture, activity, node)
    if not node.startswith(OP):
        return (
            _heading(made.title) + _ops(picture, activity, made) + _assets(picture, activity, node)
        )
    if all(one.path != within[1] for one in made.composed.nodes):
        return ""
    records = picture.workspace.history_of.ops(made.key)
    return op_html(made, within[1], records, _words(picture, activity, made))


def hint_of(picture: Picture, *, several: bool) -> str:
    """What was found, and what the buttons would run of what was clicked, as HTML of one line."""
    parts = []
    if picture.found is not None:
        parts.append(f"{len(picture.found)} of {counted(len(picture.keys), 'asset')} found")
    if several or len(picture.chosen) > 1:
        parts.append(_chosen(picture))
    elif picture.focus and not parts:
        parts.append(f"<b>This</b>: {_preview(picture, picture.focus)}")
    return " · ".join(parts) or HINT


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


def _ops(picture: Picture, activity: Activity, made: Computation) -> str:
    records = picture.workspace.history_of.ops(made.key)
    view = ops_table(made, records, _words(picture, activity, made))
    return "" if view is None else html_of(view)


def _assets(picture: Picture, activity: Activity, node: str) -> str:
    found = asset_table(
        picture.graph,
        picture.statuses,
        picture.checks,
        keys=picture.members(node),
        running=activity.running,
    )
    return html_of(found)


def _words(picture: Picture, activity: Activity, made: Computation) -> dict[AssetKey, str]:
    return {
        key: state_word(picture.statuses.get(key), running=key in activity.running)
        for key in made.definition.keys
    }
