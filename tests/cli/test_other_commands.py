"""`dagbook status`, `lab`, `gc`, `check-store` and the help."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dagbook.cli.arguments import LabArguments
from dagbook.cli.lab import lab_command
from tests.cli.program import ORDERS, TOTAL, dagbook, document, write

BIG = "%%asset big\nimport numpy as np\nnp.arange(100_000) + START"


def test_status_shows_how_assets_stand_and_runs_none(tmp_path: Path) -> None:
    """What is missing or stale is no failure, unless `--fail-on stale` says so."""
    notebook = write(tmp_path / "shop.ipynb", ORDERS, TOTAL)
    assert "2 missing" in dagbook("status", notebook, code=0).stdout
    dagbook("run", notebook, "--select", "orders", code=0)
    found = document("status", notebook)["assets"]
    assert [asset["state"] for asset in found] == ["fresh", "missing"]
    assert "Failing: total" in dagbook("status", notebook, "--fail-on", "stale", code=1).stdout
    dagbook("run", notebook, code=0)
    dagbook("status", notebook, "--fail-on", "stale", code=0)


@pytest.mark.parametrize(
    ("cell", "mildest"),
    [
        ("%%asset broken\n1 / 0", "blocking"),
        ("%%asset_check few --blocking\nlen(orders) < 3", "blocking"),
        ("%%asset_check few\nlen(orders) < 3", "error"),
        ("%%asset_check few --severity warn\nlen(orders) < 3", "warn"),
    ],
)
def test_status_fails_where_something_failed(cell: str, mildest: str, tmp_path: Path) -> None:
    """By the same rule as `run`, whose kept verdicts and failures it shows."""
    notebook = write(tmp_path / "shop.ipynb", ORDERS, cell)
    dagbook("run", notebook)
    degrees = ["blocking", "error", "warn", "stale"]
    for degree in degrees:
        code = int(degrees.index(degree) >= degrees.index(mildest))
        assert document("status", notebook, "--fail-on", degree, code=code)["exit_code"] == code


def test_status_loads_no_jupyterlab(tmp_path: Path) -> None:
    """Nor anything else that only a browser needs."""
    notebook = write(tmp_path / "shop.ipynb", ORDERS)
    script = (
        "import sys; from dagbook.__main__ import main\n"
        f"sys.argv[1:] = ['status', {str(notebook)!r}]\nmain()\n"
        "print({'jupyterlab', 'ipywidgets', 'nbclient', 'pandas'} & sys.modules.keys())"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.endswith("set()\n")


def test_lab_hands_its_options_on() -> None:
    """The notebook is the word that is no option."""
    arguments = LabArguments(notebook=Path("a.ipynb"), options=("--port=1", "--no-browser"))
    assert lab_command(arguments)[1:] == [
        *("-m", "jupyterlab", "--port=1", "--no-browser", "a.ipynb")
    ]


def test_lab_becomes_jupyterlab() -> None:
    """Asked for its version, it is JupyterLab that answers."""
    ran = dagbook("lab", "--version", code=0)
    assert ran.stdout.strip()[:1].isdigit()


def test_lab_refuses_a_notebook_that_is_not_there(tmp_path: Path) -> None:
    """Before a server is started."""
    assert "no such file" in dagbook("lab", "nothing.ipynb", cwd=tmp_path, code=2).stderr


def test_check_store_finds_damage_and_loss(tmp_path: Path, home: Path) -> None:
    """Every value that the log names is read; the exit code is 1 where one is not whole."""
    notebook = write(tmp_path / "shop.ipynb", "START = 0", BIG, "%%asset more\nbig + 1")
    dagbook("run", notebook, code=0)
    assert "all are whole" in dagbook("check-store", code=0).stdout
    one, two = sorted((home / "objects").glob("??/*"))
    one.write_bytes(one.read_bytes()[:-1] + b"x")
    two.unlink()
    found = dagbook("check-store", code=1).stdout
    assert ("damaged: " in found, "lost: " in found) == (True, True)


def test_the_home_of_the_store_may_have_any_name(tmp_path: Path) -> None:
    """`DAGBOOK_HOME` is the store itself, to notebooks, to commands and to Python alike."""
    notebook = write(tmp_path / "shop.ipynb", ORDERS)
    home = [f"DAGBOOK_HOME={tmp_path / 'kept'}"]
    dagbook("run", notebook, code=0, env=home)
    assert (tmp_path / "kept" / "events.sqlite").is_file()
    assert "Checked 1 value" in dagbook("check-store", code=0, env=home).stdout


def test_gc_keeps_what_counts(tmp_path: Path, home: Path) -> None:
    """After it the newest value is still fresh."""
    notebook = write(tmp_path / "shop.ipynb", "START = 0", BIG, tags={0: "parameters"})
    for start in range(3):
        dagbook("run", notebook, "-p", f"START={start}", code=0)
    told = dagbook("gc", "--keep", "1", "--dry-run", code=0).stdout
    assert told.startswith("Would remove 0 values (")  # none is an hour old
    assert ". 2 values (" in told
    assert "more are given up and go with a later `dagbook gc`, an hour after" in told
    assert "kept: 1 value (" in told
    assert "Checked 3 values" in dagbook("check-store", code=0).stdout
    assert "kept: 1 value (" in dagbook("gc", "--keep", "1", code=0).stdout
    dagbook("check-store", code=0)
    assert document("run", notebook, "-p", "START=2")["run"]["fresh"] == ["big"]


def test_the_store_of_a_notebook_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`gc` and `check-store` take a notebook as the other commands do."""
    monkeypatch.delenv("DAGBOOK_HOME")
    dagbook("run", write(tmp_path / "shop" / "shop.ipynb", ORDERS), code=0)
    for command in ("gc", "check-store"):
        assert "1 value" in dagbook(command, "shop/shop.ipynb", cwd=tmp_path, code=0).stdout
        assert "no such file" in dagbook(command, "x.ipynb", cwd=tmp_path, code=2).stderr


def test_gc_counts_small_values_too(tmp_path: Path, home: Path) -> None:
    """They lie in the log, and are kept values as `check-store` counts them."""
    dagbook("run", write(tmp_path / "shop.ipynb", "%%asset small\n[1, 2]"), code=0)
    assert "kept: 1 value (" in dagbook("gc", code=0).stdout


@pytest.mark.parametrize("command", ["gc", "check-store"])
def test_no_store_is_made_where_there_is_none(tmp_path: Path, home: Path, command: str) -> None:
    """The commands that care for a store say that there is none."""
    assert "no store" in dagbook(command, cwd=tmp_path, code=2).stderr
    assert not home.exists()


@pytest.mark.parametrize("command", ["run", "status", "lab", "gc", "check-store"])
def test_every_command_explains_itself(command: str) -> None:
    """`--help` ends with 0."""
    assert f"usage: dagbook {command}" in dagbook(command, "--help", code=0).stdout
