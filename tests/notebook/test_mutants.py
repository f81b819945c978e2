"""A law for what is fresh, on random edits of a notebook: a run of all would show the same."""

from __future__ import annotations

import random

import pytest

from tests.notebook.mutants import edited, rewritten
from tests.notebook.shells import Notebook

CELLS = (
    "import functools, operator\n"
    "from dataclasses import dataclass, field\n"
    "from enum import Enum\n"
    "RATE, LIMITS, WORDS = 3, {'low': 1, 'high': 9}, ['pear', 'fig', 'apple']\n"
    "HANDLERS = {'len': len, 'first': lambda word: word[0]}\n",
    "def scaled(by=2):\n"
    "    def around(f):\n"
    "        @functools.wraps(f)\n"
    "        def inner(*a):\n            return f(*a) * by + RATE\n"
    "        return inner\n"
    "    return around\n"
    "@scaled(by=4)\n"
    "def size(x, more=1):\n"
    "    if x > LIMITS['low']:\n        x += more\n"
    "    return x - 1\n"
    "@functools.lru_cache\n"
    "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n",
    "class Colour(Enum):\n    RED = 'r'\n    BLUE = 'b'\n"
    "@dataclass(order=True)\n"
    "class Point:\n    x: int = 1\n    tags: list = field(default_factory=lambda: ['t'])\n"
    "    def far(self):\n        return self.x ** 2 + RATE\n"
    "class Base:\n    made = []\n    k = 5\n"
    "    def __init_subclass__(cls):\n        Base.made.append(cls.__name__)\n"
    "    @property\n    def twice(self):\n        return self.k * 2\n"
    "class Own(Base):\n    k = 6\n",
    "point, own = Point(4), Own()\n"
    "times = functools.partial(operator.mul, RATE)\n"
    "steps = [lambda x, n=n: x + n for n in range(3) if n % 2 == 1]\n"
    "LIMITS['high'] = 8\nWORDS.sort()\n",
    "%%asset sizes\n[size(x) for x in range(4) if x < LIMITS['high']]",
    "%%asset words\nfound = {word: HANDLERS['first'](word) for word in WORDS}\nsorted(found.items())",
    "%%asset points\n[Point().far(), point.far(), max((point, Point(2)), key=operator.attrgetter('x')).tags, Colour('r').name]",
    "%%asset classes\nown.twice, Base.made, [kind.value for kind in Colour]",
    "%%asset numbers\n[times(step(2)) for step in steps], fib(7)",
    "%%asset both\ntotal = sum(sizes) + len(words)\ntotal if total > 3 else -total",
)


def values(notebook: Notebook) -> dict[str, str]:
    """What all assets are; of one that failed, that it did."""
    standing = notebook.workspace.standing().assets
    return {
        str(key): "failed" if one.last_run == "failed" else repr(notebook.workspace.value(key))
        for key, one in standing.items()
    }


def fresh(notebook: Notebook) -> set[str]:
    """The assets that need no run."""
    standing = notebook.workspace.standing().assets
    return {str(key) for key, status in standing.items() if status.is_fresh}


@pytest.mark.parametrize("turn", range(16))
def test_what_is_fresh_after_an_edit_is_what_a_run_of_all_gives(
    notebook: Notebook, turn: int, pytestconfig: pytest.Config
) -> None:
    """Any edit of any cell, with the cells below it run again or not; and what only says it otherwise."""
    chance = random.Random(f"{pytestconfig.getoption('seed')} {turn}")
    notebook("%config Dagbook.on_define = 'register'")
    for place, cell in enumerate(CELLS):
        notebook(cell, cell=f"cell {place}")
    notebook("%materialize")
    before, place = values(notebook), chance.randrange(len(CELLS))
    harmless = turn % 4 == 0
    text = (rewritten if harmless else edited)(CELLS[place], chance)
    below = CELLS[place + 1 :] if harmless or chance.random() < 0.6 else ()
    for at, cell in enumerate((text, *below), place):
        notebook.attempt(cell, cell=f"cell {at}")
    told = fresh(notebook)
    notebook.attempt("%materialize --force")
    after = values(notebook)
    assert {name: after[name] for name in told} == {name: before[name] for name in told}, text
    assert not harmless or told == set(before), text
