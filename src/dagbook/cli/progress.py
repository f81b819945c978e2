"""How far a run is: one line redrawn on a terminal, plain lines elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import field

from dagbook.cli.streams import Streams
from dagbook.definitions.keys import AssetKey
from dagbook.events.records import (
    CheckEvaluated,
    Event,
    Materialized,
    NotRun,
    OutputWritten,
    Restored,
    Skipped,
    StepFailed,
    StepStarted,
)
from dagbook.planning.plan import Plan
from dagbook.records import dataclass
from dagbook.views.checks import STATES, judgement_of
from dagbook.views.lettering import clean_block, clean_line, elide
from dagbook.views.quantities import counted, duration
from dagbook.views.states import LOOKS

CLEAR = "\r\x1b[2K"
PAUSE = 0.1
WIDEST = 78


@dataclass(slots=True)
class Progress:
    """Hears the events of one run and writes how far it is.

    On a terminal a thread of its own redraws the line, so that it follows also while a body takes
    long, and ten thousand quick ones do not wait for it.
    """

    streams: Streams
    clock: Callable[[], float] = time.monotonic
    total: int = 0
    _done: int = 0
    _running: dict[AssetKey, float] = field(default_factory=dict)
    _lines: int = 0
    _shown: str = ""
    # Whether something was printed that has not ended its line, which must not be drawn over.
    _amid: bool = False
    _ended: threading.Event = field(default_factory=threading.Event)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def begin(self, plan: Plan) -> None:
        """So much is going to happen."""
        self.total = len(plan.keys) + len(plan.restored) + len(plan.blocked)
        if self.streams.live and self.total:
            threading.Thread(target=self._follow, name="dagbook-progress", daemon=True).start()

    def end(self) -> None:
        """The run is over: nothing is drawn any more."""
        self._ended.set()
        self.clear()
        if self._lines:
            self._say("")

    def heard(self, events: Sequence[Event]) -> None:
        """Write what happened."""
        with self._lock:
            for event in events:
                self._take(event)

    def printed(self, text: str) -> None:
        """Something else was printed to the same terminal."""
        if text:
            self._amid = not text.endswith("\n")

    def waiting(self, key: AssetKey, process: int | None) -> None:
        """Say that another process is making an asset."""
        who = f"process {process}" if process is not None else "another process"
        self._say(f"waiting for {who}, which is making {clean_line(key)}")

    def cell(self, place: int, count: int) -> None:
        """Say which cell of the whole notebook runs."""
        if self.streams.live:
            self._redraw(f"{LOOKS['running'].sign} cell {place} of {count}")

    def clear(self) -> None:
        """Take the redrawn line away."""
        with self._lock:
            if self._shown:
                self.streams.told.write(CLEAR)
                self.streams.told.flush()
                self._shown = ""

    def _take(self, event: Event) -> None:
        match event:
            case StepStarted(keys=keys):
                self._running.update(dict.fromkeys(keys, self.clock()))
            case Materialized(materialization=one):
                self._end(one.key, "fresh", "materialized", duration(one.duration))
            case Restored(materialization=one):
                self._end(one.key, "fresh", "restored")
            case Skipped(key=key, reason=reason):
                self._end(key, "fresh", "skipped", reason)
            case StepFailed(keys=keys, error=error):
                word = "interrupted" if error.is_interrupt else "failed"
                told = "" if error.is_interrupt else f"{error.type}: {error.message}"
                for key in keys:
                    self._end(key, "missing" if error.is_interrupt else "failed", word, told)
            case NotRun(key=key, because=because, blocked=blocked):
                word = "blocked" if blocked else "not run"
                self._end(key, "blocked" if blocked else "missing", word, because)
            case CheckEvaluated(verdict=verdict):
                word = judgement_of(verdict)
                count = f"{verdict.row_count:,} failing rows" if verdict.row_count else ""
                self._line(STATES[word], word, verdict.check, count)
            case OutputWritten(text=text):
                # A worker's prints come with its answer; prints of this process came by themselves.
                self.clear()
                self.streams.errors.write(clean_block(text))
            case _:
                pass

    def _end(self, key: AssetKey, state: str, word: str, note: str = "") -> None:
        self._running.pop(key, None)
        self._done += 1
        self._line(state, word, key, note)

    def _line(self, state: str, word: str, name: object, note: str) -> None:
        """A line for each thing in a pipe; a terminal gets one only for what went wrong."""
        if not self.streams.live or state in ("failed", "blocked", "stale"):
            first = clean_line(note.partition("\n")[0])
            text = f"{LOOKS[state].sign} {word} {clean_line(name)}"
            self._say(f"{text}  {elide(first, 300)}".rstrip())

    def _say(self, text: str) -> None:
        with self._lock:
            self.clear()
            self._lines += 1
            self.streams.told.write(f"{text}\n")
            self.streams.told.flush()

    def _follow(self) -> None:
        while not self._ended.wait(PAUSE):
            with self._lock:
                if not self._ended.is_set() and not self._amid:
                    self._redraw(self._line_now())

    def _line_now(self) -> str:
        text = f"{LOOKS['running'].sign} {self._done} of {counted(self.total, 'asset')}"
        if self._running:
            names = ", ".join(clean_line(key) for key in list(self._running)[:3])
            took = self.clock() - min(self._running.values())
            text += f" · {names}" + (f" · {duration(round(took))}" if took >= 1 else "")
        return text

    def _redraw(self, text: str) -> None:
        with self._lock:
            if text != self._shown:
                self._shown = elide(text, WIDEST)
                self.streams.told.write(f"{CLEAR}{self._shown}")
                self.streams.told.flush()
