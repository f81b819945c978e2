"""Users' tests of their own notebooks, in a few lines."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dagbook.errors.execution import ValueMissing
from dagbook.testing import open_notebook
from tests.cli.program import ORDERS, TOTAL, write

CHECK = "%%asset_check enough --asset total\ntotal > LEAST, {'total': total}"
LEAST = "LEAST = 5"
USERS_TEST = """
def test_orders(asset_notebook):
    notebook = asset_notebook("n.ipynb", LEAST=1)
    notebook.materialize("total")
    notebook.assert_checks_pass()
    assert notebook.value("total") == 6
"""


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """A notebook with two assets, a check and a parameter."""
    return write(tmp_path / "n.ipynb", LEAST, ORDERS, TOTAL, CHECK, tags={0: "parameters"})


def test_values_and_checks_of_a_selection(notebook: Path) -> None:
    """Nothing has run before, and what the selection needs runs with it."""
    with open_notebook(notebook) as found:
        with pytest.raises(ValueMissing):
            found.value("total")
        assert found.materialize("total").success
        assert found.value("total") == 6
        found.assert_checks_pass()


def test_a_failing_check_is_told_with_what_it_says(notebook: Path) -> None:
    """All of them, in one error."""
    with open_notebook(notebook, LEAST=10) as found:
        found.materialize()
        with pytest.raises(
            AssertionError, match=r"1 checks of n.ipynb .*\n  total.enough failed: total 6"
        ):
            found.assert_checks_pass()
        assert found.failing_checks("orders") == []


def test_a_check_without_a_verdict_does_not_pass(notebook: Path) -> None:
    """A test must not turn green for want of an evaluation."""
    with open_notebook(notebook) as found, pytest.raises(AssertionError, match="missing"):
        found.assert_checks_pass()


def test_the_store_is_the_tests_own(notebook: Path, home: Path) -> None:
    """What the user's store holds is not seen, and nothing is left."""
    for _ in range(2):
        with open_notebook(notebook) as found:
            assert found.workspace.status("orders").state == "missing"
            found.materialize()
    assert not home.exists()
    assert os.environ["DAGBOOK_HOME"] == str(home)


def test_the_fixture_opens_a_notebook_beside_the_test(notebook: Path) -> None:
    """As the documentation has it."""
    (notebook.parent / "conftest.py").write_text('pytest_plugins = ["dagbook.testing.plugin"]\n')
    (notebook.parent / "test_own.py").write_text(USERS_TEST)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=."]
    ran = subprocess.run(command, cwd=notebook.parent, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    assert "1 passed" in ran.stdout
