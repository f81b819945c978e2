"""Reads what cells have set and made in DuckDB's default connection, where queries of bodies run."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

from dagbook.versions.libraries import Library, Settings, Shown

# The settings that show in results; all else is how and how fast it is done, and what is told.
_SHOWN = """
Calendar TimeZone arrow_large_buffer_size arrow_lossless_conversion arrow_output_list_view
arrow_output_version binary_as_string current_dialect default_collation default_null_order
default_order dialect_compatibility_mode disable_timestamptz_casts error_on_division_by_zero
file_search_path ieee_floating_point_ops integer_division json_geometry_format
old_implicit_casting order_by_non_integer_literal pandas_analyze_sample pivot_limit
preserve_identifier_case preserve_insertion_order produce_arrow_string_view
python_enable_replacements python_scan_all_frames regex_match_operator_semantics
scalar_subquery_error_on_multiple_rows schema search_path
"""
_SETTINGS = "SELECT name, value FROM duckdb_settings() WHERE name IN ({})".format(
    ", ".join(f"'{name}'" for name in _SHOWN.split())
)
_ALIKE = {"ASC": "ASCENDING", "DESC": "DESCENDING"}
# What a query may name that no file holds; a sequence is another one whenever it was asked.
_HELD = (
    "WITH memory AS (SELECT database_name FROM duckdb_databases() WHERE path IS NULL)"
    " SELECT 'view ' || view_name, sql FROM duckdb_views()"
    " WHERE NOT internal AND database_name IN (FROM memory)"
    " UNION ALL SELECT 'type ' || type_name, logical_type || ' ' || coalesce(labels::VARCHAR, '')"
    " FROM duckdb_types() WHERE NOT internal AND database_name IN (FROM memory)"
    " UNION ALL SELECT 'variable ' || name, type || ' ' || value FROM duckdb_variables()"
    " UNION ALL SELECT 'sequence ' || sequence_name, '' FROM duckdb_sequences()"
    " WHERE database_name IN (FROM memory)"
)
_FUNCTIONS = "SELECT function_name FROM duckdb_functions()"
_CALLED = (
    "SELECT function_name, function_type, string_agg("
    "parameters::VARCHAR || ' ' || coalesce(macro_definition, ''), '; ' ORDER BY function_oid)"
    " FROM duckdb_functions() WHERE lower(function_name) IN ({}) GROUP BY ALL"
)
_MACROS = frozenset({"macro", "table_macro"})
# What the settings were when DuckDB could be asked last: while a result is unfinished it can't.
_last: list[Settings] = []


def default_connection() -> Any:
    """The connection of `duckdb.sql`; the module must be loaded."""
    return vars(sys.modules["duckdb"])["connect"](":default:")


def _asked(query: str, connection: Any = None) -> list[Any]:
    connection = default_connection() if connection is None else connection
    rows: list[Any] = connection.sql(query).fetchall()
    return rows


def _now() -> Settings | None:
    if "duckdb" not in sys.modules:
        return None
    try:
        _last[:] = [{name: _ALIKE.get(value, value) for name, value in _asked(_SETTINGS)}]
    except Exception:  # it is in use
        return _last[0] if _last else None
    return _last[0]


@cache
def _came() -> Settings:
    with vars(sys.modules["duckdb"])["connect"](":memory:") as other:
        return dict(_asked(_SETTINGS, other))


def _shown(_name: str, _value: Any) -> Shown:
    return "duckdb"


def _put(values: Settings) -> None:
    connection = default_connection()
    for name, value in values.items():
        text = str(value).replace("'", "''")
        as_it_came = value == _came().get(name)
        connection.execute(f"RESET {name}" if as_it_came else f"SET {name} = '{text}'")


DATABASE = Library("duckdb", _now, _came, _shown, _put, "database")


def held() -> Mapping[str, str]:
    """What the default connection holds besides tables, as `kind name`, and what it says."""
    return {name: str(text) for name, text in _asked(_HELD)}


def functions(words: frozenset[str]) -> Mapping[str, str | None]:
    """The functions among these words that DuckDB does not come with: what macros say, else None."""
    others = words - _builtin()
    if not others:
        return {}
    listed = ", ".join(f"'{name}'" for name in sorted(others))
    found = _asked(_CALLED.format(listed))
    return {f"macro {name}": text if kind in _MACROS else None for name, kind, text in found}


@cache
def _builtin() -> frozenset[str]:
    with vars(sys.modules["duckdb"])["connect"](":memory:") as other:
        return frozenset(name.lower() for (name,) in _asked(_FUNCTIONS, other))


def held_now(name: str) -> str | None:
    """What the default connection holds by this `kind name`; None where there is no such thing."""
    if "duckdb" not in sys.modules:
        return None
    kind, _, bare = name.partition(" ")
    try:
        found = functions(frozenset({bare.lower()})) if kind == "macro" else held()
    except Exception:  # it is in use, so that it can't be known
        return None
    return found.get(name)
