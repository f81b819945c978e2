"""What can be wrong with a page or a notebook that is to be rendered."""

from __future__ import annotations

from dagbook.errors.base import DagbookError, Place, did_you_mean
from dagbook.records import dataclass


class RenderError(DagbookError):
    """The page or the notebook can't be rendered as it was asked for."""


@dataclass(eq=False, kw_only=True)
class UnreadablePage(RenderError):
    """The file is missing, may not be read, or is no text."""

    path: str
    problem: str

    def __str__(self) -> str:
        return f"{self.path} can't be read as a page: {self.problem}."


@dataclass(eq=False, kw_only=True)
class PageSyntaxError(RenderError):
    """The page can't be parsed; `place` has line and column."""

    place: Place
    problem: str

    def __str__(self) -> str:
        return f"{self.place}\n{self.problem}."


@dataclass(eq=False, kw_only=True)
class SnippetMissing(RenderError):
    """A component names a file of code, or a part of one, that is not there."""

    place: Place
    path: str
    problem: str
    suggestions: tuple[str, ...] = ()

    def __str__(self) -> str:
        return (
            f"{self.place}\nThe snippet `{self.path}` can't be had: {self.problem}."
            f"{did_you_mean(self.suggestions)} `--snippets ROOT` says where snippets are; with "
            "`--allow-missing` a cell says what is missing."
        )


@dataclass(eq=False, kw_only=True)
class SnippetOutside(RenderError):
    """A component names a file outside the folder of the snippets."""

    place: Place
    path: str

    def __str__(self) -> str:
        return (
            f"{self.place}\nThe snippet `{self.path}` lies outside the folder of the snippets, and "
            "is not read. Name a folder that holds it with `--snippets ROOT`."
        )


@dataclass(eq=False, kw_only=True)
class BadAlias(RenderError):
    """An alias that is not of the form OLD=NEW, two names of modules."""

    text: str

    def __str__(self) -> str:
        return f"{self.text!r} is no alias: write OLD=NEW, two names of modules."


@dataclass(eq=False, kw_only=True)
class UnknownForm(RenderError):
    """The ending of a file says of no form that can be rendered to or from."""

    path: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"What {self.path} is to be can't be told from its name. "
            f"Let that end in {' or '.join(self.known)}."
        )


@dataclass(eq=False, kw_only=True)
class NotPlainPython(RenderError):
    """A cell that means nothing without Jupyter, such as one whose body uses a magic."""

    place: Place
    problem: str

    def __str__(self) -> str:
        return f"{self.place} has no form as plain Python: {self.problem.rstrip('.')}."
