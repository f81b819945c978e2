"""One edit of a notebook: what was, what is, and whether the code version must differ."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit of a notebook in which `body` is what an asset runs."""

    name: str
    before: str
    after: str
    changed: bool


def same(name: str, before: str, after: str) -> Edit:
    """An edit that changes nothing that a run could show."""
    return Edit(name, before, after, False)


def differs(name: str, before: str, after: str) -> Edit:
    """An edit after which the asset must run again."""
    return Edit(name, before, after, True)
