"""What every magic works with: the shell, the session, and the picture of the graph."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from IPython.core.interactiveshell import InteractiveShell

from dagbook.definitions.assets import AssetsDefinition
from dagbook.definitions.keys import AssetKey
from dagbook.engine.workspace import Workspace
from dagbook.later import later
from dagbook.notebook.cell_text import without_command
from dagbook.notebook.decorated import Collector
from dagbook.notebook.session import AnyKey, NotebookSession, keys_of
from dagbook.notebook.shown import tell
from dagbook.records import dataclass

if TYPE_CHECKING:
    from dagbook.notebook import binding, loading
    from dagbook.notebook.loading import LoadedModules
else:
    binding = later("dagbook.notebook.binding")
    loading = later("dagbook.notebook.loading")


class DrawsGraph(Protocol):
    """Makes the live picture of a workspace's graph, to be displayed.

    `expand` names the groups and graphs of ops that are open at first. `cell` and `run` say which cell shows it and in which of its runs: a cell that runs again lets
    go of its earlier pictures.
    """

    def __call__(
        self,
        workspace: Workspace,
        selection: str | None,
        expand: tuple[str, ...] = (),
        *,
        cell: str | None,
        run: int,
    ) -> Any: ...


class Connects(Protocol):
    """Begins to tell pages how a notebook stands, and to hear them; gives what ends it."""

    def __call__(self, session: NotebookSession, /) -> Callable[[], None]: ...


class BuiltGraph(NamedTuple):
    """A graph asset that a cell defined: how to put it together again, and the ops that it uses."""

    build: Callable[[], tuple[AssetsDefinition, frozenset[str]]]
    ops: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """The notebook as the magics see it; `draw` is None where there are no widgets."""

    shell: InteractiveShell
    session: NotebookSession
    collector: Collector
    draw: DrawsGraph | None = None
    loaded: list[LoadedModules] = field(default_factory=list, repr=False)
    built: dict[tuple[AssetKey, ...], BuiltGraph] = field(default_factory=dict, repr=False)

    @property
    def workspace(self) -> Workspace:
        """The workspace of the notebook."""
        return self.session.workspace

    @property
    def modules(self) -> LoadedModules:
        """The modules whose definitions the notebook has loaded."""
        if not self.loaded:
            self.loaded.append(loading.LoadedModules(self.session))
        return self.loaded[0]

    def take_in(self, *, more_to_come: bool = False) -> None:
        """Let what decorators have defined in this cell so far join the graph; says what changes.

        Raises what a cell that defines the same would raise.
        """
        if resources := self.collector.resources():
            self.workspace.provide(resources)
        definitions = self.collector.new(
            self.where, self.cell_id, self._names_bound, self.session.is_defined
        )
        if definitions or self.session.defines_more:
            again = self.taken_again() if definitions else set()
            tell(self.session.define(definitions, self.cell_id, again, more_to_come=more_to_come))

    def taken_again(self) -> set[AnyKey]:
        """What the cell defined before, and binds to a name or loads with a module once more."""
        before, cell_id = self.session.defined_in(self.cell_id), self.cell_id
        if cell_id is None or not before:
            return set()
        bound, found = self._names_bound(), set[AnyKey]()
        for name, value in list(self.session.namespace.items()):
            if name in bound:
                found.update(*map(keys_of, self.collector.definitions_in(value)))
        for modules in self.loaded:
            found.update(modules.still_loaded(cell_id, binding.without_comments(self._code)))
        return found.intersection(before)

    def _names_bound(self) -> Container[str]:
        """The names that the cell binds; all that there are where that is not known."""
        bound = binding.names_bound(self._code)
        return self.session.namespace if bound is None else bound

    @property
    def _code(self) -> str:
        """The cell that runs, as Python."""
        return self.session.transform(without_command(self.session.source))

    @property
    def cell_id(self) -> str | None:
        """The notebook's own name of the cell that runs; None where the front end sends none."""
        get_parent: Callable[[], dict[str, Any]] | None = getattr(self.shell, "get_parent", None)
        parent = get_parent() if get_parent is not None else {}
        found = parent.get("metadata", {}).get("cellId")
        return str(found) if found else None

    @property
    def has_front_end(self) -> bool:
        """Whether a kernel runs the shell, so that outputs can change and widgets be drawn."""
        return hasattr(self.shell, "kernel")

    @property
    def number(self) -> int:
        """The number in the prompt of the cell that runs."""
        # Some versions of IPython count a cell when it begins, others when it ends.
        return int(self.shell.displayhook.prompt_count)

    @property
    def where(self) -> str:
        """The cell that runs, in words."""
        return f"cell [{self.number}]"

    def cell_of(self, file: str) -> str | None:
        """What a reader calls the cell whose code has this file name; None for a real file."""
        named = self.shell.compile.format_code_name(file)
        return None if named is None else f"cell {named[1].removeprefix('In')}"
