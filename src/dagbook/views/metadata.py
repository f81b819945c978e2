"""Shows metadata values, each by its kind."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

from dagbook.definitions.metadata import MetadataValue
from dagbook.definitions.tables import TableColumn, TableColumnLineage, TableSchema
from dagbook.views.html import MONO, NO_MATH, QUIET, code_of, html_of, line_of, picture_of, varies
from dagbook.views.lettering import cut
from dagbook.views.markdown import link_of, markdown_of
from dagbook.views.preview import safe_repr
from dagbook.views.quantities import moment, moment_utc
from dagbook.views.tables import Column, table, without_empty_columns

SHORT = 120
# Characters on a line of JSON.
WIDE = 88
# More columns of a table are only counted.
COLUMNS = 16
# The kinds that a line of text can't show.
RICH = frozenset({"md", "png", "json", "table", "table_schema", "column_lineage"})
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
    return f'<div class="dagbook-metadata {NO_MATH}" style="{GRID}">{rows}</div>'


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
    return code_of(_json_lines(value, ""))


def _json_lines(value: Any, indent: str) -> str:
    """JSON over several lines, in which what is short stands on one, and plain lists fill theirs."""
    whole = _json(value)
    if len(whole) + len(indent) <= WIDE or not isinstance(value, (dict, list, tuple)):
        return whole
    inner = indent + "  "
    if isinstance(value, dict):
        # By way of JSON, so that a key is written as there, whatever it is.
        names = [json.dumps(str(name), ensure_ascii=False) for name in value]
        parts = [
            f"{inner}{name}: {_json_lines(one, inner)}"
            for name, one in zip(names, value.values(), strict=True)
        ]
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
    if not any(isinstance(one, (dict, list, tuple)) for one in value):
        filled = textwrap.fill(
            ", ".join(map(_json, value)),
            width=WIDE,
            initial_indent=inner,
            subsequent_indent=inner,
            break_long_words=False,
            break_on_hyphens=False,
        )
        return f"[\n{filled}\n{indent}]"
    return "[\n" + ",\n".join(inner + _json_lines(one, inner) for one in value) + f"\n{indent}]"


def _table_html(value: Any) -> str:
    hidden = [""] if len(value.columns) > COLUMNS else []
    rows = [[*map(_number, row[:COLUMNS]), *hidden] for row in value.rows]
    columns = [
        Column(name=str(name), right=_is_numeric([row[i] for row in value.rows]))
        for i, name in enumerate(value.columns[:COLUMNS])
    ]
    columns += [Column(name=f"… {len(value.columns) - COLUMNS} more") for _ in hidden]
    return html_of(table(columns, rows))


def _is_numeric(cells: list[Any]) -> bool:
    """Whether a column holds numbers, besides what is missing."""
    there = [cell for cell in cells if cell is not None]
    return bool(there) and all(
        isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in there
    )


def _schema_html(schema: TableSchema) -> str:
    rows = [[c.name, c.type, _rules(c), _tags(c), c.description or ""] for c in schema.columns]
    heads = ("column", "type", "rules", "tags", "description")
    view = table(heads, rows, note="; ".join(schema.constraints.other))
    return html_of(without_empty_columns(view) if rows else view)


def _rules(column: TableColumn) -> str:
    limits = column.constraints
    words = [] if limits.nullable else ["not null"]
    words += ["unique"] if limits.unique else []
    return ", ".join([*words, *limits.other])


def _tags(column: TableColumn) -> str:
    return ", ".join(f"{name}={value}" if value else name for name, value in column.tags.items())


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
