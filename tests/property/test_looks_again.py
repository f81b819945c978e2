"""Laws of looking again: what is kept from look to look equals what a first look finds."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.engine.kept import KeptWithValues
from dagbook.engine.looking import Looking
from dagbook.engine.workspace import Workspace
from dagbook.errors.definitions import InvalidGraph
from dagbook.errors.selection import SelectionError
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.differing import differing
from dagbook.log.history import History
from dagbook.staleness.evaluate import evaluate
from dagbook.staleness.status import Statuses
from dagbook.versions.web import unknown_origin
from tests.engine.typed import define, typed

NAMES = [f"a{n}" for n in range(6)]
BODIES = [
    "return {reads} or [RATE]",
    "return tweak({reads})",
    "return [{reads}, len(TABLE), {n}]",
    "return list(range(20_000)) + [{n}, {reads}]",
    "return [json.dumps({n}), Path('data.txt').read_text()]",
    "return [Thing({n}), other()]",
    "return [inspect.stack()[0].filename, {n}]",
]
OPTIONS = ["", "max_age=0.0", "code_version='1'", "output_required=False", "deps=['far']"]
CHECKS = ["return {0} != [1]", "return len({0}) > {n} and TABLE != [1]", "return RATE > 1"]
NUMBERS = st.integers(0, 2)


class Looks(RuleBasedStateMachine):
    """A notebook whose cells, helpers, constants, files and checks change in any order."""

    @initialize()
    def begin(self) -> None:
        """An empty store, helpers, and two assets."""
        self.folder, self.before = Path(mkdtemp()), Path.cwd()
        os.chdir(self.folder)
        (self.folder / "data.txt").write_text("0")
        self.workspace = Workspace(self.folder, base=self.folder)
        self.code = self.workspace.observe()[0].code
        self.space = typed(
            "import inspect\nimport json\nfrom pathlib import Path\nRATE = 1\nTABLE = [1]\n"
            "def tweak(*x):\n    return x\ndef other():\n    return 1\n"
            "class Thing:\n    def __init__(self, n):\n        self.n = n\n"
        )
        for at in range(len(NAMES)):
            self.edit(at, [at // 2], at, "", 0, False)
        self.workspace.materialize(raise_on_error=False)

    @rule(
        at=st.integers(0, 5),
        above=st.lists(st.integers(0, 5), max_size=2, unique=True),
        body=st.sampled_from(range(len(BODIES))),
        option=st.sampled_from(OPTIONS),
        n=NUMBERS,
        ring=st.sampled_from([*[False] * 12, True]),
    )
    def edit(self, at: int, above: list[int], body: int, option: str, n: int, ring: bool) -> None:
        """An asset comes, or reads others, or has another body; now and then there is a ring."""
        reads = ", ".join(NAMES[one] for one in above if one < at or (ring and one != at))
        text = BODIES[body].format(reads=reads or "0", n=n)
        cell = f"@asset({option})\ndef {NAMES[at]}({reads}):\n    {text}\n"
        define(self.workspace, cell, self.space)

    @rule(at=st.integers(0, 5), other=st.integers(0, 5), body=st.sampled_from(CHECKS), n=NUMBERS)
    def check(self, at: int, other: int, body: str, n: int) -> None:
        """A blocking check on an asset comes or changes; it may read another one too."""
        other = min(at, other)
        ins = ", ".join(dict.fromkeys((NAMES[at], NAMES[other])))
        text = body.format(NAMES[at], n=n)
        more = f", additional_ins={{'{NAMES[other]}': AssetIn()}}" if other != at else ""
        head = f"@asset_check(asset='{NAMES[at]}', blocking=True{more})"
        define(self.workspace, f"{head}\ndef c{n}({ins}):\n    {text}\n", self.space)

    @rule(
        text=st.sampled_from(
            [
                "RATE = 2",
                "RATE = 1",
                "TABLE.append(1)",
                "TABLE = [1]",
                "def tweak(*x):\n    return [x, RATE]",
                "def tweak(*x):\n    return x",
                "def other():\n    return a0",
                "def other():\n    return 1",
                "import math as json",
                "class Thing:\n    def __init__(self, n):\n        self.n = -n",
            ]
        )
    )
    def run_cell(self, text: str) -> None:
        """Another helper, constant, class or module; a table that grows in place."""
        typed(text, self.space)

    @rule(at=st.integers(0, 5), what=st.sampled_from(["__code__", "__defaults__", "__dict__"]))
    def change_in_place(self, at: int, what: str) -> None:
        """A function gets another code, default or attribute, and stays the same object."""
        node = self.workspace.graph.nodes.get(AssetKey(NAMES[at]))
        if node is not None and node.op is not None:
            function: Any = node.op.fn
            changed = {
                "__code__": function.__code__.replace(co_consts=(*function.__code__.co_consts, at)),
                "__defaults__": (at,) * function.__code__.co_argcount or None,
                "__dict__": {"limit": at},
            }
            setattr(function, what, changed[what])

    @rule(n=NUMBERS)
    def write_file(self, n: int) -> None:
        """Another content of the file."""
        (self.folder / "data.txt").write_text(str(n))

    @rule(at=st.integers(0, 5), force=st.booleans(), only=st.booleans())
    def run_one(self, at: int, force: bool, only: bool) -> None:
        """A part is brought up to date, or made anew, as far as it can be."""
        with suppress(InvalidGraph, SelectionError):
            self.workspace.materialize(NAMES[at], force=force, only=only, raise_on_error=False)

    @rule(at=st.integers(0, 5), force=st.booleans())
    def another_one_runs(self, at: int, force: bool) -> None:
        """Somebody else with the same cells writes to the same log."""
        nodes = self.workspace.graph.nodes.values()
        cells = [node.definition for node in nodes if node.definition is not None]
        with Workspace(self.folder, base=self.folder) as other:
            other.define(*cells)
            with suppress(InvalidGraph, SelectionError):
                other.materialize(NAMES[at], force=force, raise_on_error=False)

    @rule(chance=st.randoms(use_true_random=False))
    def restart(self, chance: Random) -> None:
        """A new session begins with the same cells, in whatever order."""
        graph = self.workspace.graph
        nodes: list[Any] = [*graph.nodes.values(), *graph.checks.values()]
        cells = {id(node.definition): node.definition for node in nodes}
        self.workspace.close()
        self.workspace = Workspace(self.folder, base=self.folder)
        known = [one for one in cells.values() if one is not None]
        self.workspace.define(*chance.sample(known, len(known)))
        self.code = self.workspace.observe()[0].code

    @rule(at=st.integers(0, 5))
    def forget(self, at: int) -> None:
        """An asset leaves the graph."""
        key = AssetKey(NAMES[at])
        if key in self.workspace.graph and self.workspace.graph.node(key).declared:
            self.workspace.forget(key)

    @rule(n=NUMBERS)
    def forget_check(self, n: int) -> None:
        """A check leaves the graph."""
        for key in [key for key in self.workspace.graph.checks if key.name == f"c{n}"][:1]:
            self.workspace.forget(key)

    @rule(at=st.integers(0, 5), nth=NUMBERS)
    def pin(self, at: int, nth: int) -> None:
        """An earlier version counts, or no longer."""
        key = AssetKey(NAMES[at])
        if key in self.workspace.graph:
            kept = self.workspace.history(key)
            self.workspace.pin(key, kept[-1].id if nth and kept else None)

    @rule()
    def lose_values(self) -> None:
        """The files of large values vanish."""
        for path in self.workspace.store.folder.objects.rglob("*"):
            if path.is_file():
                path.unlink()

    @invariant()
    def a_next_look_finds_what_a_first_one_finds(self) -> None:
        """All statuses, of assets and of checks, with their causes."""
        if not hasattr(self, "workspace"):
            return
        seen, statuses = self.workspace.observe()
        for anew in self.first_looks():
            assert {k: _comparable(s) for k, s in statuses.assets.items()} == {
                k: _comparable(s) for k, s in anew.assets.items()
            }
            assert {k: _comparable(s) for k, s in statuses.checks.items()} == {
                k: _comparable(s) for k, s in anew.checks.items()
            }
        assert seen.code.keys() == {*self.computed()}
        others = differing(dict(seen.code), dict(self.code))
        assert {*differing(seen.code, self.code)} == {*others}
        self.code = seen.code

    def computed(self) -> list[AssetKey | AssetCheckKey]:
        """What has code."""
        graph = self.workspace.graph
        assets = [key for key, node in graph.nodes.items() if node.definition is not None]
        return [*assets, *graph.checks]

    def first_looks(self) -> tuple[Statuses, Statuses]:
        """The statuses as a workspace finds them that has not looked before: at once, one by one."""
        workspace = self.workspace
        history = History(workspace.store.log, workspace.scope)
        looking = Looking(workspace.graph.named, workspace.store, self.folder)
        seen = looking.look(
            workspace.graph,
            history,
            workspace._supplying,
            workspace.settings,
            workspace.provenance or unknown_origin,
        )
        kept = KeptWithValues(history, workspace.store.present)
        at_once = evaluate(workspace.graph, kept, seen)
        # After a look at nothing all is new, and judged without what is plain being told first.
        of_nothing = evaluate(AssetGraph(), kept, seen)
        return at_once.statuses, evaluate(workspace.graph, kept, seen, of_nothing).statuses

    def teardown(self) -> None:
        """Let go of the store."""
        self.workspace.close()
        os.chdir(self.before)
        shutil.rmtree(self.folder)


def _comparable(status: Any) -> dict[str, Any]:
    """A status without the age in a cause, which grows from look to look."""
    names = getattr(status, "_fields", ()) or type(status).__slots__
    found = {name: getattr(status, name) for name in names}
    causes = [type(one) if hasattr(one, "age") else one for one in found.get("causes", ())]
    return {**found, "causes": causes}


TestLooks = Looks.TestCase
TestLooks.settings = settings(
    max_examples=20,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
