"""Says what differs between two code versions, part by part, with the lines that changed."""

from __future__ import annotations

import difflib
from typing import Literal

from dagbook.records import dataclass
from dagbook.versions.canonical import plain_source
from dagbook.versions.parts import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One part that is not what it was.

    Attributes:
        name: "body", or how the code reaches the part.
        kind: whether it was changed, or joined or left what the code reaches.
        old: the part as it was; None where it is new.
        new: the part as it is; None where it is gone.
    """

    name: str
    kind: Literal["changed", "added", "removed"]
    old: Part | None
    new: Part | None

    @property
    def place(self) -> str:
        """Where the part stands now, or stood."""
        part = self.new or self.old
        return part.place if part is not None else ""

    @property
    def diff(self) -> str:
        """A unified diff of the normalised text; empty where the text says the same."""
        before, after = _lines(self.old), _lines(self.new)
        lines = difflib.unified_diff(before, after, "before", "now", lineterm="")
        return "\n".join(lines)

    def __str__(self) -> str:
        subject = "the body" if self.name == "body" else _said(self.name)
        unbound = self.new is not None and self.new.kind == "missing"
        return f"{subject} {'is not defined' if unbound else _VERBS[self.kind]}"


def _said(name: str) -> str:
    """The function of an op is called an op."""
    op = name.removeprefix("op ")
    return f"`{name}`" if op == name else f"op `{op}`"


def _lines(part: Part | None) -> list[str]:
    """The text of a part; that of a name that nothing has is the name alone."""
    if part is None or part.kind == "missing":
        return []
    plain = plain_source(part.text) if part.kind in ("body", "code") else None
    return (plain or part.text).splitlines()


_VERBS = {"changed": "changed", "added": "is new", "removed": "is no longer read"}


def explain(old: tuple[Part, ...], new: tuple[Part, ...]) -> tuple[Change, ...]:
    """What differs between the parts of two code versions.

    Args:
        old: the parts of the version that was recorded.
        new: the parts of the version as it is now.

    Returns:
        The changes, the body first, then by name. Packages are recorded and do not count.

    Example:
        >>> was = (Part("body", "body", "1f", "return 1"),)
        >>> now = (Part("body", "body", "2e", "return 2"),)
        >>> print(explain(was, now)[0])
        the body changed
    """
    before, after = _by_name(old), _by_name(new)
    changes = []
    for name in sorted(before.keys() | after.keys(), key=lambda name: (name != "body", name)):
        was, now = before.get(name, []), after.get(name, [])
        gone = [part for part in was if not _among(part, now)]
        come = [part for part in now if not _among(part, was)]
        changes += _paired(name, gone, come)
    return tuple(changes)


def _by_name(parts: tuple[Part, ...]) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {}
    for part in parts:
        if part.kind != "package":
            found.setdefault(part.name, []).append(part)
    return found


def _among(part: Part, others: list[Part]) -> bool:
    return any(part.digest == other.digest and part.kind == other.kind for other in others)


def _paired(name: str, gone: list[Part], come: list[Part]) -> list[Change]:
    pairs = [
        Change(name=name, kind="changed", old=was, new=now)
        for was, now in zip(gone, come, strict=False)
    ]
    pairs += [Change(name=name, kind="removed", old=was, new=None) for was in gone[len(come) :]]
    pairs += [Change(name=name, kind="added", old=None, new=now) for now in come[len(gone) :]]
    return pairs
