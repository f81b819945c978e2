"""Which statements of an ordinary cell definitions need, and which only run or show something."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from types import ModuleType
from typing import Any

from dagbook.cells.reads import may_read_before_binding
from dagbook.definitions.assets import AssetsDefinition
from dagbook.engine.once import materialize
from dagbook.engine.workspace import Workspace
from dagbook.headless.functions import (
    Function,
    asked_of_workspaces,
    names_in,
    own_code,
    own_functions,
)
from dagbook.headless.magics import (
    DEFINING,
    SHOWING,
    loads_assets,
    magic_calls,
    taken_for_a_body,
)
from dagbook.records import dataclass

# Methods of a workspace that run assets, hand out what they gave, or tell how they stand.
RUNNING = frozenset(
    {
        "accept",
        "check_statuses",
        "durations",
        "explain",
        "failing_rows",
        "history",
        "kept_value",
        "materialize",
        "observe",
        "pin",
        "plan",
        "select",
        "standing",
        "start",
        "status",
        "statuses",
        "value",
    }
)
# Methods of AssetsDefinition that make one of a graph or an op.
MAKING = frozenset({"from_graph", "from_op"})
CONTAINERS = (list, dict, set, bytearray)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known when a cell's turn comes.

    `is_asset`: whether a name that nothing binds stands for an asset's value; `namespace`: the
    notebook's variables; `left`: names that were left out, and the words that say by which cell.
    """

    is_asset: Callable[[str], bool]
    namespace: Mapping[str, Any]
    left: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What becomes of a cell: the places of the statements left out, why, and the names they bind.

    `kept_names` are those that the other statements bind.
    """

    dropped: frozenset[int] = frozenset()
    reasons: tuple[str, ...] = ()
    left_names: frozenset[str] = frozenset()
    kept_names: frozenset[str] = frozenset()


def judge(tree: ast.Module, known: Known) -> Judgement:
    """Judge an ordinary cell, its magics turned into calls.

    A statement that runs or shows assets by a magic is left out alone. A cell that reads what an
    asset gave is left out but for what holds without it: imports, functions, classes, constants.
    """
    if taken_for_a_body(tree):
        return Judgement()  # it runs, and the magic says what was meant
    reasons = _reasons(tree.body, known)
    reading = any(reason is not None and not reason.alone for reason in reasons)
    dropped = {
        place
        for place, (statement, reason) in enumerate(zip(tree.body, reasons, strict=True))
        if reason is not None or (reading and not _holds_alone(statement))
    }
    _drop_rebound(tree.body, dropped)
    left, kept = (
        bound_names(tree.body, dropped),
        bound_names(tree.body, set(range(len(tree.body))) - dropped),
    )
    changed = {name for place in dropped for name in _changed(tree.body[place], known.namespace)}
    return Judgement(
        dropped=frozenset(dropped),
        reasons=tuple(dict.fromkeys(reason.why for reason in reasons if reason and reason.why)),
        left_names=frozenset((left | changed) - kept),
        kept_names=frozenset(kept),
    )


@dataclass(frozen=True, slots=True)
class _Reason:
    why: str
    alone: bool = False


def _reasons(body: Sequence[ast.stmt], known: Known) -> list[_Reason | None]:
    functions = own_functions(body)
    bound: set[str] = set()
    workspaces: set[str] = set()
    left = dict(known.left)
    found: list[_Reason | None] = []
    for statement in body:
        names = bound_names([statement], {0})
        reason = _by_magic(statement) or _by_value(statement, known, workspaces, functions)
        reason = reason or _by_name(statement, known, functions, bound, left)
        if reason is None:
            bound |= names
            workspaces |= names if _makes_workspace(statement) else set()
            for name in names:
                left.pop(name, None)
        else:
            bound -= names
            left |= dict.fromkeys(names, "")  # by this very cell, whose reason is told anyway
        found.append(reason)
    return found


def _by_magic(statement: ast.stmt) -> _Reason | None:
    for kind, name, text in magic_calls(statement):
        if kind == "line" and name in SHOWING:
            return _Reason(f"%{name}", alone=True)
        if kind == "line" and name == "load_ext" and text.strip() == "dagbook":
            return _Reason("", alone=True)  # loaded already, and nothing to tell
        if kind == "cell" and name in DEFINING:
            return None
    return None


def _by_value(
    statement: ast.stmt,
    known: Known,
    workspaces: set[str],
    functions: Mapping[str, Function],
) -> _Reason | None:
    """Values asked for by name: `flights.value` of a definition, `workspace.materialize()`."""
    for node in ast.walk(own_code(statement)):
        if not isinstance(node, ast.Attribute | ast.Call):
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            asking = asked_of_workspaces(node.func.id, functions, known.namespace) & RUNNING
            if asking:
                return _Reason(f"asks the workspace through {node.func.id}(): .{min(asking)}")
        target = node.func if isinstance(node, ast.Call) else node
        if isinstance(node, ast.Call) and _object(target, known.namespace) is materialize:
            return _Reason("runs assets with materialize()")
        if not isinstance(target, ast.Attribute):
            continue
        owner = _object(target.value, known.namespace)
        if target.attr == "value" and isinstance(owner, AssetsDefinition):
            return _Reason(f"reads the asset {' '.join(map(str, owner.keys))}")
        if target.attr in RUNNING and (
            isinstance(owner, Workspace)
            or _calls_workspace(target.value)
            or (isinstance(target.value, ast.Name) and target.value.id in workspaces)
        ):
            return _Reason(f"asks the workspace: .{target.attr}")
    return None


def _by_name(
    statement: ast.stmt,
    known: Known,
    functions: Mapping[str, Function],
    bound: set[str],
    left: Mapping[str, str],
) -> _Reason | None:
    module = ast.Module(body=[own_code(statement)], type_ignores=[])
    todo = [(name, "") for name in sorted(may_read_before_binding(module).names)]
    seen: set[str] = set()
    for name, through in todo:
        if name in seen:
            continue
        seen.add(name)
        via = f" through {through}()" if through else ""
        if name in left:
            by = left[name]
            return _Reason(f"reads {name}{via}, which {by} binds" if by else "")
        inside = names_in(name, functions, known.namespace)
        if inside:
            todo += [(inner, through or name) for inner in sorted(inside)]
        elif name not in bound and name not in known.namespace and known.is_asset(name):
            return _Reason(f"reads the asset {name}{via}")
    return None


def _holds_alone(statement: ast.stmt) -> bool:
    """Whether a statement means the same without the rest of its cell."""
    if loads_assets(statement):
        return True
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.ClassDef():
            return True
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return True
        case ast.Assign(value=ast.Call(func=ast.Attribute(attr=attr))) if attr in MAKING:
            return True
        case ast.Assign(value=value) | ast.AnnAssign(value=value):
            return isinstance(value, ast.Lambda) or _is_constant(value)
        case _:
            return False


def _is_constant(value: ast.expr | None) -> bool:
    """Whether it is a literal that nothing can change later: a number, a text, a tuple of such."""
    match value:
        case ast.Constant():
            return True
        case ast.UnaryOp(operand=operand):
            return _is_constant(operand)
        case ast.Tuple(elts=parts):
            return all(map(_is_constant, parts))
        case _:
            return False


def _drop_rebound(body: Sequence[ast.stmt], dropped: set[int]) -> None:
    """What a statement left out would bind anew must not be seen with an earlier value."""
    left = bound_names(body, dropped)
    dropped |= {
        place
        for place, statement in enumerate(body)
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        and bound_names([statement], {0}) & left
    }


def bound_names(body: Sequence[ast.stmt], places: set[int]) -> set[str]:
    """The names that the statements at these places bind."""
    chosen = [own_code(body[place]) for place in sorted(places)]
    return set(may_read_before_binding(ast.Module(body=chosen, type_ignores=[])).assigned)


def _changed(statement: ast.stmt, namespace: Mapping[str, Any]) -> set[str]:
    """Variables that the statement may change in place: containers by methods, others by items."""
    found = set()
    for node in ast.walk(own_code(statement)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
                if isinstance(namespace.get(name), CONTAINERS):
                    found.add(name)
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                found.add(name)
    return found


def _object(node: ast.expr, namespace: Mapping[str, Any]) -> Any:
    """What a name, or a name in a module, stands for now; None where that takes running code."""
    if isinstance(node, ast.Name):
        return namespace.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _object(node.value, namespace)
        if owner is sys.modules["dagbook"]:
            # Its names are loaded with their first use.
            return getattr(owner, node.attr, None)
        return vars(owner).get(node.attr) if isinstance(owner, ModuleType) else None
    return None


def _makes_workspace(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and _calls_workspace(statement.value)


def _calls_workspace(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    name = node.func.id if isinstance(node.func, ast.Name) else name
    return name in ("workspace", "Workspace")
