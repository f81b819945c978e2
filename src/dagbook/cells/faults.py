"""The faults of a defining cell's text, found without running or defining anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from dagbook.cells.body import analyse, parse_body
from dagbook.cells.declared import Help, MagicSpec
from dagbook.cells.define import key_from, with_verdict
from dagbook.cells.graph_magics import GRAPH_ASSET, GRAPH_MULTI_ASSET, MULTI_ASSET, OP
from dagbook.cells.magics import ASSET, ASSET_CHECK
from dagbook.cells.options import leading_options, parse_header
from dagbook.cells.records import AssetCheckOptions, AssetOptions
from dagbook.cells.sql import parse_query
from dagbook.definitions.keys import check_name
from dagbook.errors.base import DagbookError, Place
from dagbook.errors.cells import CellError, DefinitionFaults, HeaderError
from dagbook.records import dataclass

_SPECS: tuple[MagicSpec[Any], ...] = (
    *(ASSET, ASSET_CHECK, MULTI_ASSET),
    *(OP, GRAPH_ASSET, GRAPH_MULTI_ASSET),
)
_MAGIC = re.compile(r"\s*(?P<magic>%%\w+)(?P<line>[^\n]*)\n?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong and what to do, and where it stands in the cell."""

    text: str
    place: Place


def faults_of(text: str, transform: Callable[[str], str] | None = None) -> tuple[Fault, ...]:
    """What is wrong with the text of a cell, as far as its text alone tells.

    Args:
        text: the whole cell, its header included.
        transform: turns line magics and `!command` into Python; plain Python where it is None.

    Returns:
        The faults, top to bottom; none for a cell that defines nothing.

    Example:
        >>> for fault in faults_of("%%asset orders --dep raw\\n[1, 2"):
        ...     print(fault.place.line, fault.place.column, fault.text[:34])
        1 15 %%asset has no option --dep. Did y
    """
    found = _MAGIC.match(text)
    spec = next((one for one in _SPECS if found and one.magic == found["magic"]), None)
    if found is None or spec is None:
        return ()
    first = text.count("\n", 0, found.start("magic")) + 1
    header = Place(
        where="cell",
        line=first,
        column=found.start("line") - (text.rfind("\n", 0, found.start("magic")) + 1),
        text=found["line"],
    )
    try:
        _read(spec, header, text[found.end() :], transform)
    except DagbookError as error:
        return tuple(_faults(error, header))
    return ()


def _read(
    spec: MagicSpec[Any], header: Place, body: str, transform: Callable[[str], str] | None
) -> None:
    """Read the cell as its magic would; raises what is wrong with it."""
    first = (header.line or 1) + 1
    options = parse_header(
        header.text or "", spec, body=leading_options(body, first), number=header.line
    )
    if isinstance(options, Help):
        return
    name = ""
    if isinstance(options, AssetOptions):
        name = key_from(options.name).name
    elif isinstance(options, AssetCheckOptions):
        name = options.name
        check_name(name, "check")
    if getattr(options, "external", False):
        return
    if getattr(options, "sql", False):
        parse_query(body, first, name=name)
        return
    parsed = parse_body(body, first, transform=transform)
    if isinstance(options, AssetCheckOptions):
        parsed = with_verdict(parsed)
    if name:
        # The bodies of ops and graphs are looked at with the ops there are, so not by their text.
        analyse(parsed, name)


def _faults(error: DagbookError, header: Place) -> Iterator[Fault]:
    if isinstance(error, DefinitionFaults):
        for one in error.faults:
            yield from _faults(one, header)
    elif isinstance(error, CellError):
        yield Fault(text=error.sentence(), place=_moved(error, header))
    else:
        yield Fault(text=str(error), place=header)


def _moved(error: CellError, header: Place) -> Place:
    """The place in the whole line: that of a header counts from behind the magic's name."""
    place = error.place
    start, end = place.column, place.end_column
    if start is None:
        return place
    if end is not None and end <= start:  # Python's own errors may end where they begin
        end = None
    is_header = isinstance(error, HeaderError) and place.line == header.line
    by = header.column or 0 if is_header else 0
    return replace(place, column=start + by, end_column=None if end is None else end + by)
