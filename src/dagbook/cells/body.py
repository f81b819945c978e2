"""What a definition needs to know of its body: what it reads, how it gives its value, its faults."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import lru_cache

from dagbook.cells.forbidden import forbidden_names, forbidden_statements, self_reference
from dagbook.cells.parsing import TEXTS_KEPT, ParsedBody
from dagbook.cells.reads import Reads, may_read_before_binding
from dagbook.cells.strings import StringLiteral
from dagbook.cells.value import ValueForm, no_value, value_form
from dagbook.errors.base import DagbookError
from dagbook.errors.cells import DefinitionFaults
from dagbook.records import dataclass

CONTEXT = "context"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellAnalysis:
    """What one body reads, gives and is; names that no asset has are reads of globals."""

    name: str
    reads: Reads
    value: ValueForm
    is_async: bool
    is_generator: bool
    uses_context: bool
    description: str | None
    strings: tuple[StringLiteral, ...]


def analyse(parsed: ParsedBody, asset_name: str, *, key: str | None = None) -> CellAnalysis:
    """Learn from a body what its asset reads and how it gives its value.

    Args:
        parsed: the body.
        asset_name: the local name that the asset's value may be bound to.
        key: what messages call the asset; its name where None.

    Returns:
        The analysis.

    Raises:
        DagbookError: a fault of the body, or DefinitionFaults with all of them.

    Example:
        >>> from dagbook.cells.parsing import parse_body
        >>> analyse(parse_body("orders[orders.amount > 10]"), "large").reads.names
        frozenset({'orders'})
    """
    return _analysis(parsed, asset_name, key or asset_name)


@lru_cache(maxsize=TEXTS_KEPT)
def _analysis(parsed: ParsedBody, asset_name: str, key: str) -> CellAnalysis:
    reads = may_read_before_binding(parsed.tree)
    form = value_form(parsed.tree, reads, asset_name)
    faults: list[DagbookError] = [
        *forbidden_statements(parsed),
        *forbidden_names(parsed, reads),
        *self_reference(parsed, reads, asset_name, key),
    ]
    if form is None:
        faults.append(no_value(parsed, reads, key))
    raise_faults(key, faults)
    assert form is not None
    return CellAnalysis(
        name=asset_name,
        reads=reads,
        value=form,
        is_async=reads.awaits,
        is_generator=reads.yields,
        uses_context=CONTEXT in reads.first,
        description=description(parsed.tree),
        strings=tuple(StringLiteral(text=text, at=at) for text, at in reads.strings),
    )


def description(tree: ast.Module) -> str | None:
    """The first string literal of a body that goes on after it."""
    return ast.get_docstring(tree) if len(tree.body) > 1 else None


def raise_faults(name: str, faults: Iterable[DagbookError]) -> None:
    """Raise the only fault as it is, and several as one error that lists them."""
    found = tuple(faults)
    if len(found) == 1:
        raise found[0]
    if found:
        raise DefinitionFaults(name=name, faults=found)
