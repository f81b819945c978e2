"""Asking the functions of observable sources which version their data has."""

from __future__ import annotations

import logging
import time
from typing import Any

from dagbook.definitions.keys import AssetKey
from dagbook.definitions.observable import ObservableSource, ObserveResult
from dagbook.definitions.results import DataVersion
from dagbook.errors.execution import InvalidResult
from dagbook.execution.call import settled
from dagbook.execution.context import AssetExecutionContext
from dagbook.execution.supplies import Supplies
from dagbook.execution.supply import Provided
from dagbook.records import dataclass
from dagbook.resources.lifetimes import OpenResources

# Seconds up to which a function is asked at every look, not only when something is planned.
QUICK = 0.02
_LOG = logging.getLogger("dagbook")


@dataclass(frozen=True, slots=True)
class _Answer:
    source: ObservableSource
    version: str | None
    seconds: float


class Sources:
    """Remembers what the functions said, and asks them again when that may be out of date.

    >>> from dagbook import DataVersion, observable_source_asset
    >>> @observable_source_asset
    ... def rates():
    ...     return DataVersion("3")
    >>> Sources().version(rates, Supplies())
    '3'
    """

    def __init__(self) -> None:
        self._known: dict[AssetKey, _Answer] = {}

    def forget(self) -> None:
        """Ask all of them again at the next look."""
        self._known.clear()

    def version(self, source: ObservableSource, supplies: Supplies) -> str | None:
        """The version of the source's data; None where its function says nothing of it."""
        known = self._known.get(source.key)
        if known is not None and known.source.op is source.op and known.seconds > QUICK:
            return known.version
        clock = time.perf_counter()
        version = self._asked(source, supplies)
        self._known[source.key] = _Answer(source, version, time.perf_counter() - clock)
        return version

    def _asked(self, source: ObservableSource, supplies: Supplies) -> str | None:
        opened = OpenResources("")
        try:
            provided = Provided(supplies.of_source(source), opened)
            leading = (_context(source, provided),) if source.op.takes_context else ()
            return _text(source, settled(source.op.fn(*leading, **provided.arguments())))
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
            _LOG.warning("`%s` could not be looked at: %s", source.key, told)
            # Never the version that it had: what can't be seen must not count as unchanged.
            return f"unseen: {told}"
        finally:
            opened.close()


def _context(source: ObservableSource, provided: Provided) -> AssetExecutionContext:
    return AssetExecutionContext(
        run_id=provided.resources.run_id,
        keys=source.keys,
        selected=(),
        selected_keys=source.keys,
        previous=lambda: None,
        resources=provided.view(),
        op_config=provided.config,
    )


def _text(source: ObservableSource, given: Any) -> str | None:
    if given is None:
        return None
    if isinstance(given, DataVersion):
        return given.value
    if isinstance(given, ObserveResult):
        return given.data_version
    raise InvalidResult(
        asset=str(source.key),
        problem=f"gave a value of type {type(given).__name__} for its data version",
        remedy="Return a DataVersion or an ObserveResult.",
    )
