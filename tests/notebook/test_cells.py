"""`%%asset`: what a cell declares, when it runs, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dagbook.definitions.keys import AssetKey
from dagbook.graph.nodes import AssetNode
from tests.notebook.shells import Notebook

# In a body: leaves a mark for each time that it runs.
COUNTED = "with open('runs', 'a') as file:\n    file.write('x')"


def node(notebook: Notebook, key: str) -> AssetNode:
    """An asset as the graph has it."""
    return notebook.workspace.graph.node(AssetKey.from_user_string(key))


@pytest.mark.parametrize(
    "body",
    [
        "1 + 1",
        "1 + 1;",
        "number = 2",
        "return 2",
        "x = 1\nif x:\n    return 2\nreturn 3",
        "import asyncio\nawait asyncio.sleep(0)\n2",
        "from dagbook import Output\nyield Output(2)",
        "x = !echo 2\nint(x[0])",
        "%time 1\n2",
        "[x for x in (2,)][0]",
    ],
)
def test_a_value_can_be_given_in_every_form(notebook: Notebook, body: str) -> None:
    """The last expression, the asset's own name, `return` and `yield` all give the value."""
    notebook(f"%%asset number\n{body}")
    assert notebook.workspace.value("number") == 2


def test_none_is_a_value(notebook: Notebook) -> None:
    """A body that ends with `None` gives None, which is kept and read like any value."""
    notebook("%%asset nothing\nNone")
    assert notebook.state("nothing") == "fresh"
    assert notebook("nothing is None").value is True


def test_inputs_are_found_by_definite_assignment(notebook: Notebook) -> None:
    """A name that is read before it is bound is an input; one that is bound first is not."""
    notebook("%%asset orders\n[3, 1, 2]")
    notebook("%%asset ordered\norders = sorted(orders)\nusers = 1\nusers\norders")
    notebook("%%asset users\n['a']")
    assert [str(i.key) for i in node(notebook, "ordered").inputs] == ["orders"]
    assert notebook("ordered").value == [1, 2, 3]


def test_assignments_in_a_body_stay_in_it(notebook: Notebook) -> None:
    """What a body binds is no variable of the notebook."""
    notebook("%%asset orders\nsecret = 5\nsecret")
    assert "secret" not in notebook.shell.user_ns
    assert "orders" not in notebook.shell.user_ns


def test_a_reader_can_be_defined_before_what_it_reads(notebook: Notebook) -> None:
    """It is registered with the name that is missing, and made as soon as that is there."""
    ran = notebook("%%asset total\nsum(amounts)")
    assert ran.text.splitlines()[-1] == (
        "Registered. Nothing is named `amounts` yet. "
        "Once that is there, `%materialize total` makes it."
    )
    notebook("%%asset amounts\n[1, 2]")
    notebook("%materialize total")
    assert notebook("total").value == 3


def test_a_name_that_nothing_has_is_suggested(notebook: Notebook) -> None:
    """A typo in a body is answered with the asset that may be meant."""
    notebook("%%asset orders\n[1]")
    ran = notebook("%%asset total\nsum(ordrs)")
    assert "Nothing is named `ordrs` yet. Did you mean `orders`?" in ran.text


def test_options_of_the_header_are_declared(notebook: Notebook) -> None:
    """Group, kinds, tags, owners and description end up in the asset's spec."""
    notebook(
        "%%asset late --group air --kind sql, pandas --tag tier=1 --tag urgent "
        "--owner team:ops a@b.org --description 'Flights that are late' --code-version 3\n1"
    )
    spec = node(notebook, "late").spec
    assert (spec.group_name, spec.kinds) == ("air", frozenset(["sql", "pandas"]))
    assert (dict(spec.tags), spec.owners) == ({"tier": "1", "urgent": ""}, ("team:ops", "a@b.org"))
    assert (spec.description, spec.code_version) == ("Flights that are late", "3")


def test_options_can_stand_in_the_body(notebook: Notebook) -> None:
    """Leading `#| key: value` lines are options too, and a first text is the description."""
    notebook("%%asset a\n1")
    notebook("%%asset b\n#| deps: a\n#| group: air\n'About b.'\n2")
    found = node(notebook, "b")
    assert (found.spec.group_name, found.spec.description) == ("air", "About b.")
    assert found.waited == (AssetKey("a"),)


def test_ins_gives_a_variable_another_key(notebook: Notebook) -> None:
    """`--ins v=key` has a body read an asset under a name of its own."""
    notebook("%%asset raw/flights\n[1, 2]")
    notebook("%%asset count --ins f=raw/flights\nlen(f)")
    assert notebook("count").value == 2


def test_a_path_key_is_read_by_its_last_part(notebook: Notebook) -> None:
    """`flights` reads `raw/flights` where no other key ends so."""
    notebook("%%asset raw/flights\n[1, 2]")
    notebook("%%asset count\nlen(flights)")
    assert notebook("count, flights").value == (2, [1, 2])


def test_a_watched_file_makes_an_asset_stale(notebook: Notebook, tmp_path: Path) -> None:
    """`--reads` names files; a change of one is a cause."""
    (tmp_path / "data.csv").write_text("a\n1\n")
    notebook("%%asset rows --reads *.csv\nfrom pathlib import Path\nPath('data.csv').read_text()")
    (tmp_path / "data.csv").write_text("a\n1\n2\n")
    assert "file changed" in notebook("%stale").text


def test_an_external_asset_needs_no_body(notebook: Notebook, tmp_path: Path) -> None:
    """`--external` declares what is made elsewhere; its file decides whether readers are stale."""
    (tmp_path / "data.csv").write_text("1")
    assert notebook("%%asset feed --external --reads data.csv").text.endswith("feed ◇ external")
    notebook("%%asset copy --deps feed\nfrom pathlib import Path\nPath('data.csv').read_text()")
    (tmp_path / "data.csv").write_text("12")
    assert notebook.state("copy") == "stale"


def test_a_lazy_asset_is_only_registered(notebook: Notebook) -> None:
    """`--lazy` says what to type instead of running."""
    ran = notebook("%%asset slow --lazy\n1")
    assert "Registered. `%materialize slow` makes it." in ran.text
    assert notebook.state("slow") == "missing"


def test_assets_can_be_registered_only(notebook: Notebook) -> None:
    """With `%config Dagbook.on_define = "register"` no cell runs its asset."""
    notebook('%config Dagbook.on_define = "register"')
    notebook("%%asset slow\n1")
    assert notebook.state("slow") == "missing"
    notebook('%config Dagbook.on_define = "run"')
    notebook("%%asset slow\n1")
    assert notebook.state("slow") == "fresh"


def test_an_asset_that_always_runs_shows_its_value(notebook: Notebook) -> None:
    """`--always` is never fresh, and its value is shown and read without a warning."""
    notebook("runs = []")
    assert notebook("%%asset now --always\nlen('four')").text.endswith("\n\n4")
    ran = notebook("now")
    assert (ran.value, ran.shown) == (4, [])


def test_a_body_is_tried_again(notebook: Notebook) -> None:
    """`--retries` runs a body again after it raised."""
    notebook("import os")
    notebook(
        "%%asset flaky --retries 2 --delay 0\n"
        "with open('tries', 'a') as file:\n    file.write('x')\n"
        "if os.path.getsize('tries') < 3:\n    raise OSError('not yet')\n1"
    )
    assert Path("tries").read_text() == "xxx"


def test_a_body_has_a_time_limit(notebook: Notebook) -> None:
    """`--timeout` stops a body, in one sentence."""
    message = notebook.message("%%asset slow --timeout 50ms\nimport time\ntime.sleep(5)")
    assert message == (
        "StepTimeout: `slow` took longer than its timeout of 0.05 s and was stopped."
    )


def test_a_cell_that_closes_a_circle_says_so(notebook: Notebook) -> None:
    """The circle is told where it closes, instead of a command that can't work."""
    notebook("%%asset first\nsecond + 1")
    assert notebook("%%asset second\nfirst + 1").text.splitlines()[-1] == (
        "Registered. These assets wait for each other: second → first → second. "
        "Take one of these dependencies away."
    )


def test_a_check_names_all_that_is_made_with_its_asset(notebook: Notebook) -> None:
    """The command that it offers can run, also where several assets are made at once."""
    notebook("%%multi_asset left right --lazy\nleft, right = 1, 2")
    assert "`%materialize left or right` makes it and judges it." in (
        notebook("%%asset_check right_is_two --asset right\nright == 2").text
    )


def test_stale_inputs_keep_a_cell_from_running(notebook: Notebook) -> None:
    """The cell says which inputs are not up to date, and the one line that runs both."""
    notebook("rate = 1")
    notebook("%%asset a\nrate")
    notebook("rate = 2")
    ran = notebook("%%asset b\na + 1")
    assert ran.text.splitlines()[-1] == (
        "Registered. `a` is not up to date: `%materialize b` runs both."
    )


def test_stale_assets_further_up_are_counted(notebook: Notebook) -> None:
    """Where what the input reads is not up to date either, the line says how many it runs."""
    notebook("rate = 1")
    notebook("%%asset a\nrate")
    notebook("%%asset b\na + 1")
    notebook("rate = 2")
    assert notebook("%%asset c\nb + 1").text.splitlines()[-1] == (
        "Registered. `b` is not up to date: `%materialize c` runs all 3 that are not."
    )


def test_an_expensive_asset_is_not_run_unasked(notebook: Notebook) -> None:
    """What took longer than `ask_above` the last time is registered, with the line that runs it."""
    notebook("%%asset slow\nimport time\ntime.sleep(0.02)\n1")
    notebook("%config Dagbook.ask_above = 0.01")
    ran = notebook("%%asset slow\nimport time\ntime.sleep(0.02)\n2")
    assert "the last time: `%materialize slow` runs it." in ran.text
    assert notebook.state("slow") == "stale"


def test_a_frame_is_previewed(notebook: Notebook) -> None:
    """The cell shows the first rows of its value and how many there are."""
    ran = notebook("%%asset t\nimport pandas as pd\npd.DataFrame({'n': range(100)})")
    assert "100 rows × 1 column" in ran.text
    assert "<table" in ran.html


def test_an_up_to_date_cell_does_not_run_again(notebook: Notebook) -> None:
    """Running a cell a second time shows the kept value."""
    text = f"%%asset once\n{COUNTED}\n5"
    notebook(text)
    assert notebook(text).text.endswith("\n\n5")
    assert Path("runs").read_text() == "x"


def test_an_undone_edit_costs_nothing(notebook: Notebook) -> None:
    """The result of the text that came back is taken over, and its name gives it."""
    notebook("%%asset n\n1")
    notebook("%%asset n\n2")
    notebook("%%asset n\n1")
    assert notebook("n").value == 1
    assert notebook.workspace.store.log.runs(notebook.workspace.scope)[0].outcome == "ok"


def test_context_gives_the_value_of_the_last_run(notebook: Notebook) -> None:
    """A body that wants its own last value reads `context.previous_value`."""
    notebook("%%asset n --always\n(context.previous_value or 0) + 1")
    notebook("%materialize n")
    assert notebook.workspace.value("n") == 2


def test_restarting_and_running_all_computes_nothing(restart: Callable[[], Notebook]) -> None:
    """In a new kernel the same cells show the kept values; no run takes place."""
    cells = [
        "import pandas as pd",
        f"%%asset a\n{COUNTED}\npd.DataFrame({{'n': [1]}})",
        "%%asset b --sql\nselect n + 1 as m from a",
        "%%asset_check positive\nassert (b.m > 0).all()",
    ]
    first = restart()
    for text in cells:
        first(text)
    runs = len(first.workspace.store.log.runs(None))
    second = restart()
    for text in cells:
        second(text)
    assert len(second.workspace.store.log.runs(None)) == runs
    assert Path("runs").read_text() == "x"


def test_an_asset_below_one_that_a_check_stops_says_so(notebook: Notebook) -> None:
    """No line is offered that would run nothing."""
    notebook("%%asset raw\n1")
    notebook("%%asset_check big --asset raw --blocking\nraw > 1")
    notebook("%%asset hot\nraw + 1")
    assert repr(notebook("%%asset later\nhot + 1").value).endswith(
        "Registered. `raw.big` fails, and it waits for that; "
        "`%materialize later --ignore-checks` runs it all the same."
    )
