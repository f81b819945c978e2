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
    left: dict[str, dict[str, None]] = {}
    for status in statuses:
        key, changes = str(status.key), face.workspace.explain(status.key)
        if not changes:
            lines += _no_change(status)
        for change in changes:
            place = change.place or (_place(face, status) if change.name == "body" else "")
            told = f"{change}{_at(face, place)}", change.diff
            if change.kind == "removed":
                left.setdefault(key, {})[f"`{change.name.removeprefix('op ')}`"] = None
                continue
            found.setdefault(told, []).append(key)
            if change.by:
                itself[f"`{change.name}` ({key})"] = None
    for (sentence, diff), keys in found.items():
        title = f"{_some(keys)}: {sentence}"
        yield Shown(change_of(title, diff), f"{title}\n{diff}".rstrip())
    for key, names in left.items():
        yield sentences_shown([f"{key}: no longer read: {', '.join(names)}"])
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


def _no_change(status: AssetStatus) -> Iterator[str]:
    """That there is none to be shown, unless the cause itself says more."""
    said = [str(cause) for cause in status.causes if isinstance(cause, CodeChanged)]
    if not said:
        yield f"The code of `{status.key}` has not changed since its value was made."
    elif said == ["code changed"]:
        yield f"The code of `{status.key}` counts as another one; what it was is not known."


def _some(keys: Sequence[str]) -> str:
    """The assets, or the first of them and how many more there are."""
    if len(keys) <= _FEW:
        return ", ".join(keys)
    return f"{', '.join(keys[:_FEW])} and {len(keys) - _FEW} more"


def _place(face: Face, status: AssetStatus) -> str:
    """Where the cell stands of a body that is no function, such as a query."""
    op = face.workspace.graph.node(status.key).op
    return str(op.origin.place) if op is not None else ""


def _at(face: Face, place: str) -> str:
    """Where a part stands: the cell that was run as such, or the file, with the line."""
    file, comma, line = place.partition(", line ")
    return f" ({face.cell_of(file) or file}{comma}{line})" if place else ""
