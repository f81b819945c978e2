"""What the magics show: HTML for notebooks beside text that is the same on every run."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from IPython.display import display

from dagbook.records import dataclass
from dagbook.views.html import html_of, sentence_of
from dagbook.views.lettering import elide
from dagbook.views.tables import TableView
from dagbook.views.text import text_of

# A word of a sentence; what stands in backticks is there to be typed, as a whole.
WORD = re.compile(r"(?:`[^`]*`|\S)+")
_LONGEST = 240


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of output in both forms."""

    html: str
    text: str

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}

    def __repr__(self) -> str:
        return self.text


def table_shown(view: TableView) -> Shown:
    """A table in both forms."""
    return Shown(html_of(view), text_of(view))


def sentences_shown(sentences: Iterable[str]) -> Shown:
    """Sentences, one a line."""
    lines = [without_long_words(line) for line in sentences]
    if not lines:
        return Shown("", "")
    body = "".join(f"<div>{sentence_of(line)}</div>" for line in lines)
    return Shown(f'<div style="font-size:13px;opacity:.85">{body}</div>', "\n".join(lines))


def without_long_words(text: str) -> str:
    """The text with words cut that would fill the page, as a name of thousands of letters does.

    >>> len(without_long_words("x" * 10_000)), without_long_words("`a b` c")
    (240, '`a b` c')
    """
    return WORD.sub(lambda word: elide(word[0], _LONGEST), text)


def stacked(parts: Iterable[Shown]) -> Shown:
    """Several pieces, one below the other."""
    kept = [part for part in parts if part.text or part.html]
    html = "".join(f'<div style="margin:4px 0">{part.html}</div>' for part in kept if part.html)
    return Shown(html, "\n\n".join(part.text for part in kept if part.text))


def tell(sentences: Iterable[str]) -> None:
    """Show sentences now, if there are any."""
    lines = list(sentences)
    if lines:
        display(sentences_shown(lines))
