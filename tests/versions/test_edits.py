"""The matrix of edits: each has the verdict that a re-run would justify."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.versions import matrix_elsewhere
from tests.versions.cells import version_of
from tests.versions.edit import Edit
from tests.versions.edits import EDITS
from tests.versions.pythons import other_pythons


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name)
def test_an_edit_counts_exactly_where_a_run_could_show_it(edit: Edit) -> None:
    """The version differs after an edit that may change the result, and after no other."""
    before, after = version_of(edit.before), version_of(edit.after)

    assert (before.digest != after.digest) is edit.changed
    assert before.digest == version_of(edit.before).digest
    assert before.tracked
    assert after.tracked


def test_the_matrix_is_large_and_its_names_are_unique() -> None:
    """Every edit has a name of its own."""
    assert len({edit.name for edit in EDITS}) == len(EDITS) >= 60


def test_the_whole_matrix_is_equal_on_every_python() -> None:
    """All supported Pythons of this machine, with ten hash seeds in turn, give equal versions."""
    script = str(matrix_elsewhere.__file__)
    root = str(Path(script).parents[2])
    seen = {}
    pythons = [sys.executable, *other_pythons()]
    for seed in range(10):
        python = pythons[seed % len(pythons)]
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        done = subprocess.run(
            [python, script, root], env=environment, capture_output=True, text=True, check=True
        )
        seen[python, seed] = done.stdout.splitlines()

    first = seen[sys.executable, 0]
    assert len(first) > 100
    for one, lines in seen.items():
        assert lines == first, one
