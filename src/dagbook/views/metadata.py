"""Shows metadata values, each by its kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from dagbook.definitions.metadata import MetadataValue
from dagbook.views.html import QUIET, code_of, html_of, line_of, picture_of, varies
from dagbook.views.lettering import cut
from dagbook.views.markdown import link_of, markdown_of
from dagbook.views.preview import safe_repr
from dagbook.views.quantities import moment
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
    if item.kind == "table":
        columns, rows = item.value
        return f"table of {len(rows)} × {len(columns)}"
    if item.kind == "json":
        return cut(_json(item.value), SHORT)
    return cut(_number(item.value), SHORT)


def _plain(value: Any) -> str:
    return line_of(_number(value))


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
    columns, rows = value
    view = table([str(c) for c in columns], [[_number(cell) for cell in row] for row in rows])
    return html_of(view)


SHOWN: Mapping[str, Callable[[Any], str]] = {
    "md": lambda value: markdown_of(str(value)),
    "url": lambda value: link_of(str(value)),
    "png": lambda value: picture_of(bytes(value)),
    "json": _json_html,
    "table": _table_html,
    "timestamp": lambda value: varies(moment(float(value))),
}
