"""The magics put into a shell, and taken out again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from IPython.core.interactiveshell import InteractiveShell

from dagbook.errors.notebook import MisplacedHeader
from dagbook.later import later
from dagbook.notebook.face import Face
from dagbook.notebook.tracebacks import sentences_for_ours

if TYPE_CHECKING:
    from dagbook.notebook import calling
else:
    calling = later("dagbook.notebook.calling")

# Each magic by the name of its declaration and by the function that does it.
LINE_MAGICS = {
    "materialize": ("MATERIALIZE", "runs.materialize"),
    "select": ("SELECT", "graph.select"),
    "dag": ("DAG", "graph.dag"),
    "asset": ("SHOW_ASSET", "assets.asset"),
    "failing": ("FAILING", "checks.failing"),
    "stale": ("STALE", "assets.stale"),
    "runs": ("RUNS", "runs.runs"),
    "forget": ("FORGET", "assets.forget"),
    "load_assets": ("LOAD_ASSETS", "modules.load_assets"),
}
CELL_MAGICS = {
    "asset": ("ASSET", "definitions.asset"),
    "asset_check": ("ASSET_CHECK", "definitions.asset_check"),
    "multi_asset": ("MULTI_ASSET", "graphs.multi_asset"),
    "op": ("OP", "graphs.op"),
    "graph_asset": ("GRAPH_ASSET", "graphs.graph_asset"),
    "graph_multi_asset": ("GRAPH_MULTI_ASSET", "graphs.graph_multi_asset"),
}


class Magic:
    """One magic in one shell.

    What reads headers and bodies and shows values is loaded with the first call or question: it
    takes longer to load than all that a notebook needs before.
    """

    # IPython would replace `$name` and `{name}` in the whole line, also in selections and in SQL.
    _ipython_magic_no_var_expand = True

    def __init__(self, face: Face, declared: str, path: str) -> None:
        self._face = face
        self._declared = declared
        self._path = path

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        """The help, which IPython shows for `name?`."""
        return str(calling.help_of(self._declared))

    def __call__(self, line: str, cell: str | None = None) -> Any:
        """Do what the line and the body below it say."""
        return sentences_for_ours(calling.call)(self._face, self._declared, self._path, line, cell)


def register_magics(face: Face) -> Callable[[], None]:
    """Put all magics into the shell; gives what takes them out."""
    shell = face.shell
    register: Callable[[Any, str, str], None] = shell.register_magic_function
    for name, (declared, path) in LINE_MAGICS.items():
        register(Magic(face, declared, path), "line", name)
    for name, (declared, path) in CELL_MAGICS.items():
        register(Magic(face, declared, path), "cell", name)
        # IPython takes `%%asset` for the line magic `%asset` where something stands above it.
        register(_misplaced(f"%%{name}"), "line", f"%{name}")
    return lambda: _remove(shell)


def _misplaced(magic: str) -> Callable[[str], None]:
    def run(line: str) -> None:
        raise MisplacedHeader(magic=magic, line=line)

    return sentences_for_ours(run)


def _remove(shell: InteractiveShell) -> None:
    magics = shell.magics_manager.magics
    # Where IPython keeps the functions, besides: they would hold the store for as long as it runs.
    kept = vars(shell.magics_manager.user_magics)
    for name in (*LINE_MAGICS, *CELL_MAGICS, *(f"%{name}" for name in CELL_MAGICS)):
        for known in (magics["line"], magics["cell"], kept):
            if isinstance(known.get(name), Magic) or name.startswith("%"):
                known.pop(name, None)
