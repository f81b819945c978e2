"""What a notebook gives to runs: I/O managers by `--io`, config by `--config`."""

from __future__ import annotations

import duckdb

from tests.notebook.shells import Notebook

WAREHOUSE = "import dagbook as dg\nwarehouse = dg.DuckDBIOManager(database='w.duckdb')"
ORDERS = "%%asset orders\nimport pandas as pd\npd.DataFrame({'n': [1, 2, 3]})"


def test_a_query_can_become_a_real_table(notebook: Notebook) -> None:
    """`--sql --io` with a variable of the notebook: the table is in the user's own database."""
    notebook(WAREHOUSE)
    notebook(ORDERS)
    notebook("%%asset shop/big --sql --io warehouse\nselect n from orders where n > 1")
    with duckdb.connect("w.duckdb") as connection:
        assert connection.sql("select sum(n) from w.shop.big").fetchall() == [(5,)]


def test_its_readers_read_the_table(notebook: Notebook) -> None:
    """Other cells, and names in ordinary cells, get what the manager keeps."""
    notebook(WAREHOUSE)
    notebook(ORDERS)
    notebook("%%asset big --sql --io warehouse\nselect n from orders where n > 1")
    notebook("%%asset total\nint(big.n.sum())")
    assert notebook("total").value == 5
    assert notebook("len(big)").value == 2
    assert "none but the newest" in notebook("%asset big").html


def test_what_is_gone_from_its_place_is_told_with_what_makes_it(notebook: Notebook) -> None:
    """Freshness does not look into a manager, so only `--force` makes the value again."""
    notebook("import dagbook as dg\nfiles = dg.ParquetIOManager('tables')")
    notebook(ORDERS.replace("%%asset orders", "%%asset orders --io files"))
    notebook("import pathlib; pathlib.Path('tables/orders.parquet').unlink()")
    told = notebook("orders", fails=True).text
    assert "is not in the I/O manager `files`. `%materialize orders --force` makes it." in told
    notebook("%materialize orders --force")
    assert notebook("len(orders)").value == 3


def test_an_unknown_manager_is_told_with_the_cell(notebook: Notebook) -> None:
    """With the variables that were perhaps meant."""
    notebook(WAREHOUSE)
    said = notebook.message("%%asset a --io warehose\n1")
    assert "names the I/O manager `warehose`, and there is none of that name" in said
    assert "Did you mean `warehouse`? Bind a variable `warehose` to one" in said
    notebook("number = 1")
    assert "is of type int" in notebook.message("%%asset a --io number\n1")


def test_config_is_given_by_a_variable(notebook: Notebook) -> None:
    """It holds from then on, and its change is told."""
    notebook(
        "import dagbook as dg\nclass Limits(dg.Config):\n    rows: int = 1\n"
        "@dg.asset\ndef table(config: Limits):\n    return [0] * config.rows"
    )
    notebook("two = {'ops': {'table': {'rows': 2}}}")
    notebook("%materialize table --config two")
    assert notebook.workspace.value("table") == [0, 0]
    notebook("three = dg.RunConfig(ops={'table': Limits(rows=3)})")
    assert "config changed (rows)" in notebook("%materialize table --config three --dry-run").html
    assert "names a variable that is not defined" in notebook.message(
        "%materialize table --config tow"
    )
