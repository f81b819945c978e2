"""`%select` and `%dag`: parts of the graph, and its picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from IPython.display import display

from dagbook.cells.records import DagOptions, SelectOptions
from dagbook.definitions.keys import AssetKey
from dagbook.engine.selecting import selection_world
from dagbook.errors.notebook import IncompleteMagic
from dagbook.notebook.face import Face
from dagbook.selection.explain import explain
from dagbook.selection.parser import parse
from dagbook.views.dag import Scene, dag_view, folded_at_first
from dagbook.views.expanding import to_expand
from dagbook.views.html import ROOT, code_of, line_of
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
        return f'<div style="{ROOT}">{line_of(line, 4_000)}</div>' + (code_of(rest) if rest else "")

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


def dag(face: Face, options: DagOptions) -> Drawn:
    """Draw the graph: a picture that stays in the saved notebook, then the live widget."""
    workspace = face.workspace
    keys = None if options.selection is None else workspace.select(options.selection)
    statuses = workspace.standing()
    shown = workspace.graph.order if keys is None else keys
    opened = to_expand(workspace.graph, options.expand)
    folded = folded_at_first(workspace.graph, shown) - opened.groups
    scene = Scene(
        statuses=statuses.assets,
        checks=statuses.checks,
        shown=keys,
        running=workspace.activity.running,
        marked=workspace.selected,
        folded=folded,
        opened=opened.computations,
        ops={key: workspace.history_of.ops(key) for key in opened.computations},
    )
    picture = svg_of(dag_view(workspace.graph, scene))
    if options.export is not None:
        _export(picture, options.export)
    drawn = Drawn(face, workspace.graph.sorted(shown), picture, options)
    if face.has_front_end:
        drawn.draw()
    return drawn


def _export(picture: str, path: str) -> None:
    try:
        Path(path).write_text(picture, encoding="utf-8")
    except (OSError, ValueError) as error:
        problem = error.strerror if isinstance(error, OSError) else str(error)
        raise IncompleteMagic(
            magic=f"%dag --export {path}",
            problem=f"can't write that file: {problem}",
            remedy="Give the name of a file in a folder that is there and that you may write to.",
        ) from error


class Drawn:
    """What `%dag` drew: the `keys` on it, in topological order, and its `svg`.

    A front end draws the graph where the magic stands, also in the middle of a cell; so as the value
    of that cell it shows nothing more, and in a later cell it is drawn again.
    """

    def __init__(self, face: Face, keys: Sequence[AssetKey], svg: str, options: DagOptions) -> None:
        self.keys = tuple(keys)
        self.svg = svg
        self._face = face
        self._options = options
        self._run = face.shell.execution_count

    def __repr__(self) -> str:
        return f"{counted(len(self.keys), 'asset')} in the graph"

    def draw(self) -> None:
        """Display the picture and, where there is a front end for it, the live widget."""
        face, options = self._face, self._options
        display(Picture(self.svg, repr(self)))
        if face.draw is not None and face.has_front_end and not options.static:
            run = face.shell.execution_count
            expand, cell = options.expand, face.cell_id
            display(face.draw(face.workspace, options.selection, expand, cell=cell, run=run))

    def _ipython_display_(self) -> None:
        if not self._face.has_front_end:
            raise NotImplementedError  # A terminal shows it as it shows any value.
        if self._face.shell.execution_count != self._run:
            self.draw()

    def _repr_mimebundle_(self, **options: Any) -> dict[str, str]:
        return Picture(self.svg, repr(self))._repr_mimebundle_(**options)


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
