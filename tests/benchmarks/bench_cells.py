"""What a cell that defines an asset costs beyond a magic that only compiles it."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.fresh import medians
from tests.benchmarks.row import Row

_DEFINE = 0.5e-3
_CELLS = 200

# Fifteen lines; the number tells one body from the next, as an edited cell differs from before.
BODY = """rows = [(place, place % 7) for place in range(100)]
total = {number}
seen = {{}}
for place, kind in rows:
    if kind in seen:
        seen[kind] += place
    else:
        seen[kind] = place
for kind, amount in sorted(seen.items()):
    if amount > 100:
        total += amount
    elif kind == 3:
        total -= amount
found = [kind for kind in seen if seen[kind] > 10]
len(found) + total
"""


def defining(ours: bool, header: str, shown: bool = False) -> dict[str, float]:
    """The seconds that such a cell takes, one of many, with our magic or with one that compiles it.

    `shown`: also what it shows is made, the state and the preview of the asset.
    """
    from IPython.core.interactiveshell import InteractiveShell

    with TemporaryDirectory() as folder:
        shell: Any = InteractiveShell.instance()
        _set_up(shell, Path(folder), ours)
        times = [
            _timed(shell, f"%%{header.format(number=number)}\n{BODY.format(number=number)}", shown)
            for number in range(_CELLS)
        ]
        if ours:
            shell.run_line_magic("unload_ext", "dagbook")
    return {"cell": sorted(times[_CELLS // 4 :])[_CELLS * 3 // 8]}


def _set_up(shell: Any, folder: Path, ours: bool) -> None:
    import os

    os.environ["DAGBOOK_HOME"] = str(folder / ".dagbook")
    shell.display_pub.publish = lambda *_what, **_more: None
    shell.displayhook.write_output_prompt = lambda: None
    shell.displayhook.write_format_data = lambda *_what: None
    if ours:
        shell.run_line_magic("load_ext", "dagbook")
        return
    space: dict[str, Any] = {}

    def bare(_line: str, cell: str) -> None:
        exec(compile(cell, "cell", "exec"), space)

    shell.register_magic_function(bare, "cell", "bare")


def _timed(shell: Any, text: str, shown: bool) -> float:
    start = time.perf_counter()
    shell.run_cell(text, store_history=False, silent=not shown)
    return time.perf_counter() - start


def rows(assets: int = 1_000, rounds: int = 5) -> list[Row]:
    """The rows of cells; they do not depend on the number of assets."""
    if assets > 1_000:
        return []
    bare, again, shown, one, many = medians(
        [
            (__name__, "defining", (False, "bare")),
            (__name__, "defining", (True, "asset one --lazy")),
            (__name__, "defining", (True, "asset one --lazy", True)),
            (__name__, "defining", (True, "asset one")),
            (__name__, "defining", (True, "asset number{number}")),
        ],
        rounds,
    )
    return [
        _beyond("a %%asset cell of 15 lines, registered", again, bare, _DEFINE),
        _beyond("the same, and shown", shown, bare, None),
        _beyond("the same, run and kept", one, bare, None),
        _beyond("the same, each a new asset", many, bare, None),
    ]


def _beyond(name: str, ours: dict[str, float], bare: dict[str, float], limit: float | None) -> Row:
    beyond = ours["cell"] - bare["cell"]
    return Row(
        name=name,
        ours_seconds=beyond,
        reference=f"allowed beyond {bare['cell'] * 1e3:.2f} ms bare" if limit else "a bare magic",
        reference_seconds=limit or bare["cell"],
        ratio=beyond / (limit or bare["cell"]),
        goal=1.0 if limit else None,
    )
