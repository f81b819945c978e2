"""Takes a widget out of the page with all that it is made of."""

from __future__ import annotations

from collections.abc import Iterator

import ipywidgets


def close_whole(widget: ipywidgets.Widget) -> None:
    """Close the widget and every widget that its state names, and theirs, the outermost first.

    One that stays open can't tell its state once a part of it is closed; a page that is loaded
    anew asks for the states of all together, so that it would get none, not of other widgets either.
    """
    whole = {widget: None}
    rest = [widget]
    while rest:
        one = rest.pop()
        parts = [part for name in one.keys for part in _widgets_in(getattr(one, name))]
        rest += [part for part in parts if part not in whole]
        whole.update(dict.fromkeys(parts))
    for one in whole:
        one.close()


def _widgets_in(value: object) -> Iterator[ipywidgets.Widget]:
    if isinstance(value, ipywidgets.Widget):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _widgets_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _widgets_in(each)
