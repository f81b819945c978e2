"""Selection text to tokens, each with its place in the text."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from dagbook.errors.selection import SelectionTooLarge

MAX_LENGTH = 50_000


class Kind(Enum):
    """What a token is; the value is how an error names it."""

    AND = "`and`"
    OR = "`or`"
    NOT = "`not`"
    EXCEPT = "`except`"
    STAR = "`*`"
    PLUS = "`+`"
    DIGITS = "a number"
    COLON = "`:`"
    EQUAL = "`=`"
    LPAREN = "`(`"
    RPAREN = "`)`"
    COMMA = "`,`"
    ATTRIBUTE = "an attribute"
    FUNCTION = "a function"
    WORD = "a name"
    WILDCARD = "a name with `*`"
    QUOTED = "a quoted name"
    NULL = "`<null>`"
    BAD = "a character of no meaning"
    END = "the end"

    # The identity is enough and faster than hashing the member's name in Python.
    __hash__ = object.__hash__


class Token(NamedTuple):
    """A piece of the text, from `start` to `end`."""

    kind: Kind
    text: str
    start: int
    end: int

    @property
    def value(self) -> str:
        """What the token stands for: a quoted name without its quotes."""
        return self.text[1:-1] if self.kind is Kind.QUOTED else self.text


# Words that are never bare names. `check`, `changed`, `except` and the other words of our own are
# told by what follows them, so that they stay free as names.
ATTRIBUTE_WORDS = (
    ("key", "owner", "group", "tag", "kind", "is", "partitions", "status", "column", "table_name")
    + ("column_tag", "changed_in_branch", "code_location", "automation_type")
    + ("sensor", "schedule", "job")
)
KEYWORDS = {
    "and": Kind.AND,
    "AND": Kind.AND,
    "or": Kind.OR,
    "OR": Kind.OR,
    "not": Kind.NOT,
    "NOT": Kind.NOT,
    "*": Kind.STAR,
    "sinks": Kind.FUNCTION,
    "roots": Kind.FUNCTION,
    **dict.fromkeys(ATTRIBUTE_WORDS, Kind.ATTRIBUTE),
}
SIGNS = {
    "+": Kind.PLUS,
    ":": Kind.COLON,
    "=": Kind.EQUAL,
    "(": Kind.LPAREN,
    ")": Kind.RPAREN,
    ",": Kind.COMMA,
}
BARE_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_/]*\Z")

_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
      (?P<word>[A-Za-z_*][A-Za-z0-9_/*]*)
    | (?P<sign>[+:=(),])
    | (?P<quoted>"[^"\\\r\n]*")
    | (?P<digits>[0-9]+)
    | (?P<null><null>)
    | (?P<bad>.)
    )""",
    re.VERBOSE | re.DOTALL,
)


def tokenize(text: str) -> list[Token]:
    """The tokens of `text`, the last one of kind END; what is no token is one of kind BAD.

    Raises SelectionTooLarge beyond 50,000 characters.

    >>> [token.text for token in tokenize('1 + key:"a"')]
    ['1', '+', 'key', ':', '"a"', '']
    """
    if len(text) > MAX_LENGTH:
        raise SelectionTooLarge(
            source=text, start=MAX_LENGTH, end=MAX_LENGTH, what="characters", limit=MAX_LENGTH
        )
    found = []
    # Without the space at the end, every place that the search tries is the start of a token.
    for match in _TOKEN.finditer(text.rstrip(" \t\r\n")):
        group = match.lastgroup or ""
        piece = match[group]
        start = match.start(group)
        found.append(Token(_kind(group, piece), piece, start, start + len(piece)))
    found.append(Token(Kind.END, "", len(text), len(text)))
    return found


def _kind(group: str, piece: str) -> Kind:
    if group == "word":
        return KEYWORDS.get(piece) or (Kind.WILDCARD if "*" in piece else Kind.WORD)
    if group == "sign":
        return SIGNS[piece]
    return _KIND_OF_GROUP[group]


_KIND_OF_GROUP = {
    "quoted": Kind.QUOTED,
    "digits": Kind.DIGITS,
    "null": Kind.NULL,
    "bad": Kind.BAD,
}


def is_bare(name: str) -> bool:
    """Whether `name` may stand without quotes."""
    return BARE_WORD.match(name) is not None and name not in KEYWORDS
