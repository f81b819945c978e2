"""The faults that a cell's text can have, each with its place and what to do about it."""

from __future__ import annotations

from dagbook.errors.base import DagbookError, Place, did_you_mean
from dagbook.records import dataclass


@dataclass(eq=False, kw_only=True)
class CellError(DagbookError):
    """A fault in the text of a cell."""

    place: Place

    def sentence(self) -> str:
        """What is wrong and what to do, in words, without the place."""
        raise NotImplementedError

    def __str__(self) -> str:
        return f"{self.sentence()}\n  {self.place}"


@dataclass(eq=False, kw_only=True)
class BodySyntaxError(CellError):
    """The body is not valid Python."""

    problem: str

    def sentence(self) -> str:
        return f"The body is not valid Python: {self.problem}."


@dataclass(eq=False, kw_only=True)
class NoValue(CellError):
    """The body ends without giving the asset its value."""

    asset: str
    returns: bool = False

    def sentence(self) -> str:
        start = f"The body of `{self.asset}` "
        if self.returns:
            return (
                f"{start}returns a value on one path and can end without one on another: "
                "end it with the value, or with `return None` where that is meant."
            )
        return (
            f"{start}gives no value: end it with an expression, `return` or `yield` the value, "
            f"or assign it to `{self.asset}`. Write `None` as the last line where nothing is meant."
        )


@dataclass(eq=False, kw_only=True)
class NoVerdict(CellError):
    """The body of a check ends without a verdict."""

    check: str

    def sentence(self) -> str:
        return (
            f"The check `{self.check}` gives no verdict: end it with a bool, a frame of the rows "
            "that fail or an AssetCheckResult, or let it `assert` what must hold."
        )


@dataclass(eq=False, kw_only=True)
class UnboundValue(DagbookError):
    """The body ended, but on the path that it took it never bound the asset's own name."""

    asset: str

    def __str__(self) -> str:
        return (
            f"The body of `{self.asset}` ended without binding `{self.asset}`, which is its value: "
            f"bind `{self.asset}` on every path, or end the body with the value."
        )


@dataclass(eq=False, kw_only=True)
class SelfReference(CellError):
    """The body may read its own key before it binds it."""

    asset: str

    def sentence(self) -> str:
        return (
            f"The body of `{self.asset}` reads `{self.asset}` before binding it, and an asset cannot "
            "be its own input: for the value of the last run read `context.previous_value`; "
            "else use another name, or bind it first."
        )


@dataclass(eq=False, kw_only=True)
class ForbiddenStatement(CellError):
    """A statement that would let state leak out of, or into, the body unseen."""

    statement: str
    instead: str

    def sentence(self) -> str:
        return f"`{self.statement}` cannot stand in a body: {self.instead}."


@dataclass(eq=False, kw_only=True)
class ForbiddenName(CellError):
    """A read of the shell's record of earlier inputs or outputs."""

    name: str

    def sentence(self) -> str:
        return (
            f"A body cannot read `{self.name}`: it changes with every cell that is run. "
            "Give the value a name in a cell of its own, or make it an asset, and read that."
        )


@dataclass(eq=False, kw_only=True)
class DefinitionFaults(DagbookError):
    """Several faults of one definition, reported together."""

    name: str
    faults: tuple[DagbookError, ...]

    def __str__(self) -> str:
        lines = [f"`{self.name}` has {len(self.faults)} faults:"]
        for number, fault in enumerate(self.faults, 1):
            first, *rest = str(fault).splitlines()
            lines += [f"{number}. {first}", *(f"   {line}" for line in rest)]
        return "\n".join(lines)


@dataclass(eq=False, kw_only=True)
class HeaderError(CellError):
    """A fault in the line of a magic."""

    magic: str


@dataclass(eq=False, kw_only=True)
class UnclosedQuote(HeaderError):
    """A quote that is opened in a header and never closed."""

    quote: str

    def sentence(self) -> str:
        return f"{self.magic}: this {self.quote} is never closed."


@dataclass(eq=False, kw_only=True)
class EscapedQuote(HeaderError):
    """A backslash that was to keep a quote from ending its text."""

    quote: str

    def sentence(self) -> str:
        other = "'" if self.quote == '"' else '"'
        return (
            f"{self.magic}: a backslash does not keep {self.quote} from ending the text here: "
            f"put text with {self.quote} in {other}…{other}."
        )


@dataclass(eq=False, kw_only=True)
class UnknownOption(HeaderError):
    """An option that the magic does not have."""

    option: str
    known: tuple[str, ...]
    suggestions: tuple[str, ...]

    def sentence(self) -> str:
        has = ", ".join(self.known) or "none"
        hint = did_you_mean(self.suggestions)
        return f"{self.magic} has no option {self.option}.{hint} Its options: {has}."


@dataclass(eq=False, kw_only=True)
class MissingOptionValue(HeaderError):
    """An option without the value that it needs."""

    option: str
    metavar: str

    def sentence(self) -> str:
        return f"{self.magic}: {self.option} needs a value: {self.option} {self.metavar}."


@dataclass(eq=False, kw_only=True)
class BadOptionValue(HeaderError):
    """A value that an option cannot take."""

    option: str
    value: str
    expected: str
    suggestions: tuple[str, ...] = ()

    def sentence(self) -> str:
        hint = did_you_mean(self.suggestions)
        return f"{self.magic}: {self.option} takes {self.expected}, and `{self.value}` is not that.{hint}"


@dataclass(eq=False, kw_only=True)
class RepeatedOption(HeaderError):
    """An option that takes one value and was given twice, in the header or in a `#|` line."""

    option: str
    in_body: bool

    def sentence(self) -> str:
        where = "both in the header and in a `#|` line" if self.in_body else "twice"
        return f"{self.magic}: {self.option} is given {where}; keep one of them."


@dataclass(eq=False, kw_only=True)
class MissingArgument(HeaderError):
    """A magic without the name that it is about."""

    metavar: str
    options: bool = True

    def sentence(self) -> str:
        before = ", before its options" if self.options else ""
        return f"{self.magic} needs {self.metavar}{before}: {self.magic} {self.metavar}."


@dataclass(eq=False, kw_only=True)
class UnexpectedWord(HeaderError):
    """A word in a header that belongs to nothing; `instead`: the line with a selection put first."""

    word: str
    instead: str = ""

    def sentence(self) -> str:
        if self.instead:
            return f"{self.magic}: the selection stands first: `{self.instead}`."
        return f"{self.magic}: `{self.word}` belongs to no option, and no further name is expected."


@dataclass(eq=False, kw_only=True)
class UnknownExpansion(HeaderError):
    """A `{name}` in an option that the notebook does not define."""

    name: str
    suggestions: tuple[str, ...]

    def sentence(self) -> str:
        hint = did_you_mean(self.suggestions)
        return (
            f"{self.magic}: `{{{self.name}}}` stands for a variable, and `{self.name}` is not defined."
            f"{hint}"
        )


@dataclass(eq=False, kw_only=True)
class SqlSyntaxError(CellError):
    """The body is not valid SQL."""

    problem: str

    def sentence(self) -> str:
        return f"The body is not valid SQL: {self.problem}."


@dataclass(eq=False, kw_only=True)
class NotOneQuery(CellError):
    """A SQL body that is empty, or holds several statements, or does something else than ask."""

    count: int
    kind: str

    def sentence(self) -> str:
        if self.count == 0:
            return "The body holds no query: write one SELECT, FROM … or WITH … there."
        if self.count > 1:
            return (
                f"The body holds {self.count} statements, and an asset is one query: "
                "use WITH for the steps, or a cell of its own for each."
            )
        return f"The body is {self.kind}, and an asset is a query: keep the SELECT of it."


@dataclass(eq=False, kw_only=True)
class UnnamedPlaceholder(CellError):
    """A `?` or `$1` in a query."""

    text: str

    def sentence(self) -> str:
        return f"`{self.text}` names no variable: write `$name` for a variable of the notebook."


@dataclass(eq=False, kw_only=True)
class UnknownPlaceholder(DagbookError):
    """A `$name` in a query that the notebook does not define."""

    name: str
    suggestions: tuple[str, ...]

    def __str__(self) -> str:
        hint = did_you_mean(self.suggestions)
        return f"The query reads `${self.name}`, and the notebook defines no `{self.name}`.{hint}"


@dataclass(eq=False, kw_only=True)
class NotAScalar(DagbookError):
    """A `$name` whose variable is no single value that SQL knows."""

    name: str
    kind: str

    def __str__(self) -> str:
        return (
            f"The query binds `${self.name}`, which is a {self.kind}: only numbers, texts, dates "
            "and the like can be bound. A frame is read by its name, without `$`, as an asset."
        )


@dataclass(eq=False, kw_only=True)
class NotATable(DagbookError):
    """An input of a query that cannot be read as a table."""

    name: str
    kind: str

    def __str__(self) -> str:
        return (
            f"The query reads `{self.name}` as a table, and its value is a {self.kind}: "
            "it must be a pandas or Polars frame, an Arrow table or a DuckDB relation."
        )


@dataclass(eq=False, kw_only=True)
class QueryFailed(DagbookError):
    """DuckDB refused a query, or failed while it ran; `problem` is what it says, `notes` what we add."""

    problem: str
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n".join([f"The query failed: {self.problem.strip()}", *self.notes])
