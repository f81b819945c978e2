"""Errors of the messages between the extension and the kernel."""

from __future__ import annotations

from dagbook.errors.base import DagbookError
from dagbook.records import dataclass


@dataclass(eq=False, kw_only=True)
class BadMessage(DagbookError):
    """A message that does not have the shape that was agreed on."""

    place: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"a message of the extension has {self.found} in `{self.place}`, not {self.expected}"


@dataclass(eq=False, kw_only=True)
class OtherProtocol(DagbookError):
    """The extension in the page and the kernel are of versions that do not understand each other."""

    extension: str
    kernel: str

    def __str__(self) -> str:
        return (
            f"JupyterLab runs dagbook {self.extension}, this kernel dagbook {self.kernel}: install "
            "the same version where each of them runs, then reload the page and restart the kernel"
        )
