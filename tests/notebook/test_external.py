"""`%%asset NAME --external`: what is made elsewhere, and what its changes make stale."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notebook.shells import Notebook


@pytest.mark.parametrize(
    "cell", ["%%asset raw --external --reads in/*.csv", "%%asset raw --external\nin/*.csv"]
)
def test_files_that_change_make_stale_what_waits_for_them(notebook: Notebook, cell: str) -> None:
    """A pattern in the header or in the body; a new file counts too."""
    Path("in").mkdir()
    Path("in/a.csv").write_text("1")
    notebook(cell, cell="a")
    notebook("%%asset count --deps raw\nfrom pathlib import Path\nlen(list(Path('in').iterdir()))")
    assert notebook.state("count") == "fresh"
    Path("in/b.csv").write_text("2")
    assert notebook.state("count") == "stale"


def test_several_places_count_together(notebook: Notebook) -> None:
    """Each of them."""
    notebook("%%asset raw --external\none.txt\n# a note\ntwo.txt", cell="a")
    notebook("%%asset below --deps raw\n1", cell="b")
    assert notebook.state("below") == "fresh"
    Path("two.txt").write_text("2")
    assert notebook.state("below") == "stale"


def test_a_url_is_told_to_be_untracked(notebook: Notebook) -> None:
    """With what to write for it."""
    ran = notebook("%%asset rates --external\nhttps://example.org/rates.csv", cell="a")
    assert "https://example.org/rates.csv is untracked" in str(ran.value)
    notebook("%%asset below --deps rates\n1", cell="b")
    assert notebook.state("below") == "fresh"


def test_a_url_with_an_age_is_other_data_when_that_is_over(notebook: Notebook) -> None:
    """And with `--always` at every look."""
    notebook("%%asset rates --external --always\nhttps://example.org/rates.csv", cell="a")
    notebook("%%asset below --deps rates\n1", cell="b")
    assert notebook.state("below") == "stale"
    notebook("%%asset rates --external --max-age 1d\nhttps://example.org/rates.csv", cell="a")
    notebook("%materialize below")
    assert notebook.state("below") == "fresh"
