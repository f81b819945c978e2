"""What runs when a statement runs: not the bodies of its functions, unless they are called."""

from __future__ import annotations

import ast
import dis
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from inspect import getsource
from textwrap import dedent
from types import CodeType, FunctionType
from typing import Any

from dagbook.cells.reads import may_read_before_binding

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
    """What the function or class `name` of the notebook reads from outside; none for other things.

    The body of a function within it that has a decorator, such as `@asset`, is not run by its call.
    """
    if name in functions:
        return _free_names(functions[name])
    return frozenset(_names_of(namespace.get(name), namespace))


def asked_of_workspaces(
    name: str, functions: Mapping[str, Function], namespace: Mapping[str, Any]
) -> frozenset[str]:
    """The methods that the function `name` of the notebook calls of what `workspace()` gives."""
    if name in functions:
        return frozenset(_asked(functions[name]))
    function = namespace.get(name)
    if not isinstance(function, FunctionType) or function.__globals__ is not namespace:
        return frozenset()
    try:
        return frozenset(_asked(ast.parse(dedent(getsource(function)))))
    except (OSError, SyntaxError):
        return frozenset()


def _asked(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Call(func=ast.Name(id="workspace")), attr=method):
                yield method
            case ast.Attribute(value=ast.Call(func=ast.Attribute(attr="workspace")), attr=method):
                yield method


def _free_names(function: Function) -> frozenset[str]:
    inner = deepcopy(function)
    body = [ast.Expr(inner)] if isinstance(inner, ast.Lambda) else [_WithoutMade().inside(inner)]
    return frozenset(may_read_before_binding(ast.Module(body=body, type_ignores=[])).names)


class _WithoutMade(ast.NodeTransformer):
    """Empties the functions that decorators make something of."""

    def inside(self, node: Function) -> Any:
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._emptied(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._emptied(node)

    def _emptied(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        if node.decorator_list:
            node.body = [ast.copy_location(ast.Pass(), node)]
        return self.generic_visit(node)


def _names_of(value: object, namespace: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(value, FunctionType) and value.__globals__ is namespace:
        yield from _names_of_code(value.__code__)
    elif isinstance(value, type) and value.__module__ == namespace.get("__name__"):
        for member in vars(value).values():
            yield from _names_of(getattr(member, "__func__", member), namespace)


def _names_of_code(code: CodeType) -> Iterator[str]:
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield str(instruction.argval)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_of_code(constant)
