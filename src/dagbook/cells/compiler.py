"""A body turned into a function whose locals are the body's own."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any

from dagbook.cells.body import CONTEXT, CellAnalysis
from dagbook.cells.parsing import TEXTS_KEPT, ParsedBody, position, syntax_error, written
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
_CAPTURE = """
from dagbook.cells.capture import remember as _dagbook_remember
_dagbook_remember
locals()
"""


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
    try:
        code = _code(parsed, analysis, tuple(inputs), key or analysis.name, capture)
    except SyntaxError as error:
        raise syntax_error(error, parsed.text, parsed.first_line, parsed.where) from None
    return FunctionType(code, namespace, analysis.name)


@lru_cache(maxsize=TEXTS_KEPT)
def _code(
    parsed: ParsedBody, analysis: CellAnalysis, inputs: tuple[str, ...], key: str, capture: bool
) -> CodeType:
    definition = _definition(parsed, analysis, inputs, key, capture)
    module = ast.Module(body=[definition], type_ignores=[])
    compiled = compile(module, parsed.filename, "exec", dont_inherit=True)
    return next(constant for constant in compiled.co_consts if isinstance(constant, CodeType))


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
    outer = [
        part for name in sorted(early) for part in written(_OUTER_VALUE.format(name=name), line)
    ]
    body = outer + _valued(statements, analysis, key)
    if capture:
        body = _captured(body, parsed, analysis)
    kind: Any = ast.AsyncFunctionDef if analysis.is_async else ast.FunctionDef
    arguments = [ast.arg(arg=name, **position(line)) for name in parameters]
    definition: ast.stmt = kind(
        name=analysis.name,
        args=ast.arguments(
            posonlyargs=[], args=arguments, kwonlyargs=[], kw_defaults=[], defaults=[]
        ),
        body=parsed.tree.body[:described] + body,
        decorator_list=[],
        type_params=[],
        **position(max(1, line - 1)),  # the line of the magic, where there is one
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
        return [*statements, *written(_UNSURE_VALUE.format(name=form.name, key=key), line)]
    value = ast.Name(id=form.name, ctx=ast.Load(), **position(line))
    return [*statements, ast.Return(value=value, **position(line))]


def _captured(
    statements: list[ast.stmt], parsed: ParsedBody, analysis: CellAnalysis
) -> list[ast.stmt]:
    """The statements, the locals remembered wherever they return.

    Around what is returned, and not in a `finally`: that would be the last line to run in a frame
    that raised, and the one that some tracebacks show.
    """
    line, name = parsed.first_line, parsed.filename
    if not analysis.is_generator:
        # Without returns of its own, a body has the one that was put at its end.
        at = 0 if analysis.reads.returns else len(statements) - 1
        changed = [_with_returns(statement, name) for statement in statements[at:]]
        statements = [*statements[:at], *changed]
    start = written(_CAPTURE, line)[0]
    if isinstance(statements[-1], ast.Return):
        return [start, *statements]
    return [start, *statements, ast.Expr(_remembering(name, line, []), **position(line))]


def _with_returns(node: Any, filename: str) -> Any:
    """A statement whose returns remember the locals; those of functions within are their own.

    The tree serves other compilations too, and so what holds statements is copied.
    """
    if isinstance(node, ast.Return):
        value = [] if node.value is None else [node.value]
        call = _remembering(filename, node.lineno, value)
        if node.value is not None:
            ast.copy_location(call, node.value)
        return ast.copy_location(ast.Return(value=call), node)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return node
    fields = vars(node)
    changed = {
        field: [_with_returns(one, filename) for one in fields[field]]
        for field in ("body", "orelse", "finalbody", "handlers", "cases")
        if field in fields
    }
    return type(node)(**{**fields, **changed}) if changed else node


def _remembering(filename: str, line: int, value: list[ast.expr]) -> ast.Call:
    """The call that keeps the locals and gives the value back."""
    _, remember, names = written(_CAPTURE, line)
    at = position(line)
    arguments = [ast.Constant(value=filename, **at), names.value, *value]
    return ast.Call(func=remember.value, args=arguments, keywords=[], **at)
