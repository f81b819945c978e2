"""The folder `.dagbook`: where it is, how it is made, and whether this version may use it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from dagbook.errors.store import ForeignStore, NewerStore, NotAStore, ReadOnlyStore
from dagbook.io.faults import naming
from dagbook.io.trust import distrust, trust
from dagbook.records import dataclass

FORMAT = 1
NAME = ".dagbook"
_FORMAT_FILE = "format"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFolder:
    """The places within a store."""

    root: Path

    @property
    def objects(self) -> Path:
        """The folder of large values."""
        return self.root / "objects"

    @property
    def events(self) -> Path:
        """The event log."""
        return self.root / "events.sqlite"

    @property
    def asset_locks(self) -> Path:
        """The file whose bytes are locked by whoever runs an asset."""
        return self.root / "assets.lock"

    @property
    def session_locks(self) -> Path:
        """The file whose bytes are locked by the sessions that live."""
        return self.root / "sessions.lock"


def find_store(start: Path, env: Mapping[str, str]) -> Path:
    """Where the store of a notebook in the folder `start` is, or is to be made.

    `DAGBOOK_HOME` decides, if set; else the nearest `.dagbook` in `start` or above it; else
    `.dagbook` in `start`.

    >>> find_store(Path("/data"), {"DAGBOOK_HOME": "/keep"}).as_posix()
    '/keep'
    """
    home = env.get("DAGBOOK_HOME")
    if home:
        return Path(os.path.abspath(start / os.path.expanduser(home)))
    start = Path(os.path.abspath(start))
    for folder in (start, *start.parents):
        if (folder / NAME).is_dir():
            return folder / NAME
    return start / NAME


def open_folder(root: Path, env: Mapping[str, str]) -> StoreFolder:
    """The store at `root`, made where there is none.

    Raises ReadOnlyStore where it cannot be written, NotAStore for a folder of something else,
    NewerStore where a later version made it,
    and ForeignStore where it was not made by this user on this machine and `DAGBOOK_TRUST` is
    not 1. A store that was trusted once is trusted from then on.
    """
    with naming(root):
        if not (root / _FORMAT_FILE).exists():
            _make(root, env)
        else:
            _check(root, env)
    if not os.access(root, os.W_OK | os.X_OK):
        raise ReadOnlyStore(path=str(root), problem="it may only be read")
    return StoreFolder(root=root)


def _make(root: Path, env: Mapping[str, str]) -> None:
    if root.is_dir() and any(root.iterdir()) and not (root / ".gitignore").exists():
        raise NotAStore(path=str(root), problem="it is a folder of something else")
    file = next((part for part in (root, *root.parents) if part.is_file()), None)
    if file is not None:
        raise NotAStore(path=str(root), problem=f"{file} is a file and no folder")
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    (root / ".gitignore").write_text("*\n")
    (root / "objects").mkdir(mode=0o700, exist_ok=True)
    trust(root, env)
    # Last, so that a store without it is one whose making was interrupted.
    unfinished = root / f"{_FORMAT_FILE}.{os.getpid()}"
    unfinished.write_text(f"{FORMAT}\n")
    unfinished.replace(root / _FORMAT_FILE)


def _check(root: Path, env: Mapping[str, str]) -> None:
    text = (root / _FORMAT_FILE).read_text(errors="replace").strip()
    if not (text.isascii() and text.isdigit()):
        raise NotAStore(path=str(root), problem=f"its format is {text[:40]!r}, not a number")
    found = int(text[:9])
    if found > FORMAT:
        raise NewerStore(path=str(root), problem="newer", found=found, known=FORMAT)
    doubt = distrust(root, env)
    if doubt is None:
        return
    if env.get("DAGBOOK_TRUST") != "1":
        raise ForeignStore(path=str(root), problem=doubt)
    trust(root, env)
