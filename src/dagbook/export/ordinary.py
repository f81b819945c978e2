"""What of a notebook's ordinary cells stands in a plain module; the rest stays there as comments."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from dagbook.cells.reads import may_read_before_binding
from dagbook.errors.base import Place
from dagbook.errors.render import NotPlainPython
from dagbook.export.cells import ExportCell
from dagbook.records import dataclass

HEADER = re.compile(r"\s*%%(\w+)[ \t]*([^\n]*)\n?")
_TIMED = re.compile(r"^(\s*)%(?:time|prun)\s+(?=\S)")
_MAGIC = re.compile(r"^(\s*)([%!].*)$")
_TRANSPARENT = frozenset({"time", "timeit", "capture", "prun"})
_SHOWS = frozenset({"print", "display"})
# What is within them is read when they are called.
_LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BLOCKS = (ast.For, ast.If, ast.With, ast.While)


def is_ordinary(cell: ExportCell) -> bool:
    """Whether the cell holds Python that defines nothing by a magic."""
    if cell.kind != "code" or not cell.text.strip():
        return False
    header = HEADER.match(cell.text)
    return header is None or header[1] in _TRANSPARENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """The ordinary cells as Python, by their places among all cells.

    `lost`: the names that they no longer bind, with the number of the cell that makes them.
    """

    texts: Mapping[int, str]
    lost: Mapping[str, int]


def plain_cells(cells: Sequence[ExportCell], needed: frozenset[str]) -> Plain:
    """The ordinary cells in plain Python.

    What means nothing without Jupyter is a comment, and so is what reads a name that only Jupyter
    binds, what only shows something, and below a command what binds names for nobody.
    `needed` are the names that definitions read. Raises NotPlainPython for what is no Python, and
    for a definition that would become a comment.
    """
    texts = {place: _python(cell) for place, cell in enumerate(cells) if is_ordinary(cell)}
    commands = [place for place, cell in enumerate(cells) if cell.commands]
    parts = [
        _Part(cell=place, tree=each, alone=alone, below=bool(commands) and commands[0] <= place)
        for place, text in texts.items()
        for each, alone in _statements(text)
    ]
    dropped, lost = _reading_lost(parts, cells)
    for place in sorted(dropped):
        _refuse_needed(cells[parts[place].cell], parts[place], lost)
    dropped |= set(_for_nobody(parts, dropped, needed))
    for place in sorted(dropped):
        part = parts[place]
        texts[part.cell] = _commented(texts[part.cell], part.tree)
    return Plain(texts=texts, lost=lost)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A statement of an ordinary cell; `alone`: no other one shares a line with it.

    `below`: a command was left out above it, or beside it.
    """

    cell: int
    tree: ast.stmt
    alone: bool
    below: bool

    @property
    def reads(self) -> frozenset[str]:
        return may_read_before_binding(ast.Module([self.tree], [])).names

    @property
    def binds(self) -> frozenset[str]:
        return may_read_before_binding(ast.Module([self.tree], [])).assigned


def _statements(text: str) -> Iterator[tuple[ast.stmt, bool]]:
    found = ast.parse(text).body
    first = Counter(number for each in found for number in (each.lineno, each.end_lineno))
    for each in found:
        within = {each.lineno, each.end_lineno}
        yield each, all(first[number] == 3 - len(within) for number in within)


def _reading_lost(
    parts: Sequence[_Part], cells: Sequence[ExportCell]
) -> tuple[set[int], dict[str, int]]:
    """The statements that read what is lost then, or functions what is lost at the end; and that.

    What they bind is lost too, so that it is gone through again until nothing more is found.
    """
    found: set[int] = set()
    end: dict[str, int] = {}
    while True:
        now: dict[str, int] = {}
        more = set(found)
        by_cell = {place: dict.fromkeys(cell.lost, cell.number) for place, cell in enumerate(cells)}
        for place, part in enumerate(parts):
            for cell in [each for each in by_cell if each <= part.cell]:
                now |= by_cell.pop(cell)
            by = sorted(part.reads & (end if isinstance(part.tree, _LATER) else now).keys())
            if by or place in found:
                more.add(place)
                now |= dict.fromkeys(part.binds, cells[part.cell].number)
            else:
                now = {name: number for name, number in now.items() if name not in part.binds}
        for left in by_cell.values():
            now |= left
        if (more, now) == (found, end):
            return found, end
        found, end = more, now


def _for_nobody(parts: Sequence[_Part], dropped: set[int], needed: frozenset[str]) -> Iterator[int]:
    """The statements that only show, or that only bind below a command, for nobody who stays."""
    kept = [place for place in range(len(parts)) if place not in dropped]
    found = set(needed)
    for place in kept:
        if isinstance(parts[place].tree, _LATER):
            found |= parts[place].reads
    for place in reversed(kept):
        part = parts[place]
        useless = _only_shows(part.tree) or (part.below and _only_binds(part.tree))
        if useless and part.alone and not part.binds & found:
            yield place
        else:
            found |= part.reads


def _only_shows(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))):
            return name in _SHOWS
        case ast.Expr(value=value):
            return not any(isinstance(node, ast.Call | ast.Await) for node in ast.walk(value))
        case ast.Pass():
            return True
    return isinstance(statement, _BLOCKS) and all(map(_only_shows, _inner(statement)))


def _only_binds(statement: ast.stmt) -> bool:
    """Whether it binds names, and changes nothing but those."""
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return all(isinstance(each, ast.Name | ast.Tuple) for each in targets)
    if isinstance(statement, _BLOCKS):
        return all(_only_binds(each) or _only_shows(each) for each in _inner(statement))
    return False


def _inner(block: ast.stmt) -> list[ast.stmt]:
    return [*getattr(block, "body", []), *getattr(block, "orelse", [])]


def _refuse_needed(cell: ExportCell, part: _Part, lost: dict[str, int]) -> None:
    """A statement that can't become a comment: one that defines, or that shares its line."""
    if cell.assets or cell.checks or not part.alone:
        names = sorted(part.reads & lost.keys())
        what = f"{names[0]}, which cell [{lost[names[0]]}] binds" if names else "what is made"
        raise NotPlainPython(
            place=Place(where=f"cell [{cell.number}]", line=part.tree.lineno),
            problem=f"it reads {what} as only a notebook can",
        )


def _python(cell: ExportCell) -> str:
    """The cell's text, with comments in place of the lines that mean nothing without Jupyter."""
    text = cell.text
    header = HEADER.match(text)
    lines = text.split("\n")
    if header is not None:
        lines[text[: header.start(1)].count("\n")] = ""
    omitted = {number for first, last in cell.omitted for number in range(first, last + 1)}
    kept = [
        f"# {line}".rstrip() if number in omitted else _plain(line)
        for number, line in enumerate(lines, 1)
    ]
    source = "\n".join(kept).strip("\n")
    try:
        ast.parse(source)
    except SyntaxError as error:
        line = kept[(error.lineno or 1) - 1]
        place = Place(where=f"cell [{cell.number}]", line=error.lineno, column=0, text=line)
        raise NotPlainPython(place=place, problem="it uses what only IPython knows") from None
    return source


def _plain(line: str) -> str:
    """A line with its magic as a comment; what `%time` measures stays."""
    timed = _TIMED.sub(r"\1", line)
    return _MAGIC.sub(r"\1# \2", timed)


def _commented(text: str, statement: ast.stmt) -> str:
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *[each.lineno for each in decorators]])
    lines = text.split("\n")
    for number in range(first - 1, statement.end_lineno or statement.lineno):
        lines[number] = f"# {lines[number]}".rstrip()
    return "\n".join(lines)
