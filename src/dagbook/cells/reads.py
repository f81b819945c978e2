"""Definite assignment: which outer names a cell's body may read before it binds them."""

from __future__ import annotations

import ast

from dagbook.cells.flow import Flow
from dagbook.cells.paths import NOWHERE, At
from dagbook.cells.statements import STATEMENTS
from dagbook.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """What one body reads from outside, binds, and how control leaves it."""

    first: dict[str, At]
    assigned: frozenset[str]
    bound_at_end: frozenset[str] | None
    returns: tuple[At, ...]
    yields: bool
    awaits: bool
    strings: tuple[tuple[str, At], ...]

    @property
    def names(self) -> frozenset[str]:
        """The names that may be read from outside."""
        return frozenset(self.first)

    @property
    def end_reachable(self) -> bool:
        """Whether control can fall off the end of the body."""
        return self.bound_at_end is not None

    def binds_for_sure(self, name: str) -> bool:
        """Whether `name` is bound on every path that reaches the end."""
        return self.bound_at_end is None or name in self.bound_at_end


def may_read_before_binding(tree: ast.Module) -> Reads:
    """Find every outer name that the body may read before binding it, on some path.

    Args:
        tree: the parsed body, its statements those of a function to be.

    Returns:
        The reads with the place of the first one each, and the names the body makes local.

    Example:
        >>> reads = may_read_before_binding(ast.parse("orders = orders.dropna()"))
        >>> sorted(reads.names), sorted(reads.assigned)
        (['orders'], ['orders'])
    """
    flow = Flow(STATEMENTS, {})
    flow.block(tree.body)
    end = flow.bound
    flow.finish()
    return Reads(
        first=flow.first,
        assigned=frozenset(flow.assigned),
        bound_at_end=None if end is NOWHERE else frozenset(end),
        returns=tuple(flow.returns),
        yields=flow.yields,
        awaits=flow.awaits,
        strings=tuple((text, at) for at, text in flow.strings),
    )
