"""Metadata: each Python value has a kind, comes back from the log, and is shown by its kind."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from matplotlib.figure import Figure
from PIL import Image

import dagbook as dg
from dagbook.errors.definitions import InvalidDefinition
from dagbook.events.encoding import decode_metadata, encode_metadata
from dagbook.views.metadata import value_html, value_text

SCHEMA = dg.TableSchema(
    [
        dg.TableColumn(
            "id",
            "int",
            description="the <b>order</b>",
            constraints=dg.TableColumnConstraints(nullable=False, unique=True, other=["> 0"]),
            tags={"pii": ""},
        ),
        dg.TableColumn("word"),
    ],
    constraints=dg.TableConstraints(["sorted"]),
)
LINEAGE = dg.TableColumnLineage({"id": [dg.TableColumnDep(["raw", "t"], "order_id")]})

VALUES: dict[str, tuple[Any, str, str]] = {
    "int": (3, "int", "3"),
    "float": (1.5, "float", "1.5"),
    "str": ("<i>", "text", "&lt;i&gt;"),
    "bool": (True, "bool", "yes"),
    "None": (None, "null", "nothing"),
    "dict": ({"a": [1]}, "json", "&quot;a&quot;"),
    "list": ([1, "x"], "json", "[1, &quot;x&quot;]"),
    "NumPy float": (np.float64(2.5), "float", "2.5"),
    "NumPy int": (np.int32(7), "int", "7"),
    "NumPy bool": (np.bool_(False), "bool", "no"),
    "pandas frame": (pd.DataFrame({"col": [1]}), "table", "<th"),
    "Polars frame": (pl.DataFrame({"col": [1]}), "table", "<th"),
    "figure": (Figure(figsize=(1, 1)), "png", "<img"),
    "picture": (Image.new("RGB", (2, 2)), "png", "<img"),
    "moment": (datetime(2024, 5, 2, tzinfo=UTC), "timestamp", "2024-05-02"),
    "key": (dg.AssetKey(["a", "b"]), "asset", "a/b"),
    "schema": (SCHEMA, "table_schema", "not null, unique, &gt; 0"),
    "lineage": (LINEAGE, "column_lineage", "raw/t.order_id"),
    "md": (dg.MetadataValue.md("**b** <script>"), "md", "<strong>b</strong> &lt;script&gt;"),
    "url": (dg.MetadataValue.url("https://x.org"), "url", '<a href="https://x.org"'),
    "no link": (dg.MetadataValue.url("javascript:alert(1)"), "url", "javascript:alert(1)"),
    "path": (dg.MetadataValue.path("/a/b"), "path", "/a/b"),
    "notebook": (dg.MetadataValue.notebook("n.ipynb"), "notebook", "n.ipynb"),
    "run": (dg.MetadataValue.dagster_run("r1"), "run", "r1"),
    "asset": (dg.MetadataValue.asset("orders"), "asset", "orders"),
    "timestamp": (dg.MetadataValue.timestamp(0.0), "timestamp", "1970-01-01"),
    "table": (
        dg.MetadataValue.table([dg.TableRecord({"word": "w", "id": 1})], schema=SCHEMA),
        "table",
        "<td",
    ),
}


@pytest.mark.parametrize("case", VALUES)
def test_each_value_has_a_kind_and_is_shown_by_it(case: str) -> None:
    """And it is the same after it was kept in the log."""
    value, kind, shown = VALUES[case]
    said = dg.MetadataValue.of(value)
    assert said.kind == kind
    assert decode_metadata(encode_metadata({"x": said})) == {"x": said}
    assert shown in value_html(said)
    assert "<script" not in value_html(said)
    assert "\n" not in value_text(said)


def test_a_table_has_the_columns_of_its_schema() -> None:
    """In their order; without one, those of the records."""
    records = [dg.TableRecord({"word": "w", "id": 1}), dg.TableRecord({"word": "v"})]
    assert dg.MetadataValue.table(records, SCHEMA).value.rows == ((1, "w"), (None, "v"))
    assert dg.MetadataValue.table(records).value.columns == ("word", "id")
    assert dg.MetadataValue.table(records[:1]).value.records == records[:1]


def test_a_record_holds_plain_values_only() -> None:
    """What can't be shown in a cell is refused with the name of its column."""
    with pytest.raises(InvalidDefinition) as caught:
        dg.TableRecord({"ok": 1, "bad": [1]})
    assert str(caught.value) == (
        "bad: a TableRecord can't hold a value of type list. "
        "Give text, a number, a boolean or None."
    )


def test_columns_of_recorded_schemas_can_be_selected() -> None:
    """`column:NAME` finds assets by the schema that they recorded."""

    @dg.asset
    def t() -> Any:
        return dg.MaterializeResult(metadata={"schema": SCHEMA})

    workspace = dg.materialize([t]).workspace
    assert workspace is not None
    assert workspace.select("column:id") == [t.key]
