"""`%failing`: the rows that a check found wrong."""

from __future__ import annotations

from typing import Any

from dagbook.cells.records import FailingOptions
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.engine.naming import key_of
from dagbook.errors.notebook import IncompleteMagic
from dagbook.notebook.deriving import note_rows
from dagbook.notebook.face import Face
from dagbook.notebook.shown import tell
from dagbook.views.checks import no_rows


def failing(face: Face, options: FailingOptions) -> Any:
    """The failing rows as a frame; None, with a sentence, where there are none."""
    asset, dot, check = options.check.rpartition(".")
    if not dot:
        raise IncompleteMagic(
            magic=f"%failing {options.check}",
            problem="does not say which check of which asset",
            remedy=f"Write `%failing {_example(face, options.check)}`.",
        )
    rows = face.workspace.failing_rows(asset, check)
    note_rows(face.session, face.cell_id, face.where, key_of(asset))
    if rows is None:
        key = AssetCheckKey(key_of(asset), check)
        tell([no_rows(face.workspace.check_statuses()[key])])
    return rows


def _example(face: Face, name: str) -> str:
    for key in face.workspace.graph.checks:
        if name in (key.name, str(key.asset_key)):
            return str(key)
    return f"{AssetKey(name or 'asset')}.check"
