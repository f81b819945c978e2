"""What defining does to the graph: redefinition, names that clash, reads that hide."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dagbook.definitions.keys import AssetKey
from tests.notebook.shells import Notebook


def keys(notebook: Notebook) -> list[str]:
    """The assets of the graph."""
    return sorted(map(str, notebook.workspace.graph.keys))


def test_the_newest_definition_wins_and_names_the_cell_that_it_replaces(notebook: Notebook) -> None:
    """One line says which cell had the name before."""
    notebook("%%asset orders\n1", cell="a")
    ran = notebook("%%asset orders\n2", cell="b")
    assert "`orders` replaces its definition in cell [2]." in ran.text
    assert notebook("orders").value == 2


def test_running_a_cell_again_replaces_nothing(notebook: Notebook) -> None:
    """The same cell may define the same name as often as it likes."""
    notebook("%%asset orders\n1", cell="a")
    assert "replaces" not in notebook("%%asset orders\n2", cell="a").text


def test_a_cell_that_takes_another_name_drops_the_old_one(notebook: Notebook) -> None:
    """Renaming an asset in its cell leaves no asset of the old name behind, and computes nothing."""
    notebook("%%asset orders\n1", cell="a")
    ran = notebook("%%asset all_orders\n1", cell="a")
    assert "`orders` left the graph: this cell now defines `all_orders`." in ran.text
    assert keys(notebook) == ["all_orders"]


@pytest.mark.parametrize("text", ["# %%asset orders\n# 1", "x = 1", "%%time\nx = 1", "%asset"])
def test_a_cell_that_defines_nothing_any_more_drops_what_it_did(
    notebook: Notebook, text: str
) -> None:
    """An asset whose cell is commented out, or says something else, is gone; its readers know."""
    notebook("%%asset orders\n1", cell="a")
    notebook("%%asset total\norders + 1", cell="b")
    told = "`orders` left the graph: this cell no longer defines it."
    assert told in notebook(text, cell="a").text
    assert notebook.state("total") != "fresh"
    assert "left the graph" not in notebook(text, cell="a").text


@pytest.mark.parametrize("text", ["%%asset orders\n1 +", "1 +", "1 / 0", "%%asset orders --x\n1"])
def test_a_cell_that_fails_loses_nothing(notebook: Notebook, text: str) -> None:
    """It may be a slip of the pen in the definition itself."""
    notebook("%%asset orders\n1", cell="a")
    ran = notebook(text, cell="a", fails=True)
    assert "left the graph" not in ran.text
    assert notebook.state("orders") == "fresh"


def test_a_key_may_change_its_case_in_its_cell(notebook: Notebook) -> None:
    """The old spelling is gone before the new one is refused for being equal to it."""
    notebook("%%asset orders\n1", cell="a")
    notebook("%%asset Orders\n1", cell="a")
    assert keys(notebook) == ["Orders"]


def test_a_check_follows_its_cell_too(notebook: Notebook) -> None:
    """A check that is renamed in its cell is judged under its new name only."""
    notebook("%%asset orders\n1", cell="a")
    notebook("%%asset_check one\nassert orders == 1", cell="b")
    notebook("%%asset_check is_one\nassert orders == 1", cell="b")
    assert [key.name for key in notebook.workspace.graph.checks] == ["is_one"]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("list", "a builtin of Python"),
        ("class", "a keyword of Python"),
        ("json", "a module that this notebook has imported"),
        ("materialize", "one of dagbook's magics"),
    ],
)
def test_a_key_does_not_take_a_name_that_means_something(
    notebook: Notebook, name: str, what: str
) -> None:
    """A builtin, a keyword, an imported module and a magic keep their names."""
    notebook("import json")
    assert notebook.message(f"%%asset {name}\n1") == (
        f"ReservedKey: `{name}` is {what}: cells could no longer reach it. Choose another name."
    )
    assert keys(notebook) == []


def test_keys_that_differ_only_by_case_are_refused(notebook: Notebook) -> None:
    """Keys name files and columns, which know no case."""
    notebook("%%asset orders\n1")
    assert notebook.message("%%asset Orders\n1").startswith(
        "DuplicateKey: `Orders` differs only by case from `orders`"
    )
    assert keys(notebook) == ["orders"]


def test_in_a_body_an_asset_beats_a_variable(notebook: Notebook) -> None:
    """The body gets the asset, and this is told once."""
    notebook("%%asset rate\n1")
    notebook("rate = 5")
    ran = notebook("%%asset double\nrate * 2")
    assert "`rate` is the asset in this body, and not your variable of that name." in ran.text
    assert notebook("double").value == 2
    assert "not your variable" not in notebook("%%asset triple\nrate * 3").text


def test_a_new_key_that_captures_a_variable_names_who_read_it(notebook: Notebook) -> None:
    """Bodies that read a variable of that name read the asset from now on, and are named."""
    notebook("rate = 5")
    notebook("%%asset double\nrate * 2")
    ran = notebook("%%asset rate\n1")
    assert "`double` read a variable `rate` so far, and now reads the asset." in ran.text
    notebook("%materialize double")
    assert notebook("double").value == 2


def test_a_body_that_reads_a_derived_variable_is_warned(notebook: Notebook) -> None:
    """A variable that a cell computed from an asset is not followed: it is named with its cell."""
    notebook("%%asset orders\n[1, 2]")
    notebook("import math\ntop = max(orders)\nfurther = top + 1")
    ran = notebook("%%asset more\nmath.sqrt(further)")
    assert ran.text.splitlines()[-1] == (
        "`further` was computed in cell [3] from `orders`, which is not followed through a "
        "variable: make `further` an asset."
    )


def test_a_variable_of_its_own_is_no_derived_one(notebook: Notebook) -> None:
    """Binding the variable anew, from nothing, takes the warning away."""
    notebook("%%asset orders\n[1, 2]")
    notebook("top = max(orders)")
    notebook("top = 2")
    assert "computed in" not in notebook("%%asset more\ntop + 1").text


def test_a_key_in_a_text_is_a_hidden_dependency(notebook: Notebook) -> None:
    """A query in a text that names an asset gets the `--deps` that makes it an input."""
    notebook("%%asset orders\n[1]")
    ran = notebook("%%asset found\nlen('select * from orders')")
    assert ran.text.splitlines()[-1] == (
        "The text on line 2 names `orders`, which is an asset and no input here: "
        "`--deps orders` makes it one."
    )
    assert "The text" not in notebook("%%asset f2 --deps orders\nlen('from orders')").text


def test_the_label_of_a_column_is_no_dependency(notebook: Notebook) -> None:
    """A text that is a key and nothing more is most often a column."""
    notebook("%%asset orders\n[1]")
    notebook("%%asset table\n{'orders': 1}")
    assert "The text" not in notebook("%%asset found\ntable['orders']").text


def test_a_file_that_is_not_watched_is_named(
    notebook: Notebook, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A text that names a file for passing use gets the `--reads` that watches it."""
    path = tmp_path_factory.mktemp("passing") / "data.csv"
    path.write_text("1")
    os.utime(path, (1, 1))
    body = f"import os\nos.path.getsize('{path}')"
    told = f"`{path}` is a file that is not watched: `--reads {path}` makes `feed` stale"
    assert told in notebook(f"%%asset feed\n{body}").text
    assert "not watched" not in notebook(f"%%asset feed2 --reads {path}\n{body}").text


def test_a_file_that_is_named_in_full_is_watched(notebook: Notebook, tmp_path: Path) -> None:
    """Below the notebook it is known by its relative name."""
    path = tmp_path / "data.csv"
    path.write_text("1")
    ran = notebook(f"%%asset feed\nfrom pathlib import Path\nPath('{path}').read_text()")
    assert "not watched" not in ran.text
    path.write_text("2")
    assert notebook.state("feed") == "stale"


def test_assets_that_a_helper_reads_are_inputs(notebook: Notebook) -> None:
    """They are parents of the asset, shown with the helper that reads them."""
    notebook("def worst(): return min(orders)")
    notebook("%%asset orders\n[3, 1]")
    notebook("%%asset lowest\nworst()")
    (read,) = notebook.workspace.graph.node(AssetKey("lowest")).inputs
    assert (str(read.key), read.via) == ("orders", "worst")
    assert "via worst" in notebook("%asset lowest").html
    notebook("%%asset orders\n[3, 0]")
    notebook("%materialize lowest")
    assert notebook("lowest").value == 0


def test_what_a_body_changes_in_place_is_reported(notebook: Notebook) -> None:
    """The change stays in the body, and is told with asset and input."""
    notebook("%%asset rows\n[1]")
    ran = notebook("%%asset more\nrows.append(2)\nrows")
    assert "`more` changed its input `rows` in place; the change stayed in that body." in ran.text
    assert notebook("rows, more").value == ([1], [1, 2])


def test_a_forgotten_asset_is_no_name_any_more(notebook: Notebook) -> None:
    """`%forget` takes it out of the graph and out of the names."""
    notebook("%%asset orders\n1", cell="a")
    assert "`orders` is forgotten. Its values stay until `dagbook gc`." in (
        notebook("%forget orders").text
    )
    assert isinstance(notebook("orders", fails=True).error, NameError)
    assert "left the graph" not in notebook("%%asset other\n1", cell="a").text


@pytest.mark.parametrize("text", ["%%asset x\n1 +", "%%asset x --what\n1"])
def test_a_cell_that_was_not_accepted_is_told(notebook: Notebook, text: str) -> None:
    """What stands on the screen is not what counts, until the cell is accepted again."""
    told = "`x` is still what cell [2] defined: its cell was changed, and failed"
    notebook("%%asset x\n1", cell="a")
    notebook(text, cell="a", fails=True)
    for magic in ("%stale", "%asset", "%asset x"):
        assert str(notebook(magic).value).startswith(told)
    assert told in notebook("%materialize").text
    notebook("%%asset x\n1", cell="a")
    assert told not in str(notebook("%stale").value)


def test_what_would_be_restored_is_not_said_to_be_made(notebook: Notebook) -> None:
    """A kept result of the same code costs nothing."""
    notebook("%%asset x\n1", cell="a")
    notebook("%%asset x\n2", cell="a")
    said = str(notebook("%%asset x --lazy\n1", cell="a").value)
    assert said.endswith("Registered. `%materialize x` takes its kept result at once.")


def test_an_upstream_without_a_value_is_missing_and_not_stale(notebook: Notebook) -> None:
    """Each is told by its own state."""
    notebook("%%asset up\n1", cell="a")
    notebook("%%asset down\nup + 1", cell="b")
    notebook("%%asset new --lazy\n5", cell="c")
    notebook("%%asset down\nup + new", cell="b")
    assert notebook.workspace.status("down").why.endswith("upstream is missing (new)")
