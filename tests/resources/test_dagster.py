"""The same programs with Dagster's names, run by Dagster and by dagbook: what happened must agree."""

from __future__ import annotations

import importlib
import textwrap
import types
import warnings
from typing import Any

import pytest

PROGRAMS = {
    "a generator, after a failure": """
        @dg.resource
        def number():
            happened.append("up")
            yield 7
            happened.append("down")

        @dg.asset(required_resource_keys={"number"})
        def a(context):
            happened.append(context.resources.number)
            raise ValueError("no")

        run = dg.materialize([a], resources={"number": number}, raise_on_error=False)
        happened.append(run.success)
    """,
    "set up and torn down": """
        class Client(dg.ConfigurableResource):
            word: str
            def setup_for_execution(self, context):
                happened.append(f"{self.word} up")
            def teardown_after_execution(self, context):
                happened.append(f"{self.word} down")

        @dg.asset
        def a(client: Client):
            happened.append(client.word)

        @dg.asset(deps=[a])
        def b(client: Client):
            happened.append(client.word)

        dg.materialize([a, b], resources={"client": Client(word=dg.EnvVar("DEMO_WORD"))})
    """,
    "nested resources": """
        class Inner(dg.ConfigurableResource):
            word: str
            def setup_for_execution(self, context):
                happened.append("inner up")
            def teardown_after_execution(self, context):
                happened.append("inner down")

        class Outer(dg.ConfigurableResource):
            inner: Inner
            def setup_for_execution(self, context):
                happened.append("outer up " + self.inner.word)
            def teardown_after_execution(self, context):
                happened.append("outer down")

        @dg.asset
        def a(outer: Outer):
            happened.append(outer.inner.word)

        dg.materialize([a], resources={"outer": Outer(inner=Inner(word="x"))})
    """,
    "config": """
        class Limits(dg.Config):
            rows: int = 3
            word: str = "a"

        @dg.asset
        def a(context, config: Limits):
            return config.word * config.rows

        for given in (None, dg.RunConfig(ops={"a": Limits(rows=1)}),
                      {"ops": {"a": {"config": {"word": "b"}}}}):
            happened.append(dg.materialize([a], run_config=given).asset_value("a"))
        try:
            dg.materialize([a], run_config={"ops": {"a": {"config": {"rows": "many"}}}})
        except Exception:
            happened.append("refused")
    """,
    "an I/O manager and its contexts": """
        class Telling(dg.IOManager):
            def __init__(self):
                self.kept = {}
            def handle_output(self, context, obj):
                happened.append(("write", context.asset_key.to_user_string(), context.has_asset_key,
                                 list(context.get_asset_identifier()), context.definition_metadata.get("m")))
                self.kept[tuple(context.asset_key.path)] = obj
                context.add_output_metadata({"size": len(str(obj))})
            def load_input(self, context):
                up = context.upstream_output
                happened.append(("read", context.name, context.asset_key.to_user_string(),
                                 up.asset_key.to_user_string(), up.definition_metadata.get("m"),
                                 context.definition_metadata.get("part")))
                return self.kept[tuple(context.asset_key.path)]

        @dg.asset(key_prefix="raw", metadata={"m": 1})
        def a():
            return [1, 2]

        @dg.asset(ins={"x": dg.AssetIn(key=["raw", "a"], metadata={"part": 2})})
        def b(x):
            return sum(x)

        @dg.asset(deps=[b])
        def c() -> None:
            happened.append("c")

        run = dg.materialize([a, b, c], resources={"io_manager": Telling()})
        happened.append(run.asset_value("b"))
        happened.append([(e.asset_key.to_user_string(), getattr(e.materialization.metadata.get("size"),
                          "value", None)) for e in run.get_asset_materialization_events()])
    """,
    "input_manager_key": """
        class Fixed(dg.IOManager):
            def __init__(self, value):
                self.value = value
            def handle_output(self, context, obj):
                happened.append(("write", self.value))
            def load_input(self, context):
                return self.value

        @dg.asset(io_manager_key="one")
        def a():
            return 0

        @dg.asset(ins={"a": dg.AssetIn(input_manager_key="two")}, io_manager_key="one")
        def b(a):
            happened.append(a)

        @dg.asset(io_manager_key="one")
        def c(a):
            happened.append(a)

        dg.materialize([a, b, c], resources={"one": Fixed(1), "two": Fixed(2)})
    """,
    "to memory": """
        @dg.asset
        def a():
            return lambda n: n + 1

        @dg.asset
        def b(a):
            return a(1)

        happened.append(dg.materialize_to_memory([a, b]).asset_value("b"))
    """,
    "what is missing": """
        @dg.asset(required_resource_keys={"gone"})
        def a(context):
            happened.append("a")

        @dg.asset(io_manager_key="gone")
        def b():
            happened.append("b")

        for one in (a, b):
            try:
                dg.materialize([one])
            except Exception:
                happened.append("refused")
    """,
    "bounds of metadata": """
        @dg.asset
        def a():
            return dg.MaterializeResult(metadata={"rows": 5})

        for options in ({"min_value": 5}, {"min_value": 5, "exclusive_min": True}, {"max_value": 4}):
            checks = dg.build_metadata_bounds_checks(assets=[a], metadata_key="rows", **options)
            run = dg.materialize([a, *checks])
            happened.append([(e.check_name, e.passed, e.severity.value)
                             for e in run.get_asset_check_evaluations()])
    """,
}


def outcome(library: str, program: str) -> list[Any]:
    """What happened when the program ran with the library under the name `dg`."""
    happened: list[Any] = []
    module = types.ModuleType(f"program_of_{library}")
    module.__dict__.update(dg=importlib.import_module(library), happened=happened)
    with warnings.catch_warnings():
        # Dagster warns of its own features that are not final.
        warnings.simplefilter("ignore")
        # Its annotations are values, as in a module without `from __future__ import annotations`.
        code = compile(textwrap.dedent(program), module.__name__, "exec", dont_inherit=True)
        exec(code, module.__dict__)
    return happened


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_happens_is_what_happens_in_dagster(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Order, values, contexts, what is refused."""
    monkeypatch.setenv("DEMO_WORD", "given")
    ours = outcome("dagbook", PROGRAMS[program])
    assert ours == outcome("dagster", PROGRAMS[program])
    assert ours
