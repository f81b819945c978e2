"""`%select` and `%dag`: parts of the graph, and its picture."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from IPython.display import display

from dagbook.cells.records import DagOptions, SelectOptions
from dagbook.definitions.keys import AssetKey
from dagbook.engine.selecting import selection_world
from dagbook.notebook.face import Face
from dagbook.selection.explain import explain
from dagbook.selection.parser import parse
from dagbook.views.dag import Scene, dag_view, folded_by_size, groups_of
from dagbook.views.html import code_of, line_of
from dagbook.views.quantities import counted
from dagbook.views.svg import svg_of


class Selected(list[AssetKey]):
    """The keys of a selection, in topological order, shown in one line or with how it was read."""

    def __init__(self, keys: Iterable[AssetKey] = (), explanation: str = "") -> None:
        super().__init__(keys)
        self.explanation = explanation

    def __repr__(self) -> str:
        names = ", ".join(map(str, self))
        line = f"{counted(len(self), 'asset')} selected" + (f": {names}" if names else ".")
        return f"{line}\n\n{self.explanation}" if self.explanation else line

    def _repr_html_(self) -> str:
        line, _, rest = repr(self).partition("\n\n")
        return f"<div>{line_of(line, 4_000)}</div>" + (code_of(rest) if rest else "")

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(repr(self))


def select(face: Face, options: SelectOptions) -> Selected:
    """Set, show, clear or explain the notebook's selection; gives its keys."""
    workspace = face.workspace
    if options.clear:
        workspace.set_selected(())
        return Selected()
    if options.selection is None:
        return Selected(workspace.graph.sorted(workspace.selected))
    found = workspace.select(options.selection)
    workspace.set_selected(found)
    if not options.explain:
        return Selected(found)
    world = selection_world(workspace.graph, workspace.standing, workspace.selected)
    return Selected(found, str(explain(parse(options.selection), workspace.graph, world)))


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
        run = face.shell.execution_count
        display(face.draw(workspace, options.selection, cell=face.cell_id, run=run))
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
