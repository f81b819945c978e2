"""Classes of the notebook belong to the code of those who make and of those who read instances."""

from __future__ import annotations

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
