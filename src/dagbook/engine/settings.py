"""What a user may set about a workspace."""

from __future__ import annotations

from typing import Literal

from dagbook.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What holds for all of a workspace.

    `ask_above`: seconds of needed upstream work above which one is asked; `on_define`: whether an
    asset cell also runs; `keep`: versions of large values that are kept; `durability`: what a kept
    value survives, the end of the process or also of the machine's power; `packages`: whether a new
    version of an installed package is recorded only or makes stale what uses it; `stale_names`: whether
    a cell that reads a stale asset by its name is told so, or has it brought up to date first;
    `read_nothing`: installed packages with compiled parts that read no files by themselves, so that
    what uses them can be fresh.

    >>> Settings(durability="power").keep
    3
    """

    ask_above: float = 120.0
    on_define: Literal["run", "register"] = "run"
    keep: int = 3
    durability: Literal["kill", "power"] = "kill"
    packages: Literal["record", "invalidate"] = "record"
    stale_names: Literal["announce", "materialize"] = "announce"
    read_nothing: tuple[str, ...] = ()
