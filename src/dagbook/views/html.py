"""Shows tables, text, code and pictures as HTML that is escaped and reads on light and dark pages."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from html import escape

from dagbook.views.lettering import clean_block, clean_line, cut, elide
from dagbook.views.states import LOOKS
from dagbook.views.tables import Cell, Column, TableView

# The class of every element that holds what differs from run to run.
VARIES = "dagbook-varies"
# MathJax 3 and 2 leave these alone, which else would set "$5 to $6" as a formula.
NO_MATH = "mathjax_ignore tex2jax_ignore"
LINE = "1px solid rgba(127,127,127,0.28)"
MONO = "font-family:var(--jp-code-font-family,ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace)"
ROOT = "font-size:13px;line-height:1.45;max-width:100%;overflow-x:auto"
TABLE = "border-collapse:collapse;border:none;margin:4px 0;font-size:13px;table-layout:auto;color:inherit"
QUIET = "opacity:0.68"
SCROLLS = "max-height:520px;overflow:auto"
SHORT = 20
LONGEST_CELL = 400
LONGEST_CODE = 40_000
_CODE = re.compile("`([^`\n]+)`")


def html_of(view: TableView) -> str:
    """The table as HTML with inline styles; what varies stands in elements of class `dagbook-varies`.

    >>> from dagbook.views.tables import table
    >>> "&lt;b&gt;" in html_of(table(["key"], [["<b>"]]))
    True
    """
    parts = [f'<div class="dagbook-table {NO_MATH}" style="{ROOT}">']
    if view.caption:
        parts.append(f'<div style="font-weight:600;margin:2px 0">{line_of(view.caption)}</div>')
    if view.rows or not view.note:
        # A long table scrolls within itself, so that what follows it stays in reach.
        long = f' style="{SCROLLS}"' if len(view.rows) > SHORT else ""
        parts += [f"<div{long}>", f'<table style="{TABLE}">', _head(view.columns), "<tbody>"]
        parts += [_row(row, view.columns) for row in view.rows]
        parts += ["</tbody>", "</table>", "</div>"]
    if view.more:
        parts.append(f'<div style="{QUIET}">… {view.more:,} more</div>')
    if view.note:
        note = _with_code(escape(clean_block(view.note)))
        parts.append(f'<div style="{QUIET};white-space:pre-wrap">{note}</div>')
    if view.varying:
        parts.append(f'<div style="{QUIET}">{varies(view.varying)}</div>')
    return "\n".join([*parts, "</div>"])


def line_of(text: object, most: int = 2_000) -> str:
    """One escaped line of at most `most` characters."""
    return escape(elide(clean_line(text), most), quote=True)


def sentence_of(text: str) -> str:
    """A sentence of ours, in which what stands between backticks is code.

    >>> sentence_of("Type `%dag`.")
    'Type <code>%dag</code>.'
    """
    return _with_code(line_of(text))


def _with_code(escaped: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escaped)


def varies(text: str) -> str:
    """Text that differs from run to run, in its marked element."""
    return f'<span class="{VARIES}">{line_of(text)}</span>'


def state_of(word: str, text: str | None = None) -> str:
    """A state with its sign in its colour."""
    look = LOOKS.get(word)
    shown = line_of(text if text is not None else word)
    if look is None:
        return shown
    sign = f'<span style="color:{look.line};font-weight:700">{look.sign}</span>'
    return f'<span style="white-space:nowrap">{sign} {shown}</span>'


def code_of(text: str, *, whole: bool = False, wrap: bool = False) -> str:
    """A block of code, a log or a traceback, which scrolls where it is high; `whole`: it never does.

    `wrap`: its lines go on below where they are wider than the page, as those of a value may.
    """
    height = "" if whole else "max-height:340px;"
    flow = "pre-wrap;overflow-wrap:anywhere" if wrap else "pre"
    style = (
        f"{MONO};font-size:12px;line-height:1.4;white-space:{flow};overflow:auto;{height}"
        "margin:4px 0;padding:8px 10px;background:rgba(127,127,127,0.1);border-radius:4px;color:inherit"
    )
    return f'<pre style="{style}">{escape(cut(clean_block(text), LONGEST_CODE))}</pre>'


def diff_of(text: str) -> str:
    """A unified diff, with added and removed lines told apart by sign and colour."""
    if not text.strip():
        return ""  # of a secret, for one, it is only known that it changed
    shown: list[str] = []
    for line in cut(clean_block(text), LONGEST_CODE).splitlines():
        if not shown and line.startswith(("--- ", "+++ ")):
            continue
        tint = {"+": "rgba(42,154,92,0.20)", "-": "rgba(220,63,69,0.20)"}.get(line[:1])
        style = f"display:block;background:{tint}" if tint else "display:block"
        shown.append(f'<span style="{style}">{escape(line) or " "}</span>')
    style = (
        f"{MONO};font-size:12px;line-height:1.4;white-space:pre;overflow:auto;max-height:340px;"
        "margin:4px 0;padding:6px 0;background:rgba(127,127,127,0.08);color:inherit"
    )
    return f'<pre style="{style}">{"".join(shown)}</pre>'


def picture_of(png: bytes, width: int | None = None) -> str:
    """A PNG picture inside the page."""
    data = base64.b64encode(png).decode("ascii")
    size = f"width:{width}px;" if width else ""
    return (
        f'<img alt="picture" src="data:image/png;base64,{data}" '
        f'style="{size}max-width:100%;height:auto;background:#fff;border-radius:3px">'
    )


def folded_of(title: str, body: str, *, opened: bool = False) -> str:
    """A part that opens and closes with a click on its title."""
    return (
        f'<details{" open" if opened else ""} style="margin:6px 0">'
        f'<summary style="cursor:pointer;font-weight:600">{sentence_of(title)}</summary>'
        f'<div style="padding:2px 0 2px 2px">{body}</div></details>'
    )


def change_of(sentence: str, diff: str) -> str:
    """What changed, with its lines where there are some to be shown."""
    if not diff:
        return f'<div style="margin:6px 0;font-weight:600">{sentence_of(sentence)}</div>'
    return folded_of(sentence, diff_of(diff), opened=True)


def _head(columns: Iterable[Column]) -> str:
    cells = [
        f'<th style="text-align:{_side(column)};padding:3px 14px 3px 0;border:none;'
        f'border-bottom:{LINE};font-weight:600;white-space:nowrap;color:inherit;{QUIET}">{line_of(column.name, LONGEST_CELL)}</th>'
        for column in columns
    ]
    return f'<thead><tr style="background:none">{"".join(cells)}</tr></thead>'


def _row(row: Iterable[Cell], columns: Iterable[Column]) -> str:
    cells = "".join(_cell(cell, column) for cell, column in zip(row, columns, strict=True))
    return f'<tr style="background:none;border-bottom:{LINE}">{cells}</tr>'


def _cell(cell: Cell, column: Column) -> str:
    text = line_of(cell.text, LONGEST_CELL)
    text = _with_code(text) if column.said else text
    if cell.state:
        text = state_of(cell.state, cell.text)
    elif cell.code:
        text = f'<span style="{MONO};font-size:12px">{text}</span>'
    if cell.text and (cell.varies or column.varies):
        text = f'<span class="{VARIES}">{text}</span>'
    hint = f' title="{line_of(cell.hint)}"' if cell.hint else ""
    style = (
        f"text-align:{_side(column)};padding:3px 14px 3px 0;border:none;vertical-align:top;"
        f"max-width:460px;overflow-wrap:break-word;color:inherit;white-space:{_flow(cell, column)}"
    )
    return f'<td style="{style}"{hint}>{text}</td>'


def _flow(cell: Cell, column: Column) -> str:
    held = column.right or not column.wrap or (cell.code and len(cell.text) < 48)
    return "nowrap" if held else "normal"


def _side(column: Column) -> str:
    return "right" if column.right else "left"
