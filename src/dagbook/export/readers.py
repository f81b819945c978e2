"""Functions and classes that read assets by their names, as makers that are given the values."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dagbook.cells.reads import may_read_before_binding
from dagbook.errors.base import Place
from dagbook.errors.render import NotPlainPython
from dagbook.export.indenting import indented
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.nodes import Input
from dagbook.records import dataclass

Readers = Mapping[str, "Reader"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A function or class of the notebook that reads assets, itself or through others.

    `assets` are the names by which they are read; `uses` the other readers that it names itself.
    """

    name: str
    maker: str
    assets: tuple[str, ...]
    uses: tuple[str, ...]

    @property
    def call(self) -> str:
        """The call that makes it where names stand for the values."""
        return f"{self.maker}({', '.join(self.assets)})"


def readers_in(
    texts: Iterable[str], graph: AssetGraph, taken: frozenset[str], definitions: frozenset[str]
) -> Readers:
    """The readers that statements of ordinary cells bind, by name.

    `taken`: what the cells bind, which no asset is; `definitions`: functions that decorators make
    assets or checks of, which are no readers.
    """
    reads: dict[str, set[str]] = {}
    for text in texts:
        for statement in ast.parse(text).body:
            name = _binds(statement)
            if name is not None and name not in definitions:
                reads.setdefault(name, set()).update(_free(statement))
    assets = {
        name: {one for one in read - taken if graph.named(one)} for name, read in reads.items()
    }
    uses = {name: (read & reads.keys()) - {name} for name, read in reads.items()}
    while more := {
        name for name in reads if any(assets[other] - assets[name] for other in uses[name])
    }:
        for name in more:
            assets[name] = assets[name].union(*[assets[other] for other in uses[name]])
    names = {name for name in reads if assets[name]}
    return {
        name: Reader(
            name=name,
            maker=_maker(name, taken | names, graph),
            assets=tuple(sorted(assets[name])),
            uses=tuple(sorted(uses[name] & names)),
        )
        for name in sorted(names)
    }


def with_makers(text: str, readers: Readers, place: Place) -> str:
    """A cell's text with a maker in place of each reader.

    Raises NotPlainPython for other statements that use readers, and for readers that use each other.
    """
    lines = text.split("\n")
    below = len(lines) + 1
    for statement in reversed(ast.parse(text).body):
        name = _binds(statement)
        used = sorted(_free(statement) & readers.keys() - {name})
        if name is not None and name in readers:
            first = min([statement.lineno, *[each.lineno for each in _decorators(statement)]])
            last = statement.end_lineno or statement.lineno
            for other in used:
                if name in _reached(other, readers):
                    raise _refused(place, f"{name} and {other} read assets and call each other")
            if last == below:
                raise _refused(place, f"{name} reads an asset and has no line of its own")
            lines[first - 1 : last] = _made(lines[first - 1 : last], readers[name], used, readers)
        elif used:
            raise _refused(place, f"it uses {used[0]}, which reads an asset by its name")
        below = statement.lineno
    return "\n".join(lines)


def lent(
    names: frozenset[str], readers: Readers, inputs: Sequence[Input], place: Place
) -> Iterator[str]:
    """The lines that make the readers that a body names, of its inputs."""
    given = {each.name for each in inputs}
    for name in sorted(names & readers.keys()):
        if missing := sorted(set(readers[name].assets) - given):
            raise _refused(place, f"it reads the asset {missing[0]} through {name}")
        yield f"{name} = {readers[name].call}"


def _refused(place: Place, what: str) -> NotPlainPython:
    return NotPlainPython(place=place, problem=f"{what}, which only a notebook can do")


def _made(lines: list[str], reader: Reader, used: Sequence[str], readers: Readers) -> list[str]:
    inner = [*[f"{name} = {readers[name].call}" for name in used], *lines, f"return {reader.name}"]
    head = f"def {reader.maker}({', '.join(reader.assets)}):"
    return [head, *indented("\n".join(inner)).split("\n")]


def _reached(name: str, readers: Readers) -> set[str]:
    found = {name}
    while more := {other for one in found for other in readers[one].uses} - found:
        found |= more
    return found


def _binds(statement: ast.stmt) -> str | None:
    """The name of the function or class that a statement binds, and nothing else."""
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()):
            return name
    return None


def _decorators(statement: ast.stmt) -> list[ast.expr]:
    return getattr(statement, "decorator_list", [])


def _free(statement: ast.stmt) -> frozenset[str]:
    return may_read_before_binding(ast.Module([statement], [])).names


def _maker(name: str, taken: frozenset[str] | set[str], graph: AssetGraph) -> str:
    maker = f"make_{name}"
    while maker in taken or graph.named(maker):
        maker += "_"
    return maker
