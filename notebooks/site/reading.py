"""What Sphinx learns of us: the colours of cells with magics, and names in docstrings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from docutils import nodes
from IPython.lib.lexers import IPython3Lexer
from pygments.lexer import Lexer
from pygments.lexers.sql import SqlLexer
from pygments.token import Comment, Error, Keyword, Name, _TokenType
from sphinx import addnodes
from sphinx.application import Sphinx

import dagbook
import dagbook.testing
from notebooks.site.areas import error_paths

_HEADER = re.compile(r"%%\w+[^\n]*\n?")
_OPTION = re.compile(r"#\|[^\n]*\n")
_SQL = re.compile(r"\s--sql\b")
_NAME = re.compile(r"\w+(?:\.\w+)?")
# Types by the name that docstrings call them; a lower-case name may as well be an argument's.
PUBLIC = {path.rpartition(".")[2]: path for path in error_paths()} | {
    name: f"{module.__name__}.{name}"
    for module in (dagbook.testing, dagbook)
    for name in module.__all__
    if name[0].isupper() and name != "DagbookError"
}
# Without backticks only where it can't be a word: `In` begins a sentence, `SelectionError` is a name.
_SENTENCES = "|".join(name for name in PUBLIC if re.search(r"[a-z][A-Z]", name))
_TYPES = re.compile(rf"(?<![`\w.])(?:{_SENTENCES})(?![`\w(])")


class CellLexer(Lexer):
    """A cell of a notebook: under a header with `--sql` a query, else IPython's Python."""

    name = "dagbook cell"
    aliases: ClassVar[list[str]] = ["dagbook"]

    def __init__(self, **options: Any) -> None:
        # A colour for each cell as it stands: no line is added or taken.
        kept = options | {"stripnl": False, "ensurenl": False}
        super().__init__(**kept)
        self._kept = kept

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, _TokenType, str]]:
        """The tokens of a cell, each with its place."""
        header = _HEADER.match(text)
        start = header.end() if header else 0
        if header:
            magic = header.group().split(maxsplit=1)[0]
            yield 0, Keyword, magic
            yield len(magic), Name, text[len(magic) : start]
        while option := _OPTION.match(text, start):
            yield start, Comment, option.group()
            start = option.end()
        is_sql = header is not None and _SQL.search(text, 0, start) is not None
        lexer = SqlLexer(**self._kept) if is_sql else IPython3Lexer(**self._kept)
        for place, token, value in lexer.get_tokens_unprocessed(text[start:]):
            # `$name` in a query is a variable, which the lexer of SQL does not know.
            yield start + place, Name.Variable if token is Error else token, value


def named(
    role: str, source: str, text: str, line: int, inliner: Any, *_: object
) -> tuple[Sequence[nodes.Node], list[nodes.system_message]]:
    """Text between single backticks: code, and a link where it names something documented."""
    text = nodes.unescape(text)
    public, _dot, member = text.partition(".")
    if public not in PUBLIC or not _NAME.fullmatch(text):
        return [nodes.literal(source, text)], []
    link = addnodes.pending_xref(
        source,
        nodes.literal(source, text, classes=["xref", "py"]),
        refdomain="py",
        reftype="obj",
        reftarget=f"{PUBLIC[public]}.{member}" if member else PUBLIC[public],
        refexplicit=False,
        refwarn=False,
    )
    return [link], []


def link_names(
    app: Sphinx, what: str, name: str, obj: object, options: Any, lines: list[str]
) -> None:
    """Put backticks around public names of types in a docstring's sentences; examples stay."""
    example = False
    for place, line in enumerate(lines):
        example = line.lstrip().startswith(">>>") or (example and bool(line.strip()))
        if not example:
            lines[place] = _TYPES.sub(r"`\g<0>`", line)


def extend(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_lexer("dagbook", CellLexer)
    app.add_role("named", named)
    app.connect("autodoc-process-docstring", link_names)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
