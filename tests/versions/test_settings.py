"""Settings of libraries that were changed."""

from __future__ import annotations

import decimal
import threading
from collections.abc import Callable, Iterator
from contextvars import Context

import matplotlib
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagbook.definitions.context import context_of_cells, in_cells, take_context
from dagbook.versions import settings
from dagbook.versions.settings import changed_settings
from tests.versions.cells import version_of


@pytest.fixture(autouse=True)
def unchanged() -> Iterator[None]:
    """The settings are put back; a test's cells run in a context of their own."""
    fonts = [*matplotlib.rcParams["font.sans-serif"]]
    with matplotlib.rc_context(), decimal.localcontext():
        matplotlib.rcParams.update(matplotlib.rcParamsOrig)
        yield
    matplotlib.rcParams["font.sans-serif"][:] = fonts
    pd.reset_option("display.precision")
    pd.reset_option("styler.format.formatter")


def names() -> set[str]:
    """The settings that count now."""
    return {f"{one.label}: {name}" for one in changed_settings() for name in one.values}


def test_nothing_counts_that_is_as_it_came() -> None:
    """Libraries are loaded, and set as they come."""
    assert names() == set()


def test_a_list_that_was_changed_in_place_counts() -> None:
    """Though Matplotlib's own copy of its settings holds the same list."""
    matplotlib.rcParams["font.sans-serif"].insert(0, "Ariel")
    assert names() == {"matplotlib.rcParams: font.sans-serif"}
    matplotlib.rcParams["font.sans-serif"].pop(0)
    assert names() == set()


def test_a_setting_counts_while_a_context_has_it() -> None:
    """And no longer afterwards."""
    with pd.option_context("display.precision", 2):
        assert names() == {"pandas.options: display.precision"}
    assert names() == set()


STEPS = st.sampled_from(
    [
        lambda: pd.set_option("display.precision", 2),
        lambda: pd.set_option("future.python_scalars", True),
        lambda: pd.reset_option("display.precision"),
        lambda: pd.reset_option("future.python_scalars"),
        lambda: matplotlib.rcParams.update({"lines.linewidth": 9}),
        lambda: matplotlib.rcParams["font.sans-serif"].reverse(),
        lambda: matplotlib.rcParams.update(matplotlib.rcParamsOrig),
        lambda: None,
    ]
)


@given(st.lists(STEPS, max_size=8))
def test_what_is_remembered_is_what_a_first_look_finds(steps: list[Callable[[], None]]) -> None:
    """A look that remembers the one before never says otherwise."""
    for step in steps:
        step()
        remembered = changed_settings()
        settings._known.clear()
        assert remembered == changed_settings()
    pd.reset_option("future.python_scalars")


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        ("return raw.head(3)", False),
        ("return f'{raw}'", True),
        ("return '%s' % raw", True),
        ("return helper(raw)", True),
        ("return getattr(raw, 'to_string')()", True),
    ],
)
def test_how_frames_are_written_counts_where_something_is_written(body: str, counts: bool) -> None:
    """By the body or by a helper."""
    text = f"def helper(x): return repr(x)\ndef body(raw): {body}"
    before = version_of(text).digest
    pd.set_option("display.precision", 2)
    assert (version_of(text).digest != before) is counts


def test_a_function_among_the_settings_counts_by_its_code() -> None:
    """As what formats numbers is one."""
    found = []
    for n in (1, 2):
        exec(f"def shorten(x): return str(x)[:{n}]", space := {"__name__": "__main__"})
        pd.set_option("styler.format.formatter", space["shorten"])
        found.append(version_of("def body(raw): return raw.style.to_html()").digest)
    assert found[0] != found[1]


def test_every_thread_sees_what_cells_have_set_for_theirs() -> None:
    """A look from another thread finds it, and a body in one runs with it."""

    def cell() -> None:
        decimal.setcontext(decimal.Context(prec=5))
        take_context()

    found: list[object] = []

    def look() -> None:
        found.extend([decimal.getcontext().prec, *names()])
        found.append(context_of_cells().run(decimal.getcontext).prec)

    Context().run(cell)
    threads = [threading.Thread(target=Context().run, args=(look,))]
    for thread in threads:
        thread.start()
        thread.join()
    Context().run(take_context)
    assert found == [28, "decimal.getcontext(): prec", 5]
    assert Context().run(lambda: in_cells(decimal.getcontext)).prec == 28
