"""Digests of what a computation is given besides assets, so that a change of it can be told."""

from __future__ import annotations

import pickle
import weakref
from collections.abc import Iterable, Mapping
from typing import Any

from dagbook.definitions.env import env_vars_in, resolved
from dagbook.definitions.resource import ResourceDefinition
from dagbook.errors.resources import ResourceError
from dagbook.resources.lifetimes import is_configurable
from dagbook.resources.run_config import nested_fields
from dagbook.versions.data import data_version
from dagbook.versions.redaction import is_secret_name, salted

UNSET = "unset"
# Begins the names of digests of what a run gives, among those of files.
GIVEN = "given: "
_first_seen: dict[int, tuple[weakref.ref[Any], str]] = {}


def config_digests(config: Any, salt: bytes) -> dict[str, str]:
    """One digest for each field of a config; secrets and environment variables by salted hashes."""
    return {
        f"{GIVEN}config {name}".rstrip(): _digest(name, value, salt)
        for name, value in nested_fields(config).items()
    }


def resource_digests(
    names: Iterable[str], declared: Mapping[str, Any], salt: bytes, what: str = "resource"
) -> dict[str, str]:
    """One digest for each of these resources: its class and its fields.

    Credentials are left out: a new password does not mean other data.
    """
    return {
        f"{GIVEN}{what} {name}": _of_resource(declared[name], salt)
        for name in names
        if name in declared
    }


def classes_of(names: Iterable[str], declared: Mapping[str, Any]) -> dict[str, object]:
    """What is code of these resources, to be followed like the code of a body."""
    found: dict[str, object] = {}
    for name in names:
        value = declared.get(name)
        if isinstance(value, ResourceDefinition):
            found[f"resource {name}"] = value.fn
        elif is_configurable(value):
            found[f"resource {name}"] = type(value)
    return found


def _of_resource(value: Any, salt: bytes) -> str:
    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    if isinstance(value, ResourceDefinition):
        return kind
    if not is_configurable(value):
        plain = type(value).__module__ == "builtins"
        return f"{kind} {_content(value) if plain else _as_given(value)}"
    parts = [
        (name, _of_resource(part, salt) if is_configurable(part) else _digest(name, part, salt))
        for name, part in value.fields()
        if not _is_credential(name, part)
    ]
    return f"{kind} {data_version(parts).digest}"


def _as_given(value: Any) -> str:
    """The content of an object when it was first seen: what it collects in use is no declaration."""
    known = _first_seen.get(id(value))
    if known is not None and known[0]() is value:
        return known[1]
    digest, place = _content(value), id(value)
    try:
        _first_seen[place] = weakref.ref(value, lambda _: _first_seen.pop(place, None)), digest
    except TypeError:  # of a class that can't be referred to weakly
        pass
    return digest


def _is_credential(name: str, value: Any) -> bool:
    return is_secret_name(name) or hasattr(value, "get_secret_value")


def _digest(name: str, value: Any, salt: bytes) -> str:
    reveal = getattr(value, "get_secret_value", None)
    if reveal is not None:
        return _salted(reveal(), salt)
    if env_vars_in(value):
        try:
            return _salted(resolved(value), salt)
        except ResourceError:
            return UNSET
    return _salted(value, salt) if is_secret_name(name) else _content(value)


def _salted(value: Any, salt: bytes) -> str:
    return salted(pickle.dumps(value, protocol=5), salt).hex()


def _content(value: Any) -> str:
    """The version of a value; of its class alone where it has no content that stays the same."""
    first = data_version(value)
    if first.weak and data_version(value).digest != first.digest:
        return f"{type(value).__module__}.{type(value).__qualname__}"
    return first.digest
