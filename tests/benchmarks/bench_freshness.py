"""The table of edits on dagbook, Hamilton's cache, marimo's and pytask: false fresh and false stale.

Each program gets the edits in the form that suits it best. An edit is stale by right where the value
of a run from nothing is another one than before. What can't be expressed is left out and counted.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.row import Row
from tests.notebook.edits import EDITS as OF_CODE
from tests.notebook.edits_of_classes import OF_CLASSES

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
EDITS = [*OF_CODE, *OF_CLASSES]
PEERS = {"dagbook": "", "hamilton": "sf-hamilton", "marimo": "marimo", "pytask": "pytask"}
_NEEDED = ("pandas", "polars", "numpy")


def run() -> Iterator[Row]:
    """Print the table; there are no times in it."""
    print(f"{'program':10} {'edits':>6} {'false fresh':>12} {'false stale':>12}  left out")
    for name, package in PEERS.items():
        python = sys.executable if name == "dagbook" else peer_python(package)
        if python is None:
            print(f"{name:10} not measured: {package} could not be installed")
            continue
        print(line_of(name, python), flush=True)
    yield from ()


def peer_python(package: str) -> str | None:
    """A Python that has the peer, in an environment of the benchmark's own; None without a network."""
    home = Path(os.environ.get("DAGBOOK_PEERS", ROOT / ".venv-peers"))
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    install = [str(python), "-m", "pip", "install", "--quiet", package, *_NEEDED]
    done = subprocess.run(install, check=False, capture_output=True)
    return str(python) if done.returncode == 0 else None


def line_of(name: str, python: str) -> str:
    """The line of the table for one program."""
    with TemporaryDirectory() as kept:
        folder = Path(kept)
        first, then = (phase(name, python, folder, after) for after in (False, True))
    counted = [at for at in then if first[at] is True and isinstance(then[at], bool)]
    fresh = [EDITS[int(at)].name for at in counted if EDITS[int(at)].stale and not then[at]]
    stale = [EDITS[int(at)].name for at in counted if not EDITS[int(at)].stale and then[at]]
    left = len(EDITS) - len(counted)
    table = f"{name:10} {len(counted):6} {len(fresh):12} {len(stale):12}  {left}"
    details = [
        f"    false {kind}: {', '.join(found)}"
        for kind, found in (("fresh", fresh), ("stale", stale))
        if found
    ]
    return "\n".join([table, *details])


def phase(name: str, python: str, folder: Path, after: bool) -> dict[str, object]:
    """What ran in one process over all edits, before them or after them."""
    for at, edit in enumerate(EDITS):
        head, body = edit.cells[after]
        write(name, folder, f"{at:03}", head, body)
    script = str(HERE / "peers" / f"{name}_side.py")
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [python, script, str(folder)], capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-2_000:]}")
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def write(name: str, folder: Path, at: str, head: str, body: str) -> None:
    """The files of one edit, as this program wants them."""
    mark = f"open({str(folder / f'ran_{at}')!r}, 'w').close()"
    above, value = parted(body)
    inner = textwrap.indent(f"{mark}\n{above}", "    ")
    function = f"def result(raw: int) -> object:\n{inner}\n    return ({value}\n)\n"
    if name == "hamilton":
        (folder / f"head_{at}.py").write_text(head)
        (folder / f"flow_{at}.py").write_text(f"from head_{at} import *\n\n{function}")
    elif name == "dagbook":
        (folder / f"whole_{at}.py").write_text(f"{head}\n\n{function}")
    elif name == "pytask":
        out = f"produces=Path({str(folder / f'out_{at}')!r})"
        text = f"def task_{at}({out}):\n    raw = 3\n{inner}\n    produces.write_text(repr({value}\n))\n"
        (folder / f"task_{at}.py").write_text(f"from pathlib import Path\n{head}\n\n{text}")
    else:
        (folder / f"book_{at}.py").write_text(book(at, head, mark, above, value))


def book(at: str, head: str, mark: str, above: str, value: str) -> str:
    """A notebook of marimo: the head's cell, and the body's in a cached block."""
    block = textwrap.indent(f"{mark}\n{above}\nanswer = ({value}\n)", "    ")
    cells = ["import marimo as mo\nraw = 3", head or "pass"]
    cells.append(f"with mo.persistent_cache('edit_{at}', save_path='cache'):\n{block}")
    written = "".join(f"@app.cell\ndef _():\n{textwrap.indent(one, '    ')}\n\n" for one in cells)
    return f"import marimo\napp = marimo.App()\n\n{written}"


def parted(body: str) -> tuple[str, str]:
    """The statements above the last expression, and that expression."""
    *_, last = ast.parse(body).body
    lines = body.splitlines(keepends=True)
    start = last.lineno - 1
    return "".join(lines[:start]), "".join(lines[start:]).strip()
