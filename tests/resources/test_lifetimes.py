"""Resources: made once a run when they are needed, cleared up in reverse, also after a failure."""

from __future__ import annotations

import pytest

import dagbook as dg
from dagbook.errors.resources import ResourceFailed, UndeclaredResource
from tests.resources.conftest import HAPPENED, Logged


@dg.resource
def counted() -> object:
    """A generator that tells its beginning and its end."""
    HAPPENED.append("generator up")
    yield 7
    HAPPENED.append("generator down")


class Outer(Logged):
    """A resource that holds another one."""

    inner: Logged


def test_a_generator_resource_is_cleared_up_after_the_run(happened: list[str]) -> None:
    """What follows the `yield` runs once, when all assets are done."""

    @dg.asset(required_resource_keys={"number"})
    def a(context: dg.AssetExecutionContext) -> int:
        happened.append("a")
        return int(context.resources.number)

    @dg.asset(required_resource_keys={"number"})
    def b(context: dg.AssetExecutionContext, a: int) -> int:
        happened.append("b")
        return a + int(context.resources.number)

    run = dg.materialize([a, b], resources={"number": counted})
    assert run.asset_value("b") == 14
    assert happened == ["generator up", "a", "b", "generator down"]


@pytest.mark.parametrize("given", [counted, Logged()], ids=["generator", "configurable"])
def test_it_is_cleared_up_after_a_failure(happened: list[str], given: object) -> None:
    """A body that raises does not keep its resources from being cleared up."""

    @dg.asset(required_resource_keys={"given"})
    def broken(context: dg.AssetExecutionContext) -> None:
        assert context.resources.given
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        dg.materialize([broken], resources={"given": given})
    assert happened[-1].endswith("down")


def test_resources_end_in_reverse_and_nested_ones_last(happened: list[str]) -> None:
    """A resource that is a field of another is made before it, once, and cleared up after it."""
    inner = Logged(name="inner")

    @dg.asset
    def a(outer: Outer, inner: Logged) -> bool:
        return outer.inner is inner

    run = dg.materialize([a], resources={"outer": Outer(name="outer", inner=inner), "inner": inner})
    assert run.asset_value("a") is True
    assert happened == ["inner up", "outer up", "outer down", "inner down"]


def test_what_no_body_asks_for_is_not_made(happened: list[str]) -> None:
    """A resource that nothing of the run needs stays as it is."""

    @dg.asset
    def a() -> int:
        return 1

    assert dg.materialize([a], resources={"number": counted}).success
    assert happened == []


def test_one_that_can_not_be_set_up_fails_what_needs_it() -> None:
    """The error names the resource; the other assets run."""

    @dg.resource
    def broken() -> object:
        raise OSError("no such host")

    @dg.asset(required_resource_keys={"broken"})
    def a(context: dg.AssetExecutionContext) -> object:
        return context.resources.broken

    @dg.asset
    def b() -> int:
        return 1

    run = dg.materialize([a, b], resources={"broken": broken}, raise_on_error=False)
    assert (run.failed, run.materialized) == ([a.key], [b.key])
    assert isinstance(run.errors["a"], ResourceFailed)
    assert "`broken` could not be set up: OSError: no such host" in str(run.errors["a"])


def test_one_that_can_not_be_cleared_up_keeps_no_other_from_it(
    happened: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, and the run keeps its outcome."""

    @dg.resource
    def stubborn() -> object:
        yield 1
        raise OSError("busy")

    @dg.asset(required_resource_keys={"number", "stubborn"})
    def a(context: dg.AssetExecutionContext) -> int:
        return int(context.resources.number + context.resources.stubborn)

    assert dg.materialize([a], resources={"number": counted, "stubborn": stubborn}).success
    assert happened[-1] == "generator down"
    assert "`stubborn` could not be cleared up" in caplog.text


def test_a_resource_can_need_others() -> None:
    """`required_resource_keys` of a resource are given to it in its context."""

    @dg.resource(required_resource_keys={"base"})
    def doubled(context: dg.InitResourceContext) -> int:
        return 2 * int(context.resources.base)

    @dg.asset
    def a(doubled: dg.ResourceParam[int]) -> int:
        return doubled

    assert dg.materialize([a], resources={"doubled": doubled, "base": 21}).asset_value("a") == 42


def test_what_was_not_declared_is_refused() -> None:
    """`context.resources` gives what the definition names, even if there is more."""

    @dg.asset(required_resource_keys={"one"})
    def a(context: dg.AssetExecutionContext) -> object:
        return context.resources.two

    with pytest.raises(UndeclaredResource) as caught:
        dg.materialize([a], resources={"one": 1, "two": 2})
    assert str(caught.value) == (
        "`a` asks for `context.resources.two` without declaring it. It declares one. "
        "Add 'two' to its `required_resource_keys`."
    )


def test_checks_and_ops_get_resources_too() -> None:
    """By annotation, in a check and in an op of a graph."""

    @dg.asset_check(asset="made", additional_ins={})
    def is_seven(made: int, number: dg.ResourceParam[int]) -> bool:
        return made == number

    @dg.op
    def source(number: dg.ResourceParam[int]) -> int:
        return number

    @dg.graph_asset
    def made() -> object:
        return source()

    run = dg.materialize([made, is_seven], resources={"number": counted})
    assert run.checks[0].passed
    assert run.asset_value("made") == 7


@pytest.mark.parametrize("executor", ["inline", "threads", "processes"])
def test_every_executor_gives_them(workspace: dg.Workspace, executor: str) -> None:
    """In worker processes the resource is made there, for the step."""

    @dg.asset
    def a(logged: Logged) -> str:
        return logged.name

    workspace.define(a)
    workspace.provide({"logged": Logged(name="given")})
    workspace.materialize(executor=executor)  # type: ignore[arg-type]
    assert workspace.value("a") == "given"


def test_a_run_in_the_background_gives_them(workspace: dg.Workspace) -> None:
    """What was provided when it was started counts."""

    @dg.asset
    def a(logged: Logged) -> str:
        return logged.name

    workspace.define(a)
    workspace.provide({"logged": Logged(name="before")})
    run = workspace.start()
    workspace.provide({"logged": Logged(name="after")})
    assert run.result(60).success
    assert workspace.value("a") == "before"


def test_resource_defs_of_an_asset_go_before_those_of_the_run() -> None:
    """An asset can bring its own."""

    @dg.asset(resource_defs={"number": 1}, required_resource_keys={"number"})
    def a(context: dg.AssetExecutionContext) -> object:
        return context.resources.number

    assert dg.materialize([a], resources={"number": 2}).asset_value("a") == 1
