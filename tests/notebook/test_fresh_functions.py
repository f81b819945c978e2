"""Functions in values: who reads the value of an asset reads the code that came with it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.notebook.shells import Notebook

HEAD = """
import functools
import numpy as np
RATE = {rate}
def helper(x):
    return x * RATE
def closure():
    def inner(x):
        return x * RATE
    return inner
class Holder:
    def __init__(self, held):
        self.held = held
    def go(self):
        return self.held(5)
@functools.lru_cache
def cached(x):
    return x * {rate}
"""
LOCAL_CLASS = "class Local:\n    def go(self):\n        return 5 * RATE\nLocal()"
VALUES = {
    "the function": ("helper", "value(5)"),
    "a closure": ("closure()", "value(5)"),
    "a lambda in a list": ("[lambda x: helper(x)]", "value[0](5)"),
    "a function in a dictionary": ("{'f': helper}", "value['f'](5)"),
    "a partial": ("functools.partial(helper, 5)", "value()"),
    "a vectorized function": ("np.vectorize(helper)", "value(5).item()"),
    "an attribute": ("Holder(helper)", "value.go()"),
    "a bound method": ("Holder(helper).go", "value()"),
    "a method by its class": ("Holder.go", "value(Holder(helper))"),
    "a cached function": ("cached", "value(5)"),
    "a cached function in an object": ("Holder(cached)", "value.go()"),
    "an instance of a class of the body": (LOCAL_CLASS, "value.go()"),
}


@pytest.mark.parametrize(("made", "read"), VALUES.values(), ids=VALUES)
def test_a_change_of_what_a_kept_function_reaches_reaches_its_readers(
    notebook: Notebook, made: str, read: str
) -> None:
    """The constant that it reads; and undoing that brings the earlier results back."""
    notebook(HEAD.format(rate=2), cell="head")
    notebook(f"%%asset value\n{made}", cell="value")
    notebook(f"%%asset result\n{read}", cell="result")
    assert notebook.workspace.value("result") == 10
    notebook(HEAD.format(rate=3), cell="head")
    assert notebook.state("result") == "stale"
    notebook("%materialize")
    assert (notebook.workspace.value("result"), notebook.state("result")) == (15, "fresh")
    notebook(HEAD.format(rate=2), cell="head")
    assert notebook.workspace.materialize().materialized == []
    assert notebook.workspace.value("result") == 10


@pytest.mark.parametrize(("made", "read"), VALUES.values(), ids=VALUES)
def test_a_kept_function_does_after_a_restart_what_it_did(
    restart: Callable[[], Notebook], made: str, read: str
) -> None:
    """It is read as it was kept; and as soon as what it reaches is another one, all is stale."""
    notebook = restart()
    notebook(HEAD.format(rate=2), cell="head")
    notebook(f"%%asset value\n{made}", cell="value")
    notebook = restart()
    notebook(HEAD.format(rate=2), cell="head")
    notebook(f"%%asset value\n{made}", cell="value")
    notebook(f"%%asset result\n{read}", cell="result")
    assert (notebook.workspace.value("result"), notebook.state("value")) == (10, "fresh")
    notebook(HEAD.format(rate=3), cell="head")
    notebook("%materialize")
    assert (notebook.workspace.value("result"), notebook.state("result")) == (15, "fresh")


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Writes a module of the project with this rate in it, and loads it anew."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(rate: int) -> None:
        text = f"RATE = {rate}\n\n\ndef helper(x):\n    return x * RATE\n\n\n# {'.' * rate}\n"
        (tmp_path / "fees.py").write_text(text)
        importlib.invalidate_caches()
        loaded = sys.modules.get("fees")
        if isinstance(loaded, ModuleType):
            importlib.reload(loaded)

    yield write
    sys.modules.pop("fees", None)


OF_MODULES = {
    "a function of a module": ("fees.helper", "value(5)"),
    "in a list": ("[fees.helper]", "value[0](5)"),
    "by a lambda": ("lambda x: fees.helper(x)", "value(5)"),
    "by a helper": ("named", "value(5)"),
    "the module": ("fees", "value.helper(5)"),
}


@pytest.mark.parametrize(("made", "read"), OF_MODULES.values(), ids=OF_MODULES)
def test_a_result_made_with_newer_code_does_not_count_for_the_code_before(
    notebook: Notebook, module: Callable[[int], None], made: str, read: str
) -> None:
    """Of what a module has by a name, a reader that runs alone gets the function of now."""
    module(2)
    notebook("import fees\ndef named(x):\n    return fees.helper(x)")
    notebook(f"%%asset value\n{made}", cell="value")
    notebook(f"%%asset result\n{read}", cell="result")
    module(3)
    assert notebook.state("value") == "stale"
    notebook("%materialize result --only")
    module(2)
    notebook("%materialize")
    assert (notebook.workspace.value("result"), notebook.state("result")) == (10, "fresh")


def test_a_managed_value_is_read_with_the_code_in_it(notebook: Notebook) -> None:
    """Wherever it is kept: of a class and of a function alike."""
    notebook("from dagbook import InMemoryIOManager, asset, workspace")
    notebook("workspace().provide({'memory': InMemoryIOManager()})")
    notebook(HEAD.format(rate=2), cell="head")
    made = "@asset(io_manager_key='memory')\ndef value():\n    return [Holder(helper), helper]"
    notebook(made, cell="value")
    notebook("%%asset result\nvalue[0].go() + value[1](1)", cell="result")
    notebook(HEAD.format(rate=3), cell="head")
    notebook("%materialize")
    assert (notebook.workspace.value("result"), notebook.state("result")) == (18, "fresh")
