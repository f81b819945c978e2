"""Selections built by calls: the same trees as from text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition, Definition
from dagbook.definitions.keys import AssetCheckKey, AssetKey, KeyLike
from dagbook.definitions.specs import AssetDep, AssetSpec, dep_keys
from dagbook.errors.selection import NotASelection
from dagbook.graph.asset_graph import AssetGraph
from dagbook.records import dataclass
from dagbook.selection.checks import resolve_checks
from dagbook.selection.parser import parse
from dagbook.selection.protocol import NOTHING_KNOWN, World
from dagbook.selection.resolution import resolve
from dagbook.selection.tree import (
    UNLIMITED,
    All,
    And,
    Attribute,
    Call,
    CheckNamed,
    Except,
    Key,
    Or,
    Selection,
    Tag,
    Traversal,
)

Assets: TypeAlias = "AssetGraph | Iterable[Definition]"

# What no asset is in: the selection of nothing, which the language can write.
_NOTHING = Attribute("group", None)


@dataclass(frozen=True, slots=True)
class AssetSelection:
    """A question to a graph, put together from smaller ones.

    `|` is what either holds, `&` what both hold, `-` what the first holds and the second does not.
    Two selections are equal when their trees are; the text of one gives an equal one back.

    >>> selection = AssetSelection.groups("marts") | AssetSelection.assets("orders").upstream()
    >>> str(selection)
    'group:"marts" or +key:"orders"'
    >>> AssetSelection.from_string(str(selection)) == selection
    True
    """

    tree: Selection

    @staticmethod
    def all(include_sources: bool = False) -> AssetSelection:
        """Every asset that is computed; with `include_sources` the external ones too.

        >>> str(AssetSelection.all())
        '*'
        """
        return AssetSelection(All(include_sources))

    @staticmethod
    def assets(*assets: Any) -> AssetSelection:
        """These assets, given as definitions, keys, or names (a slash does not split a name).

        >>> str(AssetSelection.assets("orders", "users"))
        'key:"orders" or key:"users"'
        """
        keys = dep_keys(assets, "AssetSelection.assets")
        return _any(Key(key.to_user_string()) for key in keys)

    @staticmethod
    def keys(*keys: KeyLike) -> AssetSelection:
        """These assets, given as keys or as people write keys.

        >>> str(AssetSelection.keys("raw/orders"))
        'key:"raw/orders"'
        """
        return AssetSelection.assets(
            *(AssetKey.from_user_string(key) if isinstance(key, str) else key for key in keys)
        )

    @staticmethod
    def key_prefixes(
        *prefixes: str | Sequence[str], include_sources: bool = False
    ) -> AssetSelection:
        """The assets whose key begins with one of these paths.

        >>> str(AssetSelection.key_prefixes("raw", include_sources=True))
        'key:"raw" or key:"raw/*"'
        """
        heads = [AssetKey(prefix).to_user_string() for prefix in prefixes]
        found = _any(Key(pattern) for head in heads for pattern in (head, f"{head}/*"))
        return found if include_sources else found.materializable()

    @staticmethod
    def key_substring(key_substring: str, include_sources: bool = False) -> AssetSelection:
        """The assets whose key, as people write it, has this text in it.

        >>> str(AssetSelection.key_substring("order", include_sources=True))
        'key:"*order*"'
        """
        found = AssetSelection(Key(f"*{key_substring}*"))
        return found if include_sources else found.materializable()

    @staticmethod
    def groups(*groups: str, include_sources: bool = False) -> AssetSelection:
        """The assets of these groups.

        >>> str(AssetSelection.groups("raw", "marts"))
        'group:"raw" or group:"marts"'
        """
        return _any(Attribute("group", group, include_sources) for group in groups)

    @staticmethod
    def tag(key: str, value: str, include_sources: bool = False) -> AssetSelection:
        """The assets that have this tag with exactly this value.

        >>> str(AssetSelection.tag("tier", "1"))
        'tag:"tier"="1"'
        """
        return AssetSelection(Tag(key, value, include_sources))

    @staticmethod
    def tag_string(string: str, include_sources: bool = False) -> AssetSelection:
        """The assets that have the tag `key=value`, or `key` without a value.

        >>> str(AssetSelection.tag_string("tier=1"))
        'tag:"tier"="1"'
        """
        key, _, value = string.partition("=")
        return AssetSelection.tag(key, value, include_sources)

    @staticmethod
    def kind(kind: str | None, include_sources: bool = False) -> AssetSelection:
        """The assets of this kind; None: those without any.

        >>> str(AssetSelection.kind(None))
        'kind:<null>'
        """
        return AssetSelection(Attribute("kind", kind, include_sources))

    @staticmethod
    def owner(owner: str | None) -> AssetSelection:
        """The assets of this owner.

        >>> str(AssetSelection.owner("team:data"))
        'owner:"team:data"'
        """
        return AssetSelection(Attribute("owner", owner))

    @staticmethod
    def checks(*checks: AssetCheckKey | AssetsDefinition | AssetChecksDefinition) -> AssetSelection:
        """These checks, or those that these definitions declare; no asset.

        >>> str(AssetSelection.checks(AssetCheckKey(AssetKey("orders"), "no_nulls")))
        'check_key:"orders.no_nulls"'
        """
        keys = [key for check in checks for key in _check_keys(check)]
        return _any(CheckNamed(str(key.asset_key), key.name) for key in keys)

    @staticmethod
    def checks_for_assets(*assets: Any) -> AssetSelection:
        """The checks of these assets, without the assets.

        >>> str(AssetSelection.checks_for_assets("orders"))
        'checks(key:"orders")'
        """
        return AssetSelection(Call("checks", AssetSelection.assets(*assets).tree))

    @staticmethod
    def all_asset_checks() -> AssetSelection:
        """Every check and no asset.

        >>> str(AssetSelection.all_asset_checks())
        'checks(with_external(*))'
        """
        return AssetSelection(Call("checks", All(external=True)))

    @classmethod
    def from_string(cls, string: str, include_sources: bool = False) -> AssetSelection:
        """The selection that is written `string`; raises SelectionSyntaxError.

        With `include_sources`, `*`, `not`, groups, kinds and tags range over external assets too.

        >>> str(AssetSelection.from_string("1+orders"))
        '1+key:"orders"'
        """
        return cls(parse(string, external=include_sources))

    @classmethod
    def from_coercible(cls, selection: Selectable) -> AssetSelection:
        """The selection that a text, several texts, keys, definitions or a selection stand for.

        Raises NotASelection, SelectionSyntaxError or InvalidName.

        >>> str(AssetSelection.from_coercible(["orders", "group:raw"]))
        'key:"orders" or group:"raw"'
        """
        if isinstance(selection, AssetSelection):
            return selection
        if isinstance(selection, str):
            return cls.from_string(selection)
        found = cls(_NOTHING)
        for place, item in enumerate(selection if _is_listed(selection) else [selection]):
            if not (isinstance(item, (str, *_NAMING)) or _is_listed(item)):
                raise NotASelection(given=type(item).__qualname__)
            one = cls.from_string(item) if isinstance(item, str) else cls.assets(item)
            found = found | one if place else one
        return found

    def upstream(self, depth: int | None = None, include_self: bool = True) -> AssetSelection:
        """These assets and what lies up to `depth` steps upstream, without external assets.

        >>> str(AssetSelection.assets("orders").upstream(2))
        '2+key:"orders"'
        """
        found = Traversal(self.tree, up=UNLIMITED if depth is None else depth)
        return AssetSelection(found if include_self else Except((found, self.tree)))

    def downstream(self, depth: int | None = None, include_self: bool = True) -> AssetSelection:
        """These assets and what lies up to `depth` steps downstream.

        >>> str(AssetSelection.assets("orders").downstream(include_self=False))
        'key:"orders"+ except key:"orders"'
        """
        found = Traversal(self.tree, down=UNLIMITED if depth is None else depth)
        return AssetSelection(found if include_self else Except((found, self.tree)))

    def sinks(self) -> AssetSelection:
        """Those of these assets that lead to no other of them.

        >>> str(AssetSelection.all().sinks())
        'sinks(*)'
        """
        return AssetSelection(Call("sinks", self.tree))

    def roots(self) -> AssetSelection:
        """Those of these assets that no other of them leads to.

        >>> str(AssetSelection.all().roots())
        'roots(*)'
        """
        return AssetSelection(Call("roots", self.tree))

    def materializable(self) -> AssetSelection:
        """Those of these assets that are computed.

        >>> str(AssetSelection.assets("orders").materializable())
        'key:"orders" and is:materializable'
        """
        return self & AssetSelection(Attribute("is", "materializable"))

    def without_checks(self) -> AssetSelection:
        """These assets, without the checks on them.

        >>> str(AssetSelection.all().without_checks())
        'without_checks(*)'
        """
        return AssetSelection(Call("without_checks", self.tree))

    def resolve(
        self, all_assets: Assets, allow_missing: bool = True, world: World = NOTHING_KNOWN
    ) -> frozenset[AssetKey]:
        """The keys that this holds in a graph, or among definitions.

        Without `allow_missing` a name that nothing has raises UnknownNameInSelection. `world`
        answers what definitions do not say; raises SelectionNotAnswerable where it does not.

        >>> from dagbook.definitions.specs import AssetSpec
        >>> AssetSelection.keys("orders", "users").resolve([AssetSpec(AssetKey("orders"))])
        frozenset({AssetKey(['orders'])})
        """
        return resolve(self.tree, _graph(all_assets), world, strict_names=not allow_missing)

    def resolve_checks(
        self, all_assets: Assets, allow_missing: bool = True, world: World = NOTHING_KNOWN
    ) -> frozenset[AssetCheckKey]:
        """The checks that this holds: those on its assets, unless it says otherwise.

        >>> AssetSelection.all().resolve_checks([])
        frozenset()
        """
        return resolve_checks(self.tree, _graph(all_assets), world, strict_names=not allow_missing)

    def __or__(self, other: AssetSelection) -> AssetSelection:
        return AssetSelection(Or((*_operands(self, Or), *_operands(other, Or))))

    def __and__(self, other: AssetSelection) -> AssetSelection:
        return AssetSelection(And((*_operands(self, And), *_operands(other, And))))

    def __sub__(self, other: AssetSelection) -> AssetSelection:
        return AssetSelection(Except((*_operands(self, Except), other.tree)))

    def __str__(self) -> str:
        return str(self.tree)


_NAMING = (AssetKey, AssetsDefinition, AssetSpec, AssetDep)


def _is_listed(value: object) -> bool:
    """Whether it holds others: what names one asset does not, though it may say so."""
    return isinstance(value, Iterable) and not isinstance(value, _NAMING)


Selectable: TypeAlias = "AssetSelection | str | Sequence[Any]"


def _operands(selection: AssetSelection, form: type[Or | And | Except]) -> tuple[Selection, ...]:
    """The operands of a selection of this form; else the selection itself as the only one."""
    return selection.tree.parts if isinstance(selection.tree, form) else (selection.tree,)


def _any(trees: Iterable[Selection]) -> AssetSelection:
    found = tuple(trees)
    if len(found) > 1:
        return AssetSelection(Or(found))
    return AssetSelection(found[0] if found else _NOTHING)


def _check_keys(
    check: AssetCheckKey | AssetsDefinition | AssetChecksDefinition,
) -> tuple[AssetCheckKey, ...]:
    if isinstance(check, AssetCheckKey):
        return (check,)
    specs = check.check_specs if isinstance(check, AssetsDefinition) else check.specs
    return tuple([spec.key for spec in specs])


def _graph(assets: Assets) -> AssetGraph:
    return assets if isinstance(assets, AssetGraph) else AssetGraph.of(*assets)
