"""Where a command writes: its report, its progress, and apart from both what the notebook prints."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from typing import Protocol, TextIO

from dagbook.records import dataclass


@dataclass(frozen=True, slots=True)
class Streams:
    """`report`: the answer; `told`: progress and notes; `errors`: faults and users' prints."""

    report: TextIO
    told: TextIO
    errors: TextIO

    @property
    def live(self) -> bool:
        """Whether a person watches the progress."""
        return self.told.isatty() and os.environ.get("TERM") != "dumb"


@contextmanager
def own_streams(*, machine: bool) -> Iterator[Streams]:
    """Keep standard output for the report; whatever else writes there goes to standard error.

    `machine`: the report is one document, so that progress goes to standard error too.
    """
    with ExitStack() as stack:
        errors = _lenient(sys.stderr)
        report = stack.enter_context(_standard_output())
        stack.enter_context(redirect_stdout(errors))
        yield Streams(report=report, told=errors if machine else report, errors=errors)


@contextmanager
def _standard_output() -> Iterator[TextIO]:
    """Standard output by another number, the usual one leading to standard error.

    So that what C libraries and child processes print cannot get into the report.
    """
    try:
        number, errors = sys.stdout.fileno(), sys.stderr.fileno()
    except (AttributeError, OSError, ValueError):
        # A caller within Python put something else in its place.
        yield sys.stdout
        return
    sys.stdout.flush()
    own = os.dup(number)
    report = open(own, "w", encoding=sys.stdout.encoding, errors="replace", buffering=1)  # noqa: SIM115
    os.dup2(errors, number)
    try:
        yield report
        report.flush()
    finally:
        sys.stdout.flush()
        os.dup2(own, number)
        _close(report)


def _close(stream: TextIO) -> None:
    try:
        stream.close()
    except BrokenPipeError:
        pass  # whoever reads has gone


def _lenient(stream: TextIO) -> TextIO:
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
    return stream


class Shares(Protocol):
    """Whoever keeps a line on a terminal to which others print too."""

    def clear(self) -> None:
        """Take the line away."""

    def printed(self, text: str) -> None:
        """This was printed where the line had been."""


class Beside(io.TextIOBase):
    """A stream whose writers share a terminal with a line that is redrawn: it is cleared first."""

    def __init__(self, stream: TextIO, line: Shares) -> None:
        self._stream, self._line = stream, line

    def write(self, text: str) -> int:
        """Write after the line is gone."""
        self._line.clear()
        written = self._stream.write(text)
        self._line.printed(text)
        return written

    def flush(self) -> None:
        """Hand on what was written."""
        self._stream.flush()

    def isatty(self) -> bool:
        """As the stream behind it says."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """The number of the stream behind it."""
        return self._stream.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream behind it."""
        return self._stream.encoding


@contextmanager
def prints_beside(stream: TextIO, line: Shares) -> Iterator[None]:
    """Let all prints of this process go to `stream`, each after the line is cleared."""
    beside = Beside(stream, line)
    with redirect_stdout(beside), redirect_stderr(beside):
        yield
