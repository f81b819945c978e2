"""Multi-assets, ops and graphs of ops, defined by cells."""

from __future__ import annotations

import pytest

from tests.notebook.shells import Notebook


def test_the_locals_of_the_names_are_the_assets(notebook: Notebook) -> None:
    """A multi-asset's cell is run like an asset's, and gives each name its value."""
    notebook("%%multi_asset low high\nnumbers = [3, 1, 2]\nlow = min(numbers)\nhigh = max(numbers)")
    assert notebook("(low, high)").value == (1, 3)


def test_a_subsettable_cell_yields_what_is_selected(notebook: Notebook) -> None:
    """One of its assets can be made alone."""
    notebook(
        "%%multi_asset low high --can-subset --lazy\n"
        "from dagbook import Output\n"
        "for name in sorted(context.selected_output_names):\n"
        "    yield Output(name, name)"
    )
    result = notebook("%materialize low").value
    assert [str(key) for key in result.materialized] == ["low"]


def test_ops_are_put_together_to_an_asset(notebook: Notebook) -> None:
    """Free names of a graph's body are ops, then assets; an op's parameters have defaults."""
    notebook("%%asset raw\n[3, 1, 2]")
    notebook("%%op ordered(rows, reverse=True)\nsorted(rows, reverse=reverse)")
    notebook("%%op first(rows)\nrows[0]")
    notebook("%%graph_asset biggest\nfirst(ordered(raw))")
    assert notebook("biggest").value == 3


def test_an_op_with_several_outputs_gives_the_locals_of_their_names(notebook: Notebook) -> None:
    """One that need not be given skips what reads it."""
    notebook(
        "%%op split(numbers) --out odd, even?\n"
        "odd = [n for n in numbers if n % 2]\n"
        "if len(odd) < len(numbers):\n"
        "    even = [n for n in numbers if not n % 2]"
    )
    notebook("%%op numbers()\n[1, 3]")
    notebook("%%graph_multi_asset odds evens\nodds, evens = split(numbers())")
    assert notebook("odds").value == [1, 3]
    assert notebook.workspace.status("evens").last_run == "skipped"


def test_an_op_that_is_defined_anew_makes_its_assets_stale(notebook: Notebook) -> None:
    """The cell of the op says which assets use it, and by the words of elsewhere how they stand."""
    notebook("%%op one()\n1")
    notebook("%%graph_asset number\none()")
    notebook("%%graph_asset other --lazy\none()")
    said = "Op one is defined. Assets that use it: `number` (stale), `other` (missing)."
    assert str(notebook("%%op one()\n2").value) == said
    assert notebook.workspace.status("number").state == "stale"
    notebook("%materialize number")
    assert notebook("number").value == 2


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("one(limit)", "`limit` is a variable"),
        ("oen()", "`oen` is no op and no asset"),
        ("one() + 1", "can't be calculated with"),
    ],
)
def test_what_is_no_op_and_no_asset_is_an_error(
    notebook: Notebook, body: str, problem: str
) -> None:
    """Variables have no place in the body of a graph, nor have handles used as values."""
    notebook("limit = 3")
    notebook("%%op one()\n1")
    assert problem in notebook.message(f"%%graph_asset number\n{body}")


def test_the_ops_of_a_run_show_in_its_history(notebook: Notebook) -> None:
    """Each by its step key, above the asset that it made."""
    notebook("%%op one()\n1")
    notebook("%%graph_asset number\none()")
    shown = notebook("%runs " + notebook.workspace.store.log.runs(None)[0].run_id)
    assert "number.one" in str(shown.data["text/plain"])


GRAPH = ["%%op one()\n1", "%%op two(number)\nnumber + 1", "%%graph_asset number\ntwo(one())"]


def test_a_picture_opens_an_asset_into_its_ops(notebook: Notebook) -> None:
    """`%dag --expand` draws the ops with what became of them; without it they are only counted."""
    for cell in GRAPH:
        notebook(cell)
    assert ">✓ fresh · 2 ops<" in notebook("%dag").value.svg
    svg = notebook("%dag --expand number").value.svg
    assert all(words in svg for words in (">one<", ">two<", ">✓ ran<", ">graph number, 2 ops<"))
    error = notebook("%dag --expand numbre", fails=True).error
    assert "Did you mean `number`?" in str(error)


def test_an_asset_shows_the_ops_that_make_it(notebook: Notebook) -> None:
    """`%asset` has a row for each op; a multi-asset says what is made together with it."""
    for cell in [*GRAPH, "%%multi_asset low high\nlow, high = 1, number"]:
        notebook(cell)
    assert "two  number.two  number from one  number  ✓ ran" in str(notebook("%asset number").value)
    assert "made together with high" in str(notebook("%asset low").value)


def test_a_plan_lists_ops_and_what_is_left_out(notebook: Notebook) -> None:
    """The steps of the ops below their asset; a part of a multi-asset is told as one."""
    for cell in [*GRAPH[:2], GRAPH[2].replace("number\n", "number --lazy\n", 1)]:
        notebook(cell)
    notebook(
        "%%multi_asset low high --can-subset --lazy\nfrom dagbook import Output\nyield Output(1, 'low')"
    )
    shown = notebook("%materialize number or low --dry-run").data["text/plain"]
    assert "↳ number.one" in shown
    assert "1 of 2 assets, without high" in shown


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (
            "%%multi_asset low high\nlow = 1",
            "InvalidDefinition: low_high: its body may end without a value for `high`. "
            "Assign it to `high`, or yield it.\n  cell [3], line 1",
        ),
        (
            "%%op ends(x) --out low, high\nif x:\n    low = high = 1",
            "FaultyDefinition: ends has 2 faults:\n"
            "1. ends: its body may end without a value for `low`. Assign it to `low`, or yield it.\n"
            "2. ends: its body may end without a value for `high`. Assign it to `high`, or yield it."
            "\n  cell [3], line 1",
        ),
        (
            "%%graph_asset total\none() + 1",
            "HandleIsNoValue: the output `result` of `one` has no value while the graph is put "
            "together, so that it can't be calculated with. Do that inside an op, and hand the "
            "output to it.\n  cell [3], line 1",
        ),
    ],
)
def test_a_fault_of_a_body_names_its_cell(notebook: Notebook, cell: str, message: str) -> None:
    """When it is defined, and never in the middle of a run."""
    notebook("%%op one()\n1")
    assert notebook.message(cell) == message


def test_a_multi_asset_may_bind_only_what_it_is_asked_for(notebook: Notebook) -> None:
    """A local that is bound on a condition is a value where it is bound, and never an input."""
    body = "".join(
        f"\nif '{name}' in context.selected_output_names:\n    {name} = {value}"
        for name, value in (("left", 1), ("right", 2))
    )
    notebook(f"%%multi_asset left right --can-subset{body}")
    assert notebook("left, right").value == (1, 2)
    ran = notebook("%materialize right --only --force").value
    assert [str(key) for key in ran.materialized] == ["right"]


def test_a_part_that_is_fresh_needs_no_other(notebook: Notebook) -> None:
    """Only what is to run needs all that is made with it; the error says how to allow parts."""
    notebook("%%multi_asset left right\nleft, right = 1, 2")
    assert [str(key) for key in notebook("%materialize left").value.skipped] == ["left"]
    message = notebook.message("%materialize left --force")
    assert message.endswith("or allow parts by `--can-subset`, in Python `can_subset=True`.")


def test_what_was_made_unasked_is_told_below_the_table(notebook: Notebook) -> None:
    """The warning stands where the run is shown, and in its result."""
    notebook("%%multi_asset left right --can-subset\nleft, right = 1, 2", cell="a")
    ran = notebook("%materialize left --force")
    assert "although it was not selected" in ran.data["text/plain"]
    assert len(ran.value.warnings) == 1


def test_an_op_has_a_description(notebook: Notebook) -> None:
    """As an option, or as the first text of its body."""
    notebook("%%op twice(x)\n#| description: doubles it\n2 * x")
    notebook("%%op thrice(x)\n'triples it'\n3 * x")
    assert notebook("twice.description, thrice.description").value == ("doubles it", "triples it")
