"""Errors as a notebook shows them: users' frames for their code, a sentence for ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar

from IPython.core.interactiveshell import InteractiveShell

from dagbook.errors.base import DagbookError
from dagbook.errors.execution import MaterializationFailed
from dagbook.execution.tracebacks import trimmed
from dagbook.notebook.shown import WORD, without_long_words

# JupyterLab breaks longer lines of an error within words, and so do terminals.
WIDTH = 80
_ITEM = re.compile(r" *(?:- |\d+\. )?")

P = ParamSpec("P")
R = TypeVar("R")


def show_as_sentence(error: DagbookError) -> None:
    """Have IPython print the error without the frames that raised it: its text says all."""
    lines = [f"{type(error).__name__}: {error}"]
    if isinstance(error, MaterializationFailed):
        lines += [f"  {name}: {type(e).__name__}: {e}" for name, e in error.errors.items()]
    _render(error, fitted("\n".join(lines)))


def fitted(text: str) -> list[str]:
    """The lines of a text, broken between words; a line with a caret below it stays as it is.

    >>> fitted("a " * 50 + "`b c`")[-1]
    'a a a a a a a a a a `b c`'
    """
    lines = text.splitlines()
    below = [*lines[1:], ""]
    return [
        part
        for line, under in zip(lines, below, strict=True)
        for part in ([line] if set(under) >= {"^"} and set(under) <= {" ", "^"} else _fitted(line))
    ]


def _fitted(line: str) -> Iterator[str]:
    line = without_long_words(line)
    head = _ITEM.match(line)
    indent = " " * (head.end() if head is not None else 0)
    while len(line) > WIDTH:
        ends = [word.end() for word in WORD.finditer(line)]
        fitting = [end for end in ends if end <= WIDTH]
        at = fitting[-1] if fitting else ends[0]
        if not line[at:].strip():
            break
        yield line[:at]
        line = indent + line[at:].lstrip()
    yield line


def show_users_frames(
    shell: InteractiveShell, error: BaseException, *, elsewhere: bool = False
) -> None:
    """Have IPython print the traceback without frames of ours.

    `elsewhere`: it was raised in another process, so that all frames of this one are ours.
    """
    if isinstance(error, DagbookError):
        show_as_sentence(error)
        return
    frames = None if elsewhere else trimmed(error)
    lines = shell.InteractiveTB.structured_traceback(type(error), error, frames)
    _render(error, lines)


def hide_ours(shell: InteractiveShell) -> Callable[[], None]:
    """Have IPython leave frames of ours out of the tracebacks of cells; gives what ends it.

    So a cell that calls `workspace().materialize(…)` shows its own line and those of the body.
    """
    shown: Any = shell.InteractiveTB
    whole = shown.structured_traceback

    def without_ours(
        kind: Any, error: Any = None, frames: Any = None, *rest: Any, **how: Any
    ) -> Any:
        if isinstance(error, BaseException) and frames is error.__traceback__:
            frames = trimmed(error)
        return whole(kind, error, frames, *rest, **how)

    shown.structured_traceback = without_ours
    return lambda: vars(shown).pop("structured_traceback", None)


def _render(error: BaseException, lines: list[str]) -> None:
    # IPython asks an exception for this attribute before it formats it. One that takes no
    # attributes is shown with all its frames.
    with suppress(AttributeError):
        error._render_traceback_ = lambda: lines  # type: ignore[attr-defined]


def sentences_for_ours(magic: Callable[P, R]) -> Callable[P, R]:
    """A magic whose own errors are shown as sentences."""

    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return magic(*args, **kwargs)
        except DagbookError as error:
            show_as_sentence(error)
            raise

    return wrapped
