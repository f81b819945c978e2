"""The states of a flow analysis: what is bound on a path, and where in the text that was seen."""

from __future__ import annotations

import ast
from typing import Any, NamedTuple


class At(NamedTuple):
    """A position in a body: the line from 1, the column in UTF-8 bytes from 0, as `ast` counts."""

    line: int
    column: int
    end_column: int | None = None


class _Nowhere(set[str]):
    """The state of code that is never reached: everything counts as bound there."""

    def __contains__(self, name: object) -> bool:
        return True

    def add(self, name: str) -> None:
        pass

    def copy(self) -> _Nowhere:
        return self

    def __or__(self, other: Any) -> _Nowhere:  # type: ignore[override]
        return self


NOWHERE: set[str] = _Nowhere()


def meet(one: set[str], other: set[str]) -> set[str]:
    """What is bound where two paths join."""
    if one is NOWHERE or one is other:
        return other
    return one if other is NOWHERE else one & other


def at(node: ast.expr | ast.stmt | ast.excepthandler) -> At:
    return At(node.lineno, node.col_offset, node.end_col_offset)
