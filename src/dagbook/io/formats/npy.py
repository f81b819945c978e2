"""Plain NumPy arrays as `.npy`, which lie upon the mapped file when they are read."""

from __future__ import annotations

from typing import Any, Literal

from dagbook.io.sink import INLINE_LIMIT, Target

# Booleans, integers, floats, complex numbers, times, durations and texts of fixed width.
# Records and objects have layouts or contents that the format does not keep exactly.
_KINDS = frozenset("biufcmMSU")


class Npy:
    """The `.npy` format, for arrays of plain numbers, times and texts of fixed width."""

    name = "npy"

    def suits(self, value: Any) -> bool:
        """Whether it is an array, no subclass, whose format keeps all of it."""
        import numpy as np

        return (
            type(value) is np.ndarray
            and value.dtype.kind in _KINDS
            and value.dtype.metadata is None
            and (value.nbytes > INLINE_LIMIT or _is_foreign_time(value.dtype))
            and value.flags.writeable
            and (value.flags.c_contiguous or value.flags.f_contiguous)
        )

    def dump(self, value: Any, sink: Target) -> str:
        """Write header and data; the data are not copied."""
        from numpy.lib import format as npy

        npy.write_array_header_1_0(sink, npy.header_data_from_array_1_0(value))
        # Times have no buffer of their own; as bytes, every kind has one.
        flat = value.ravel(order="K").view("u1")
        sink.write(memoryview(flat))
        return self.name

    def load(self, view: memoryview) -> Any:
        """The array upon the view, as writable as the view is."""
        import numpy as np
        from numpy.lib import format as npy

        reader = _Reader(view)
        npy.read_magic(reader)
        shape, by_columns, dtype = npy.read_array_header_1_0(reader)
        order: Literal["C", "F"] = "F" if by_columns else "C"
        return np.ndarray(shape, dtype, buffer=view, offset=reader.position, order=order)


def _is_foreign_time(dtype: Any) -> bool:
    """Times in the other byte order: NumPy's own pickle gives them back in this machine's."""
    return dtype.kind in "mM" and not dtype.isnative


class _Reader:
    """Reads the view as a file, for NumPy's parser of headers."""

    def __init__(self, view: memoryview) -> None:
        self._view = view
        self.position = 0

    def read(self, count: int = -1, /) -> bytes:
        start = self.position
        self.position = min(start + count, len(self._view))
        return bytes(self._view[start : self.position])
