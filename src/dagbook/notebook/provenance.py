"""Remembers which cells made what a variable holds, for values whose content can't be read."""

from __future__ import annotations

import ast
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any

from xxhash import xxh3_128_hexdigest

from dagbook.cells.reads import may_read_before_binding
from dagbook.notebook.cell_text import without_command
from dagbook.records import dataclass

# What these are given, they leave as it is.
_HARMLESS = frozenset(
    [
        "print",
        "len",
        "repr",
        "str",
        "type",
        "isinstance",
        "issubclass",
        "id",
        "hash",
        "dir",
        "vars",
        "display",
        "help",
        "bool",
        "callable",
        "hasattr",
        "getattr",
        "min",
        "max",
        "sum",
        "sorted",
        "abs",
        "round",
        "format",
    ]
)


@dataclass(frozen=True, slots=True)
class _Made:
    """The hash of all code that a value comes from, and how to tell that it is still that value."""

    mark: str
    holds: Callable[[object], bool]


@dataclass(slots=True)
class Provenance:
    """The history of each variable as code: the cell that bound it, what that cell read, and the
    cells that may have changed the value since.

    `mentioned` gives the names that functions of the notebook mention, for names of functions.
    """

    namespace: Mapping[str, Any]
    mentioned: Callable[[Iterable[str]], set[str]]
    _made: dict[str, _Made] = field(default_factory=dict)

    def __call__(self, name: str, value: object) -> str | None:
        """What stands in for the content of the value that a name is bound to; None if unknown."""
        made = self._made.get(name)
        if made is None or self.namespace.get(name) is not value or not made.holds(value):
            return None
        return made.mark

    def note_cell(self, text: str, transform: Callable[[str], str]) -> None:
        """Take a cell in that has just run; `transform` turns its line magics into Python."""
        inner = without_command(text)
        if not inner.strip():
            return
        try:
            tree = ast.parse(transform(inner))
            reads = may_read_before_binding(tree)
        except Exception:  # no Python, or an object that IPython looked at has raised
            if inner == text:
                # What it did is not known, so that nothing is known any more.
                self._made.clear()
            return
        code = ast.dump(tree)
        behind = [self._mark_of(name) for name in sorted(self.mentioned(reads.names))]
        mark = xxh3_128_hexdigest("\0".join([code, *behind]).encode("utf-8", "surrogatepass"))
        for name in reads.assigned:
            self._bind(name, mark)
        changed = {id(self.namespace[n]) for n in self._changed(tree) if n in self.namespace}
        for name in self._made.keys() - reads.assigned:
            if id(self.namespace.get(name)) in changed:
                self._change(name, mark)

    def _mark_of(self, name: str) -> str:
        made = self._made.get(name)
        return f"{name}={made.mark}" if made is not None else name

    def _bind(self, name: str, mark: str) -> None:
        if name in self.namespace:
            self._made[name] = _Made(f"{name} {mark}", _holder(self.namespace[name]))
        else:
            self._made.pop(name, None)

    def _change(self, name: str, mark: str) -> None:
        """A cell may have changed what this name holds."""
        made = self._made[name]
        whole = xxh3_128_hexdigest(f"{made.mark}\0{mark}".encode("utf-8", "surrogatepass"))
        self._made[name] = _Made(f"{name} {whole}", made.holds)

    def _changed(self, tree: ast.Module) -> set[str]:
        """The names whose values the code may change in place, itself or by what it calls."""
        called, found = set[str](), set[str]()
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                root = _root(node.func)
                if isinstance(node.func, ast.Name) and root in _HARMLESS:
                    continue
                called.update([root] if root else [])
                found.update(_given(node))
            elif isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(
                node.ctx, ast.Load
            ):
                found.update(filter(None, [_root(node)]))
        return found | self.mentioned(called)


def _given(call: ast.Call) -> Iterator[str]:
    """The names that are handed to a function."""
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        for node in ast.walk(argument):
            if isinstance(node, ast.Name):
                yield node.id


def _root(node: ast.expr) -> str | None:
    """The name that a chain of attributes, items and calls begins with."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def _holder(value: object) -> Callable[[object], bool]:
    """Tells whether a value is still this one, without keeping it alive where that can be."""
    try:
        seen = weakref.ref(value)
    except TypeError:
        mark = id(value)
        return lambda other: id(other) == mark
    return lambda other: seen() is other
