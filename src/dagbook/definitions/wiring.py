"""Where the inputs of ops in a graph come from."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

# A dynamic output: the node and the output's name.
By: TypeAlias = "tuple[str, str]"


class FromInput(NamedTuple):
    """An input of the graph."""

    name: str

    def __str__(self) -> str:
        return self.name


class FromOp(NamedTuple):
    """An output of another node."""

    node: str
    output: str

    def __str__(self) -> str:
        return f"{self.node}.{self.output}"


class Item(NamedTuple):
    """One of the values that go through a `map`; `by` is the dynamic output that is mapped over."""

    node: str
    output: str
    by: By

    def __str__(self) -> str:
        return f"each {self.node}.{self.output}"


class Collected(NamedTuple):
    """The list of all values that went through a `map`."""

    node: str
    output: str
    by: By

    def __str__(self) -> str:
        return f"all {self.node}.{self.output}"


class Several(NamedTuple):
    """A list, one value from each of these."""

    sources: tuple[Source, ...]

    def __str__(self) -> str:
        return f"[{', '.join(map(str, self.sources))}]"


Source: TypeAlias = "FromInput | FromOp | Item | Collected | Several"


def leaves(source: Source) -> tuple[Source, ...]:
    """The single places that a source takes its values from."""
    return source.sources if isinstance(source, Several) else (source,)
