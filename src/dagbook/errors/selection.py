"""Faults of a selection: what can't be parsed, what names nothing, what can't be answered."""

from __future__ import annotations

from dagbook.errors.base import DagbookError, did_you_mean, pointed_at, there_are
from dagbook.records import dataclass


@dataclass(eq=False, kw_only=True)
class SelectionError(DagbookError):
    """A selection that can't be used; `start` and `end` say where in `source` the fault stands."""

    source: str
    start: int
    end: int

    @property
    def problem(self) -> str:
        """What is wrong, in one sentence."""
        return "This selection can't be used."

    @property
    def advice(self) -> str:
        """What to write instead; empty where nothing is known."""
        return ""

    def __str__(self) -> str:
        return f"{self.problem}\n{pointed(self.source, self.start, self.end)}{self.advice}"


@dataclass(eq=False, kw_only=True)
class SelectionSyntaxError(SelectionError):
    """A text that is not of the language; `expected` says what may stand at that place."""

    found: str
    expected: tuple[str, ...] = ()
    hint: str = ""
    suggestions: tuple[str, ...] = ()

    @property
    def problem(self) -> str:
        """What was found and what may stand there."""
        if not self.expected:
            return f"The selection is not understood at {self.found}."
        listed = self.expected[0]
        if len(self.expected) > 1:
            listed = f"{', '.join(self.expected[:-1])} or {self.expected[-1]}"
        return f"The selection is not understood at {self.found}: expected {listed}."

    @property
    def advice(self) -> str:
        """The hint and the nearest texts that are understood."""
        told = f" {self.hint}" if self.hint else ""
        told += did_you_mean(self.suggestions)
        return f"\n{told.strip()}" if told else ""


@dataclass(eq=False, kw_only=True)
class SelectionTooLarge(SelectionError):
    """A text beyond the limits of the language."""

    what: str
    limit: int

    @property
    def problem(self) -> str:
        """Which limit is passed."""
        return f"The selection has more than {self.limit:,} {self.what}."


@dataclass(eq=False, kw_only=True)
class UnknownNameInSelection(SelectionError):
    """A name that nothing in the graph has; `what` is `asset`, `group`, `kind`, `tag` and so on.

    `known` are the names of that kind that there are.
    """

    what: str
    name: str
    suggestions: tuple[str, ...] = ()
    known: tuple[str, ...] = ()

    @property
    def problem(self) -> str:
        """Which name is unknown, as what."""
        return f"No asset has the {self.what} `{self.name[:200]}`."

    @property
    def advice(self) -> str:
        """The nearest names that there are, or some of them."""
        told = did_you_mean(self.suggestions) or there_are(self.known)
        return f"\n{told.strip()}" if told else ""


@dataclass(eq=False, kw_only=True)
class SelectionNotAnswerable(SelectionError):
    """An attribute that can't be asked here; `reason` says why and what to ask instead."""

    attribute: str
    reason: str

    @property
    def problem(self) -> str:
        """Which attribute can't be asked, and why."""
        return f"`{self.attribute}:` can't be asked here: {self.reason}."


@dataclass(eq=False, kw_only=True)
class UnspeakableName(DagbookError):
    """A name that the language can't write, so that the selection would have no text."""

    name: str

    def __str__(self) -> str:
        return (
            f"{self.name[:200]!r} can't stand in a selection: "
            "a quoted name holds no double quote, backslash or line break. Rename it."
        )


@dataclass(eq=False, kw_only=True)
class NotASelection(DagbookError):
    """What was given as a selection, or in a list of its parts, and is none; `given` is its class."""

    given: str

    def __str__(self) -> str:
        return (
            f"A selection can't be of the class `{self.given}`. Give a text such as "
            '"orders+ or group:raw", an AssetSelection, or a list of names, keys and definitions.'
        )


def pointed(source: str, start: int, end: int) -> str:
    """The line of `source` around `start`, and below it carets from `start` to `end`."""
    head = source.rfind("\n", 0, start) + 1
    tail = source.find("\n", start)
    tail = len(source) if tail < 0 else tail
    return pointed_at(source[head:tail], start - head, end - head)
