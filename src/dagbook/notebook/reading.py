"""A defining cell's text, parsed once and made known to tracebacks."""

from __future__ import annotations

from dataclasses import dataclass

from dagbook.cells.body import ParsedBody, parse_body
from dagbook.definitions.origin import Origin
from dagbook.notebook.face import Face


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
        transform=face.shell.transform_cell,
        where=origin.where,
    )
    return ReadCell(parsed=parsed, origin=origin)


def register(face: Face, magic: str, line: str, body: str, language: str) -> tuple[str, Origin]:
    """Make the cell's lines known under a file name of their own; gives that and its origin."""
    text = f"%%{magic} {line}\n{body}"
    filename = face.shell.compile.cache(text, face.number, raw_code=text)
    origin = Origin(where=face.where, line=1, cell_id=face.cell_id, language=language, text=text)
    return filename, origin
