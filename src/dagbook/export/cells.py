"""A notebook's cells as they are exported: what the file holds, and what each cell defines."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, Protocol

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.errors.render import UnreadablePage
from dagbook.records import dataclass


class UsedCell(Protocol):
    """A code cell as the file has it: `number` is the one that a fresh kernel shows beside it."""

    @property
    def id(self) -> str:
        """Its name in the file."""

    @property
    def number(self) -> int:
        """Its number."""

    @property
    def text(self) -> str:
        """What stands in it."""


class Use(Protocol):
    """What was found when the notebook's definitions ran."""

    @property
    def cell(self) -> UsedCell:
        """The cell."""

    @property
    def defines(self) -> Sequence[AssetKey | AssetCheckKey]:
        """The assets and checks that it defines."""

    @property
    def omitted(self) -> Sequence[tuple[int, int]]:
        """Its lines, first and last, that mean nothing without Jupyter."""

    @property
    def lost(self) -> Collection[str]:
        """The names that those lines bind."""

    @property
    def commands(self) -> bool:
        """Whether some of those lines, or all of the cell, are commands of IPython."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportCell:
    """One cell; `outputs` are those in the file."""

    kind: Literal["markdown", "code", "raw"]
    text: str
    number: int = 0
    outputs: tuple[Mapping[str, Any], ...] = ()
    assets: tuple[AssetKey, ...] = ()
    checks: tuple[AssetCheckKey, ...] = ()
    omitted: tuple[tuple[int, int], ...] = ()
    lost: frozenset[str] = frozenset()
    commands: bool = False


def read_cells(path: Path, uses: Sequence[Use]) -> tuple[ExportCell, ...]:
    """All cells of a notebook's file, in order.

    Raises UnreadablePage where the file can't be read as a notebook.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        found = [(cell["cell_type"], cell) for cell in document["cells"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadablePage(path=str(path), problem=str(error) or "it is no notebook") from None
    names = [str(cell.get("id") or f"cell-{place}") for place, (_, cell) in enumerate(found)]
    by_id = {use.cell.id: use for use in uses}
    after = {before.cell.id: use for before, use in pairwise(uses) if use.cell.id not in names}
    cells: list[ExportCell] = []
    for name, (kind, cell) in zip(names, found, strict=True):
        use = by_id.get(name)
        if after and kind == "code" and use is None:
            continue  # without code, or with the parameters of an earlier run
        cells.append(_cell(kind, cell, use))
        if name in after:
            # It sets the parameters that were given, and is in no file.
            cells.append(_cell("code", {"source": after[name].cell.text}, after[name]))
    return tuple(cells)


def _cell(kind: str, cell: Mapping[str, Any], use: Use | None) -> ExportCell:
    text = joined(cell.get("source", ""))
    if kind != "code":
        return ExportCell(kind="markdown" if kind == "markdown" else "raw", text=text)
    defines = use.defines if use is not None else ()
    return ExportCell(
        kind="code",
        text=text,
        number=use.cell.number if use is not None else 0,
        outputs=tuple(cell.get("outputs", ())),
        assets=tuple([key for key in defines if isinstance(key, AssetKey)]),
        checks=tuple([key for key in defines if isinstance(key, AssetCheckKey)]),
        omitted=tuple(use.omitted) if use is not None else (),
        lost=frozenset(use.lost) if use is not None else frozenset(),
        commands=use is not None and use.commands,
    )


def joined(source: Any) -> str:
    """Text that files hold as one string or as its lines."""
    return source if isinstance(source, str) else "".join(map(str, source))
