"""A header line cut into words, as a shell does it but without backslash escapes."""

from __future__ import annotations

from dagbook.errors.base import Place
from dagbook.errors.cells import EscapedQuote, UnclosedQuote
from dagbook.records import dataclass

_QUOTES = "\"'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word without its quotes; `bare` says of each character whether it stood outside quotes."""

    text: str
    bare: tuple[bool, ...]
    start: int
    end: int

    @property
    def is_option(self) -> bool:
        """Whether the word opens with two hyphens outside quotes."""
        return self.text.startswith("--") and self.bare[:2] == (True, True)

    def parts(self) -> tuple[str, ...]:
        """What stands between the word's bare commas, empty parts left out."""
        found, begin = [], 0
        for position, (sign, bare) in enumerate(zip(self.text, self.bare, strict=True)):
            if sign == "," and bare:
                found.append(self.text[begin:position])
                begin = position + 1
        return tuple(part for part in (*found, self.text[begin:]) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A line under its magic's name, from which places are made."""

    magic: str
    line: str
    where: str
    number: int | None

    def place(self, start: int, end: int) -> Place:
        """The place of the characters from `start` to `end` of the line."""
        return Place(
            where=self.where,
            line=self.number,
            column=start,
            end_column=max(end, start + 1),
            text=self.line,
        )


def split_words(source: Source, begin: int = 0) -> tuple[Word, ...]:
    """Cut a line into words; `#` outside quotes ends it.

    Raises:
        UnclosedQuote: a quote is opened and never closed.
        EscapedQuote: a quote in quotes of its kind, written with a backslash.

    Example:
        >>> line = Source(magic="%dag", line="a 'b c'd # note", where="cell", number=1)
        >>> [word.text for word in split_words(line)]
        ['a', 'b cd']
    """
    line, words, position = source.line, list[Word](), begin
    while position < len(line) and line[position] != "#":
        if line[position].isspace():
            position += 1
            continue
        word = _word(source, position)
        words.append(word)
        position = word.end
    return tuple(words)


def _word(source: Source, start: int) -> Word:
    """The word that begins at `start`."""
    line, position = source.line, start
    text, bare = "", list[bool]()
    while position < len(line) and not line[position].isspace() and line[position] != "#":
        sign = line[position]
        if sign not in _QUOTES:
            text, position = text + sign, position + 1
            bare.append(True)
            continue
        close = _closing(source, position)
        text += line[position + 1 : close]
        bare += [False] * (close - position - 1)
        position = close + 1
    return Word(text=text, bare=tuple(bare), start=start, end=position)


def _closing(source: Source, position: int) -> int:
    quote = source.line[position]
    close = source.line.find(quote, position + 1)
    if close < 0:
        raise UnclosedQuote(
            place=source.place(position, len(source.line)), magic=source.magic, quote=quote
        )
    after = source.line[close + 1 : close + 2]
    # A path may end in a backslash, and the text in its quotes; nothing goes on after that.
    if source.line[close - 1] == "\\" and after.strip(" \t,#") and close - 1 > position:
        raise EscapedQuote(
            place=source.place(close - 1, close + 1), magic=source.magic, quote=quote
        )
    return close


def split_selection(source: Source) -> tuple[str, int]:
    """The raw text before the first ` --` outside quotes, and where the options begin.

    Only double quotes count, as in the selection language itself.

    Example:
        >>> line = Source(magic="%dag", line='key:"a --b" --static', where="cell", number=1)
        >>> split_selection(line)
        ('key:"a --b"', 12)
    """
    line, position = source.line, 0
    while position < len(line) and line[position] != "#":
        if line[position] == '"':
            close = line.find('"', position + 1)
            position = len(line) if close < 0 else close + 1  # the selection's parser reports it
        elif line.startswith("--", position) and (not position or line[position - 1].isspace()):
            break
        else:
            position += 1
    return line[:position].strip(), position
