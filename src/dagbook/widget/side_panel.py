"""The panel beside the picture: one asset, or a folded group, with what it takes time to load."""

from __future__ import annotations

import threading
from collections.abc import Callable

import ipywidgets

from dagbook.definitions.keys import AssetKey
from dagbook.engine.coalescing import Coalescer
from dagbook.views.panel import PanelSubject, panel_html
from dagbook.widget.details import Mark, loaded, mark_of, with_loaded
from dagbook.widget.live import LiveWorkspace

WIDTH = "46%"
# The height in pixels from which on the panel scrolls.
HIGH = 420


class SidePanel:
    """Shows an asset at once with what is known, and again when its value and rows are loaded."""

    def __init__(
        self,
        workspace: LiveWorkspace,
        on_close: Callable[[], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        self._workspace = workspace
        self._lock = threading.Lock()
        self._subject: PanelSubject | None = None
        self._kept: tuple[Mark, PanelSubject] | None = None
        self._loader = Coalescer(self._load, 0.2, on_error)
        self.body = ipywidgets.HTML(layout={"width": "100%"})
        close = ipywidgets.Button(
            icon="times", tooltip="Close the panel", layout={"width": "32px", "flex": "0 0 auto"}
        )
        close.on_click(lambda _button: on_close())
        close.add_class("dagbook-close")
        self.widget = ipywidgets.Box(
            [close, self.body], layout={"display": "none", "width": WIDTH, "overflow": "auto"}
        )
        self.widget.add_class("dagbook-side")

    @property
    def key(self) -> AssetKey | None:
        """The asset that is shown; None where it is none."""
        subject = self._subject
        return None if subject is None else subject.node.key

    @property
    def is_open(self) -> bool:
        """Whether the panel is there at all."""
        return str(self.widget.layout.display) != "none"

    def open(self) -> None:
        """Make the panel visible."""
        self.widget.layout.display = "block"

    def place(self, *, beside: bool, filling: bool = False) -> None:
        """Stand beside the picture or below it, and scroll where there is more to tell.

        `filling`: there is a place of its own, of which it takes what the picture leaves.
        """
        self.widget.layout.width = WIDTH if beside else "100%"
        self.widget.layout.max_height = None if filling else f"{HIGH}px"
        self.widget.layout.flex = "1 0 50%" if filling else None
        (self.widget.remove_class if beside else self.widget.add_class)("dagbook-below")

    def close(self) -> None:
        """Give the room back."""
        with self._lock:
            self._subject = None
        self.widget.layout.display = "none"

    def end(self) -> None:
        """Load nothing any more."""
        self._loader.close()

    def show(self, subject: PanelSubject) -> None:
        """Show the asset with what is known now, and load the rest where it is not there yet."""
        with self._lock:
            self._subject = subject
            kept = self._kept
        if kept is not None and kept[0] == mark_of(subject):
            self._set(panel_html(with_loaded(subject, kept[1])))
        else:
            self._set(panel_html(subject))
            self._loader.poke()

    def show_html(self, html: str) -> None:
        """Show something that is no asset."""
        with self._lock:
            self._subject = None
        self._set(html)

    def _load(self) -> None:
        with self._lock:
            subject = self._subject
        if subject is None or subject.running:
            return
        whole = loaded(self._workspace, subject)
        with self._lock:
            self._kept = (mark_of(subject), whole)
            current = self._subject
        if current is not None and mark_of(current) == mark_of(subject):
            self._set(panel_html(with_loaded(current, whole)))

    def _set(self, html: str) -> None:
        if self.body.value != html:
            self.body.value = html
