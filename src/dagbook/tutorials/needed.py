"""What a part of a file needs and does not show: imports and definitions above it."""

from __future__ import annotations

import ast
import builtins
import textwrap
from collections.abc import Collection, Iterator
from itertools import islice

from dagbook.cells.reads import may_read_before_binding
from dagbook.records import dataclass
from dagbook.tutorials.python_text import parsed

# Lines of a file that are looked at as the begin of an indented part.
MOST_ALIKE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """The code to run before a part; `inside`: the part is of a function, and something is lacking."""

    text: str = ""
    inside: bool = False


def bound_by(tree: ast.Module | None) -> frozenset[str]:
    """The names that a cell binds; none where it is no Python."""
    return may_read_before_binding(tree).assigned if tree is not None else frozenset()


def needed_above(part: str, whole: str, known: Collection[str]) -> Needed:
    """The imports of the file, and the statements above the part, that it needs.

    `known`: the names that are bound already. What is needed for what is needed comes too.

    >>> needed_above("dg.asset", "import os\\nimport dagster as dg\\ndg.asset", []).text
    'import dagster as dg'
    >>> needed_above("f(2)", "n = 1\\ndef f(m): return n + m\\n\\nf(2)", []).text
    'n = 1\\n\\ndef f(m): return n + m'
    """
    inner, outer = parsed(part), parsed(whole)
    if inner is None or outer is None:
        return Needed()
    first, indented = _place(part, whole)
    have = {*known, *dir(builtins), "__name__", "__file__"}
    wanted = set(may_read_before_binding(inner).names) - have
    above = {
        place: may_read_before_binding(ast.Module([statement], []))
        for place, statement in enumerate(outer.body)
        if (statement.end_lineno or statement.lineno) < first
        and not isinstance(statement, ast.Import | ast.ImportFrom)
    }
    found: set[int] = set()
    while more := {place for place in above.keys() - found if above[place].assigned & wanted}:
        # Of several that bind a name, the last one counts; what it reads may be an earlier one's.
        place = max(more)
        found.add(place)
        wanted = (wanted - above[place].assigned) | (set(above[place].names) - have)
        have |= above[place].assigned - above[place].names
    imports = list(_imports(outer, wanted))
    lacking = wanted - {name for text in imports for name in bound_by(parsed(text))}
    parts = ["\n".join(imports), *[_text(outer.body[place], whole) for place in sorted(found)]]
    return Needed(
        text="\n\n".join(text for text in parts if text), inside=indented and bool(lacking)
    )


def without_repeated(text: str, seen: dict[str, str]) -> str:
    """The code without classes that `seen` has in the same words; it learns the other names.

    A class may be registered somewhere when it is made, as a table is, and then not made twice.
    """
    tree = parsed(text)
    if tree is None:
        return text
    lines = text.split("\n")
    for statement in reversed(tree.body):
        if isinstance(statement, ast.ClassDef) and seen.get(statement.name) == ast.dump(statement):
            first, last = _lines(statement)
            del lines[first - 1 : last]
    for statement in tree.body:
        for name in may_read_before_binding(ast.Module([statement], [])).assigned:
            seen[name] = ast.dump(statement) if isinstance(statement, ast.ClassDef) else ""
    return "\n".join(lines).strip("\n")


def _place(part: str, whole: str) -> tuple[int, bool]:
    """The line (from 1) of the file that the part begins at, and whether it is indented there."""
    at = f"\n{whole}\n".find(f"\n{part}\n")
    if at >= 0:
        return whole.count("\n", 0, at) + 1, False
    lines, size = whole.split("\n"), part.count("\n") + 1
    start = part.split("\n", 1)[0].strip()
    alike = (number for number, line in enumerate(lines) if line.strip() == start)
    for number in islice(alike, MOST_ALIKE):
        if textwrap.dedent("\n".join(lines[number : number + size])) == part:
            return number + 1, lines[number][:1].isspace()
    return len(lines) + 1, False


def _lines(statement: ast.stmt) -> tuple[int, int]:
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *[each.lineno for each in decorators]])
    return first, statement.end_lineno or statement.lineno


def _text(statement: ast.stmt, whole: str) -> str:
    first, last = _lines(statement)
    return "\n".join(whole.split("\n")[first - 1 : last])


def _imports(tree: ast.Module, wanted: Collection[str]) -> Iterator[str]:
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            names = [each for each in statement.names if _binds(each) in wanted]
            if names and not (isinstance(statement, ast.ImportFrom) and statement.level):
                statement.names = names
                yield ast.unparse(statement)


def _binds(each: ast.alias) -> str:
    return each.asname or each.name.partition(".")[0]
