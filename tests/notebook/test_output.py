"""What cells show: escaped, short, and with the user's own errors."""

from __future__ import annotations

import pytest

from tests.notebook.shells import Notebook

HOSTILE = "<script>alert(1)</script>\"'&`"


def dangerous(html: str) -> bool:
    """Whether what a user wrote has become an element of the page."""
    return "<script" in html.lower() or "<img" in html.lower()


@pytest.mark.parametrize(
    "text",
    [
        f"%%asset shown\n{HOSTILE!r}",
        f"%%asset shown --description {HOSTILE.replace(chr(39), '')!r}\n1",
        f"%%asset shown\nimport pandas as pd\npd.DataFrame({{{HOSTILE!r}: [{HOSTILE!r}]}})",
        f"%%asset shown\nraise ValueError({HOSTILE!r})\nshown = 1",
        f"%%asset shown --tag t={HOSTILE.replace(chr(39), '').replace(chr(34), '')!r}\n1",
    ],
)
def test_what_a_user_writes_is_shown_and_not_run(notebook: Notebook, text: str) -> None:
    """Values, descriptions, columns, errors, tags and cell texts are escaped wherever they appear."""
    pages = [notebook.attempt(text).html]
    for line in ("%asset", "%asset shown", "%stale", "%materialize --no-raise", "%runs", "%dag"):
        pages.append(notebook.attempt(line).html)
    assert [page for page in pages if dangerous(page)] == []


def test_failing_rows_and_metadata_are_escaped(notebook: Notebook) -> None:
    """What a check says is data too."""
    notebook(f"%%asset t\nimport pandas as pd\npd.DataFrame({{{HOSTILE!r}: [{HOSTILE!r}]}})")
    ran = notebook("%%asset_check rows\nt")
    said = notebook(f"%%asset_check said --asset t\nassert False, {HOSTILE!r}")
    told = notebook(f"%%asset_check told --asset t\nFalse, {{{HOSTILE!r}: {HOSTILE!r}}}")
    assert not any(dangerous(page.html) for page in (ran, said, told, notebook("%asset t")))


@pytest.mark.parametrize("name", ["<script>", "../etc", "a b", "a.b", "naïve", "a\0b", "a/../b"])
def test_a_name_that_cannot_be_a_key_is_refused(notebook: Notebook, name: str) -> None:
    """The message names it and says what a name consists of; no asset is made."""
    message = notebook.message(f"%%asset '{name}'\n1")
    assert message.startswith("InvalidName: ")
    assert not list(notebook.workspace.graph.keys)


def test_a_long_cell_is_shown_cut(notebook: Notebook) -> None:
    """A value of 100,000 characters is previewed in a few."""
    ran = notebook("%%asset long\n'y' * 100_000")
    assert len(ran.text) < 5_000
    assert len(ran.html) < 20_000


def test_unicode_goes_through(notebook: Notebook) -> None:
    """Values, variables and texts may be written in any script."""
    notebook("größe = 'Ωμ'")
    assert "日本 Ωμ" in notebook("%%asset text\n'日本 ' + größe").text


def test_plots_are_pictures_shown_once(notebook: Notebook) -> None:
    """A figure is kept and previewed, and not shown a second time by the plotting library."""
    ran = notebook(
        "%%asset plot\nimport matplotlib\nmatplotlib.use('agg')\n"
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2])"
    )
    assert ran.html.count("data:image/png;base64") == 1
    assert ran.text.splitlines()[-1].startswith("figure of ")


def test_a_failing_run_shows_its_table_and_then_the_error(notebook: Notebook) -> None:
    """What ran and what did not stands above the user's traceback."""
    notebook("%%asset a --lazy\n1")
    notebook("%%asset b --lazy\na / 0")
    notebook("%%asset c --lazy\nb")
    ran = notebook("%materialize", fails=True)
    table = ran.shown[-1]["text/plain"].splitlines()
    assert table[:5] == [
        "1 materialized, 1 failed, 1 not run",
        "asset  result          note",
        "a      ✓ materialized",
        "b      ✗ failed        ZeroDivisionError: division by zero",
        "c      ○ not run       b failed",
    ]
    assert "----> 2 a / 0" in ran.printed
