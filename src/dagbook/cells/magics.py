"""The magics as declared: what it is about, its options, its help."""

from __future__ import annotations

from dagbook.cells.declared import (
    DURATION,
    FLAG,
    GLOBS,
    MANY,
    POSITIVE,
    TAGS,
    TEXT,
    VARIABLES,
    WHOLE,
    Argument,
    MagicSpec,
    Option,
    one_of,
)
from dagbook.cells.graph_magics import GRAPH_ASSET, GRAPH_MULTI_ASSET, MULTI_ASSET, OP
from dagbook.cells.records import (
    AssetCheckOptions,
    AssetOptions,
    DagOptions,
    FailingOptions,
    ForgetOptions,
    LoadAssetsOptions,
    MaterializeOptions,
    RunsOptions,
    SelectOptions,
    ShowAssetOptions,
    StaleOptions,
)

_SELECTION = Argument(
    field="selection", metavar="SELECTION", help="which assets, such as orders+", selection=True
)
_SQL = Option(flag="--sql", field="sql", kind=FLAG, help="the body is one SQL query")

ASSET = MagicSpec(
    magic="%%asset",
    summary="The cell becomes an asset: its value is kept, and what it reads is its inputs.",
    record=AssetOptions,
    argument=Argument(field="name", metavar="NAME", help="the asset's key", required=True),
    options=(
        Option(
            flag="--deps",
            field="deps",
            kind=MANY,
            metavar="KEY",
            help="assets that must come first, although the body does not read them",
        ),
        Option(
            flag="--ins",
            field="ins",
            kind=VARIABLES,
            metavar="VARIABLE=KEY",
            help="the asset that a variable of the body stands for",
        ),
        Option(flag="--group", field="group", kind=TEXT, metavar="GROUP", help="its group"),
        Option(flag="--kind", field="kinds", kind=MANY, metavar="KIND", help="what it is made of"),
        Option(
            flag="--tag", field="tags", kind=TAGS, metavar="KEY=VALUE", help="a label to select by"
        ),
        Option(
            flag="--owner",
            field="owners",
            kind=MANY,
            metavar="OWNER",
            help="an e-mail address or team:NAME",
        ),
        Option(
            flag="--description",
            field="description",
            kind=TEXT,
            metavar="TEXT",
            help="what it is; a first string literal of the body says the same",
        ),
        Option(
            flag="--reads",
            field="reads",
            kind=GLOBS,
            metavar="GLOB",
            help="files that it reads; it is stale when one changes",
        ),
        Option(
            flag="--retries",
            field="retries",
            kind=WHOLE,
            metavar="N",
            help="how often to try again after a failure",
        ),
        Option(
            flag="--delay",
            field="delay",
            kind=DURATION,
            metavar="TIME",
            help="how long to wait before trying again",
        ),
        Option(
            flag="--timeout",
            field="timeout",
            kind=DURATION,
            metavar="TIME",
            help="how long it may run",
        ),
        Option(
            flag="--code-version",
            field="code_version",
            kind=TEXT,
            metavar="VERSION",
            help="stands in for the version found from the code",
        ),
        Option(flag="--always", field="always", kind=FLAG, help="never fresh: runs every time"),
        Option(
            flag="--max-age",
            field="max_age",
            kind=DURATION,
            metavar="TIME",
            help="stale when older than this",
        ),
        Option(flag="--lazy", field="lazy", kind=FLAG, help="register it without running it"),
        _SQL,
        Option(
            flag="--as",
            field="consumers_get",
            kind=one_of("pandas", "polars", "arrow"),
            metavar="FORM",
            help="what readers of a query's result get: pandas, polars or arrow",
        ),
        Option(
            flag="--io",
            field="io",
            kind=TEXT,
            metavar="NAME",
            help="the I/O manager that keeps its value: a resource or a variable of that name",
        ),
        Option(
            flag="--external", field="external", kind=FLAG, help="made elsewhere, only observed"
        ),
    ),
)

ASSET_CHECK = MagicSpec(
    magic="%%asset_check",
    summary="The cell becomes a check: it says whether an asset is right, or gives the rows that fail.",
    record=AssetCheckOptions,
    argument=Argument(field="name", metavar="NAME", help="the check's name", required=True),
    options=(
        Option(
            flag="--asset",
            field="asset",
            kind=TEXT,
            metavar="KEY",
            help="the asset checked, where the body reads more than one",
        ),
        Option(flag="--sql", field="sql", kind=FLAG, help="the body asks for the rows that fail"),
        Option(
            flag="--blocking",
            field="blocking",
            kind=FLAG,
            help="nothing downstream runs while it fails",
        ),
        Option(
            flag="--severity",
            field="severity",
            kind=one_of("warn", "error"),
            metavar="LEVEL",
            help="warn or error",
        ),
    ),
)

MATERIALIZE = MagicSpec(
    magic="%materialize",
    summary="Brings assets up to date: what is selected, and what it needs.",
    record=MaterializeOptions,
    argument=_SELECTION,
    options=(
        Option(flag="--only", field="only", kind=FLAG, help="exactly what is selected"),
        Option(flag="--force", field="force", kind=FLAG, help="also what is fresh"),
        Option(flag="--dry-run", field="dry_run", kind=FLAG, help="show the plan and stop"),
        Option(
            flag="--executor",
            field="executor",
            kind=one_of("inline", "threads", "processes"),
            metavar="NAME",
            help="where the steps run: inline, threads or processes",
        ),
        Option(
            flag="--jobs", field="jobs", kind=POSITIVE, metavar="N", help="steps at the same time"
        ),
        Option(
            flag="--background", field="background", kind=FLAG, help="keep the notebook answering"
        ),
        Option(flag="--yes", field="yes", kind=FLAG, help="do not stop at a costly plan"),
        Option(
            flag="--config",
            field="config",
            kind=TEXT,
            metavar="VARIABLE",
            help="a variable that holds config by asset: a RunConfig or a dictionary",
        ),
        Option(
            flag="--ignore-checks",
            field="ignore_checks",
            kind=FLAG,
            help="go on below a failed blocking check",
        ),
        Option(
            flag="--no-raise",
            field="no_raise",
            kind=FLAG,
            help="give the result of a failed run back instead of raising",
        ),
    ),
)

SELECT = MagicSpec(
    magic="%select",
    summary="Sets or shows the notebook's selection, which bare magics act on.",
    record=SelectOptions,
    argument=_SELECTION,
    options=(
        Option(flag="--clear", field="clear", kind=FLAG, help="select nothing"),
        Option(flag="--explain", field="explain", kind=FLAG, help="show how the text was read"),
    ),
)

DAG = MagicSpec(
    magic="%dag",
    summary="Shows the graph, to look at and to click.",
    record=DagOptions,
    argument=_SELECTION,
    options=(
        Option(
            flag="--expand",
            field="expand",
            kind=MANY,
            metavar="NAME",
            help="open this group, or show the ops of this asset",
        ),
        Option(flag="--static", field="static", kind=FLAG, help="a picture without the widget"),
        Option(
            flag="--export", field="export", kind=TEXT, metavar="FILE", help="write it to a file"
        ),
    ),
)

SHOW_ASSET = MagicSpec(
    magic="%asset",
    summary="Shows the table of assets, or one asset with all that is known of it.",
    record=ShowAssetOptions,
    argument=Argument(field="name", metavar="NAME", help="the asset's key"),
    options=(
        Option(
            flag="--open",
            field="open",
            kind=FLAG,
            help="bind its inputs and the locals of its last run, for debugging",
        ),
        Option(flag="--history", field="history", kind=FLAG, help="its materializations"),
        Option(
            flag="--diff", field="diff", kind=FLAG, help="what changed in its code and in its data"
        ),
        Option(
            flag="--pin",
            field="pin",
            kind=TEXT,
            metavar="VERSION",
            help="let this earlier version count; --history lists them",
        ),
        Option(flag="--unpin", field="unpin", kind=FLAG, help="let the newest version count again"),
    ),
)

FAILING = MagicSpec(
    magic="%failing",
    summary="Gives the rows for which a check failed, as a frame.",
    record=FailingOptions,
    argument=Argument(
        field="check", metavar="ASSET.CHECK", help="the asset and its check", required=True
    ),
)

STALE = MagicSpec(
    magic="%stale",
    summary="Says what is not fresh, why, and what an update would run and cost.",
    record=StaleOptions,
    argument=_SELECTION,
    options=(
        Option(flag="--accept", field="accept", kind=FLAG, help="take it as fresh; needs --reason"),
        Option(
            flag="--reason", field="reason", kind=TEXT, metavar="TEXT", help="why it is harmless"
        ),
    ),
)

RUNS = MagicSpec(
    magic="%runs",
    summary="Shows past runs, or one of them with its steps, logs and tracebacks.",
    record=RunsOptions,
    argument=Argument(field="run", metavar="RUN", help="the run's id"),
    options=(
        Option(flag="--retry", field="retry", kind=FLAG, help="go on from where the run failed"),
    ),
)

FORGET = MagicSpec(
    magic="%forget",
    summary="Drops an asset from the graph; its values stay until the store is cleaned.",
    record=ForgetOptions,
    argument=Argument(field="name", metavar="NAME", help="the asset's key", required=True),
)

LOAD_ASSETS = MagicSpec(
    magic="%load_assets",
    summary="Brings in what a module defines, and again whenever its file changes.",
    record=LoadAssetsOptions,
    argument=Argument(
        field="module", metavar="MODULE", help="the module, as `import` names it", required=True
    ),
)

MAGICS = (
    ASSET,
    MULTI_ASSET,
    OP,
    GRAPH_ASSET,
    GRAPH_MULTI_ASSET,
    ASSET_CHECK,
    MATERIALIZE,
    SELECT,
    DAG,
    SHOW_ASSET,
    FAILING,
    STALE,
    RUNS,
    FORGET,
    LOAD_ASSETS,
)
