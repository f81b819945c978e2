"""What can go wrong where values are kept: the folder, the disk, the value, another process."""

from __future__ import annotations

from dagbook.errors.base import DagbookError
from dagbook.records import dataclass


@dataclass(eq=False, kw_only=True)
class StoreError(DagbookError):
    """The store at `path` could not be read or written; `problem` is what the system said."""

    path: str
    problem: str

    def __str__(self) -> str:
        return (
            f"The store cannot use {self.path}: {self.problem.rstrip('.')}. "
            "Check that the disk is there and that you may read and write it."
        )


@dataclass(eq=False, kw_only=True)
class ReadOnlyStore(StoreError):
    """The folder may not be written."""

    def __str__(self) -> str:
        return (
            f"The folder {self.path} cannot be written ({self.problem}). "
            "Make it writable, or set DAGBOOK_HOME to a folder of yours."
        )


@dataclass(eq=False, kw_only=True)
class StoreFull(StoreError):
    """The disk, or what this user may use of it, is full; nothing was kept of the value."""

    needed: int

    def __str__(self) -> str:
        return (
            f"No room for {self.needed:,} bytes below {self.path}: {self.problem}. Nothing was "
            "stored. Run `dagbook gc`, free some space, or set DAGBOOK_HOME to another disk."
        )


@dataclass(eq=False, kw_only=True)
class StoreGone(StoreError):
    """The folder of the store was removed or unmounted while it was in use."""

    def __str__(self) -> str:
        return (
            f"The folder {self.path} is gone ({self.problem}). If it was moved, move it back; "
            "if it was deleted, restart the kernel, and the assets are made again."
        )


@dataclass(eq=False, kw_only=True)
class NotAStore(StoreError):
    """The folder holds something else, or what says its format was overwritten."""

    def __str__(self) -> str:
        return (
            f"{self.path} is not a dagbook store: {self.problem}. Set DAGBOOK_HOME to an empty "
            "folder or to one that does not exist yet."
        )


@dataclass(eq=False, kw_only=True)
class NoStore(StoreError):
    """A command that cares for a store found none."""

    def __str__(self) -> str:
        return (
            f"There is no store at {self.path}. Name the notebook, go to its folder, or name the "
            "store by DAGBOOK_HOME."
        )


@dataclass(eq=False, kw_only=True)
class NewerStore(StoreError):
    """The store was written in a format that this version does not know."""

    found: int
    known: int

    def __str__(self) -> str:
        return (
            f"The store {self.path} has format {self.found}, and this dagbook knows formats up to "
            f"{self.known}. Upgrade dagbook, or set DAGBOOK_HOME to another folder."
        )


@dataclass(eq=False, kw_only=True)
class ForeignStore(StoreError):
    """The store was not made by this user on this machine, and its values are run like code."""

    def __str__(self) -> str:
        return (
            f"The store {self.path} was not made by you on this machine ({self.problem}). Loading "
            "its values can run code of whoever made it. If you trust it, say so once by setting "
            "DAGBOOK_TRUST=1; else delete the folder, and it is made anew."
        )


@dataclass(eq=False, kw_only=True)
class ValueLost(StoreError):
    """A stored value is missing or is no longer what was written."""

    address: str

    def __str__(self) -> str:
        return (
            f"The stored value {self.address[:12]} is lost: {self.path} {self.problem}. "
            "Materialize its asset again."
        )


@dataclass(eq=False, kw_only=True)
class NotStorable(DagbookError):
    """A value that cannot be written so that it can be read again."""

    type_name: str
    problem: str
    asset: str | None = None

    def __str__(self) -> str:
        whose = f"`{self.asset}`: a" if self.asset else "A"
        return (
            f"{whose} value of type {self.type_name} cannot be stored: {self.problem.rstrip('.')}. Return what it "
            "was made from (a frame, an array, plain data), or write an I/O manager for it."
        )


@dataclass(eq=False, kw_only=True)
class NotLoadable(DagbookError):
    """A stored value whose bytes are whole, but whose type can no longer be made from them."""

    address: str
    format: str
    problem: str

    def __str__(self) -> str:
        return (
            f"The stored value {self.address[:12]} cannot be read as {self.format}: "
            f"{self.problem}. Install or import what defines its type, or materialize it again "
            "with `--force`."
        )


@dataclass(eq=False, kw_only=True)
class CodeOfOtherPython(DagbookError):
    """A stored value holds code that another version of Python compiled; running it ends the process."""

    python: str
    here: str

    def __str__(self) -> str:
        return f"it holds code of {self.python}, which {self.here} cannot run"


@dataclass(eq=False, kw_only=True)
class UnsafePath(DagbookError):
    """A key that would be written outside the folder it belongs in."""

    parts: tuple[str, ...]
    problem: str

    def __str__(self) -> str:
        shown = "/".join(self.parts)
        return f"The name {shown[:200]!r} cannot be a file: {self.problem}. Rename it."


@dataclass(eq=False, kw_only=True)
class NothingStored(DagbookError):
    """An I/O manager was asked for a value that it was never given."""

    name: str
    where: str

    def __str__(self) -> str:
        return (
            f"Nothing is stored for `{self.name}` in {self.where}. Materialize `{self.name}` first."
        )


@dataclass(eq=False, kw_only=True)
class DamagedStore(StoreError):
    """A file of the store is not what dagbook wrote there."""

    def __str__(self) -> str:
        return (
            f"The store's file {self.path} cannot be read: {self.problem}. Move it away (do not "
            "delete it, if its history matters to you); a new one is made at the next start, and "
            "assets run again."
        )


@dataclass(eq=False, kw_only=True)
class NoAssetKey(DagbookError):
    """An I/O manager asked for the asset key of a value that passes between two ops."""

    name: str

    def __str__(self) -> str:
        return (
            f"`{self.name}` is a value between ops and has no asset key. Ask `has_asset_key` "
            "first, or use `get_identifier()`, which names every value."
        )
