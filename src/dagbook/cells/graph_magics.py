"""The magics of computations beyond one asset, as declared: multi-assets, ops and graphs of ops."""

from __future__ import annotations

from dagbook.cells.declared import (
    DURATION,
    FLAG,
    MANY,
    TEXT,
    WHOLE,
    Argument,
    MagicSpec,
    Option,
)
from dagbook.cells.records import (
    GraphAssetOptions,
    GraphMultiAssetOptions,
    MultiAssetOptions,
    OpOptions,
)

_RETRIES = Option(
    flag="--retries",
    field="retries",
    kind=WHOLE,
    metavar="N",
    help="how often to try again after a failure",
)
_DELAY = Option(
    flag="--delay",
    field="delay",
    kind=DURATION,
    metavar="TIME",
    help="how long to wait before trying again",
)
_GROUP = Option(flag="--group", field="group", kind=TEXT, metavar="GROUP", help="the group")
_LAZY = Option(flag="--lazy", field="lazy", kind=FLAG, help="register without running")
_SUBSET = Option(
    flag="--can-subset",
    field="can_subset",
    kind=FLAG,
    help="some may be made without the others: see context.selected_output_names",
)

MULTI_ASSET = MagicSpec(
    magic="%%multi_asset",
    summary="The cell becomes several assets: the locals of these names are their values.",
    record=MultiAssetOptions,
    argument=Argument(
        field="names", metavar="A B …", help="the assets' keys", required=True, selection=True
    ),
    options=(_SUBSET, _GROUP, _RETRIES, _DELAY, _LAZY),
)

OP = MagicSpec(
    magic="%%op",
    summary="The cell becomes an op: a step of graph assets, with parameters and outputs.",
    record=OpOptions,
    argument=Argument(
        field="signature",
        metavar="NAME(param, x=1)",
        help="the op's name and parameters",
        required=True,
        selection=True,
    ),
    options=(
        Option(
            flag="--out",
            field="out",
            kind=MANY,
            metavar="NAME",
            help="its outputs, where there are several; `name?` is one that need not be given",
        ),
        Option(
            flag="--description",
            field="description",
            kind=TEXT,
            metavar="TEXT",
            help="what it does; else the body's first string literal",
        ),
        _RETRIES,
        _DELAY,
    ),
)

GRAPH_ASSET = MagicSpec(
    magic="%%graph_asset",
    summary="The cell becomes an asset that ops make: its body calls ops and reads assets.",
    record=GraphAssetOptions,
    argument=Argument(
        field="names", metavar="NAME", help="the asset's key", required=True, selection=True
    ),
    options=(_GROUP, _LAZY),
)

GRAPH_MULTI_ASSET = MagicSpec(
    magic="%%graph_multi_asset",
    summary="The cell becomes several assets that ops make: the locals of these names.",
    record=GraphMultiAssetOptions,
    argument=Argument(
        field="names", metavar="A B …", help="the assets' keys", required=True, selection=True
    ),
    options=(_SUBSET, _GROUP, _LAZY),
)
