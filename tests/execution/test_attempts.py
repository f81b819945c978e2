"""Retries and time limits."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from dagbook.definitions.assets import AssetsDefinition
from dagbook.engine.workspace import Workspace
from dagbook.errors.execution import StepTimeout
from tests.engine.typed import define, typed

FLAKY = """
from pathlib import Path

@asset(retry_policy=RetryPolicy(max_retries={retries}))
def a(context, base):
    base.append(context.retry_number)
    if len(Path("{count}").read_text()) < 2:
        Path("{count}").write_text(Path("{count}").read_text() + "x")
        raise ValueError
    return (context.retry_number, base)

@asset
def base():
    return []
"""


def flaky(workspace: Workspace, folder: Path, retries: int) -> None:
    """Define an asset that fails twice and then succeeds."""
    count = folder / "count"
    count.write_text("")
    define(workspace, FLAKY.format(retries=retries, count=count))


def test_a_retry_begins_anew(workspace: Workspace, tmp_path: Path) -> None:
    """It knows its number, and its inputs are as if nothing had run before."""
    flaky(workspace, tmp_path, retries=2)
    assert workspace.materialize().success
    assert workspace.value("a") == (2, [2])


def test_too_few_retries_fail_with_the_last_error(workspace: Workspace, tmp_path: Path) -> None:
    """The user's exception comes out."""
    flaky(workspace, tmp_path, retries=1)
    with pytest.raises(ValueError, match=r"^$"):
        workspace.materialize()


def limited(seconds: float, text: str) -> AssetsDefinition:
    """An asset with a time limit."""
    made: AssetsDefinition = typed(text)["slow"]
    return replace(made, op=replace(made.op, timeout=seconds))


@pytest.mark.parametrize(
    "text",
    [
        "import time\n@asset\ndef slow():\n    time.sleep(5)\n",
        "import asyncio\n@asset\nasync def slow():\n    await asyncio.sleep(5)\n",
    ],
)
def test_a_body_is_stopped_when_its_time_is_over(workspace: Workspace, text: str) -> None:
    """The error says how long it might have taken."""
    workspace.define(limited(0.1, text))
    started = time.perf_counter()
    with pytest.raises(StepTimeout, match=r"timeout of 0\.1 s"):
        workspace.materialize()
    assert time.perf_counter() - started < 3


def test_a_body_within_its_time_is_left_alone(workspace: Workspace) -> None:
    """No alarm rings later."""
    workspace.define(limited(0.2, "@asset\ndef slow():\n    return 1\n"))
    assert workspace.materialize().success
    time.sleep(0.3)
