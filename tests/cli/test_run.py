"""`dagbook run` on a clean store and a warm one: what runs, what is said, the exit code."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from tests.cli.program import ORDERS, TOTAL, dagbook, document, write


def test_a_notebook_runs_and_a_second_run_does_nothing(tmp_path: Path) -> None:
    """The first run makes everything; on the warm store nothing is left to do."""
    notebook = write(tmp_path / "shop.ipynb", ORDERS, TOTAL)
    first = dagbook("run", notebook, code=0)
    again = dagbook("run", notebook, code=0)
    assert "2 materialized" in first.stdout
    assert "nothing to do" in again.stdout
    assert "✓ fresh" in again.stdout


def test_a_failing_body_shows_the_users_frames(tmp_path: Path) -> None:
    """The traceback begins in the cell, and what is below did not run."""
    bad = "%%asset bad\nlimit = 0\n1 / limit"
    notebook = write(tmp_path / "shop.ipynb", ORDERS, bad, "%%asset below\nbad + 1")
    ran = dagbook("run", notebook, code=1)
    assert "ZeroDivisionError: division by zero" in ran.stdout
    assert "1 / limit" in ran.stdout
    assert "src/dagbook" not in ran.stdout.replace("\\", "/")
    assert "not run" in ran.stdout


def test_a_failing_blocking_check_fails_this_run_and_the_next(tmp_path: Path) -> None:
    """A kept verdict keeps the gate shut, also for an asset that nothing reads."""
    check = "%%asset_check few --blocking\nlen(orders) < 2"
    notebook = write(tmp_path / "shop.ipynb", ORDERS, check)
    dagbook("run", notebook, code=1)
    assert document("run", notebook, code=1)["run"]["materialized"] == []


def test_what_is_below_a_failed_gate_is_blocked(tmp_path: Path) -> None:
    """The asset below does not run, and the check's name is told."""
    check = "%%asset_check few --blocking\nlen(orders) < 2"
    notebook = write(tmp_path / "shop.ipynb", ORDERS, check, TOTAL)
    found = document("run", notebook, code=1)
    assert found["run"]["blocked"] == ["total"]
    assert found["checks"][0]["counts"] is True


@pytest.mark.parametrize(
    ("option", "severity", "code"),
    [
        ("blocking", "error", 0),
        ("error", "error", 1),
        ("error", "warn", 0),
        ("warn", "warn", 1),
    ],
)
def test_fail_on_says_which_checks_count(
    tmp_path: Path, option: str, severity: str, code: int
) -> None:
    """A check that blocks nothing fails the run only where that is asked for, kept or new."""
    check = f"%%asset_check few --severity {severity}\nlen(orders) < 2"
    notebook = write(tmp_path / "shop.ipynb", ORDERS, check)
    for _time in range(2):
        dagbook("run", notebook, "--fail-on", option, code=code)


def test_failing_rows_are_counted(tmp_path: Path) -> None:
    """The table of checks says how many rows fail."""
    frame = "%%asset orders\nimport pandas as pd\npd.DataFrame({'amount': [1, -1, -2]})"
    check = "%%asset_check positive\norders[orders.amount < 0]"
    notebook = write(tmp_path / "shop.ipynb", frame, check)
    assert document("run", notebook)["checks"][0]["failing_rows"] == 2
    assert "failing rows" in dagbook("run", notebook).stdout


def test_select_runs_only_what_is_named_and_what_it_needs(tmp_path: Path) -> None:
    """`--select` takes an expression of the selection language."""
    notebook = write(tmp_path / "shop.ipynb", ORDERS, TOTAL, "%%asset other\n5")
    found = document("run", notebook, "--select", "total")
    assert found["run"]["materialized"] == ["orders", "total"]


def test_force_runs_what_is_fresh(tmp_path: Path) -> None:
    """`--force` runs the selected again, and only those."""
    notebook = write(tmp_path / "shop.ipynb", ORDERS, TOTAL)
    dagbook("run", notebook, code=0)
    found = document("run", notebook, "--select", "total", "--force")
    assert found["run"]["materialized"] == ["total"]


def test_a_dry_run_shows_the_plan_and_runs_nothing(tmp_path: Path) -> None:
    """After `--dry-run` everything is still missing."""
    notebook = write(tmp_path / "shop.ipynb", ORDERS, TOTAL)
    found = document("run", notebook, "--dry-run")
    assert [step["assets"] for step in found["plan"]["run"]] == [["orders"], ["total"]]
    assert found["run"] is None
    assert {asset["state"] for asset in found["assets"]} == {"missing"}


def test_a_parameter_reaches_the_assets(tmp_path: Path) -> None:
    """Values are Python literals, else text; a changed one makes its readers stale."""
    cells = ("year = 2012\nname = ''", "%%asset label\nf'{name}-{year + 1}'")
    notebook = write(tmp_path / "shop.ipynb", *cells, tags={0: "parameters"})
    dagbook("run", notebook, "-p", "year=2013", "-p", "name=x y", code=0)
    assert document("run", notebook, "-p", "year=2013", "-p", "name=x y")["run"]["fresh"]
    assert document("run", notebook, "-p", "year=2014")["run"]["materialized"] == ["label"]


def test_jobs_run_in_processes(tmp_path: Path) -> None:
    """With `--jobs` the bodies run elsewhere than the program itself."""
    body = "%%asset where\nimport os\nos.getpid()"
    read = "%%asset same\nimport os\nos.getppid() == where"
    notebook = write(tmp_path / "shop.ipynb", body, read)
    found = document("run", notebook, "--jobs", "2")
    assert found["run"]["materialized"] == ["where", "same"]


def test_execute_writes_the_notebook_with_its_values(tmp_path: Path) -> None:
    """Every cell runs with the stored values, the ones that were left out too."""
    notebook = write(tmp_path / "shop.ipynb", "%load_ext dagbook", ORDERS, TOTAL, "total * 100")
    dagbook("run", notebook, "--execute", tmp_path / "out" / "done.ipynb", code=0)
    done = nbformat.read(tmp_path / "out" / "done.ipynb", as_version=4)
    assert done.cells[-1].outputs[0]["data"]["text/plain"] == "600"


def test_a_cell_that_raises_while_executed_is_named(tmp_path: Path) -> None:
    """The outputs up to there are written, and the exit code is 1."""
    notebook = write(tmp_path / "shop.ipynb", "%load_ext dagbook", ORDERS, "orders + 1")
    ran = dagbook("run", notebook, "--execute", tmp_path / "done.ipynb", code=1)
    assert "TypeError" in ran.stderr
    done = nbformat.read(tmp_path / "done.ipynb", as_version=4)
    assert done.cells[-1].outputs[0].ename == "TypeError"


def test_the_executed_notebook_holds_the_parameters(tmp_path: Path) -> None:
    """The given values stand in a cell of their own after the tagged one."""
    cells = ("%load_ext dagbook", "year = 2012", "%%asset next_year\nyear + 1", "next_year")
    notebook = write(tmp_path / "shop.ipynb", *cells, tags={1: "parameters"})
    dagbook("run", notebook, "-p", "year=2020", "--execute", tmp_path / "done.ipynb", code=0)
    done = nbformat.read(tmp_path / "done.ipynb", as_version=4)
    assert done.cells[2].source == "year = 2020"
    assert done.cells[-1].outputs[0]["data"]["text/plain"] == "2021"


def test_relative_files_are_those_of_the_notebooks_folder(tmp_path: Path) -> None:
    """Bodies run where the notebook is; what the command names is where the command runs."""
    notebook = write(tmp_path / "deep" / "shop.ipynb", "%%asset text\nopen('note.txt').read()")
    (notebook.parent / "note.txt").write_text("hello")
    dagbook("run", "deep/shop.ipynb", "--junit", "report.xml", cwd=tmp_path, code=0)
    assert (tmp_path / "report.xml").exists()


def test_modules_beside_the_notebook_can_be_imported(tmp_path: Path) -> None:
    """As in a kernel, the notebook's folder is on the path."""
    notebook = write(tmp_path / "deep" / "shop.ipynb", "import side", "%%asset one\nside.ONE")
    (notebook.parent / "side.py").write_text("ONE = 1\n")
    dagbook("run", notebook, cwd=tmp_path, code=0)


def test_the_command_and_a_kernel_share_their_values(tmp_path: Path) -> None:
    """A kernel finds what the run made under the notebook's own name, and makes nothing anew."""
    made = "%%asset maker\nimport os\nos.getpid()"
    seen = "import dagbook, os\n(dagbook.workspace().scope, maker == os.getpid())"
    write(tmp_path / "shop.ipynb", "%load_ext dagbook", made, seen)
    dagbook("run", "shop.ipynb", "--execute", "done.ipynb", cwd=tmp_path, code=0)
    done = nbformat.read(tmp_path / "done.ipynb", as_version=4)
    assert done.cells[-1].outputs[0]["data"]["text/plain"] == "('shop.ipynb', False)"


def test_the_definitions_of_a_module_run_too(tmp_path: Path) -> None:
    """`%load_assets` finds the module beside the notebook; other cells read what it defines."""
    module = "import dagbook\n@dagbook.asset\ndef orders():\n    return [3, 4]\n"
    (tmp_path / "pipeline.py").write_text(module)
    load = "%load_assets pipeline\norders[0]"
    notebook = write(tmp_path / "shop.ipynb", load, "%%asset most\nmax(orders)")
    found = document("run", notebook, code=0)
    assert found["run"]["materialized"] == ["orders", "most"]


def test_a_module_that_cant_be_loaded_is_named(tmp_path: Path) -> None:
    """With the cell that loads it, and its own line."""
    (tmp_path / "pipeline.py").write_text("import dagbook\n1 / 0\n")
    notebook = write(tmp_path / "shop.ipynb", "%load_assets pipeline")
    ran = dagbook("run", notebook, code=2)
    assert "cell [1], line 1" in ran.stderr
    assert "The module `pipeline` can't be loaded (pipeline.py, line 2)" in ran.stderr


def test_an_execution_keeps_nothing_of_the_outputs_before(tmp_path: Path) -> None:
    """What JupyterLab noted of where a cell's output came from is not true of the new one."""
    path = write(tmp_path / "n.ipynb", "%load_ext dagbook", ORDERS)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].metadata["dagbook"] = {"made_with": {"orders": "1"}, "execution_count": 2}
    nbformat.write(notebook, path)
    dagbook("run", path, "--execute", "m.ipynb", cwd=tmp_path, code=0)
    assert "dagbook" not in nbformat.read(tmp_path / "m.ipynb", as_version=4).cells[1].metadata
