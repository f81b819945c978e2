"""What of a cell's text reads names in the notebook, apart from magics of our own."""

from __future__ import annotations

import re

from dagbook.records import dataclass

# A cell that defines: its body reads assets as parameters, and nothing else of it runs.
_DEFINES = re.compile(r"\s*%%(?:asset|asset_check|multi_asset|op|graph_asset|graph_multi_asset)\b")
# A line that names assets to us, not to Python; `found = %materialize x` is one too.
_TOLD = re.compile(
    r"^[^\S\n]*(?:[^\n=%'\"#]+=[^\S\n]*)?"
    r"%(?P<magic>materialize|select|dag|asset|failing|stale|runs|forget|load_assets|load_ext|config)\b.*$",
    re.MULTILINE,
)
_SHOWN_FIRST = re.compile(r"\s*%asset[^\S\n]+[^\s#]")
# A line that is neither empty nor a comment, a magic or a command.
_SAYS = re.compile(r"^[^\S\n]*[^\s#%!]", re.MULTILINE)
# `%%time` and its like: what they run is the rest of the cell, if that is Python.
_COMMAND = re.compile(r"\A\s*%%[^\n]*\n?")
_WORD = re.compile(r"[^\W\d]\w*")
_DELETES = re.compile(r"\bdel\b")


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell's text as names are looked for in it.

    `words` are all that may be a name, wherever it stands, as text may be evaluated; `brings_up`:
    the cell itself brings assets up to date; `deletes`: it may take variables away;
    `looks_like_body`: it begins with `%asset NAME` and goes on with Python.
    """

    text: str
    words: frozenset[str]
    brings_up: bool = False
    deletes: bool = False
    looks_like_body: bool = False


NO_TEXT = CellText("", frozenset())


def words_of(text: str) -> list[str]:
    """All in a text that may be a name."""
    return _WORD.findall(text)


def without_command(text: str) -> str:
    """A cell's text without the cell magic that runs it.

    >>> without_command("%%time\\n1 + 1")
    '1 + 1'
    """
    return _COMMAND.sub("", text, count=1)


def read_cell(text: str) -> CellText:
    """A cell's text, read; nothing of a cell that defines an asset or a check.

    >>> sorted(read_cell("%materialize orders\\nlen(users)").words)
    ['len', 'users']
    """
    if _DEFINES.match(text):
        return NO_TEXT
    magics = [match["magic"] for match in _TOLD.finditer(text)] if "%" in text else []
    kept = _TOLD.sub("", text) if magics else text
    return CellText(
        kept,
        frozenset(words_of(kept)),
        brings_up="materialize" in magics or ".materialize(" in kept,
        deletes=_DELETES.search(kept) is not None,
        looks_like_body=_SHOWN_FIRST.match(text) is not None and _SAYS.search(kept) is not None,
    )
