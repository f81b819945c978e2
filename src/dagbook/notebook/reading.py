"""A defining cell's text, parsed once and made known to tracebacks."""

from __future__ import annotations

import linecache
import re

from IPython.core.compilerop import CachingCompiler

from dagbook.cells.parsing import ParsedBody, parse_body
from dagbook.definitions.origin import Origin
from dagbook.execution.sources import known_as
from dagbook.notebook.face import Face
from dagbook.records import dataclass

# A line that may be a magic, a command, a question, or a call without parentheses.
_MAGIC = re.compile(r"^[ \t]*[%!?,;/]|\?[ \t]*(?:#.*)?$|=[ \t]*[%!]|^[ \t]*(?:>>>|In \[)", re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCell:
    """A cell with its body parsed, and where it stands."""

    parsed: ParsedBody
    origin: Origin

    @property
    def in_kernel(self) -> bool:
        """Whether the body runs line magics or `!command`, which only a shell can."""
        return "get_ipython()" in self.parsed.source and "get_ipython()" not in self.parsed.text


def read_python(face: Face, magic: str, line: str, body: str) -> ReadCell:
    """Parse a cell `%%magic line` with this body; raises BodySyntaxError at the cell's own line."""
    filename, origin = register(face, magic, line, body, "python")
    parsed = parse_body(
        body,
        first_line=2,
        filename=filename,
        # It tokenizes the body some times over, which takes longer than parsing it.
        transform=face.shell.transform_cell if _MAGIC.search(body) else None,
        where=origin.where,
    )
    return ReadCell(parsed=parsed, origin=origin)


def register(face: Face, magic: str, line: str, body: str, language: str) -> tuple[str, Origin]:
    """Make the cell's lines known under a file name of their own; gives that and its origin."""
    text = f"%%{magic} {line}\n{body}"
    filename = _known_as(face.shell.compile, text, face.number)
    known_as(filename, face.where)
    origin = Origin(where=face.where, line=1, cell_id=face.cell_id, language=language, text=text)
    return filename, origin


def _known_as(compiler: CachingCompiler, text: str, number: int) -> str:
    """The file name under which tracebacks find these lines, and call them the cell of this number.

    A kernel names cells as files, `….py`. IPython reads a function's lines from such a file alone,
    and there is none; of any other name it asks for the lines that it was given.
    """
    filename = compiler.cache(text, number, raw_code=text)
    if not filename.endswith(".py"):
        return filename
    renamed = filename.removesuffix(".py")
    linecache.cache[renamed] = (len(text), None, text.splitlines(keepends=True), renamed)
    # Where this is another attribute one day, the name of the file stands in place of the number.
    getattr(compiler, "_filename_map", {})[renamed] = number
    return renamed
