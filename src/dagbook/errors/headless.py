"""What can be wrong with a notebook that is run without a screen."""

from __future__ import annotations

from dagbook.errors.base import DagbookError, Place, did_you_mean
from dagbook.errors.cells import CellError
from dagbook.records import dataclass


class NotebookError(DagbookError):
    """The notebook can't be run as it stands."""


@dataclass(eq=False, kw_only=True)
class UnreadableNotebook(NotebookError):
    """The file is missing, may not be read, or holds no notebook."""

    path: str
    problem: str

    def __str__(self) -> str:
        return f"{self.path} can't be read as a notebook: {self.problem}."


@dataclass(eq=False, kw_only=True)
class OtherLanguage(NotebookError):
    """The notebook belongs to a kernel that does not run Python."""

    path: str
    language: str

    def __str__(self) -> str:
        return (
            f"{self.path} is a notebook in {self.language[:100]}, and dagbook runs Python. "
            "If its cells are Python, choose a kernel of Python in Jupyter and save it."
        )


@dataclass(eq=False, kw_only=True)
class CellNotPython(CellError, NotebookError):
    """An ordinary cell that Python can't parse."""

    problem: str

    def sentence(self) -> str:
        return f"This cell is not valid Python: {self.problem}."


@dataclass(eq=False, kw_only=True)
class CellRefused(NotebookError):
    """A cell whose definition is refused; `reason` is what was said about it."""

    place: Place
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass(eq=False, kw_only=True)
class CellRaised(NotebookError):
    """Code of an ordinary cell raised; nothing was materialized."""

    place: Place
    type: str
    message: str
    traceback: str = ""

    def __str__(self) -> str:
        told = f"{self.type}: {self.message}" if self.message else self.type
        return f"{self.place} raised {told}"


@dataclass(eq=False, kw_only=True)
class NotebookFaults(NotebookError):
    """Several faults of one notebook, told together."""

    faults: tuple[DagbookError, ...]

    def __str__(self) -> str:
        return f"{len(self.faults)} faults:\n" + "\n".join(f"- {fault}" for fault in self.faults)


@dataclass(eq=False, kw_only=True)
class UnknownParameter(NotebookError):
    """A parameter that the cell tagged `parameters` does not set."""

    name: str
    known: tuple[str, ...]
    suggestions: tuple[str, ...] = ()

    def __str__(self) -> str:
        known = ", ".join(self.known) or "nothing"
        return (
            f"The cell tagged `parameters` sets no `{self.name}`; it sets {known}."
            f"{did_you_mean(self.suggestions)}"
        )


@dataclass(eq=False, kw_only=True)
class NoParametersCell(NotebookError):
    """Parameters were given to a notebook that takes none."""

    path: str

    def __str__(self) -> str:
        return (
            f"{self.path} takes no parameters: no cell of it is tagged `parameters`. "
            "Tag the cell that sets them."
        )


@dataclass(eq=False, kw_only=True)
class ExecutionStopped(NotebookError):
    """A cell raised while the whole notebook ran with its values; what there is was written."""

    path: str
    type: str
    message: str
    traceback: str = ""

    def __str__(self) -> str:
        told = f"{self.type}: {self.message}" if self.message else self.type
        return f"A cell raised {told}. {self.path} holds the outputs up to there."


@dataclass(eq=False, kw_only=True)
class KernelStopped(NotebookError):
    """The kernel ended, or did not start, while the whole notebook ran."""

    path: str
    problem: str

    def __str__(self) -> str:
        return (
            f"The kernel stopped while the notebook ran ({self.problem}): killed, out of memory, or a "
            f"crash in compiled code. {self.path} holds the outputs up to there."
        )


@dataclass(eq=False, kw_only=True)
class UnwritableFile(NotebookError):
    """A file that a command was told to write can't be written."""

    path: str
    problem: str

    def __str__(self) -> str:
        return f"{self.path} can't be written: {self.problem}. Name another file."
