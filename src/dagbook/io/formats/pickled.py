"""Any value as a pickle whose large buffers lie beside it, aligned, so that they can be mapped."""

from __future__ import annotations

import contextlib
import io
import pickle
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import xxhash

from dagbook.errors.base import DagbookError
from dagbook.errors.store import NotStorable
from dagbook.io.formats import notebook_classes
from dagbook.io.sink import Target

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PROTOCOL = 5
# Values of these types are their own pickle: no class to find, nothing that could be changed.
SCALARS = frozenset((int, float, bool, type(None), str, bytes, complex))
# The mark, the pickle, the aligned buffers, their table, the tail.
_MARK = b"dagbook\x01"
_ENTRY = struct.Struct("<QQ?")  # where a buffer starts, its length, whether it may be written
_TAIL = struct.Struct("<QQ")  # where the table starts, how many buffers it lists

_FILES = (io.FileIO, io.BufferedReader, io.BufferedWriter, io.BufferedRandom, io.TextIOWrapper)
_NOTEBOOK = notebook_classes.MODULE.encode()
# Modules as newer versions of Python call them in pickles, and as older ones do.
_MOVED = {"pathlib._local": "pathlib"}
_SetAside = Callable[[pickle.PickleBuffer], bool]
_BUFFER_FROM = 4096  # smaller buffers are copied into the pickle: a table entry costs more


class Pickled:
    """Pickle, protocol 5; classes and functions of the notebook are written with their code."""

    name = "pickle"
    # The name of pickles with code in them, which other versions of Python cannot run.
    name_with_code = name + "".join(filter(str.isalnum, notebook_classes.PYTHON))

    def suits(self, value: object) -> bool:
        """True: what cannot be pickled is refused when it is written."""
        return True

    def dump(self, value: object, sink: Target) -> str:
        """Write the value; raises NotStorable where no pickle of it can be made."""
        try:
            _write(value, sink, by_value=False)
            return self.name
        except DagbookError:
            raise
        except Exception as error:
            # What pickle cannot name, cloudpickle may still write by its code; of a file that is
            # open it would write the content, which nobody meant.
            if isinstance(value, _FILES):
                raise unstorable(value, error) from error
            sink.restart()
        try:
            coded = _write(value, sink, by_value=True)
            return self.name_with_code if coded else self.name
        except DagbookError:
            raise
        except Exception as error:
            raise unstorable(value, error) from error

    def load(self, view: memoryview) -> object:
        """The value; its arrays lie upon the view, writable where they were before."""
        if bytes(view[: len(_MARK)]) != _MARK:
            return pickle.loads(view)
        start, count = _TAIL.unpack(view[-_TAIL.size :])
        entries = _ENTRY.iter_unpack(view[start : start + count * _ENTRY.size])
        buffers = [_slice(view, *entry) for entry in entries]
        data = view[len(_MARK) :]
        try:
            return pickle.loads(data, buffers=buffers)
        except ModuleNotFoundError as error:
            if error.name not in _MOVED:
                raise
            return _OfNewerPython(io.BytesIO(data), buffers=buffers).load()


def unstorable(value: object, error: Exception) -> NotStorable:
    """The error for a value that pickle refuses."""
    kind = type(value)
    return NotStorable(
        type_name=f"{kind.__module__}.{kind.__qualname__}",
        problem=f"{type(error).__name__}: {error}".splitlines()[0][:300],
    )


def digest(value: object, *, content: bool) -> str | None:
    """A hash by which a later change in place of the value shows; None where it has no pickle.

    Without `content`, of large buffers only place and length count: their content is watched in
    another way. It is of use within one process only.
    """
    for by_value in (False, True):
        hashed = xxhash.xxh3_128()
        with contextlib.suppress(Exception):
            _hash_pickle(value, hashed, content=content, by_value=by_value)
            return str(hashed.hexdigest())
    return None


class _OfNewerPython(pickle.Unpickler):
    """Finds in older versions of Python what newer ones have elsewhere."""

    def find_class(self, module: str, name: str) -> Any:
        return super().find_class(_MOVED.get(module, module), name)


class _NotebookObject(Exception):
    """The stream names something of the notebook, which another process will not find there."""


class _Watch:
    """Passes a pickle on, and stops it at the first name of the notebook's module."""

    def __init__(self, sink: Target) -> None:
        self._sink = sink

    def write(self, data: ReadableBuffer) -> int:
        # The pickler hands over whole opcodes, so the name never straddles two writes.
        if _NOTEBOOK in (data if isinstance(data, bytes | bytearray) else bytes(data)):
            raise _NotebookObject
        return self._sink.write(data)


def _write(value: object, sink: Target, *, by_value: bool) -> bool:
    """Write the value; returns whether there is code in it that only this Python can run."""
    buffers: list[memoryview] = []

    def set_aside(buffer: pickle.PickleBuffer) -> bool:
        view = buffer.raw()
        if view.nbytes < _BUFFER_FROM:
            return True
        buffers.append(view)
        return False

    sink.write(_MARK)
    file: Any = sink if by_value else _Watch(sink)
    pickler = _pickler(file, set_aside, by_value=by_value)
    pickler.dump(value)
    _append_buffers(buffers, sink)
    return by_value and pickler.wrote_code


def _hash_pickle(value: object, hashed: xxhash.xxh3_128, *, content: bool, by_value: bool) -> None:
    import numpy as np

    def hash_buffer(buffer: pickle.PickleBuffer) -> bool:
        view = buffer.raw()
        if view.nbytes < _BUFFER_FROM:
            return True
        if content:
            hashed.update(view)
        else:
            place = np.frombuffer(view, np.uint8).__array_interface__["data"][0]
            hashed.update(f"{place} {view.nbytes};".encode())
        return False

    file: Any = _Hashing(hashed)
    _pickler(file, hash_buffer, by_value=by_value).dump(value)


class _Hashing:
    """A file that keeps only the hash of what is written to it."""

    def __init__(self, hashed: xxhash.xxh3_128) -> None:
        self._hashed = hashed

    def write(self, data: ReadableBuffer) -> int:
        self._hashed.update(data)
        return len(memoryview(data))


def _pickler(file: Any, set_aside: _SetAside, *, by_value: bool) -> Any:
    if not by_value:
        return pickle.Pickler(file, PROTOCOL, buffer_callback=set_aside)
    return notebook_classes.pickler(file, buffer_callback=set_aside)


def _append_buffers(buffers: list[memoryview], sink: Target) -> None:
    table = []
    for view in buffers:
        table.append(_ENTRY.pack(sink.align(), view.nbytes, not view.readonly))
        sink.write(view)
    start = sink.size
    sink.write(b"".join(table))
    sink.write(_TAIL.pack(start, len(buffers)))


def _slice(view: memoryview, start: int, length: int, writable: bool) -> memoryview:
    part = view[start : start + length]
    return part if writable else part.toreadonly()
