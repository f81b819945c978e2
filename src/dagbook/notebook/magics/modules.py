"""`%load_assets`: the definitions of a module join the graph."""

from __future__ import annotations

from functools import cache

from dagbook.cells.records import LoadAssetsOptions
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.notebook.defining import Defined
from dagbook.notebook.face import Face
from dagbook.notebook.shown import Shown, sentences_shown, stacked, table_shown
from dagbook.views.assets import asset_table
from dagbook.views.quantities import counted


def load_assets(face: Face, options: LoadAssetsOptions) -> Defined:
    """Bring in all that the module defines; nothing runs."""
    keys, notes = face.modules.load(options.module, face.cell_id)
    return Defined(keys, cache(lambda: _shown(face, options.module, keys, notes)))


def _shown(
    face: Face, module: str, keys: tuple[AssetKey | AssetCheckKey, ...], notes: list[str]
) -> Shown:
    workspace = face.workspace
    assets = [key for key in keys if isinstance(key, AssetKey)]
    checks = [key for key in keys if isinstance(key, AssetCheckKey)]
    count = [counted(len(assets), "asset")] if assets else []
    count += [counted(len(checks), "check")] if checks else []
    head = sentences_shown([f"`{module}` defines {' and '.join(count)}.", *notes])
    standing = workspace.standing()
    found = asset_table(workspace.graph, standing.assets, standing.checks, keys=assets)
    return stacked([head, *([table_shown(found)] if assets else [])])
