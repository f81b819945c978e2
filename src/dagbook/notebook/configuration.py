"""`%config Dagbook`: what a user may set in a notebook."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from traitlets import Bunch, Enum, Float, Int, List, Unicode
from traitlets.config import Configurable

from dagbook.engine.settings import Settings
from dagbook.engine.workspace import Workspace
from dagbook.notebook.shown import tell

# What may be set at any time.
_FOLLOWED = ["ask_above", "on_define", "keep", "packages", "stale_names", "read_nothing", "scope"]


class Dagbook(Configurable):
    """The settings of dagbook in this notebook."""

    ask_above = Float(120.0, help="Seconds of needed upstream work above which one is asked.").tag(
        config=True
    )
    on_define: Any = Enum(
        ["run", "register"], "run", help="Whether an asset cell also brings its asset up to date."
    ).tag(config=True)
    keep = Int(3, min=1, help="Versions of large values that are kept of each asset.").tag(
        config=True
    )
    scope = Unicode("", help="Whose records these are; the notebook's path by default.").tag(
        config=True
    )

    packages: Any = Enum(
        ["record", "invalidate"],
        "record",
        help="Whether a new version of an installed package makes stale what uses it.",
    ).tag(config=True)

    stale_names: Any = Enum(
        ["announce", "materialize"],
        "announce",
        help="Whether a cell that reads a stale asset is told so, or has it made first.",
    ).tag(config=True)

    read_nothing: Any = List(
        Unicode(),
        help="Installed packages with compiled parts that read no files by themselves.",
    ).tag(config=True)

    def as_settings(self) -> Settings:
        """The same as the workspace wants it."""
        return replace(
            Settings(),
            ask_above=self.ask_above,
            on_define=self.on_define,
            keep=self.keep,
            packages=self.packages,
            stale_names=self.stale_names,
            read_nothing=tuple(self.read_nothing),
        )

    def follow(self, workspace: Workspace) -> None:
        """Have the workspace follow changes from now on; what a later load needs is kept for it."""

        shell: Any = self.parent

        def changed(change: Bunch) -> None:
            workspace.settings = self.as_settings()
            shell.config.Dagbook[change.name] = change.new
            if change.name == "scope":
                tell(["The scope changes with `%reload_ext dagbook`: then run all cells."])

        self.observe(changed, _FOLLOWED)
