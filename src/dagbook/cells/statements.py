"""What each statement binds and reads, and where control goes after it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from dagbook.cells.flow import Flow
from dagbook.cells.paths import NOWHERE, at, meet

# Called in a `with`, these may swallow an exception, so that what follows runs with less bound.
SUPPRESSORS = frozenset({"suppress", "raises", "assertRaises", "assertRaisesRegex"})


def _assign(flow: Flow, node: ast.Assign) -> None:
    target = node.targets[0]
    if isinstance(node.value, ast.Lambda) and isinstance(target, ast.Name) and not node.targets[1:]:
        free = flow.closure(node.value)
        flow.bind(target.id)
        flow.pending.setdefault(target.id, []).append(free)
        return
    flow.expr(node.value)
    for target in node.targets:
        flow.target(target)


def _augment(flow: Flow, node: ast.AugAssign) -> None:
    flow.expr(node.target)
    flow.expr(node.value)
    flow.target(node.target)


def _annotate(flow: Flow, node: ast.AnnAssign) -> None:
    """The annotation of a local is never evaluated; that of a class attribute is."""
    if flow.outer is not None:
        flow.expr(node.annotation)
    if node.value is not None:
        flow.expr(node.value)
        flow.target(node.target)
    elif not isinstance(node.target, ast.Name):
        flow.expr(node.target)
    elif flow.outer is None:
        flow.assigned.add(node.target.id)


def _delete(flow: Flow, node: ast.Delete) -> None:
    """A deleted name was read, and what it is from here on is decided inside."""
    for target in node.targets:
        for part in target.elts if isinstance(target, ast.Tuple | ast.List) else [target]:
            flow.expr(part)
            if isinstance(part, ast.Name):
                flow.bind(part.id)


def _if(flow: Flow, node: ast.If) -> None:
    holds, fails = flow.split(node.test)
    flow.bound = holds.copy()
    flow.block(node.body)
    after, flow.bound = flow.bound, fails.copy()
    flow.block(node.orelse)
    flow.bound = meet(after, flow.bound)


def _for(flow: Flow, node: ast.For | ast.AsyncFor) -> None:
    flow.awaits |= isinstance(node, ast.AsyncFor)
    flow.expr(node.iter)
    entry, breaks, flow.breaks = flow.bound, flow.breaks, NOWHERE
    for _ in range(2):
        known = len(flow.closures)
        flow.bound = entry.copy()
        flow.target(node.target)
        flow.block(node.body)
        if len(flow.closures) == known:
            break  # else a second round may call a function that the first one defined
    flow.bound, inner, flow.breaks = entry.copy(), flow.breaks, breaks
    flow.block(node.orelse)
    flow.bound = meet(flow.bound, inner)


def _while(flow: Flow, node: ast.While) -> None:
    holds, fails = flow.split(node.test)
    breaks, flow.breaks = flow.breaks, NOWHERE
    for _ in range(2):
        known = len(flow.closures)
        flow.bound = holds.copy()
        flow.block(node.body)
        if len(flow.closures) == known:
            break
        flow.split(node.test)
    inner, flow.breaks = flow.breaks, breaks
    flow.bound = fails.copy()
    flow.block(node.orelse)
    flow.bound = meet(flow.bound, inner)


def _with(flow: Flow, node: ast.With | ast.AsyncWith) -> None:
    flow.awaits |= isinstance(node, ast.AsyncWith)
    suppressed: set[str] = NOWHERE
    for item in node.items:
        flow.expr(item.context_expr)
        if suppressed is NOWHERE and _suppresses(item.context_expr):
            suppressed = flow.bound.copy()
        if item.optional_vars is not None:
            flow.target(item.optional_vars)
    flow.block(node.body)
    flow.bound = meet(flow.bound, suppressed)


def _suppresses(manager: ast.expr) -> bool:
    called = manager.func if isinstance(manager, ast.Call) else manager
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in SUPPRESSORS


def _try(flow: Flow, node: ast.Try | ast.TryStar) -> None:
    """A handler, and what is final, may start with no more bound than the `try` itself."""
    entry = flow.bound.copy()
    flow.block(node.body)
    flow.block(node.orelse)
    after = flow.bound
    for handler in node.handlers:
        flow.bound = entry.copy()
        if handler.type is not None:
            flow.expr(handler.type)
        if handler.name is not None:
            flow.bind(handler.name)
        flow.block(handler.body)
        after = meet(after, flow.bound)
    flow.bound = entry
    flow.block(node.finalbody)
    flow.bound = flow.bound if flow.bound is NOWHERE else after | flow.bound


def _match(flow: Flow, node: ast.Match) -> None:
    flow.expr(node.subject)
    entry, after = flow.bound, NOWHERE
    exhaustive = False
    for case in node.cases:
        flow.bound = entry.copy()
        _pattern(flow, case.pattern)
        if case.guard is not None:
            flow.bound = flow.split(case.guard)[0].copy()
        elif isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None:
            exhaustive = True
        flow.block(case.body)
        after = meet(after, flow.bound)
    flow.bound = after if exhaustive else meet(after, entry)


def _pattern(flow: Flow, pattern: ast.pattern) -> None:
    for part in ast.iter_child_nodes(pattern):
        if isinstance(part, ast.pattern):
            _pattern(flow, part)
        elif isinstance(part, ast.expr):
            flow.expr(part)
    name = getattr(pattern, "rest", None) or getattr(pattern, "name", None)
    if name is not None:
        flow.bind(name)


def _assert(flow: Flow, node: ast.Assert) -> None:
    holds, flow.bound = flow.split(node.test)
    if node.msg is not None:
        flow.expr(node.msg)
    flow.bound = holds


def _import(flow: Flow, node: ast.Import | ast.ImportFrom) -> None:
    for alias in node.names:
        if alias.name != "*":
            flow.bind(alias.asname or alias.name.split(".")[0])


def _return(flow: Flow, node: ast.Return) -> None:
    if node.value is not None:
        flow.expr(node.value)
    flow.returns.append(at(node))
    flow.bound = NOWHERE


def _raise(flow: Flow, node: ast.Raise) -> None:
    for part in (node.exc, node.cause):
        if part is not None:
            flow.expr(part)
    flow.bound = NOWHERE


def _break(flow: Flow, node: ast.Break) -> None:
    if flow.breaks is not None:  # else there is no loop, which compiling reports
        flow.breaks = meet(flow.breaks, flow.bound)
        flow.bound = NOWHERE


def _continue(flow: Flow, node: ast.Continue) -> None:
    if flow.breaks is not None:
        flow.bound = NOWHERE


def _expression(flow: Flow, node: ast.Expr) -> None:
    """A bare string is a note to the reader, so its words are no hint of a dependency."""
    if not (isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)):
        flow.expr(node.value)


def _outer(flow: Flow, node: ast.Global | ast.Nonlocal) -> None:
    flow.rebinds.update(node.names)


def _alias(flow: Flow, node: Any) -> None:
    flow.annotations(node, [node.value])
    flow.bind(node.name.id)


def _pass(flow: Flow, node: ast.Pass) -> None:
    """Nothing happens."""


STATEMENTS: dict[type[ast.AST], Callable[[Any, Any], None]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AugAssign: _augment,
    ast.AnnAssign: _annotate,
    ast.Delete: _delete,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.Match: _match,
    ast.Assert: _assert,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Global: _outer,
    ast.Nonlocal: _outer,
    ast.Pass: _pass,
    ast.FunctionDef: lambda flow, node: flow.function(node),
    ast.AsyncFunctionDef: lambda flow, node: flow.function(node),
    ast.ClassDef: lambda flow, node: flow.class_(node),
}
if (_type_alias := getattr(ast, "TypeAlias", None)) is not None:  # since Python 3.12
    STATEMENTS[_type_alias] = _alias
