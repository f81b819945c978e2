"""What the commands need from whoever can read and run notebooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from dagbook.cli.render_arguments import RenderArguments
from dagbook.engine.workspace import Workspace
from dagbook.records import dataclass

Parameters = Mapping[str, Any]


class LeftOut(Protocol):
    """A cell that did not run, wholly or in part, and why."""

    @property
    def where(self) -> str:
        """The cell."""

    @property
    def why(self) -> str:
        """Why, in words."""

    @property
    def whole(self) -> bool:
        """Whether nothing of it ran."""


class Notebook(Protocol):
    """A notebook whose definitions are in a workspace."""

    @property
    def path(self) -> Path:
        """Its file."""

    @property
    def workspace(self) -> Workspace:
        """Where its definitions are."""

    @property
    def left_out(self) -> Sequence[LeftOut]:
        """The cells that did not run."""

    @property
    def notes(self) -> Sequence[str]:
        """What a reader should know besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """The ways into a notebook.

    `opened` runs its definitions; `executed` runs all of it and writes it with its outputs, and
    tells the place of each cell and how many there are. `rendered` writes another form of a page or
    a notebook, and gives what a reader should know.
    """

    opened: Callable[[Path, Parameters], AbstractContextManager[Notebook]]
    executed: Callable[[Path, Path, Parameters, Callable[[int, int], None]], None]
    rendered: Callable[[RenderArguments, Callable[[int, int], None]], Sequence[str]]
