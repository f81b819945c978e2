"""Config: checked before anything runs, part of what makes an asset fresh, secrets kept as hashes."""

from __future__ import annotations

from typing import Any

import pydantic
import pytest

import dagbook as dg
from dagbook.errors.resources import InvalidConfig


class Inner(dg.Config):
    """A record within a config."""

    depth: int = 1


class Limits(dg.Config):
    """What the asset below is told."""

    rows: int = 3
    word: str = "x"
    password: str = "none"
    inner: Inner = Inner()


@dg.asset
def table(config: Limits) -> list[str]:
    """As many words as there are to be rows."""
    return [config.word] * config.rows


@dg.asset
def plain() -> int:
    """An asset that takes no config."""
    return 1


@pytest.mark.parametrize(
    "given",
    [
        dg.RunConfig(ops={"table": Limits(rows=2)}),
        dg.RunConfig(ops={"table": {"rows": 2}}),
        {"ops": {"table": {"config": {"rows": 2}}}},
        {"ops": {"table": {"rows": "2"}}},
    ],
    ids=["record", "fields", "as Dagster writes it", "text that is a number"],
)
def test_the_body_gets_what_the_run_is_told(given: Any) -> None:
    """A record, its fields, or a dictionary of a dictionary."""
    assert dg.materialize([table], run_config=given).asset_value("table") == ["x", "x"]


def test_without_any_the_defaults_hold() -> None:
    """A config whose fields all have defaults need not be given."""
    assert dg.materialize([table]).asset_value("table") == ["x"] * 3


def test_a_key_with_a_prefix_is_named_whole() -> None:
    """`a/b` as it is written, or `a__b` as Dagster names the op."""

    @dg.asset(key_prefix="raw")
    def rows(config: Limits) -> int:
        return config.rows

    for name in ("raw/rows", "raw__rows", "rows"):
        run = dg.materialize([rows], run_config={"ops": {name: {"rows": 5}}})
        assert run.asset_value("raw/rows") == 5


def test_an_op_in_a_graph_has_its_own() -> None:
    """Under the name of its step."""

    @dg.op
    def repeat(config: Limits) -> str:
        return config.word * config.rows

    @dg.graph_asset
    def text() -> Any:
        return repeat()

    run = dg.materialize([text], run_config={"ops": {"text.repeat": {"rows": 2, "word": "ab"}}})
    assert run.asset_value("text") == "abab"


def test_a_plain_dictionary_will_do() -> None:
    """A parameter `config: dict` takes it as it is, and the context has it too."""

    @dg.asset
    def a(context: dg.AssetExecutionContext, config: dict[str, int]) -> bool:
        return context.op_config is config and config["n"] == 1

    assert dg.materialize([a], run_config={"ops": {"a": {"config": {"n": 1}}}}).asset_value("a")


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "wrong type": (
        {"ops": {"table": {"rows": "many"}}},
        "Config of `table` ({here}): the field `rows` is wrong: input should be a valid integer, "
        "unable to parse string as an integer.",
    ),
    "unknown field": (
        {"ops": {"table": {"row": 1}}},
        "Config of `table` ({here}): the field `row` is not one of its fields. "
        "Did you mean `rows`?",
    ),
    "nested": (
        {"ops": {"table": {"inner": {"depth": []}}}},
        "Config of `table` ({here}): the field `inner.depth` is wrong: input should be a valid integer.",
    ),
    "another kind": (
        {"ops": {"table": 3}},
        "Config of `table` ({here}): it should be Limits or a dictionary and is int.",
    ),
    "unknown asset": (
        {"ops": {"tabel": {}}},
        "Config of `tabel`: it is not an asset or op of this run. Did you mean `table`?",
    ),
    "takes none": (
        {"ops": {"plain": {"rows": 1}}},
        "Config of `plain` ({there}): it takes no config.",
    ),
    "unknown section": (
        {"opss": {}},
        "Config of `the run`: the field `opss` is neither `ops` nor `resources`. Did you mean `ops`?",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_names_asset_field_and_place(case: str) -> None:
    """Before anything runs, in one sentence."""
    given, message = FAULTS[case]
    with pytest.raises(InvalidConfig) as caught:
        dg.materialize([table, plain], run_config=given)
    here, there = str(table.origin.place), str(plain.origin.place)
    assert str(caught.value) == message.replace("{here}", here).replace("{there}", there)


def test_all_faults_come_together_and_nothing_runs() -> None:
    """One error for two assets with two faults."""
    ran: list[int] = []

    @dg.asset
    def first() -> None:
        ran.append(1)

    with pytest.raises(InvalidConfig) as caught:
        dg.materialize([first, table], run_config={"ops": {"table": {"rows": "a", "x": 1}}})
    assert len(caught.value.faults) == 2
    assert ran == []


def test_what_was_typed_is_not_repeated() -> None:
    """A wrong value may be a secret."""

    class Keys(dg.Config):
        pin: int

    with pytest.raises(InvalidConfig) as caught:
        Keys(pin="hunter2")
    assert "hunter2" not in str(caught.value)


def test_a_changed_field_makes_the_asset_stale(workspace: dg.Workspace) -> None:
    """The cause names the field; the same config again finds the kept value."""
    workspace.define(table)
    workspace.materialize(run_config={"ops": {"table": {"rows": 1}}})
    assert workspace.status("table").state == "fresh"
    assert workspace.plan(force=False).is_empty
    ran = workspace.materialize(run_config={"ops": {"table": {"rows": 2}}})
    assert [step.why for step in ran.plan.steps] == ["config changed (rows)"]
    again = workspace.materialize(run_config={"ops": {"table": {"rows": 1}}})
    assert (again.materialized, again.restored) == ([], [table.key])


def test_secrets_are_kept_as_salted_hashes(workspace: dg.Workspace) -> None:
    """The digest of a secret differs from store to store, that of another field does not."""
    workspace.define(table)
    config = {"ops": {"table": {"password": "swordfish", "word": "y"}}}
    kept = workspace.materialize(run_config=config).records[table.key].others
    with dg.Workspace("other") as other:
        other.define(table)
        elsewhere = other.materialize(run_config=config).records[table.key].others
    same = {name for name in kept if kept[name] == elsewhere[name]}
    assert {name for name in kept if name not in same} == {"given: config password"}


def test_a_field_can_be_of_pydantics_secret_type(workspace: dg.Workspace) -> None:
    """Its text is masked wherever it would be kept."""

    class Login(dg.Config):
        token: pydantic.SecretStr

    @dg.asset
    def leak(config: Login) -> None:
        raise ValueError(f"refused {config.token.get_secret_value()}")

    workspace.define(leak)
    config = {"ops": {"leak": {"token": "tok-12345"}}}
    run = workspace.materialize(run_config=config, raise_on_error=False)
    assert run.failures[leak.key].error.message == "refused ********"
    assert "tok-12345" not in run.failures[leak.key].error.traceback


def test_permissive_config_takes_what_comes() -> None:
    """Further fields are there as attributes."""

    class Loose(dg.PermissiveConfig):
        known: int = 1

    @dg.asset
    def a(config: Loose) -> int:
        return config.known + int(config.more)  # type: ignore[attr-defined]

    assert dg.materialize([a], run_config={"ops": {"a": {"more": 2}}}).asset_value("a") == 3


def test_a_run_can_change_the_fields_of_a_resource() -> None:
    """`RunConfig(resources=…)` names them; an unknown one is refused."""

    class Reader(dg.ConfigurableResource):
        folder: str
        depth: int = 1

    @dg.asset
    def a(reader: dg.ResourceParam[Any]) -> str:
        return f"{reader.folder} {reader.depth}"

    given = {"reader": Reader(folder="x")}
    config = {"resources": {"reader": {"config": {"depth": 2}}}}
    assert dg.materialize([a], resources=given, run_config=config).asset_value("a") == "x 2"
    with pytest.raises(InvalidConfig, match="the field `deep` is not one of its fields"):
        dg.materialize([a], resources=given, run_config={"resources": {"reader": {"deep": 1}}})
