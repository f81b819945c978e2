"""Expressions and queries in values: the variables that they name count, though no code does."""

from __future__ import annotations

import pytest

from tests.notebook.shells import Notebook

HEAD = """
import pandas as pd
from types import SimpleNamespace
frame = pd.DataFrame({'amount': [1, 5, 9]})
limit = 2
LARGE = {'large': 'amount > @limit'}
MANY = [('amount > @limit',)]
NAMED = SimpleNamespace(large='amount > @limit')
class Queries:
    large = 'amount > @limit'
def by_default(frame, query='amount > @limit'):
    return frame.query(query)
def made(query):
    return lambda frame: frame.query(query)
by_closure = made('amount > @limit')
SUM = {'text': 'limit + 1'}
TABLE = {'text': 'select count(*) from frame where amount > 2'}
PLAIN = {'text': 'mail to limit@example.org'}
NAME, TEMPLATE = 'limit', 'amount > @{}'
CHOSEN = {'name': 'limit'}
def above(name):
    return frame.query(f'amount > @{name}')
"""
READING = [
    "frame.query(LARGE['large'])",
    "frame.query(MANY[0][0])",
    "frame.query(NAMED.large)",
    "frame.query(Queries.large)",
    "by_default(frame)",
    "by_closure(frame)",
    "pd.eval(SUM['text'])",
    "frame.query(f'amount > @{NAME}')",
    "frame.query('amount > @' + CHOSEN['name'])",
    "frame.query('amount > @%s' % NAME)",
    "frame.query(TEMPLATE.format(NAME))",
    "[frame.query(f'amount > @{name}') for name in ('limit',)]",
]


@pytest.mark.parametrize("body", READING)
def test_a_variable_counts_that_an_expression_in_a_value_names(
    notebook: Notebook, body: str
) -> None:
    """In a container, an object, a class, a default or a closure."""
    notebook(HEAD)
    notebook(f"%%asset result\n{body}", cell="result")
    before = repr(notebook.workspace.value("result"))
    notebook("limit = 6")
    assert notebook.state("result") == "stale"
    notebook("%materialize result")
    assert repr(notebook.workspace.value("result")) != before
    assert notebook.state("result") == "fresh"


def test_a_frame_counts_that_a_query_in_a_value_names(notebook: Notebook) -> None:
    """So that the asset need not run every time."""
    notebook(HEAD)
    notebook("%%asset result\nimport duckdb\nduckdb.sql(TABLE['text']).fetchall()", cell="result")
    assert notebook.state("result") == "fresh"
    notebook("frame = pd.DataFrame({'amount': [7]})")
    assert notebook.state("result") == "stale"


def test_a_text_in_a_value_that_names_no_variable_adds_nothing(notebook: Notebook) -> None:
    """An address of mail has the sign too."""
    notebook(HEAD)
    notebook("%%asset result\nPLAIN['text']", cell="result")
    notebook("limit = 6")
    assert notebook.state("result") == "fresh"


def test_a_variable_of_which_the_name_is_passed_is_not_known(notebook: Notebook) -> None:
    """What uses it runs every time, and says why; an address of mail that is put together does not."""
    notebook(HEAD)
    notebook("%%asset result\nabove('limit')", cell="result")
    notebook("%%asset apart\nf'{NAME}@{CHOSEN}'", cell="apart")
    assert (notebook.state("result"), notebook.state("apart")) == ("stale", "fresh")
    assert "`@`" in notebook("%asset result").text
