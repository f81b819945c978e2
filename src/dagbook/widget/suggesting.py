"""The row below the search box: what may follow what is typed, each a button."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets

from dagbook.selection.completion import Completion
from dagbook.views.lettering import clean_line, elide

# More than a row holds; the next letter narrows them.
MOST = 8
# Characters of a long name that a button shows.
LONGEST = 32
# Takes a text and gives what may stand at its end.
Suggests = Callable[[str], list[Completion]]


class Suggestions:
    """Buttons that put a completion in the place of what is typed of its word.

    `on_choice` is told the whole new text. The row stands after the search box, so that Tab goes
    from the box to the first of them, and Enter takes it.
    """

    def __init__(self, suggest: Suggests, on_choice: Callable[[str], None]) -> None:
        self._suggest = suggest
        self._on_choice = on_choice
        self._texts: list[str] = []
        self.buttons = [self._button(place) for place in range(MOST)]
        self.widget = ipywidgets.Box(
            self.buttons, layout={"display": "none", "flex_flow": "row wrap", "width": "100%"}
        )
        self.widget.add_class("dagbook-suggestions")

    @property
    def texts(self) -> list[str]:
        """The texts that the buttons would leave in the box, in their order."""
        return list(self._texts)

    def offer(self, text: str) -> None:
        """Show what may follow this text; nothing follows an empty one."""
        found = self._suggest(text) if text.strip() else []
        useful = [one for one in found if text[: one.start] + one.text != text][:MOST]
        self._texts = [text[: one.start] + one.text for one in useful]
        for place, button in enumerate(self.buttons):
            shown = place < len(useful)
            if shown:
                one = useful[place]
                button.description = elide(clean_line(one.text), LONGEST)
                button.tooltip = elide(f"{clean_line(one.text)} ({one.kind})", 300)
            button.layout.display = None if shown else "none"
        self.widget.layout.display = None if useful else "none"

    def hide(self) -> None:
        """Take the row away."""
        self.offer("")

    def _button(self, place: int) -> ipywidgets.Button:
        button = ipywidgets.Button(layout={"width": "auto", "display": "none"})
        button.on_click(lambda _button: self._choose(place))
        return button

    def _choose(self, place: int) -> None:
        if place < len(self._texts):
            self._on_choice(self._texts[place])
