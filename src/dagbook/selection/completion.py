"""What may follow a part of a selection, with the names of a graph; told by the parser itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from dagbook.errors.selection import SelectionError
from dagbook.records import dataclass
from dagbook.selection import index
from dagbook.selection.attributes import ATTRIBUTES, FUNCTIONS, PARTITION_VALUES
from dagbook.selection.expected import Expected, Value
from dagbook.selection.names import recorded
from dagbook.selection.parser import Parser
from dagbook.selection.protocol import NOTHING_KNOWN, SelectableGraph, World
from dagbook.selection.tokens import Kind, Token, is_bare, tokenize

# More names than a person reads through; the next letter narrows them.
MOST = 500

_WORDS = {Kind.AND: "and", Kind.OR: "or", Kind.EXCEPT: "except", Kind.NOT: "not"}
_SIGNS = {
    Kind.PLUS: "+",
    Kind.COLON: ":",
    Kind.EQUAL: "=",
    Kind.LPAREN: "(",
    Kind.RPAREN: ")",
    Kind.STAR: "*",
}
# Kinds of tokens that may go on with the next letter.
_UNFINISHED = {Kind.WORD, Kind.WILDCARD, Kind.ATTRIBUTE, Kind.FUNCTION, *_WORDS}


@dataclass(frozen=True, slots=True)
class Completion:
    """One way to go on: `text` replaces what stands from `start` to the cursor.

    `kind` is `asset`, `attribute`, `function`, `operator`, `sign`, or the name of the attribute
    that the text is a value of.
    """

    text: str
    start: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    """What is typed of the token at the cursor, and the tokens before it."""

    before: list[Token]
    text: str = ""
    start: int
    quoted: bool = False
    closed: bool = False


def complete(
    text: str, cursor: int, graph: SelectableGraph, world: World = NOTHING_KNOWN
) -> list[Completion]:
    """What may stand at the cursor: names first, then words of the language, then signs.

    What follows the cursor does not count. Empty where the text before it is no beginning of a
    selection.

    >>> from dagbook.graph.asset_graph import AssetGraph
    >>> [found.text for found in complete("is:e", 4, AssetGraph())]
    ['external']
    """
    prefix = text[:cursor]
    try:
        tokens = tokenize(prefix)
    except SelectionError:
        return []
    typed = _typed(text, cursor, tokens)
    found = list(_names(_missed(prefix, typed), typed, graph, world))
    if typed.text and not typed.quoted:
        found += _following(_parsed(prefix, tokens), cursor)
    elif not typed.quoted:
        found += _following(_missed(prefix, typed), cursor)
    return found


def suggest(
    text: str, cursor: int, graph: SelectableGraph, world: World = NOTHING_KNOWN
) -> list[Completion]:
    """What `complete` gives, without the signs that could follow half a name.

    A sign after a name that the graph does not have is grammar, and never what somebody means who
    stops in the middle of a word.

    >>> from dagbook.definitions.keys import AssetKey
    >>> from dagbook.definitions.specs import AssetSpec
    >>> from dagbook.graph.asset_graph import AssetGraph
    >>> graph = AssetGraph.of(AssetSpec(AssetKey("orders")))
    >>> [found.text for found in suggest("ord", 3, graph)]
    ['orders']
    >>> [found.text for found in suggest("orders", 6, graph)]
    ['orders', '+']
    """
    found = complete(text, cursor, graph, world)
    words = [one for one in found if one.kind != "sign"]
    if not words or any(text[one.start : cursor] in (one.text, "") for one in words):
        return found
    return words


def _typed(text: str, cursor: int, tokens: list[Token]) -> _Typed:
    """The token that the cursor stands in."""
    for place, token in enumerate(tokens):
        if token.kind is Kind.BAD and token.text == '"':
            return _Typed(
                before=tokens[:place],
                text=text[token.end : cursor],
                start=token.start,
                quoted=True,
                closed=text[cursor : cursor + 1] == '"',
            )
    last = tokens[-2] if len(tokens) > 1 else None
    if last and last.end == cursor and last.kind in _UNFINISHED:
        return _Typed(before=tokens[:-2], text=last.text, start=last.start)
    return _Typed(before=tokens[:-1], start=cursor)


def _missed(prefix: str, typed: _Typed) -> list[Expected]:
    end = Token(Kind.END, "", typed.start, typed.start)
    return _parsed(prefix, [*typed.before, end])


def _parsed(source: str, tokens: list[Token]) -> list[Expected]:
    """What the parser could have read at the end of these tokens; nothing where it stops before."""
    parser = Parser(source, tokens)
    try:
        parser.selection()
    except SelectionError:
        pass
    return parser.missed if parser.token.kind is Kind.END else []


def _names(
    missed: list[Expected], typed: _Typed, graph: SelectableGraph, world: World
) -> Iterator[Completion]:
    """Names that begin with what is typed, then words of the language that do."""
    for place in dict.fromkeys(item for item in missed if isinstance(item, Value)):
        kind = "asset" if place.attribute == "key" else place.attribute
        for value in islice(_beginning(typed.text, _values(place, graph, world)), MOST):
            yield Completion(_written(value, typed), typed.start, kind)
    if typed.quoted:
        return
    for word, kind in _vocabulary(missed):
        if word.startswith(typed.text):
            yield Completion(word, typed.start, kind)


def _vocabulary(missed: list[Expected]) -> Iterator[tuple[str, str]]:
    if Kind.ATTRIBUTE in missed:
        yield from (
            (f"{name}:", "attribute") for name, rule in ATTRIBUTES.items() if not rule.absent
        )
        yield from ((f"{name}(", "function") for name in FUNCTIONS)
    yield from ((word, "operator") for kind, word in _WORDS.items() if kind in missed)
    if Kind.NULL in missed:
        yield "<null>", "operator"


def _following(missed: list[Expected], cursor: int) -> list[Completion]:
    return [Completion(sign, cursor, "sign") for kind, sign in _SIGNS.items() if kind in missed]


def _beginning(typed: str, values: Iterable[str]) -> Iterator[str]:
    """The values that begin with what is typed; those with other capitals come last."""
    folded = typed.casefold()
    near = [value for value in values if value.casefold().startswith(folded)]
    yield from (value for value in near if value.startswith(typed))
    yield from (value for value in near if not value.startswith(typed))


def _written(value: str, typed: _Typed) -> str:
    if typed.quoted:
        return f'"{value}' if typed.closed else f'"{value}"'
    return value if is_bare(value) else f'"{value}"'


def _values(place: Value, graph: SelectableGraph, world: World) -> Iterable[str]:
    """The values of an attribute that the graph, or the language, knows."""
    if place.tag is not None:
        return index.tag_values(graph).get(place.tag, ())
    match place.attribute:
        case "key":
            return index.names(graph)
        case "group":
            return index.groups(graph).every
        case "kind":
            return sorted(kind for kind in index.kinds(graph).every if kind)
        case "owner":
            return sorted(index.owners(graph).every)
        case "tag":
            return index.tag_values(graph)
        case "partitions":
            return PARTITION_VALUES
        case "check_key":
            return [str(key) for key in graph.checks]
        case "column" | "table_name":
            return sorted(recorded(place.attribute, graph, world) or ())
    return ATTRIBUTES[place.attribute].values
