"""What Dagster's guides on assets, dependencies, checks and graphs teach, in programs of our own.

Each program is run by both libraries: only what `dg` stands for differs.
"""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import dagbook

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import dagster

# The text of a program, and what it leaves in `came`.
PROGRAMS: dict[str, tuple[str, Any]] = {
    "dependencies without values": (
        """
import json
@dg.asset
def prices() -> None:
    with open("prices.json", "w") as file:
        json.dump([3, 4], file)
@dg.asset(deps=[prices], group_name="shop", owners=["ada@example.org", "team:shop"])
def most(context: dg.AssetExecutionContext):
    with open("prices.json") as file:
        context.log.info(f"run {context.run.run_id}")
        return max(json.load(file))
@dg.asset(deps=["most"], code_version="1")
def told(context):
    return context.asset_key.to_user_string()
run = dg.materialize(assets=[prices, most, told])
came = run.success, run.output_for_node("most"), run.output_for_node("told")
""",
        (True, 4, "told"),
    ),
    "a dependency on an asset of another project": (
        """
@dg.asset(deps=["made_elsewhere", dg.AssetKey(["other", "table"]), dg.AssetSpec("spec")])
def here():
    return 1
came = dg.materialize([here]).success
""",
        True,
    ),
    "values by arguments, keys of several parts": (
        """
@dg.asset(key_prefix=["shop", "raw"])
def orders() -> list[int]:
    return [1, 2]
@dg.asset(ins={"orders": dg.AssetIn(key_prefix=["shop", "raw"])}, key_prefix="shop")
def total(orders):
    return sum(orders)
@dg.asset(ins={"value": dg.AssetIn(["shop", "total"])})
def double(value: int) -> int:
    return 2 * value
came = dg.materialize([double, total, orders]).output_for_node("double")
""",
        6,
    ),
    "values by I/O managers": (
        """
class Kept(dg.ConfigurableIOManager):
    folder: str
    def path(self, context):
        return f"{self.folder}/{'_'.join(context.asset_key.path)}.txt"
    def handle_output(self, context, obj):
        with open(self.path(context), "w") as file:
            file.write(repr(obj))
    def load_input(self, context):
        with open(self.path(context)) as file:
            return eval(file.read())
@dg.asset(io_manager_key="kept")
def people():
    return ["Ada"]
@dg.asset
def all_of_them(people):
    return [*people, "Bob"]
defs = dg.Definitions(assets=[people, all_of_them], resources={"kept": Kept(folder=".")})
run = dg.materialize(assets=[people, all_of_them], resources={"kept": Kept(folder=".")})
came = run.output_for_node("all_of_them"), open("people.txt").read()
""",
        (["Ada", "Bob"], "['Ada']"),
    ),
    "several assets of one function": (
        """
@dg.multi_asset(specs=[dg.AssetSpec("low"), dg.AssetSpec("high", deps=["low"])])
def ends():
    yield dg.MaterializeResult(asset_key="low", metadata={"rows": 1})
    yield dg.MaterializeResult(asset_key="high", metadata={"rows": 2})
@dg.multi_asset(outs={"text": dg.AssetOut(), "number": dg.AssetOut()})
def pair():
    return "abc", 123
events = dg.materialize([ends, pair]).get_asset_materialization_events()
came = {e.asset_key.to_user_string(): e.materialization.metadata["rows"].value
        for e in events if "rows" in e.materialization.metadata}
""",
        {"low": 1, "high": 2},
    ),
    "a part of a multi-asset": (
        """
@dg.multi_asset(outs={"a": dg.AssetOut(is_required=False), "b": dg.AssetOut(is_required=False)},
                can_subset=True)
def split(context):
    if "a" in context.selected_output_names:
        yield dg.Output(value=1, output_name="a")
    if "b" in context.selected_output_names:
        yield dg.Output(value=2, output_name="b")
@dg.multi_asset(outs={"c": dg.AssetOut(), "d": dg.AssetOut()},
                internal_asset_deps={"c": {dg.AssetKey("a")}, "d": {dg.AssetKey("b")}})
def joined(a, b):
    yield dg.Output(value=a + 1, output_name="c")
    yield dg.Output(value=b + 1, output_name="d")
whole = dg.materialize([split, joined]).output_for_node("joined", "d")
part = dg.materialize([split], selection=[dg.AssetKey("b")])
came = whole, [e.asset_key.to_user_string() for e in part.get_asset_materialization_events()]
""",
        (3, ["b"]),
    ),
    "an asset that ops make, tried again": (
        """
tries = []
@dg.op(retry_policy=dg.RetryPolicy(max_retries=5, delay=0.001, backoff=dg.Backoff.EXPONENTIAL,
                                   jitter=dg.Jitter.PLUS_MINUS))
def shaky() -> int:
    tries.append(1)
    if len(tries) < 4:
        raise Exception("not yet")
    return 6
@dg.op(required_resource_keys={"by"})
def scaled(context, number: int):
    return context.resources.by * number
@dg.graph_asset
def answer():
    return scaled(shaky())
@dg.asset
def below(answer):
    return answer + 1
by = dg.ResourceDefinition.hardcoded_resource(7)
run = dg.materialize([answer, below], resources={"by": by})
came = run.output_for_node("below"), len(tries)
""",
        (43, 4),
    ),
    "several assets that ops make": (
        """
@dg.op(out={"one": dg.Out(), "two": dg.Out()})
def both(number):
    yield dg.Output(output_name="one", value=number)
    yield dg.Output(output_name="two", value=number + 1)
@dg.asset
def zero():
    return 0
@dg.graph_multi_asset(outs={"first": dg.AssetOut(), "second": dg.AssetOut()})
def pair(zero):
    one, two = both(zero)
    return {"first": one, "second": two}
@dg.graph(out={"one": dg.GraphOut(), "two": dg.GraphOut()})
def again(number):
    one, two = both(number)
    return {"one": one, "two": two}
named = dg.AssetsDefinition.from_graph(
    again,
    keys_by_input_name={"number": dg.AssetKey("zero")},
    keys_by_output_name={"one": dg.AssetKey("third"), "two": dg.AssetKey("fourth")},
)
defs = dg.Definitions(
    assets=[zero, pair, named],
    jobs=[dg.define_asset_job("some", selection=dg.AssetSelection.assets(zero, pair))],
)
run = defs.resolve_job_def("some").execute_in_process()
whole = dg.materialize([zero, pair, named])
came = sorted(e.asset_key.to_user_string() for e in run.get_asset_materialization_events()), \\
    whole.asset_value("fourth")
""",
        (["first", "second", "zero"], 1),
    ),
    "a part of a graph's assets": (
        """
@dg.op(out={"low": dg.Out(is_required=False), "high": dg.Out(is_required=False)})
def ends(context, start):
    if "low" in context.selected_output_names:
        yield dg.Output(start - 1, output_name="low")
    if "high" in context.selected_output_names:
        yield dg.Output(start + 1, output_name="high")
@dg.op
def start():
    return 5
@dg.op
def scaled(high):
    return 10 * high
@dg.graph(out={"low_asset": dg.GraphOut(), "scaled_asset": dg.GraphOut()})
def scale():
    low, high = ends(start())
    return {"low_asset": low, "scaled_asset": scaled(high)}
defs = dg.Definitions(
    assets=[dg.AssetsDefinition.from_graph(scale, can_subset=True)],
    jobs=[dg.define_asset_job("job")],
)
run = defs.resolve_job_def("job").execute_in_process(
    asset_selection=[dg.AssetKey("scaled_asset")]
)
came = [e.asset_key.to_user_string() for e in run.get_asset_materialization_events()], \\
    run.asset_value("scaled_asset")
""",
        (["scaled_asset"], 60),
    ),
    "checks in all forms": (
        """
@dg.asset(check_specs=[dg.AssetCheckSpec(name="few", asset="orders")])
def orders(context: dg.AssetExecutionContext):
    yield dg.Output([1, 2])
    yield dg.AssetCheckResult(passed=True, metadata={"rows": 2})
@dg.asset_check(asset=orders)
def positive(orders):
    return dg.AssetCheckResult(passed=bool(min(orders) > 0))
def made(blobs):
    @dg.multi_asset_check(
        specs=[dg.AssetCheckSpec(name=one["name"], asset=one["asset"]) for one in blobs]
    )
    def several():
        for one in blobs:
            yield dg.AssetCheckResult(
                check_name=one["name"], passed=one["passes"], asset_key=one["asset"]
            )
    return several
blobs = [{"name": f"n{n}", "asset": "orders", "passes": n == 1} for n in range(2)]
run = dg.materialize([orders, positive, made(blobs)])
came = sorted((e.check_name, e.passed) for e in run.get_asset_check_evaluations())
""",
        [("few", True), ("n0", False), ("n1", True), ("positive", True)],
    ),
    "a check that blocks, and one called by itself": (
        """
@dg.asset
def orders():
    return [1]
@dg.asset_check(asset=orders, blocking=True)
def many() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=False, severity=dg.AssetCheckSeverity.ERROR)
@dg.asset(deps=[orders])
def below():
    return 1
run = dg.materialize([orders, many, below], raise_on_error=False)
came = run.success, [e.asset_key.to_user_string() for e in run.get_asset_materialization_events()], \\
    many().passed
""",
        (False, ["orders"], False),
    ),
    "jobs of assets and of checks": (
        """
@dg.asset
def orders():
    return [1]
@dg.asset_check(asset=orders)
def some():
    return dg.AssetCheckResult(passed=True)
selections = {
    "both": dg.AssetSelection.assets(orders),
    "assets": dg.AssetSelection.assets(orders).without_checks(),
    "checks": dg.AssetSelection.checks_for_assets(orders),
    "one": dg.AssetSelection.checks(some),
}
jobs = [dg.define_asset_job(name, selection=one) for name, one in selections.items()]
defs = dg.Definitions(assets=[orders], asset_checks=[some], jobs=jobs)
came = {}
for job in jobs:
    run = defs.resolve_job_def(job.name).execute_in_process()
    came[job.name] = (len(run.get_asset_materialization_events()),
                      len(run.get_asset_check_evaluations()))
""",
        {"both": (1, 1), "assets": (1, 0), "checks": (0, 1), "one": (0, 1)},
    ),
    "checks of a multi-asset that can be subset": (
        """
@dg.multi_asset(
    specs=[dg.AssetSpec("left", skippable=True), dg.AssetSpec("right", skippable=True)],
    check_specs=[dg.AssetCheckSpec("fine", asset="left")],
    can_subset=True,
)
def sides(context: dg.AssetExecutionContext):
    for name in ("left", "right"):
        if dg.AssetKey(name) in context.selected_asset_keys:
            yield dg.MaterializeResult(asset_key=name)
    if dg.AssetCheckKey(dg.AssetKey("left"), "fine") in context.selected_asset_check_keys:
        yield dg.AssetCheckResult(passed=True, metadata={"a": "b"})
came = []
for chosen in ("left", "right"):
    run = dg.materialize([sides], selection=[dg.AssetKey(chosen)])
    came.append(len(run.get_asset_check_evaluations()))
""",
        [1, 0],
    ),
    "definitions that are made when they are loaded": (
        """
@dg.asset
def orders():
    return 1
@dg.definitions
def project():
    return dg.Definitions(assets=[orders])
came = True
""",
        True,
    ),
}


@pytest.mark.parametrize("library", [dagbook, dagster], ids=["dagbook", "dagster"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_runs_after_changing_its_import(
    program: str, library: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes to the same."""
    monkeypatch.chdir(tmp_path)
    text, expected = PROGRAMS[program]
    assert _came(text, library) == expected


def _came(text: str, library: ModuleType) -> Any:
    space: dict[str, Any] = {"dg": library, "__name__": "__program__"}
    disabled, logging.root.manager.disable = logging.root.manager.disable, logging.CRITICAL
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(text, "<program>", "exec", dont_inherit=True), space)
    finally:
        logging.root.manager.disable = disabled
    return space["came"]


def test_tables_of_duckdb_by_the_manager_of_another_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the name that it has there."""
    import pandas

    monkeypatch.chdir(tmp_path)
    tables = dagbook.DuckDBPandasIOManager(database="birds.duckdb", schema="field")
    birds = dagbook.asset(name="birds")(lambda: pandas.DataFrame({"name": ["Robin", "Eagle"]}))
    count = dagbook.asset(name="names")(lambda birds: birds[["name"]])
    run = dagbook.materialize(assets=[birds, count], resources={"io_manager": tables})
    assert len(run.output_for_node("names")) == 2
    with tables.connection() as connection:
        assert connection.sql("select count(*) from field.names").fetchall() == [(2,)]
