"""Cached functions: what they remember is no part of what a body is made from."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.notebook.shells import Notebook

HEAD = """
import functools
import sys
from pathlib import Path
RATE = {rate}
@functools.lru_cache
def cached(x):
    return x * RATE
@functools.cache
def read():
    return int(Path("rate.txt").read_text())
class Held:
    @functools.lru_cache
    def go(self, x):
        return x * RATE
    @staticmethod
    @functools.cache
    def of(x):
        return x * RATE
held = Held()
def made():
    return functools.cache(lambda x: x * RATE)
by_call = made()
partly = functools.cache(functools.partial(lambda x, y: x * y * RATE, 1))
"""
SHAPES = {
    "a function": "cached(5)",
    "through a helper": "(lambda: cached(5))()",
    "a method": "held.go(5)",
    "a static method": "Held.of(5)",
    "made by a call": "by_call(5)",
    "of a partial function": "partly(5)",
}


@pytest.mark.parametrize("body", SHAPES.values(), ids=SHAPES)
def test_a_changed_constant_reaches_a_body_through_a_cache(notebook: Notebook, body: str) -> None:
    """The function stays the same object, with what it remembers of the earlier constant."""
    notebook(HEAD.format(rate=2))
    notebook(f"%%asset result\n{body}")
    assert notebook.workspace.value("result") == 10
    notebook(f"RATE = 3\n{body}\nRATE = 4\nRATE = 3")
    notebook("%materialize")
    assert notebook.workspace.value("result") == 15


def test_a_file_that_a_cached_function_reads_is_seen_by_every_body(notebook: Notebook) -> None:
    """Also by the second one, and after a cell has called the function itself."""
    Path("rate.txt").write_text("1")
    notebook(HEAD.format(rate=2))
    notebook("read()")
    notebook("%%asset first\nread() * 10")
    notebook("%%asset second\nread() * 100")
    Path("rate.txt").write_text("77")
    assert (notebook.state("first"), notebook.state("second")) == ("stale", "stale")
    notebook("%materialize")
    assert notebook.workspace.value("first") == 770
    assert notebook.workspace.value("second") == 7700


def test_a_file_that_a_cached_function_reads_is_seen_by_bodies_in_threads(
    notebook: Notebook,
) -> None:
    """Also by the one that is only given what the other has read meanwhile."""
    Path("rate.txt").write_text("1")
    notebook(HEAD.format(rate=2) + "import time")
    notebook(
        "%%asset first --lazy\ntime.sleep(0.2)\nread()\ntime.sleep(0.8)\nread() * 10", cell="first"
    )
    notebook("%%asset second --lazy\ntime.sleep(0.5)\nread() * 100", cell="second")
    notebook("%materialize --executor threads")
    Path("rate.txt").write_text("77")
    assert (notebook.state("first"), notebook.state("second")) == ("stale", "stale")


def test_bodies_in_threads_without_caches_read_each_their_own_files(notebook: Notebook) -> None:
    """What one reads is nothing to the other, though they run at the same time."""
    for name in ("one", "two"):
        Path(name).write_text("1")
        notebook(
            f"%%asset {name} --lazy\nimport time\nfrom pathlib import Path\ntime.sleep(0.3)\nPath('{name}').read_text()",
            cell=name,
        )
    notebook("%materialize --executor threads")
    Path("one").write_text("2")
    assert (notebook.state("one"), notebook.state("two")) == ("stale", "fresh")


def test_a_worker_process_forgets_too(notebook: Notebook, tmp_path: Path) -> None:
    """Of a module of the project, which it keeps from one body to the next."""
    (tmp_path / "fees.py").write_text(
        "import functools\nfrom pathlib import Path\n\n\n@functools.cache\ndef read():\n"
        "    return int(Path('rate.txt').read_text())\n"
    )
    Path("rate.txt").write_text("1")
    notebook(f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\nimport fees")
    notebook("%%asset first --lazy\nfees.read() * 10")
    notebook("%%asset second --lazy\nfees.read() * 100")
    try:
        notebook("%materialize --executor processes --jobs 1")
        Path("rate.txt").write_text("77")
        assert (notebook.state("first"), notebook.state("second")) == ("stale", "stale")
        notebook("%materialize --executor processes --jobs 1")
        values = notebook.workspace.value("first"), notebook.workspace.value("second")
        assert values == (770, 7700)
    finally:
        sys.path.remove(str(tmp_path))
        sys.modules.pop("fees", None)


def test_a_cached_function_of_the_notebook_travels_to_a_worker(notebook: Notebook) -> None:
    """With its code and with nothing that it remembers."""
    notebook(HEAD.format(rate=2))
    notebook("%%asset result --lazy\ncached(5) + held.go(1)")
    notebook("%materialize --executor processes")
    assert notebook.workspace.value("result") == 12
    notebook("RATE = 3\nassert cached(5) == 15")
    notebook("RATE = 4")
    notebook("%materialize --executor processes")
    assert notebook.workspace.value("result") == 24
