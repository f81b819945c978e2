"""Syntax errors made helpful: what stands there, what may stand there, what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from dagbook.errors.base import nearest
from dagbook.errors.selection import SelectionSyntaxError
from dagbook.selection.expected import Expected, Value, described
from dagbook.selection.tokens import KEYWORDS, Kind, Token

_NAMES = (Kind.WORD, Kind.WILDCARD, Kind.QUOTED)
_INNER = (Kind.COLON, Kind.EQUAL)
_OF_ONE = {*_NAMES, *_INNER, Kind.PLUS, Kind.DIGITS, Kind.ATTRIBUTE}
_QUOTING = "A name with other signs than letters, digits, `_` and `/` needs double quotes."
_CHECKS = "A check is selected by `check_key:`, all those of an asset by `checks(NAME)`."
# What other languages write, and what is written here.
_SIGNS = {
    "|": "Write `or`.",
    "&": "Write `and`.",
    ",": "Write `or` between selections.",
    "!": "Write `not`.",
    "~": "Write `not`.",
    "'": "Names are quoted with double quotes.",
    '"': "A quoted name ends with a double quote on the same line and holds no backslash.",
    "-": "Write `and not`; a name with a `-` needs double quotes.",
    "<": "The only word in angle brackets is `<null>`.",
}
# Only a text that fits on a line is offered mended.
_MENDED = 80
# A stretch of text that reads as one name.
_STRETCH = re.compile(r"[^\s()+:=,\"'|&!~<>\\]+")

# What reads as a check's name, after that of its asset.
_CHECK = re.compile(r"[\w/]+\.\w+")


def fault_at(
    source: str, tokens: Sequence[Token], place: int, missed: Sequence[Expected]
) -> SelectionSyntaxError:
    """The error at the token in this place, where any of `missed` could have stood."""
    token = tokens[place]
    before = tokens[place - 1] if place else None
    hint, suggestions = _hint(source, tokens, place, missed)
    if not hint and before and before.kind is Kind.ATTRIBUTE and Kind.COLON in missed:
        hint = f'An asset of this name is written "{before.text}".'
    return SelectionSyntaxError(
        source=source,
        start=token.start,
        end=max(token.end, token.start + 1),
        found=_found(token),
        expected=described(missed),
        hint=hint,
        suggestions=suggestions,
    )


def misnamed(source: str, token: Token, what: str, known: Iterable[str]) -> SelectionSyntaxError:
    """The error for an attribute or function that there is not."""
    known = tuple(known)
    close = {"attribute": "{}:", "function": "{}("}[what]
    return SelectionSyntaxError(
        source=source,
        start=token.start,
        end=token.end,
        found=_found(token),
        expected=(f"{'an' if what == 'attribute' else 'a'} {what}",),
        hint=f"There is no {what} `{token.text}`.",
        suggestions=tuple(close.format(name) for name in nearest(token.text, known)),
    )


def refused_value(
    source: str, token: Token, attribute: str, values: Sequence[str]
) -> SelectionSyntaxError:
    """The error for a value that an attribute does not take."""
    return SelectionSyntaxError(
        source=source,
        start=token.start,
        end=token.end,
        found=_found(token),
        expected=tuple(values),
        hint=f"`{attribute}:` does not take this value.",
        suggestions=tuple(f"{attribute}:{name}" for name in nearest(token.value, values)),
    )


def _found(token: Token) -> str:
    return "its end" if token.kind is Kind.END else f"`{token.text[:80]}`"


def _hint(
    source: str, tokens: Sequence[Token], place: int, missed: Sequence[Expected]
) -> tuple[str, tuple[str, ...]]:
    token = tokens[place]
    wanted = next((item for item in missed if isinstance(item, Value)), None)
    if Kind.OR in missed and token.kind is not Kind.END:
        return _after_operand(source, tokens, place)
    if wanted and Kind.ATTRIBUTE not in missed and token.kind is not Kind.END:
        return _at_value(source, token, wanted)
    if token.kind is Kind.DIGITS and place and tokens[place - 1].kind is Kind.PLUS:
        return "The number of steps upstream stands before its `+`.", ()
    if token.kind is Kind.STAR:
        return "`*` is everything already and takes no `+`.", ()
    return _SIGNS.get(token.text, ""), ()


def _after_operand(source: str, tokens: Sequence[Token], place: int) -> tuple[str, tuple[str, ...]]:
    """A selection is complete before this place, and what follows does not go on with it."""
    token, before = tokens[place], tokens[place - 1]
    lowered = token.text.lower()
    if token.kind is Kind.WORD and lowered in ("and", "or", "not", "except"):
        return f"Write `{lowered}` in small letters.", ()
    if token.kind is Kind.PLUS and _goes_on(before, token):
        return "One `+` a side follows to the end; `X+2` goes two steps.", ()
    if token.kind is Kind.COLON and before.kind in _NAMES:
        return "A tag's value stands after `=`.", ()
    if quoted := _quoted(source, tokens, place):
        wanted = _CHECKS if quoted.startswith("check_key:") else _QUOTING
        return _SIGNS.get(token.text, wanted), (quoted,)
    if token.kind in (*_NAMES, Kind.COMMA, Kind.ATTRIBUTE, Kind.PLUS, Kind.DIGITS):
        return "Two selections need an operator between them.", _joined(source, tokens, place)
    return _SIGNS.get(token.text, ""), ()


def _at_value(source: str, token: Token, wanted: Value) -> tuple[str, tuple[str, ...]]:
    stretch = _STRETCH.match(source, token.start)
    name = stretch[0] if stretch else ""
    prefix = f"{wanted.attribute}:" if wanted.tag is None else f"tag:{wanted.tag}="
    if token.kind is Kind.STAR and wanted.attribute == "key":
        return 'Every asset is `*`; with external ones it is `key:"*"`.', ("*",)
    if "*" in name and wanted.attribute not in ("key", "group"):
        return "Only keys and quoted groups take a `*`.", ()
    if not name:
        return _SIGNS.get(token.text, ""), ()
    if token.text in KEYWORDS:
        return "A word of the language needs double quotes as a value.", (f'{prefix}"{name}"',)
    return "This value needs double quotes.", (f'{prefix}"{name}"',)


def _quoted(source: str, tokens: Sequence[Token], place: int) -> str:
    """The name that goes on over this place without a space, in quotes; empty where none does."""
    before = tokens[place - 1]
    if before.kind not in (Kind.WORD, Kind.WILDCARD) or before.end != tokens[place].start:
        return ""
    stretch = _STRETCH.match(source, before.start)
    if stretch is None or stretch.end() <= before.end:
        return ""
    colon = place > 2 and tokens[place - 2].kind is Kind.COLON
    attribute = f"{tokens[place - 3].text}:" if colon else ""
    if not colon and _CHECK.fullmatch(stretch[0]):
        attribute = "check_key:"  # no asset's name holds a dot; a check is told and asked for so
    return f'{attribute}"{stretch[0]}"'


def _joined(source: str, tokens: Sequence[Token], place: int) -> tuple[str, ...]:
    """The text with `or` between what stands apart, where there are no operators; else at this place."""
    if len(source) > _MENDED:
        return ()
    apart = _apart([token for token in tokens if token.kind not in (Kind.COMMA, Kind.END)])
    if all(map(_is_whole, apart)):
        return (" or ".join(source[each[0].start : each[-1].end] for each in apart),)
    token = tokens[place]
    rest = token.end if token.kind is Kind.COMMA else token.start
    before = tokens[place - 1]
    if before.kind is Kind.PLUS and _goes_on(before, token) and place > 1:
        # It was taken for that of what stands before it.
        before, rest = tokens[place - 2], before.start
    return (f"{source[: before.end]} or {source[rest:].strip()}",)


def _goes_on(before: Token, token: Token) -> bool:
    return before.end == token.start


def _apart(tokens: Sequence[Token]) -> list[list[Token]]:
    """The tokens with spaces between one part and the next."""
    parts: list[list[Token]] = []
    for token in tokens:
        if parts and _goes_on(parts[-1][-1], token):
            parts[-1].append(token)
        else:
            parts.append([token])
    return parts


def _is_whole(part: Sequence[Token]) -> bool:
    """Whether it is a selection for itself, of one name and what is said of it."""
    kinds = [token.kind for token in part]
    named = any(kind in _NAMES for kind in kinds) and set(kinds) <= _OF_ONE
    return named and kinds[0] not in _INNER and kinds[-1] not in (*_INNER, Kind.ATTRIBUTE)
