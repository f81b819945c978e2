"""What it costs to give code its version: a cell that changed, one that did not, and a look again."""

from __future__ import annotations

from typing import Any

from dagbook.cells.body import analyse
from dagbook.cells.define import python_asset
from dagbook.cells.parsing import parse_body
from dagbook.definitions.assets import PLAIN_UPKEEP
from dagbook.definitions.keys import AssetKey
from dagbook.definitions.origin import Origin
from dagbook.definitions.specs import AssetSpec
from dagbook.versions.code import Evaluation
from dagbook.versions.grounds import Grounds
from tests.benchmarks.bench_cells import BODY
from tests.benchmarks.fresh import medians
from tests.benchmarks.row import Row, allowed
from tests.benchmarks.sides import timed

_A_LINE = 20e-6
_UNCHANGED = 1e-6
_CELLS = 400
_SPACE: dict[str, Any] = {"__name__": "__main__"}


def _made(number: int, cell: int = 1) -> Any:
    """The function of a cell that differs from the others by a number, run as this cell."""
    parsed = parse_body(BODY.format(number=number), 2, "<cell>")
    definition = python_asset(
        parsed,
        analyse(parsed, "one"),
        AssetSpec(AssetKey("one")),
        ins={},
        upkeep=PLAIN_UPKEEP,
        namespace=_SPACE,
        origin=Origin(where=f"cell [{cell}]"),
    )
    return definition.op.fn


def _evaluation() -> Evaluation:
    return Evaluation(lambda name: False)


def _versions(functions: list[Any], evaluation: Evaluation) -> None:
    for function in functions:
        evaluation.code_version(function)


def versioning() -> dict[str, float]:
    """Seconds a cell: made from its text with its version, its version alone, known, looked at again."""
    _versions([_made(number) for number in range(-50, 0)], _evaluation())
    texts = range(_CELLS)
    functions: list[Any] = []
    whole = timed(lambda: functions.extend(map(_made, texts)))
    alone = timed(lambda: _versions(functions, _evaluation()))
    again = [_made(number, cell=2) for number in texts]
    # Begun once for a whole graph, which costs 0.1 ms however many cells it has.
    evaluation = _evaluation()
    unchanged = timed(lambda: _versions(again, evaluation))
    grounds: Grounds[int] = Grounds()
    evaluation = _evaluation()
    for number, function in enumerate(functions):
        grounds.put(number, function, evaluation)
    grounds.settle()
    looked = timed(lambda: grounds.moved(_evaluation().web))
    taken = {"whole": whole + alone, "alone": alone, "unchanged": unchanged, "again": looked}
    return {name: seconds / _CELLS for name, seconds in taken.items()}


def rows(assets: int = 1_000, rounds: int = 5) -> list[Row]:
    """The rows *code version*; they do not depend on the number of assets."""
    if assets > 1_000:
        return []
    (taken,) = medians([(__name__, "versioning", ())], rounds)
    lines = len(BODY.splitlines())
    return [
        allowed("a changed line: parsed, compiled, versioned", taken["whole"] / lines, _A_LINE),
        allowed("a changed line: its version alone", taken["alone"] / lines, _A_LINE),
        allowed("a cell of 15 lines, text unchanged", taken["unchanged"], _UNCHANGED),
        allowed("a function that is still the same", taken["again"], _UNCHANGED),
    ]
