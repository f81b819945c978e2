"""Laws of freshness over random histories of edits, runs, failures, files and restarts."""

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

KEYS = ("first", "second", "third", "fourth")
# What each asset reads, and the text of its body for a number that edits change.
BODIES = {
    "first": ("", "return RATE * {n}"),
    "second": ("first", "return tweak(first) + {n} + int(Path('data.txt').read_text())"),
    "third": ("first, second", "return broken() or [first, second, {n}]"),
    "fourth": ("third", "return len(third) + 0 * {n} + sum(third) % 2"),
}
NUMBERS = st.integers(0, 2)


class Histories(RuleBasedStateMachine):
    """A notebook of four assets, a helper, a constant, a file, and a body that may fail."""

    @initialize()
    def begin(self) -> None:
        """An empty store, and every cell run once."""
        self.folder = Path(mkdtemp())
        self.before = Path.cwd()
        os.chdir(self.folder)
        self.numbers = dict.fromkeys((*KEYS, "rate", "helper", "file"), 1)
        self.fails = False
        self.workspace = self.opened()
        self.space: dict[str, Any] = {}
        self.run_cells()

    def opened(self) -> Workspace:
        """The workspace, as a new process would open it."""
        return Workspace(self.folder, base=self.folder)

    def run_cells(self) -> None:
        """All cells, in a new namespace."""
        (self.folder / "data.txt").write_text(str(self.numbers["file"]))
        self.space = typed("from pathlib import Path")
        for name in ("rate", "helper"):
            self.edit_code(name, self.numbers[name])
        self.set_failing(self.fails)
        for key in KEYS:
            self.edit_asset(key, self.numbers[key])

    def expected(self) -> dict[str, Any]:
        """What a run of everything would give, told without dagbook."""
        n = self.numbers
        first = n["rate"] * n["first"]
        second = first + n["helper"] + n["second"] + n["file"]
        third = [first, second, n["third"]]
        fourth = len(third) + sum(third) % 2
        return {"first": first, "second": second, "third": third, "fourth": fourth}

    @rule(key=st.sampled_from(KEYS), number=NUMBERS)
    def edit_asset(self, key: str, number: int) -> None:
        """Another body, or the same one again."""
        self.numbers[key] = number
        reads, body = BODIES[key]
        text = f"@asset\ndef {key}({reads}):\n    {body.format(n=number)}\n"
        define(self.workspace, text, self.space)

    @rule(name=st.sampled_from(["rate", "helper"]), number=NUMBERS)
    def edit_code(self, name: str, number: int) -> None:
        """Another constant, or another helper function."""
        self.numbers[name] = number
        text = f"RATE = {number}" if name == "rate" else f"def tweak(x):\n    return x + {number}"
        typed(text, self.space)

    @rule(number=NUMBERS)
    def edit_file(self, number: int) -> None:
        """Another content of the file."""
        self.numbers["file"] = number
        (self.folder / "data.txt").write_text(str(number))

    @rule(fails=st.booleans())
    def set_failing(self, fails: bool) -> None:
        """Let the third asset fail, or not."""
        self.fails = fails
        typed(f"def broken():\n    {'return 1 / 0' if fails else 'return 0'}", self.space)

    @rule(key=st.sampled_from(KEYS), force=st.booleans(), only=st.booleans())
    def run_one(self, key: str, force: bool, only: bool) -> None:
        """Bring a part up to date, or make it anew."""
        self.workspace.materialize(key, force=force, only=only, raise_on_error=False)

    @rule()
    def run_all(self) -> None:
        """After a run of all without failure everything is fresh, and a second run runs nothing."""
        result = self.workspace.materialize(raise_on_error=False)
        if not self.fails:
            assert result.success
            assert {s.state for s in self.workspace.statuses().values()} == {"fresh"}
            assert self.workspace.materialize().materialized == []

    @rule()
    def restart(self) -> None:
        """A new process opens the store and runs the cells again."""
        self.workspace.close()
        self.workspace = self.opened()
        self.run_cells()

    @invariant()
    def nothing_fresh_is_wrong(self) -> None:
        """No asset is fresh whose value a full run would change."""
        expected = self.expected()
        for key, status in self.workspace.statuses().items():
            if status.is_fresh:
                assert self.workspace.value(key) == expected[str(key)], (key, status)

    @invariant()
    def the_code_of_every_result_is_known(self) -> None:
        """A run asks for no kept result of code that is new to the log, so that there may be none."""
        used = {one.code_version for key in KEYS for one in self.workspace.history(key)}
        assert self.workspace.store.log.codes_among(used) == used

    def teardown(self) -> None:
        """Let go of the store."""
        self.workspace.close()
        os.chdir(self.before)
        shutil.rmtree(self.folder)


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=20,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
