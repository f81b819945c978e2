"""Where values are kept, as the log and the store each say it, and the names of what happens."""

from __future__ import annotations

import os
from collections.abc import Callable

from dagbook.events.records import ValueAddress
from dagbook.io.stored import StoredValue


def stored_value(address: ValueAddress, blob: Callable[[str], bytes | None]) -> StoredValue | None:
    """The value at this address with its bytes where it is small; None where it is no longer kept."""
    if not address.inline:
        return StoredValue(
            address=address.address,
            format=address.format,
            size=address.size,
            mtime_ns=address.mtime_ns,
        )
    data = blob(address.address)
    if data is None:
        return None
    return StoredValue(
        address=address.address, format=address.format, size=address.size, inline=data
    )


def address_of(stored: StoredValue) -> ValueAddress:
    """What the log keeps of a stored value."""
    return ValueAddress(
        address=stored.address,
        format=stored.format,
        size=stored.size,
        inline=stored.inline is not None,
        mtime_ns=stored.mtime_ns,
    )


def new_id(now: float) -> str:
    """A short identifier that sorts by time: milliseconds, then chance."""
    return f"{int(now * 1000):011x}{os.urandom(3).hex()}"
