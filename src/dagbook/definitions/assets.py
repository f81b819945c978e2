"""Assets: what an op computes, under which keys, from which keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from dagbook.definitions.current import surroundings
from dagbook.definitions.graph_assets import Backed, Backing, backed_by_graph, backed_by_op
from dagbook.definitions.graphs import GraphDefinition
from dagbook.definitions.keys import AssetKey
from dagbook.definitions.ops import OpDefinition
from dagbook.definitions.origin import Origin
from dagbook.definitions.results import MaterializeResult, Output
from dagbook.definitions.specs import EMPTY, AssetCheckSpec, AssetSpec
from dagbook.errors.definitions import InvalidDefinition
from dagbook.records import dataclass

# Given the names that turned out to be assets, the op whose parameters they are.
Bind = Callable[[tuple[str, ...]], OpDefinition]
NO_INPUTS: Mapping[str, AssetKey] = {}
NO_READS: Mapping[AssetKey, frozenset[str]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """When an asset counts as up to date, beyond its code and inputs.

    `reads`: patterns of files that are watched; `always`: never up to date; `max_age`: seconds
    after which it is too old; `lazy`: defining its cell does not run it.
    """

    reads: tuple[str, ...] = ()
    always: bool = False
    max_age: float | None = None
    lazy: bool = False


PLAIN_UPKEEP = Upkeep()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class AssetsDefinition:
    """One computation and the assets that come out of it.

    `specs` follow the op's outputs; `ins` maps parameters to keys where they are declared (others
    are resolved by name); `candidates` are names that the body may read and that become inputs
    where an asset has that name, by `bind`; `strict_deps`: an unknown dependency is a fault;
    `reads_by_key` narrows which of several assets depends on which of the op's inputs;
    `resource_defs` are resources of its own, which go before those of the run.

    >>> from dagbook import asset
    >>> doubled = asset(name="doubled")(lambda raw: 2 * raw)
    >>> doubled.keys, doubled(21)
    ((AssetKey(['doubled']),), 42)
    """

    op: OpDefinition
    specs: tuple[AssetSpec, ...]
    ins: Mapping[str, AssetKey] = field(default_factory=lambda: NO_INPUTS)
    key_prefix: tuple[str, ...] = ()
    check_specs: tuple[AssetCheckSpec, ...] = ()
    can_subset: bool = False
    candidates: frozenset[str] = frozenset()
    bind: Bind | None = None
    strict_deps: bool = False
    upkeep: Upkeep = PLAIN_UPKEEP
    reads_by_key: Mapping[AssetKey, frozenset[str]] = field(default_factory=lambda: NO_READS)
    resource_defs: Mapping[str, Any] = field(default_factory=lambda: EMPTY)

    def __post_init__(self) -> None:
        if len(self.specs) > 1:
            key, count = Counter(self.keys).most_common(1)[0]
            if count > 1:
                # A run would wait for itself to have made the first of them.
                raise InvalidDefinition(
                    name=self.op.name,
                    problem=f"`{key}` is defined {count} times",
                    remedy="Rename one of them.",
                    place=self.op.origin.place,
                )

    @classmethod
    def from_graph(
        cls,
        graph_def: GraphDefinition,
        *,
        can_subset: bool = False,
        resource_defs: Mapping[str, Any] | None = None,
        **declared: Any,
    ) -> AssetsDefinition:
        """The assets that the outputs of a graph are.

        `keys_by_input_name`, `keys_by_output_name`: which assets its inputs and outputs are (by
        default those of the same name; a single output has the graph's); `key_prefix`: of all
        outputs; `internal_asset_deps`: output name to the keys that it depends on (by default
        found from the ops); `group_name`, `group_names_by_output_name`, `metadata_by_output_name`,
        `tags_by_output_name`, `descriptions_by_output_name`, `code_versions_by_output_name`,
        `owners_by_output_name`: as in AssetSpec; `check_specs`: as for `graph_asset`; `can_subset`:
        some of them may be made alone, by just the ops that they need; `resource_defs`: resources
        of its own. Raises InvalidDefinition, or FaultyDefinition with all faults.

        >>> from dagbook import graph, op
        >>> @op
        ... def one():
        ...     return 1
        >>> @graph
        ... def number():
        ...     return one()
        >>> AssetsDefinition.from_graph(number).key.to_user_string()
        'number'
        """
        backing = Backing(**_said(declared))
        parts = backed_by_graph(graph_def, backing)
        return cls._backed(parts, backing, can_subset, resource_defs)

    @classmethod
    def from_op(
        cls,
        op_def: OpDefinition,
        *,
        can_subset: bool = False,
        resource_defs: Mapping[str, Any] | None = None,
        **declared: Any,
    ) -> AssetsDefinition:
        """The assets that the outputs of an op are; the arguments are those of `from_graph`.

        Raises InvalidDefinition, or FaultyDefinition with all faults.
        """
        backing = Backing(**_said(declared))
        return cls._backed(backed_by_op(op_def, backing), backing, can_subset, resource_defs)

    @classmethod
    def _backed(
        cls,
        parts: Backed,
        backing: Backing,
        can_subset: bool,
        resource_defs: Mapping[str, Any] | None,
    ) -> AssetsDefinition:
        made = cls(
            op=parts.op,
            specs=parts.specs,
            ins=parts.ins,
            can_subset=can_subset,
            check_specs=tuple(backing.check_specs),
            reads_by_key=parts.reads_by_key,
            resource_defs=resource_defs or EMPTY,
        )
        return surroundings.told(made)

    @property
    def keys(self) -> tuple[AssetKey, ...]:
        """The keys of all its assets."""
        return tuple([spec.key for spec in self.specs])

    @property
    def key(self) -> AssetKey:
        """The key, where there is just one asset."""
        if len(self.specs) != 1:
            raise InvalidDefinition(
                name=self.op.name, problem="it defines several assets", remedy="Use `.keys`."
            )
        return self.specs[0].key

    @property
    def origin(self) -> Origin:
        """Where it was written."""
        return self.op.origin

    @property
    def value(self) -> Any:
        """The kept value, in a notebook or wherever a current workspace is open.

        Raises InvalidDefinition where there is none, ValueMissing where nothing is kept.
        """
        if surroundings.value_of is None:
            raise InvalidDefinition(
                name=str(self.key),
                problem="no workspace is open that could keep its value",
                remedy="Use `workspace.value(key)`, or `materialize([...]).asset_value(key)`.",
            )
        return surroundings.value_of(self.key)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in type(self).__slots__:
            # Asked while it is being copied or unpickled, when nothing can be told of it yet.
            raise AttributeError(name)
        raise AttributeError(
            f"`{self!r}` is a definition and has no `{name}`; its value is `.value`",
            name=name,
            obj=self,
        )

    def output_of(self, key: AssetKey) -> str:
        """The name of the op's output that is the asset `key`."""
        for spec, out in zip(self.specs, self.op.outs, strict=True):
            if spec.key == key:
                return out.name
        raise KeyError(key)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the body like the function it wraps; gives the plain value."""
        value = self.op.fn(*args, **kwargs)
        if isinstance(value, (Output, MaterializeResult)):
            return value.value
        return value

    def __repr__(self) -> str:
        return f"<asset {' '.join(map(str, self.keys))}>"


def _said(declared: Mapping[str, Any]) -> dict[str, Any]:
    """What is declared, without what is left unsaid by a None."""
    return {name: value for name, value in declared.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class AssetChecksDefinition:
    """One computation that judges an asset; `ins`, `candidates` and `bind` as for assets.

    `can_subset`: of several checks some may be judged alone; `recent`: how many of the asset's
    newest materializations it looks at; `momentary`: its verdict holds for the moment only.

    >>> from dagbook import asset_check
    >>> asset_check(asset="orders", name="any")(lambda orders: len(orders) > 0)
    <check orders.any>
    """

    op: OpDefinition
    specs: tuple[AssetCheckSpec, ...]
    ins: Mapping[str, AssetKey] = field(default_factory=lambda: NO_INPUTS)
    candidates: frozenset[str] = frozenset()
    bind: Bind | None = None
    severity: str = "ERROR"
    resource_defs: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    recent: int = 0
    momentary: bool = False
    can_subset: bool = False

    @property
    def origin(self) -> Origin:
        """Where it was written."""
        return self.op.origin

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the body like the function it wraps; gives what it returns."""
        return self.op.fn(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<check {' '.join(str(spec.key) for spec in self.specs)}>"


Definition = AssetsDefinition | AssetChecksDefinition | AssetSpec
