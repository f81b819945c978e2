"""Completion by Tab in the lines of the magics, asked of a real IPython shell."""

from __future__ import annotations

import pytest
from IPython.core.completer import provisionalcompleter, rectify_completions
from IPython.terminal.ptutils import IPythonPTCompleter
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from tests.notebook.shells import Notebook

CELL = "%%asset orders --group raw --lazy\n1"


def after_tab(notebook: Notebook, text: str) -> list[str]:
    """The whole text as each completion at its end would leave it, as Jupyter front ends ask."""
    completer = notebook.shell.Completer
    with provisionalcompleter():
        found = rectify_completions(text, completer.completions(text, len(text)))
        return [text[: one.start] + one.text + text[one.end :] for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("%materialize +ord", ["%materialize +orders"]),
        ("result = %materialize +ord", ["result = %materialize +orders"]),
        ("x = 1\n%stale group:r", ["x = 1\n%stale group:raw"]),
        ("%dag (orders", ["%dag (orders", "%dag (orders+", "%dag (orders)"]),
        ('%select key:"ord', ['%select key:"orders"']),
        ("%select orders --e", ["%select orders --explain"]),
        ("%asset ord", ["%asset orders"]),
        ("%%asset late --deps ord", ["%%asset late --deps orders"]),
    ],
)
def test_a_line_goes_on(notebook: Notebook, text: str, expected: list[str]) -> None:
    """What is offered are whole lines that the magic understands, and nothing of Python's."""
    notebook(CELL)
    assert after_tab(notebook, text) == expected


def test_a_terminal_offers_the_same(notebook: Notebook) -> None:
    """The completer of IPython's terminal asks the same matchers."""
    notebook(CELL)
    completer = IPythonPTCompleter(notebook.shell.Completer)
    document = Document("%dag group:r")
    found = completer.get_completions(document, CompleteEvent(completion_requested=True))
    assert [(one.text, one.start_position) for one in found] == [("raw", -1)]


def test_other_lines_are_left_alone(notebook: Notebook) -> None:
    """Other magics and ordinary code complete as before, and unloading ends it."""
    notebook(CELL)
    assert "%timeit orders" in after_tab(notebook, "%timeit ord")
    assert after_tab(notebook, "selection = 'x' % ord") != []
    before = len(notebook.shell.Completer.custom_matchers)
    notebook("%unload_ext dagbook")
    assert len(notebook.shell.Completer.custom_matchers) == before - 2
    notebook("%load_ext dagbook")
