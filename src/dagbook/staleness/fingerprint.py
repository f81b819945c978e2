"""The fingerprint of a computation: what it must agree on with a kept result to be the same one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from xxhash import xxh3_128_hexdigest

from dagbook.events.records import InputVersion

# Stands for the data of an external asset that nobody observes.
UNOBSERVED = "unobserved"


def skip_version(mark: str) -> str:
    """Stands for the data of an asset that was skipped with this fingerprint."""
    return f"skipped:{mark}"


def fingerprint(
    code_version: str,
    output: str,
    read: Iterable[InputVersion],
    waited: Collection[str],
    others: Mapping[str, str],
) -> str:
    """Digest the code, the output's name, the versions of what is read by which name, of what is only
    waited for, and of other things (files, config).

    Keys, those of the inputs too, are no part of it, so that a renamed asset or a copied notebook
    finds its results again.
    """
    text = f"{len(code_version)}:{code_version}\0{output}"
    # With its length a declared version can't be taken for several parts, whatever it holds.
    for name, _, version in read:
        text += f"\0{name}={len(version)}:{version}"
    if waited or others:
        parts = sorted([f"\0+{len(version)}:{version}" for version in waited])
        parts += [f"\0{len(name)}:{name}:{digest}" for name, digest in sorted(others.items())]
        text += "".join(parts)
    return xxh3_128_hexdigest(text.encode("utf-8", "surrogatepass"))
