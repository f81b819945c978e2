"""The magics put into a shell, and taken out again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import no_var_expand

from dagbook.cells.declared import Help, MagicSpec, help_text
from dagbook.cells.magics import (
    ASSET,
    ASSET_CHECK,
    DAG,
    FAILING,
    FORGET,
    MATERIALIZE,
    RUNS,
    SELECT,
    SHOW_ASSET,
    STALE,
)
from dagbook.cells.options import leading_options, parse_header
from dagbook.errors.notebook import MisplacedHeader
from dagbook.notebook.face import Face
from dagbook.notebook.magics import assets, checks, definitions, graph, runs
from dagbook.notebook.shown import Shown
from dagbook.notebook.tracebacks import sentences_for_ours
from dagbook.views.html import code_of

LineMagic = Callable[[Face, Any], Any]
CellMagic = Callable[[Face, Any, str, str], Any]

LINE_MAGICS: tuple[tuple[MagicSpec[Any], LineMagic], ...] = (
    (MATERIALIZE, runs.materialize),
    (SELECT, graph.select),
    (DAG, graph.dag),
    (SHOW_ASSET, assets.asset),
    (FAILING, checks.failing),
    (STALE, assets.stale),
    (RUNS, runs.runs),
    (FORGET, assets.forget),
)
CELL_MAGICS: tuple[tuple[MagicSpec[Any], CellMagic], ...] = (
    (ASSET, definitions.asset),
    (ASSET_CHECK, definitions.asset_check),
)


def register_magics(face: Face) -> Callable[[], None]:
    """Put all magics into the shell; gives what takes them out."""
    shell = face.shell
    for spec, line_magic in LINE_MAGICS:
        shell.register_magic_function(_line(face, spec, line_magic), "line", spec.magic[1:])
    for spec, cell_magic in CELL_MAGICS:
        name = spec.magic[2:]
        shell.register_magic_function(_cell(face, spec, cell_magic), "cell", name)
        # IPython takes `%%asset` for the line magic `%asset` where something stands above it.
        shell.register_magic_function(_misplaced(spec), "line", f"%{name}")
    return lambda: _remove(shell)


def _line(face: Face, spec: MagicSpec[Any], magic: LineMagic) -> Callable[[str], Any]:
    @no_var_expand
    @wraps(magic)
    @sentences_for_ours
    def run(line: str) -> Any:
        options = parse_header(line, spec, variables=face.shell.user_ns, where=face.where)
        return _help(options) if isinstance(options, Help) else magic(face, options)

    run.__doc__ = help_text(spec)
    return run


def _cell(face: Face, spec: MagicSpec[Any], magic: CellMagic) -> Callable[[str, str], Any]:
    @no_var_expand
    @wraps(magic)
    @sentences_for_ours
    def run(line: str, cell: str) -> Any:
        options = parse_header(
            line,
            spec,
            body=leading_options(cell, 2),
            variables=face.shell.user_ns,
            where=face.where,
        )
        return _help(options) if isinstance(options, Help) else magic(face, options, line, cell)

    run.__doc__ = help_text(spec)
    return run


def _misplaced(spec: MagicSpec[Any]) -> Callable[[str], None]:
    @no_var_expand
    @sentences_for_ours
    def run(line: str) -> None:
        raise MisplacedHeader(magic=spec.magic, line=line)

    return run


def _help(found: Help) -> Shown:
    return Shown(code_of(found.text), found.text)


def _remove(shell: InteractiveShell) -> None:
    magics = shell.magics_manager.magics
    for spec, _ in LINE_MAGICS:
        magics["line"].pop(spec.magic[1:], None)
    for spec, _ in CELL_MAGICS:
        magics["cell"].pop(spec.magic[2:], None)
        magics["line"].pop(spec.magic[1:], None)
