"""What a magic takes, as a declaration: its argument, its options and how their words convert."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from dagbook.records import dataclass

Record = TypeVar("Record")

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d|w)?")
_SECONDS = {"ms": 0.001, "": 1.0, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_SECONDS |= {"d": 86400.0, "w": 604800.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How the words of an option become its value.

    `convert` raises ValueError for a word that it cannot take; `expected` says what it takes.
    """

    takes: str = "value"
    convert: Callable[[str], Any] = str
    expected: str = "a text"
    choices: tuple[str, ...] = ()
    commas: bool = True


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign):
        raise ValueError(text)
    return name, value


def _variable(text: str) -> tuple[str, str]:
    name, key = _pair(text)
    if not name.isidentifier() or not key:
        raise ValueError(text)
    return name, key


def _count(least: int) -> Callable[[str], int]:
    def convert(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise ValueError(text)
        return int(text)

    return convert


def seconds(text: str) -> float:
    """A duration as seconds: a number of them, or `90s`, `5m`, `2h30m`, `1d`.

    Example:
        >>> seconds("1h30m")
        5400.0
    """
    parts = _DURATION.findall(text)
    if not parts or _DURATION.sub("", text).strip():
        raise ValueError(text)
    total = sum(float(number) * _SECONDS[unit] for number, unit in parts)
    if not math.isfinite(total):
        raise ValueError(text)
    return total


def one_of(*choices: str) -> Kind:
    """An option that takes one of a few words."""

    def convert(text: str) -> str:
        if text not in choices:
            raise ValueError(text)
        return text

    return Kind(convert=convert, expected=" or ".join(choices), choices=choices)


FLAG = Kind(takes="flag")
TEXT = Kind()
MANY = Kind(takes="many")
GLOBS = Kind(takes="many", commas=False)
TAGS = Kind(takes="many", convert=lambda text: (text, "") if "=" not in text else _pair(text))
VARIABLES = Kind(takes="many", convert=_variable, expected="VARIABLE=KEY")
DURATION = Kind(convert=seconds, expected="a duration such as 30, 90s, 5m or 1h30m")
WHOLE = Kind(convert=_count(0), expected="a whole number")
POSITIVE = Kind(convert=_count(1), expected="a whole number above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of a magic: its flag, the field that it fills, and what is said of it."""

    flag: str
    field: str
    kind: Kind
    help: str
    metavar: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """What a magic is about: a word, or the raw text of a selection."""

    field: str
    metavar: str
    help: str
    required: bool = False
    selection: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MagicSpec(Generic[Record]):
    """A magic as declared: its name, what it is about, its options and the record they fill."""

    magic: str
    summary: str
    record: type[Record]
    argument: Argument | None = None
    options: tuple[Option, ...] = ()

    def option(self, flag: str) -> Option | None:
        """The option of this flag, hyphens and all."""
        return next((option for option in self.options if option.flag == flag), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What `--help` gives in place of a record."""

    text: str


def help_text(spec: MagicSpec[Any]) -> str:
    """What a magic says of itself: its form, its purpose, and a line for each option."""
    argument = spec.argument
    form = [spec.magic]
    rows = []
    if argument is not None:
        form.append(argument.metavar if argument.required else f"[{argument.metavar}]")
        rows.append((argument.metavar, argument.help))
    for option in spec.options:
        more = " …" if option.kind.takes == "many" else ""
        rows.append((f"{option.flag} {option.metavar}".rstrip() + more, option.help))
    rows.append(("--help", "show this"))
    width = max(len(name) for name, _ in rows)
    lines = [f"  {name:<{width}}  {text}" for name, text in rows]
    return "\n".join([" ".join([*form, "[options]"]), "", spec.summary, "", *lines])
