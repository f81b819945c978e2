"""Materializing definitions once with every value kept in memory alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dagbook.definitions.assets import AssetsDefinition, Definition
from dagbook.definitions.injection import DEFAULT_MANAGER
from dagbook.definitions.keys import KeyLike
from dagbook.definitions.specs import AssetSpec
from dagbook.engine.once import MaterializeInProcessResult, materialize
from dagbook.engine.supplying import ConfigLike
from dagbook.errors.definitions import InvalidDefinition
from dagbook.io.manager import InMemoryIOManager
from dagbook.selection.fluent import AssetSelection


def materialize_to_memory(
    assets: Sequence[Definition],
    selection: str | AssetSelection | Sequence[KeyLike] | None = None,
    *,
    resources: Mapping[str, Any] | None = None,
    run_config: ConfigLike = None,
    partition_key: str | None = None,
    tags: Mapping[str, str] | None = None,
    raise_on_error: bool = True,
) -> MaterializeInProcessResult:
    """Run exactly what is selected, as `materialize` does, with no I/O manager but the memory.

    The arguments, the result and the errors are those of `materialize`; a value may be anything,
    also what can't be stored. Raises InvalidDefinition where `resources` holds an I/O manager.

    >>> from dagbook import asset
    >>> @asset(io_manager_key="warehouse")
    ... def square():
    ...     return lambda number: number * number
    >>> materialize_to_memory([square]).asset_value("square")(3)
    9
    """
    names = {DEFAULT_MANAGER, *[name for each in assets for name in _managers(each)]}
    for name in names.intersection(resources or {}):
        raise InvalidDefinition(
            name="materialize_to_memory",
            problem=f"the resource `{name}` would keep values elsewhere",
            remedy="Leave it out, or use `materialize`.",
        )
    memory = InMemoryIOManager()
    return materialize(
        assets,
        selection,
        resources={**(resources or {}), **dict.fromkeys(names, memory)},
        run_config=run_config,
        partition_key=partition_key,
        tags=tags,
        raise_on_error=raise_on_error,
    )


def _managers(definition: Definition) -> list[str]:
    """The I/O managers that a definition names, for its values and for those that it reads."""
    if isinstance(definition, AssetSpec):
        return [definition.io_manager_key]
    found = [one.input_manager_key for one in definition.op.ins if one.input_manager_key]
    if isinstance(definition, AssetsDefinition):
        found += [spec.io_manager_key for spec in definition.specs]
    return found
