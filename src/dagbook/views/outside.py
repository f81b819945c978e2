"""What a body reads from outside: each name with how a change of it is noticed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from dagbook.views.tables import Cell, Column, TableView, table, without_empty_columns

HOW_TRACKED = {
    "body": "by its code",
    "code": "by its compiled code",
    "content": "by its content",
    "weak": "a change may stay unseen",
    "untracked": "not tracked",
    "package": "recorded, does not invalidate",
    "missing": "not defined",
    "asset": "an asset",
}
# A change of these may not be seen: the least known first.
DOUBTFUL = ("untracked", "weak")
# The body itself is no part of what it reads, nor is the function of an op, which stands there by
# the op's own name.
_BODY, _OF_OP = "body", "op "


class CodePart(Protocol):
    """One thing that an asset's code reaches, and how it is followed."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def text(self) -> str: ...


def outside_table(parts: Iterable[CodePart], *, ops: bool = False) -> TableView | None:
    """A row for each part; what is known least first. None where nothing is read from outside.

    `ops`: the code is that of a graph of ops, each of which has a function of its own.
    """
    shown = [part for part in parts if part.name != _BODY and not (ops and _is_function(part))]
    order = [*DOUBTFUL, "missing"]
    shown.sort(key=lambda part: order.index(part.kind) if part.kind in order else len(order))
    rows: list[list[str | Cell]] = [
        [
            Cell(text=_name(part, ops), code=True),
            _how(part),
            part.reason,
        ]
        for part in shown
    ]
    if not rows:
        return None
    return without_empty_columns(
        table(["name", "tracked", Column(name="because", said=True)], rows)
    )


def _how(part: CodePart) -> str:
    reads = part.kind == "package" and bool(part.reason)
    return "may read files unseen" if reads else HOW_TRACKED.get(part.kind, part.kind)


def _is_function(part: CodePart) -> bool:
    return part.name.startswith(_OF_OP) and "." not in part.name


def _name(part: CodePart, ops: bool) -> str:
    """A default of an op's function is called after the parameter."""
    of_op = ops and part.name.startswith(_OF_OP)
    return part.name.partition(".")[2] if of_op else part.name
