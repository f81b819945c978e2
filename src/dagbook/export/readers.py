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

    `text` makes it; `assets` are the names by which they are read; `uses` the other readers that it
    names itself; `circle` those that use each other, in the order in which they are bound: one
    maker makes them all.
    """

    name: str
    text: str
    maker: str
    assets: tuple[str, ...]
    uses: tuple[str, ...]
    circle: tuple[str, ...]

    @property
    def call(self) -> str:
        """The call that makes it where names stand for the values."""
        made = f"{self.maker}({', '.join(self.assets)})"
        return made if len(self.circle) == 1 else f"{made}[{self.circle.index(self.name)}]"


def readers_in(
    texts: Iterable[str], graph: AssetGraph, taken: frozenset[str], definitions: frozenset[str]
) -> Readers:
    """The readers that statements of ordinary cells bind, by name.

    `taken`: what the cells bind, which no asset is; `definitions`: functions that decorators make
    assets or checks of, which are no readers.
    """
    reads: dict[str, set[str]] = {}
    sources: dict[str, str] = {}
    for text in texts:
        for statement in ast.parse(text).body:
            name = _binds(statement)
            if name is not None and name not in definitions:
                reads.setdefault(name, set()).update(_free(statement))
                sources.pop(name, None)  # the last one counts, and its place
                sources[name] = "\n".join(text.split("\n")[_lines_of(statement)])
    assets = {
        name: {one for one in read - taken if graph.named(one)} for name, read in reads.items()
    }
    uses = {name: (read & reads.keys()) - {name} for name, read in reads.items()}
    while more := {
        name for name in reads if any(assets[other] - assets[name] for other in uses[name])
    }:
        for name in more:
            assets[name] = assets[name].union(*[assets[other] for other in uses[name]])
    names = [name for name in sources if assets[name]]
    reached = {name: _reached(name, uses) for name in names}
    circles = {
        name: tuple([one for one in names if one in reached[name] and name in reached[one]])
        for name in names
    }
    return {
        name: Reader(
            name=name,
            text=sources[name],
            maker=_maker("_".join(circles[name]), taken.union(names), graph),
            assets=tuple(sorted(assets[name])),
            uses=tuple(sorted(uses[name].intersection(names).difference(circles[name]))),
            circle=circles[name],
        )
        for name in sorted(names)
    }


def with_makers(text: str, readers: Readers, place: Place) -> str:
    """A cell's text with a maker in place of each reader, of a circle in place of its last one.

    Raises NotPlainPython for other statements that use readers.
    """
    lines = text.split("\n")
    below = len(lines) + 1
    for statement in reversed(ast.parse(text).body):
        name = _binds(statement)
        used = sorted(_free(statement) & readers.keys() - {name})
        if name is not None and name in readers:
            if statement.end_lineno == below:
                raise _refused(place, f"{name} reads an asset", "write it on lines of its own")
            own, circle = _lines_of(statement), readers[name].circle
            if name == circle[-1]:
                given = lines[own] if len(circle) == 1 else None
                lines[own] = _made(readers[name], readers, given)
            else:
                lines[own] = [f"# {name} is made by {readers[name].maker}"]
        elif used:
            reader = readers[used[0]]
            what = f"it uses {reader.name}, which reads the asset {reader.assets[0]} by its name"
            raise _refused(
                place, what, f"give {reader.name} a parameter {reader.assets[0]} and hand it over"
            )
        below = statement.lineno
    return "\n".join(lines)


def lent(
    names: frozenset[str], readers: Readers, inputs: Sequence[Input], place: Place
) -> Iterator[str]:
    """The lines that make the readers that a body names, of its inputs."""
    given = {each.name for each in inputs}
    for name in sorted(names & readers.keys()):
        if missing := sorted(set(readers[name].assets) - given):
            what = f"it reads the asset {missing[0]} through {name}"
            raise _refused(place, what, f"give {name} a parameter {missing[0]} and hand it over")
        yield f"{name} = {readers[name].call}"


def _refused(place: Place, what: str, instead: str) -> NotPlainPython:
    return NotPlainPython(place=place, problem=f"{what}, which only a notebook can do: {instead}")


def _made(reader: Reader, readers: Readers, lines: Sequence[str] | None) -> list[str]:
    """The maker of a circle; `lines` are those of its only reader as they stand."""
    circle = [readers[name] for name in reader.circle]
    outer = sorted({name for one in circle for name in one.uses})
    inner = [f"{name} = {readers[name].call}" for name in outer]
    inner += lines if lines is not None else [one.text for one in circle]
    inner.append(f"return {', '.join(reader.circle)}")
    head = f"def {reader.maker}({', '.join(reader.assets)}):"
    return [head, *indented("\n".join(inner)).split("\n")]


def _lines_of(statement: ast.stmt) -> slice:
    """The lines of a cell that a statement stands on, its decorators too."""
    first = min([statement.lineno, *[each.lineno for each in _decorators(statement)]])
    return slice(first - 1, statement.end_lineno or statement.lineno)


def _reached(name: str, uses: Mapping[str, set[str]]) -> set[str]:
    found = {name}
    while more := {other for one in found for other in uses[one]} - found:
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
