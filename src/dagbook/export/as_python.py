"""A notebook as a plain module of decorated assets, which runs without Jupyter."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from dagbook.cells.reads import may_read_before_binding
from dagbook.errors.base import Place
from dagbook.errors.render import NotPlainPython
from dagbook.export.cells import ExportCell
from dagbook.export.functions import (
    BROUGHT,
    DefiningCell,
    Written,
    asset_function,
    check_function,
    of_module,
)
from dagbook.export.given import bundles_in, managers
from dagbook.export.ordinary import HEADER, plain_cells
from dagbook.export.readers import Readers, readers_in, with_makers
from dagbook.export.steps import op_function, several_function
from dagbook.graph.asset_graph import AssetGraph

_LOADED = re.compile(r"^%load_assets[ \t]+([\w.]+)", re.M)
_WORD = re.compile(r"[^\W\d]\w*")
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
    ordinary = plain_cells(cells, _needed(cells))
    plain = ordinary.texts
    taken = frozenset(name for text in plain.values() for name in _bound(text))
    made = frozenset(_decorated(plain.values(), graph))
    readers = readers_in(plain.values(), graph, taken, made)
    written: list[Written] = []
    parts: list[str] = []
    for place, cell in enumerate(cells):
        if cell.kind == "markdown":
            parts.append(f"# %% [markdown]\n{_commented(cell.text)}")
        elif place in plain:
            text = with_makers(plain[place], readers, Place(where=f"cell [{cell.number}]"))
            _refuse_hidden_reads(cell, text, graph, taken)
            parts.append(f"# %%\n{text}" if text.strip() else "")
        elif cell.kind == "code" and not (cell.assets or cell.checks or _is_op(cell)):
            parts.append(_commented(cell.text) if cell.text.strip() else "")
        elif cell.kind == "code" and cell.text.strip():
            written.append(_definition(cell, graph, taken, readers))
            _refuse_lost(cell, written[-1].text, ordinary.lost)
            parts.append(f"# %%\n{written[-1].text}")
    parts += _of_module(written)
    decorated = list(_decorated(plain.values(), graph))
    loaded = [name for cell in cells for name in _LOADED.findall(cell.text) if cell.assets]
    modules = list(dict.fromkeys(loaded))
    brought = [f"load_definitions_from_module({module})" for module in modules]
    own = [cells[place] for place in plain if not _LOADED.search(cells[place].text)]
    given = [*brought, *managers(cells, graph, taken), *bundles_in(plain.values())]
    if _makes_more(own, decorated, graph):
        parts = [
            "from dagbook.export.gathering import Gathering",
            "gathering = Gathering()",
            *parts,
        ]
        specs = [each.name for each in written if "AssetSpec" in each.uses]
        return _assembled(parts, written, ["*gathering.end()", *specs, *given], modules, name)
    names = [each.name for each in written if each.listed]
    return _assembled(parts, written, [*names, *decorated, *given], modules, name)


def _makes_more(cells: Sequence[ExportCell], decorated: Collection[str], graph: AssetGraph) -> bool:
    """Whether ordinary cells make definitions that no name of the module tells: in a loop, by a call."""
    made: list[Any] = [graph.node(key).definition for cell in cells for key in cell.assets]
    made += [graph.checks[key].definition for cell in cells for key in cell.checks]
    return any(each is not None and each.op.name not in decorated for each in made)


def _assembled(
    parts: list[str], written: list[Written], names: list[str], modules: list[str], name: str
) -> str:
    """The whole text; `modules` are those whose definitions are loaded."""
    used = {use for each in written for use in each.uses}
    used |= {"load_definitions_from_module"} if modules else set()
    used |= {"Definitions"} if any(each.startswith("Definitions(") for each in names) else set()
    uses = used - BROUGHT.keys()
    imports = [f"from dagbook import {', '.join(sorted({'Workspace', *uses}, key=str.casefold))}"]
    imports += [
        f"from {home} import {brought}" for brought, home in BROUGHT.items() if brought in used
    ]
    imports += [f"import {module}" for module in modules]
    head = f'"""The assets of {name} as plain Python."""\n\n' + "\n".join(imports)
    listed = f"# %%\nDEFINITIONS = [{', '.join(dict.fromkeys(names))}]"
    body = "\n\n".join(part.strip("\n") for part in (*parts, listed) if part.strip())
    return f"{head}\n\n{body}\n{_MAIN}"


def _of_module(written: Sequence[Written]) -> Iterator[str]:
    """Functions that give what names of the module stand for where bodies bind them anew."""
    for name in sorted({name for each in written for name in each.early}):
        yield f"# %%\ndef {of_module(name)}():\n    return {name}"


def _is_op(cell: ExportCell) -> bool:
    header = HEADER.match(cell.text)
    return header is not None and header[1] == "op"


def _definition(
    cell: ExportCell, graph: AssetGraph, taken: frozenset[str], readers: Readers
) -> Written:
    header = HEADER.match(cell.text)
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


def _needed(cells: Sequence[ExportCell]) -> frozenset[str]:
    """The names that cells which define mention: words of code, and of queries."""
    texts = [each.text for each in cells if each.assets or each.checks or _is_op(each)]
    return frozenset(word for text in texts for word in _WORD.findall(text))


def _bound(text: str) -> frozenset[str]:
    return may_read_before_binding(ast.parse(text)).assigned


def _refuse_hidden_reads(
    cell: ExportCell, text: str, graph: AssetGraph, taken: frozenset[str]
) -> None:
    """What reads an asset as a variable, and is no maker, would find its definition instead."""
    place = Place(where=f"cell [{cell.number}]")
    hidden = [each.name for key in cell.assets for each in graph.node(key).inputs if each.via]
    made = (ast.FunctionDef, ast.AsyncFunctionDef)
    rest = [each for each in ast.parse(text).body if not isinstance(each, made)]
    read = may_read_before_binding(ast.Module(rest, [])).names - taken
    for name in [*hidden, *sorted(name for name in read if graph.named(name))]:
        instead = f"make {name} a parameter" if name in hidden else "read it in an asset's cell"
        problem = f"it reads the asset {name} by its name, which only a notebook can do: {instead}"
        raise NotPlainPython(place=place, problem=problem)


def _refuse_lost(cell: ExportCell, text: str, lost: Mapping[str, int]) -> None:
    """A definition that reads what only Jupyter binds."""
    for name in sorted(may_read_before_binding(ast.parse(text)).names & lost.keys()):
        raise NotPlainPython(
            place=Place(where=f"cell [{cell.number}]"),
            problem=f"it reads {name}, which cell [{lost[name]}] binds as only a notebook can",
        )


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
                and not any(map(_is_of_graphs, statement.decorator_list))
            ):
                yield statement.name


def _is_of_graphs(decorator: ast.expr) -> bool:
    """Whether it is `@graph` or `@op`, which an asset may be made of, and which are none."""
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
    return name in ("graph", "op")


def _commented(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.split("\n"))
