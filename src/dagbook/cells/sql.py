"""A SQL body read: its one query, the tables and files that it reads, its canonical text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dagbook.cells.body import raise_faults
from dagbook.cells.moments import may_read_zone, moments_in
from dagbook.cells.options import leading_options
from dagbook.errors.base import Place
from dagbook.errors.cells import NotOneQuery, SqlSyntaxError, UnnamedPlaceholder
from dagbook.records import dataclass

# Words that DuckDB takes as a name only in quotes: their case carries no meaning, where that of
# any other word may be the case of a column of the result.
RESERVED_WORDS = """
ALL AND ANY AS ASC BOTH CASE CAST CHECK COLLATE COLUMN CONSTRAINT CREATE DEFAULT DESC DISTINCT
ELSE END EXCEPT FALSE FETCH FOR FOREIGN FROM GROUP HAVING IN INTERSECT INTO LATERAL LEADING LIMIT
NOT NULL OFFSET ON ONLY OR ORDER PRIMARY QUALIFY REFERENCES RETURNING SELECT SOME TABLE THEN TO
TRAILING TRUE UNION UNIQUE USING WHEN WHERE WINDOW WITH
"""
# The canonical text begins a line with these, so that a diff of two versions can be read.
CLAUSE_WORDS = "FROM WHERE GROUP HAVING ORDER LIMIT UNION EXCEPT INTERSECT QUALIFY WINDOW SELECT"
READER_NAMES = """
read_csv read_csv_auto read_parquet parquet_scan read_json read_json_auto read_ndjson
read_ndjson_auto read_json_objects read_ndjson_objects read_text read_blob read_xlsx glob
sniff_csv parquet_metadata parquet_schema st_read iceberg_scan delta_scan sqlite_scan
"""
_RESERVED = frozenset(RESERVED_WORDS.split())
_CLAUSES = frozenset(CLAUSE_WORDS.split())
_READERS = frozenset(READER_NAMES.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRead:
    """A table that a query reads, each once: the parts of its name, and where it stands first."""

    path: tuple[str, ...]
    place: Place

    @property
    def name(self) -> str:
        """The name as text, the parts joined by slashes as in an asset's key."""
        return "/".join(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryAnalysis:
    """One query: its text as written, without what is for the magic, and what it reads.

    `moments` is what gives another result in every run; `zoned`: the time zone of the machine may
    count, whatever the inputs hold.
    """

    text: str
    canonical: str
    tables: tuple[TableRead, ...]
    files: tuple[str, ...]
    placeholders: tuple[str, ...]
    ordered: bool
    moments: tuple[str, ...] = ()
    zoned: bool = False


def parse_query(text: str, first_line: int = 1, *, name: str, where: str = "cell") -> QueryAnalysis:
    """Read a SQL body, which must be exactly one query.

    Args:
        text: the body, with its leading `#|` lines if it has some.
        first_line: the line of the cell on which the body begins, counted from 1.
        name: what messages call the asset or the check.
        where: what messages call the cell.

    Returns:
        The query and what it reads.

    Raises:
        SqlSyntaxError: the text is not SQL, with its place in the cell.
        NotOneQuery: no statement, several, or one that is no query.
        UnnamedPlaceholder: a `?` or `$1`.

    Example:
        >>> query = parse_query("from orders where day > $since", name="late")
        >>> [table.name for table in query.tables], query.placeholders
        (['orders'], ('since',))
    """
    sql = _without_options(text)
    body = _Body(sql, first_line, where)
    tokens = _tokens(body)
    tree = _one_query(body)
    raise_faults(name, _unnamed(body, tokens))
    files = tuple(dict.fromkeys(_files(body, tree)))
    return QueryAnalysis(
        text=sql,
        canonical=_canonical(sql, tokens),
        tables=tuple(_tables(body, tree)),
        files=files,
        placeholders=tuple(dict.fromkeys(_placeholders(tokens))),
        ordered=tree.args.get("order") is not None,
        moments=tuple(dict.fromkeys(moments_in(tokens, tree))),
        zoned=bool(files) or may_read_zone(sql, tree),
    )


@dataclass(frozen=True, slots=True)
class _Body:
    """A query's text, from whose offsets places are made."""

    sql: str
    first_line: int
    where: str

    def place(self, start: int, end: int | None = None) -> Place:
        begin = self.sql.rfind("\n", 0, start) + 1
        stop = self.sql.find("\n", begin)
        line = self.sql[begin:] if stop < 0 else self.sql[begin:stop]
        return Place(
            where=self.where,
            line=self.first_line + self.sql.count("\n", 0, start),
            column=start - begin,
            end_column=None if end is None else min(end - begin, max(len(line), 1)),
            text=line,
        )


def _without_options(text: str) -> str:
    """The text with its `#|` lines emptied, which no SQL parser takes; lines keep their numbers."""
    numbers = {option.number for option in leading_options(text)}
    lines = text.split("\n")
    return "\n".join("" if at in numbers else line for at, line in enumerate(lines, 1))


def _tokens(body: _Body) -> list[Any]:
    from sqlglot.dialects.duckdb import DuckDB
    from sqlglot.errors import TokenError

    try:
        return list(DuckDB().tokenize(body.sql))
    except TokenError:
        place = body.place(*_open_quote(body.sql))
        raise SqlSyntaxError(place=place, problem="a quote or comment stays open") from None


def _open_quote(sql: str) -> tuple[int, int]:
    """Where the quote or comment begins that is never closed."""
    position = 0
    while position < len(sql):
        for opening, closing in (("--", "\n"), ("/*", "*/"), ("'", "'"), ('"', '"')):
            if sql.startswith(opening, position):
                end = sql.find(closing, position + len(opening))
                if end < 0:
                    return position, position + len(opening)
                position = end + len(closing)
                break
        else:
            position += 1
    return max(0, len(sql.rstrip()) - 1), len(sql)


def _one_query(body: _Body) -> Any:
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import ErrorLevel, ParseError

    try:
        parsed = sqlglot.parse(body.sql, dialect="duckdb", error_level=ErrorLevel.IMMEDIATE)
    except ParseError as error:
        raise _syntax_error(body, error) from None
    except RecursionError:
        problem = "it is too deeply nested"
        raise SqlSyntaxError(place=body.place(0), problem=problem) from None
    trees = [tree for tree in parsed if tree is not None and not isinstance(tree, exp.Semicolon)]
    if len(trees) != 1:
        raise NotOneQuery(place=body.place(0), count=len(trees), kind="")
    tree: Any = trees[0]
    asks = (exp.Query, exp.Values, exp.Pivot, exp.Summarize, exp.Describe)
    writes = isinstance(tree, exp.Select) and tree.args.get("into") is not None
    if writes or not isinstance(tree, asks):
        kind = str(tree.this) if isinstance(tree, exp.Command) else tree.key.upper()
        kind = "an expression" if isinstance(tree, exp.Condition) else kind
        first = len(body.sql) - len(body.sql.lstrip())
        raise NotOneQuery(place=body.place(first), count=1, kind=kind)
    return tree


def _syntax_error(body: _Body, error: Any) -> SqlSyntaxError:
    """The parser's first complaint, in its words, at the place that it names."""
    found = error.errors[0] if error.errors else {}
    lines = body.sql.split("\n")
    line = min(max(found.get("line") or 1, 1), len(lines))
    marked = found.get("highlight") or ""
    end = found.get("col") or 0  # the parser counts to the end of the word
    start = sum(len(before) + 1 for before in lines[: line - 1]) + max(0, end - len(marked))
    problem = f"unexpected `{marked}`" if marked else "it ends too early"
    return SqlSyntaxError(place=body.place(start, start + len(marked)), problem=problem)


def _tables(body: _Body, tree: Any) -> Iterator[TableRead]:
    """The tables that are neither a CTE in sight, nor a function, nor a file."""
    from sqlglot import exp

    seen = set()
    nodes = [node for node in tree.find_all(exp.Table) if isinstance(node.this, exp.Identifier)]
    for node in sorted(nodes, key=lambda node: node.this.meta.get("start", 0)):
        path = tuple(part.name for part in node.parts)
        folded = tuple(part.casefold() for part in path)
        if folded in seen or _is_file(body, node) or (len(path) == 1 and _is_cte(node)):
            continue
        seen.add(folded)
        start, end = node.parts[0].meta.get("start", 0), node.this.meta.get("end", 0)
        yield TableRead(path=path, place=body.place(start, end + 1))


def _is_file(body: _Body, table: Any) -> bool:
    """Whether the name stands in single quotes, which make it a path."""
    start = table.this.meta.get("start")
    return start is not None and body.sql[start] == "'"


def _is_cte(table: Any) -> bool:
    """Whether a `WITH` above the table defines its name, and does so before the table's place."""
    name, below, node = table.name.casefold(), table, table.parent
    while node is not None:
        clause = node if node.key == "with" else node.args.get("with_") or node.args.get("with")
        if clause is not None and clause is not below:
            recursive = bool(clause.args.get("recursive"))
            for cte in clause.expressions:
                if cte is below and not recursive:
                    break  # those from here on are not defined yet
                if cte.alias.casefold() == name:
                    return True
        if node.key != "with":
            below = node
        else:
            below, node = node, node.parent  # its CTEs have been looked at from inside
            if node is None:
                break
        node = node.parent
    return False


def _files(body: _Body, tree: Any) -> Iterator[str]:
    from sqlglot import exp

    for table in tree.find_all(exp.Table):
        if isinstance(table.this, exp.Identifier):
            if _is_file(body, table):
                yield table.name
        elif table.this is not None and _function_name(table.this) in _READERS:
            yield from _literals(table.this)


def _function_name(node: Any) -> str:
    from sqlglot import exp

    if isinstance(node, exp.Anonymous):
        return str(node.this).casefold()
    return str(node.sql_name()).casefold() if isinstance(node, exp.Func) else ""


def _literals(function: Any) -> Iterator[str]:
    """The texts of a function's first argument, itself a text or a list of them."""
    from sqlglot import exp

    first = function.this if isinstance(function.this, exp.Expression) else None
    first = first or next(iter(function.expressions), None)
    if first is not None:
        for literal in first.find_all(exp.Literal):
            if literal.is_string:
                yield literal.this


def _placeholders(tokens: Iterable[Any]) -> Iterator[str]:
    for sign, word in _parameters(tokens):
        if word is not None and word.text.isidentifier():
            yield sign.text[1:] or word.text


def _parameters(tokens: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """The `$` and `?` tokens, each with what follows it at once."""
    from sqlglot import TokenType

    listed = list(tokens)
    for token, after in zip(listed, [*listed[1:], None], strict=True):
        if token.token_type in (TokenType.PARAMETER, TokenType.PLACEHOLDER):
            yield token, after if after is not None and after.start == token.end + 1 else None


def _unnamed(body: _Body, tokens: list[Any]) -> Iterator[UnnamedPlaceholder]:
    for sign, word in _parameters(tokens):
        if word is None or sign.text == "?" or not word.text.isidentifier():
            last = sign if word is None or sign.text == "?" else word
            place = body.place(sign.start, last.end + 1)
            yield UnnamedPlaceholder(place=place, text=body.sql[sign.start : last.end + 1])


def _canonical(sql: str, tokens: list[Any]) -> str:
    """The tokens as written, without comments and spacing, reserved words in capitals.

    Printing the tree again would drop what the parser read but does not print, so that two
    different queries could come out equal; tokens lose nothing.
    """
    text = ""
    while tokens and tokens[-1].text == ";":
        tokens = tokens[:-1]
    for token in tokens:
        written = sql[token.start : token.end + 1]
        word = written.upper() if written.upper() in _RESERVED else written
        text += ("\n" if word in _CLAUSES else " ") + word
    return text.strip()
