"""Packs functions for other processes; a large value that many of them read is packed once."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cloudpickle

from dagbook.execution.sources import Lines, lines_of, place_of
from dagbook.versions.caches import CACHED, with_a_cache

# Bytes from which on a value travels by itself.
LARGE = 64 << 10
_LIBRARIES = frozenset({"numpy", "pandas", "polars", "pyarrow"})


class Packer:
    """Packs the functions of a run; what they share lies in files that end with the packer.

    Every unpacking gives values of its own: no body sees what another one did to them.
    """

    def __init__(self) -> None:
        self._folder: TemporaryDirectory[str] | None = None
        # The value is kept with its place, so that no other one gets its id.
        self._places: dict[int, tuple[Any, str]] = {}

    def pack(self, fn: Any) -> bytes:
        """The bytes of a function with the lines of its cells; raises what its parts raise."""
        out = io.BytesIO()
        lines = {
            where: _Text(text) if sum(map(len, text)) >= LARGE else text
            for where, text in lines_of(fn).items()
        }
        _Pickler(out, self).dump((fn, lines, {where: place_of(where) for where in lines}))
        return out.getvalue()

    def place_of(self, value: Any) -> str:
        """The file of a value, written when it is first met."""
        known = self._places.get(id(value))
        if known is None:
            known = self._places[id(value)] = value, self._written(value)
        return known[1]

    def close(self) -> None:
        """Take the files away."""
        folder, self._folder = self._folder, None
        self._places.clear()
        if folder is not None:
            folder.cleanup()

    def _written(self, value: Any) -> str:
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="dagbook-", ignore_cleanup_errors=True)
        path = Path(self._folder.name, str(len(self._places)))
        path.write_bytes(cloudpickle.dumps(value))
        return str(path)


def unpack(data: bytes) -> tuple[Any, Lines, Mapping[str, str]]:
    """What was packed, as copies that nobody else has: function, lines, and names of the cells."""
    fn, lines, places = cloudpickle.loads(data)
    return fn, lines, places


class _Text:
    """The lines of a long cell, in which many functions may stand."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]
    def __init__(self, out: io.BytesIO, packer: Packer) -> None:
        super().__init__(out)
        self._packer = packer

    def reducer_override(self, value: Any) -> Any:
        if type(value) is _Text:
            return _load, (self._packer.place_of(value.lines),)
        if _is_large(value):
            return _load, (self._packer.place_of(value),)
        if type(value) is CACHED and value.__module__ == "__main__":
            return with_a_cache, (value.__wrapped__, value.cache_parameters())
        return super().reducer_override(value)


def _load(place: str) -> Any:
    return cloudpickle.loads(Path(place).read_bytes())


def _is_large(value: Any) -> bool:
    """Whether a value is an array or a frame of some size."""
    kind = type(value)
    library = kind.__module__.partition(".")[0]
    return library in _LIBRARIES and not isinstance(value, type) and _bytes_in(value) >= LARGE


def _bytes_in(value: Any) -> int:
    """The bytes that an array or a frame takes, as far as it tells; 0 where it does not."""
    try:
        if hasattr(value, "estimated_size"):
            return int(value.estimated_size())
        if hasattr(value, "memory_usage"):
            # A number for a column or an index, one a column for a frame.
            used: Any = value.memory_usage()
            return int(used.sum()) if hasattr(used, "sum") else int(used)
        size = getattr(value, "nbytes", 0)
        return size if isinstance(size, int) else 0
    except Exception:
        # A library's object that can't tell its size travels with each function.
        return 0
