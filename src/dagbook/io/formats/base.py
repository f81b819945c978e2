"""What a format is: a way to write a value so that an equal value can be read back."""

from __future__ import annotations

from typing import Protocol

from dagbook.io.sink import Target


class Format(Protocol):
    """A way to write values.

    `suits` is true only where the value that `load` gives is known to be equal to the one that
    `dump` was given, its types and attributes included. `load` gets a writable view of bytes that
    are the caller's own, most often a file mapped copy-on-write, and builds upon it.
    """

    @property
    def name(self) -> str:
        """The name in records and in the names of files."""

    def suits(self, value: object) -> bool:
        """Whether the value comes back equal."""

    def dump(self, value: object, sink: Target) -> str:
        """Write the value; returns the name of the format by which it can be read."""

    def load(self, view: memoryview) -> object:
        """The value again."""
