"""What a body may ask about its own run."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from dagbook.definitions.keys import AssetCheckKey, AssetKey, KeyLike, as_key
from dagbook.errors.definitions import InvalidDefinition
from dagbook.events.records import Materialization
from dagbook.records import dataclass

LOG = logging.getLogger("dagbook")


@dataclass(frozen=True, slots=True)
class RunInProgress:
    """The run that a body belongs to."""

    run_id: str


class OpExecutionContext:
    """Handed to an op whose first parameter is called `context`.

    It tells in which run and step it runs and which of its outputs are wanted, takes metadata for
    what it gives, and has the `resources` that were declared and the `op_config`.

    >>> from dagbook import materialize, graph_asset, op
    >>> @op
    ... def where(context):
    ...     return context.step_key
    >>> @graph_asset
    ... def place():
    ...     return where()
    >>> materialize([place]).asset_value("place")
    'place.where'
    """

    def __init__(
        self,
        *,
        run_id: str,
        selected: Iterable[str],
        selected_keys: Iterable[AssetKey] = (),
        selected_checks: Iterable[AssetCheckKey] = (),
        step_key: str = "",
        mapping_key: str | None = None,
        retry_number: int = 0,
        resources: Any = None,
        op_config: Any = None,
    ) -> None:
        self.run_id = run_id
        self.step_key = step_key
        self.selected_output_names = frozenset(selected)
        self.selected_asset_keys = frozenset(selected_keys)
        self.selected_asset_check_keys = frozenset(selected_checks)
        self.log = LOG
        self.retry_number = retry_number
        self.resources = resources
        self.op_config = op_config
        self._mapping_key = mapping_key
        self._metadata: dict[str, dict[str, Any]] = {}

    @property
    def run(self) -> RunInProgress:
        """The run, which has a `run_id`."""
        return RunInProgress(self.run_id)

    def get_mapping_key(self) -> str | None:
        """The key of the entry of a dynamic output that this step is for; None where there is none."""
        return self._mapping_key

    def add_output_metadata(
        self,
        metadata: Mapping[str, Any],
        output_name: str | None = None,
        mapping_key: str | None = None,
    ) -> None:
        """Add metadata to the result; `output_name` says to which where there are several."""
        self._metadata.setdefault(output_name or "", {}).update(metadata)

    def metadata_for(self, output: str, only: bool) -> Mapping[str, Any]:
        """The metadata that was added for an output; `only` says that there is no other."""
        own = self._metadata.get(output, {})
        return {**self._metadata.get("", {}), **own} if only else own


class AssetExecutionContext(OpExecutionContext):
    """Handed to a body whose first parameter is called `context`.

    It tells which asset is made in which run, takes metadata for the result, and gives the value
    that the asset had before, and the `resources` that were declared.

    >>> from dagbook import asset, materialize
    >>> @asset
    ... def orders(context):
    ...     context.add_output_metadata({"rows": 2})
    ...     return [1, 2]
    >>> [event.metadata["rows"].value for event in
    ...  materialize([orders]).get_asset_materialization_events()]
    [2]
    """

    def __init__(
        self,
        *,
        run_id: str,
        keys: tuple[AssetKey, ...],
        selected: tuple[str, ...],
        selected_keys: tuple[AssetKey, ...],
        selected_checks: Iterable[AssetCheckKey] = (),
        previous: Callable[[], object],
        outputs: Mapping[str, AssetKey] | None = None,
        inputs: Mapping[str, AssetKey] | None = None,
        materializations: Sequence[Materialization] = (),
        retry_number: int = 0,
        resources: Any = None,
        op_config: Any = None,
    ) -> None:
        super().__init__(
            run_id=run_id,
            selected=selected,
            selected_keys=selected_keys,
            selected_checks=selected_checks,
            step_key=" ".join(map(str, keys)),
            retry_number=retry_number,
            resources=resources,
            op_config=op_config,
        )
        self._keys = keys
        self._outputs = outputs or {}
        self._inputs = inputs or {}
        self._previous = previous
        # The newest ones of the asset that is judged, for checks that look at them.
        self.materializations = materializations

    @property
    def asset_key(self) -> AssetKey:
        """The key of the asset, where the computation makes just one; else InvalidDefinition."""
        if len(self._keys) != 1:
            raise InvalidDefinition(
                name=" ".join(map(str, self._keys)),
                problem="it makes several assets",
                remedy="Use `context.selected_asset_keys`.",
            )
        return self._keys[0]

    def asset_key_for_output(self, output_name: str = "result") -> AssetKey:
        """The asset that an output is; raises InvalidDefinition for an unknown one."""
        return self._named(self._outputs, "output", output_name)

    def asset_key_for_input(self, input_name: str) -> AssetKey:
        """The asset that an input is read from; raises InvalidDefinition for an unknown one."""
        return self._named(self._inputs, "input", input_name)

    def add_asset_metadata(
        self, metadata: Mapping[str, Any], asset_key: KeyLike | None = None
    ) -> None:
        """Add metadata to an asset's result; `asset_key` says to which where there are several."""
        key = self.asset_key if asset_key is None else as_key(asset_key)
        for name, known in self._outputs.items():
            if known == key:
                self.add_output_metadata(metadata, name)

    def _named(self, known: Mapping[str, AssetKey], what: str, name: str) -> AssetKey:
        if name in known:
            return known[name]
        raise InvalidDefinition(
            name=self.step_key,
            problem=f"it has no {what} `{name}`",
            remedy=f"It has: {', '.join(known) or 'none'}.",
        )

    @property
    def now(self) -> float:
        """The time, in seconds since 1970."""
        return time.time()

    @property
    def previous_value(self) -> object:
        """The value that the asset had before this run; None where it had none."""
        return self._previous()


# What checks are handed is what assets are, without outputs.
AssetCheckExecutionContext = AssetExecutionContext
