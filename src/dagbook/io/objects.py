"""The object store: values in, records of where they are out, and the values again."""

from __future__ import annotations

import pickle
from collections.abc import Container, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import xxhash

from dagbook.errors.store import NotLoadable, ValueLost
from dagbook.io.faults import naming
from dagbook.io.files import ObjectFiles, Swept
from dagbook.io.formats.choice import PICKLED, format_for, format_named, is_read_here
from dagbook.io.formats.pickled import SCALARS, unstorable
from dagbook.io.handout import Handout, hand_out_loaded, unchangeable
from dagbook.io.mapping import open_bytes
from dagbook.io.sink import INLINE_LIMIT, Sink
from dagbook.io.stored import INLINE, Presence, StoredValue

# Seconds for which a value stays that no record names: its record may still be coming.
GRACE = 3600.0
# Types whose pickles are known to be readable, so that no trial read is needed.
_SOUND_MODULES = frozenset(("builtins", "collections", "datetime", "numpy", "pandas"))


class ObjectStore:
    """Keeps values below one folder, by the hash of their bytes.

    `put` and `load` may be called by several threads and processes at once. With `durable` a
    value survives the loss of power when `put` returns; without, the end of the process only.

    >>> from pathlib import Path; from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     store = ObjectStore(Path(folder))
    ...     store.load(store.put([1, 2]))
    [1, 2]
    """

    def __init__(self, root: Path, *, durable: bool = True) -> None:
        self.root = root
        self._files = ObjectFiles(root, durable=durable)

    def put(self, value: object, *, known: StoredValue | None = None) -> StoredValue:
        """Keep a value, and return where it is; it is durable before this returns.

        `known` is where an equal value was put before (the caller has compared their data
        versions): while it is whole, nothing is written. Raises NotStorable for a value that
        cannot be written, and StoreFull, ReadOnlyStore, StoreGone or StoreError by what the disk
        says; then nothing is kept.
        """
        if known is not None and self.verify(known):
            return known
        if type(value) in SCALARS:
            data = pickle.dumps(value, 5)
            if len(data) <= INLINE_LIMIT:
                address = xxhash.xxh3_128_hexdigest(data)
                return StoredValue(address=address, format="pickle", size=len(data), inline=data)
        sink = Sink(self.root)
        try:
            format = format_for(value).dump(value, sink)
            small = sink.inline()
            if small is not None:
                _try_reading(value, small)
            if format == PICKLED.name_with_code:
                sink.keep_in_file()  # only of files it is asked whether they can be read
            return self._finish(sink, format)
        finally:
            sink.close()

    def load(self, stored: StoredValue) -> object:
        """The value; the caller's own, to change as it likes.

        Raises ValueLost where the object is missing or not what was written, and NotLoadable
        where its type cannot be made any more.
        """
        if _is_bare(stored):
            return self._reading(stored, memoryview(stored.inline or b""))
        return self._reading(stored, self.view(stored))

    def hand_out(self, stored: StoredValue) -> Handout:
        """The value for one consumer, and a way to learn whether the consumer changed it in place.

        Large arrays and frames lie on a file mapped copy-on-write, so nothing is copied but what
        is written to. Raises what `load` raises.
        """
        if _is_bare(stored):
            return unchangeable(self.load(stored))
        view = self.view(stored)
        return hand_out_loaded(self._reading(stored, view), view, stored.address)

    def view(self, stored: StoredValue) -> memoryview:
        """The verified bytes of a value, as writable memory of the caller's own."""
        if stored.inline is not None:
            return memoryview(bytearray(stored.inline))
        self._require_whole(stored)
        path = self.path(stored)
        with naming(path):
            return open_bytes(path)

    def path(self, stored: StoredValue) -> Path:
        """Where the file of a large value is, for engines that read files themselves."""
        return self._files.path(stored.address, stored.format)

    def can_read(self, format: str) -> bool:
        """Whether this version of dagbook, in this version of Python, reads all values of the format."""
        return is_read_here(format)

    def look(self, stored: StoredValue) -> Presence:
        """Whether the value is there and seems unchanged, without reading it."""
        return INLINE if stored.inline is not None else self._files.look(stored)

    def verify(self, stored: StoredValue) -> bool:
        """Whether the bytes are there and are those that were written, by their hash."""
        if stored.inline is not None:
            return xxhash.xxh3_128_hexdigest(stored.inline) == stored.address
        return self._files.is_whole(stored)

    def scratch(self, suffix: str = "") -> AbstractContextManager[Path]:
        """A path that an engine may write a file to, for `adopt`; removed after the block."""
        return self._files.scratch(suffix)

    def adopt(self, path: Path, *, format: str) -> StoredValue:
        """Keep the file at a path of `scratch`, written in the named format, without copying it."""
        return self._files.adopt(path, format)

    def delete(self, address: str) -> int:
        """Remove what is kept at an address; returns the number of bytes freed."""
        return self._files.delete(address)

    def addresses(self) -> Iterator[str]:
        """The addresses of all large values."""
        return self._files.addresses()

    def size(self) -> int:
        """The bytes that the large values take."""
        return self._files.size()

    def sweep(self, keep: Container[str], *, grace: float = GRACE, dry_run: bool = False) -> Swept:
        """Remove the objects whose address is not in `keep`, and what dead writers left.

        Objects put within the last `grace` seconds stay: their record may still be coming. With
        `dry_run` nothing is removed.
        """
        return self._files.sweep(keep, grace=grace, dry_run=dry_run)

    def _finish(self, sink: Sink, format: str) -> StoredValue:
        inline = sink.inline()
        if inline is None:
            return self._files.settle(sink, format)
        return StoredValue(address=sink.address(), format=format, size=sink.size, inline=inline)

    def _require_whole(self, stored: StoredValue) -> None:
        seen = self._files.look(stored)
        if not seen.exists:
            problem = "does not exist"
        elif seen.unchanged or self._files.is_whole(stored):
            return
        else:
            problem = "is not what was written"
        raise ValueLost(path=str(self.path(stored)), problem=problem, address=stored.address)

    def _reading(self, stored: StoredValue, view: memoryview) -> object:
        chosen = format_named(stored.format)
        if chosen is None:
            problem = "this version of dagbook does not have that format"
            raise NotLoadable(address=stored.address, format=stored.format, problem=problem)
        try:
            return chosen.load(view)
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
            raise NotLoadable(
                address=stored.address, format=stored.format, problem=problem
            ) from error


def _is_bare(stored: StoredValue) -> bool:
    """Whether the bytes are a pickle of a scalar, which needs no memory of its own."""
    return stored.inline is not None and stored.inline[:1] == b"\x80"


def _try_reading(value: object, data: bytes) -> None:
    """Refuse now what could not be read later, such as an exception with arguments of its own."""
    if type(value).__module__.partition(".")[0] in _SOUND_MODULES:
        return
    try:
        PICKLED.load(memoryview(bytearray(data)))
    except Exception as error:
        raise unstorable(value, error) from error
