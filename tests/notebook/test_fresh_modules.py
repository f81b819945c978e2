"""Own modules that bodies import themselves: what cells change in them, and what they tell packages."""

from __future__ import annotations

import importlib
import itertools
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dagbook.versions import patched, touched
from tests.notebook.shells import Notebook

pytestmark = pytest.mark.usefixtures("untold")

OWN = """
class Model:
    def __init__(self):
        self._k, self._steps = 1, [1]
    def go(self):
        return self._k, list(self._steps)
    def set(self, k):
        self._k = k
    def __iadd__(self, step):
        self._steps.append(step)
        return self
    items = {}
    @classmethod
    def register(cls, name, item):
        cls.items[name] = item
model, _hidden = Model(), Model()
def configure(k):
    _hidden._k = k
def counter():
    n = 1
    def get():
        return n
    def put(value):
        nonlocal n
        n = value
    return get, put
get, put = counter()
def f(x=1, *, k=2):
    return x + k
def g(x=1, *, k=2):
    return x * 100 + k
def wrapped(call):
    def inner():
        return call()
    inner.call = call
    return inner
h = wrapped(lambda: 7)
LIMITS = dict(low=1)
_connection = None
def connection():
    global _connection
    _connection = _connection or object()
    return 1
def everything():
    return model.go(), _hidden.go(), Model.items, get(), f(), h(), getattr(f, "n", 0), dict(LIMITS)
"""
CHANGES = [
    "f.__code__ = g.__code__",
    "f.__defaults__ = (7,)",
    "f.__kwdefaults__['k'] = 9",
    "own.f = own.g",
    "own.f.n = 5",
    "for one in (own.f,):\n    one.__defaults__ = (8,)",
    "own.h.call.__code__ = (lambda: 8).__code__; own.h.__code__ = own.h.__code__; own.h = own.h.call",
    "model._k = 5",
    "model.set(5)",
    "model += 5",
    "vars(model)['_k'] = 5",
    "exec('model._k = 5')",
    "same = model\nsame._k, other = 5, 6",
    "def poke(it):\n    it._k = 5\npoke(model)",
    "own.configure(5)",
    "own.Model.register('x', 5)",
    "own.put(5)",
    "LIMITS['low'] = 5",
]
_numbers = itertools.count()


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """Writes a module of the project under a new name, which it gives."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    put, name = dict(patched._put), f"own_{next(_numbers)}"

    def write(text: str) -> str:
        (tmp_path / f"{name}.py").write_text(text)
        importlib.invalidate_caches()
        return name

    yield write
    sys.modules.pop(name, None)
    touched._first.clear()
    patched._put.clear()
    patched._put.update(put)


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_cell_changes_in_a_module_counts_for_bodies_that_import_it(
    notebook: Notebook, module: Callable[[str], str], change: str
) -> None:
    """By whatever way, and though the text of the module says nothing of it."""
    name = module(OWN)
    notebook(f"import {name} as own\nfrom {name} import LIMITS, model, f, g")
    notebook(f"%%asset result\nfrom {name} import everything\neverything()", cell="result")
    before = notebook.workspace.value("result")
    notebook(change)
    assert notebook.state("result") == "stale"
    notebook("%materialize")
    assert notebook.workspace.value("result") != before
    assert notebook.state("result") == "fresh"


@pytest.mark.parametrize(
    "cells",
    [
        ["own.everything(), model.go(), f(3)"],
        ["model.set(5)", "model.set(1)"],
        ["f.__defaults__ = (7,)", "f.__defaults__ = (1,)"],
        ["own.connection()"],
        ["model.set(5)", "import importlib\nimportlib.reload(own)"],
    ],
)
def test_what_holds_the_same_at_last_makes_nothing_stale(
    notebook: Notebook, module: Callable[[str], str], cells: list[str]
) -> None:
    """A look, a change that is undone, what is made when it is first asked for, a reload."""
    name = module(OWN)
    notebook(f"import {name} as own\nfrom {name} import model, f")
    notebook(f"%%asset result\nimport {name}\n{name}.everything()", cell="result")
    for cell in cells:
        notebook(cell)
    assert notebook.state("result") == "fresh"


def test_what_holds_itself_many_times_takes_no_time(
    notebook: Notebook, module: Callable[[str], str]
) -> None:
    """Members of an enum know their class, and parts of a net each other: a cell goes on at once."""
    name = module(
        "import enum\nclass Stage(enum.Enum):\n    RAW = 1\n    DONE = 2\n"
        "class Part:\n    pass\nnet = [Part() for _ in range(40)]\n"
        "for one in net:\n    one.others = net\n    one.stage = Stage.RAW\n    one.next = [*net]\n"
    )
    notebook(f"import {name}")
    began = time.thread_time()
    notebook(f"{name}.Stage.RAW, len({name}.net)")
    assert time.thread_time() - began < 2


TOLD = {
    "a dialect": (
        "import csv\nEND = {}\ncsv.register_dialect('told', delimiter=END)",
        ("';'", "','"),
        "import csv\nlist(csv.reader(['a;b,c'], 'told'))",
    ),
    "a seed by a function": (
        "import numpy as np\ndef fix(seed): np.random.seed(seed)\nfix({})",
        ("1", "2"),
        "import numpy as np\nfloat(np.random.rand())",
    ),
    "a codec": (
        "import codecs\ncodecs.register_error('told', lambda error: ({}, error.end))",
        ("'?'", "'!'"),
        "b'a\\xff'.decode('utf-8', 'told')",
    ),
    "a method of a package": (
        "import json\ndef default(self, one): return {}\njson.JSONEncoder.default = default",
        ("'a'", "'b'"),
        "import json\njson.dumps(object())",
    ),
    "a constant of a package": (
        "import math\nmath.tau = {}",
        ("6", "7"),
        "import math\nmath.tau",
    ),
}


@pytest.mark.parametrize(("text", "said", "body"), TOLD.values(), ids=TOLD)
@pytest.mark.parametrize("way", ["import {0}", "from {0} import *"])
def test_what_a_module_tells_packages_when_it_is_imported_counts(
    notebook: Notebook,
    module: Callable[[str], str],
    text: str,
    said: tuple[str, str],
    body: str,
    way: str,
) -> None:
    """For those who may see it, though they name nothing of the module; another line does not."""
    name = module(text.format(said[0]))
    notebook(way.format(name), cell="import")
    notebook(f"%%asset result\n{body}", cell="result")
    notebook("%%asset apart\nsum([1, 2])", cell="apart")
    again = f"import importlib, {name}\nimportlib.reload({name})"
    module(text.format(said[0]) + "\nMORE = 1")
    notebook(again)
    assert notebook.state("result") == "fresh"
    module(text.format(said[1]))
    notebook(again)
    assert (notebook.state("result"), notebook.state("apart")) == ("stale", "fresh")


def test_what_a_module_only_does_as_a_script_tells_nothing(
    notebook: Notebook, module: Callable[[str], str]
) -> None:
    """It does not run when the module is imported."""
    script = "import random\nif __name__ == '__main__':\n    random.seed(1)\ndef never(): random.seed(2)\n"
    name = module(script)
    notebook("%%asset result\nimport random\nrandom.seed(3)\nrandom.random()", cell="result")
    notebook(f"import {name}")
    assert notebook.state("result") == "fresh"
