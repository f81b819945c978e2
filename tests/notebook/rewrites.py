"""Edits of notebooks of several cells: which cells are run again, and whose own state that must change."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """An edit of the cells of a notebook.

    `after` holds the cells that are edited, by their place; `stale` the assets and checks that a run
    from nothing would show to be others, or that can't be told from such; of what is below these
    nothing is said. `stays`: a run leaves them stale.
    """

    name: str
    cells: tuple[str, ...]
    after: dict[int, str]
    stale: tuple[str, ...] = ()
    stays: bool = False

    @property
    def staying(self) -> Rewrite:
        """The same, where a run does not help."""
        return replace(self, stays=True)

    def then(self, *places: int) -> Rewrite:
        """These cells are run again too, as they are: they hold what the edited ones made."""
        return replace(self, after={**{at: self.cells[at] for at in places}, **self.after})


@dataclass(frozen=True, slots=True)
class Base:
    """A notebook that many edits begin from."""

    cells: tuple[str, ...]

    def edit(self, name: str, place: int, old: str, new: str, *stale: str) -> Rewrite:
        """One text of one cell is replaced by another."""
        assert old in self.cells[place], (name, old)
        text = self.cells[place].replace(old, new)
        return Rewrite(name=name, cells=self.cells, after={place: text}, stale=stale)

    def same(self, name: str, place: int, old: str, new: str) -> Rewrite:
        """One that no run can show."""
        return self.edit(name, place, old, new)

    def put(self, name: str, place: int, text: str, *stale: str) -> Rewrite:
        """A whole cell is replaced."""
        return Rewrite(name=name, cells=self.cells, after={place: text}, stale=stale)

    def with_cell(self, place: int, text: str) -> Base:
        """The same notebook with another cell."""
        cells = [*self.cells]
        cells[place] = text
        return replace(self, cells=tuple(cells))
