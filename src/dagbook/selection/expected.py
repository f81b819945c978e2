"""What may stand at a place of the text, and how an error says it."""

from __future__ import annotations

from collections.abc import Sequence

from dagbook.records import dataclass
from dagbook.selection.tokens import Kind


@dataclass(frozen=True, slots=True)
class Value:
    """A place for a value: of which attribute, and for a tag's value of which key."""

    attribute: str
    tag: str | None = None


BARE_KEY = Value("key")
Expected = Kind | Value

# The start of an operand allows many things at once; naming two of them says it better.
_OPERAND = (Kind.ATTRIBUTE, Kind.FUNCTION, Kind.LPAREN, Kind.NOT, Kind.STAR, BARE_KEY)


def described(missed: Sequence[Expected]) -> tuple[str, ...]:
    """What was expected, in words; each once."""
    found: list[str] = []
    if Kind.ATTRIBUTE in missed:
        found += ["a key", "an attribute such as `group:`", "`(`"]
        if Kind.NOT in missed:
            found.append("`not`")
        missed = [item for item in missed if item not in _OPERAND and item is not Kind.DIGITS]
    return tuple(dict.fromkeys([*found, *map(_word, missed)]))


def _word(item: Expected) -> str:
    if isinstance(item, Kind):
        return item.value
    if item.tag is not None:
        return f"a value of the tag `{item.tag}`"
    return "a key" if item.attribute == "key" else f"a value of `{item.attribute}:`"
