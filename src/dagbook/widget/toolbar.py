"""The row of buttons above the picture, each of which says the magic that it stands for."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets

from dagbook.records import dataclass
from dagbook.views.lettering import clean_line, elide


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A button's name, its icon, and what it does."""

    name: str
    label: str
    icon: str
    does: Callable[[], None]
    style: str = ""


class Toolbar:
    """Buttons by name, a search box and a switch for choosing several assets.

    `on_type` is told each text while it is typed, `on_search` the one that Enter ends. What these
    and the buttons do must return at once; what they raise goes to `on_error`.
    """

    def __init__(
        self,
        actions: tuple[Action, ...],
        on_search: Callable[[str], None],
        on_type: Callable[[str], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        self._on_error = on_error
        self._on_search = self._guarded(on_search)
        self.buttons = {action.name: self._button(action) for action in actions}
        self.several = ipywidgets.ToggleButton(
            description="Several",
            icon="mouse-pointer",
            tooltip="Each click on an asset adds it to the selection or takes it out, as one with Shift "
            "does in JupyterLab",
            layout={"width": "auto"},
        )
        self.search = ipywidgets.Text(
            placeholder="Find: +orders, group:raw …",
            tooltip="A selection, as in %select. Tab goes to what may follow, Enter takes it.",
            continuous_update=True,
            layout={"flex": "1 1 170px", "width": "170px", "min_width": "120px"},
        )
        self.search.observe(self._guarded(lambda change: on_type(change["new"])), "value")
        self.search.on_msg(self._told)
        self.widget = ipywidgets.Box(
            [
                *self.buttons.values(),
                self.several,
                self.search,
            ],
            layout={"flex_flow": "row wrap", "align_items": "center", "width": "100%"},
        )
        self.widget.add_class("dagbook-toolbar")

    def type(self, text: str) -> None:
        """Put a text into the search box, as if it were typed, and the cursor behind it."""
        self.search.value = text
        self.search.focus()

    def _told(self, _widget: object, message: dict[str, object], _buffers: object) -> None:
        if message.get("event") == "submit":
            self._on_search(self.search.value)

    def offer(self, name: str, tooltip: str, *, enabled: bool) -> None:
        """Say what a button would do now, and whether it can be pressed."""
        button = self.buttons[name]
        shown = "\n".join(elide(clean_line(line), 300) for line in tooltip.splitlines())
        if button.tooltip != shown:
            button.tooltip = shown
        if button.disabled is enabled:
            button.disabled = not enabled

    def name(self, name: str, label: str) -> None:
        """Give a button another word."""
        if self.buttons[name].description != label:
            self.buttons[name].description = label

    def show(self, name: str, *, shown: bool) -> None:
        """Have a button there or not."""
        self.buttons[name].layout.display = None if shown else "none"

    def _button(self, action: Action) -> ipywidgets.Button:
        button = ipywidgets.Button(
            description=action.label,
            icon=action.icon,
            button_style=action.style,
            layout={"width": "auto"},
            disabled=True,
        )
        button.on_click(self._guarded(lambda _button: action.does()))
        return button

    def _guarded(self, handler: Callable[..., None]) -> Callable[..., None]:
        """The handler with its error shown: what a callback raises is seen nowhere."""

        def guarded(argument: object) -> None:
            try:
                handler(argument)
            except Exception as error:
                self._on_error(error)

        return guarded
