"""What a body reads from outside: each name with how a change of it is noticed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from dagbook.views.tables import Cell, TableView, table, without_empty_columns

HOW_TRACKED = {
    "body": "by its code",
    "code": "by its compiled code",
    "content": "by its content",
    "weak": "weakly",
    "untracked": "not tracked",
    "package": "recorded, does not invalidate",
    "missing": "not defined",
    "asset": "an asset",
}
# The body itself is no part of what it reads.
_BODY = "body"


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


def outside_table(parts: Iterable[CodePart]) -> TableView | None:
    """A row for each part; what is known least first. None where nothing is read from outside."""
    shown = [part for part in parts if part.name != _BODY]
    order = ["untracked", "weak", "missing"]
    shown.sort(key=lambda part: order.index(part.kind) if part.kind in order else len(order))
    rows: list[list[str | Cell]] = [
        [
            Cell(text=part.name, code=True),
            HOW_TRACKED.get(part.kind, part.kind),
            part.reason if part.kind in ("untracked", "weak") else "",
        ]
        for part in shown
    ]
    if not rows:
        return None
    return without_empty_columns(table(["name", "tracked", "because"], rows))
