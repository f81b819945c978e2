"""What bodies may hand back, and what they may not."""

from __future__ import annotations

import pytest

from dagbook.engine.workspace import Workspace
from dagbook.errors.base import DagbookError
from dagbook.errors.execution import InvalidResult, WrongType
from tests.engine.typed import define, words


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("return 1", 1),
        ("return None", None),
        ("return Output(2)", 2),
        ("return MaterializeResult(value=3)", 3),
        ("yield Output(4)", 4),
        ("yield MaterializeResult(value=5)", 5),
    ],
)
def test_forms_of_results(workspace: Workspace, body: str, value: object) -> None:
    """A value, a record with a value, or a generator of one."""
    define(workspace, f"@asset\ndef a():\n    {body}\n")
    assert workspace.materialize().success
    assert workspace.value("a") == value


@pytest.mark.parametrize("form", ["return 6", "yield Output(6)"])
def test_async_bodies_are_awaited(workspace: Workspace, form: str) -> None:
    """Functions and generators alike, on a loop of their own."""
    define(
        workspace,
        f"import asyncio\n@asset\nasync def a():\n    await asyncio.sleep(0)\n    {form}\n",
    )
    workspace.materialize()
    assert workspace.value("a") == 6


@pytest.mark.parametrize(
    ("body", "error", "problem"),
    [
        ("yield 1", InvalidResult, "`a` yielded a plain value of type int"),
        ("yield Output(1); yield Output(2)", InvalidResult, "yielded the output `result` twice"),
        ("yield from ()", InvalidResult, "gave nothing for the required output"),
        ("return Output(1, output_name='b')", InvalidResult, "unknown output `b`"),
        ("return MaterializeResult(asset_key=AssetKey('b'))", InvalidResult, "`b`, which it does"),
        ("yield AssetCheckResult(passed=True)", InvalidResult, "gave nothing for the required"),
    ],
)
def test_what_is_no_result(
    workspace: Workspace, body: str, error: type[Exception], problem: str
) -> None:
    """The error names the asset and says what to do."""
    define(workspace, f"@asset\ndef a():\n    {body}\n")
    with pytest.raises(error, match=problem):
        workspace.materialize()


@pytest.mark.parametrize(
    ("annotation", "value", "fits"),
    [
        ("int", "1", True),
        ("int", "'x'", False),
        ("float", "1", True),
        ("str", "None", False),
        ("list", "(1,)", False),
        ("object", "1", True),
    ],
)
def test_returns_are_of_the_declared_type(
    workspace: Workspace, annotation: str, value: str, fits: bool
) -> None:
    """Otherwise the asset fails with both types named."""
    define(workspace, f"@asset\ndef a() -> {annotation}:\n    return {value}\n")
    if fits:
        assert workspace.materialize().success
    else:
        with pytest.raises(WrongType, match=f"`a`: what it returns should be {annotation}"):
            workspace.materialize()


def test_inputs_are_of_the_declared_type(workspace: Workspace) -> None:
    """The error names the reader and the parameter."""
    define(workspace, "@asset\ndef a():\n    return 'x'\n@asset\ndef b(a: int):\n    return a\n")
    with pytest.raises(WrongType, match="`b`: its input `a` should be int and is str"):
        workspace.materialize()


def test_annotations_kept_as_text_count_too(workspace: Workspace) -> None:
    """As `from __future__ import annotations` keeps them; what can't be read is not checked."""
    text = "from __future__ import annotations\n@asset\ndef a(){}:\n    return 'x'\n"
    define(workspace, text.format(" -> OnlyForTheTypeChecker"))
    assert workspace.materialize().success
    define(workspace, text.format(" -> int"))
    with pytest.raises(WrongType):
        workspace.materialize(force=True)


def test_none_by_annotation_keeps_nothing(workspace: Workspace) -> None:
    """The asset is up to date, and has no value to hand on."""
    define(workspace, "@asset\ndef a() -> None:\n    pass\n@asset\ndef b(a):\n    return a\n")
    with pytest.raises(DagbookError, match="`a`, which `b` reads, keeps no value"):
        workspace.materialize()
    assert workspace.status("a").state == "fresh"


def test_metadata_and_a_declared_data_version_are_kept(workspace: Workspace) -> None:
    """From the result and from the context."""
    define(
        workspace,
        """
        @asset
        def a(context):
            context.add_output_metadata({"rows": 2})
            return Output(1, metadata={"note": "x"}, data_version="v7")
        """,
    )
    workspace.materialize()
    record = workspace.history("a")[0]
    assert record.data_version == "v7"
    assert {name: one.value for name, one in record.metadata.items()} == {"rows": 2, "note": "x"}


def test_the_previous_value_is_at_hand(workspace: Workspace) -> None:
    """None at first, then what the run before gave."""
    define(
        workspace,
        "@asset(always=True)\ndef a(context):\n    return (context.previous_value or 0) + 1\n",
    )
    workspace.materialize()
    workspace.materialize()
    assert workspace.value("a") == 2


def test_what_cannot_be_stored_names_its_asset(workspace: Workspace) -> None:
    """A lock has no bytes."""
    define(workspace, "import threading\n@asset\ndef locked():\n    return threading.Lock()\n")
    with pytest.raises(DagbookError, match="`locked`: a value of type"):
        workspace.materialize()


def test_a_change_of_an_input_in_place_is_told_and_goes_nowhere(workspace: Workspace) -> None:
    """Neither the store nor another reader sees it."""
    define(workspace, "@asset\ndef a():\n    return [1]\n")
    define(workspace, "@asset\ndef b(a):\n    a.append(2)\n    return len(a)\n")
    define(workspace, "@asset\ndef c(a):\n    return len(a)\n")
    result = workspace.materialize()
    assert [(str(key), name) for key, name in result.changed_inputs] == [("b", "a")]
    assert (workspace.value("a"), workspace.value("c")) == ([1], 1)


def test_independent_assets_go_on_after_a_failure(workspace: Workspace) -> None:
    """What is below the failure does not run; the user's exception is raised at the end."""
    define(
        workspace,
        """
        @asset
        def broken():
            return 1 / 0

        @asset
        def below(broken):
            return 1

        @asset
        def beside():
            return 2
        """,
    )
    with pytest.raises(ZeroDivisionError):
        workspace.materialize()
    result = workspace.materialize(raise_on_error=False)
    assert (words(result.failed), words(result.not_run)) == (["broken"], ["below"])
    assert workspace.value("beside") == 2


def test_a_traceback_begins_in_the_users_code(workspace: Workspace) -> None:
    """Our own frames are left out."""
    define(workspace, "@asset\ndef broken():\n    return 1 / 0\n")
    result = workspace.materialize(raise_on_error=False)
    (failure,) = result.failures.values()
    assert "return 1 / 0" in failure.error.traceback
    assert "dagbook/execution" not in failure.error.traceback


def test_an_error_whose_message_fails_is_still_recorded(workspace: Workspace) -> None:
    """A user's exception may raise when it is shown."""
    define(
        workspace,
        """
        class Odd(Exception):
            def __str__(self):
                raise ValueError

        @asset
        def broken():
            raise Odd
        """,
    )
    result = workspace.materialize(raise_on_error=False)
    (failure,) = result.failures.values()
    assert (failure.error.type, failure.error.message) == (
        "Odd",
        "<the message could not be made>",
    )
