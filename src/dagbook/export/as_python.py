"""A notebook as a plain module of decorated assets, which runs without Jupyter."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from dagbook.cells.reads import may_read_before_binding
from dagbook.errors.base import Place
from dagbook.errors.render import NotPlainPython
from dagbook.export.cells import ExportCell
from dagbook.export.functions import BROUGHT, DefiningCell, Written, asset_function, check_function
from dagbook.export.steps import op_function, several_function
from dagbook.graph.asset_graph import AssetGraph

_HEADER = re.compile(r"\s*%%(\w+)[ \t]*([^\n]*)\n?")
_TIMED = re.compile(r"^(\s*)%(?:time|prun)\s+(?=\S)")
_MAGIC = re.compile(r"^(\s*)([%!].*)$")
_TRANSPARENT = frozenset({"time", "timeit", "capture", "prun"})
_MAIN = """
if __name__ == "__main__":
    with Workspace(scope=__file__) as workspace:
        workspace.define(*DEFINITIONS)
        workspace.materialize()
        for key, status in workspace.statuses().items():
            print(key, status.state)
"""


def python_module(cells: Sequence[ExportCell], graph: AssetGraph, name: str) -> str:
    """The module's text: `DEFINITIONS` at its end lists its assets and checks.

    Raises NotPlainPython for a cell that means nothing without Jupyter, with its place.
    """
    plain = {place: _ordinary(cell) for place, cell in enumerate(cells) if _is_ordinary(cell)}
    taken = frozenset(name for text in plain.values() for name in _bound(text))
    readers = _readers(plain.values(), graph, taken)
    written: list[Written] = []
    parts: list[str] = []
    for place, cell in enumerate(cells):
        if cell.kind == "markdown":
            parts.append(f"# %% [markdown]\n{_commented(cell.text)}")
        elif place in plain:
            _refuse_hidden_reads(cell, plain[place], graph, taken)
            parts.append(f"# %%\n{plain[place]}" if plain[place].strip() else "")
        elif cell.kind == "code" and not (cell.assets or cell.checks or _is_op(cell)):
            parts.append(_commented(cell.text) if cell.text.strip() else "")
        elif cell.kind == "code" and cell.text.strip():
            written.append(_definition(cell, graph, taken, readers))
            parts.append(f"# %%\n{written[-1].text}")
    decorated = list(_decorated(plain.values(), graph))
    if _makes_more([cells[place] for place in plain], decorated, graph):
        parts = [
            "from dagbook.export.gathering import Gathering",
            "gathering = Gathering()",
            *parts,
        ]
        specs = [each.name for each in written if "AssetSpec" in each.uses]
        return _assembled(parts, written, ["*gathering.end()", *specs], name)
    names = [each.name for each in written if each.listed]
    return _assembled(parts, written, names + decorated, name)


def _makes_more(cells: Sequence[ExportCell], decorated: Collection[str], graph: AssetGraph) -> bool:
    """Whether ordinary cells make definitions that no name of the module tells: in a loop, by a call."""
    made: list[Any] = [graph.node(key).definition for cell in cells for key in cell.assets]
    made += [graph.checks[key].definition for cell in cells for key in cell.checks]
    return any(each is not None and each.op.name not in decorated for each in made)


def _assembled(parts: list[str], written: list[Written], names: list[str], name: str) -> str:
    used = {use for each in written for use in each.uses}
    uses = used - BROUGHT.keys()
    imports = [f"from dagbook import {', '.join(sorted({'Workspace', *uses}, key=str.casefold))}"]
    imports += [
        f"from {home} import {brought}" for brought, home in BROUGHT.items() if brought in used
    ]
    head = f'"""The assets of {name} as plain Python."""\n\n' + "\n".join(imports)
    listed = f"# %%\nDEFINITIONS = [{', '.join(dict.fromkeys(names))}]"
    body = "\n\n".join(part.strip("\n") for part in (*parts, listed) if part.strip())
    return f"{head}\n\n{body}\n{_MAIN}"


def _is_ordinary(cell: ExportCell) -> bool:
    if cell.kind != "code" or not cell.text.strip():
        return False
    header = _HEADER.match(cell.text)
    return header is None or header[1] in _TRANSPARENT


def _is_op(cell: ExportCell) -> bool:
    header = _HEADER.match(cell.text)
    return header is not None and header[1] == "op"


def _definition(
    cell: ExportCell, graph: AssetGraph, taken: frozenset[str], readers: frozenset[str]
) -> Written:
    header = _HEADER.match(cell.text)
    assert header is not None  # other cells are ordinary ones
    place = Place(where=f"cell [{cell.number}]")
    found = DefiningCell(
        magic=header[1],
        line=header[2],
        body=cell.text[header.end() :],
        place=place,
        readers=readers,
    )
    if found.magic == "asset":
        return asset_function(found, graph, taken)
    if found.magic == "asset_check":
        return check_function(found, graph, taken)
    if found.magic == "op":
        return op_function(found)
    if found.magic in ("multi_asset", "graph_asset", "graph_multi_asset"):
        return several_function(found, graph, taken)
    raise NotPlainPython(place=place, problem=f"%%{found.magic} is a magic of notebooks")


def _ordinary(cell: ExportCell) -> str:
    """What of an ordinary cell means something without a screen; the rest stays as comments."""
    text = cell.text
    header = _HEADER.match(text)
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


def _bound(text: str) -> frozenset[str]:
    return may_read_before_binding(ast.parse(text)).assigned


def _refuse_hidden_reads(
    cell: ExportCell, text: str, graph: AssetGraph, taken: frozenset[str]
) -> None:
    """A statement, or a class, that reads an asset as a variable would find its definition instead."""
    rest = [each for each in ast.parse(text).body if not isinstance(each, ast.FunctionDef)]
    for name in sorted(may_read_before_binding(ast.Module(rest, [])).names - taken):
        if graph.named(name):
            raise NotPlainPython(
                place=Place(where=f"cell [{cell.number}]"),
                problem=f"it reads the asset {name} by its name, which only a notebook can do",
            )


def _readers(texts: Iterable[str], graph: AssetGraph, taken: frozenset[str]) -> frozenset[str]:
    """The functions that read an asset by its name, themselves or through others."""
    reads = {
        statement.name: may_read_before_binding(ast.Module([statement], [])).names
        for text in texts
        for statement in ast.parse(text).body
        if isinstance(statement, ast.FunctionDef) and not statement.decorator_list
    }
    found = {name for name, read in reads.items() if any(graph.named(one) for one in read - taken)}
    while more := {name for name, read in reads.items() if read & found} - found:
        found |= more
    return frozenset(found)


def _decorated(texts: Iterable[str], graph: AssetGraph) -> Iterator[str]:
    """The names of definitions that ordinary cells make by decorators."""
    origins = {
        node.definition.op.name
        for node in graph.nodes.values()
        if node.definition is not None and not node.definition.candidates
    }
    origins |= {check.definition.op.name for check in graph.checks.values()}
    for text in texts:
        for statement in ast.parse(text).body:
            if (
                isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)
                and statement.decorator_list
                and statement.name in origins
            ):
                yield statement.name


def _commented(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.split("\n"))
