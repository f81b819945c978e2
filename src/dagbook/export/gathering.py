"""Hears of the definitions that a plain module makes in loops, factories and calls."""

from __future__ import annotations

from dagbook.definitions.assets import Definition
from dagbook.definitions.current import surroundings


class Gathering:
    """From when it is made until `end`, every definition that is made, in order.

    >>> from dagbook import asset
    >>> gathering = Gathering()
    >>> for name in ("north", "south"):
    ...     @asset(name=name)
    ...     def region():
    ...         return 1
    >>> [str(one.key) for one in gathering.end()]
    ['north', 'south']
    """

    def __init__(self) -> None:
        self._made: list[Definition] = []
        self._before = surroundings.made
        surroundings.made = self._hear

    def _hear(self, made: Definition) -> None:
        self._made.append(made)
        if self._before is not None:
            self._before(made)

    def end(self) -> list[Definition]:
        """What was made; nothing more is heard."""
        surroundings.made = self._before
        return self._made
