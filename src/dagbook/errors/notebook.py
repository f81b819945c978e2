"""What goes wrong between a notebook and its magics."""

from __future__ import annotations

from dagbook.errors.base import DagbookError, did_you_mean
from dagbook.records import dataclass


@dataclass(eq=False, kw_only=True)
class MisplacedHeader(DagbookError):
    """Something stands above a cell magic, so that IPython takes it for a line magic."""

    magic: str
    line: str

    def __str__(self) -> str:
        return (
            f"`{self.magic} {self.line[:60]}` must be the first line of its cell: "
            "move what stands above it, a comment too, below it or into another cell."
        )


@dataclass(eq=False, kw_only=True)
class OneSignShort(DagbookError):
    """A cell that begins as one that shows an asset, and goes on as one that makes it."""

    line: str

    def __str__(self) -> str:
        header = self.line.strip()[:60]
        return (
            f"`%asset {header}` shows an asset, and Python stands below it. "
            f"A cell that makes the asset begins with two signs: `%%asset {header}`."
        )


@dataclass(eq=False, kw_only=True)
class ReservedKey(DagbookError):
    """A key that would take the name of something else away."""

    name: str
    what: str

    def __str__(self) -> str:
        return f"`{self.name}` is {self.what}: cells could no longer reach it. Choose another name."


@dataclass(eq=False, kw_only=True)
class UnknownCheckedName(DagbookError):
    """A check that does not say which asset it judges."""

    check: str
    reads: tuple[str, ...]

    def __str__(self) -> str:
        if not self.reads:
            return (
                f"The check `{self.check}` reads no asset that is defined. Read the one that it "
                "judges by its name, or say `--asset NAME`."
            )
        return (
            f"The check `{self.check}` reads {', '.join(f'`{name}`' for name in self.reads)}. "
            f"Say which one it judges: `--asset {self.reads[0]}`."
        )


@dataclass(eq=False, kw_only=True)
class NoSuchRun(DagbookError):
    """A run that the log does not hold."""

    run: str | None

    def __str__(self) -> str:
        if self.run is None:
            return "There has been no run yet, so that there is none to go on with."
        return f"No run is named `{self.run}`. `%runs` lists those that are kept."


@dataclass(eq=False, kw_only=True)
class IncompleteMagic(DagbookError):
    """A magic without something that it needs."""

    magic: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"`{self.magic}` {self.problem}. {self.remedy}"


@dataclass(eq=False, kw_only=True)
class UnknownVariable(DagbookError):
    """An option that names a variable which the notebook does not have."""

    magic: str
    option: str
    name: str
    suggestions: tuple[str, ...] = ()

    def __str__(self) -> str:
        return (
            f"`{self.magic} {self.option} {self.name}` names a variable that is not defined."
            f"{did_you_mean(self.suggestions)}"
        )


@dataclass(eq=False, kw_only=True)
class NothingToExpand(DagbookError):
    """A name that opens into nothing in the picture; `plain`: an asset of one function."""

    name: str
    plain: bool = False
    suggestions: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.plain:
            return f"`{self.name}` is made by one function: there are no ops in it to show."
        return (
            f"No group is named `{self.name}`, and no asset that is made by ops."
            f"{did_you_mean(self.suggestions)}"
        )
