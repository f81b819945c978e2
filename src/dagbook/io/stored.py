"""What the log remembers of a value: where its bytes are and how to read them."""

from __future__ import annotations

from dataclasses import field

from dagbook.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredValue:
    """A value in the store.

    `address` is the hash of its bytes as written, so that equal bytes are one object and damage
    shows. `inline` holds the bytes of a small value, which the log keeps; a large one is a file.
    `mtime_ns` is the file's time when it was written; it says nothing about equality.

    >>> StoredValue(address="ab12", format="pickle", size=3, inline=b"abc").is_file
    False
    """

    address: str
    format: str
    size: int
    inline: bytes | None = None
    mtime_ns: int | None = field(default=None, compare=False)

    @property
    def is_file(self) -> bool:
        """Whether the bytes are a file below `objects/`."""
        return self.inline is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """What one look at a stored value found, without reading it.

    `unchanged` is false where size or time differ from when it was written, or the time then is
    not known: the value is verified by its hash before it is used.
    """

    exists: bool
    size: int
    mtime_ns: int
    unchanged: bool


INLINE = Presence(exists=True, size=0, mtime_ns=0, unchanged=True)
ABSENT = Presence(exists=False, size=0, mtime_ns=0, unchanged=False)
