"""The table of edits end to end: what a cell's edit makes of the asset, and whether that is true."""

from __future__ import annotations

import ast
import textwrap

import pytest

from tests.notebook.edits import EDITS as OF_CODE
from tests.notebook.edits import Edit
from tests.notebook.edits_of_classes import OF_CLASSES
from tests.notebook.edits_of_headers import OF_HEADERS, OF_QUERIES
from tests.notebook.shells import Notebook

EDITS = [*OF_CODE, *OF_CLASSES]
FORMS = ("cell", "function", "check")


def cell_of(form: str, body: str) -> str:
    """The cell that defines the asset or check with this body."""
    if form == "cell":
        return f"%%asset result\n{body}"
    # The same statements, with the last expression bound or returned.
    *_, last = ast.parse(body).body
    lines = body.splitlines(keepends=True)
    start = last.lineno - 1
    head, value = "".join(lines[:start]), "".join(lines[start:]).strip()
    if form == "check":
        text = f"{head}value = ({value}\n)\n(True, {{'v': repr(value)}})"
        return f"%%asset_check result --asset raw\n{text}"
    inner = textwrap.indent(f"{head}return ({value}\n)", "    ")
    return f"from dagbook import asset\n@asset\ndef result(raw):\n{inner}"


def stands(notebook: Notebook, form: str, before: str = "") -> str:
    """Whether a run is needed: `fresh` or `stale`; of a check, whether it was judged again since."""
    if form != "check":
        return notebook.state("result")
    return "fresh" if judged_in(notebook) == before else "stale"


def judged_in(notebook: Notebook) -> str:
    """The run that gave the verdict of the only check; nothing where there is none."""
    checks = notebook.workspace.check_statuses().values()
    return "".join(one.verdict.run_id for one in checks if one.verdict is not None)


def shown(notebook: Notebook, form: str) -> object:
    """What a run gives: the value, or what the verdict says."""
    if form != "check":
        return repr(notebook.workspace.value("result"))
    (verdict,) = notebook.workspace.check_statuses().values()
    assert verdict.verdict is not None
    return repr(verdict.verdict.metadata)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name)
def test_an_edit_counts_exactly_where_a_run_could_show_it(
    notebook: Notebook, edit: Edit, form: str
) -> None:
    """Stale after what may change the result, fresh after the rest; and a run of all proves it."""
    (head, body), (new_head, new_body) = edit.cells
    notebook("%config Dagbook.on_define = 'register'")
    notebook("%%asset raw\n3", cell="raw")
    notebook(head, cell="head")
    notebook(cell_of(form, body), cell="result")
    notebook("%materialize")
    before, judged = shown(notebook, form), judged_in(notebook)
    assert stands(notebook, form, judged) == "fresh"
    notebook(new_head, cell="head")
    notebook(cell_of(form, new_body), cell="result")
    told = stands(notebook, form, judged)
    assert told == ("stale" if edit.stale else "fresh")
    notebook("%materialize --force")
    assert told == "stale" or shown(notebook, form) == before
    assert stands(notebook, form, judged_in(notebook)) == "fresh"


@pytest.mark.parametrize(("name", "before", "after", "stale"), OF_HEADERS, ids=lambda one: str(one))
def test_an_option_counts_where_it_affects_the_result(
    notebook: Notebook, name: str, before: str, after: str, stale: bool
) -> None:
    """Labels do not; what is waited for, read or declared as a version does."""
    notebook("%config Dagbook.on_define = 'register'")
    notebook("%%asset other\n1", cell="other")
    notebook("%%asset third\n2", cell="third")
    body = "x" if "--ins" in before else "1"
    notebook(f"%%asset result {before}\n{body}", cell="result")
    notebook("%materialize")
    notebook(f"%%asset result {after}\n{body}", cell="result")
    assert (notebook.state("result") == "stale") is stale


@pytest.mark.parametrize(("name", "before", "after", "stale"), OF_QUERIES, ids=lambda one: str(one))
def test_a_query_counts_by_what_it_says(
    notebook: Notebook, name: str, before: str, after: str, stale: bool
) -> None:
    """Not by how it is written."""
    notebook("%config Dagbook.on_define = 'register'")
    notebook("rate, other = 2, 3")
    notebook(
        "%%asset orders\nimport pandas as pd\npd.DataFrame({'n': [1, 2], 'k': [3, 4]})", cell="o"
    )
    notebook(f"%%asset result --sql\n{before}", cell="result")
    notebook("%materialize")
    assert notebook.state("result") == "fresh"
    notebook(f"%%asset result --sql\n{after}", cell="result")
    assert (notebook.state("result") == "stale") is stale


def test_a_bound_variable_of_a_query_counts_by_its_value(notebook: Notebook) -> None:
    """Also where the query itself stays as it is; and so does a frame that it reads."""
    notebook("%config Dagbook.on_define = 'register'")
    notebook("import pandas as pd\nrate = 2\nframe = pd.DataFrame({'n': [1]})")
    notebook("%%asset bound --sql\nselect $rate as m", cell="a")
    notebook("%%asset framed --sql\nselect n from frame", cell="b")
    notebook("%materialize")
    assert (notebook.state("bound"), notebook.state("framed")) == ("fresh", "fresh")
    notebook("rate = 3")
    assert (notebook.state("bound"), notebook.state("framed")) == ("stale", "fresh")
    notebook("frame.loc[0, 'n'] = 9")
    assert notebook.state("framed") == "stale"


def test_the_table_is_large_and_its_names_are_unique() -> None:
    """Every edit has a name of its own."""
    assert len({edit.name for edit in EDITS}) == len(EDITS) >= 60
