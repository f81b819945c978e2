"""The cells of ops, graph-backed assets and multi-assets as decorated functions."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from dagbook.cells.body import CONTEXT, CellAnalysis, analyse
from dagbook.cells.define_ops import with_values
from dagbook.cells.graph_magics import GRAPH_ASSET, GRAPH_MULTI_ASSET, MULTI_ASSET, OP
from dagbook.cells.options import leading_options, parse_header
from dagbook.cells.parsing import ParsedBody, parse_body
from dagbook.cells.records import (
    GraphAssetOptions,
    GraphMultiAssetOptions,
    MultiAssetOptions,
    OpOptions,
)
from dagbook.definitions.keys import AssetKey
from dagbook.definitions.ops import OpOutput
from dagbook.errors.base import DagbookError
from dagbook.errors.render import NotPlainPython
from dagbook.export.functions import (
    BROUGHT,
    DefiningCell,
    Verbatim,
    Written,
    beginning,
    decorator,
    def_of,
    inputs_of,
    ins_of,
    with_first,
    without_options,
)
from dagbook.export.indenting import with_return
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.nodes import Input

_PUBLIC = ("AssetIn", "AssetKey", "AssetOut", "Out", "Output", "RetryPolicy")


def op_function(cell: DefiningCell) -> Written:
    """A `%%op` cell; it is no definition of its own, so that its name is not listed."""
    options = parse_header(cell.line, OP, body=leading_options(cell.body))
    if not isinstance(options, OpOptions):
        raise NotPlainPython(place=cell.place, problem="it only shows help")
    name, _, given = options.signature.strip().partition("(")
    parameters = ast.unparse(_arguments(given.removesuffix(")"))) if given else ""
    outs = [OpOutput(out.removesuffix("?"), not out.endswith("?")) for out in options.out]
    own = [
        each.arg
        for each in ast.walk(_arguments(given.removesuffix(")")))
        if isinstance(each, ast.arg)
    ]
    body, takes_context, early = _body(cell, name, outs, own=own)
    if takes_context and CONTEXT not in parameters.split(", "):
        parameters = ", ".join([CONTEXT, parameters]) if parameters else CONTEXT
    words: dict[str, Any] = {}
    if outs:
        words["out"] = {out.name: _out("Out", out.required) for out in outs}
    words |= {"description": options.description} if options.description else {}
    words |= _retrying(options.retries, options.delay)
    head = decorator("op", words)
    text = f"{head}\n{def_of(body, name, parameters)}"
    return Written(name=name, text=text, uses=_used(text, "op"), listed=False, early=early)


def several_function(cell: DefiningCell, graph: AssetGraph, taken: frozenset[str]) -> Written:
    """A `%%multi_asset`, `%%graph_asset` or `%%graph_multi_asset` cell."""
    magics: dict[str, Any] = {
        "multi_asset": MULTI_ASSET,
        "graph_asset": GRAPH_ASSET,
        "graph_multi_asset": GRAPH_MULTI_ASSET,
    }
    options = parse_header(cell.line, magics[cell.magic], body=leading_options(cell.body))
    if not isinstance(options, MultiAssetOptions | GraphAssetOptions | GraphMultiAssetOptions):
        raise NotPlainPython(place=cell.place, problem="it only shows help")
    keys = [AssetKey.from_user_string(name) for name in options.names.replace(",", " ").split()]
    node = graph.node(keys[0])
    name = "_".join(key.name for key in keys)
    name = name if name not in taken else f"{name}_asset"
    inputs = inputs_of(node.inputs, cell)
    subset = not isinstance(options, GraphAssetOptions) and options.can_subset
    computes = isinstance(options, MultiAssetOptions)
    outs = [OpOutput(key.name, not (subset and computes)) for key in keys]
    single = isinstance(options, GraphAssetOptions)
    own = [each.name for each in inputs]
    body, takes_context, early = _body(
        cell, name, [] if single else outs, inputs if computes else (), own, mapped=not computes
    )
    words: dict[str, Any] = {}
    if single:
        words |= {"name": keys[0].name} if name != keys[0].name else {}
        words |= {"key_prefix": list(keys[0].path[:-1])} if len(keys[0].path) > 1 else {}
    else:
        words["outs"] = {
            out.name: _out("AssetOut", out.required, key.path[:-1])
            for key, out in zip(keys, outs, strict=True)
        }
    words |= {"group_name": options.group} if options.group else {}
    words |= {"can_subset": True} if subset else {}
    words |= ins_of(inputs, keys[0])
    if isinstance(options, MultiAssetOptions):
        words |= _retrying(options.retries, options.delay)
    names = [CONTEXT] if takes_context else []
    parameters = ", ".join([*names, *[each.name for each in inputs]])
    text = f"{decorator(cell.magic, words)}\n{def_of(body, name, parameters)}"
    return Written(name=name, text=text, uses=_used(text, cell.magic), early=early)


def _arguments(text: str) -> ast.arguments:
    (definition,) = ast.parse(f"def f({text}): pass").body
    assert isinstance(definition, ast.FunctionDef)
    return definition.args


def _body(
    cell: DefiningCell,
    name: str,
    outs: Sequence[OpOutput],
    inputs: Sequence[Input] = (),
    own: Sequence[str] = (),
    *,
    mapped: bool = False,
) -> tuple[str, bool, tuple[str, ...]]:
    """The body that hands its values back, whether it reads the context, what it reads early.

    `mapped`: several values are handed back by their names, as graphs do.
    """
    text = without_options(cell.body)
    try:
        parsed = parse_body(text, 1, where=cell.place.where)
        whole = with_values(parsed, tuple(outs)) if outs else parsed
        analysis = analyse(whole, name)
    except DagbookError as error:
        raise NotPlainPython(place=cell.place, problem=error.title) from None
    first, early = beginning(cell, analysis, inputs, [*own, *[out.name for out in outs]])
    reads_context = CONTEXT in analysis.reads.names
    if whole is not parsed:
        text = f"{parsed.text.rstrip()}\n{_handing(outs, mapped)}"
    else:
        text = _handed(parsed, analysis, name)
    return with_first(first, text), reads_context, early


def _handed(parsed: ParsedBody, analysis: CellAnalysis, name: str) -> str:
    """The body with a `return` of its one value."""
    last = parsed.tree.body[-1]
    if isinstance(last, ast.Expr) and not isinstance(last.value, ast.Yield | ast.YieldFrom):
        return with_return(parsed.text)
    bound = not isinstance(last, ast.Return) and name in analysis.reads.assigned
    return f"{parsed.text.rstrip()}\nreturn {name}" if bound else parsed.text


def _handing(outs: Sequence[OpOutput], mapped: bool) -> str:
    names = [out.name for out in outs]
    if mapped:
        return f"return {{{', '.join(f'{name!r}: {name}' for name in names)}}}"
    if all(out.required for out in outs):
        return f"return {', '.join(names)}"
    return "\n".join(
        f"if {name!r} in locals():\n    yield Output({name}, {name!r})" for name in names
    )


def _out(kind: str, required: bool, prefix: Sequence[str] = ()) -> Verbatim:
    words = [f"key_prefix={list(prefix)!r}"] if prefix else []
    words += [] if required else ["is_required=False"]
    return Verbatim(f"{kind}({', '.join(words)})")


def _retrying(retries: int | None, delay: float | None) -> Mapping[str, Any]:
    if retries is None:
        return {}
    policy = f"RetryPolicy(max_retries={retries}, delay={delay or 0.0!r})"
    return {"retry_policy": Verbatim(policy)}


def _used(text: str, own: str) -> frozenset[str]:
    called = {
        node.func.id
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return frozenset({own, *called.intersection((*_PUBLIC, *BROUGHT))})
