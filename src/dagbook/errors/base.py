"""What every error of dagbook is: fields first, the sentence made from them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from dagbook.records import dataclass

# How many names a sentence lists where none is near.
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the user's text something stands; lines and columns count from 1 and from 0."""

    where: str
    line: int | None = None
    column: int | None = None
    end_column: int | None = None
    text: str | None = None

    def __str__(self) -> str:
        head = self.where if self.line is None else f"{self.where}, line {self.line}"
        if self.text is None or self.column is None:
            return head
        return f"{head}\n{pointed_at(self.text, self.column, self.end_column or 0)}"


# How much of a long line is shown on each side of the fault: with it, the line fits a page.
CONTEXT = 36


def pointed_at(line: str, start: int, end: int) -> str:
    """The part of a line around `start`, and below it carets from `start` to `end`, at least one."""
    left, right = max(0, start - CONTEXT), min(len(line), start + CONTEXT)
    left, right = (0, len(line)) if len(line) <= 2 * CONTEXT else (left, right)
    shown = "".join(c if c.isprintable() else " " for c in line[left:right])
    before, after = "…" if left > 0 else "", "…" if right < len(line) else ""
    width = max(1, min(end, right) - start)
    return f"    {before}{shown}{after}\n    {' ' * (len(before) + start - left)}{'^' * width}"


class DagbookError(Exception):
    """The root of all errors that dagbook raises on purpose; subclasses are dataclasses of their fields.

    >>> from dagbook.errors.definitions import UnknownAsset
    >>> try:
    ...     raise UnknownAsset(name="order", suggestions=("orders",))
    ... except DagbookError as error:
    ...     print(error)
    No asset is named `order`. Did you mean `orders`?
    """

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), dict(self.__dict__))

    @property
    def title(self) -> str:
        """The error in one line, for tables."""
        return str(self).splitlines()[0]


def _rebuild(kind: type[DagbookError], fields: dict[str, Any]) -> DagbookError:
    error = kind.__new__(kind)
    error.__dict__.update(fields)
    return error


def nearest(name: str, known: Iterable[str], *, most: int = 3) -> tuple[str, ...]:
    """The known names that a person who typed `name` may have meant, best first."""
    folded = {candidate.casefold(): candidate for candidate in known}
    found = difflib.get_close_matches(name.casefold()[:200], folded, n=most, cutoff=0.6)
    return tuple(folded[match] for match in found)


def did_you_mean(suggestions: tuple[str, ...]) -> str:
    """The sentence that offers the suggestions; empty where there are none."""
    if not suggestions:
        return ""
    return f" Did you mean {' or '.join(f'`{name}`' for name in suggestions)}?"


def there_are(known: tuple[str, ...]) -> str:
    """The sentence that names what there is, where nothing is like what was asked for."""
    named = ", ".join(f"`{name}`" for name in known[:_NAMED])
    more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
    return f" There {'is' if len(known) == 1 else 'are'} {named}{more}." if known else ""
