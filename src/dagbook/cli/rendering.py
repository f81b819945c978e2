"""`dagbook render`: writes a page as a notebook, or a notebook as a page or a module."""

from __future__ import annotations

from dagbook.cli.outcome import OK
from dagbook.cli.ports import Doors
from dagbook.cli.progress import Progress
from dagbook.cli.render_arguments import RenderArguments
from dagbook.cli.streams import Streams
from dagbook.cli.targets import make_room
from dagbook.errors.render import UnknownForm
from dagbook.views.lettering import clean_line

_PAGES, _NOTEBOOK, _EXPORTED = (".md", ".mdx"), ".ipynb", (".html", ".md", ".py")


def render(arguments: RenderArguments, doors: Doors, streams: Streams) -> int:
    """Render, and tell what a reader should know.

    Raises UnknownForm for endings that say of no form, UnwritableFile, and whatever rendering raises.
    """
    source, target = arguments.source, arguments.target
    if source.suffix == _NOTEBOOK:
        if target.suffix not in _EXPORTED:
            raise UnknownForm(path=str(target), known=_EXPORTED)
    elif source.suffix not in _PAGES:
        raise UnknownForm(path=str(source), known=(*_PAGES, _NOTEBOOK))
    elif target.suffix != _NOTEBOOK:
        raise UnknownForm(path=str(target), known=(_NOTEBOOK,))
    make_room(target.absolute())
    progress = Progress(streams)
    try:
        notes = doors.rendered(arguments, progress.cell)
    finally:
        progress.clear()
    for note in notes:
        print(clean_line(note), file=streams.told)
    print(f"Wrote {target}.", file=streams.told)
    return OK
