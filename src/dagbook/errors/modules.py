"""What goes wrong when the definitions of a module are loaded."""

from __future__ import annotations

from dagbook.errors.base import DagbookError, Place, did_you_mean
from dagbook.records import dataclass


class ModuleError(DagbookError):
    """The definitions of a module can't be had."""


@dataclass(eq=False, kw_only=True)
class UnknownModule(ModuleError):
    """A name that no module has."""

    module: str
    suggestions: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = " Python looks for it beside the notebook and where packages are installed."
        hint = did_you_mean(self.suggestions) or where
        return f"There is no module `{self.module}`.{hint}"


@dataclass(eq=False, kw_only=True)
class ModuleRaised(ModuleError):
    """A module whose code raised while it was loaded; the cause is what it raised."""

    module: str
    problem: str
    place: Place | None = None

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place else ""
        return f"The module `{self.module}` can't be loaded{where}: {self.problem}"


@dataclass(eq=False, kw_only=True)
class InvalidModule(ModuleError):
    """A module whose definitions do not fit together, or into the graph."""

    module: str
    problem: str

    def __str__(self) -> str:
        return f"The definitions of `{self.module}` can't be taken: {self.problem}"


@dataclass(eq=False, kw_only=True)
class NothingDefined(ModuleError):
    """A module that defines no asset and no check."""

    module: str
    inner: tuple[str, ...] = ()

    def __str__(self) -> str:
        within = f" It has the modules {', '.join(f'`{one}`' for one in self.inner)}."
        return (
            f"The module `{self.module}` defines no asset and no check.{within * bool(self.inner)}"
        )
