"""`materialize` beside Dagster's own: the same definitions give the same run."""

from __future__ import annotations

import warnings
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import pytest

import dagbook

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import dagster

PROGRAMS: dict[str, str] = {
    "values pass on": """
@dg.asset
def a():
    return 1
@dg.asset
def b(a):
    return a + 1
@dg.asset
def c(a, b):
    return a + b
""",
    "definition order does not matter": """
@dg.asset
def c(b):
    return b
@dg.asset
def b(a):
    return a
@dg.asset
def a():
    return 1
""",
    "breadth first": """
@dg.asset
def a():
    return 1
@dg.asset
def b():
    return 2
@dg.asset
def c(b):
    return 3
@dg.asset
def d():
    return 4
""",
    "a failure stops what is below only": """
@dg.asset
def a():
    raise ValueError("no")
@dg.asset
def b(a):
    return 1
@dg.asset
def c():
    return 2
@dg.asset
def d(b, c):
    return 3
""",
    "a skip wins over a failure": """
@dg.asset(output_required=False)
def a():
    if False:
        yield dg.Output(1)
@dg.asset
def b():
    raise ValueError("no")
@dg.asset
def c(a, b):
    return 1
@dg.asset
def d(c):
    return 1
""",
    "deps wait and read nothing": """
@dg.asset
def a():
    return 1
@dg.asset(deps=[a])
def b():
    return 2
""",
    "a non-blocking failure lets the run go on": """
@dg.asset
def a():
    return 1
@dg.asset_check(asset=a)
def c(a):
    return dg.AssetCheckResult(passed=a > 1)
@dg.asset
def b(a):
    return a
""",
    "a blocking failure bars what is below": """
@dg.asset
def a():
    return 1
@dg.asset_check(asset=a, blocking=True)
def c(a):
    return dg.AssetCheckResult(passed=a > 1)
@dg.asset
def b(a):
    return a
@dg.asset
def d():
    return 4
""",
    "a blocking warning does not": """
@dg.asset
def a():
    return 1
@dg.asset_check(asset=a, blocking=True)
def c(a):
    return dg.AssetCheckResult(passed=False, severity=dg.AssetCheckSeverity.WARN)
@dg.asset
def b(a):
    return a
""",
    "a check that raises fails the run": """
@dg.asset
def a():
    return 1
@dg.asset_check(asset=a)
def c(a):
    raise ValueError("no")
@dg.asset
def b(a):
    return a
""",
    "a check of a failed asset is not judged": """
@dg.asset
def a():
    raise ValueError("no")
@dg.asset_check(asset=a)
def c(a):
    return dg.AssetCheckResult(passed=True)
""",
    "inline checks": """
@dg.asset(check_specs=[dg.AssetCheckSpec(name="c", asset="a", blocking=True)])
def a():
    return dg.MaterializeResult(check_results=[dg.AssetCheckResult(passed=False)])
@dg.asset(deps=[a])
def b():
    return 1
""",
    "a wrong type fails": """
@dg.asset
def a() -> int:
    return "x"
@dg.asset
def b(a):
    return 1
""",
    "a plain yield is an error": """
@dg.asset
def a():
    yield 1
""",
    "nothing for a required output is an error": """
@dg.asset
def a():
    if False:
        yield dg.Output(1)
""",
    "async bodies": """
@dg.asset
async def a():
    return 1
""",
    "retries": """
tries = []
@dg.asset(retry_policy=dg.RetryPolicy(max_retries=2))
def a():
    tries.append(1)
    if len(tries) < 3:
        raise ValueError("not yet")
    return len(tries)
""",
    "prefixes": """
@dg.asset(key_prefix="raw")
def a():
    return 1
@dg.asset(ins={"a": dg.AssetIn(key_prefix="raw")})
def b(a):
    return a
""",
    "metadata": """
@dg.asset
def a(context):
    context.add_output_metadata({"rows": 3})
    return dg.Output(1, metadata={"note": "x"})
""",
}


def outcome(dg: ModuleType, program: str) -> dict[str, Any]:
    """What a run of the program comes to: success, what ran in which order, verdicts, metadata."""
    space: dict[str, Any] = {"dg": dg}
    exec(compile(program, "<program>", "exec", dont_inherit=True), space)
    kinds = (dg.AssetsDefinition, dg.AssetChecksDefinition)
    definitions = [one for one in space.values() if isinstance(one, kinds)]
    with warnings.catch_warnings(), TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")
        options: dict[str, Any] = {}
        if dg is dagster:
            options["resources"] = {"io_manager": dagster.FilesystemIOManager(base_dir=folder)}
            options["instance"] = dagster.DagsterInstance.ephemeral(tempdir=folder)
        result = dg.materialize(definitions, raise_on_error=False, **options)
    events = result.get_asset_materialization_events()
    return {
        "success": result.success,
        "materialized": [
            event.asset_key.path and "/".join(event.asset_key.path) for event in events
        ],
        "verdicts": [
            (one.check_name, one.passed, one.severity.value)
            for one in result.get_asset_check_evaluations()
        ],
        "metadata": [
            {
                name: one.value
                for name, one in event.materialization.metadata.items()
                if name != "path"
            }
            for event in events
        ],
    }


@pytest.mark.parametrize("name", PROGRAMS)
def test_materialize_agrees_with_dagster(name: str) -> None:
    """Order, failures, skips, gates, verdicts and metadata are the same."""
    ours = outcome(dagbook, PROGRAMS[name])
    assert ours == outcome(dagster, PROGRAMS[name])
