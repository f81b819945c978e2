"""Laws of freshness over random histories of ops, multi-assets, checks and what surrounds them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dagbook.engine.workspace import Workspace
from tests.engine.typed import define, typed

VARIABLE = "DAGBOOK_LAW"
# The cells, each with the number that edits change; `blocking` is of the check.
CELLS = {
    "constant": "AMOUNT = {n}",
    "helper": "def scaled(x):\n    return x * {n}",
    "raw": "@asset\ndef raw():\n    return {n}\n",
    "ops": (
        "@op\ndef doubled(x):\n    return scaled(x) + {n}\n"
        "@op\ndef plus(x):\n    return x + AMOUNT + int(Path('data.txt').read_text())\n"
        "@graph_asset\ndef made(raw):\n    return plus(doubled(raw))\n"
    ),
    "multi": (
        "@multi_asset(outs={{'low': AssetOut(), 'high': AssetOut()}})\n"
        "def both(raw):\n    return raw - {n}, scaled(raw) + {n}\n"
    ),
    "below": (
        "@asset\ndef below(made, low, high):\n"
        f"    return [made, low, high, {{n}}, int(os.environ['{VARIABLE}'])]\n"
    ),
    "query": (
        "@asset\ndef asked():\n    name = 'da' + 'ta.csv'\n"
        "    return duckdb.sql(f\"select a + {n} from '{{name}}'\").fetchall()[0][0]\n"
    ),
    "check": (
        "@asset_check(asset='made', blocking={blocking})\n"
        "def small(made):\n    return made + AMOUNT < {n} + 4\n"
    ),
}
# The two of the multi-asset are made together.
SELECTIONS = ("raw", "made", "low or high", "below", "asked")
NUMBERS = st.integers(0, 2)


class GraphHistories(RuleBasedStateMachine):
    """A notebook of ops, a multi-asset and a check that may stop what is below."""

    @initialize()
    def begin(self) -> None:
        """An empty store, and every cell run once."""
        self.folder, self.before = Path(mkdtemp()), Path.cwd()
        os.chdir(self.folder)
        self.numbers = dict.fromkeys((*CELLS, "file", "environment", "csv"), 1)
        self.blocking = False
        self.workspace = self.opened()
        self.run_cells()

    def opened(self) -> Workspace:
        """The workspace, as a new process would open it."""
        return Workspace(self.folder, base=self.folder)

    def run_cells(self) -> None:
        """All cells, in a new namespace."""
        self.space: dict[str, Any] = typed("import os, duckdb\nfrom pathlib import Path")
        for name in ("file", "environment", "csv"):
            self.edit_surroundings(name, self.numbers[name])
        for cell in CELLS:
            self.edit(cell, self.numbers[cell])

    def expected(self) -> dict[str, Any]:
        """What a run of everything would give, told without dagbook."""
        n = self.numbers
        raw = n["raw"]
        made = raw * n["helper"] + n["ops"] + n["constant"] + n["file"]
        low, high = raw - n["multi"], raw * n["helper"] + n["multi"]
        return {
            "raw": raw,
            "made": made,
            "low": low,
            "high": high,
            "below": [made, low, high, n["below"], n["environment"]],
            "asked": n["csv"] + n["query"],
            "small": made + n["constant"] < n["check"] + 4,
        }

    @rule(cell=st.sampled_from([*CELLS]), number=NUMBERS)
    def edit(self, cell: str, number: int) -> None:
        """Another text of a cell, or the same one again."""
        self.numbers[cell] = number
        text = CELLS[cell].format(n=number, blocking=self.blocking)
        define(self.workspace, text, self.space)

    @rule(blocking=st.booleans())
    def let_it_block(self, blocking: bool) -> None:
        """The check stops what is below, or does not."""
        self.blocking = blocking
        self.edit("check", self.numbers["check"])

    @rule(name=st.sampled_from(["file", "environment", "csv"]), number=NUMBERS)
    def edit_surroundings(self, name: str, number: int) -> None:
        """Another file, or another variable of the environment."""
        self.numbers[name] = number
        if name == "environment":
            os.environ[VARIABLE] = str(number)
        elif name == "csv":
            Path("data.csv").write_text(f"a\n{number}\n")
        else:
            Path("data.txt").write_text(str(number))

    @rule(selection=st.sampled_from(SELECTIONS), force=st.booleans(), only=st.booleans())
    def run_part(self, selection: str, force: bool, only: bool) -> None:
        """Bring a part up to date, or make it anew."""
        self.workspace.materialize(selection, force=force, only=only, raise_on_error=False)

    @rule()
    def run_all(self) -> None:
        """After a run of all everything is fresh but what a failed check stops; a second runs nothing."""
        self.workspace.materialize(raise_on_error=False)
        stopped = self.blocking and not self.expected()["small"]
        waiting = {str(k) for k, s in self.workspace.statuses().items() if not s.is_fresh}
        assert waiting <= ({"below"} if stopped else set())
        again = self.workspace.materialize(raise_on_error=False)
        assert (again.materialized, again.checks) == ([], [])

    @rule()
    def restart(self) -> None:
        """A new process opens the store and runs the cells again."""
        self.workspace.close()
        self.workspace = self.opened()
        self.run_cells()

    @invariant()
    def nothing_fresh_is_wrong(self) -> None:
        """No asset is fresh whose value a full run would change, and no verdict that it would."""
        expected = self.expected()
        standing = self.workspace.standing()
        for key, status in standing.assets.items():
            if status.is_fresh:
                assert self.workspace.value(key) == expected[str(key)], (key, status)
        (check,) = standing.checks.values()
        made = next(one for key, one in standing.assets.items() if str(key) == "made")
        if made.is_fresh and check.judgement != "missing":
            assert (check.judgement == "passed") is expected["small"], check

    def teardown(self) -> None:
        """Let go of the store."""
        self.workspace.close()
        os.chdir(self.before)
        os.environ.pop(VARIABLE, None)
        shutil.rmtree(self.folder)


TestGraphHistories = GraphHistories.TestCase
TestGraphHistories.settings = settings(
    max_examples=15,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
