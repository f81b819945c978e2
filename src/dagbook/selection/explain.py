"""How a selection comes about: every part of it with what it holds."""

from __future__ import annotations

from collections.abc import Iterator

from dagbook.records import dataclass
from dagbook.selection.index import Keys
from dagbook.selection.protocol import NOTHING_KNOWN, SelectableGraph, World
from dagbook.selection.resolution import combined
from dagbook.selection.tree import Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A selection's text, the keys that it holds, and the same for what it is made of."""

    text: str
    keys: Keys
    parts: tuple[Explanation, ...] = ()

    def steps(self, level: int = 0) -> Iterator[tuple[int, Explanation]]:
        """This one and all below it, each with its level, in the order of the text."""
        yield level, self
        for part in self.parts:
            yield from part.steps(level + 1)

    def __str__(self) -> str:
        steps = list(self.steps())
        width = len(str(max(len(step.keys) for _, step in steps)))
        return "\n".join(
            f"{len(step.keys):>{width}}  {'  ' * level}{step.text}" for level, step in steps
        )


def explain(tree: Selection, graph: SelectableGraph, world: World = NOTHING_KNOWN) -> Explanation:
    """What a selection and each part of it hold; as text, one line a part with its count.

    Raises SelectionNotAnswerable.
    """
    parts = tuple([explain(part, graph, world) for part in tree.parts])
    keys = combined(tree, [part.keys for part in parts], graph, world)
    return Explanation(text=str(tree), keys=keys, parts=parts)
