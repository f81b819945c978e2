"""From a parsed body to a computation with several values, an op, or a graph of ops."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import FunctionType
from typing import Any

from dagbook.cells.body import CellAnalysis, analyse
from dagbook.cells.compiler import compile_body
from dagbook.cells.define import PythonBody, Running, described
from dagbook.cells.parsing import ParsedBody
from dagbook.definitions.assets import AssetsDefinition
from dagbook.definitions.composing import PendingInvocation
from dagbook.definitions.graph_assets import Backing, backed_by_graph
from dagbook.definitions.graphs import GraphDefinition, compose
from dagbook.definitions.keys import AssetKey, check_name
from dagbook.definitions.ops import OpDefinition, OpOutput, Parameter
from dagbook.definitions.origin import Origin, placed_at
from dagbook.definitions.results import NO_VALUE
from dagbook.definitions.specs import AssetSpec
from dagbook.errors.base import nearest
from dagbook.errors.composition import FaultyDefinition
from dagbook.errors.definitions import InvalidDefinition
from dagbook.records import dataclass

_GIVEN = """
try:
    _dagbook_value = {name}
except NameError:
    pass
else:
    yield _dagbook_output(_dagbook_value, {name!r})
"""
_OUTPUT = "from dagbook.definitions.results import Output as _dagbook_output"
_CALLABLE = (OpDefinition, GraphDefinition, PendingInvocation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """An op's name and parameters as its header says them."""

    name: str
    parameters: tuple[Parameter, ...]


def read_signature(text: str, namespace: Mapping[str, Any], where: str) -> Signature:
    """The signature that `NAME(param, x=1)` is; defaults and types are evaluated in the notebook.

    Raises InvalidDefinition or InvalidName.

    >>> read_signature("scaled(rows, by=2)", {}, "cell [1]").parameters[1].default
    2
    """
    whole = text if "(" in text else f"{text}()"
    try:
        (definition,) = ast.parse(f"def {whole}: pass").body
        assert isinstance(definition, ast.FunctionDef)
    except (SyntaxError, ValueError, AssertionError):
        raise InvalidDefinition(
            name="%%op",
            problem=f"`{text[:100]}` is no name with parameters",
            remedy="Write it as NAME(param, x=1).",
        ) from None
    given = definition.args
    if given.vararg or given.kwarg or given.posonlyargs:
        raise InvalidDefinition(
            name=definition.name,
            problem="one of its parameters has no fixed name",
            remedy="Name each input.",
        )
    missing: list[ast.expr | None] = [None] * (len(given.args) - len(given.defaults))
    pairs = [
        *zip(given.args, [*missing, *given.defaults], strict=True),
        *zip(given.kwonlyargs, given.kw_defaults, strict=True),
    ]
    parameters = [_parameter(one, default, namespace) for one, default in pairs]
    return Signature(name=check_name(definition.name, "op"), parameters=tuple(parameters))


def _parameter(one: ast.arg, default: ast.expr | None, namespace: Mapping[str, Any]) -> Parameter:
    value = NO_VALUE if default is None else _evaluated(default, namespace)
    if one.annotation is None:
        return Parameter(one.arg, value)
    return Parameter(one.arg, value, _evaluated(one.annotation, namespace))


def _evaluated(expression: ast.expr, namespace: Mapping[str, Any]) -> Any:
    return eval(compile(ast.Expression(expression), "<header>", "eval"), dict(namespace))


def python_op(
    parsed: ParsedBody,
    signature: Signature,
    outs: tuple[OpOutput, ...],
    *,
    namespace: dict[str, Any],
    origin: Origin,
    running: Running,
    description: str | None = None,
) -> OpDefinition:
    """The op that a body is; of several outputs the locals of their names are the values, or yields."""
    body = _body(parsed, signature.name, signature.name, outs, namespace, origin, running)
    names = tuple([one.name for one in signature.parameters])
    op = body.bind(names)
    assert isinstance(op.fn, FunctionType)
    defaults = [one.default for one in signature.parameters if one.default is not NO_VALUE]
    op.fn.__defaults__ = tuple(defaults) or None
    described = description or body.analysis.description
    return replace(op, ins=signature.parameters, outs=outs, description=described)


def multi_asset_of(
    parsed: ParsedBody,
    specs: Sequence[AssetSpec],
    *,
    can_subset: bool,
    namespace: dict[str, Any],
    origin: Origin,
    running: Running,
) -> AssetsDefinition:
    """The assets that a body makes: the locals of their names, or what it yields."""
    outs = tuple([OpOutput(spec.key.name, not can_subset) for spec in specs])
    name = "_".join(out.name for out in outs)
    body = _body(parsed, "", name, outs, namespace, origin, running)

    def bind(inputs: tuple[str, ...]) -> OpDefinition:
        return replace(body.bind(inputs), name=name, outs=outs)

    return AssetsDefinition(
        op=bind(()),
        specs=tuple([described(spec, body.analysis.description) for spec in specs]),
        candidates=body.candidates - {out.name for out in outs},
        bind=bind,
        can_subset=can_subset,
        strict_deps=True,
    )


def _body(
    parsed: ParsedBody,
    local: str,
    name: str,
    outs: tuple[OpOutput, ...],
    namespace: dict[str, Any],
    origin: Origin,
    running: Running,
) -> PythonBody:
    whole = with_values(parsed, outs)
    analysis = analyse(whole, local or name, key=name)
    if whole is not parsed:
        _refuse_unassigned(name, outs, analysis, origin)
    return PythonBody(
        parsed=whole,
        analysis=analysis,
        key=name,
        namespace=namespace,
        origin=origin,
        running=running,
    )


def _refuse_unassigned(
    name: str, outs: tuple[OpOutput, ...], analysis: CellAnalysis, origin: Origin
) -> None:
    """Each output that must be given is a local of its name, on every way through the body."""
    faults = [
        _fault(
            name,
            f"its body may end without a value for `{out.name}`",
            f"Assign it to `{out.name}`, or yield it.",
            origin,
        )
        for out in outs
        if out.required and out.name in analysis.reads.names
    ]
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise FaultyDefinition(name=name, faults=tuple(faults), place=origin.place)


def with_values(parsed: ParsedBody, outs: tuple[OpOutput, ...]) -> ParsedBody:
    """The body that gives the locals of these names, where it gives nothing itself."""
    tree = parsed.tree
    if (len(outs) == 1 and outs[0].name == "result") or not tree.body or _gives(tree):
        return parsed
    if all(out.required for out in outs):
        text = f"({', '.join(out.name for out in outs)},)" if len(outs) > 1 else outs[0].name
    else:
        text = "\n".join([_OUTPUT, *[_GIVEN.format(name=out.name) for out in outs]])
    return replace(parsed, ending=text)


def _gives(tree: ast.Module) -> bool:
    """Whether a body ends in a value, returns or yields."""
    if isinstance(tree.body[-1], (ast.Expr, ast.Return)):
        return True
    kinds = (ast.Yield, ast.YieldFrom, ast.Return)
    return any(isinstance(node, kinds) for statement in tree.body for node in _own(statement))


def _own(node: ast.AST) -> list[ast.AST]:
    """A node and what is in it, without the bodies of functions."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
        return []
    return [node, *[one for child in ast.iter_child_nodes(node) for one in _own(child)]]


def graph_asset_of(
    parsed: ParsedBody,
    specs: Sequence[AssetSpec],
    *,
    can_subset: bool,
    namespace: dict[str, Any],
    origin: Origin,
    is_asset: Callable[[str], AssetKey | None],
) -> tuple[AssetsDefinition, frozenset[str]]:
    """The assets that a body puts together of ops, and the names of the ops that it uses.

    Free names are ops, then assets. Raises FaultyDefinition or InvalidDefinition for other names.
    """
    keys = [spec.key for spec in specs]
    outs = tuple([OpOutput("result")] if len(specs) == 1 else [OpOutput(k.name) for k in keys])
    name = "__".join(keys[0].path) if len(specs) == 1 else "_".join(key.name for key in keys)
    whole = parsed if len(specs) == 1 else with_values(parsed, outs)
    analysis = analyse(whole, keys[0].name if len(specs) == 1 else name, key=name)
    ops, assets = _names_of(name, analysis, namespace, is_asset, origin)
    fn = compile_body(whole, analysis, tuple(assets), namespace=namespace, key=name)
    with placed_at(origin.place):
        graph = compose(fn, name=name, out_names=tuple(out.name for out in outs))
    by_output = dict(zip([out.name for out in outs], specs, strict=True))
    parts = backed_by_graph(graph, Backing(keys_by_input_name=assets, specs=by_output))
    definition = AssetsDefinition(
        op=replace(parts.op, origin=origin, description=analysis.description),
        specs=parts.specs,
        ins=parts.ins,
        can_subset=can_subset,
        reads_by_key=parts.reads_by_key,
        strict_deps=True,
    )
    return definition, ops


def _names_of(
    name: str,
    analysis: CellAnalysis,
    namespace: Mapping[str, Any],
    is_asset: Callable[[str], AssetKey | None],
    origin: Origin,
) -> tuple[frozenset[str], dict[str, AssetKey]]:
    """The ops and the assets among the free names of a graph's body."""
    ops, assets, faults = set(), {}, []
    for free in sorted(analysis.reads.names):
        key = is_asset(free)
        if isinstance(namespace.get(free), _CALLABLE):
            ops.add(free)
        elif key is not None:
            assets[free] = key
        elif free in namespace:
            faults.append(_fault(name, f"`{free}` is a variable", _ONLY_OPS, origin))
        elif not hasattr(builtins, free):
            known = [one for one, value in namespace.items() if isinstance(value, _CALLABLE)]
            near = nearest(free, known)
            hint = f" Did you mean `{near[0]}`?" if near else ""
            faults.append(
                _fault(name, f"`{free}` is no op and no asset", f"{_ONLY_OPS}{hint}", origin)
            )
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise FaultyDefinition(name=name, faults=tuple(faults), place=origin.place)
    return frozenset(ops), assets


_ONLY_OPS = "The body of a graph calls ops and reads assets: make an op or an asset of it."


def _fault(name: str, problem: str, remedy: str, origin: Origin) -> InvalidDefinition:
    return InvalidDefinition(name=name, problem=problem, remedy=remedy, place=origin.place)
