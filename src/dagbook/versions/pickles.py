"""Digests an object by what pickle says of it, for types whose content is not known."""

from __future__ import annotations

import copyreg
import io
import pickle
import sys
import warnings
from collections.abc import Callable
from types import CodeType, FunctionType, ModuleType
from typing import Any

import xxhash

from dagbook.versions.caches import CACHED

# What pickle writes in an order of its own, by name only, or not at all.
_WRITTEN_ANEW = (set, frozenset, FunctionType, CACHED, type, ModuleType, CodeType)
_BY_CONTENT = frozenset({"numpy", "pandas", "polars", "pyarrow"})
# What Matplotlib keeps in its transforms and figures that is no content: who rests on a transform,
# by addresses in memory, and how many figures there were before.
_OF_THE_PROCESS = ("_parents", "_number", "number", "_restore_to_pylab")


def pickle_digest(value: object, write: Callable[[object], bytes]) -> bytes:
    """The digest of a pickle in which sets, functions, classes and frames are written by `write`.

    Raises:
        Exception: whatever pickling the value raises.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _digest(value, write, fast=True)
        except (ValueError, RecursionError):  # it holds itself
            return _digest(value, write, fast=False)


def _digest(value: object, write: Callable[[object], bytes], *, fast: bool) -> bytes:
    sink = _Sink()
    kind = _Pickler if "matplotlib.transforms" not in sys.modules else _PlotPickler
    pickler = kind(sink, write, value)
    # Without the memo, equal content gives equal bytes whether its parts are shared or not.
    pickler.fast = fast
    pickler.dump(value)
    return sink.hash.digest()


class _Sink(io.RawIOBase):
    """A file that keeps only the hash of what is written to it."""

    def __init__(self) -> None:
        self.hash = xxhash.xxh3_128()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.hash.update(data)
        return len(data)


class _Pickler(pickle.Pickler):
    """Hands to `write` what it writes better than pickle does."""

    def __init__(self, sink: _Sink, write: Callable[[object], bytes], whole: object) -> None:
        super().__init__(sink, protocol=5)
        self._write = write
        self._whole = whole

    def persistent_id(self, value: object) -> bytes | None:
        if value is self._whole:
            return None
        kind = type(value)
        if isinstance(value, _WRITTEN_ANEW):
            return self._write(value)
        if kind.__module__.partition(".")[0] in _BY_CONTENT and hasattr(kind, "shape"):
            return self._write(value)
        return None


class _PlotPickler(_Pickler):
    """Leaves out of plots what differs between processes that plot the same."""

    def reducer_override(self, value: Any) -> Any:
        from matplotlib.figure import Figure
        from matplotlib.transforms import TransformNode

        if not isinstance(value, TransformNode | Figure):
            return NotImplemented
        state: Any = value.__getstate__()
        kept = {name: part for name, part in state.items() if name not in _OF_THE_PROCESS}
        return copyreg.__newobj__, (type(value),), kept  # type: ignore[attr-defined]
