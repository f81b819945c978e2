"""Errors as a notebook shows them: users' frames for their code, a sentence for ours."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

from IPython.core.interactiveshell import InteractiveShell

from dagbook.errors.base import DagbookError
from dagbook.errors.execution import MaterializationFailed
from dagbook.execution.tracebacks import trimmed

P = ParamSpec("P")
R = TypeVar("R")


def show_as_sentence(error: DagbookError) -> None:
    """Have IPython print the error without the frames that raised it: its text says all."""
    lines = [f"{type(error).__name__}: {error}"]
    if isinstance(error, MaterializationFailed):
        lines += [f"  {name}: {type(e).__name__}: {e}" for name, e in error.errors.items()]
    _render(error, lines)


def show_users_frames(shell: InteractiveShell, error: BaseException) -> None:
    """Have IPython print the traceback from the user's first frame on."""
    if isinstance(error, DagbookError):
        show_as_sentence(error)
        return
    lines = shell.InteractiveTB.structured_traceback(type(error), error, trimmed(error))
    _render(error, lines)


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
