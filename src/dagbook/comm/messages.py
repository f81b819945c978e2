"""The messages, declared once: TypeScript's are generated from these."""

from __future__ import annotations

from typing import Literal, TypeAlias

from dagbook.records import dataclass

# Counts up with every change after which an older side would misunderstand a newer one.
PROTOCOL = 3
# The comm that the kernel opens, and the one that each page opens; on the second the kernel never
# publishes, so that it is heard while a cell runs.
STATE_TARGET = "dagbook.state"
CONTROL_TARGET = "dagbook.control"

StateWord: TypeAlias = Literal[
    "running", "failed", "blocked", "stale", "missing", "undefined", "fresh", "external"
]
VerdictWord: TypeAlias = Literal["passed", "failed", "warned", "missing"]
FlagWord: TypeAlias = Literal["pinned", "unverified", "weak"]
Reach: TypeAlias = Literal["this", "upstream", "stale"]


# --- what the kernel tells


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckState:
    """A check: its name, what it says of the data there is, and more in a few words."""

    name: str
    verdict: VerdictWord
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetState:
    """An asset: its key, how it stands and why, seconds of its last run, what it reads.

    `flags` tell what is to be known besides; `weak`: a change of what it reads may stay unseen.
    """

    key: str
    state: StateWord
    why: str
    flags: tuple[FlagWord, ...]
    seconds: float | None
    checks: tuple[CheckState, ...]
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellState:
    """A cell that defines: its id, the digest of the text that was run, the keys that it defines.

    A check is named `asset.check`.
    """

    id: str
    digest: str
    assets: tuple[str, ...]
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated:
    """A cell that ran with other values than there are now: with `earlier` ones of these assets.

    And with those that there are, of assets that are `stale` by now.
    """

    cell: str
    earlier: tuple[str, ...]
    stale: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeWith:
    """The data versions of the assets that a cell's outputs come from, in the order of `assets`.

    The page keeps them with the cell, and tells them to the next kernel.
    """

    cell: str
    assets: tuple[str, ...]
    versions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """The kernel has loaded dagbook."""

    type: Literal["hello"] = "hello"
    protocol: int
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How things stand: everything (`whole`), or what differs from the message before.

    `outdated` are all cells that are so, or None where they are those of the message before;
    `madewith` tells what cells come from, of a cell that ran and comes from nothing with no assets;
    `runs` are the runs in the background that can be cancelled; `number` counts the messages, so
    that a page that missed one can ask for everything.
    """

    type: Literal["state"] = "state"
    number: int
    whole: bool
    assets: tuple[AssetState, ...]
    cells: tuple[CellState, ...]
    goneassets: tuple[str, ...]
    gonecells: tuple[str, ...]
    outdated: tuple[Outdated, ...] | None
    madewith: tuple[MadeWith, ...]
    runs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of one request: a problem in one line or more, or the result as text."""

    type: Literal["answer"] = "answer"
    request: str
    problem: str | None
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFault:
    """What is wrong in a cell's text; lines count from 1, columns from 0, to the line's end if null."""

    text: str
    line: int
    column: int
    end: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What is wrong with the text of a cell, as far as its text alone tells."""

    type: Literal["faults"] = "faults"
    request: str
    faults: tuple[CellFault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The first of an asset's value as HTML; empty where there is no value."""

    type: Literal["preview"] = "preview"
    request: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """In the cell's text, from `start` to `end` in UTF-16 units, stands `text` from now on."""

    cell: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """The changes of cells that a renaming asks for."""

    type: Literal["edits"] = "edits"
    request: str
    edits: tuple[Edit, ...]


FromKernel: TypeAlias = Hello | State | Answer | Faults | Preview | Edits


# --- what a page asks for; every request has an id of its own, which the answer repeats


@dataclass(frozen=True, slots=True, kw_only=True)
class Attach:
    """A page is there and wants to hear everything; sent as the control comm opens.

    `madewith` is what its outputs come from, of cells that no kernel has run since; `stale` names
    the assets that were not fresh when the last kernel told of them.
    """

    type: Literal["attach"] = "attach"
    request: str
    protocol: int
    version: str
    madewith: tuple[MadeWith, ...]
    stale: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAgain:
    """The person is back at the notebook: files may have changed meanwhile."""

    type: Literal["lookagain"] = "lookagain"
    request: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Materialize:
    """Bring these assets up to date in the background, with upstream, or all that is stale."""

    type: Literal["materialize"] = "materialize"
    request: str
    assets: tuple[str, ...]
    reach: Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """Stop all runs in the background."""

    type: Literal["cancel"] = "cancel"
    request: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPanel:
    """Draw the live graph, with this asset chosen; the answer is the id of the widget's model.

    `width` and `height` are those of the place that it is to fill, in pixels.
    """

    type: Literal["openpanel"] = "openpanel"
    request: str
    asset: str | None
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetCells:
    """These cells were deleted: what they define leaves the graph."""

    type: Literal["forgetcells"] = "forgetcells"
    request: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallCells:
    """These cells are there again: what they defined comes back into the graph."""

    type: Literal["recallcells"] = "recallcells"
    request: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindFaults:
    """Read the text of a cell as its run would, without running it."""

    type: Literal["findfaults"] = "findfaults"
    request: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowPreview:
    """Give the first of an asset's value."""

    type: Literal["showpreview"] = "showpreview"
    request: str
    asset: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellText:
    """A code cell of the notebook as it stands in the page."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """Tell how the cells change when an asset gets another key; nothing changes in the kernel."""

    type: Literal["rename"] = "rename"
    request: str
    asset: str
    to: str
    cells: tuple[CellText, ...]


ToKernel: TypeAlias = (
    Attach
    | LookAgain
    | Materialize
    | Cancel
    | OpenPanel
    | ForgetCells
    | RecallCells
    | FindFaults
    | ShowPreview
    | Rename
)
