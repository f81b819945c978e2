"""What surrounds definitions in a notebook: who hears of new ones, and where their values are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from dagbook.definitions.keys import AssetKey
from dagbook.records import dataclass

T = TypeVar("T")


@dataclass(slots=True)
class Surroundings:
    """Set by whoever opens the current workspace; definitions know no workspace themselves.

    `made` is called with each definition that a decorator makes; `value_of` gives the kept value;
    `cell_of` says what a reader calls the cell whose code has this file name, None for a file.
    """

    made: Callable[[Any], None] | None = None
    value_of: Callable[[AssetKey], Any] | None = None
    cell_of: Callable[[str], str | None] | None = None

    def told(self, made: T) -> T:
        """The definition, after whoever listens has heard of it."""
        if self.made is not None:
            self.made(made)
        return made


surroundings = Surroundings()
