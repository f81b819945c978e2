"""The assets that the benchmarks run on: a layered random graph of small integers, in cells."""

from __future__ import annotations

import linecache
import random
from collections.abc import Callable, Iterator
from typing import Any

_SEED = 4


def edges(assets: int) -> Iterator[list[int]]:
    """What each asset reads: on average one and a half of those of the layers above."""
    chance = random.Random(_SEED)
    width = max(1, int(assets**0.5))
    for number in range(assets):
        layer = number // width
        above = range(max(0, layer - 3) * width, layer * width)
        yield chance.sample(above, min(len(above), 1 + number % 2))


def cells(assets: int) -> Iterator[str]:
    """The source of each asset's cell."""
    for number, above in enumerate(edges(assets)):
        reads = [f"asset_{one}" for one in above]
        body = " + ".join([*reads, str(number)])
        yield f"def asset_{number}({', '.join(reads)}):\n    return ({body}) % 1000\n"


def functions(assets: int, changed: frozenset[int] = frozenset()) -> list[Callable[..., Any]]:
    """The functions of all cells, compiled as a shell does; `changed` ones have another body."""
    made: list[Callable[..., Any]] = []
    for number, cell in enumerate(cells(assets)):
        text = cell.replace("% 1000", "% 999") if number in changed else cell
        name = f"<cell {number}{' again' if number in changed else ''}>"
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        space: dict[str, Any] = {"__name__": "__main__"}
        exec(compile(text, name, "exec", dont_inherit=True), space)
        made.append(space[f"asset_{number}"])
    return made
