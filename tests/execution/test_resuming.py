"""Graph-backed assets from run to run: their code, and where a failed one goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dagbook import AssetKey, AssetsDefinition, RunResult, Workspace, asset, graph_asset, op


@op
def one() -> int:
    """The number one."""
    return 1


@op
def twice(number: int) -> int:
    """Twice the number."""
    return 2 * number


def steps(result: RunResult) -> dict[str, str]:
    """What became of each op of a run."""
    return {done.step: done.outcome for done in result.ops}


@op
def load() -> int:
    """Something that takes long."""
    return 5


@op
def breaks(number: int, path: str = "") -> int:
    """Fails until told otherwise by a file."""
    if not Path("repaired").exists():
        raise ValueError("broken")
    return number


@graph_asset
def fragile() -> Any:
    """Fails in its second op."""
    return breaks(load())


def test_a_failed_graph_goes_on_at_the_op_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in another process: what the ops before it gave is kept until the asset succeeds."""
    monkeypatch.chdir(tmp_path)
    with Workspace(tmp_path, base=tmp_path) as workspace:
        workspace.define(fragile)
        workspace.materialize(raise_on_error=False)
    Path("repaired").touch()
    with Workspace(tmp_path, base=tmp_path) as workspace:
        workspace.define(fragile)
        result = workspace.materialize()
        assert workspace.value("fragile") == 5
        assert workspace.store.log.kept_ops("", AssetKey("fragile")) == {}
    assert steps(result) == {"fragile.load": "kept", "fragile.breaks": "ok"}


def test_a_forced_run_begins_with_the_first_op(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a failed run left is not used where everything is to run anew."""
    monkeypatch.chdir(tmp_path)
    with Workspace(tmp_path, base=tmp_path) as workspace:
        workspace.define(fragile)
        workspace.materialize(raise_on_error=False)
        Path("repaired").touch()
        result = workspace.materialize(force=True)
    assert steps(result) == {"fragile.load": "ok", "fragile.breaks": "ok"}


def test_other_inputs_begin_with_the_first_op_that_they_reach(tmp_path: Path) -> None:
    """What was kept belongs to the data that it was made of."""
    with Workspace(tmp_path, base=tmp_path) as workspace:
        for number in (3, 4):
            workspace.define(*_failing_on(number))
            result = workspace.materialize(raise_on_error=False)
            assert steps(result) == {"sunk.twice": "ok", "sunk.refuses": "failed"}


def _failing_on(number: int) -> tuple[AssetsDefinition, AssetsDefinition]:
    @asset
    def raw() -> int:
        return number

    @op
    def refuses(value: int) -> int:
        raise ValueError(value)

    @graph_asset
    def sunk(raw: Any) -> Any:
        return refuses(twice(raw))

    return raw, sunk


def test_the_code_of_every_op_counts(tmp_path: Path) -> None:
    """Another op in the place of one makes the asset stale; the same one in a new graph does not."""

    def with_op(middle: Any) -> AssetsDefinition:
        @graph_asset(name="made")
        def made() -> Any:
            return middle(one())

        return made

    @op(name="twice")
    def thrice(number: int) -> int:
        return 3 * number

    with Workspace(tmp_path, base=tmp_path) as workspace:
        workspace.define(with_op(twice))
        workspace.materialize()
        workspace.define(with_op(twice))
        assert workspace.status("made").state == "fresh"
        workspace.define(with_op(thrice))
        assert workspace.status("made").state == "stale"
