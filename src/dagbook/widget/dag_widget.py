"""The live graph: a picture to click, buttons that bring parts of it up to date, and a panel."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

import ipywidgets

from dagbook.engine.background import BackgroundRun
from dagbook.engine.coalescing import Coalescer
from dagbook.errors.base import DagbookError
from dagbook.errors.selection import SelectionError
from dagbook.views.html import sentence_of, state_of
from dagbook.views.parts import DagView
from dagbook.views.plan import plan_preview
from dagbook.views.runs import ending_line, warning_lines
from dagbook.views.states import LOOKS
from dagbook.widget.adapter import Canvas
from dagbook.widget.closing import close_whole
from dagbook.widget.details import subject_of
from dagbook.widget.expressions import above, below
from dagbook.widget.live import LiveWorkspace
from dagbook.widget.picture import Picture
from dagbook.widget.root import Root
from dagbook.widget.sheet import CSS
from dagbook.widget.side_panel import HIGH, SidePanel
from dagbook.widget.stage import Size, Stage
from dagbook.widget.suggesting import Suggestions
from dagbook.widget.telling import block, hint_of, panel_of, progress_of, quiet
from dagbook.widget.toolbar import Action, Toolbar

# Seconds between two changes of the picture, so that a long run sends few messages.
BETWEEN = 0.1
# Seconds after which a click is not the first half of a double click any more.
DOUBLE = 0.3
# What the button says of a node that is open, closed, or opens into nothing.
OPENS = {
    True: "Close it again, as a double click does",
    False: "Show what it is made of, as a double click does",
    None: "Click a group, or an asset that is made by ops",
}


class DagWidget:
    """The graph of a workspace as a widget; `selection` narrows it to what it names.

    `expand` names groups and graphs of ops that are open at first; `frame` is the size of the place
    of its own that it fills, which a cell is not; `widget` is what to display; `close()` lets go of
    the workspace. Raises SelectionError for a selection that can't be used, NothingToExpand for a name that opens
    into nothing.
    """

    def __init__(
        self,
        workspace: LiveWorkspace,
        selection: str | None = None,
        expand: Iterable[str] = (),
        *,
        frame: Size | None = None,
    ) -> None:
        self.workspace = workspace
        self.picture = Picture(workspace, selection)
        self.picture.expand(expand)
        # Of the runs in the background, which all graphs show, those that this one has begun.
        self._own: set[str] = set()
        self._followed: tuple[BackgroundRun, ...] = workspace.activity.going
        self._lock = threading.RLock()
        self._searched = ""
        self._message = ""
        # How everything stood when the message told of it; None where it tells of something else.
        self._told_of: DagView | None = None
        self._starting = False
        self._node = ""
        self.toolbar = Toolbar(self._actions(), self._search, self._type, self.show_error)
        self.suggestions = Suggestions(self.picture.suggest, self.toolbar.type)
        self.panel = SidePanel(workspace, self._close_panel, self.show_error)
        self._line = ipywidgets.HTML()
        self._legend = ipywidgets.HTML()
        for each in (self._line, self._legend):
            each.add_class("dagbook-line")
        self.stage = Stage(self._guarded(self._clicked), self._guarded(self.double_click), frame)
        self._body = ipywidgets.Box(
            [self.stage.widget, self.panel.widget], layout={"width": "100%"}
        )
        self._body.add_class("dagbook-body")
        self.widget = Root(
            [
                ipywidgets.HTML(CSS),
                self.toolbar.widget,
                self.suggestions.widget,
                self._line,
                self._body,
                self._legend,
            ],
            layout={"width": "100%"},
        )
        self._draw()
        self._painter = Coalescer(self._paint, BETWEEN, self.show_error)
        self.toolbar.several.observe(lambda _: self._show_line(), "value")
        self._unsubscribe = workspace.on_change(self._painter.poke)
        self._refresh()

    def close(self) -> None:
        """Listen to the workspace no more, and take the widget out of the page."""
        self._unsubscribe()
        self._painter.close()
        self.panel.end()
        close_whole(self.widget)
        self.stage.end()

    def click(self, node: str) -> None:
        """What a click on the node of this id does: choose it, and show it in the panel."""
        self._choose(node, adds=False)
        self._tell()

    def _clicked(self, node: str, adds: bool) -> None:
        self._choose(node, adds=adds)
        if self.picture.is_open(node) is None:
            self._tell()
            return
        # What is told moves the picture, and the second half of a double click would miss the node.
        timer = threading.Timer(DOUBLE, self._guarded(self._tell))
        timer.daemon = True
        timer.start()

    def _choose(self, node: str, *, adds: bool) -> None:
        with self._lock:
            self.picture.click(node, several=adds or self.toolbar.several.value)
            self._node = node
            self._say("")
            self._restyle()
            self.stage.mark(node)

    def _tell(self) -> None:
        """Tell of what was clicked, above the picture and in the panel."""
        with self._lock:
            if not self.panel.is_open:
                self.panel.open()
                self._make_room()
            self._refresh()

    def double_click(self, node: str) -> None:
        """What a double click on this node does: open or close its group, or the ops of an asset."""
        with self._lock:
            if self.picture.toggle(node):
                self._draw()
                self._refresh()

    def materialize(self, expression: str | None) -> None:
        """Start a run of this selection in the background, and follow it; returns at once."""
        with self._lock:
            if self.is_busy:
                return
            self._starting = True
            self._say(state_of("running", "starting …"))
            self._refresh()
        # Planning and packing a large graph takes seconds, in which no click must be lost.
        threading.Thread(
            target=self._start, args=(expression,), name="dagbook-widget-start", daemon=True
        ).start()

    @property
    def is_busy(self) -> bool:
        """Whether a run in the background goes on, whoever began it, or is about to begin here."""
        return self._starting or bool(self.workspace.activity.going)

    def _start(self, expression: str | None) -> None:
        try:
            run = self.workspace.start(expression)
            with self._lock:
                self._own.add(run.run_id)
                # One that has ended already was perhaps never seen to go on.
                if run not in self._followed:
                    self._followed += (run,)
        except Exception as error:
            self.show_error(error)
        finally:
            self._starting = False
            self._painter.poke()

    def show_error(self, error: Exception) -> None:
        """Say what went wrong, below the buttons: a callback's own output is seen nowhere."""
        text = str(error) if isinstance(error, DagbookError) else f"{type(error).__name__}: {error}"
        look = LOOKS["failed"]
        shown = sentence_of(text) if "\n" not in text else block(text)
        self._say(f'<span style="color:{look.line};font-weight:700">{look.sign}</span> {shown}')
        self._line.value = self._message

    def _say(self, message: str, told_of: DagView | None = None) -> None:
        """Have the line say this, where it tells of how everything stands, for as long as that is so."""
        self._message, self._told_of = message, told_of

    def _guarded(self, handler: Callable[..., None]) -> Callable[..., None]:
        def guarded(*told: object) -> None:
            try:
                handler(*told)
            except Exception as error:
                self.show_error(error)

        return guarded

    # --- buttons

    def _actions(self) -> tuple[Action, ...]:
        picture = self.picture
        start = self.materialize

        def made(name: str, label: str, icon: str, does: Callable[[], None]) -> Action:
            return Action(name=name, label=label, icon=icon, does=does)

        return (
            made("this", "This", "play", lambda: start(picture.focus)),
            made("upstream", "Upstream", "step-backward", lambda: start(above(picture.focus))),
            made("downstream", "Downstream", "step-forward", lambda: start(below(picture.focus))),
            made(
                "marked", "Selection", "check-square-o", lambda: start(picture.marked_expression())
            ),
            made("due", "All stale", "refresh", lambda: start(picture.due_expression())),
            made("retry", "Retry", "repeat", lambda: start(picture.undone_expression())),
            made("cancel", "Cancel", "stop", self.workspace.activity.cancel),
            made("open", "Open", "folder-open-o", lambda: self.double_click(self._node)),
            made("fit", "Fit", "arrows-alt", lambda: self.canvas.fit()),
        )

    def _type(self, text: str) -> None:
        """Suggest what may follow, and find what the text names already, if it names anything."""
        self.suggestions.offer(text)
        with self._lock:
            self._say("")
            try:
                self.picture.search(text)
            except DagbookError:
                # Enter tells what is wrong with it; who still types knows that it isn't whole.
                self._say(quiet("Not a selection yet"))
            self._restyle()
            self._refresh()

    def _search(self, expression: str) -> None:
        self.suggestions.hide()
        with self._lock:
            self._say("")
            try:
                self.picture.search(expression)
            finally:
                self._restyle()
                self._refresh()

    def _close_panel(self) -> None:
        with self._lock:
            self.panel.close()
            self._make_room()

    # --- what happens elsewhere

    def _paint(self) -> None:
        """Show how things stand now."""
        with self._lock:
            self.picture.read()
            picture = self.picture
            if picture.structure != self._drawn or not self.canvas.holds(picture.view):
                self._draw()
            else:
                self._restyle()
            going = self.workspace.activity.going
            ended = [run for run in self._followed if run not in going]
            self._followed = going
            if self._told_of not in (None, picture.view):
                self._say("")
            for run in ended:
                self._end(run)
            self._refresh()

    def _end(self, run: BackgroundRun) -> None:
        """Say what the run came to; where something failed in one of this graph, show it."""
        try:
            result: Any = run.result()
        except Exception as error:
            self.show_error(error)
            return
        cancelled = result.outcome == "cancelled"
        word = "fresh" if result.success else "missing" if cancelled else "failed"
        if result.failed and run.run_id in self._own and not self.panel.is_open:
            self.click(self.node_of(result.failed[0]))
        told = [state_of(word, ending_line(result)), *map(sentence_of, warning_lines(result))]
        self._say(" · ".join(told), self.picture.view)

    def node_of(self, key: Any) -> str:
        """The id of the node that stands for an asset: its own, or that of its folded group."""
        return next(iter(self.picture.ids([key])))

    # --- showing

    def fill(self, frame: Size) -> None:
        """Fill a place of this size, and show the whole graph in it."""
        with self._lock:
            if self.stage.fill(frame):
                self._draw()
            else:
                self._make_room()

    @property
    def canvas(self) -> Canvas:
        """What is drawn now."""
        return self.stage.canvas

    def _draw(self) -> None:
        self.stage.draw(self.picture.view)
        self._drawn = self.picture.structure
        self._restyle()
        self._make_room()

    def _make_room(self) -> None:
        """Put the panel beside a narrow picture and below a wide one, which would become too small."""
        beside, tall = self.stage.is_beside, self.stage.is_tall
        self._body.layout.flex_flow = "row" if beside else "column"
        (self.widget.add_class if tall else self.widget.remove_class)("dagbook-tall")
        self.panel.place(beside=beside, filling=tall)
        self.stage.give_room(HIGH if beside and self.panel.is_open else 0)
        self.stage.mark(self._node)

    def _restyle(self) -> None:
        self.canvas.restyle(self.picture.view, self.picture.ringed, self.picture.bright)

    def _refresh(self) -> None:
        """Bring everything but the picture up to date with what was read."""
        if self._searched and not self.picture.searched:
            # Something newer makes the selection.
            self.toolbar.search.value = ""
        self._searched = self.picture.searched
        self._show_legend()
        self._offer()
        self._show_line()
        if self.panel.is_open:
            self._show_node(self._node)

    def _show_node(self, node: str) -> None:
        picture = self.picture
        if picture.focused is not None:
            self.panel.show(
                subject_of(self.workspace, picture.focused, picture.statuses, picture.checks)
            )
        elif html := panel_of(picture, node):
            self.panel.show_html(html)
        else:
            self._close_panel()

    def _show_legend(self) -> None:
        view = self.picture.view
        parts = [state_of(each.state, f"{each.count} {each.state}") for each in view.legend]
        if view.hidden:
            parts.append(quiet(f"{view.hidden} more not shown"))
        text = " &ensp; ".join(parts) or "No assets yet: run a cell that begins with %%asset."
        if self._legend.value != text:
            self._legend.value = text

    def _show_line(self) -> None:
        hint = hint_of(self.picture, several=self.toolbar.several.value)
        text = self._message or quiet(hint)
        if self.workspace.activity.going:
            text = progress_of(self.workspace.activity)
        if self._line.value != text:
            self._line.value = text

    def _offer(self) -> None:
        """Say at each button what it stands for and what it would do."""
        focus, marked = self.picture.focus, self.picture.marked_expression()
        idle = not self.is_busy
        self._offer_run("this", focus, "Click an asset first", idle)
        self._offer_run("upstream", focus and above(focus), "Click an asset first", idle)
        self._offer_run("downstream", focus and below(focus), "Click an asset first", idle)
        self._offer_run("marked", marked, "Choose several assets, search, or use %select", idle)
        due = idle and self.picture.has_due()
        named = self.picture.due_expression()
        self._offer_run("due", "*" if named is None else named, "", due)
        self._offer_run("retry", self.picture.undone_expression(), "Nothing failed", idle)
        told = "Stop what runs in the background; what has finished is kept"
        self.toolbar.offer("cancel", told, enabled=bool(self.workspace.activity.going))
        is_open = self.picture.is_open(self._node) if self._node else None
        self.toolbar.offer("open", OPENS[is_open], enabled=is_open is not None)
        self.toolbar.name("open", "Close" if is_open else "Open")
        told = "Show the whole graph; the mouse wheel over it zooms, and dragging moves it"
        self.toolbar.offer("fit", told, enabled=True)
        self.toolbar.show("fit", shown=self.canvas.zooms)

    def _offer_run(self, name: str, expression: str, otherwise: str, possible: bool) -> None:
        if not expression:
            self.toolbar.offer(name, otherwise, enabled=False)
            return
        told = f"%materialize {expression}"
        if possible:
            try:
                told += f"\n{plan_preview(self.picture.plan(expression))}"
            except SelectionError as error:
                # A name with a quote in it, or a search that no longer names anything.
                told, possible = error.title, False
        self.toolbar.offer(name, told, enabled=possible)
