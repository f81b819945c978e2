"""What runs when a statement runs: not the bodies of its functions, unless they are called."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from types import CodeType, FunctionType
from typing import Any

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def own_code(statement: ast.stmt) -> ast.stmt:
    """A copy of the statement in which functions are only defined: their bodies are empty.

    A lambda that is bound to a name is a function; others are taken to be called at once.
    """
    stripped: ast.stmt = _WithoutBodies().visit(deepcopy(statement))
    return stripped


class _WithoutBodies(ast.NodeTransformer):
    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._emptied(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._emptied(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        if isinstance(node.value, ast.Lambda):
            node.value = ast.copy_location(ast.Constant(value=None), node.value)
        return node

    def _emptied(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        node.body = [ast.copy_location(ast.Pass(), node)]
        return node


def own_functions(body: Sequence[ast.stmt]) -> dict[str, Function]:
    """The functions that statements bind to names, by name."""
    found: dict[str, Function] = {}
    for statement in body:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if not statement.decorator_list:
                found[statement.name] = statement
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as value):
                found[name] = value
    return found


def names_in(
    name: str, functions: Mapping[str, Function], namespace: Mapping[str, Any]
) -> frozenset[str]:
    """The names that the function or class `name` of the notebook mentions; none for other things."""
    if name in functions:
        nodes = ast.walk(functions[name])
        return frozenset(node.id for node in nodes if isinstance(node, ast.Name))
    return frozenset(_names_of(namespace.get(name), namespace))


def _names_of(value: object, namespace: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(value, FunctionType) and value.__globals__ is namespace:
        yield from _names_of_code(value.__code__)
    elif isinstance(value, type) and value.__module__ == namespace.get("__name__"):
        for member in vars(value).values():
            yield from _names_of(getattr(member, "__func__", member), namespace)


def _names_of_code(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_of_code(constant)
