"""The decorator `multi_asset_check`: one function, several checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from dagbook.definitions.arguments import by_name, several
from dagbook.definitions.assets import AssetChecksDefinition
from dagbook.definitions.current import surroundings
from dagbook.definitions.decorating import making, name_of
from dagbook.definitions.decorators import AssetIn, with_reading
from dagbook.definitions.keys import KeyLike, check_name
from dagbook.definitions.op_decorators import raise_together
from dagbook.definitions.ops import op_from_function
from dagbook.definitions.results import RetryPolicy
from dagbook.definitions.specs import EMPTY, AssetCheckSpec
from dagbook.errors.definitions import DefinitionError, InvalidDefinition

Body = Callable[..., Any]


def multi_asset_check(
    *,
    specs: Sequence[AssetCheckSpec],
    name: str | None = None,
    description: str | None = None,
    can_subset: bool = False,
    ins: Mapping[str, AssetIn | KeyLike] | None = None,
    required_resource_keys: Iterable[str] | None = None,
    resource_defs: Mapping[str, Any] | None = None,
    retry_policy: RetryPolicy | None = None,
) -> Callable[[Body], AssetChecksDefinition]:
    """Make several checks of a function, which yields or returns an AssetCheckResult for each.

    `specs`: the checks; a result says by `check_name`, and `asset_key` where that does not suffice,
    which one it is for. The function's parameters are assets; `ins` maps them to other keys. It is
    called once for all checks that are to be judged, when all their assets are made; with
    `can_subset` it asks `context.selected_asset_check_keys` which ones these are. `retry_policy`:
    how it is tried again. Raises InvalidDefinition, or FaultyDefinition.

    >>> from dagbook import AssetCheckResult, AssetCheckSpec, asset, materialize
    >>> @asset
    ... def orders():
    ...     return [1, 2]
    >>> @multi_asset_check(specs=[AssetCheckSpec(name="some", asset="orders"),
    ...                           AssetCheckSpec(name="few", asset="orders")])
    ... def size(orders):
    ...     yield AssetCheckResult(check_name="some", passed=len(orders) > 0)
    ...     yield AssetCheckResult(check_name="few", passed=len(orders) < 2)
    >>> [one.passed for one in materialize([orders, size]).get_asset_check_evaluations()]
    [True, False]
    """

    def definition_of(fn: Body) -> AssetChecksDefinition:
        own = check_name(name or name_of(fn), "check")
        plain = op_from_function(
            fn,
            name=own,
            retry_policy=retry_policy,
            required_resource_keys=required_resource_keys or (),
        )
        checks = several(own, "specs", specs, AssetCheckSpec)
        read = {name: _asset_in(one) for name, one in by_name(own, "ins", ins or {}).items()}
        op = with_reading(plain, read)
        raise_together(own, list(_faults(own, checks)), op)
        definition = AssetChecksDefinition(
            op=op,
            specs=checks,
            ins={parameter: one.resolve(parameter) for parameter, one in read.items()},
            can_subset=can_subset,
            resource_defs=resource_defs or EMPTY,
        )
        return surroundings.told(definition)

    return making(definition_of)


def _asset_in(given: AssetIn | KeyLike) -> AssetIn:
    return given if isinstance(given, AssetIn) else AssetIn(given)


def _faults(name: str, specs: Sequence[AssetCheckSpec]) -> Iterable[DefinitionError]:
    if not specs:
        yield InvalidDefinition(
            name=name, problem="it declares no check", remedy="Name them in `specs`."
        )
    for check, count in Counter(spec.key for spec in specs).items():
        if count > 1:
            yield InvalidDefinition(
                name=name,
                problem=f"the check `{check}` is declared {count} times",
                remedy="Give each a name of its own.",
            )
