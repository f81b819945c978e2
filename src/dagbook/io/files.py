"""The files below `objects/`: put in place whole, verified, listed, removed."""

from __future__ import annotations

import os
import time
from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path

import xxhash

from dagbook.errors.store import UnsafePath
from dagbook.io.faults import naming, store_error
from dagbook.io.mapping import open_bytes
from dagbook.io.oslock import claim
from dagbook.io.sink import INLINE_LIMIT, TEMPORARY, Sink
from dagbook.io.stored import ABSENT, Presence, StoredValue
from dagbook.records import dataclass

_LOCK = ".lock"
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep removed, or would remove."""

    objects: int
    bytes: int
    left_over: int


class ObjectFiles:
    """Large values as files `ab/cdef….format`, named by the hash of their bytes.

    A file appears by renaming, so it is whole or absent. A lock keeps a sweep from removing the
    file that a writer has just found to be there already.
    """

    def __init__(self, root: Path, *, durable: bool) -> None:
        with naming(root):
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.root = root
        self._durable = durable
        # What was verified by this process, by path: a file's identity at that moment.
        self._verified: dict[Path, tuple[int, int, int]] = {}

    def path(self, address: str, format: str) -> Path:
        """Where the file of an address is; raises UnsafePath for what is no address."""
        if len(address) < 3 or not _HEX.issuperset(address):
            raise UnsafePath(parts=(address,), problem="it is not the address of an object")
        if not format.isalnum():
            raise UnsafePath(parts=(format,), problem="it is not the name of a format")
        return self.root / address[:2] / f"{address[2:]}.{format}"

    def settle(self, sink: Sink, format: str) -> StoredValue:
        """Give a written temporary file its name."""
        assert sink.path is not None
        if self._durable:
            sink.sync()
        stored = StoredValue(
            address=sink.address(), format=format, size=sink.size, mtime_ns=sink.mtime_ns()
        )
        return self._place(sink.path, stored)

    def adopt(self, path: Path, format: str) -> StoredValue:
        """Keep a file that another engine wrote at a path of `scratch`."""
        with naming(path):
            if self._durable:
                _sync(path)
            view = open_bytes(path)
            stat = path.stat()
        address = xxhash.xxh3_128_hexdigest(view)
        if len(view) <= INLINE_LIMIT:
            return StoredValue(address=address, format=format, size=len(view), inline=bytes(view))
        stored = StoredValue(
            address=address, format=format, size=len(view), mtime_ns=stat.st_mtime_ns
        )
        return self._place(path, stored)

    @contextmanager
    def scratch(self, suffix: str) -> Iterator[Path]:
        """A path in the folder, removed afterwards; claimed, so that a sweep leaves it alone."""
        folder = self.root / f"{TEMPORARY}{os.getpid()}-{os.urandom(8).hex()}"
        with naming(self.root):
            folder.mkdir()
            claimed = folder / _LOCK
            fd = os.open(claimed, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            claim(fd)
            yield folder / f"value{suffix}"
        finally:
            os.close(fd)
            _remove(folder)

    def look(self, stored: StoredValue) -> Presence:
        """One `stat` of the object."""
        path = self.path(stored.address, stored.format)
        try:
            stat = os.stat(path)
        except (FileNotFoundError, NotADirectoryError):
            return ABSENT
        except OSError as error:
            raise store_error(error, path) from error
        same = stat.st_size == stored.size and (
            stat.st_mtime_ns == stored.mtime_ns or self._verified.get(path) == _identity(stat)
        )
        return Presence(exists=True, size=stat.st_size, mtime_ns=stat.st_mtime_ns, unchanged=same)

    def is_whole(self, stored: StoredValue) -> bool:
        """Whether the file has the hash that is its name."""
        path = self.path(stored.address, stored.format)
        try:
            stat = os.stat(path)
            if stat.st_size != stored.size:
                return False
            whole = xxhash.xxh3_128_hexdigest(open_bytes(path)) == stored.address
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise store_error(error, path) from error
        if whole:
            self._verified[path] = _identity(stat)
        return whole

    def delete(self, address: str) -> int:
        """Remove the files of an address, whatever their format."""
        folder = self.path(address, "x").parent
        freed = 0
        with naming(folder), self._locked():
            for entry in _entries(folder):
                if entry.name.partition(".")[0] == address[2:]:
                    freed += entry.stat().st_size
                    os.unlink(entry.path)
        return freed

    def addresses(self) -> Iterator[str]:
        """The addresses of all objects."""
        seen = {folder + entry.name.partition(".")[0] for folder, entry in self._objects()}
        return iter(sorted(seen))

    def size(self) -> int:
        """The bytes of all objects."""
        with naming(self.root):
            return sum(entry.stat().st_size for _, entry in self._objects())

    def sweep(self, keep: Container[str], *, grace: float, dry_run: bool = False) -> Swept:
        """Remove what is neither kept nor new, and the temporary files of dead writers."""
        removed = freed = 0
        before = time.time() - grace
        with naming(self.root):
            for folder, entry in list(self._objects()):
                if folder + entry.name.partition(".")[0] in keep:
                    continue
                with self._locked():
                    stat = os.stat(entry.path)
                    # The time of the last change of the name or of the times, which a writer
                    # sets anew when it finds that its value is there already.
                    if stat.st_ctime <= before:
                        if not dry_run:
                            os.unlink(entry.path)
                        removed += 1
                        freed += stat.st_size
            left_over = 0 if dry_run else self._sweep_temporary(before)
            return Swept(objects=removed, bytes=freed, left_over=left_over)

    def _place(self, source: Path, stored: StoredValue) -> StoredValue:
        target = self.path(stored.address, stored.format)
        try:
            made = _make_folder(target.parent)
            with self._locked():
                if self.is_whole(stored):
                    stat = os.stat(target)
                    os.utime(target, ns=(time.time_ns(), stat.st_mtime_ns))
                    return StoredValue(
                        address=stored.address,
                        format=stored.format,
                        size=stored.size,
                        mtime_ns=stat.st_mtime_ns,
                    )
                os.replace(source, target)
            if self._durable:
                _sync(target.parent)
                if made:
                    _sync(self.root)
        except OSError as error:
            raise store_error(error, self.root, needed=stored.size) from error
        return stored

    @contextmanager
    def _locked(self) -> Iterator[None]:
        fd = os.open(self.root / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            claim(fd, wait=True)
            yield
        finally:
            os.close(fd)

    def _objects(self) -> Iterator[tuple[str, os.DirEntry[str]]]:
        for folder in _entries(self.root):
            if len(folder.name) == 2 and _HEX.issuperset(folder.name) and folder.is_dir():
                for entry in _entries(folder.path):
                    yield folder.name, entry

    def _sweep_temporary(self, before: float) -> int:
        left = [entry for entry in _entries(self.root) if entry.name.startswith(TEMPORARY)]
        old = [Path(entry.path) for entry in left if entry.stat().st_ctime <= before]
        return sum(_remove_if_dead(path) for path in old)


def _identity(stat: os.stat_result) -> tuple[int, int, int]:
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


def _entries(folder: str | Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except FileNotFoundError:
        return []


def _make_folder(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return False
    return True


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # folders cannot be opened there
        return
    fd = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _remove_if_dead(path: Path) -> bool:
    """Remove a temporary file or folder whose writer no longer holds its lock."""
    lock = path / _LOCK if path.is_dir() else path
    try:
        fd = os.open(lock, os.O_RDWR | (os.O_CREAT if path.is_dir() else 0), 0o600)
    except FileNotFoundError:  # its writer has just finished
        return False
    try:
        dead = claim(fd)
    finally:
        os.close(fd)
    if dead:
        _remove(path)
    return dead


def _remove(path: Path) -> None:
    if path.is_dir():
        for entry in _entries(path):
            os.unlink(entry.path)
        path.rmdir()
    else:
        path.unlink(missing_ok=True)
