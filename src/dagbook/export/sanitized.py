"""HTML of others, such as a notebook's text and outputs, without anything that acts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from html.parser import HTMLParser

_TAGS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "center",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
    ]
)
_VOID = frozenset({"br", "hr", "img", "col"})
# What stands in these is no text.
_SILENT = frozenset({"script", "style", "template", "iframe", "object", "noscript", "title", "svg"})
_ATTRIBUTES = frozenset(
    {
        "id",
        "class",
        "title",
        "alt",
        "align",
        "colspan",
        "rowspan",
        "width",
        "height",
        "open",
        "start",
    }
)
_WEB = re.compile(r"(?:https?:|mailto:|#|[^:/?#]*(?:[/?#]|\Z))", re.I)
_PICTURE = re.compile(
    r"(?:https?:|data:image/(?:png|jpeg|gif|webp);base64,|[^:/?#]*(?:[/?#]|\Z))", re.I
)


def sanitized(html: str) -> str:
    """The HTML with only what shows text, tables, pictures and links; tags are closed.

    >>> sanitized('<b onclick="x()">a</b><script>b</script>')
    '<b>a</b>'
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join([*reader.parts, *[f"</{tag}>" for tag in reversed(reader.opened)]])


class _Reader(HTMLParser):
    """Writes what may stay as it reads."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.opened: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _TAGS and not self._silent:
            kept = "".join(
                f' {name}="{escape(value or "")}"' for name, value in attrs if _kept(name, value)
            )
            self.parts.append(f"<{tag}{kept}>")
            if tag not in _VOID:
                self.opened.append(tag)

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            return
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in self.opened and not self._silent:
            while (last := self.opened.pop()) != tag:
                self.parts.append(f"</{last}>")
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(escape(data, quote=False))


def _kept(name: str, value: str | None) -> bool:
    if name == "href":
        return bool(_WEB.match((value or "").strip()))
    if name == "src":
        return bool(_PICTURE.match((value or "").strip()))
    return name in _ATTRIBUTES
