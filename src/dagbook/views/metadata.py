"""Shows metadata values, each by its kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from dagbook.definitions.metadata import MetadataValue
from dagbook.definitions.tables import TableColumn, TableColumnLineage, TableSchema
from dagbook.views.html import MONO, QUIET, code_of, html_of, line_of, picture_of, varies
from dagbook.views.lettering import cut
from dagbook.views.markdown import link_of, markdown_of
from dagbook.views.preview import safe_repr
from dagbook.views.quantities import moment, moment_utc
from dagbook.views.tables import table

SHORT = 120
GRID = (
    "display:grid;grid-template-columns:fit-content(35%) minmax(0,1fr);gap:3px 14px;"
    "align-items:start;margin:2px 0"
)


def metadata_html(metadata: Mapping[str, MetadataValue]) -> str:
    """The names and values below each other; empty where there are none."""
    if not metadata:
        return ""
    rows = "".join(
        f'<div style="{QUIET};overflow-wrap:anywhere">{line_of(name, 80)}</div>'
        f'<div style="min-width:0;overflow-wrap:anywhere">{value_html(value)}</div>'
        for name, value in metadata.items()
    )
    return f'<div style="{GRID}">{rows}</div>'


def value_html(item: MetadataValue) -> str:
    """One metadata value as HTML; a value that can't be shown by its kind shows as its repr."""
    try:
        return SHOWN.get(item.kind, _plain)(item.value)
    except Exception:
        return code_of(cut(safe_repr(item.value), 2_000))


def value_text(item: MetadataValue) -> str:
    """One metadata value as one line of text."""
    if item.kind == "png":
        return "picture"
    if item.kind in _SUMMARIES:
        return _SUMMARIES[item.kind](item.value)
    if item.kind == "json":
        return cut(_json(item.value), SHORT)
    return cut(_number(item.value), SHORT)


def _plain(value: Any) -> str:
    return line_of(_number(value))


def code_line(text: str) -> str:
    """One line in the letters of code."""
    return f'<code style="{MONO}">{line_of(text)}</code>'


def _number(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "nothing"}[value]
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _json_html(value: Any) -> str:
    if len(_json(value)) <= SHORT:
        return line_of(_json(value))
    return code_of(json.dumps(value, ensure_ascii=False, default=str, indent=2))


def _table_html(value: Any) -> str:
    view = table(
        [str(column) for column in value.columns],
        [[_number(cell) for cell in row] for row in value.rows],
    )
    return html_of(view)


def _schema_html(schema: TableSchema) -> str:
    rows = [[c.name, c.type, _rules(c), c.description or ""] for c in schema.columns]
    # A column of nothing only takes room.
    wanted = [i for i in range(4) if i < 2 or any(row[i] for row in rows)]
    heads = ("column", "type", "rules", "description")
    view = table(
        [heads[i] for i in wanted],
        [[row[i] for i in wanted] for row in rows],
        note="; ".join(schema.constraints.other),
    )
    return html_of(view)


def _rules(column: TableColumn) -> str:
    limits = column.constraints
    words = [] if limits.nullable else ["not null"]
    words += ["unique"] if limits.unique else []
    words += [f"{name}={value}" if value else name for name, value in column.tags.items()]
    return ", ".join([*words, *limits.other])


def _lineage_html(lineage: TableColumnLineage) -> str:
    rows = [
        [name, ", ".join([f"{dep.asset_key}.{dep.column_name}" for dep in deps])]
        for name, deps in lineage.deps_by_column.items()
    ]
    return html_of(table(["column", "comes from"], rows))


_SUMMARIES: Mapping[str, Callable[[Any], str]] = {
    "table": lambda value: f"table of {len(value.rows)} × {len(value.columns)}",
    "table_schema": lambda value: cut(
        ", ".join([f"{column.name} {column.type}" for column in value.columns]), SHORT
    ),
    "column_lineage": lambda value: f"lineage of {len(value.deps_by_column)} columns",
    "timestamp": lambda value: moment_utc(float(value)),
}


SHOWN: Mapping[str, Callable[[Any], str]] = {
    "md": lambda value: markdown_of(str(value)),
    "url": lambda value: link_of(str(value)),
    "png": lambda value: picture_of(bytes(value)),
    "json": _json_html,
    "table": _table_html,
    "table_schema": _schema_html,
    "column_lineage": _lineage_html,
    "asset": lambda value: code_line(str(value)),
    "path": lambda value: code_line(str(value)),
    "notebook": lambda value: code_line(str(value)),
    "run": lambda value: varies(str(value)),
    "timestamp": lambda value: varies(moment(float(value))),
}
