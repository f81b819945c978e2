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
    pythons = [sys.executable, *other_pythons()]
    seen = [printed_by(pythons[seed % len(pythons)], seed) for seed in range(10)]

    assert len(seen[0]) > 100
    for lines in seen:
        assert lines == seen[0]


def test_newer_syntax_counts_alike_on_the_pythons_that_have_it() -> None:
    """Type parameters, aliases and nested f-strings count as what they say does."""
    lines = [line for one in other_pythons() for line in printed_by(one, 0, "newer")]
    if not lines:
        pytest.skip("this machine has no Python with newer syntax")
    assert len(set(lines)) == len({line.split("\t")[0] for line in lines})
    for line in lines:
        name, before, after, changed = line.split("\t")
        assert (before != after) is (changed == "True"), name


def printed_by(python: str, seed: int, *more: str) -> list[str]:
    """The lines of `matrix_elsewhere`: name, versions before and after, whether they should differ."""
    script = str(matrix_elsewhere.__file__)
    command = [python, "-W", "ignore", script, str(Path(script).parents[2]), *more]
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()
