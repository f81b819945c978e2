"""Opening a notebook without a screen: what its cells define, and where they run."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from dagbook.errors.definitions import DuplicateKey
from dagbook.errors.headless import NoParametersCell, UnreadableNotebook
from dagbook.headless.notebook_file import read_notebook
from dagbook.headless.preparing import open_notebook
from tests.cli.program import ORDERS, TOTAL, write


def test_definitions_are_registered_and_nothing_runs(tmp_path: Path) -> None:
    """Whatever the notebook configures."""
    setting = "%load_ext dagbook\n%config Dagbook.on_define = 'run'"
    with open_notebook(write(tmp_path / "a.ipynb", setting, ORDERS, TOTAL), {}) as notebook:
        states = {str(k): s.state for k, s in notebook.workspace.statuses().items()}
    assert states == {"orders": "missing", "total": "missing"}
    assert notebook.left_out == ()


def test_records_belong_to_the_notebooks_path(tmp_path: Path) -> None:
    """The scope is the path from the folder of the store, as in a kernel."""
    with open_notebook(write(tmp_path / "deep" / "a.ipynb", ORDERS), {}) as notebook:
        assert notebook.workspace.scope == "deep/a.ipynb"


def test_a_module_of_the_folder_of_the_moment_is_found(tmp_path: Path) -> None:
    """As in a kernel, where the first place to look is wherever the notebook has gone."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "rates_of_this_test.py").write_text("RATE = 2")
    there = "import os\nos.chdir('deep')\nimport rates_of_this_test"
    with open_notebook(write(tmp_path / "a.ipynb", there, "%%asset a\n1"), {}) as notebook:
        assert notebook.left_out == ()


def test_this_process_is_put_back_as_it_was(tmp_path: Path) -> None:
    """Folder, path, environment, `__main__` and standard output."""
    before = (os.getcwd(), list(sys.path), dict(os.environ), sys.modules["__main__"], sys.stdout)
    with open_notebook(write(tmp_path / "a.ipynb", ORDERS, "class Own: pass"), {}):
        assert hasattr(sys.modules["__main__"], "Own")
    after = (os.getcwd(), list(sys.path), dict(os.environ), sys.modules["__main__"], sys.stdout)
    assert after == before


def test_a_partly_run_cell_keeps_its_lines(tmp_path: Path) -> None:
    """A function's source is found although the statement before it was left out."""
    cell = "%dag\n\ndef double(x):\n    return 2 * x\n"
    with open_notebook(write(tmp_path / "a.ipynb", ORDERS, cell, "%%asset b\ndouble(3)"), {}) as n:
        n.workspace.materialize()
        assert n.workspace.value("b") == 6
        assert [one.whole for one in n.left_out] == [False]


def test_an_asset_may_be_defined_after_the_cell_that_shows_it(tmp_path: Path) -> None:
    """The order of definitions does not matter to what is left out."""
    with open_notebook(write(tmp_path / "a.ipynb", "print(orders)", ORDERS), {}) as notebook:
        assert [one.where for one in notebook.left_out] == ["cell [1]"]


def test_a_left_out_name_does_not_keep_its_earlier_value(tmp_path: Path) -> None:
    """The asset that reads it fails, where it would have been given a wrong number."""
    cells = (ORDERS, "top = 0", "top = max(orders)", "%%asset twice\ntop * 2")
    with open_notebook(write(tmp_path / "a.ipynb", *cells), {}) as notebook:
        assert "make `top` an asset" in notebook.notes[0]
        result = notebook.workspace.materialize(raise_on_error=False)
    assert list(map(str, result.failed)) == ["twice"]


def test_two_cells_of_one_name_are_named(tmp_path: Path) -> None:
    """A loop within one cell is no such case."""
    twice = open_notebook(write(tmp_path / "a.ipynb", ORDERS, TOTAL, ORDERS), {})
    with pytest.raises(DuplicateKey, match=r"cell \[1\] and cell \[3\]"), twice:
        pass


def test_parameters_need_a_cell_that_is_tagged(tmp_path: Path) -> None:
    """Nothing is set by guessing."""
    untagged = open_notebook(write(tmp_path / "a.ipynb", ORDERS), {"year": 1})
    with pytest.raises(NoParametersCell), untagged:
        pass


def test_cells_are_numbered_as_run_all_numbers_them(tmp_path: Path) -> None:
    """Text and empty cells have no number; given parameters share that of their cell."""
    cells = [
        new_markdown_cell("# x"),
        new_code_cell("a = 1"),
        new_code_cell(" "),
        new_code_cell("b"),
    ]
    nbformat.write(new_notebook(cells=cells), tmp_path / "a.ipynb")
    assert [cell.where for cell in read_notebook(tmp_path / "a.ipynb").cells] == [
        "cell [1]",
        "cell [2]",
    ]


def test_an_older_notebook_is_read_too(tmp_path: Path) -> None:
    """nbformat converts it."""
    made = nbformat.v3.new_notebook(
        worksheets=[nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell("a = 1")])]
    )
    (tmp_path / "a.ipynb").write_text(nbformat.v3.writes_json(made))
    assert [cell.text for cell in read_notebook(tmp_path / "a.ipynb").cells] == ["a = 1"]


@pytest.mark.parametrize(
    "content",
    [
        '{"nbformat": 5, "cells": []}',
        '{"nbformat": 4, "cells": [3]}',
        '{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1]}]}',
        '{"nbformat": "4", "cells": []}',
        '{"nbformat": 3, "worksheets": 3}',
        "[" * 100_000,
    ],
)
def test_another_structure_is_refused(tmp_path: Path, content: str) -> None:
    """Whatever JSON it is, there is one kind of error."""
    (tmp_path / "a.ipynb").write_text(content)
    with pytest.raises(UnreadableNotebook):
        read_notebook(tmp_path / "a.ipynb")
