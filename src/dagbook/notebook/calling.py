"""From a magic's line to the typed options that its function is called with."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from dagbook.cells import magics
from dagbook.cells.declared import Help, MagicSpec, help_text
from dagbook.cells.options import leading_options, parse_header
from dagbook.errors.notebook import MisplacedHeader, OneSignShort
from dagbook.notebook.face import Face
from dagbook.notebook.shown import Shown
from dagbook.views.html import code_of

_DECLARED = [one.magic for one in vars(magics).values() if isinstance(one, MagicSpec)]
_CELL_MAGICS = frozenset([name for name in _DECLARED if name.startswith("%%")])


def call(face: Face, declared: str, path: str, line: str, cell: str | None) -> Any:
    """Call the function at `path` with the options of the line, and with a cell magic's body.

    Raises HeaderError for a line that the declaration does not allow.
    """
    spec = _spec(declared)
    if spec is magics.SHOW_ASSET and face.session.cell.looks_like_body:
        raise OneSignShort(line=line)
    if cell is not None:
        _refuse_header_in(cell)
    options = parse_header(
        line,
        spec,
        body=() if cell is None else leading_options(cell, 2),
        variables=face.shell.user_ns,
        where=face.where,
    )
    if isinstance(options, Help):
        return Shown(code_of(options.text, whole=True), options.text)
    if cell is None:
        face.take_in(more_to_come=True)
    function = _function(path)
    return function(face, options) if cell is None else function(face, options, line, cell)


def _refuse_header_in(body: str) -> None:
    """Raise MisplacedHeader where the body is that of another definition."""
    first, _, rest = body.lstrip().partition("\n")[0].partition(" ")
    if first in _CELL_MAGICS:
        raise MisplacedHeader(magic=first, line=rest)


def help_of(declared: str) -> str:
    """What a magic says of itself."""
    return help_text(_spec(declared))


def _spec(declared: str) -> MagicSpec[Any]:
    spec: MagicSpec[Any] = getattr(magics, declared)
    return spec


def _function(path: str) -> Callable[..., Any]:
    module, _, name = path.partition(".")
    found: Callable[..., Any] = getattr(import_module(f"dagbook.notebook.magics.{module}"), name)
    return found
