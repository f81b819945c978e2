"""What a body must not hold: statements and names by which hidden state would get in or out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from dagbook.cells.parsing import ParsedBody
from dagbook.cells.paths import At, at
from dagbook.cells.reads import Reads
from dagbook.errors.cells import ForbiddenName, ForbiddenStatement, SelfReference

# A walk over the tree is needed only where one of these stands somewhere in the text. To search
# all of it takes long too, so that the plain words go first.
_WORDS = ("global", "nonlocal", "__future__", "import")
_SUSPECT = re.compile(r"\b(?:global|nonlocal|__future__)\b|\bimport\s*\(?\s*\*")
_SHELL = re.compile(r"_{1,3}|_\d+|_i{1,3}|_i\d+|_[iod]h|In|Out")

_GLOBAL = "its assignments are local; give the value back, and make it an asset if others need it"
_NONLOCAL = "its assignments are local already; leave the statement out"
_STAR = "the names that it reads must stand in it; import the names that are used"
_FUTURE = "it compiles as the notebook does; put the import into a cell of its own"


def forbidden_statements(parsed: ParsedBody) -> Iterator[ForbiddenStatement]:
    """The statements that cannot stand in a body, in the order of the text."""
    words = any(word in parsed.source for word in _WORDS)
    if not words or _SUSPECT.search(parsed.source) is None:
        return
    at_the_top = set(_own_statements(parsed.tree))
    nodes = [node for node in ast.walk(parsed.tree) if isinstance(node, ast.stmt)]
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset)):
        if (found := _forbidden(node, node in at_the_top)) is not None:
            statement, instead = found
            yield ForbiddenStatement(
                place=parsed.place(at(node)), statement=statement, instead=instead
            )


def _forbidden(node: ast.stmt, at_the_top: bool) -> tuple[str, str] | None:
    if isinstance(node, ast.Global):
        return f"global {', '.join(node.names)}", _GLOBAL
    if isinstance(node, ast.Nonlocal) and at_the_top:
        return f"nonlocal {', '.join(node.names)}", _NONLOCAL
    if isinstance(node, ast.ImportFrom):
        if node.module == "__future__":
            return "from __future__ import …", _FUTURE
        if node.names[0].name == "*":
            return f"from {'.' * node.level}{node.module or ''} import *", _STAR
    return None


def _own_statements(node: ast.AST) -> Iterator[ast.AST]:
    """The statements of the body's own scope, those in its branches and loops included."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr):
            yield from _own_statements(child)


def forbidden_names(parsed: ParsedBody, reads: Reads) -> Iterator[ForbiddenName]:
    """Reads of the shell's record of inputs and outputs: `_`, `_3`, `In`, `Out` and their kin."""
    for name, place in reads.first.items():
        if name[0] in "_IO" and _SHELL.fullmatch(name):
            yield ForbiddenName(place=parsed.place(place), name=name)


def self_reference(
    parsed: ParsedBody, reads: Reads, name: str, asset: str
) -> Iterator[SelfReference]:
    """The read of the asset's own name before the body binds it, if there is one."""
    place: At | None = reads.first.get(name)
    if place is not None:
        yield SelfReference(place=parsed.place(place), asset=asset)
