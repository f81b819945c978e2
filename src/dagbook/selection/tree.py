"""The tree of a selection; the text of a node parses back to an equal node."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar, Final

from dagbook.errors.selection import UnspeakableName
from dagbook.records import dataclass
from dagbook.selection.tokens import is_bare

# Attributes with few values of our own choosing, which read better without quotes.
_UNQUOTED = frozenset({"is", "status", "check", "changed", "partitions"})

# The depth of a traversal that goes on to the end.
UNLIMITED: Final = 2**63 - 1

_OR, _EXCEPT, _AND, _NOT, _TRAVERSAL, _ATOM = range(6)


@dataclass(frozen=True, slots=True)
class Span:
    """The part of a text, from `start` to `end`, that a node was read from."""

    source: str
    start: int
    end: int


class Selection:
    """A question to a graph, answered with a set of keys; the base of all nodes."""

    __slots__ = ()
    binding: ClassVar[int] = _ATOM

    @property
    def parts(self) -> tuple[Selection, ...]:
        """The selections that this one is made of."""
        return ()


@dataclass(frozen=True, slots=True)
class All(Selection):
    """Every asset that is computed; with `external`, also those that are not."""

    external: bool = False

    def __str__(self) -> str:
        return _outside("*", self.external)


@dataclass(frozen=True, slots=True)
class Key(Selection):
    """The assets whose key, as people write it, is `pattern`, where `*` stands for any text."""

    pattern: str
    span: Span | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        speakable(self.pattern)

    def __str__(self) -> str:
        return f'key:"{self.pattern}"'


@dataclass(frozen=True, slots=True)
class Attribute(Selection):
    """The assets that have `value` as the attribute `name`; None is `<null>`.

    `external` widens `group` and `kind`, which leave external assets out; the others have no such
    choice.
    """

    name: str
    value: str | None
    external: bool = False
    span: Span | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        speakable(self.value or "")

    def __str__(self) -> str:
        return _outside(f"{self.name}:{_value(self.name, self.value)}", self.external)


@dataclass(frozen=True, slots=True)
class Tag(Selection):
    """The assets whose tag `key` is exactly `value`; `name` is `tag` or `column_tag`."""

    key: str
    value: str = ""
    external: bool = False
    name: str = "tag"
    span: Span | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        speakable(self.key)
        speakable(self.value)

    def __str__(self) -> str:
        value = f'="{self.value}"' if self.value else ""
        return _outside(f'{self.name}:"{self.key}"{value}', self.external)


@dataclass(frozen=True, slots=True)
class Traversal(Selection):
    """`child` and what lies `up` steps above and `down` steps below it; None is no traversal."""

    child: Selection
    up: int | None = None
    down: int | None = None
    binding: ClassVar[int] = _TRAVERSAL

    @property
    def parts(self) -> tuple[Selection, ...]:
        """The selection that the traversal starts from."""
        return (self.child,)

    def __str__(self) -> str:
        # `*` is no place to start from, so it needs the parentheses too.
        plain = self.child.binding == _ATOM and self.child != All()
        start = str(self.child) if plain else f"({self.child})"
        return f"{_steps(self.up, '{}+')}{start}{_steps(self.down, '+{}')}"


@dataclass(frozen=True, slots=True)
class Call(Selection):
    """What the function `name` makes of `child`: its sinks, roots, checks, or it without checks."""

    name: str
    child: Selection

    @property
    def parts(self) -> tuple[Selection, ...]:
        """The function's argument."""
        return (self.child,)

    def __str__(self) -> str:
        return f"{self.name}({self.child})"


@dataclass(frozen=True, slots=True)
class CheckNamed(Selection):
    """One check, by its asset and its own name; no asset."""

    asset: str
    check: str
    span: Span | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        speakable(self.name)

    @property
    def name(self) -> str:
        """The check as people write it."""
        return f"{self.asset}.{self.check}"

    def __str__(self) -> str:
        return f'check_key:"{self.name}"'


@dataclass(frozen=True, slots=True)
class Not(Selection):
    """Every asset that is computed, without those of `child`."""

    child: Selection
    binding: ClassVar[int] = _NOT

    @property
    def parts(self) -> tuple[Selection, ...]:
        """What is left out."""
        return (self.child,)

    def __str__(self) -> str:
        return f"not {_bracketed(self.child, _NOT)}"


@dataclass(frozen=True, slots=True)
class And(Selection):
    """What all the `operands` hold."""

    operands: tuple[Selection, ...]
    binding: ClassVar[int] = _AND

    @property
    def parts(self) -> tuple[Selection, ...]:
        """The operands."""
        return self.operands

    def __str__(self) -> str:
        return " and ".join(_bracketed(operand, _NOT) for operand in self.operands)


@dataclass(frozen=True, slots=True)
class Except(Selection):
    """What the first of the `operands` holds and none of the others."""

    operands: tuple[Selection, ...]
    binding: ClassVar[int] = _EXCEPT

    @property
    def parts(self) -> tuple[Selection, ...]:
        """What is selected, then what is taken away."""
        return self.operands

    def __str__(self) -> str:
        return " except ".join(_bracketed(operand, _AND) for operand in self.operands)


@dataclass(frozen=True, slots=True)
class Or(Selection):
    """What any of the `operands` holds."""

    operands: tuple[Selection, ...]
    binding: ClassVar[int] = _OR

    @property
    def parts(self) -> tuple[Selection, ...]:
        """The operands."""
        return self.operands

    def __str__(self) -> str:
        return " or ".join(_bracketed(operand, _EXCEPT) for operand in self.operands)


def speakable(name: str) -> str:
    """`name`, where a quoted name can hold it; else raises UnspeakableName."""
    if '"' in name or "\\" in name or "\n" in name or "\r" in name:
        raise UnspeakableName(name=name)
    return name


def _value(name: str, value: str | None) -> str:
    if value is None:
        return "<null>"
    return value if name in _UNQUOTED and is_bare(value) else f'"{value}"'


def _outside(text: str, external: bool) -> str:
    return f"with_external({text})" if external else text


def _steps(depth: int | None, form: str) -> str:
    if depth is None:
        return ""
    return form.format("" if depth == UNLIMITED else depth)


def _bracketed(child: Selection, least: int) -> str:
    return str(child) if child.binding >= least else f"({child})"
