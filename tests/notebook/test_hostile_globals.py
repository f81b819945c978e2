"""Bodies that read what can't be read, or reach what is not named: a sentence, never a false fresh."""

from __future__ import annotations

import pytest

from tests.notebook.shells import Notebook

RAISING = """
class Raising:
    def __reduce_ex__(self, n): raise RuntimeError("no")
    def __eq__(self, other): raise RuntimeError("no")
    def __hash__(self): raise RuntimeError("no")
    def __repr__(self): raise RuntimeError("no")
    def __getattr__(self, name): raise RuntimeError(name)
    def __len__(self): raise RuntimeError("no")
    def __bool__(self): raise RuntimeError("no")
    @property
    def __class__(self): raise RuntimeError("no")
"""
READ = {
    "an object that raises": (f"{RAISING}G = Raising()", "G; 1"),
    "one in a list": (f"{RAISING}G = [Raising()]", "len(G)"),
    "a list that holds itself": ("G = []\nG.append(G)", "len(G)"),
    "a dictionary that holds itself": ("G = {}\nG['a'] = G", "len(G)"),
    "a generator": ("G = (i for i in range(3))", "next(G)"),
    "a lock": ("import threading\nG = threading.Lock()", "G.locked()"),
    "a list too deep": ("G = []\nfor _ in range(100_000): G = [G]", "len(G)"),
    "objects of a frame": ("import pandas as pd\nG = pd.DataFrame({'a': [[1], {2}]})", "len(G)"),
    "a class whose class raises": (
        "class M(type):\n    def __getattribute__(cls, name):\n"
        "        if name == '__mro__': raise RuntimeError(name)\n"
        "        return super().__getattribute__(name)\n"
        "class G(metaclass=M): x = 1",
        "G.x",
    ),
}
REACHED = {
    "globals": ("", "globals()['G']"),
    "eval": ("", "eval('G')"),
    "exec": ("", "found = {}\nexec('y = G', globals(), found)\nfound['y']"),
    "the module": ("import __main__", "vars(__main__)['G']"),
    "the module inside": ("", "import __main__\n__main__.G"),
    "modules": ("import sys", "sys.modules['__main__'].G"),
    "modules by a name": ("import sys", "sys.modules['__ma' + 'in__'].G"),
    "classes below": ("class B: pass", "B.__subclasses__() or G"),
    "a frame": ("import sys", "sys._getframe().f_globals['G']"),
    "a frame inside": ("", "import inspect\ninspect.currentframe().f_globals['G']"),
    "a function's globals": ("def h(): pass", "h.__globals__['G']"),
    "the shell": ("", "get_ipython().user_ns['G']"),
    "a magic": ("", "%time G"),
}


@pytest.mark.parametrize("what", READ)
def test_what_cannot_be_read_raises_nothing_in_any_cell(notebook: Notebook, what: str) -> None:
    """Defining, running, asking why, showing it, and the cells after it."""
    head, body = READ[what]
    notebook(head)
    notebook(f"%%asset a\n{body}", cell="a")
    for text in ("1 + 1", "%asset a", "%stale", "a", "%materialize"):
        notebook(text)
    status = notebook.workspace.status("a")
    assert status.is_fresh or "can't be tracked" in status.why


@pytest.mark.parametrize("what", REACHED)
def test_a_body_that_may_reach_anything_is_never_fresh(notebook: Notebook, what: str) -> None:
    """It always runs, and the state says why."""
    head, body = REACHED[what]
    notebook(f"G = 1\n{head}")
    notebook(f"%%asset a\n{body}", cell="a")
    assert notebook.state("a") == "stale"
    assert "can't be tracked" in notebook.workspace.status("a").why
    notebook("G = 2")
    notebook("%materialize")
    assert notebook.workspace.value("a") in (2, None)


def test_modules_that_are_loaded_by_a_written_name_are_followed(notebook: Notebook) -> None:
    """They can be found without running."""
    notebook("import importlib")
    notebook("%%asset a\nimportlib.import_module('math').pi", cell="a")
    assert notebook.state("a") == "fresh"


def test_a_global_that_changes_while_the_body_runs_leaves_it_stale(notebook: Notebook) -> None:
    """What was read may be neither the one nor the other."""
    notebook("G = []")
    notebook("%%asset a\nG.append(1)\nlen(G)", cell="a")
    assert notebook.workspace.status("a").why == (
        "constant G changed: [] → [1], which the body itself changes"
    )


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("import duckdb\nduckdb.sql('select sum(n) from F').fetchall()", "constant F changed"),
        (
            "import pandas as pd\nlen(pd.DataFrame({'n': [1, 2]}).query('n > @A'))",
            "constant A changed",
        ),
        ("import duckdb\nname = chr(70)\nduckdb.sql(f'from {name}').fetchall()", "may read files"),
    ],
)
def test_variables_that_only_a_text_names_count(notebook: Notebook, body: str, why: str) -> None:
    """A frame in a query, and what an expression of pandas names; a name put together is told."""
    notebook("import pandas as pd\nF, A = pd.DataFrame({'n': [1]}), 0")
    notebook(f"%%asset a\n{body}", cell="a")
    notebook("F, A = pd.DataFrame({'n': [3]}), 1")
    assert why in notebook.workspace.status("a").why
