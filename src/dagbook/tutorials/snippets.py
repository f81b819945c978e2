"""Code that a page names instead of holding it: a file under one folder, or a part of one."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from dagbook.errors.base import Place, nearest
from dagbook.errors.render import SnippetMissing, SnippetOutside
from dagbook.records import dataclass

LARGEST = 2_000_000
_MARK = re.compile(
    r"--8<--\s*\[(start|end):\s*([^\]\s]+)\s*\]|@@@DLT_SNIPPET_(START|END)\s+([\w-]+)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The part of a file: between two markers, between two lines (from 1), or a named section."""

    path: str
    start_after: str | None = None
    end_before: str | None = None
    first: int | None = None
    last: int | None = None
    section: str | None = None


def wanted(attributes: Mapping[str, str]) -> Wanted | None:
    """What the attributes of a component ask for; None where they name no file.

    >>> wanted({"filePath": "a.py", "startAfter": "begin"}).start_after
    'begin'
    """
    path = attributes.get("path") or attributes.get("filePath") or attributes.get("file")
    if not path:
        return None
    return Wanted(
        path=path,
        start_after=attributes.get("startAfter"),
        end_before=attributes.get("endBefore"),
        first=line_number(attributes.get("lineStart")),
        last=line_number(attributes.get("lineEnd")),
    )


def literal(path: str, options: Mapping[str, str]) -> tuple[Wanted, ...]:
    """The parts that a `literalinclude` of MyST asks for.

    >>> [(part.first, part.last) for part in literal("a.py", {"lines": "3-4,7"})]
    [(3, 4), (7, 7)]
    """
    ranges = re.findall(r"(\d{1,9})(?:-(\d{1,9}))?", options.get("lines", ""))
    parts = [Wanted(path=path, first=int(a), last=int(b or a)) for a, b in ranges]
    between = Wanted(
        path=path,
        start_after=options.get("start-after"),
        end_before=options.get("end-before"),
    )
    return tuple(parts) or (between,)


def line_number(text: str | None) -> int | None:
    """The number; of one that no file reaches, its first nine digits, which none reaches either."""
    return int(text[:9]) if text and text.isdecimal() else None


def snippet(asked: Wanted, roots: Sequence[Path], place: Place) -> str:
    """The text, without the indentation that all its lines share.

    `roots`: the folders that it may lie in; the first one that has it counts. Raises SnippetOutside
    for a path that leaves them all, SnippetMissing where the file or a
    marker is not there.
    """

    def missing(problem: str, suggestions: tuple[str, ...] = ()) -> SnippetMissing:
        return SnippetMissing(
            place=place, path=asked.path, problem=problem, suggestions=suggestions
        )

    if not roots:
        raise missing("no folder of snippets was named")
    within = [file for root in roots for file in _files(asked.path, root)]
    if not within:
        raise SnippetOutside(place=place, path=asked.path)
    file = next((each for each in within if each.is_file()), within[0])
    if not file.is_file():
        beside = [each.name for each in file.parent.glob("*")] if file.parent.is_dir() else []
        raise missing("there is no such file", nearest(file.name, beside))
    if file.stat().st_size > LARGEST:
        raise missing("the file is too large for a snippet")
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError):
        raise missing("the file can't be read as text") from None
    part = _part(lines, asked)
    if isinstance(part, _NoMarker):
        raise missing(f"no line of it holds {part.text!r}")
    if not part and lines and asked.first != 0:  # lines 0 are how some sites show none
        raise missing("it has no such lines")
    return textwrap.dedent("\n".join(part)).strip("\n")


def _files(path: str, root: Path) -> Iterator[Path]:
    """Where the file may be, links followed, if that is in the folder.

    A page's own place is not known here: where its path climbs, the folder may be where that ends.
    """
    climbed = re.sub(r"\A(?:\.\.?/)+", "", path)
    for each in dict.fromkeys((path, climbed)):
        file = _within(each, root)
        if file is not None and (each == path or file.is_file()):
            yield file


def _within(path: str, root: Path) -> Path | None:
    home = root.resolve()
    try:
        file = (home / path).resolve()
        file.exists()  # raises for a name that no file can have
    except (OSError, RuntimeError, ValueError):
        return home / "-"  # a loop of links, or no name of a file: none that is there
    return file if file.is_relative_to(home) else None


@dataclass(frozen=True, slots=True)
class _NoMarker:
    text: str


def _part(lines: list[str], asked: Wanted) -> list[str] | _NoMarker:
    """The lines asked for: first by number, then by marker."""
    found = lines[(asked.first or 1) - 1 : asked.last]
    if asked.section is not None:
        return _section(found, asked.section)
    if asked.start_after is not None:
        place = _line_with(found, asked.start_after)
        if place is None:
            return _NoMarker(asked.start_after)
        found = found[place + 1 :]
    if asked.end_before is not None:
        place = _line_with(found, asked.end_before)
        if place is None:
            return _NoMarker(asked.end_before)
        found = found[:place]
    return found


def _line_with(lines: list[str], marker: str) -> int | None:
    return next((place for place, line in enumerate(lines) if marker in line), None)


def _section(lines: list[str], name: str) -> list[str] | _NoMarker:
    """The lines between the marks of a section, without marks of any."""
    marks = [_mark(line) for line in lines]
    if ("start", name) not in marks:
        return _NoMarker(f"[start:{name}]")
    first = marks.index(("start", name)) + 1
    last = marks.index(("end", name), first) if ("end", name) in marks[first:] else None
    inner = slice(first, last)
    return [line for line, mark in zip(lines[inner], marks[inner], strict=True) if mark is None]


def _mark(line: str) -> tuple[str, str] | None:
    """Whether a line is the start or the end of a section, and of which.

    >>> _mark("# --8<-- [start:load]"), _mark("# @@@DLT_SNIPPET_END load")
    (('start', 'load'), ('end', 'load'))
    """
    found = _MARK.search(line)
    return ((found[1] or found[3]).lower(), found[2] or found[4]) if found is not None else None
