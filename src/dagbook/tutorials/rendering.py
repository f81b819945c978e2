"""`dagbook render PAGE`: from a page's file to the cells of a notebook."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from dagbook.errors.render import UnreadablePage
from dagbook.tutorials.aliases import with_aliases
from dagbook.tutorials.as_magics import as_magics
from dagbook.tutorials.lacking import Lacking
from dagbook.tutorials.links import Links, anchors_of
from dagbook.tutorials.meaning import Meaning, folder_of
from dagbook.tutorials.nodes import At, Heading, Node, walk
from dagbook.tutorials.options import PageCell, PageOptions, RenderedPage
from dagbook.tutorials.parts import Parts
from dagbook.tutorials.reading import Page, read_page
from dagbook.tutorials.splitting import split_definitions
from dagbook.tutorials.writing import Writer

_DAGBOOK = re.compile(
    r"^\s*(?:import dagbook\b|from dagbook\b|%%asset\b|%dag\b|%materialize\b)", re.M
)
_LOADED = re.compile(r"^\s*%load_ext dagbook\b", re.M)
# Links of a page that can't be resolved are counted, and this many named.
NAMED = 3


def render_page(path: Path, options: PageOptions, *, beside: str = "") -> RenderedPage:
    """Render a page's file; `beside` is the folder of copied pictures, as the notebook names it.

    Raises UnreadablePage, PageSyntaxError, SnippetMissing or SnippetOutside.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadablePage(
            path=str(path), problem=error.strerror or type(error).__name__
        ) from None
    except ValueError:
        raise UnreadablePage(path=str(path), problem="it is not UTF-8 text") from None
    return render_text(text, path, options, beside=beside)


def render_text(text: str, path: Path, options: PageOptions, *, beside: str = "") -> RenderedPage:
    """Render the text of a page whose file would be `path`.

    >>> render_text("# Hi\\n```python\\n1\\n```", Path("hi.md"), PageOptions()).cells[1].text
    '1'
    """
    page = read_page(text, path.name)
    folder = folder_of(path)
    site = options.site or folder
    links = Links(
        base_url=options.base_url,
        folder=folder,
        root=site,
        beside=beside if options.pictures == "copy" and beside else None,
        anchors=anchors_of(each for each in walk(page.nodes) if isinstance(each, Heading)),
    )
    meaning = Meaning(page, options, links, Parts(page.imports, folder, site))
    writer = Writer()
    writer.write(_titled(page))
    writer.write(meaning.of(page.nodes))
    cells, notes = _with_code(writer.finish(), options, page.name)
    return RenderedPage(
        cells=tuple(cells),
        pictures=links.copied,
        notes=(*meaning.notes, *notes, *_unresolved(links, page.name)),
        front=page.front,
    )


def _titled(page: Page) -> tuple[Node, ...]:
    """The title of the front matter, where the page itself begins without one."""
    title = page.front.get("title")
    first = next((each for each in page.nodes if isinstance(each, Heading)), None)
    if not title or (first is not None and first.level == 1):
        return ()
    return (Heading(level=1, text=str(title), at=At(line=1)),)


def _with_code(
    cells: list[PageCell], options: PageOptions, page: str
) -> tuple[list[PageCell], list[str]]:
    """The cells with what becomes of their code."""
    notes: list[str] = []
    if options.aliases:
        cells, notes = _elsewhere(cells, options, page)
    if options.cells or options.magics:
        cells = [part for cell in cells for part in _split(cell)]
    if options.magics:
        cells, more = as_magics(cells)
        notes += more
    if options.run:
        cells = [*cells, *_running()]
    return _loading(cells), notes


def _elsewhere(
    cells: list[PageCell], options: PageOptions, page: str
) -> tuple[list[PageCell], list[str]]:
    """The cells with other imports, without what is not to be had there."""
    texts = with_aliases(
        [cell.text if cell.kind == "code" else "" for cell in cells], options.aliases
    )
    lacking = Lacking(options.offered)
    done = [
        replace(cell, text=lacking.without(text)) if cell.kind == "code" else cell
        for cell, text in zip(cells, texts, strict=True)
    ]
    return done, list(lacking.notes(page))


def _split(cell: PageCell) -> list[PageCell]:
    if cell.kind != "code":
        return [cell]
    return [replace(cell, text=text) for text in split_definitions(cell.text)]


def _running() -> Iterable[PageCell]:
    at = At(line=0)
    return (
        PageCell(kind="code", text="%dag", at=at),
        PageCell(kind="code", text="%materialize", at=at),
    )


def _loading(cells: list[PageCell]) -> list[PageCell]:
    """With a first cell that loads dagbook, where a cell needs it."""
    code = [cell.text for cell in cells if cell.kind == "code"]
    if not any(map(_DAGBOOK.search, code)) or any(map(_LOADED.search, code)):
        return cells
    first = next(place for place, cell in enumerate(cells) if cell.kind == "code")
    loading = PageCell(kind="code", text="%load_ext dagbook", at=cells[first].at)
    return [*cells[:first], loading, *cells[first:]]


def _unresolved(links: Links, name: str) -> Iterable[str]:
    if links.unresolved:
        some = ", ".join(dict.fromkeys(links.unresolved[:NAMED]))
        yield (
            f"{name}: {len(links.unresolved)} links lead to other pages of its site, and stay as they "
            f"are ({some}): --base-url says where that is."
        )
