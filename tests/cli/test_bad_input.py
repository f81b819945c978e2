"""What the program says to notebooks, selections and words that it can't use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.program import ORDERS, TOTAL, dagbook, document, write

DECORATED = "import dagbook\n@dagbook.asset\ndef orders():\n    return 1"


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (("%%asset a\nb + 1", "%%asset b\na + 1"), "wait for each other: "),
        ((ORDERS, "%%asset t --deps ordes\n1"), "Did you mean `orders`?"),
        (("%%asset_check c --asset nope\nTrue",), "`nope`, and no asset has that name"),
        (("x = 1", "def broken(:\n    pass"), "cell [2], line 1"),
        (("%%asset a\nb = 1\nb +",), "cell [1], line 3"),
        (("%%asset a\nx = 1",), "gives no value"),
        (("%%asset a\nfrom math import *\n1",), "import *"),
        (("%%asset a --grup g\n1",), "--grup"),
        ((ORDERS, TOTAL, ORDERS), "cell [1] and cell [3]"),
        ((ORDERS, DECORATED), "cell [1] and cell [2]"),
        (("return 1",), "not valid Python"),
        (("# note\n%%asset a\n1",), "must be the first line of its cell"),
        (("%asset a\n[1, 2]",), "begins with two signs"),
        ((ORDERS, DECORATED.replace("orders", "Orders")), "`orders`"),
        ((DECORATED.replace("orders", "print"),), "`print` is a builtin"),
        (("%%multi_asset r r\nr = 1",), "`r` is defined 2 times. Rename one of them."),
        (("%%asset t --deps zzz\n1",), "no asset has that name. Define it, or correct the name."),
    ],
)
def test_a_fault_of_definitions_is_named_with_its_place(
    tmp_path: Path, cells: tuple[str, ...], says: str
) -> None:
    """The exit code is 2, and nothing runs."""
    ran = dagbook("run", write(tmp_path / "shop.ipynb", *cells), code=2)
    assert says in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "materialized" not in ran.stdout


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """A cell without a value does not hide the one defined twice."""
    notebook = write(tmp_path / "shop.ipynb", "%%asset a\nx = 1", ORDERS, ORDERS)
    ran = dagbook("run", notebook, code=2)
    assert "gives no value" in ran.stderr
    assert "`orders` is defined twice" in ran.stderr


@pytest.mark.parametrize(
    ("expression", "says"),
    [("ordrs", "Did you mean `orders`?"), ("orders or", "^"), ("a b", "not understood")],
)
def test_a_selection_that_is_wrong_is_pointed_at(
    tmp_path: Path, expression: str, says: str
) -> None:
    """An unknown key is a fault of usage too."""
    notebook = write(tmp_path / "shop.ipynb", ORDERS)
    assert says in dagbook("run", notebook, "--select", expression, code=2).stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "No such file"),
        ("", "not JSON"),
        ("orders = 1", "not JSON"),
        ('{"cells": 3}', "structure"),
        ("[]", "structure"),
        ('{"a": "\ud800"}', "not UTF-8"),
    ],
)
def test_a_file_that_is_no_notebook_is_refused(
    tmp_path: Path, content: str | None, says: str
) -> None:
    """Missing, empty, foreign or damaged: one sentence, exit code 2."""
    path = tmp_path / "shop.ipynb"
    if content is not None:
        path.write_bytes(content.encode("utf-8", "surrogatepass"))
    ran = dagbook("run", path, code=2)
    assert says in ran.stderr
    assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("part", "said"),
    [("kernelspec", {"name": "ir", "language": "R"}), ("language_info", {"name": "julia"})],
)
def test_a_notebook_in_another_language_is_refused(
    tmp_path: Path, part: str, said: dict[str, str]
) -> None:
    """Its cells are not run as if they were Python."""
    path = write(tmp_path / "shop.ipynb", ORDERS)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"metadata": {part: said}}))
    ran = dagbook("run", path, code=2)
    assert (
        f"is a notebook in {said.get('language', 'julia')}, and dagbook runs Python" in ran.stderr
    )
    assert ran.stdout == ""


def test_a_folder_is_no_notebook(tmp_path: Path) -> None:
    """Naming a folder is told as what it is."""
    assert "Is a directory" in dagbook("run", tmp_path, code=2).stderr


def test_an_ordinary_cell_that_raises_is_a_failure(tmp_path: Path) -> None:
    """The user's traceback is shown, the cell named, and the exit code is 1."""
    notebook = write(tmp_path / "shop.ipynb", ORDERS, "x = 1\n{}['nothing']")
    ran = dagbook("run", notebook, code=1)
    assert "cell [2], line 2 raised KeyError" in ran.stderr
    assert "File \"cell [2]\", line 2, in <module>\n    {}['nothing']" in ran.stderr


@pytest.mark.parametrize(
    "cell", ["import sys\nsys.exit(0)", "%%asset end\nimport sys\nsys.exit(0)"]
)
def test_code_that_ends_the_program_is_a_failure(tmp_path: Path, cell: str) -> None:
    """A notebook cannot end its run with 0 before everything has run."""
    notebook = write(tmp_path / "shop.ipynb", cell, ORDERS)
    ran = dagbook("run", notebook, code=1)
    assert "SystemExit" in ran.stdout + ran.stderr


def test_a_cell_that_is_meant_to_raise_stops_nothing(tmp_path: Path) -> None:
    """The tag `raises-exception` is honoured, for definitions and syntax too."""
    cells = ("1 / 0", "%%asset a\nx = 1", "def (", ORDERS)
    tags = dict.fromkeys(range(3), "raises-exception")
    notebook = write(tmp_path / "shop.ipynb", *cells, tags=tags)
    assert document("run", notebook)["run"]["materialized"] == ["orders"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("-p", "yaer=1"), "Did you mean `year`?"),
        (("-p", "year"), "NAME=VALUE"),
        (("-p", "a-b=1"), "NAME=VALUE"),
        (("--jobs", "0"), "whole number"),
        (("--fail-on", "never"), "invalid choice"),
        (("--selct", "x"), "unrecognized arguments"),
    ],
)
def test_words_that_are_wrong_end_with_2(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    """A wrong option or parameter is a fault of usage."""
    notebook = write(tmp_path / "shop.ipynb", "year = 1", ORDERS, tags={0: "parameters"})
    assert says in dagbook("run", notebook, *words, code=2).stderr


@pytest.mark.parametrize("option", ["--junit", "--execute"])
def test_a_file_that_cannot_be_written_is_told_before_the_run(tmp_path: Path, option: str) -> None:
    """A folder of that name, or a file in the place of its folder."""
    notebook = write(tmp_path / "shop.ipynb", ORDERS)
    for target in (tmp_path, notebook / "out"):
        ran = dagbook("run", notebook, option, target, code=2)
        assert "can't be written" in ran.stderr
        assert "materialized" not in ran.stdout


def test_a_parameter_for_a_notebook_without_any_is_refused(tmp_path: Path) -> None:
    """It says which tag is missing."""
    notebook = write(tmp_path / "shop.ipynb", ORDERS)
    assert "tagged `parameters`" in dagbook("run", notebook, "-p", "year=1", code=2).stderr


def test_no_command_is_a_fault_of_usage(tmp_path: Path) -> None:
    """`dagbook` alone says how it is used."""
    assert "usage:" in dagbook(cwd=tmp_path, code=2).stderr


def test_a_store_of_a_later_version_is_a_failure(tmp_path: Path, home: Path) -> None:
    """It is refused with a sentence, and left as it is."""
    notebook = write(tmp_path / "shop.ipynb", ORDERS)
    dagbook("run", notebook, code=0)
    (home / "format").write_text("999\n")
    assert "Upgrade dagbook" in dagbook("run", notebook, code=1).stderr
