"""Environment variables in resources and config: read in the run, never shown."""

from __future__ import annotations

import logging
import pickle
from pathlib import Path

import pytest

import dagbook as dg
from dagbook.errors.resources import EnvVarShown, InvalidConfig


class Service(dg.ConfigurableResource):
    """A resource that needs a credential and a port."""

    password: str
    port: int = 80


@dg.asset
def reply(service: Service) -> list[object]:
    """What the service was made with."""
    return [service.password, service.port]


SERVICE = {"service": Service(password=dg.EnvVar("DEMO_PASSWORD"), port=dg.EnvVar.int("DEMO_PORT"))}


@pytest.mark.parametrize("executor", ["inline", "processes"])
def test_the_value_is_that_of_the_run(
    workspace: dg.Workspace, monkeypatch: pytest.MonkeyPatch, executor: str
) -> None:
    """Read where the run is started, at its start, also for a worker that is older."""
    workspace.define(reply)
    workspace.provide(SERVICE)
    monkeypatch.setenv("DEMO_PORT", "8080")
    for value in ("first", "second"):
        monkeypatch.setenv("DEMO_PASSWORD", value)
        workspace.materialize(force=True, executor=executor)  # type: ignore[arg-type]
        assert workspace.value("reply") == [value, 8080]


def test_an_unset_one_is_told_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the variable, the field and the resource."""
    monkeypatch.setenv("DEMO_PORT", "1")
    with pytest.raises(InvalidConfig) as caught:
        dg.materialize([reply], resources=SERVICE)
    assert str(caught.value) == (
        "The environment variable `DEMO_PASSWORD`, which the field `password` of the resource "
        "`service` reads, is not set. Set it before the run, in a shell by "
        "`export DEMO_PASSWORD=…`."
    )


def test_a_value_that_does_not_fit_is_a_fault_of_its_field(monkeypatch: pytest.MonkeyPatch) -> None:
    """The text of a variable is checked like any other, and not shown."""
    monkeypatch.setenv("DEMO_PORT_TEXT", "eighty")
    service = Service(password="p", port=dg.EnvVar("DEMO_PORT_TEXT"))
    with pytest.raises(InvalidConfig) as caught:
        dg.materialize([reply], resources={"service": service})
    assert "the field `port` is wrong" in str(caught.value)
    assert "eighty" not in str(caught.value)


def test_the_placeholder_is_not_the_value() -> None:
    """It can't be printed by mistake; it shows its name only."""
    variable = dg.EnvVar("DEMO_PASSWORD")
    assert repr(SERVICE["service"]) == (
        "Service(password=EnvVar('DEMO_PASSWORD'), port=EnvVar('DEMO_PORT'))"
    )
    assert pickle.loads(pickle.dumps(variable)) == variable
    with pytest.raises(EnvVarShown, match=r"Use its `get_value\(\)`"):
        f"{variable}"


def test_a_folder_can_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read when a value is written, and never taken for the variable's name."""
    manager = dg.FilesystemIOManager(dg.EnvVar("DEMO_FOLDER"))
    monkeypatch.setenv("DEMO_FOLDER", "here")
    assert dg.materialize(
        [dg.asset(name="n")(lambda: 1)], resources={"io_manager": manager}
    ).success
    assert [path.as_posix() for path in Path().glob("*/n")] == ["here/n"]


def test_get_value_gives_it_here_and_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a default where it is not set."""
    monkeypatch.setenv("DEMO_REGION", "north")
    assert dg.EnvVar("DEMO_REGION").get_value() == "north"
    assert dg.EnvVar("DEMO_NOWHERE").get_value("south") == "south"


def test_a_value_is_masked_in_logs_and_errors(
    workspace: dg.Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """In what the context logs, in the kept message and in the kept traceback."""
    monkeypatch.setenv("DEMO_PASSWORD", "open-sesame")
    monkeypatch.setenv("DEMO_PORT", "1")

    @dg.asset
    def leak(context: dg.AssetExecutionContext, service: Service) -> None:
        context.log.warning("trying %s", service.password)
        raise ValueError(f"no entry for {service.password} by {service!r}")

    workspace.define(leak)
    workspace.provide(SERVICE)
    with caplog.at_level(logging.WARNING):
        run = workspace.materialize(raise_on_error=False)
    error = run.failures[leak.key].error
    assert error.message == "no entry for ******** by Service(password='********', port=1)"
    assert "open-sesame" not in caplog.text + error.traceback


def test_what_a_worker_prints_is_masked(
    workspace: dg.Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker process knows the secrets of the run too."""
    monkeypatch.setenv("DEMO_PASSWORD", "open-sesame")
    monkeypatch.setenv("DEMO_PORT", "1")
    printed: list[str] = []

    @dg.asset
    def tell(service: Service) -> None:
        print("it is", service.password)

    workspace.define(tell)
    workspace.provide(SERVICE)
    workspace.subscribe(lambda events: printed.extend(getattr(e, "text", "") for e in events))
    workspace.materialize(executor="processes")
    assert "it is ********\n" in printed


def test_a_new_credential_leaves_fresh_what_it_was_used_for(
    workspace: dg.Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password does not say which data there are; where they are does."""
    monkeypatch.setenv("DEMO_PASSWORD", "old one")
    monkeypatch.setenv("DEMO_PORT", "1")
    workspace.define(reply)
    workspace.provide(SERVICE)
    workspace.materialize()
    monkeypatch.setenv("DEMO_PASSWORD", "new one")
    assert workspace.status("reply").state == "fresh"
    monkeypatch.setenv("DEMO_PORT", "2")
    assert workspace.status("reply").why == "config changed (resource service)"
