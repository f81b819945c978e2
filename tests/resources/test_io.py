"""I/O managers in runs: who is asked to write and to read what, and what is recorded of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import dagbook as dg
from dagbook.errors.execution import PartitionsUnsupported, ValueMissing
from dagbook.errors.resources import InvalidConfig

EXECUTORS = ["inline", "threads", "processes"]


class Telling(dg.IOManager):
    """Keeps values in memory, and tells what it was asked."""

    in_process = True

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}
        self.asked: list[str] = []

    def handle_output(self, context: dg.OutputContext, obj: Any) -> None:
        """Keep it."""
        what = context.asset_key if context.has_asset_key else context.step_key
        self.asked.append(f"write {what} {dict(context.definition_metadata)}")
        self.kept["/".join(context.get_identifier())] = obj
        context.add_output_metadata({"size": 1})

    def load_input(self, context: dg.InputContext) -> Any:
        """Give it."""
        assert context.upstream_output is not None
        written = context.upstream_output
        self.asked.append(
            f"read {written.asset_key if written.has_asset_key else written.step_key} as "
            f"{context.name} {dict(context.metadata)} "
            f"{getattr(context.type_annotation, '__name__', None)}"
        )
        return self.kept["/".join(context.get_identifier())]


@dg.asset(metadata={"unit": "m"}, io_manager_key="telling")
def length() -> int:
    """A value that a manager of its own keeps."""
    return 3


@dg.asset(deps=["length"])
def after() -> int:
    """Waits for it and does not read it."""
    return 1


def test_the_contexts_tell_what_is_written_and_read() -> None:
    """The key and the metadata of the definition; the name, the metadata and the type of the input."""
    telling = Telling()

    @dg.asset(ins={"n": dg.AssetIn("length", metadata={"part": 1})})
    def doubled(n: int) -> int:
        return 2 * n

    run = dg.materialize([length, doubled, after], resources={"telling": telling})
    assert run.asset_value("doubled") == 6
    assert telling.asked == [
        "write length {'unit': 'm'}",
        "read length as n {'part': 1} int",
    ]
    assert run.records[length.key].metadata["size"].value == 1


def test_the_default_one_is_the_resource_io_manager() -> None:
    """It keeps all that names no other."""
    telling = Telling()
    assert dg.materialize([after], resources={"io_manager": telling}).asset_value("after") == 1
    assert telling.kept == {"after": 1}


def test_an_input_can_be_read_by_another_one() -> None:
    """`input_manager_key` goes before the upstream's."""

    class Always(Telling):
        def load_input(self, context: dg.InputContext) -> Any:
            return 100

    @dg.asset(ins={"length": dg.AssetIn(input_manager_key="always")})
    def plus(length: int) -> int:
        return length + 1

    run = dg.materialize([length, plus], resources={"telling": Telling(), "always": Always()})
    assert run.asset_value("plus") == 101


@pytest.mark.parametrize("body", [lambda: dg.MaterializeResult(), None], ids=["result", "None"])
def test_nothing_is_handed_over_where_there_is_no_value(body: Any) -> None:
    """By `-> None`, or a MaterializeResult without a value."""

    def nothing() -> None:
        """Gives nothing."""

    telling = Telling()
    made = dg.asset(name="made", io_manager_key="telling")(body or nothing)
    assert dg.materialize([made], resources={"telling": telling}).success
    assert telling.asked == []


def test_an_external_asset_is_read_by_its_manager() -> None:
    """Nothing here makes it, and its manager has it."""
    telling = Telling()
    telling.kept["given"] = 5

    @dg.asset
    def six(given: int) -> int:
        return given + 1

    given = dg.AssetSpec(dg.AssetKey("given"), io_manager_key="telling")
    run = dg.materialize([given, six], resources={"telling": telling})
    assert run.asset_value("six") == 6


def test_a_reader_can_not_change_what_the_manager_keeps() -> None:
    """A change in place is told, and reaches neither the manager nor the next reader."""
    telling = Telling()

    @dg.asset(io_manager_key="telling")
    def numbers() -> list[int]:
        return [1]

    @dg.asset
    def changing(numbers: list[int]) -> int:
        numbers.append(2)
        return len(numbers)

    run = dg.materialize([numbers, changing], resources={"telling": telling})
    assert telling.kept == {"numbers": [1]}
    assert run.changed_inputs == [(changing.key, "numbers")]


def test_equal_data_leave_the_readers_fresh(workspace: dg.Workspace) -> None:
    """The data version is that of the value that was handed over."""

    @dg.asset
    def reader(length: int) -> int:
        return length

    workspace.define(length, reader)
    workspace.provide({"telling": Telling()})
    workspace.materialize()
    workspace.materialize("length", force=True)
    assert workspace.status("reader").state == "fresh"


def test_a_value_that_is_gone_names_both_assets(workspace: dg.Workspace) -> None:
    """And the command that makes it, rather than a bare FileNotFoundError."""

    @dg.asset(io_manager_key="files")
    def kept() -> int:
        return 1

    @dg.asset
    def reader(kept: int) -> int:
        return kept

    workspace.define(kept, reader)
    workspace.provide({"files": dg.FilesystemIOManager("files")})
    workspace.materialize("kept")
    Path("files/kept").unlink()
    with pytest.raises(ValueMissing) as caught:
        workspace.materialize("reader")
    assert str(caught.value) == (
        "`kept`, which `reader` reads, is not in the I/O manager `files`. "
        "`%materialize kept --force` makes it."
    )


def test_another_manager_makes_the_asset_stale(workspace: dg.Workspace) -> None:
    """Its value is not there, even if nothing else has changed."""
    workspace.define(after)
    workspace.materialize()
    workspace.provide({"io_manager": dg.FilesystemIOManager("files")})
    assert workspace.status("after").why == "config changed (I/O manager io_manager)"
    workspace.materialize()
    assert (workspace.value("after"), Path("files/after").exists()) == (1, True)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_every_executor_uses_them(workspace: dg.Workspace, executor: Any) -> None:
    """One that keeps values in memory is used in this process, whatever runs elsewhere."""

    @dg.asset(io_manager_key="files")
    def reader(length: int) -> int:
        return length + 1

    workspace.define(length, reader)
    workspace.provide({"telling": Telling(), "files": dg.FilesystemIOManager("files")})
    assert workspace.materialize(executor=executor).success
    assert workspace.value("reader") == 4


def test_a_graph_hands_over_what_is_an_assets(workspace: dg.Workspace) -> None:
    """Its manager gets values between ops too, by run and step; inputs come from theirs."""

    @dg.op
    def plus_one(n: int) -> int:
        return n + 1

    @dg.graph_asset
    def counted(length: int) -> int:
        return plus_one(plus_one(length))  # type: ignore[no-any-return]

    telling = Telling()
    run = dg.materialize([length, counted], resources={"telling": telling, "io_manager": telling})
    assert run.asset_value("counted") == 5
    between = f"{run.run_id}/counted.plus_one/result"
    assert telling.kept == {"length": 3, "counted": 5, between: 4}


MISSING = {
    "resource": (
        dg.asset(name="a", required_resource_keys={"servce"})(lambda context: 1),
        "`a` ({place}) needs the resource `servce`, and there is none of that name. "
        "Did you mean `service`? Give it as resources={'servce': …}.",
    ),
    "I/O manager": (
        dg.asset(name="a", io_manager_key="servic")(lambda: 1),
        "`a` ({place}) names the I/O manager `servic`, and there is none of that name. "
        "Did you mean `service`? Give it as resources={'servic': …}.",
    ),
    "no I/O manager": (
        dg.asset(name="a", io_manager_key="service")(lambda: 1),
        "The resource `service` is used as an I/O manager and is of type int, which has no "
        "`handle_output` and `load_input`. Derive it from IOManager.",
    ),
}


@pytest.mark.parametrize("case", MISSING)
def test_what_is_missing_is_told_before_anything_runs(case: str) -> None:
    """With a suggestion and the place of the definition."""
    definition, message = MISSING[case]
    with pytest.raises(InvalidConfig) as caught:
        dg.materialize([definition], resources={"service": 1})
    assert str(caught.value) == message.replace("{place}", str(definition.origin.place))


def test_partitions_are_refused() -> None:
    """They are not there yet, and nothing runs."""
    with pytest.raises(PartitionsUnsupported) as caught:
        dg.materialize([after], partition_key="2024-01-01")
    assert str(caught.value) == (
        "partition_key='2024-01-01': partitions are not supported yet. Leave it out; an asset can "
        "take what it works on by its config."
    )


def test_to_memory_takes_what_can_not_be_stored() -> None:
    """No store and no manager is asked, so that a value may be anything."""

    @dg.asset(io_manager_key="telling")
    def square() -> Any:
        return lambda n: n * n

    @dg.asset
    def nine(square: Any) -> int:
        return int(square(3))

    assert dg.materialize_to_memory([square, nine]).asset_value("nine") == 9
    with pytest.raises(dg.DagbookError, match="the resource `telling` would keep values elsewhere"):
        dg.materialize_to_memory([square], resources={"telling": Telling()})


FRAMES = {
    "pandas": pd.DataFrame({"n": [1, 2], "t": ["a", None]}, index=pd.Index([5, 6], name="i")),
    "polars": pl.DataFrame({"n": [1, 2], "t": ["a", None]}),
    "arrow": pa.table({"n": [1, 2], "t": ["a", None]}),
}


@pytest.mark.parametrize("form", FRAMES)
@pytest.mark.parametrize("kind", [dg.ParquetIOManager, dg.ArrowIOManager])
@pytest.mark.parametrize("base", ["tables", "file://{here}/tables", "memory://tables"])
def test_tables_come_back_as_they_were_written(kind: Any, base: str, form: str) -> None:
    """In a folder, or at an address of universal-pathlib; with the index of pandas."""
    manager = kind(base.replace("{here}", Path.cwd().as_posix()))
    written = dg.OutputContext(key=dg.AssetKey(["raw", "t"]))
    manager.handle_output(written, FRAMES[form])
    loaded = manager.load_input(dg.InputContext(name="t", key=written.key))
    assert type(loaded) is type(FRAMES[form])
    assert loaded.equals(FRAMES[form])
    assert written.added_metadata["row_count"].value == 2


def test_a_reader_of_a_table_can_choose_columns_and_form() -> None:
    """By the metadata of the input and its annotation."""
    manager = dg.ParquetIOManager("tables")
    key = dg.AssetKey("t")
    manager.handle_output(dg.OutputContext(key=key), FRAMES["pandas"])
    asked = dg.InputContext(
        name="t", key=key, metadata={"columns": ["n"]}, type_annotation=pl.DataFrame
    )
    assert manager.load_input(asked).columns == ["n"]


def test_a_file_appears_whole_or_not_at_all() -> None:
    """A value that can't be written leaves the older file, and no piece of a new one."""

    class Half(dg.UPathIOManager):
        def dump_to_path(self, context: dg.OutputContext, obj: Any, path: Any) -> None:
            path.write_text("half")
            if obj == "bad":
                raise ValueError(obj)

        def load_from_path(self, context: dg.InputContext, path: Any) -> Any:
            return path.read_text()

    manager, written = Half("texts"), dg.OutputContext(key=dg.AssetKey("x"))
    with pytest.raises(ValueError, match="bad"):
        manager.handle_output(written, "bad")
    assert list(Path("texts").iterdir()) == []
    manager.handle_output(written, "good")
    assert [path.name for path in Path("texts").iterdir()] == ["x"]


def test_a_key_can_not_leave_the_folder() -> None:
    """Not even one that was made without checks."""
    manager = dg.ParquetIOManager("tables")
    with pytest.raises(dg.DagbookError, match="only dots"):
        manager.handle_output(dg.OutputContext(key=dg.AssetKey(["..", "t"])), FRAMES["arrow"])
