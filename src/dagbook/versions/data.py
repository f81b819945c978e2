"""Gives a value its data version: a hash of its canonical content."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from xxhash import xxh3_128_hexdigest

from dagbook.records import dataclass
from dagbook.versions.content import Writer, class_name


@dataclass(frozen=True, slots=True)
class DataVersion:
    """The version of a value.

    Attributes:
        digest: 32 hexadecimal digits; equal for equal content.
        weak: the digest rests on a pickle, or on nothing, and may differ for equal content.
        named: the classes and functions that the value has by name, as `module:qualified name`;
            who reads the value reads their code too.
        holds_code: there is code of the user in it that it has not by name, such as a function of
            the notebook; the digest does not tell what that code reaches.
        reason: why the version is weak, in a sentence.
    """

    digest: str
    weak: bool = False
    named: tuple[str, ...] = ()
    reason: str = ""
    holds_code: bool = False


_SCALARS = frozenset({int, str, float, bool, type(None), bytes})
_plain = Writer()


def data_version(value: Any) -> DataVersion:
    """The version of a value, by its canonical content.

    Args:
        value: any object: scalars, containers, NumPy arrays, pandas and polars frames, Arrow
            tables, dataclasses; anything else by its pickle.

    Returns:
        The version. A value that cannot even be pickled gets a new version with every call, so
        that nothing is ever taken for fresh on its account.

    Example:
        >>> data_version([1, 2]) == data_version([1, 2])
        True
        >>> data_version(1) == data_version(1.0)
        False
    """
    if type(value) in _SCALARS:
        return DataVersion(xxh3_128_hexdigest(_plain.write(value)))
    writer = Writer()
    try:
        written = writer.write(value)
    except Exception as error:  # an object's own code may raise anything
        return _unknown(value, error)
    reason = f"{class_name(type(value))} is known by its pickle only" if writer.weak else ""
    named = tuple(sorted(writer.named))
    digest = xxh3_128_hexdigest(written)
    return DataVersion(digest, writer.weak, named, reason, writer.holds_code)


def kept_version(value: Any) -> DataVersion:
    """The version of a value that a run gave: a new one with every run where it holds code.

    A function is kept with what it reaches, constants and helpers included, and its content says
    little of these; that a run was needed says that some of it may be another one.

    Example:
        >>> kept_version([1, 2]) == data_version([1, 2])
        True
        >>> kept_version([lambda: 1]) == kept_version([lambda: 1])
        False
    """
    version = data_version(value)
    return replace(version, digest=uuid.uuid4().hex) if version.holds_code else version


def _unknown(value: object, error: Exception) -> DataVersion:
    kind = class_name(type(value))
    reason = f"{kind} has no content that can be hashed ({type(error).__name__})"
    return DataVersion(uuid.uuid4().hex, True, (kind,), reason)
