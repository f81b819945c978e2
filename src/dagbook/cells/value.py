"""How a body gives the value of its asset."""

from __future__ import annotations

import ast
from enum import Enum

from dagbook.cells.parsing import ParsedBody
from dagbook.cells.paths import At
from dagbook.cells.reads import Reads
from dagbook.errors.cells import NoValue
from dagbook.records import dataclass


class Gives(Enum):
    """The ways in which a body may give its value."""

    EXPRESSION = "expression"
    RETURN = "return"
    YIELD = "yield"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueForm:
    """How the value is given, and by which local where it is one.

    `sure` is false where the local may be unbound at the end. `hides_local` is true where the
    last expression is the value and looks at a local of the asset's own name, as `raw.head()` does.
    `calls` is what a last expression calls, such as `plt.show`.
    """

    gives: Gives
    name: str
    sure: bool = True
    hides_local: bool = False
    calls: str = ""


def value_form(tree: ast.Module, reads: Reads, asset_name: str) -> ValueForm | None:
    """Decide how the body gives its value; None where it gives none.

    Example:
        >>> from dagbook.cells.reads import may_read_before_binding
        >>> tree = ast.parse("orders = 1")
        >>> value_form(tree, may_read_before_binding(tree), "orders").gives
        <Gives.NAME: 'name'>
    """
    local = asset_name in reads.assigned
    if reads.yields:
        return ValueForm(gives=Gives.YIELD, name=asset_name)
    if tree.body and isinstance(last := tree.body[-1], ast.Expr) and reads.end_reachable:
        hides = local and _looks_at(last.value, asset_name)
        calls = ast.unparse(last.value.func) if isinstance(last.value, ast.Call) else ""
        return ValueForm(gives=Gives.EXPRESSION, name=asset_name, hides_local=hides, calls=calls)
    if reads.returns and not reads.end_reachable:
        return ValueForm(gives=Gives.RETURN, name=asset_name)
    if local:
        return ValueForm(gives=Gives.NAME, name=asset_name, sure=reads.binds_for_sure(asset_name))
    if tree.body and not reads.end_reachable:
        return ValueForm(gives=Gives.RETURN, name=asset_name)  # it raises when it is run
    return None


def _looks_at(value: ast.expr, name: str) -> bool:
    """Whether an expression is a part of a variable, a method of it, or a function of it alone."""
    inner = value
    while isinstance(inner, ast.Attribute | ast.Subscript | ast.Call | ast.Await):
        if isinstance(inner, ast.Call):
            alone = isinstance(inner.func, ast.Name) and len(inner.args) == 1
            inner = inner.args[0] if alone else inner.func
        else:
            inner = inner.value
    return inner is not value and isinstance(inner, ast.Name) and inner.id == name


def no_value(parsed: ParsedBody, reads: Reads, asset: str) -> NoValue:
    """The error of a body without a value, at the statement that it ends with."""
    if parsed.tree.body:
        last = parsed.tree.body[-1]
        at = At(last.lineno, last.col_offset)
    else:
        at = At(parsed.first_line, 0)
    return NoValue(place=parsed.place(at), asset=asset, returns=bool(reads.returns))
