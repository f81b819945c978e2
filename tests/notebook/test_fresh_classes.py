"""Classes of the notebook belong to the code of those who make and of those who read instances."""

from __future__ import annotations

import pytest

from tests.notebook.shells import Notebook

CLASS = """
class Order:
    def __init__(self, n):
        self.n = n
    def price(self):
        return self.n * {rate}
"""


def test_an_edited_class_makes_its_readers_stale(notebook: Notebook) -> None:
    """The instances are as they were, but what their methods answer is not."""
    notebook(CLASS.format(rate=2))
    notebook("%%asset order\nOrder(3)", cell="a")
    notebook("%%asset total\norder.price()", cell="b")
    assert notebook.workspace.value("total") == 6
    notebook(CLASS.format(rate=5))
    assert (notebook.state("order"), notebook.state("total")) == ("stale", "stale")
    notebook("%materialize")
    assert notebook.workspace.value("total") == 15
    assert (notebook.state("order"), notebook.state("total")) == ("fresh", "fresh")
    assert notebook.workspace.materialize().materialized == []


def test_the_cause_names_the_classes(notebook: Notebook) -> None:
    """Once the maker is up to date, its reader says that the class is another one."""
    notebook(CLASS.format(rate=2))
    notebook("%%asset order\nOrder(3)", cell="a")
    notebook("%%asset total\norder.price()", cell="b")
    notebook(CLASS.format(rate=5))
    notebook("%materialize order --only")
    why = notebook.workspace.status("total").why
    assert why == "code that its inputs hold changed (order)"


def test_an_undone_edit_of_a_class_is_restored(notebook: Notebook) -> None:
    """The results from before count again."""
    notebook(CLASS.format(rate=2))
    notebook("%%asset order\nOrder(3)", cell="a")
    notebook("%%asset total\norder.price()", cell="b")
    notebook(CLASS.format(rate=5))
    notebook("%materialize")
    notebook(CLASS.format(rate=2))
    assert notebook.workspace.materialize().materialized == []
    assert notebook.workspace.value("total") == 6


FRAMES = """
import pandas as pd
import polars as pl
class Trips(pd.DataFrame):
    _metadata = ["unit"]
    @property
    def _constructor(self):
        return Trips
class Stops(pl.DataFrame):
    pass
"""
MADE = "trips = Trips({'km': [1, 2]})\ntrips.unit = 'km'\nstops = Stops({'n': [1, 2]})"


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        (MADE, "fresh"),
        ("trips.km, trips.describe(), repr(trips)", "fresh"),
        (MADE.replace("[1, 2]})\ntrips", "[1, 3]})\ntrips"), "stale"),
        (MADE.replace("= 'km'", "= 'm'"), "stale"),
        ("stops = Stops({'n': [1, 3]})", "stale"),
        ("trips.attrs['by'] = 'hand'", "stale"),
        ("trips.loc[0, 'km'] = 7", "stale"),
        ("trips = trips.set_flags(allows_duplicate_labels=False)", "stale"),
        (FRAMES.replace("pass", "more = 1") + MADE, "stale"),
    ],
)
def test_own_frames_count_by_their_data_and_by_their_class(
    notebook: Notebook, cell: str, state: str
) -> None:
    """As other frames do, with what their class adds; not by what pandas has found of them before."""
    notebook(FRAMES)
    notebook(MADE)
    notebook("%%asset total\ntrips.km.sum(), trips.unit, stops.height", cell="a")
    assert notebook.state("total") == "fresh"
    notebook(cell)
    assert notebook.state("total") == state


def test_an_old_recursive_function_in_a_table_is_the_same_code(notebook: Notebook) -> None:
    """Its cell ran again and says the same; where it says something else, that counts."""
    notebook("def fact(n):\n    return 1 if n < 2 else n * fact(n - 1)")
    notebook("table = {'fact': fact}")
    notebook("%%asset total\ntable['fact'](5)", cell="a")
    notebook("def fact(n):\n    return 1 if n < 2 else n * fact(n - 1)")
    assert notebook.state("total") == "fresh"
    notebook("def fact(n):\n    return 2 if n < 2 else n * fact(n - 1)")
    assert notebook.state("total") == "stale"


def test_a_class_whose_only_method_is_replaced_is_no_changed_file(notebook: Notebook) -> None:
    """It is stale for the other method, and fresh after a run."""
    notebook("class Rule:\n    def ok(self):\n        return True")
    notebook("%%asset judged\nRule().ok()", cell="a")
    notebook("Rule.ok = lambda self: False")
    assert notebook.workspace.status("judged").why == "function Rule.ok changed"
    notebook("%materialize")
    assert (notebook.state("judged"), notebook.workspace.value("judged")) == ("fresh", False)


def test_a_changed_class_is_told_once_by_its_lines(notebook: Notebook) -> None:
    """By its name, however it is reached; what is set on it later by the name of that."""
    notebook("class Rule:\n    limit = 3\n    def ok(self, n):\n        return n > self.limit")
    notebook("rule = Rule()")
    notebook("%%asset judged\nrule.ok(4)", cell="a")
    notebook("class Rule:\n    limit = 5\n    def ok(self, n):\n        return n > self.limit")
    notebook("rule = Rule()")
    assert notebook.workspace.status("judged").why == "class Rule changed"
    assert str(notebook("%stale").value).count("-    limit = 3") == 1
    notebook("%materialize")
    notebook("Rule.limit = 7")
    assert notebook.workspace.status("judged").why == "variable Rule.limit changed: 5 → 7"
