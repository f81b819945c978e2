"""`%select` and `%dag`: parts of the graph, and its picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from IPython.display import display

from dagbook.cells.records import DagOptions, SelectOptions
from dagbook.definitions.keys import AssetKey
from dagbook.engine.selecting import selection_world
from dagbook.notebook.face import Face
from dagbook.notebook.shown import Shown
from dagbook.selection.explain import explain
from dagbook.selection.parser import parse
from dagbook.views.dag import Scene, dag_view, folded_by_size, groups_of
from dagbook.views.html import code_of, line_of
from dagbook.views.quantities import counted
from dagbook.views.svg import svg_of


class Selected(list[AssetKey]):
    """The keys of a selection, in topological order, shown in one line."""

    def __repr__(self) -> str:
        names = ", ".join(map(str, self))
        return f"{counted(len(self), 'asset')} selected" + (f": {names}" if names else ".")

    def _repr_html_(self) -> str:
        return f"<div>{line_of(repr(self), 4_000)}</div>"


def select(face: Face, options: SelectOptions) -> Selected | Shown:
    """Set, show, clear or explain the notebook's selection; gives its keys."""
    workspace = face.workspace
    if options.clear:
        workspace.set_selected(())
        return Selected()
    if options.selection is None:
        return Selected(workspace.graph.sorted(workspace.selected))
    found = workspace.select(options.selection)
    workspace.set_selected(found)
    if options.explain:
        world = selection_world(workspace.graph, workspace.standing, workspace.selected)
        text = str(explain(parse(options.selection), workspace.graph, world))
        return Shown(code_of(text), text)
    return Selected(found)


def dag(face: Face, options: DagOptions) -> Any:
    """Show the graph: a picture that stays in the saved notebook, then the live widget."""
    workspace = face.workspace
    keys = None if options.selection is None else workspace.select(options.selection)
    statuses = workspace.standing()
    shown = workspace.graph.keys if keys is None else keys
    folded = folded_by_size(groups_of(workspace.graph, shown)) - set(options.expand)
    scene = Scene(
        statuses=statuses.assets,
        checks=statuses.checks,
        shown=keys,
        marked=workspace.selected,
        folded=folded,
    )
    picture = svg_of(dag_view(workspace.graph, scene))
    if options.export is not None:
        Path(options.export).write_text(picture, encoding="utf-8")
    live = face.draw is not None and not options.static and face.has_front_end
    still = Picture(picture, f"{counted(len(shown), 'asset')} in the graph")
    display(still)
    if live and face.draw is not None:
        display(face.draw(workspace, options.selection))
    return None


class Picture:
    """The static picture of the graph."""

    def __init__(self, svg: str, text: str) -> None:
        self._svg = svg
        self._text = text

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, str]:
        # The live widget hides what has this class while it is on screen beside it.
        return {
            "text/html": f'<div class="dagbook-still">{self._svg}</div>',
            "text/plain": self._text,
        }
