"""Finds what a cell hands on to be called later, when no cell names it."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator
from dataclasses import field

from dagbook.records import dataclass

# These call what they are given before they return.
_AT_ONCE = frozenset({"agg", "apply", "applymap", "assign", "filter", "map", "pipe", "transform"})


@dataclass(slots=True)
class HandedOn:
    """What cells have handed on so far: names that may be functions, and names in lambdas."""

    functions: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)

    def note_cell(self, text: str) -> None:
        """Take in a cell, as Python.

        >>> handed = HandedOn()
        >>> handed.note_cell("button.on_click(shown); sorted(rows, key=size)")
        >>> handed.note_cell("Thread(target=lambda: work(rate))")
        >>> "shown" in handed.functions, "size" in handed.functions, sorted(handed.words)
        (True, False, ['rate', 'work'])
        """
        if "(" not in text and "@" not in text:
            return
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            return
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and not _at_once(node.func):
                for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                    self._note(argument)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.decorator_list:
                self.functions.add(node.name)
                # What decorates it may have kept it and bound nothing to its name.
                self.words.update(_names_in(node.body))

    def _note(self, argument: ast.expr) -> None:
        for one in _parts(argument):
            if isinstance(one, ast.Lambda):
                self.words.update(_names_in([one.body]))
            elif isinstance(one, ast.Name):
                self.functions.add(one.id)


def _names_in(trees: Iterable[ast.AST]) -> Iterator[str]:
    for tree in trees:
        yield from (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def _at_once(called: ast.expr) -> bool:
    if isinstance(called, ast.Attribute):
        return called.attr in _AT_ONCE
    return isinstance(called, ast.Name) and hasattr(builtins, called.id)


def _parts(argument: ast.expr) -> Iterator[ast.expr]:
    """What is given, alone or within: of `later()` the function, of `object.method` the object."""
    todo = [argument]
    while todo:
        one = todo.pop()
        yield one
        if isinstance(one, ast.Call):
            todo += [one.func, *one.args]
        elif isinstance(one, ast.Attribute):
            todo.append(one.value)
        elif isinstance(one, ast.List | ast.Tuple | ast.Set):
            todo += one.elts
        elif isinstance(one, ast.Dict):
            todo += one.values
