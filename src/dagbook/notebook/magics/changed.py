"""What changed in the code of assets, each change told once, with its lines and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dagbook.notebook.face import Face
from dagbook.notebook.shown import Shown, sentences_shown
from dagbook.staleness.causes import CodeChanged
from dagbook.staleness.status import AssetStatus
from dagbook.views.html import change_of

# Of more assets for which the same changed, only the number is told beside the first ones.
_FEW = 3
_ADVICE = (
    "What a run reads and changes itself leaves it stale: {}. Make that in the body; for a cache "
    "`functools.cache` on a function will do, for a count from run to run `context.previous_value`."
)


def has_code_change(status: AssetStatus) -> bool:
    """Whether its code is another one than that of its value."""
    return any(isinstance(cause, CodeChanged) for cause in status.causes)


def code_changes(face: Face, statuses: Sequence[AssetStatus]) -> Iterator[Shown]:
    """For each change the assets that it is one for, and its diff; then what more is to be said."""
    found: dict[tuple[str, str], list[str]] = {}
    lines: list[str] = []
    itself: dict[str, None] = {}
    for status in statuses:
        key, changes = str(status.key), face.workspace.explain(status.key)
        if not changes:
            lines.append(_no_change(status))
        for change in changes:
            told = f"{change}{_at(face, change.place)}", change.diff
            found.setdefault(told, []).append(key)
            if change.by:
                itself[f"`{change.name}` ({key})"] = None
    for (sentence, diff), keys in found.items():
        title = f"{_some(keys)}: {sentence}"
        yield Shown(change_of(title, diff), f"{title}\n{diff}".rstrip())
    if itself:
        lines.append(_ADVICE.format(", ".join(itself)))
    yield sentences_shown([*lines, *_together(face, statuses)])


def _together(face: Face, statuses: Sequence[AssetStatus]) -> Iterator[str]:
    """Which of these one body makes: what it reads for one of them counts for the others too."""
    made: dict[int, list[str]] = {}
    for status in statuses:
        made.setdefault(id(face.workspace.graph.node(status.key).definition), []).append(
            f"`{status.key}`"
        )
    for keys in made.values():
        if len(keys) > 1:
            yield f"One run makes {_some(keys)}: what it reads counts for each of them."


def _no_change(status: AssetStatus) -> str:
    if has_code_change(status):
        return (
            f"The code of `{status.key}` says the same: another version was declared for it, "
            "its options changed, or what counts of it."
        )
    return f"The code of `{status.key}` has not changed since its value was made."


def _some(keys: Sequence[str]) -> str:
    """The assets, or the first of them and how many more there are."""
    if len(keys) <= _FEW:
        return ", ".join(keys)
    return f"{', '.join(keys[:_FEW])} and {len(keys) - _FEW} more"


def _at(face: Face, place: str) -> str:
    """Where a part stands: the cell that was run as such, or the file, with the line."""
    file, comma, line = place.partition(", line ")
    return f" ({face.cell_of(file) or file}{comma}{line})" if place else ""
