"""Values between ops: the I/O managers that ops name get them and give them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import dagbook as dg
from dagbook.engine.workspace import Workspace
from dagbook.errors.resources import InvalidConfig


class Noting(dg.IOManager):
    """Keeps values under their identifiers, notes what it is asked, and marks what it gives."""

    in_process = True

    def __init__(self) -> None:
        self.kept: dict[tuple[str, ...], Any] = {}
        self.noted: list[str] = []

    def handle_output(self, context: dg.OutputContext, obj: Any) -> None:
        self.noted.append(f"write {'/'.join(context.get_identifier()[1:])}")
        self.kept[tuple(context.get_identifier())] = obj

    def load_input(self, context: dg.InputContext) -> Any:
        upstream = context.upstream_output
        assert upstream is not None
        self.noted.append(f"read {context.name} {dict(context.definition_metadata)}")
        return self.kept[tuple(upstream.get_identifier())] * 10


@dg.op(out=dg.Out(io_manager_key="notes", metadata={"form": "plain"}))
def one() -> int:
    """Its value goes to the manager."""
    return 1


@dg.op
def two() -> int:
    """Its value goes to the store."""
    return 2


@dg.op(ins={"a": dg.In(metadata={"rows": 3})})
def both(a: int, b: int) -> int:
    """Reads both."""
    return a + b


@dg.graph_asset
def total() -> Any:
    """One value from a manager, one from the store."""
    return both(one(), two())


def test_an_output_goes_to_the_manager_that_it_names() -> None:
    """And its readers get what that gives; others know nothing of it."""
    notes = Noting()
    run = dg.materialize([total], resources={"notes": notes})
    assert run.asset_value("total") == 12
    assert notes.noted == ["write total.one/result", "read a {'rows': 3}"]


def test_the_default_manager_keeps_what_is_between_ops_too() -> None:
    """As it keeps assets; these by their keys."""
    notes = Noting()
    dg.materialize([total], resources={"notes": notes, "io_manager": notes})
    assert [word for word in notes.noted if word.startswith("write")] == [
        "write total.one/result",
        "write total.two/result",
        "write ",
    ]
    assert ("total",) in notes.kept


def test_an_input_is_read_by_the_manager_that_it_names() -> None:
    """Of an op's output, of a graph's input and of the entries of a list."""
    notes, other = Noting(), dg.InMemoryIOManager()

    @dg.op(ins={"a": dg.In(input_manager_key="notes")})
    def read(a: Any) -> Any:
        return a

    kept = {"notes": notes, "io_manager": other}
    raw = dg.asset(name="raw")(lambda: 5)
    direct = dg.graph_asset(name="direct")(lambda raw: read(raw))
    notes.kept["raw",] = 7
    assert dg.materialize([raw, direct], resources=kept).asset_value("direct") == 70


def test_dynamic_values_are_told_apart() -> None:
    """By the keys of the entries; mapped ops by the step."""

    @dg.op(out=dg.DynamicOut(io_manager_key="notes"))
    def pieces() -> Any:
        yield dg.DynamicOutput(1, mapping_key="x")
        yield dg.DynamicOutput(2, mapping_key="y")

    @dg.op(out=dg.Out(io_manager_key="notes"))
    def more(value: int) -> int:
        return value + 1

    @dg.op
    def add(values: list[int]) -> int:
        return sum(values)

    notes = Noting()
    parts = dg.graph_asset(name="parts")(lambda: add(pieces().map(more).collect()))
    assert dg.materialize([parts], resources={"notes": notes}).asset_value("parts") == 320
    assert [word for word in notes.noted if word.startswith("write")] == [
        "write parts.pieces/result/x",
        "write parts.pieces/result/y",
        "write parts.more[x]/result",
        "write parts.more[y]/result",
    ]


@dg.op
def breaks(number: int) -> int:
    """Fails until told otherwise by a file."""
    if not Path("repaired").exists():
        raise ValueError("broken")
    return number


def test_a_failed_run_goes_on_with_what_managers_had(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The op does not run again; the manager of the new run is given its value anew."""
    monkeypatch.chdir(tmp_path)
    workspace.define(dg.graph_asset(name="late")(lambda: breaks(one())))
    workspace.provide({"notes": Noting()})
    workspace.materialize(raise_on_error=False)
    Path("repaired").touch()
    run = workspace.materialize()
    assert {op.step: op.outcome for op in run.ops} == {"late.one": "kept", "late.breaks": "ok"}
    assert workspace.value("late") == 10


def test_a_manager_takes_what_the_store_can_t() -> None:
    """Such as an open file or a generator, where it keeps the object itself."""

    class Passing(Noting):
        def load_input(self, context: dg.InputContext) -> Any:
            assert context.upstream_output is not None
            return self.kept[tuple(context.upstream_output.get_identifier())]

    @dg.op(out=dg.Out(io_manager_key="notes"))
    def opened() -> Any:
        return (lambda: 3, iter([1, 2]))[1]

    @dg.op
    def used(rows: Any) -> int:
        return sum(rows)

    stream = dg.graph_asset(name="stream")(lambda: used(opened()))
    run = dg.materialize([stream], resources={"notes": Passing()}, raise_on_error=False)
    assert run.asset_value("stream") == 3


def test_the_op_of_a_graph_asset_names_the_asset_s_manager(tmp_path: Path) -> None:
    """Where the asset names none itself."""
    made = dg.graph_asset(name="made")(lambda: one())
    notes = Noting()
    dg.materialize([made], resources={"notes": notes})
    assert notes.kept == {("made",): 1}


@pytest.mark.parametrize("kind", ["files", "upath"])
def test_managers_of_files_keep_what_is_between_ops(tmp_path: Path, kind: str) -> None:
    """Below the folder, by run, step and output."""
    made: dict[str, Any] = {"files": dg.FilesystemIOManager(tmp_path)}
    if kind == "upath":
        made["upath"] = dg.ParquetIOManager(tmp_path)
        pytest.importorskip("pandas")
    import pandas as pd

    @dg.op(out=dg.Out(io_manager_key="notes"))
    def frame() -> Any:
        return pd.DataFrame({"a": [1, 2]})

    @dg.op
    def rows(found: Any) -> int:
        return len(found)

    size = dg.graph_asset(name="size")(lambda: rows(frame()))
    assert dg.materialize([size], resources={"notes": made[kind]}).asset_value("size") == 2
    assert any("size.frame" in str(path) for path in tmp_path.rglob("*"))


def test_a_manager_that_nothing_gives_is_told_before_anything_runs() -> None:
    """Of outputs and of inputs."""
    read = dg.op(name="r", ins={"a": dg.In(input_manager_key="nowhere")})(lambda a: a)
    lost: Any = dg.graph_asset(name="lost")(lambda: read(one()))
    with pytest.raises(InvalidConfig) as caught:
        dg.materialize([lost])
    assert [line.split(", and")[0] for line in str(caught.value).splitlines()[1:]] == [
        f"- `lost` ({__file__}, line {lost.op.fn.graph.body.__code__.co_firstlineno}) names the "
        f"I/O manager `{name}`"
        for name in ("notes", "nowhere")
    ]
