"""The header of a magic read into a typed record, by a declaration of its options."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from dagbook.cells.declared import Help, MagicSpec, Option, Record, help_text
from dagbook.cells.words import Source, Word, split_selection, split_words
from dagbook.errors.base import DagbookError, nearest
from dagbook.errors.cells import (
    BadOptionValue,
    MissingArgument,
    MissingOptionValue,
    RepeatedOption,
    UnexpectedWord,
    UnknownExpansion,
    UnknownOption,
)
from dagbook.records import dataclass

_EXPANSION = re.compile(r"\{([A-Za-z_]\w*)\}")
_BODY_OPTION = re.compile(r"#\|\s*(?P<key>[A-Za-z][\w-]*)\s*(?::\s*(?P<value>.*?))?\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyOption:
    """One leading `#| key: value` line of a body, with its number in the cell."""

    key: str
    value: str
    column: int
    line: str
    number: int


def leading_options(body: str, first_line: int = 1) -> tuple[BodyOption, ...]:
    """The `#| key: value` lines that a body begins with; blank lines may stand among them.

    Example:
        >>> [(option.key, option.value) for option in leading_options("#| deps: a, b\\nx")]
        [('deps', 'a, b')]
    """
    found = []
    for number, line in enumerate(body.splitlines(), first_line):
        match = _BODY_OPTION.match(line)
        if match is None:
            if line.strip():
                break
            continue
        value = match["value"] or ""
        column = match.start("value") if match["value"] is not None else len(line)
        found.append(
            BodyOption(key=match["key"], value=value, column=column, line=line, number=number)
        )
    return tuple(found)


def parse_header(
    line: str,
    spec: MagicSpec[Record],
    *,
    body: Iterable[BodyOption] = (),
    variables: Mapping[str, Any] | None = None,
    where: str = "cell",
    number: int | None = 1,
) -> Record | Help:
    """Read what follows a magic's name on its line into the magic's record.

    Args:
        line: the text after the name.
        spec: the magic.
        body: the options at the head of the cell's body.
        variables: what `{name}` in option values and quoted selection values stands for;
            nothing is expanded where it is None.
        where: what messages call the cell.
        number: the number of the line in the cell.

    Returns:
        The record, or the help where `--help` stands in the line.

    Raises:
        HeaderError: an unknown option (with suggestions), a missing or impossible value, an
            option given twice, a missing name, a word too many, a quote that stays open.

    Example:
        >>> from dagbook.cells.magics import ASSET
        >>> parse_header("late --deps flights, planes --group air", ASSET).deps
        ('flights', 'planes')
    """
    reader = _Reader(spec, Source(magic=spec.magic, line=line, where=where, number=number))
    reader.variables = variables
    begin = reader.selection() if spec.argument and spec.argument.selection else 0
    words = split_words(reader.source, begin)
    if any(word.is_option and word.text == "--help" for word in words):
        return Help(text=help_text(spec))
    reader.header(words)
    for option in body:
        reader.body_option(option)
    argument = spec.argument
    if argument is not None and argument.required and argument.field not in reader.values:
        raise MissingArgument(
            place=reader.source.place(len(line), len(line) + 1),
            magic=spec.magic,
            metavar=argument.metavar,
            options=bool(spec.options),
        )
    return spec.record(**reader.values)


class _Reader:
    """The values of one header as they are found."""

    def __init__(self, spec: MagicSpec[Any], source: Source) -> None:
        self.spec, self.source = spec, source
        self.variables: Mapping[str, Any] | None = None
        self.values: dict[str, Any] = {}
        self.in_header: set[str] = set()

    def selection(self) -> int:
        assert self.spec.argument is not None
        text, begin = split_selection(self.source)
        pieces = re.split(r'("[^"]*")', text)
        pieces[1::2] = [self.expanded(piece, 0, len(text)) for piece in pieces[1::2]]
        if text:
            self.values[self.spec.argument.field] = "".join(pieces)
        return begin

    def header(self, words: tuple[Word, ...]) -> None:
        position = 0
        while position < len(words):
            word = words[position]
            position += 1
            if not word.is_option:
                self.argument(word)
                continue
            flag, sign, attached = word.text.partition("=")
            option = self.known(flag, word.start, word.start + len(flag))
            given: list[Word] = []
            if sign:
                cut = len(flag) + 1
                given = [
                    Word(text=attached, bare=word.bare[cut:], start=word.start + cut, end=word.end)
                ]
            while not sign and position < len(words) and not words[position].is_option:
                if option.kind.takes == "flag" or (option.kind.takes == "value" and given):
                    break
                given.append(words[position])
                position += 1
            self.store(option, given, word)
        self.in_header = set(self.values)

    def argument(self, word: Word) -> None:
        argument = self.spec.argument
        if argument is None or argument.selection or argument.field in self.values:
            raise UnexpectedWord(
                place=self.source.place(word.start, word.end),
                magic=self.spec.magic,
                word=word.text,
                instead=self.selected_first(word),
            )
        self.values[argument.field] = word.text

    def selected_first(self, word: Word) -> str:
        """The line with what stands at its end put first, where a selection is missing there."""
        argument, line = self.spec.argument, self.source.line
        if argument is None or not argument.selection or argument.field in self.values:
            return ""
        return f"{self.spec.magic} {line[word.start :].strip()} {line[: word.start].strip()}"

    def known(self, flag: str, start: int, end: int) -> Option:
        option = self.spec.option(flag)
        if option is None:
            flags = tuple(option.flag for option in self.spec.options)
            raise UnknownOption(
                place=self.source.place(start, end),
                magic=self.spec.magic,
                option=flag,
                known=flags,
                suggestions=tuple(
                    f"--{name}"
                    for name in nearest(
                        flag[2:], [known[2:] for known in (*flags, "--help")], most=2
                    )
                ),
            )
        return option

    def store(self, option: Option, given: list[Word], at: Word) -> None:
        kind = option.kind
        earlier = self.values.get(option.field)
        if earlier is not None and (kind.takes == "value" or option.field in self.in_header):
            self.fail(RepeatedOption, at, option, in_body=option.field in self.in_header)
        if kind.takes == "flag":
            if given:
                self.fail(
                    BadOptionValue, given[0], option, value=given[0].text, expected="no value"
                )
            self.values[option.field] = True
            return
        values = [value for word in given for value in self.converted(option, word)]
        if not values:
            self.fail(MissingOptionValue, at, option, metavar=option.metavar)
        self.values[option.field] = (
            (*(earlier or ()), *values) if kind.takes == "many" else values[0]
        )

    def converted(self, option: Option, word: Word) -> list[Any]:
        kind = option.kind
        many = kind.takes == "many" and kind.commas
        found = []
        for part in word.parts() if many else (word.text,):
            text = self.expanded(part, word.start, word.end)
            try:
                found.append(kind.convert(text))
            except ValueError:
                near = nearest(text, kind.choices)
                extra = {"value": text, "expected": kind.expected, "suggestions": near}
                self.fail(BadOptionValue, word, option, **extra)
        return found

    def expanded(self, text: str, start: int, end: int) -> str:
        """The text with each `{name}` replaced by the variable of that name."""
        variables = self.variables
        if variables is None:
            return text
        for name in _EXPANSION.findall(text):
            if name not in variables:
                raise UnknownExpansion(
                    place=self.source.place(start, end),
                    magic=self.spec.magic,
                    name=name,
                    suggestions=nearest(name, variables),
                )
        return _EXPANSION.sub(lambda match: str(variables[match[1]]), text)

    def body_option(self, given: BodyOption) -> None:
        """A `#|` line; the value of an option that takes one is the whole text."""
        header = self.source
        self.source = Source(
            magic=header.magic, line=given.line, where=header.where, number=given.number
        )
        start = given.line.index(given.key)
        option = self.known(f"--{given.key.replace('_', '-')}", start, start + len(given.key))
        at = Word(text=given.key, bare=(), start=start, end=start + len(given.key))
        words = [] if option.kind.takes == "value" else list(split_words(self.source, given.column))
        if option.kind.takes == "value" and given.value:
            text = given.value
            if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
                text = text[1:-1]
            end = given.column + len(given.value)
            words = [Word(text=text, bare=(False,) * len(text), start=given.column, end=end)]
        if option.kind.takes == "flag" and given.value.casefold() in ("true", "false"):
            words = []
            if given.value.casefold() == "false":
                self.source = header
                return
        self.store(option, words, at)
        self.source = header

    def fail(self, kind: type[DagbookError], at: Word, option: Option, **fields: Any) -> None:
        """Raise a fault of one option at a word."""
        place = self.source.place(at.start, at.end)
        raise kind(**{"place": place, "magic": self.spec.magic, "option": option.flag, **fields})
