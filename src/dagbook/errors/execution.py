"""What goes wrong while a run runs."""

from __future__ import annotations

from dagbook.errors.base import DagbookError
from dagbook.records import dataclass


class ExecutionError(DagbookError):
    """A step could not do what its definition says."""


@dataclass(eq=False, kw_only=True)
class InvalidResult(ExecutionError):
    """A body handed back what its definition does not allow."""

    asset: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"`{self.asset}` {self.problem}. {self.remedy}"


@dataclass(eq=False, kw_only=True)
class InvalidVerdict(ExecutionError):
    """A check handed back what is no verdict."""

    check: str
    got: str

    def __str__(self) -> str:
        return (
            f"The check `{self.check}` gave {self.got}, which is no verdict. Give a bool, "
            "(bool, metadata), an AssetCheckResult or a frame of failing rows, or raise AssertionError."
        )


@dataclass(eq=False, kw_only=True)
class WrongType(ExecutionError):
    """A value is not of the type that its annotation says."""

    asset: str
    what: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"`{self.asset}`: {self.what} should be {self.expected} and is {self.got}."


@dataclass(eq=False, kw_only=True)
class ValueMissing(ExecutionError):
    """A value is needed that was never made or is no longer kept."""

    asset: str
    needed_by: str | None = None
    reason: str = "was never materialized"
    counts_as_fresh: bool = False
    remedy: str = ""

    def __str__(self) -> str:
        who = f", which `{self.needed_by}` reads," if self.needed_by else ""
        force = " --force" if self.counts_as_fresh else ""
        remedy = self.remedy or f"`%materialize {self.asset}{force}` makes it."
        return f"`{self.asset}`{who} {self.reason}. {remedy}"


@dataclass(eq=False, kw_only=True)
class StepTimeout(ExecutionError):
    """A body took longer than it may; in seconds."""

    asset: str
    seconds: float

    def __str__(self) -> str:
        return f"`{self.asset}` took longer than its timeout of {self.seconds:g} s and was stopped."


@dataclass(eq=False, kw_only=True)
class BodyExited(ExecutionError):
    """A body called `exit()` or `sys.exit()`; `code` is what it would have ended the program with."""

    name: str
    code: object = None

    def __str__(self) -> str:
        code = "" if self.code is None else f" ({self.code})"
        return (
            f"`{self.name}` called exit{code}, which would end the program. "
            "Return a value, or raise an exception that says what is wrong."
        )


@dataclass(eq=False, kw_only=True)
class BlockingCheckFailed(ExecutionError):
    """Blocking checks failed, and what is downstream did not run."""

    checks: tuple[str, ...]
    stopped: tuple[str, ...] = ()

    def __str__(self) -> str:
        below = f"; not run: {', '.join(self.stopped)}" if self.stopped else ""
        return f"Blocking checks failed: {', '.join(self.checks)}{below}."


@dataclass(eq=False, kw_only=True)
class MaterializationFailed(ExecutionError):
    """A run in which several things failed; `errors` are the exceptions, by asset or check."""

    failed: tuple[str, ...]
    errors: dict[str, BaseException]

    def __str__(self) -> str:
        return f"{len(self.failed)} failed: {', '.join(self.failed)}"


@dataclass(eq=False, kw_only=True)
class RunCancelled(ExecutionError):
    """Someone cancelled the run."""

    run_id: str

    def __str__(self) -> str:
        return f"The run {self.run_id} was cancelled; what had finished is kept."


@dataclass(eq=False, kw_only=True)
class WorkerDied(ExecutionError):
    """The worker process ended while it ran a step."""

    asset: str

    def __str__(self) -> str:
        return (
            f"The worker process ended while it ran `{self.asset}`: killed, out of memory, or a "
            "crash in compiled code. What had finished is kept; run it again."
        )


@dataclass(eq=False, kw_only=True)
class InvalidAcceptance(ExecutionError):
    """An asset can't be marked as fresh."""

    asset: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"`{self.asset}` can't be accepted as fresh: {self.problem}. {self.remedy}"


@dataclass(eq=False, kw_only=True)
class PartitionsUnsupported(ExecutionError):
    """A run was asked for one partition."""

    partition: str

    def __str__(self) -> str:
        return (
            f"partition_key={self.partition!r}: partitions are not supported yet. Leave it out; an "
            "asset can take what it works on by its config."
        )
