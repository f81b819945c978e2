"""Decorated definitions as `%%asset` cells, where that means exactly the same."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Sequence
from dataclasses import replace

from dagbook.cells.body import CONTEXT, analyse
from dagbook.cells.parsing import parse_body
from dagbook.cells.reads import may_read_before_binding
from dagbook.errors.base import DagbookError
from dagbook.records import dataclass
from dagbook.tutorials.magic_body import Inexact, body_of
from dagbook.tutorials.magic_header import Decorated, header_of
from dagbook.tutorials.options import PageCell
from dagbook.tutorials.python_text import parsed

_DECORATORS = frozenset({"asset", "asset_check"})
# A result that says itself whether it has a value, so that the annotation adds nothing.
_NO_PROMISE = frozenset({"Any", "object", "MaterializeResult", "AssetCheckResult"})
_CONTEXTS = frozenset({"AssetExecutionContext", "AssetCheckExecutionContext", "OpExecutionContext"})


@dataclass(slots=True)
class _Candidate:
    """A cell with one decorated definition: what was found, and what becomes of it."""

    place: int
    found: Decorated
    text: str = ""
    problem: str = ""


def as_magics(cells: Sequence[PageCell]) -> tuple[list[PageCell], list[str]]:
    """The cells with magics in place of decorators, and why some of them stay decorated.

    A cell must hold one definition and nothing else; a name that other code uses as a definition
    stays one.
    """
    trees = [parsed(cell.text) if cell.kind == "code" else None for cell in cells]
    spoken = _decorators(tree for tree in trees if tree is not None)
    candidates = [
        _Candidate(place, found)
        for place, tree in enumerate(trees)
        if tree is not None and (found := _decorated(tree, spoken)) is not None
    ]
    keys = {
        each.found.function.name: each.found.key
        for each in candidates
        if each.found.decorator == "asset" and each.found.key
    }
    for each in candidates:
        _convert(each, cells[each.place].text, keys)
    _keep_used(candidates, trees)
    return _written(cells, candidates)


def _decorators(trees: Iterable[ast.Module]) -> dict[str, str]:
    """How the page writes dagbook's decorators, as dotted names."""
    found: dict[str, str] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for each in node.names:
                    if each.name == "dagbook":
                        found |= {
                            f"{each.asname or each.name}.{name}": name for name in _DECORATORS
                        }
            elif isinstance(node, ast.ImportFrom) and node.module == "dagbook":
                for each in node.names:
                    if each.name in _DECORATORS:
                        found[each.asname or each.name] = each.name
    return found


def _decorated(tree: ast.Module, spoken: dict[str, str]) -> Decorated | None:
    """The definition that a cell consists of; None for any other cell."""
    match tree.body:
        case [ast.FunctionDef() | ast.AsyncFunctionDef() as function]:
            pass
        case _:
            return None
    if len(function.decorator_list) != 1:
        return None
    (decorator,) = function.decorator_list
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = spoken.get(ast.unparse(called))
    if name is None:
        return None
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    if isinstance(decorator, ast.Call) and decorator.args:
        return None
    options = {each.arg: each.value for each in keywords if each.arg}
    if len(options) != len(keywords):
        return None
    return Decorated(function=function, decorator=name, options=options)


def _convert(each: _Candidate, text: str, keys: dict[str, str]) -> None:
    try:
        each.text = _cell(each.found, text, keys)
    except Inexact as fault:
        each.problem = str(fault)
    except DagbookError as error:
        each.problem = error.title


def _cell(found: Decorated, text: str, keys: dict[str, str]) -> str:
    function = found.function
    parameters = _parameters(function)
    _check_returns(function)
    if isinstance(function, ast.AsyncFunctionDef):
        raise Inexact("it is asynchronous")
    body = body_of(text, function)
    reads = may_read_before_binding(ast.Module(body=function.body, type_ignores=[]))
    inputs = [name for name in parameters if name != CONTEXT]
    hidden = sorted((reads.names & keys.keys()) - set(parameters) - {function.name})
    if hidden:
        raise Inexact(f"it uses `{hidden[0]}` without reading it as an input")
    if CONTEXT in reads.names and CONTEXT not in parameters:
        raise Inexact("it reads a variable that is called `context`")
    unread = [name for name in inputs if name not in reads.names]
    if found.decorator == "asset_check":
        _check_input(found, inputs, unread, keys)
        if reads.end_reachable:
            raise Inexact("it can end without a verdict")
    elif function.name in reads.names or hasattr(builtins, function.name):
        raise Inexact("its own name means something else in its body")
    if reads.end_reachable and not reads.yields:
        body += "\nreturn None"
    cell = f"{header_of(found, keys, unread)}\n{body}"
    analyse(parse_body(body, 2), function.name)
    return cell


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """The names of the parameters; raises Inexact for any that says more than a name."""
    given = function.args
    if given.posonlyargs or given.kwonlyargs or given.vararg or given.kwarg or given.defaults:
        raise Inexact("its parameters are more than names")
    for each in given.args:
        if each.annotation is not None and not (
            each.arg == CONTEXT and _last(each.annotation) in _CONTEXTS
        ):
            raise Inexact(f"the type of `{each.arg}` is checked, or says what it is given")
    return [each.arg for each in given.args]


def _check_returns(function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    if function.returns is not None and _last(function.returns) not in _NO_PROMISE:
        raise Inexact("the type of what it returns is checked")


def _last(annotation: ast.expr) -> str:
    text = annotation.value if isinstance(annotation, ast.Constant) else ast.unparse(annotation)
    return str(text).rpartition(".")[2]


def _check_input(
    found: Decorated, inputs: list[str], unread: list[str], keys: dict[str, str]
) -> None:
    """A check reads its asset by the asset's own name, or not at all."""
    if not inputs:
        return
    declared = found.options.get("asset")
    if isinstance(declared, ast.Name):
        own = keys.get(declared.id, "")
    elif isinstance(declared, ast.Constant):
        own = str(declared.value)
    else:
        own = inputs[0]
    if len(inputs) > 1 or inputs[0] != own.rpartition("/")[2]:
        raise Inexact("it reads its asset by another name")
    if unread:
        raise Inexact("it does not read its asset")


def _keep_used(candidates: Sequence[_Candidate], trees: Sequence[ast.Module | None]) -> None:
    """Refuse those whose name other code uses as a definition, until no more are found."""
    while True:
        cells = {each.place for each in candidates if not each.problem}
        used = {
            name
            for place, tree in enumerate(trees)
            if tree is not None and place not in cells
            for name in may_read_before_binding(tree).names
        }
        refused = [
            each for each in candidates if not each.problem and each.found.function.name in used
        ]
        for each in refused:
            each.problem = "other code uses its definition by name"
        if not refused:
            return


def _written(
    cells: Sequence[PageCell], candidates: Iterable[_Candidate]
) -> tuple[list[PageCell], list[str]]:
    done, notes = list(cells), []
    for each in candidates:
        cell = cells[each.place]
        if each.problem:
            text = f"# Stays decorated: {each.problem}.\n{cell.text}"
            notes.append(f"{each.found.function.name} stays decorated: {each.problem}.")
        else:
            text = each.text
        done[each.place] = replace(cell, text=text)
    return done, notes
