"""Reads what cells have set and made in DuckDB's default connection, where queries of bodies run."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
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
    " SELECT 'view ' || view_name, concat_ws(' ', database_name, schema_name, sql)"
    " FROM duckdb_views() WHERE NOT internal AND database_name IN (FROM memory)"
    " AND NOT regexp_matches(sql, '(pandas|arrow)_scan')"
    " UNION ALL SELECT 'type ' || type_name, logical_type || ' ' || coalesce(labels::VARCHAR, '')"
    " FROM duckdb_types() WHERE NOT internal AND database_name IN (FROM memory)"
    " UNION ALL SELECT 'variable ' || name, type || ' ' || value FROM duckdb_variables()"
    " UNION ALL SELECT 'sequence ' || sequence_name, '' FROM duckdb_sequences()"
    " UNION ALL SELECT 'prepared ' || name, statement FROM duckdb_prepared_statements()"
    " UNION ALL SELECT 'database ' || database_name, path FROM duckdb_databases()"
    " WHERE NOT internal AND path IS NOT NULL"
    " UNION ALL SELECT 'table ' || table_name, '' FROM duckdb_tables()"
    " WHERE database_name IN (FROM memory)"
    " UNION ALL SELECT 'frame ' || view_name, '' FROM duckdb_views()"
    " WHERE NOT internal AND regexp_matches(sql, '(pandas|arrow)_scan')"
)
_FUNCTIONS = "SELECT function_name FROM duckdb_functions()"
_MADE = (
    "SELECT function_name, internal, concat_ws(' ', database_name, schema_name, parameters,"
    " macro_definition) FROM duckdb_functions() WHERE NOT internal OR extension_name IS NULL"
)
_COLUMNS = (
    "SELECT concat_ws(' ', database_name, schema_name, table_name, column_name, data_type)"
    " FROM duckdb_columns() WHERE NOT internal"
)
_ALL = "SELECT name, value FROM duckdb_settings()"
# What is asked here; a step that runs meanwhile has not asked it.
ASKED_HERE = frozenset({_SETTINGS, _HELD, _FUNCTIONS, _MADE, _COLUMNS, _ALL})
# No names: words that stand in most queries.
_SYNTAX = """
all and as asc between by case cast create cross desc distinct else end exists false from group
having if in inner into is join left like limit not null offset on or order outer over partition
replace right select set table temp then true union using values view when where with
"""
_NO_NAMES = frozenset(_SYNTAX.split())
_WORD = re.compile(r"\w+")
_TEXT = re.compile(r"'(?:[^']|'')*'|\$\$.*?\$\$", re.DOTALL)
# Numbers, and what DuckDB itself calls relations.
_NO_NAME = re.compile(r"\d|__duckdb_source_|unnamed_relation_")
_CALL = re.compile(r'(\w+)"?\s*\(')
# What the settings were when DuckDB could be asked last: while a result is unfinished it can't.
_last: list[Settings] = []


def default_connection() -> Any:
    """The connection of `duckdb.sql`; the module must be loaded."""
    return vars(sys.modules["duckdb"])["connect"](":default:")


def _asked(query: str, connection: Any) -> list[Any]:
    rows: list[Any] = connection.sql(query).fetchall()
    return rows


def _now() -> Settings | None:
    if "duckdb" not in sys.modules:
        return None
    try:
        _last[:] = [
            {
                name: _ALIKE.get(value, value)
                for name, value in _asked(_SETTINGS, default_connection())
            }
        ]
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


# ---------------------------------------------------------------- what cells have made there

# Names what queries ask of the settings, of all that there is, and by which names what is held.
SETTING, CATALOG, NAMED = "setting ", "catalog", "anything called "
# What was found last, by what was asked for; and what of that this look has asked for.
_found: dict[str, Mapping[str, str]] = {}
_fresh: set[str] = set()


def look_anew() -> None:
    """A new look begins: what was found before may be another by now."""
    _fresh.clear()


def held() -> Mapping[str, str]:
    """What the default connection holds besides data and functions, as `kind name`, and what it says."""
    return _once(_HELD, default_connection(), lambda rows: rows)


def functions(connection: Any = None) -> Mapping[str, str]:
    """The macros that cells have made there, and the functions, of which nothing more is known."""
    return _once(_MADE, default_connection() if connection is None else connection, _made)


def _made(rows: list[Any]) -> list[tuple[str, str]]:
    builtin = _builtin()
    macros = [(f"macro {name}", text) for name, internal, text in rows if not internal]
    others = [name for name, internal, _ in rows if internal and name.lower() not in builtin]
    return macros + [(f"function {name}", "") for name in others]


def _once(
    query: str, connection: Any, pairs: Callable[[list[Any]], list[tuple[str, str]]]
) -> Mapping[str, str]:
    known = connection is default_connection()
    if known and query in _fresh:
        return _found[query]
    try:
        rows = _asked(query, connection)
    except Exception:  # it is in use; another connection to it sees nothing that is only its own
        if known and query in _found:
            return _found[query]
        rows = _asked(query, connection.cursor())
    texts: dict[str, str] = {}
    for name, text in sorted(pairs(rows), key=str):
        # There may be several of a name, in several schemas.
        texts[name] = f"{texts[name]}; {text}" if name in texts else str(text)
    if known:
        _found[query] = texts
        _fresh.add(query)
    return texts


@cache
def _builtin() -> frozenset[str]:
    with vars(sys.modules["duckdb"])["connect"](":memory:") as other:
        return frozenset(name.lower() for (name,) in _asked(_FUNCTIONS, other))


def reached(
    said: str,
    held: Mapping[str, str],
    functions: Callable[[], Mapping[str, str]] = functions,
) -> dict[str, str]:
    """What of this queries name, themselves or by what they name in turn; functions are called.

    >>> held = {"view seen": "select plus(1)", "view apart": ""}
    >>> sorted(reached("from seen", held, lambda: {"macro plus": "x + 1"}))
    ['macro plus', 'view seen']
    """
    found: dict[str, str] = {}
    known: Mapping[str, str] = held
    todo = [said.lower()]
    for text in todo:  # which grows meanwhile
        words, called = {*_WORD.findall(text)}, {*_CALL.findall(text)}
        if called and known is held:
            known = {**held, **functions()}
        for name, says in known.items():
            kind, _, bare = name.lower().partition(" ")
            if kind in ("macro", "function") and bare.isidentifier():
                by_name = bare in called
            else:
                by_name = words.issuperset(_WORD.findall(bare))
            if name not in found and (by_name or (kind == "variable" and "getvariable" in words)):
                found[name] = says
                todo.append(says.lower())
    return found


def words_of(said: str) -> list[str]:
    """The words of queries by which something may be held, without their texts, which may be secret.

    >>> words_of("select UPPER(name) from seen where n = 'so'")
    ['n', 'name', 'seen', 'upper()']
    """
    text = _TEXT.sub("''", said.lower())
    called = {*_CALL.findall(text)}
    plain = {word for word in _WORD.findall(text) if not _NO_NAME.match(word)} - _NO_NAMES
    return sorted({f"{word}()" if word in called else word for word in plain})


def held_now(name: str) -> str | None:
    """What the default connection holds by this `kind name`; None where there is no such thing."""
    if "duckdb" not in sys.modules:
        return None
    try:
        if name.startswith(SETTING):
            return dict(_asked(_ALL, default_connection())).get(name.removeprefix(SETTING))
        if name.startswith(NAMED):
            return names(reached(name.removeprefix(NAMED), held()))
        if name == CATALOG:
            return catalog()
        return (functions() if name.startswith("macro ") else held()).get(name)
    except Exception:  # it is in use, so that it can't be known
        return None


def names(found: Mapping[str, str]) -> str | None:
    """What is held by some words, without what it says; None where that is nothing."""
    return ", ".join(sorted(one for one in found if not one.startswith("function "))) or None


def catalog() -> str:
    """All that there is, tables and their columns included, as queries may ask for it."""
    return repr(
        (sorted({**held(), **functions()}.items()), sorted(_asked(_COLUMNS, default_connection())))
    )


def settings_in(said: str) -> dict[str, str]:
    """The settings that queries name, by what they are now; all where they name none."""
    held = dict(_asked(_ALL, default_connection()))
    words = {*_WORD.findall(said.lower())}
    return {name: value for name, value in held.items() if name.lower() in words} or held
