"""The event log against the work that cannot be avoided: appending, and reading what counts now."""

from __future__ import annotations

import hashlib
import os
import pickle
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from dagbook.definitions.keys import AssetKey
from dagbook.events.records import InputVersion, Materialization, Materialized, ValueAddress
from dagbook.log.history import History
from dagbook.log.sqlite import Durability, SqliteLog
from tests.benchmarks.floor import Level, floor
from tests.benchmarks.row import Row

_SCOPE = "notebook.ipynb"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def events(assets: int) -> list[Materialized]:
    """A result for each asset, with one or two inputs and a small value."""
    keys = [AssetKey(f"asset_{number}") for number in range(assets)]
    made = []
    for number, key in enumerate(keys):
        reads = [one for one in range(number - 1 - number % 2, number) if one >= 0]
        content = pickle.dumps(number)
        one = Materialization(
            id=_digest(f"id{number}"),
            key=key,
            run_id="run",
            time=time.time(),
            duration=0.001,
            code_version=_digest(f"code{number}"),
            data_version=_digest(f"data{number}"),
            fingerprint=_digest(f"print{number}"),
            inputs=tuple(
                InputVersion(str(keys[read]), keys[read], _digest(f"data{read}")) for read in reads
            ),
            value=ValueAddress(
                address=_digest(f"value{number}"), format="pickle", size=len(content), inline=True
            ),
        )
        made.append(Materialized(materialization=one, blob=content))
    return made


def append(path: Path, durability: Durability, made: list[Materialized]) -> float:
    """The seconds that it takes to append each event by itself."""
    log = SqliteLog(path, durability=durability)
    start = time.perf_counter()
    for event in made:
        log.append(_SCOPE, [event])
    seconds = time.perf_counter() - start
    log.close()
    return seconds


def cold_current(path: Path) -> float:
    """The seconds from opening the store to knowing what counts now."""
    start = time.perf_counter()
    log = SqliteLog(path)
    History(log, _SCOPE)
    seconds = time.perf_counter() - start
    log.close()
    return seconds


def plain_read(path: Path) -> float:
    """The seconds that SQLite alone takes to hand over the same rows, nothing made of them."""
    start = time.perf_counter()
    connection = sqlite3.connect(path)
    connection.execute(
        "SELECT m.*, c.* FROM current c JOIN materializations m ON m.number = c.materialization"
    ).fetchall()
    seconds = time.perf_counter() - start
    connection.close()
    return seconds


def _pair(ours: Callable[[], float], reference: Callable[[], float], rounds: int) -> list[float]:
    """The medians of both sides, taken in turns."""
    taken = [(ours(), reference()) for _ in range(rounds + 1)][1:]
    return [median(side) for side in zip(*taken, strict=True)]


def rows(assets: int = 1_000, rounds: int = 5) -> list[Row]:
    """The log's rows of the table of benchmarks."""
    made = events(assets)
    kept: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        count = iter(range(10_000))

        def fresh() -> Path:
            return Path(folder, f"{next(count)}.sqlite")

        cases: tuple[tuple[Durability, Level, float], ...] = (
            ("kill", "NORMAL", 1.6),
            ("power", "FULL", 1.3),
        )
        for durability, level, goal in cases:
            ours, least = _pair(
                lambda: append(fresh(), durability, made),  # noqa: B023 (called at once)
                lambda: floor(fresh(), level, assets),  # noqa: B023
                rounds,
            )
            kept.append(
                Row(
                    name=f"append one of {assets:,}, {durability}-safe",
                    ours_seconds=ours / assets,
                    reference=f"floor {level}",
                    reference_seconds=least / assets,
                    ratio=ours / least,
                    goal=goal,
                )
            )
        path = fresh()
        append(path, "kill", made)
        ours, least = _pair(lambda: cold_current(path), lambda: plain_read(path), rounds)
        kept.append(
            Row(
                name=f"what counts now, {assets:,} assets, cold",
                ours_seconds=ours,
                reference="the same rows from SQLite",
                reference_seconds=least,
                ratio=ours / least,
                goal=3.0,
            )
        )
        size = os.path.getsize(path) / assets
        assert size <= 1_500, f"{size:.0f} bytes an asset and run"
    return kept


if __name__ == "__main__":
    for number in (1_000, 10_000):
        for row in rows(number):
            print(
                f"{row.name:45} {row.ours_seconds * 1e6:10.1f} µs  {row.reference:28}"
                f" {row.reference_seconds * 1e6:10.1f} µs  ratio {row.ratio:.2f} (goal {row.goal})"
            )
