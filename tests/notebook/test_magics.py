"""`%materialize`, `%select`, `%dag`, `%asset`, `%stale` and `%runs` in a shell."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from dagbook.execution.result import RunResult
from dagbook.notebook.registry import CELL_MAGICS, LINE_MAGICS
from tests.notebook.shells import Notebook


@pytest.fixture
def chain(notebook: Notebook) -> Notebook:
    """Three assets in a row, fresh: `a`, which reads the variable `n`, `b` and `c`."""
    notebook("n = 1")
    notebook("%%asset a\nn")
    notebook("%%asset b\na + 1")
    notebook("%%asset c\nb + 1")
    return notebook


def named(keys: object) -> list[str]:
    """Keys as text."""
    return [str(key) for key in keys]  # type: ignore[attr-defined]


def test_materialize_gives_its_result(chain: Notebook) -> None:
    """What is stale runs, the rest is skipped, and the lists are in the result."""
    chain("n = 2")
    result = chain("r = %materialize\nr").value
    assert isinstance(result, RunResult)
    assert (named(result.materialized), result.success) == (["a", "b", "c"], True)
    assert chain("c").value == 4


def test_a_plan_is_shown_first_and_the_table_last(chain: Notebook) -> None:
    """The first line says what was selected and what it comes to; the result closes the cell."""
    chain("n = 2")
    ran = chain("%materialize b")
    assert ran.shown[0]["text/plain"].splitlines()[0] == "Selected b: 2 to run"
    assert ran.data["text/plain"].splitlines()[0] == "2 materialized"


@pytest.mark.parametrize(
    ("line", "ran"),
    [
        ("%materialize c", ["a", "b", "c"]),
        ("%materialize a", ["a"]),
        ("%materialize a+", ["a", "b", "c"]),
        ("%materialize a+1", ["a", "b"]),
        ("%materialize +b --force", ["a", "b"]),
        ("%materialize a or (c and not b)", ["a", "b", "c"]),
        ("%materialize a --only # and no more", ["a"]),
        ('%materialize key:"a"', ["a"]),
        ('%materialize "{wanted}"', ["a"]),
    ],
)
def test_a_selection_is_handed_on_untouched(chain: Notebook, line: str, ran: list[str]) -> None:
    """All before the first ` --` is the selection; `#` ends the line."""
    chain("n = 2\nwanted = 'a'")
    assert named(chain(line).value.materialized) == ran


def test_dry_run_runs_nothing(chain: Notebook) -> None:
    """The plan is the result."""
    chain("n = 2")
    plan = chain("%materialize c --dry-run").value
    assert named(plan.keys) == ["a", "b", "c"]
    assert chain.state("a") == "stale"


def test_force_runs_what_is_fresh(chain: Notebook) -> None:
    """Only the selected are forced, not what is above them."""
    assert named(chain("%materialize b --force").value.materialized) == ["b"]
    assert named(chain("%materialize b").value.materialized) == []


def test_processes_run_the_steps(chain: Notebook) -> None:
    """`--executor processes` gives the same result as the kernel itself."""
    chain("n = 2")
    result = chain("%materialize --executor processes --jobs 2").value
    assert named(result.materialized) == ["a", "b", "c"]
    assert chain("c").value == 4


def test_a_background_run_leaves_the_cell_at_once(chain: Notebook) -> None:
    """The handle waits for the result; names show it from the next cell on."""
    chain("n = 2")
    ran = chain("run = %materialize c --background\nrun")
    assert "Running in the background" in ran.text
    assert ran.value.result(60).success
    assert chain("c").value == 4


def test_a_background_run_without_work_says_so(chain: Notebook) -> None:
    """In the line above the handle and by the handle, which ends all the same."""
    ran = chain("%materialize --background")
    assert ran.text.startswith("Selected a, b, c: nothing to do.")
    assert repr(ran.value) == "<BackgroundRun: Nothing to do>"
    assert ran.value.result(60).success


def test_no_raise_gives_the_failed_result(notebook: Notebook) -> None:
    """`--no-raise` returns where the magic would have raised."""
    notebook("%%asset bad --lazy\n1 / 0")
    assert named(notebook("%materialize bad --no-raise").value.failed) == ["bad"]
    assert isinstance(notebook("%materialize bad", fails=True).error, ZeroDivisionError)


def test_costly_upstream_work_is_not_run_unasked(chain: Notebook) -> None:
    """Above `ask_above` the plan is shown with the two lines to type instead."""
    chain("%%asset a\nimport time\ntime.sleep(0.02)\nn")
    chain("%materialize")
    chain("n = 2")
    chain("%config Dagbook.ask_above = 0.01")
    lines = chain("%materialize c").text.splitlines()
    assert "Nothing has run yet." in lines[-3]
    assert lines[-2:] == [
        "%materialize c --yes    runs all of it",
        "%materialize c --only   runs just the selection, on what is there",
    ]
    assert chain.state("a") == "stale"
    assert named(chain("%materialize c --yes").value.materialized) == ["a", "b", "c"]


def test_select_marks_what_bare_magics_act_on(chain: Notebook) -> None:
    """`%select` gives the keys; a bare `%materialize` then means them; `--clear` ends it."""
    chain("n = 2")
    assert named(chain("%select +b").value) == ["a", "b"]
    assert named(chain("%select").value) == ["a", "b"]
    assert named(chain("%materialize").value.materialized) == ["a", "b"]
    assert named(chain("%select --clear").value) == []
    assert named(chain("%materialize").value.materialized) == ["c"]


def test_a_selection_is_explained(chain: Notebook) -> None:
    """`--explain` shows how the text was read, and still gives the keys."""
    ran = chain("%select a+ and not c --explain")
    assert named(ran.value) == ["a", "b"]
    assert 'key:"a"+' in ran.text


def test_a_selection_can_use_the_one_before(chain: Notebook) -> None:
    """`is:selected` names what is selected."""
    chain("%select b")
    assert named(chain("%select is:selected+").value) == ["b", "c"]


def test_dag_shows_a_picture_and_writes_it(chain: Notebook, tmp_path: Path) -> None:
    """A terminal gets the picture's text, a notebook the SVG; `--export` writes the file."""
    ran = chain("%dag +b --static --export graph.svg")
    assert ran.data["text/plain"] == "2 assets in the graph"
    assert "<svg" in ran.html
    assert (tmp_path / "graph.svg").read_text().startswith("<svg")


def test_dag_returns_what_it_drew(chain: Notebook) -> None:
    """The value of `%dag` names the keys that are drawn, and shows the picture again."""
    chain("drawn = %dag +b --static")
    again = chain("drawn")
    assert named(again.value.keys) == ["a", "b"]
    assert again.value.svg in again.html
    assert again.data["text/plain"] == "2 assets in the graph"


def test_the_table_of_assets(chain: Notebook) -> None:
    """A bare `%asset` lists how each stands, and why."""
    chain("n = 2")
    assert chain("%asset").value.text.splitlines() == [
        "3 assets: 3 stale",
        "asset  state    why",
        "a      ● stale  variable n changed: 1 → 2",
        "b      ● stale  upstream is stale (a)",
        "c      ● stale  upstream is stale (b)",
    ]


def test_one_asset_with_all_that_is_known(chain: Notebook) -> None:
    """`%asset NAME` shows state, readers, value, code and history."""
    ran = chain("%asset b")
    assert ran.value.text.splitlines()[:2] == ["b", "✓ fresh"]
    assert "a + 1" in ran.html


def test_the_history_of_an_asset(chain: Notebook) -> None:
    """`--history` counts the kept results; times and ids stand in the HTML alone."""
    chain("n = 2\n%materialize a")
    ran = chain("%asset a --history")
    assert ran.value.text.splitlines() == [
        "a: 2 kept results",
        "result  note",
        "     2  in use",
        "     1",
    ]
    assert chain.workspace.history("a")[0].id in ran.html


def test_what_was_never_made_is_missing_and_no_more(notebook: Notebook) -> None:
    """It is not called stale for what is above it; code in a sentence is set as code."""
    notebook("%%asset a --lazy\n1", cell="a")
    ran = notebook("%%asset b\na + 1", cell="b")
    assert str(ran.value).splitlines()[0] == "b ○ missing"
    assert "<code>%materialize b</code> runs both" in ran.html
    assert "stale" not in str(notebook("%asset").value)


def test_the_history_tells_results_of_the_same_data(chain: Notebook) -> None:
    """And which result readers get, pinned or not."""
    chain("%materialize a --force\n%asset a --pin 1")
    notes = [line.strip() for line in chain("%asset a --history").value.text.splitlines()[2:]]
    assert notes == ["3  in use; pinned; same data as 1", "2  same data as 1", "1"]


def test_the_diff_of_an_asset(chain: Notebook) -> None:
    """`--diff` shows the lines that changed since the value was made."""
    chain("%%asset b --lazy\na + 5")
    text = chain("%asset b --diff").value.text
    assert "-a + 1" in text
    assert "+a + 5" in text


def test_open_binds_inputs_and_locals(notebook: Notebook) -> None:
    """`--open` gives what the body saw in its last run, for looking at it."""
    notebook("%%asset a\n[1]")
    notebook("%%asset b\nfirst = a[0]\nfirst / 0", fails=True)
    assert notebook("%asset b --open").value.text == "Bound in this notebook: `a`, `first`."
    assert notebook("a, first").value == ([1], 1)


def test_stale_shows_causes_lines_and_cost(chain: Notebook) -> None:
    """What is not fresh, why, the line that changed, and what an update runs."""
    chain("n = 2")
    text = chain("%stale").value.text
    assert "a: variable `n` changed: 1 → 2" in text
    assert text.splitlines()[-1] == "An update: Selected a, b, c: 3 to run"


def test_nothing_stale_is_one_line(chain: Notebook) -> None:
    """A fresh graph is told in a sentence, an empty one too."""
    assert chain("%stale").value.text == "Everything is fresh: 3 assets."
    chain("%forget c\n%forget b\n%forget a")
    assert chain("%stale").value.text == "No assets yet."


def test_a_harmless_change_can_be_accepted(chain: Notebook) -> None:
    """With a reason, stale code counts as fresh, and nothing runs."""
    chain("%%asset b --lazy\n1 + a")
    chain("%stale b --accept --reason 'only turned round'")
    assert (chain.state("b"), chain.state("c")) == ("fresh", "fresh")
    assert chain("b").shown == []


def test_changed_data_cannot_be_accepted(chain: Notebook) -> None:
    """The reason is no help where the data above has changed."""
    chain("n = 2\n%materialize a")
    message = chain.message("%stale b --accept --reason 'never mind'")
    assert message.startswith("InvalidAcceptance: ")


def test_runs_are_listed_newest_first(chain: Notebook) -> None:
    """Each with its outcome, its command and how many assets it planned."""
    chain("n = 2\n%materialize a")
    assert chain("%runs").value.text.splitlines()[:3] == [
        "outcome  command         assets",
        "✓ ok     %materialize a       1",
        "✓ ok     %%asset c            1",
    ]


def test_one_run_is_shown_with_its_steps(notebook: Notebook) -> None:
    """A run's id, or the beginning of it, shows its steps and tracebacks."""
    notebook("%%asset bad\n1 / 0", fails=True)
    run = notebook.workspace.store.log.runs(notebook.workspace.scope)[0].run_id
    text = notebook(f"%runs {run[:10]}").text
    assert "ZeroDivisionError: division by zero" in text
    assert notebook(f"%runs {run}").text.splitlines()[1:] == text.splitlines()[1:]


def test_a_run_goes_on_from_its_failure(notebook: Notebook) -> None:
    """`--retry` runs what the last run left; what it finished is kept."""
    notebook("%%asset a --lazy\n1")
    notebook("%%asset b --lazy\n1 / a if ready else 1 / 0")
    notebook("ready = False\n%materialize b", fails=True)
    notebook("ready = True")
    assert named(notebook("%runs --retry").value.materialized) == ["b"]
    assert "%runs --retry" in notebook("%runs").text


@pytest.mark.parametrize("name", [*LINE_MAGICS, *(f"%{name}" for name in CELL_MAGICS)])
def test_every_magic_has_help(notebook: Notebook, name: str) -> None:
    """`--help` and `name?` show the form, the purpose and each option."""
    shown = notebook(f"%{name} --help").value.text
    assert shown.startswith(f"%{name} ")
    asked = notebook(f"%{name}?").printed
    assert shown.splitlines()[2] in asked


@pytest.mark.parametrize("name", LINE_MAGICS)
def test_every_magic_suggests_an_option(notebook: Notebook, name: str) -> None:
    """A mistyped option is answered with the one that is meant, and a caret under it."""
    message = notebook.message(f"%{name} --hepl")
    assert f"%{name} has no option --hepl. Did you mean `--help`" in message
    assert message.endswith("^^^^^^")


def test_a_bare_word_runs_a_magic(chain: Notebook) -> None:
    """With automagic on, the sign may be left out."""
    assert named(chain("materialize b --force").value.materialized) == ["b"]


def test_options_take_variables(notebook: Notebook) -> None:
    """`{name}` in an option's value is the variable."""
    notebook("team = 'ops'")
    notebook("%%asset a --group {team}\n1")
    assert notebook("%select group:ops").value


def test_loading_twice_does_nothing(chain: Notebook) -> None:
    """`%load_ext` again says nothing new; `%reload_ext` begins with an empty graph."""
    chain("%load_ext dagbook")
    assert named(chain.workspace.graph.keys) == ["a", "b", "c"]
    chain("%reload_ext dagbook")
    assert named(chain.workspace.graph.keys) == []
    assert chain("c").value == 3


def test_loading_tells_what_was_kept(restart: Callable[[], Notebook]) -> None:
    """The first line of a later session counts the values that are readable at once."""
    restart()("%%asset a\n1")
    later = restart()
    later("%unload_ext dagbook")
    assert later("%load_ext dagbook").text == (
        "dagbook is ready; 1 asset kept from before, readable by name."
    )


def test_settings_are_shown_and_checked(notebook: Notebook) -> None:
    """`%config Dagbook` lists them; a value that cannot be leaves the setting as it was."""
    assert "Dagbook.ask_above" in notebook("%config Dagbook").printed
    notebook('%config Dagbook.on_define = "never"')
    assert notebook.workspace.settings.on_define == "run"


def test_an_interrupt_stops_a_run_and_keeps_what_is_done(notebook: Notebook) -> None:
    """KeyboardInterrupt in a body ends the run; assets that were finished stay fresh."""
    notebook("%%asset first --lazy\n1")
    notebook("%%asset second --lazy\nif first:\n    raise KeyboardInterrupt\n2")
    ran = notebook("%materialize second", fails=True)
    assert isinstance(ran.error, KeyboardInterrupt)
    assert ran.shown[-1]["text/plain"] == (
        "Stopped. Finished and kept: `first`. `%runs --retry` goes on with the rest."
    )
    assert "dagbook" not in ran.printed
    assert (notebook.state("first"), notebook.state("second")) == ("fresh", "missing")


def test_a_cell_says_what_it_waits_for(notebook: Notebook) -> None:
    """Another one makes the asset at this moment: the cell names both before it waits."""
    notebook("%%asset a --lazy\n1")
    workspace = notebook.workspace
    lock = f"{workspace.scope}\0a"
    assert workspace.store.locks.acquire(lock)
    threading.Timer(0.2, workspace.store.locks.release, [lock]).start()
    shown = notebook("%materialize a").text
    assert "This waits for `a`, which another run of this kernel is making." in shown
    assert notebook.state("a") == "fresh"


def test_an_interrupted_asset_has_not_failed(notebook: Notebook) -> None:
    """What stopped it is no error of its body; the next `%materialize` makes it."""
    notebook("%%asset a --lazy\nraise KeyboardInterrupt")
    notebook("%materialize a", fails=True)
    shown = notebook("%asset a").data["text/plain"]
    assert "missing: the last run was interrupted" in shown
    assert "KeyboardInterrupt" not in shown


def test_a_scope_of_ones_own_counts_after_a_reload(notebook: Notebook) -> None:
    """Records of another scope are not this notebook's; settings survive the reload."""
    notebook("%%asset a\n1")
    notebook("%config Dagbook.ask_above = 5")
    told = notebook('%config Dagbook.scope = "shared"').text
    assert told == "The scope changes with `%reload_ext dagbook`: then run all cells."
    notebook("%reload_ext dagbook")
    assert (notebook.workspace.scope, notebook.workspace.settings.ask_above) == ("shared", 5.0)
    assert isinstance(notebook("a", fails=True).error, NameError)


def test_stale_lists_also_what_no_update_can_make_yet(notebook: Notebook) -> None:
    """What reads a name that nothing has is told below the table, in place of a plan."""
    notebook("%%asset a\n1")
    notebook("%%asset t --sql\nselect * from nowhere")
    text = notebook("%stale").value.text
    assert "t      ○ missing" in text
    assert "An update is not possible yet:" in text
    assert "`nowhere`" in text
