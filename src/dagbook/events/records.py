"""What happened: the events of a run and the records that they carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal, NamedTuple

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.metadata import MetadataValue
from dagbook.records import dataclass

RunOutcome = Literal["ok", "failed", "cancelled", "interrupted"]
NOTHING: Mapping[str, Any] = {}
# The metadata of a record that was accepted as fresh says why.
ACCEPTED = "accepted as fresh"


class InputVersion(NamedTuple):
    """The data version of one input that a computation read or waited for."""

    name: str
    key: AssetKey
    data_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueAddress:
    """Where a kept value lies: content address, format, and size in bytes.

    `inline`: in the log's own blobs; else in a file, whose time of writing is `mtime_ns`.
    """

    address: str
    format: str
    size: int
    inline: bool = False
    mtime_ns: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Materialization:
    """One kept result of an asset, with all that it depended on.

    `fingerprint` digests output, code version, inputs and `others` (files, config: name to digest);
    `tracked` is False where untracked state was read, so that nobody may adopt it; `duration` in
    seconds, `time` in seconds since 1970; `value` is None where nothing was handed to a store.
    """

    id: str
    key: AssetKey
    run_id: str
    time: float
    duration: float
    code_version: str
    data_version: str
    fingerprint: str
    inputs: tuple[InputVersion, ...] = ()
    others: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    value: ValueAddress | None = None
    metadata: Mapping[str, MetadataValue] = field(default_factory=lambda: NOTHING)
    tracked: bool = True

    @property
    def accepted(self) -> str:
        """Why someone marked it as fresh by hand; empty where nobody did."""
        reason = None if self.tracked else self.metadata.get(ACCEPTED)
        return str(reason.value) if reason is not None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRecord:
    """An exception as it is kept: its type, its message, the traceback as text.

    `code_version` is that of the body that failed, where that is known.
    """

    type: str
    message: str
    traceback: str = ""
    code_version: str = ""

    @property
    def is_interrupt(self) -> bool:
        """Whether nothing failed: somebody stopped it."""
        return self.type == "KeyboardInterrupt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a check said of certain data.

    `fingerprint` digests the check's code version and the data versions that it read; `rows` is
    where the failing rows lie and `row_count` how many there were; `error` where it raised.
    """

    check: AssetCheckKey
    run_id: str
    time: float
    duration: float
    passed: bool
    severity: str
    blocking: bool
    code_version: str
    fingerprint: str
    inputs: tuple[InputVersion, ...] = ()
    metadata: Mapping[str, MetadataValue] = field(default_factory=lambda: NOTHING)
    description: str | None = None
    rows: ValueAddress | None = None
    row_count: int | None = None
    error: ErrorRecord | None = None

    @property
    def stops(self) -> bool:
        """Whether what is downstream must not run on this data."""
        return self.blocking and not self.passed and self.severity == "ERROR"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """A run began: what was asked for, what is planned, in which process session."""

    run_id: str
    time: float
    command: str
    session: str
    planned: tuple[AssetKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished:
    """A run ended."""

    run_id: str
    time: float
    outcome: RunOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted:
    """A computation began; told to listeners and not kept."""

    run_id: str
    time: float
    keys: tuple[AssetKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Materialized:
    """An asset has a new result; `blob` is its value where that is small."""

    materialization: Materialization
    blob: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A kept result with this code and these inputs was taken instead of a run.

    The materialization is the one that now counts for `materialization.key`; it has an id of its
    own and `source` is the id of the one it was taken from.
    """

    materialization: Materialization
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A computation gave no value for this asset, on purpose; `fingerprint` as of a materialization."""

    run_id: str
    time: float
    key: AssetKey
    code_version: str
    fingerprint: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFailed:
    """A computation raised."""

    run_id: str
    time: float
    duration: float
    keys: tuple[AssetKey, ...]
    error: ErrorRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOpValue:
    """What an op gave for one output, of a dynamic one under `key`; `value` is None where it is nothing."""

    name: str
    key: str | None = None
    data_version: str = ""
    value: ValueAddress | None = None
    metadata: Mapping[str, MetadataValue] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpFinished:
    """What became of one op of the graph that makes assets; `step` is its own name in the run.

    `keys` are all assets of the graph; `outcome`: ok, kept (taken from a failed run), skipped, failed
    or not_run; where the graph failed, `values` is what the op gave, to go on from, with `blobs` for
    those that are small.
    """

    run_id: str
    time: float
    duration: float
    keys: tuple[AssetKey, ...]
    step: str
    outcome: str
    error: ErrorRecord | None = None
    fingerprint: str | None = None
    values: tuple[KeptOpValue, ...] = ()
    blobs: Mapping[str, bytes] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRun:
    """An asset was planned and did not run, because of another one; `blocked`: because of a verdict."""

    run_id: str
    time: float
    key: AssetKey
    because: str
    blocked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckEvaluated:
    """A check gave its verdict; `blob` holds its failing rows where they are few."""

    verdict: Verdict
    blob: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSeen:
    """A code version with the text of its parts, kept once to explain later changes."""

    code_version: str
    document: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesSeen:
    """The names of what a run of some code opened; they are looked at whenever it is judged."""

    code_version: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """An asset left the graph; its values stay until they are collected."""

    time: float
    key: AssetKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Someone marked an asset as fresh after a harmless change, with a reason.

    The materialization is the current one with the new code version and fingerprint.
    """

    materialization: Materialization
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """This materialization of the asset is to be kept, however many newer ones there are."""

    time: float
    key: AssetKey
    materialization_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpinned:
    """The asset's pinned materialization is kept no longer than others."""

    time: float
    key: AssetKey


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputWritten:
    """A line that a body printed; told to listeners and not kept."""

    run_id: str
    time: float
    keys: tuple[AssetKey, ...]
    stream: Literal["stdout", "stderr", "log"]
    text: str


# Told to listeners and not kept.
Passing = StepStarted | OutputWritten

Event = (
    RunStarted
    | RunFinished
    | StepStarted
    | Materialized
    | Restored
    | Skipped
    | StepFailed
    | OpFinished
    | NotRun
    | CheckEvaluated
    | CodeSeen
    | FilesSeen
    | Forgotten
    | Accepted
    | Pinned
    | Unpinned
    | OutputWritten
)
