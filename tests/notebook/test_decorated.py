"""Definitions that decorators make in ordinary cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.notebook.shells import Notebook

DECORATED = """
from dagbook import asset, asset_check

@asset(group_name="raw")
def orders():
    return [1, 2]

@asset
def total(orders):
    return sum(orders)

@asset_check(asset=total)
def positive(total):
    return total > 0
"""


def test_decorated_functions_join_the_graph(notebook: Notebook) -> None:
    """Assets and checks of an ordinary cell are materialized like those of cells."""
    notebook(DECORATED)
    result = notebook("%materialize total").value
    assert [str(key) for key in result.materialized] == ["orders", "total"]
    assert [verdict.passed for verdict in result.checks] == [True]


def test_a_definition_has_its_value(notebook: Notebook) -> None:
    """The name is the definition, `.value` its value, and other attributes say so."""
    notebook(DECORATED)
    notebook("%materialize")
    assert notebook("total.value").value == 3
    message = notebook.message("total.mean()")
    assert "is a definition and has no `mean`; its value is `.value`" in message


def test_cells_and_decorated_functions_read_each_other(notebook: Notebook) -> None:
    """One graph holds both kinds."""
    notebook(DECORATED)
    notebook("%materialize orders")
    notebook("%%asset first\norders[0]")
    notebook("@asset\ndef more(first):\n    return first + 1")
    notebook("%materialize more")
    assert notebook.workspace.value("more") == 2


def test_a_loop_defines_each_of_its_assets(notebook: Notebook) -> None:
    """Definitions that are bound to one name after the other all count."""
    notebook(
        "from dagbook import asset\n"
        "for region in ('north', 'south'):\n"
        "    @asset(name=f'sales_{region}')\n"
        "    def sales(region=region):\n"
        "        return region"
    )
    notebook("%materialize")
    assert notebook("sales_north, sales_south").value == ("north", "south")


def test_a_factory_defines_its_assets(notebook: Notebook) -> None:
    """Definitions made inside a function of the notebook count, whether they are bound or not."""
    notebook(
        "from dagbook import asset\n"
        "def make(name, value):\n"
        "    @asset(name=name)\n"
        "    def made():\n"
        "        return value\n"
        "    return made\n"
        "all_of_them = [make(f'n{i}', i) for i in range(3)]"
    )
    notebook("%materialize")
    assert notebook("n0, n1, n2").value == (0, 1, 2)


def test_a_modules_definitions_count_where_they_are_bound(
    notebook: Notebook, tmp_path: Path
) -> None:
    """Importing a definition brings it in; what the module keeps to itself stays out."""
    (tmp_path / "shop_assets.py").write_text(
        "from dagbook import asset\n@asset\ndef sold():\n    return 1\n"
        "@asset\ndef hidden():\n    return 2\n"
    )
    # Not '.': Python remembers the folder that it first stood for in this process.
    notebook(f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\nfrom shop_assets import sold")
    assert [str(key) for key in notebook.workspace.graph.keys] == ["sold"]
    notebook(f"sys.path.remove({str(tmp_path)!r})\ndel sys.modules['shop_assets']")


def test_a_renamed_function_leaves_no_old_asset(notebook: Notebook) -> None:
    """A cell whose functions take other names drops the old ones."""
    text = "from dagbook import asset\n@asset\ndef {}():\n    return 1"
    notebook(text.format("old"), cell="a")
    ran = notebook(text.format("new"), cell="a")
    assert "`old` left the graph: this cell now defines `new`." in ran.text
    assert [str(key) for key in notebook.workspace.graph.keys] == ["new"]


def test_a_function_that_is_commented_out_leaves_no_asset(notebook: Notebook) -> None:
    """Run twice the cell keeps it, also within another magic; without it, it and its name are gone."""
    text = "from dagbook import asset\n@asset\ndef old():\n    return 1"
    for same in (text, text, f"%%capture\n{text}", f"%%capture\n{text}", f"{text}\nx = 1"):
        assert "left the graph" not in notebook(same, cell="a").text
    ran = notebook("# @asset\n# def old(): return 1", cell="a")
    assert "`old` left the graph: this cell no longer defines it." in ran.text
    assert "name 'old' is not defined" in notebook.message("old", cell="b")


def test_what_was_imported_stays_when_its_cell_says_more(
    notebook: Notebook, tmp_path: Path
) -> None:
    """The import gives the same definition once more, and defines nothing anew."""
    (tmp_path / "kept_assets.py").write_text(
        "from dagbook import asset\n@asset\ndef sold():\n    return 1\n"
    )
    notebook(f"import sys\nsys.path.insert(0, {str(tmp_path)!r})")
    for text in ("from kept_assets import sold", "from kept_assets import sold\nx = 1"):
        assert "left the graph" not in notebook(text, cell="a").text
        assert [str(key) for key in notebook.workspace.graph.keys] == ["sold"]
    notebook(f"sys.path.remove({str(tmp_path)!r})\ndel sys.modules['kept_assets']")


@pytest.fixture
def sold(notebook: Notebook, tmp_path: Path) -> Iterator[Notebook]:
    """A notebook that can import two assets, `sold` and `shipped`, from `kept_assets`."""
    code = (
        "from dagbook import asset\n@asset\ndef sold(): return 1\n@asset\ndef shipped(): return 2\n"
    )
    (tmp_path / "kept_assets.py").write_text(code)
    notebook(f"import sys\nsys.path.insert(0, {str(tmp_path)!r})")
    yield notebook
    notebook(f"sys.path.remove({str(tmp_path)!r})\nsys.modules.pop('kept_assets', None)")


@pytest.mark.parametrize(
    "text",
    ["from kept_assets import sold", "from kept_assets import *", "%load_assets kept_assets"],
)
def test_what_a_cell_took_from_a_module_leaves_with_its_line(sold: Notebook, text: str) -> None:
    """Commented out it is gone, and in comments it is no code; without the sign it is back."""
    for _ in range(2):
        sold(text, cell="a")
        assert "sold" in map(str, sold.workspace.graph.keys)
        assert "`sold`" in sold(f"# {text}", cell="a").text
        assert not sold.workspace.graph.keys


def test_a_body_does_not_read_what_an_import_left_behind(sold: Notebook) -> None:
    """The name is gone with the asset, so that the reader's cell and its error tell of the name."""
    sold("from kept_assets import sold", cell="a")
    sold("# from kept_assets import sold", cell="a")
    told = sold("%%asset total\nsold + 1").text
    assert "Nothing is named `sold` yet." in told
    assert "NameError: name 'sold' is not defined" in sold.message("%materialize")


@pytest.mark.parametrize("head", ["", "%forget sold\n"])
def test_what_was_forgotten_is_back_with_its_import(sold: Notebook, head: str) -> None:
    """In another cell as well as in the one that forgets it."""
    sold("from kept_assets import sold", cell="a")
    sold("%forget sold")
    sold("from kept_assets import sold", cell="a")
    sold(f"{head}from kept_assets import sold", cell="a")
    assert [str(key) for key in sold.workspace.graph.keys] == ["sold"]
    assert sold("sold").value is not None


def test_a_body_is_told_that_a_name_is_a_definition(sold: Notebook) -> None:
    """Under another name than the asset's, with the option that hands the value on."""
    sold("from kept_assets import sold as s")
    hint = "`s` is the definition of `sold` in this body: `--ins s=sold` gives its value."
    assert hint in sold("%%asset total\ns + 1", fails=True).text
    assert hint not in sold("%%asset total --ins s=sold\ns + 1").text


def test_definitions_leave_with_their_line(notebook: Notebook) -> None:
    """Specs in it, too, which have no code of their own."""
    text = "from dagbook import AssetSpec, Definitions\nd = Definitions(assets=[AssetSpec('raw')])"
    notebook(text, cell="a")
    assert "`raw` left the graph" in notebook("# d = Definitions(…)", cell="a").text


@pytest.mark.parametrize("head", ["", "%%capture\n"])
def test_an_import_stays_beside_what_its_cell_defines(sold: Notebook, head: str) -> None:
    """Run once more, or with another import beside it, until it is taken out."""
    first, second = "from kept_assets import sold", "from kept_assets import shipped"
    own = "from dagbook import asset\n@asset\ndef own(sold): return 1"
    for lines in ((first, own), (first, own), (first, second, own), (first, second)):
        sold(head + "\n".join(lines), cell="a")
        assert "sold" in map(str, sold.workspace.graph.keys)
    sold(head + second, cell="a")
    assert [str(key) for key in sold.workspace.graph.keys] == ["shipped"]


def test_a_definition_that_cannot_be_is_told(notebook: Notebook) -> None:
    """A key that differs only by case is not taken in, and the cell says so."""
    notebook("%%asset orders\n1")
    ran = notebook("from dagbook import asset\n@asset\ndef Orders():\n    return 1")
    assert "DuplicateKey: `Orders` differs only by case from `orders`" in ran.text
    assert [str(key) for key in notebook.workspace.graph.keys] == ["orders"]


def test_a_faulty_definition_names_its_cell(notebook: Notebook) -> None:
    """The place is the cell as its reader knows it, and the line in it."""
    notebook("import dagbook as dg")
    told = notebook.message("x = 1\n@dg.asset(deps='abc')\ndef late():\n    return 1")
    assert told.splitlines()[-2:] == [
        "InvalidDefinition: late: deps='abc' is a bare string. Write deps=['abc'].",
        "  cell [3], line 2",
    ]


def test_an_observable_source_joins_the_graph(notebook: Notebook) -> None:
    """As decorated assets do; what waits for it is stale when it tells of other data."""
    notebook("import dagbook as dg\nday = '1'")
    notebook("@dg.observable_source_asset\ndef rates():\n    return dg.DataVersion(day)")
    notebook("%%asset prices --deps rates\n3")
    assert notebook.state("prices") == "fresh"
    notebook("day = '2'")
    assert (notebook.state("rates"), notebook.state("prices")) == ("external", "stale")


GRAPH = """
import dagbook as dg

@dg.op
def one():
    return 1

@dg.graph
def number():
    return one()

defs = dg.Definitions(assets=[dg.AssetsDefinition.from_graph(number)])
"""


def test_what_only_definitions_hold_joins_the_graph(notebook: Notebook) -> None:
    """Made within the call, and bound to no name of its own."""
    notebook(GRAPH)
    notebook("%materialize")
    assert notebook.workspace.value("number") == 1


def test_definitions_of_a_module_join_where_they_are_bound(
    notebook: Notebook, tmp_path: Path
) -> None:
    """The module's own are left out until the notebook names them."""
    (tmp_path / "project.py").write_text(GRAPH)
    notebook(f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import project")
    assert not notebook.workspace.graph.keys
    notebook("from project import defs")
    assert [str(key) for key in notebook.workspace.graph.keys] == ["number"]


def test_definitions_give_their_resources(notebook: Notebook) -> None:
    """To assets of other cells as well; a newer one of a name takes the older one's place."""
    notebook("import dagbook as dg\nclass Rate(dg.ConfigurableResource):\n    value: int")
    notebook("@dg.asset\ndef price(rate: Rate):\n    return rate.value")
    for value in (2, 3):
        notebook(f"defs = dg.Definitions(resources={{'rate': Rate(value={value})}})")
        notebook("%materialize price")
        assert notebook("price.value").value == value


def test_a_magic_of_the_same_cell_knows_what_was_defined_above_it(notebook: Notebook) -> None:
    """Without a cell of its own; what the cell still defines below joins at its end."""
    above, below = DECORATED.split("@asset_check")
    cell = f"{above}\n%materialize total\n@asset_check{below}"
    for _ in range(2):
        assert notebook(cell, cell="one").text.count("left the graph") == 0
        assert notebook.state("total") == "fresh"
        assert len(notebook.workspace.graph.checks) == 1


def test_what_such_a_cell_no_longer_defines_leaves_the_graph(notebook: Notebook) -> None:
    """It is known at the end of the cell, and told once."""
    first = (
        "from dagbook import asset\n@asset\ndef orders():\n    return [1]\n%materialize orders\n"
    )
    notebook(f"{first}@asset\ndef total(orders):\n    return 1", cell="one")
    told = "`total` left the graph: this cell now defines `orders`."
    assert told in notebook(first, cell="one").text
    assert [str(key) for key in notebook.workspace.graph.keys] == ["orders"]
