"""The faults of a defining cell's text, found without running or defining anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from dagbook.cells.body import analyse
from dagbook.cells.declared import Help, MagicSpec
from dagbook.cells.define import key_from, with_verdict
from dagbook.cells.graph_magics import GRAPH_ASSET, GRAPH_MULTI_ASSET, MULTI_ASSET, OP
from dagbook.cells.magics import ASSET, ASSET_CHECK
from dagbook.cells.options import leading_options, parse_header
from dagbook.cells.parsing import ParsedBody, parse_body
from dagbook.cells.records import AssetCheckOptions, AssetOptions
from dagbook.cells.sql import parse_query
from dagbook.definitions.keys import check_name
from dagbook.errors.base import DagbookError, Place
from dagbook.errors.cells import CellError, DefinitionFaults, HeaderError, UnknownOption
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
        ...     print(fault.place.line, fault.place.column, fault.text[:32])
        1 15 %%asset has no option --dep. Did
        2 0 The body is not valid Python: '[
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
    body = text[found.end() :]
    options, name, error = _options(spec, header, body)
    faults = [] if error is None else list(_faults(error, header))
    if isinstance(options, Help):
        return ()
    try:
        language = _language(options, error, header, body)
        parsed = _parsed(language, name, body, first + 1, transform)
        if isinstance(options, AssetCheckOptions) and parsed is not None:
            parsed = with_verdict(parsed)
        if name and parsed is not None:
            # The bodies of ops and graphs are looked at with the ops there are, not by their text.
            analyse(parsed, name)
    except DagbookError as wrong:
        faults += _faults(wrong, header)
    return tuple(faults)


def _options(
    spec: MagicSpec[Any], header: Place, body: str
) -> tuple[Any, str, DagbookError | None]:
    """What the header asks for and the name that it defines, as far as it can be read; what is wrong."""
    options, name = None, ""
    try:
        options = parse_header(
            header.text or "",
            spec,
            body=leading_options(body, (header.line or 1) + 1),
            number=header.line,
        )
        if isinstance(options, AssetOptions):
            name = key_from(options.name).name
        elif isinstance(options, AssetCheckOptions):
            check_name(options.name, "check")
            name = options.name
    except DagbookError as error:
        return options, name, error
    return options, name, None


def _language(options: Any, error: DagbookError | None, header: Place, body: str) -> str:
    """`python` or `sql`; empty where the body is not read, or the header leaves open as what."""
    flags = {f"--{one.key}" for one in leading_options(body)} | set((header.text or "").split())
    if options is not None:
        flags = {f"--{name}" for name in ("sql", "external") if getattr(options, name, False)}
    # A mistyped --sql must not make a query wrong Python.
    maybe = error.suggestions if isinstance(error, UnknownOption) else ()
    if "--external" in flags or {"--sql", "--external"} & set(maybe):
        return ""
    return "sql" if "--sql" in flags else "python"


def _parsed(
    language: str, name: str, body: str, first: int, transform: Callable[[str], str] | None
) -> ParsedBody | None:
    """The body in Python; None where it is not, or is not read; raises what is wrong with it."""
    if language == "sql":
        parse_query(body, first, name=name)
    return parse_body(body, first, transform=transform) if language == "python" else None


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
