"""What each magic was asked for, typed: the records that headers are read into."""

from __future__ import annotations

from dagbook.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetOptions:
    """The header of `%%asset`; durations are seconds, `ins` pairs a variable with a key."""

    name: str
    deps: tuple[str, ...] = ()
    ins: tuple[tuple[str, str], ...] = ()
    group: str | None = None
    kinds: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    owners: tuple[str, ...] = ()
    description: str | None = None
    reads: tuple[str, ...] = ()
    retries: int | None = None
    delay: float | None = None
    timeout: float | None = None
    code_version: str | None = None
    always: bool = False
    max_age: float | None = None
    lazy: bool = False
    sql: bool = False
    consumers_get: str | None = None
    io: str | None = None
    external: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetCheckOptions:
    """The header of `%%asset_check`."""

    name: str
    asset: str | None = None
    sql: bool = False
    blocking: bool = False
    severity: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterializeOptions:
    """The line of `%materialize`; `selection` is raw text, None where none was given."""

    selection: str | None = None
    only: bool = False
    force: bool = False
    dry_run: bool = False
    executor: str | None = None
    jobs: int | None = None
    background: bool = False
    yes: bool = False
    config: str | None = None
    ignore_checks: bool = False
    no_raise: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectOptions:
    """The line of `%select`."""

    selection: str | None = None
    clear: bool = False
    explain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DagOptions:
    """The line of `%dag`."""

    selection: str | None = None
    expand: tuple[str, ...] = ()
    static: bool = False
    export: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowAssetOptions:
    """The line of `%asset`."""

    name: str | None = None
    open: bool = False
    history: bool = False
    diff: bool = False
    pin: str | None = None
    unpin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingOptions:
    """The line of `%failing`."""

    check: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleOptions:
    """The line of `%stale`."""

    selection: str | None = None
    accept: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsOptions:
    """The line of `%runs`."""

    run: str | None = None
    retry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetOptions:
    """The line of `%forget`."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadAssetsOptions:
    """The line of `%load_assets`; `module` is the full name of a module."""

    module: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiAssetOptions:
    """The header of `%%multi_asset`; `names` is raw text, `delay` in seconds."""

    names: str
    can_subset: bool = False
    group: str | None = None
    retries: int | None = None
    delay: float | None = None
    lazy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpOptions:
    """The header of `%%op`; `signature` is raw text, `delay` in seconds."""

    signature: str
    out: tuple[str, ...] = ()
    description: str | None = None
    retries: int | None = None
    delay: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphAssetOptions:
    """The header of `%%graph_asset`; `names` is raw text, of one name."""

    names: str
    group: str | None = None
    lazy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphMultiAssetOptions:
    """The header of `%%graph_multi_asset`; `names` is raw text."""

    names: str
    can_subset: bool = False
    group: str | None = None
    lazy: bool = False
