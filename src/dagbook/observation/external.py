"""What is made elsewhere: the data versions of external assets, by their files or as they tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from xxhash import xxh3_128_hexdigest

from dagbook.definitions.keys import AssetKey
from dagbook.definitions.observable import ObservableSource
from dagbook.graph.asset_graph import AssetGraph
from dagbook.observation.files import FileDigests

# What an external asset's metadata may say of it: where it is, and how it grows old.
PATH, MAX_AGE, ALWAYS = "path", "max_age", "always"


# Asks the function of an observable source which version its data has.
AskSource = Callable[[ObservableSource], str | None]


def nobody_asks(_source: ObservableSource) -> None:
    """That the functions of observable sources are not asked."""


def external_versions(
    graph: AssetGraph, files: FileDigests, now: float, ask: AskSource = nobody_asks
) -> dict[AssetKey, str]:
    """The data version of each external asset that says where it is; `now` in seconds since 1970.

    Of an observable source it is what `ask` answers. `path` in its metadata is a file, a pattern or
    a URL, or a list of these. A URL can't be looked at: what is there counts as the same data, or for `max_age` seconds, or with `always` never.
    """
    found = {}
    for key, node in graph.apart.items():
        if isinstance(node.spec, ObservableSource):
            version = ask(node.spec)
            if version is not None:
                found[key] = version
        elif node.definition is None and PATH in node.spec.metadata:
            found[key] = _version(node.spec.metadata, files, now)
    return found


def is_url(place: str) -> bool:
    """Whether a place is on a network.

    >>> is_url("https://example.org/rates.csv"), is_url("data/*.csv")
    (True, False)
    """
    return len(urlsplit(place).scheme) > 1 and "://" in place


def places_of(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """The files, patterns and URLs that an external asset is said to be."""
    given = metadata.get(PATH, ())
    return tuple(map(str, given)) if isinstance(given, list | tuple) else (str(given),)


def _version(metadata: Mapping[str, Any], files: FileDigests, now: float) -> str:
    places = places_of(metadata)
    digests = files.digests([one for one in places if not is_url(one)])
    parts = [*digests.values(), *(one for one in places if is_url(one))]
    if metadata.get(ALWAYS):
        parts.append(repr(now))
    elif metadata.get(MAX_AGE):
        # Ages are counted from the same moment everywhere, so that they end for all at once.
        parts.append(f"age {int(now // float(metadata[MAX_AGE]))}")
    return parts[0] if len(parts) == 1 else xxh3_128_hexdigest("\0".join(parts).encode())
