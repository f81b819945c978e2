"""Tracebacks as they are shown and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from dagbook.cells.query import SqlQuery
from dagbook.cells.sql import parse_query
from dagbook.errors.cells import UnknownPlaceholder
from dagbook.execution.sources import known_as
from dagbook.execution.tracebacks import record_of, trimmed


def raised(call: Callable[[], object]) -> BaseException:
    """What a call raises, as it comes out of the code that is called."""
    with pytest.raises(Exception) as caught:  # noqa: PT011
        call()
    inside = caught.value.__traceback__
    # The frames of this module stand before it.
    while inside is not None and inside.tb_frame.f_code.co_filename == __file__:
        if inside.tb_frame.f_code.co_name not in ("raised", "<lambda>"):
            break
        inside = inside.tb_next
    return caught.value.with_traceback(inside)


def test_an_error_of_ours_without_a_frame_of_the_users_has_none() -> None:
    """The frames of dagbook and of `contextlib` between them say nothing to the user."""
    query = SqlQuery(parse_query("select $nothing as n", name="q"), {})
    error = raised(lambda: query())
    assert isinstance(error, UnknownPlaceholder)
    assert trimmed(error) is None
    assert "File" not in record_of(error).traceback


def test_a_users_own_context_manager_is_shown() -> None:
    """Only what stands before the user's first frame is left out."""

    @contextmanager
    def opened() -> Iterator[None]:
        raise ValueError("closed")
        yield

    kept = record_of(raised(lambda: opened().__enter__())).traceback
    assert "in opened" in kept
    assert "contextlib" not in kept


@pytest.mark.parametrize(
    ("filename", "place"),
    [("/tmp/ipykernel_1/77", "cell [4]"), ("<ipython-input-3-0a1b>", "cell [3]"), ("a.py", "a.py")],
)
def test_a_kept_traceback_names_the_cell(filename: str, place: str) -> None:
    """Cells are called what their reader calls them, in causes too; files keep their names."""
    known_as("/tmp/ipykernel_1/77", "cell [4]")
    space: dict[str, Callable[[], object]] = {}
    text = "def f():\n    try:\n        1 / 0\n    except Exception as e:\n        raise KeyError from e"
    exec(compile(text, filename, "exec"), space)
    kept = record_of(raised(space["f"])).traceback
    assert kept.count(f'File "{place}", line ') == 2
