"""What an editor asks the kernel for while somebody types or points at a name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dagbook import Workspace, asset
from dagbook.comm.messages import Faults, Preview
from tests.comm.talking import Page


@asset
def orders() -> list[str]:
    return ["<b>first</b>"]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(tmp_path) as opened:
        yield opened


def told(page: Page, request: str) -> Any:
    """The message that answers a request."""
    return page.wait(
        lambda: next((one for one in page.heard if getattr(one, "request", "") == request), None)
    )


def test_the_faults_of_a_text_are_told_with_their_places(workspace: Workspace) -> None:
    """A page that sends a cell's text hears what is wrong with it, and nothing is defined."""
    page = Page(workspace)
    page.talk.hear({"type": "findfaults", "request": "1", "text": "%%asset a\nx = (1"})
    answer = told(page, "1")
    assert isinstance(answer, Faults)
    assert [(fault.line, fault.column, fault.end) for fault in answer.faults] == [(2, 4, None)]
    assert workspace.graph.keys == ()
    page.talk.close()


def test_a_preview_of_a_value_is_told_as_html(workspace: Workspace) -> None:
    """The value's beginning is given escaped; before there is one, nothing."""
    workspace.define(orders)
    page = Page(workspace)
    for request in ("before", "after"):
        page.talk.hear({"type": "showpreview", "request": request, "asset": "orders"})
        answer = told(page, request)
        assert isinstance(answer, Preview)
        assert ("&lt;b&gt;first" in answer.html) == (request == "after")
        workspace.materialize("orders")
    page.talk.close()


def test_a_preview_of_an_unknown_asset_is_a_problem(workspace: Workspace) -> None:
    """The answer says that nothing has that name."""
    page = Page(workspace)
    page.talk.hear({"type": "showpreview", "request": "1", "asset": "<nothing>"})
    assert "<nothing>" in told(page, "1").problem
    page.talk.close()
