"""What a step is asked and what it answers: plain records that travel between processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, Literal

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.metadata import MetadataValue
from dagbook.definitions.ops import OpOutput
from dagbook.definitions.results import NO_VALUE, RetryPolicy
from dagbook.events.records import ErrorRecord, Materialization
from dagbook.execution.supply import NO_SUPPLY, Managed, Supply
from dagbook.io.stored import StoredValue
from dagbook.records import dataclass
from dagbook.staleness.files import Opened


@dataclass(frozen=True, slots=True)
class StepInput:
    """One value to hand to a body: under which name, of which asset, where it is kept.

    `stored` is None where an I/O manager keeps it, which `managed` names. `via` names the helper function that reads it; then it is no argument of the body.
    """

    name: str
    key: AssetKey
    stored: StoredValue | None
    via: str | None = None
    managed: Managed | None = None

    @property
    def is_missing(self) -> bool:
        """Whether there is no value to read; what an I/O manager keeps, only that can tell."""
        return self.stored is None and self.managed is None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpValue:
    """What an op gave for one output, of a dynamic one under this key; `stored` where it is a value."""

    name: str
    key: str | None = None
    data_version: str = ""
    stored: StoredValue | None = None
    metadata: Mapping[str, MetadataValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """What the ops of a graph need in order to go on where a failed run stopped.

    `codes`: the code version of each op, by its path, as far as it is tracked; `inputs`: the data
    version of each input; `surroundings`: of what else the assets depend on; `kept`: what ops gave
    before, by their fingerprint.
    """

    codes: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    surroundings: tuple[str, ...] = ()
    kept: Mapping[str, tuple[OpValue, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRequest:
    """All that is needed to run one computation anywhere; `types` are those declared for inputs.

    `absent`: inputs of a graph that there is no value of, and why; its other ops run all the same;
    `unasked`: checks of the body's own whose verdicts are not wanted.
    """

    run_id: str
    name: str
    fn: Callable[..., Any]
    keys: tuple[AssetKey, ...]
    outs: tuple[OpOutput, ...]
    selected: tuple[str, ...]
    inputs: tuple[StepInput, ...] = ()
    takes_context: bool = False
    previous: StoredValue | None = None
    retry_policy: RetryPolicy | None = None
    timeout: float | None = None
    inline_checks: tuple[AssetCheckKey, ...] = ()
    unasked: frozenset[AssetCheckKey] = frozenset()
    types: Mapping[str, Any] = field(default_factory=dict)
    resumption: Resumption | None = None
    absent: Mapping[str, Literal["skipped", "failed"] | Exception] = field(default_factory=dict)
    supply: Supply = NO_SUPPLY

    @property
    def selected_keys(self) -> tuple[AssetKey, ...]:
        """The assets whose outputs are selected."""
        names = zip(self.outs, self.keys, strict=True)
        return tuple([key for out, key in names if out.name in self.selected])

    @property
    def selected_checks(self) -> tuple[AssetCheckKey, ...]:
        """The checks of these assets that the body is to answer."""
        if not self.inline_checks:
            return ()
        keys = self.selected_keys
        return tuple(
            [k for k in self.inline_checks if k.asset_key in keys and k not in self.unasked]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """All that is needed to judge checks anywhere: `keys`, by a body that can judge `among`.

    `selects`: the body asks which of them are wanted; `recent`: the newest materializations of the
    asset, for checks that look at them.
    """

    run_id: str
    keys: tuple[AssetCheckKey, ...]
    among: tuple[AssetCheckKey, ...]
    fn: Callable[..., Any]
    inputs: tuple[StepInput, ...]
    takes_context: bool = False
    selects: bool = False
    severity: str = "ERROR"
    retry_policy: RetryPolicy | None = None
    supply: Supply = NO_SUPPLY
    recent: tuple[Materialization, ...] = ()

    @property
    def name(self) -> str:
        """The checks that are judged, as errors name them."""
        return " ".join(map(str, self.keys))


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputResult:
    """What became of one output: its value where one was given, else `skipped` or no value to keep.

    `managed`: an I/O manager was given the value; `value` is it, where it was asked for.
    """

    name: str
    data_version: str = ""
    weak: bool = False
    stored: StoredValue | None = None
    skipped: bool = False
    metadata: Mapping[str, MetadataValue] = field(default_factory=dict)
    managed: bool = False
    value: Any = NO_VALUE


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutcome:
    """A verdict as a check gave it; `rows` are the failing ones, `error` what it raised."""

    key: AssetCheckKey
    passed: bool
    severity: str
    duration: float = 0.0
    metadata: Mapping[str, MetadataValue] = field(default_factory=dict)
    description: str | None = None
    rows: StoredValue | None = None
    row_count: int | None = None
    error: ErrorRecord | None = None
    exception: BaseException | None = None
    opened: tuple[Opened, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksOutcome:
    """The verdicts that one body gave."""

    checks: tuple[CheckOutcome, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpOutcome:
    """What became of one op of a graph: `ok`, `kept` (from a failed run), `skipped`, `failed`, `not_run`.

    `values` are kept for the next run where this one fails, under `fingerprint`; None says that
    they can't be.
    """

    step: str
    outcome: Literal["ok", "kept", "skipped", "failed", "not_run"]
    started: float = 0.0
    duration: float = 0.0
    detail: str = ""
    error: ErrorRecord | None = None
    fingerprint: str | None = None
    values: tuple[OpValue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOutcome:
    """What a step answers; `exception` and `error` where it failed, `changed` the inputs it changed in place.

    `outputs` may hold what was given before a failure; `failed` names the outputs below which
    nothing may run; `ops` are the steps within a graph; `opened` are the files that were read.
    """

    outputs: tuple[OutputResult, ...] = ()
    checks: tuple[CheckOutcome, ...] = ()
    started: float = 0.0
    duration: float = 0.0
    error: ErrorRecord | None = None
    exception: BaseException | None = None
    changed: tuple[str, ...] = ()
    printed: str = ""
    failed: tuple[str, ...] | None = None
    ops: tuple[OpOutcome, ...] = ()
    warnings: tuple[str, ...] = ()
    opened: tuple[Opened, ...] = ()
