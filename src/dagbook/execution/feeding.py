"""What feeds the inputs of ops: values that are kept, or the lack of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Literal, TypeAlias, cast

from xxhash import xxh3_128_hexdigest

from dagbook.definitions.composed import Node
from dagbook.definitions.wiring import By, Collected, FromInput, FromOp, Several, Source
from dagbook.execution.requests import Resumption
from dagbook.io.contexts import OutputContext
from dagbook.io.stored import StoredValue
from dagbook.records import dataclass

Gap = Literal["skipped", "failed"]


@dataclass(frozen=True, slots=True)
class Written:
    """How a value was written: to which I/O manager (None for the store alone), as what."""

    manager: str | None
    context: OutputContext


@dataclass(frozen=True, slots=True)
class Held:
    """A value in the store, with its data version; `stored` is None where there is only a version.

    `lack` is why there is no value, where one should be; `written` is how a manager knows it.
    """

    version: str
    stored: StoredValue | None
    lack: Exception | None = None
    written: Written | None = None


@dataclass(frozen=True, slots=True)
class Many:
    """A list of values, some of which may be lacking."""

    feeds: tuple[Feed, ...]


Feed: TypeAlias = "Held | Gap | Many"
State: TypeAlias = "Held | Gap"


@dataclass(slots=True)
class Standing:
    """What every output of every op stands at; entries of dynamic and mapped ones by their key."""

    inputs: Mapping[str, State]
    _states: dict[By, State | dict[str, State]] = field(default_factory=dict)

    def put(
        self, node: str, output: str, state: State | dict[str, State], key: str | None = None
    ) -> None:
        """Say what an output stands at, of a mapped op for this key."""
        if key is None:
            self._states[node, output] = state
            return
        entries = self._states[node, output]
        assert isinstance(entries, dict)
        entries[key] = cast(State, state)

    def state(self, node: str, output: str) -> State | dict[str, State]:
        """What an output stands at; what never came to run has no value."""
        return self._states.get((node, output), "skipped")

    def entries(self, by: By) -> Gap | Mapping[str, State]:
        """The entries of a dynamic output, or why there are none."""
        state = self.state(*by)
        assert not isinstance(state, Held)
        return state

    def feed(self, source: Source, key: str | None) -> Feed:
        """What an input with this source gets, in the step for this key."""
        if isinstance(source, FromInput):
            return self.inputs[source.name]
        if isinstance(source, Several):
            return Many(tuple([self.feed(one, key) for one in source.sources]))
        state = self.state(source.node, source.output)
        if isinstance(source, FromOp):
            assert not isinstance(state, dict)
            return state
        if not isinstance(state, dict):
            return state
        if isinstance(source, Collected):
            return Many(tuple(state.values()))
        assert key is not None
        return state[key]


def gap_of(feeds: Iterable[Feed]) -> Gap | None:
    """Why an op with these inputs can't run; None where it can.

    Of a list some may lack, unless all do; a skip says more than a failure.
    """
    feeds = tuple(feeds)
    if any(_is_skipped(feed) for feed in feeds):
        return "skipped"
    if any(_has_failed(feed) for feed in feeds):
        return "failed"
    return None


def _is_skipped(feed: Feed) -> bool:
    if isinstance(feed, Many):
        return bool(feed.feeds) and all(_is_skipped(one) for one in feed.feeds)
    return feed == "skipped"


def _has_failed(feed: Feed) -> bool:
    if isinstance(feed, Many):
        return any(_has_failed(one) for one in feed.feeds)
    return feed == "failed"


def mark_of(
    resumption: Resumption,
    node: Node,
    key: str | None,
    feeds: Mapping[str, Feed],
    wanted: frozenset[str],
) -> str | None:
    """The fingerprint of one step of an op; None where what it reads can't be told apart.

    Equal marks say: the same code on the same data, asked for the same outputs.
    """
    code = resumption.codes.get(node.path)
    if code is None:
        return None
    parts = [code, repr(key), repr(sorted(wanted)), repr(resumption.surroundings)]
    for name, feed in sorted(feeds.items()):
        version = _version(feed)
        if version is None:
            return None
        parts.append(f"{name}={version}")
    return xxh3_128_hexdigest("\n".join(parts).encode("utf-8", "backslashreplace"))


def _version(feed: Feed) -> str | None:
    if isinstance(feed, Many):
        versions = [_version(one) for one in feed.feeds]
        return None if None in versions else repr(versions)
    if isinstance(feed, Held):
        return repr(feed.version) if feed.version else None
    return feed
