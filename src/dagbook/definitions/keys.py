"""Names of assets and checks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Self, TypeAlias

from dagbook.errors.base import nearest
from dagbook.errors.definitions import InvalidName

NAME = re.compile(r"[A-Za-z0-9_]+\Z")


class _AssetKeyFields(NamedTuple):
    path: tuple[str, ...]


class AssetKey(_AssetKeyFields):
    """The name of an asset: a path of names, written `a/b`.

    `path` is one name (a slash in it does not split it) or a sequence of names.
    Raises InvalidName for an empty path or a part that is not text.

    >>> AssetKey(["raw", "flights"]).to_user_string()
    'raw/flights'
    """

    __slots__ = ()

    def __new__(cls, path: str | Sequence[str]) -> Self:
        if type(path) is str and path:
            return super().__new__(cls, (path,))
        parts: tuple[Any, ...] = (path,)
        if not isinstance(path, str) and isinstance(path, Iterable):
            parts = tuple(path)
        if not parts or not all(isinstance(part, str) and part for part in parts):
            raise InvalidName(what="asset key", name=repr(path)[:200])
        return super().__new__(cls, parts)

    def __getnewargs__(self) -> tuple[tuple[str, ...]]:
        return (self.path,)

    @classmethod
    def from_user_string(cls, text: str) -> Self:
        """The key that is written `text`: slashes split it.

        >>> AssetKey.from_user_string("raw/flights").path
        ('raw', 'flights')
        """
        parts = text.split("/")
        if not all(parts):
            raise InvalidName(what="asset key", name=text[:200])
        return cls(parts)

    def to_user_string(self) -> str:
        """The key as people write it: `a/b`."""
        return "/".join(self.path)

    @property
    def name(self) -> str:
        """The last part, by which a cell's body reads it."""
        return self.path[-1]

    def with_prefix(self, prefix: str | Sequence[str]) -> AssetKey:
        """The key below `prefix`."""
        return AssetKey((*AssetKey(prefix).path, *self.path))

    def __str__(self) -> str:
        return "/".join(self.path)

    def __repr__(self) -> str:
        return f"AssetKey({list(self.path)!r})"


class AssetCheckKey(NamedTuple):
    """The name of a check: its asset and its own name.

    >>> str(AssetCheckKey(AssetKey("orders"), "no_nulls"))
    'orders.no_nulls'
    """

    asset_key: AssetKey
    name: str

    def __str__(self) -> str:
        return f"{self.asset_key}.{self.name}"


KeyLike: TypeAlias = "str | Sequence[str] | AssetKey"


def as_key(value: KeyLike) -> AssetKey:
    """The asset key that a name, a path or a key stands for; a string is not split."""
    return value if isinstance(value, AssetKey) else AssetKey(value)


def check_name(name: str, what: str) -> str:
    """`name`, where it may name an asset, an op or a check; else raises InvalidName."""
    if not isinstance(name, str) or NAME.match(name) is None:
        raise InvalidName(what=what, name=str(name)[:200])
    return name


def unmistakable(key: AssetKey) -> str:
    """The key as people write it, and as a list where a part of it has a slash of its own.

    >>> unmistakable(AssetKey(["raw", "a"])), unmistakable(AssetKey("raw/a"))
    ('raw/a', '["raw/a"]')
    """
    return listed_path(key) if any("/" in part for part in key.path) else str(key)


def listed_path(key: AssetKey) -> str:
    """The key as Python takes it: a string is not split at its slashes."""
    return f"[{', '.join([chr(34) + part + chr(34) for part in key.path])}]"


def nearest_keys(key: AssetKey, known: Iterable[AssetKey]) -> tuple[str, ...]:
    """The known keys that `key` may have meant; of one that is only written alike, its parts."""
    known = list(known)
    name = str(key)
    alike = [listed_path(one) for one in known if str(one) == name and one != key]
    return (*alike, *nearest(name, [str(one) for one in known if str(one) != name]))


def user_strings(keys: Iterable[AssetKey]) -> list[str]:
    """The keys as people write them, in their order."""
    return [key.to_user_string() for key in keys]
