"""The look of an asset's state: its word, its sign and its colours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dagbook.records import dataclass

if TYPE_CHECKING:
    from dagbook.definitions.keys import AssetKey
    from dagbook.staleness.status import AssetStatus


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown; `ink` reads on `paper`, and `line` reads on white and on black."""

    word: str
    sign: str
    line: str
    paper: str
    ink: str
    meaning: str


LOOKS: Mapping[str, Look] = {
    look.word: look
    for look in (
        Look("running", "▶", "#2f7fe0", "#e3eefc", "#12335f", "is being computed now"),
        Look("failed", "✗", "#dc3f45", "#fde7e7", "#651419", "the last run raised an error"),
        Look("blocked", "⊘", "#a65fd0", "#f4e9fa", "#431a5b", "a blocking check above it fails"),
        Look("stale", "●", "#c98410", "#fcf0d6", "#563703", "something it depends on has changed"),
        Look("missing", "○", "#7d8794", "#eef0f3", "#2d3640", "there is no value yet"),
        Look(
            "undefined", "?", "#dc3f45", "#fde7e7", "#651419", "it is read and nothing defines it"
        ),
        Look("fresh", "✓", "#2a9a5c", "#e4f5eb", "#123d26", "up to date with code and inputs"),
        Look("external", "◇", "#3a8fa3", "#e4f2f5", "#143f49", "made elsewhere"),
    )
}

# What became of an op the last time that it was looked at by a run: no state, but history.
OP_LOOKS: Mapping[str, Look] = {
    look.word: look
    for look in (
        Look("failed", "✗", "#dc3f45", "#fdf3f3", "#651419", "raised an error the last time"),
        Look("ran", "✓", "#2a9a5c", "#f6f8f9", "#2d3640", "ran the last time"),
        Look(
            "kept",
            "✓",
            "#2a9a5c",
            "#f6f8f9",
            "#2d3640",
            "ran in an earlier run that failed, from which this one went on",
        ),
        Look(
            "ran before",
            "✓",
            "#7d8794",
            "#f6f8f9",
            "#2d3640",
            "ran the last time, and something has changed since",
        ),
        Look("skipped", "○", "#7d8794", "#f6f8f9", "#2d3640", "had nothing to do the last time"),
        Look(
            "not run",
            "○",
            "#7d8794",
            "#f6f8f9",
            "#2d3640",
            "did not run the last time, because of what failed before it",
        ),
        Look("no run yet", "○", "#7d8794", "#f6f8f9", "#2d3640", "no run of it is on record"),
    )
}


def state_word(status: AssetStatus | None, *, running: bool = False, declared: bool = True) -> str:
    """The one word that stands for the status: what is most urgent to know."""
    if running:
        return "running"
    if not declared:
        return "undefined"
    if status is None:
        return "missing"
    if "blocked" in status.flags:
        return "blocked"
    if status.has_failed:
        return "failed"
    return status.state


def pinned_line(key: AssetKey, status: AssetStatus | None) -> str:
    """What it means that an asset is pinned, and what lets it go; nothing where it is not."""
    if status is None or "pinned" not in status.flags:
        return ""
    return f"Pinned: it stays at this result, whatever has changed, until `%asset {key} --unpin`."


def marked(word: str) -> str:
    """The word with its sign before it.

    >>> marked("fresh")
    '✓ fresh'
    """
    look = LOOKS.get(word)
    return word if look is None else f"{look.sign} {word}"
