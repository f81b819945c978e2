"""`%load_assets`: a module's definitions in a notebook, and what happens when its file changes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.notebook.shells import Notebook

PIPELINE = """
import dagbook as dg

@dg.asset
def orders():
    return [3, 4]

def total(numbers):
    return sum(numbers)

@dg.asset
def revenue(orders):
    return total(orders)

@dg.asset_check(asset=orders)
def some(orders):
    return len(orders) > 0
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Writes the module `pipeline` beside the notebook; it is forgotten at the end."""
    monkeypatch.syspath_prepend(tmp_path)

    def written(text: str) -> None:
        (tmp_path / "pipeline.py").write_text(text)

    yield written
    sys.modules.pop("pipeline", None)


@pytest.fixture
def loaded(notebook: Notebook, write: Callable[[str], None]) -> Notebook:
    """A notebook that has loaded the module."""
    write(PIPELINE)
    ran = notebook("%load_assets pipeline", cell="one")
    assert [str(key) for key in ran.value.keys] == ["orders", "revenue", "orders.some"]
    return notebook


def test_assets_and_checks_join_the_graph(loaded: Notebook) -> None:
    """Nothing runs; cells read and select them like their own."""
    assert loaded.state("revenue") == "missing"
    loaded("%materialize")
    assert loaded("revenue").value == 7
    assert loaded("%%asset double\n2 * revenue").value is not None
    assert loaded("double").value == 14


def test_it_says_what_the_module_defines(loaded: Notebook) -> None:
    """And how that stands."""
    told = loaded("%load_assets pipeline", cell="one").value
    assert repr(told).startswith("`pipeline` defines 2 assets and 1 check.")
    assert "revenue" in repr(told)


def test_a_changed_file_is_loaded_before_the_next_cell(
    loaded: Notebook, write: Callable[[str], None]
) -> None:
    """What it changed is stale, what it left as it was is fresh, and what it took out is gone."""
    loaded("%materialize")
    write(PIPELINE.replace("sum(numbers)", "max(numbers)").partition("@dg.asset_check")[0])
    told = loaded("1 + 1")
    assert told.text.startswith("`pipeline` has changed and was loaded anew: `orders`, `revenue`.")
    assert "`orders.some` left the graph: `pipeline` no longer defines it." in told.text
    assert (loaded.state("orders"), loaded.state("revenue")) == ("fresh", "stale")
    loaded("%materialize")
    assert loaded("revenue").value == 4


def test_a_file_that_cant_be_loaded_leaves_what_there_was(
    loaded: Notebook, write: Callable[[str], None]
) -> None:
    """It is told once, with the line; the next good state is loaded again."""
    write(PIPELINE + "1 / 0\n")
    assert loaded("1 + 1;").text == (
        "The module `pipeline` can't be loaded (pipeline.py, line 18): "
        "ZeroDivisionError: division by zero. Its earlier definitions stay."
    )
    assert loaded("1 + 1;").text == ""
    assert loaded.state("orders") == "missing"
    write(PIPELINE)
    assert "was loaded anew" in loaded("1 + 1").text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "import dagbook as dg\n1 / 0",
            "ModuleRaised: The module `pipeline` can't be loaded (pipeline.py, line 2): "
            "ZeroDivisionError: division by zero",
        ),
        ("x = 1", "NothingDefined: The module `pipeline` defines no asset and no check."),
        (
            "import dagbook as dg\nprint = dg.asset(name='print')(lambda: 1)",
            "InvalidModule: The definitions of `pipeline` can't be taken: `print` is a builtin of "
            "Python: cells could no longer reach it. Choose another name.",
        ),
        (
            "import dagbook as dg\n@dg.asset(deps='abc')\ndef a(): ...",
            "ModuleRaised: The module `pipeline` can't be loaded (pipeline.py, line 2): "
            "a: deps='abc' is a bare string. Write deps=['abc'].",
        ),
    ],
)
def test_an_error_names_the_module(
    notebook: Notebook, write: Callable[[str], None], text: str, message: str
) -> None:
    """And says in one sentence what is wrong with it."""
    write(text)
    assert notebook.message("%load_assets pipeline").startswith(message)


def test_an_unknown_module_is_told_with_suggestions(
    notebook: Notebook, write: Callable[[str], None]
) -> None:
    """From those beside the notebook."""
    write("x = 1")
    assert notebook.message("%load_assets pipelines") == (
        "UnknownModule: There is no module `pipelines`. Did you mean `pipeline`?"
    )


def test_its_resources_are_given_to_runs(notebook: Notebook, write: Callable[[str], None]) -> None:
    """As its Definitions name them."""
    write(
        "import dagbook as dg\n"
        "@dg.asset(required_resource_keys={'limit'})\n"
        "def a(context):\n    return context.resources.limit\n"
        "defs = dg.Definitions([a], resources={'limit': 3})\n"
    )
    notebook("%load_assets pipeline")
    notebook("%materialize")
    assert notebook("a").value == 3


def test_worker_processes_get_the_code_that_was_loaded_anew(
    loaded: Notebook, write: Callable[[str], None]
) -> None:
    """Warm workers hold the old one."""
    loaded("%materialize --executor processes")
    write(PIPELINE.replace("sum(numbers)", "max(numbers)"))
    loaded("%materialize --executor processes")
    assert loaded("revenue").value == 4


def test_a_cell_that_loads_another_module_takes_out_the_first(
    loaded: Notebook, tmp_path: Path
) -> None:
    """What both define stays; a cell that names both keeps both."""
    (tmp_path / "other.py").write_text(PIPELINE.replace("revenue", "income"))
    told = loaded("%load_assets other", cell="one").value
    assert "`revenue` left the graph: this cell now loads `other`." in repr(told)
    assert [str(key) for key in loaded.workspace.graph.keys] == ["orders", "income"]
    loaded("%load_assets pipeline\n%load_assets other", cell="two")
    assert {"revenue", "income"} <= {str(key) for key in loaded.workspace.graph.keys}
    sys.modules.pop("other")
