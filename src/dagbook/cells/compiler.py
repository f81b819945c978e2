"""A body turned into a function whose locals are the body's own."""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence
from types import CodeType, FunctionType
from typing import Any

from dagbook.cells.body import CONTEXT, CellAnalysis
from dagbook.cells.parsing import ParsedBody, syntax_error
from dagbook.cells.value import Gives

# An inner function is the one way to read a global that has the name of a local. It keeps the
# function free of closures, so that it pickles, and names the global where tools look for it.
_OUTER_VALUE = """
def _dagbook_outer():
    global {name}
    return {name}
try:
    {name} = _dagbook_outer()
except NameError:
    pass
del _dagbook_outer
"""
_UNSURE_VALUE = """
try:
    return {name}
except NameError:
    from dagbook.errors.cells import UnboundValue as _dagbook_unbound
    raise _dagbook_unbound(asset={key!r}) from None
"""
_REMEMBER = "_dagbook_remember"


def compile_body(
    parsed: ParsedBody,
    analysis: CellAnalysis,
    inputs: Sequence[str],
    *,
    namespace: dict[str, Any],
    key: str | None = None,
    capture: bool = False,
) -> FunctionType:
    """Compile a body into `def name(inputs…)`, its lines numbered as in the cell.

    A name that the body both binds and reads before, and that is no input, starts with the value
    that the notebook has for it. A body that reads `context` takes it as its first parameter.

    Args:
        parsed: the body.
        analysis: what `analyse` found of it.
        inputs: the parameters, in order; each must be an identifier.
        namespace: the globals of the function, the very dict.
        key: what messages call the asset; its name where None.
        capture: keep the locals of runs that succeed, for `dagbook.cells.capture.recall`.

    Returns:
        The function; it is asynchronous or a generator where the body is.

    Raises:
        BodySyntaxError: what only compiling finds, such as a `break` outside a loop.

    Example:
        >>> from dagbook.cells.body import analyse
        >>> from dagbook.cells.parsing import parse_body
        >>> parsed = parse_body("orders = orders + 1; orders * 2")
        >>> compile_body(parsed, analyse(parsed, "double"), ["orders"], namespace={})(20)
        42
    """
    definition = _definition(parsed, analysis, inputs, key or analysis.name, capture)
    module = ast.Module(body=[definition], type_ignores=[])
    try:
        compiled = compile(module, parsed.filename, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise syntax_error(error, parsed.text, parsed.first_line, parsed.where) from None
    code = next(constant for constant in compiled.co_consts if isinstance(constant, CodeType))
    return FunctionType(code, namespace, analysis.name)


def _definition(
    parsed: ParsedBody, analysis: CellAnalysis, inputs: Sequence[str], key: str, capture: bool
) -> ast.stmt:
    line = parsed.first_line
    parameters = list(inputs)
    if analysis.uses_context and CONTEXT not in parameters:
        parameters.insert(0, CONTEXT)
    described = int(analysis.description is not None)
    statements = parsed.tree.body[described:]
    early = analysis.reads.assigned.intersection(analysis.reads.first).difference(parameters)
    outer = [part for name in sorted(early) for part in _written(_OUTER_VALUE, line, name=name)]
    body = outer + _valued(statements, analysis, key)
    if capture:
        body = _captured(body, parsed, analysis)
    kind: Any = ast.AsyncFunctionDef if analysis.is_async else ast.FunctionDef
    arguments = [ast.arg(arg=name, **_position(line)) for name in parameters]
    definition: ast.stmt = kind(
        name=analysis.name,
        args=ast.arguments(
            posonlyargs=[], args=arguments, kwonlyargs=[], kw_defaults=[], defaults=[]
        ),
        body=parsed.tree.body[:described] + body,
        decorator_list=[],
        type_params=[],
        **_position(max(1, line - 1)),  # the line of the magic, where there is one
    )
    return definition


def _valued(statements: list[ast.stmt], analysis: CellAnalysis, key: str) -> list[ast.stmt]:
    """The statements, the value handed back at their end."""
    form = analysis.value
    last = statements[-1]
    if form.gives is Gives.EXPRESSION and isinstance(last, ast.Expr):
        return [*statements[:-1], ast.copy_location(ast.Return(value=last.value), last)]
    if form.gives is not Gives.NAME:
        return statements
    line = last.end_lineno or last.lineno
    if not form.sure:
        return [*statements, *_written(_UNSURE_VALUE, line, name=form.name, key=key)]
    value = ast.Name(id=form.name, ctx=ast.Load(), **_position(line))
    return [*statements, ast.Return(value=value, **_position(line))]


def _captured(
    statements: list[ast.stmt], parsed: ParsedBody, analysis: CellAnalysis
) -> list[ast.stmt]:
    """The statements, the locals remembered wherever they return.

    Around what is returned, and not in a `finally`: that would be the last line to run in a frame
    that raised, and the one that some tracebacks show.
    """
    returns = _Returns(parsed.filename)
    changed = statements
    if not analysis.is_generator:
        # The tree serves other compilations too, and so it is copied where it has to change.
        lines = [at.line for at in analysis.reads.returns]
        changed = [_with_returns(statement, lines, returns) for statement in statements]
    here = _position(parsed.first_line)
    name = ast.alias(name="remember", asname=_REMEMBER, **here)
    start = ast.ImportFrom(module="dagbook.cells.capture", names=[name], level=0, **here)
    if isinstance(changed[-1], ast.Return):
        return [start, *changed]
    return [start, *changed, ast.Expr(_remembering(parsed.filename, here, []), **here)]


def _with_returns(statement: ast.stmt, lines: list[int], returns: _Returns) -> ast.stmt:
    """A statement whose returns, which stand on these lines, remember the locals."""
    if isinstance(statement, ast.Return):
        return returns.visit_Return(statement)
    last = statement.end_lineno or statement.lineno
    if not any(statement.lineno <= line <= last for line in lines):
        return statement
    changed: ast.stmt = returns.visit(copy.deepcopy(statement))
    return changed


def _remembering(filename: str, at: dict[str, Any], value: list[ast.expr]) -> ast.Call:
    """The call that keeps the locals and gives the value back."""
    names = ast.Call(func=ast.Name(id="locals", ctx=ast.Load(), **at), args=[], keywords=[], **at)
    return ast.Call(
        func=ast.Name(id=_REMEMBER, ctx=ast.Load(), **at),
        args=[ast.Constant(value=filename, **at), names, *value],
        keywords=[],
        **at,
    )


class _Returns(ast.NodeTransformer):
    """Has the returns of a body remember its locals; those of functions within are their own."""

    def __init__(self, filename: str) -> None:
        self._filename = filename

    def visit_Return(self, node: ast.Return) -> ast.stmt:
        at = _position(node.lineno)
        value = [node.value] if node.value is not None else []
        call = _remembering(self._filename, at, value)
        if node.value is not None:
            ast.copy_location(call, node.value)
        return ast.copy_location(ast.Return(value=call), node)

    def _left_alone(self, node: ast.AST) -> ast.AST:
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = _left_alone


def _position(line: int) -> dict[str, Any]:
    return {"lineno": line, "end_lineno": line, "col_offset": 0, "end_col_offset": 0}


def _written(template: str, line: int, **names: str) -> list[ast.stmt]:
    """Our own statements, all of them on one line of the cell."""
    tree = ast.parse(template.format(**names))
    for node in ast.walk(tree):
        if hasattr(node, "lineno"):
            vars(node).update(_position(line))
    return tree.body
