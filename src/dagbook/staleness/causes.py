"""The reasons for which an asset is not fresh: one record and one predicate each."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import field
from functools import cache

from dagbook.definitions.assets import Upkeep
from dagbook.definitions.keys import AssetKey, user_strings
from dagbook.events.records import InputVersion, Materialization
from dagbook.records import dataclass
from dagbook.resources.digests import GIVEN
from dagbook.staleness.files import ENVIRON, environment_words, file_words, is_observed, unseen_in
from dagbook.staleness.fingerprint import UNOBSERVED
from dagbook.staleness.inputs import Exchange, exchanges
from dagbook.versions.carried import content_of
from dagbook.versions.code import CodeVersion
from dagbook.versions.diff import changed_words
from dagbook.versions.parts import said_of_readers


@dataclass(frozen=True, slots=True)
class CodeChanged:
    """The code, or something that it reaches, is another one; what that is, is looked up when told."""

    old: str
    new: str
    said: Callable[[], str] = field(default=lambda: "code changed", compare=False, repr=False)

    def __str__(self) -> str:
        return self.said()


@dataclass(frozen=True, slots=True)
class DependenciesChanged:
    """It reads or waits for other assets than before, `exchanged` ones in place of others."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    exchanged: tuple[Exchange, ...] = ()

    def __str__(self) -> str:
        words = [f"+{name}" for name in self.added] + [f"-{name}" for name in self.removed]
        told = [f"depends on {one}" for one in self.exchanged]
        told += [f"dependencies changed ({', '.join(words)})"] if words else []
        return "; ".join(told) or "inputs or outputs rearranged"


@dataclass(frozen=True, slots=True)
class UpstreamDataChanged:
    """Something that it reads has other data than when it ran.

    Of the keys, `external` are made elsewhere, and `undefined` nothing makes any more.
    """

    keys: tuple[AssetKey, ...]
    external: tuple[AssetKey, ...] = ()
    undefined: tuple[AssetKey, ...] = ()

    def __str__(self) -> str:
        own = tuple([k for k in self.keys if k not in self.external and k not in self.undefined])
        parts = [
            ("upstream data changed", own),
            ("external data changed", self.external),
            ("no cell defines what it reads", self.undefined),
        ]
        return "; ".join(
            f"{word} ({', '.join(user_strings(keys))})" for word, keys in parts if keys
        )


@dataclass(frozen=True, slots=True)
class ClassesChanged:
    """What it reads holds functions, or instances of classes, whose code is another one by now."""

    keys: tuple[AssetKey, ...]

    def __str__(self) -> str:
        return f"code that its inputs hold changed ({', '.join(user_strings(self.keys))})"


@dataclass(frozen=True, slots=True)
class UpstreamStale:
    """Something above it is not fresh itself.

    Of the keys, `missing` have no value; `failed` did so in their last run, and `blocked` wait for a
    verdict, with a value or without.
    """

    keys: tuple[AssetKey, ...]
    missing: tuple[AssetKey, ...] = ()
    blocked: tuple[AssetKey, ...] = ()
    failed: tuple[AssetKey, ...] = ()

    def __str__(self) -> str:
        failed = [key for key in self.failed if key not in self.blocked]
        missing = [key for key in self.missing if key not in (*failed, *self.blocked)]
        stale = [key for key in self.keys if key not in (*missing, *failed, *self.blocked)]
        told = [("stale", stale), ("missing", missing), ("failed", failed)]
        told.append(("blocked", list(self.blocked)))
        words = [f"{word} ({', '.join(user_strings(keys))})" for word, keys in told if keys]
        return f"upstream is {' and '.join(words)}"


@dataclass(frozen=True, slots=True)
class FileChanged:
    """A file that it reads is another one."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"file changed ({', '.join(map(file_words, self.names))})"


@dataclass(frozen=True, slots=True)
class ConfigChanged:
    """Its config, or a resource that it uses, is another one."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"config changed ({', '.join(self.names)})"


@dataclass(frozen=True, slots=True)
class EnvironmentChanged:
    """A variable of the environment that it read is another one; `*`: it read them all."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"{', '.join(map(environment_words, self.names))} changed"


@dataclass(frozen=True, slots=True)
class ValueLost:
    """The kept value is no longer in the store."""

    def __str__(self) -> str:
        return "value lost"


@dataclass(frozen=True, slots=True)
class ModuleNotReloaded:
    """A module's file changed on disk while the old code is still loaded.

    `module:name` stands for what was imported from a module that has been reloaded since.
    """

    modules: tuple[str, ...]

    def __str__(self) -> str:
        whole = [one for one in self.modules if ":" not in one]
        parts = [one.split(":") for one in self.modules if ":" in one]
        helps = ", ".join(map(_reload, whole))
        said = []
        if whole:
            said.append(f"module changed on disk, not reloaded ({', '.join(whole)}): {helps}")
        said += [
            f"`{name}` is from before the reload of {module}: import it again"
            for module, name in parts
        ]
        return "; ".join(said)

    def as_run(self, keys: str) -> Iterator[str]:
        """What is to be said of a run of these assets, which could only use what is loaded."""
        for one in self.modules:
            module, _, name = one.partition(":")
            yield (
                f"{keys} ran with `{name}` from before the reload of `{module}`: import it again."
                if name
                else f"{keys} ran with `{module}` as it was loaded; its file is newer: "
                f"{_reload(module)}."
            )


def _reload(module: str) -> str:
    """What to type, also where the notebook has only names from the module, and no `importlib`."""
    return f"`import importlib, {module}; importlib.reload({module})`"


@dataclass(frozen=True, slots=True)
class TooOld:
    """It is older than its `max_age`; both in seconds."""

    age: float
    max_age: float

    def __str__(self) -> str:
        return f"too old ({self.age:.0f} s, at most {self.max_age:.0f} s)"


@dataclass(frozen=True, slots=True)
class AlwaysRuns:
    """It was declared never to be up to date."""

    def __str__(self) -> str:
        return "always runs"


@dataclass(frozen=True, slots=True)
class ReadsUntracked:
    """It reads something whose change can't be seen, itself, by `packages` or by what it runs (`unseen`)."""

    names: tuple[str, ...]
    unseen: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = [f"reads what can't be tracked ({', '.join(self.names)})"] if self.names else []
        if self.unseen:
            parts.append(f"{', '.join(self.unseen)} may read files unseen: `--reads`")
        if self.packages:
            names = ", ".join(self.packages)
            parts.append(f"{names} may read files unseen: {said_of_readers(self.packages)}")
        return "; ".join(parts)


Cause = (
    CodeChanged
    | DependenciesChanged
    | UpstreamDataChanged
    | ClassesChanged
    | UpstreamStale
    | FileChanged
    | ConfigChanged
    | EnvironmentChanged
    | ValueLost
    | ModuleNotReloaded
    | TooOld
    | AlwaysRuns
    | ReadsUntracked
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that the predicates may look at for one asset that has been materialized.

    `declared`: its code version is the user's own, whatever the code is; `upstream`: the parents
    that are not fresh; `external` are the inputs that are made elsewhere.
    """

    record: Materialization
    upkeep: Upkeep
    code: CodeVersion
    code_version: str
    declared: bool
    inputs: tuple[InputVersion, ...]
    upstream: UpstreamStale | None
    others: Mapping[str, str]
    lost: bool
    now: float
    external: Container[AssetKey] = ()
    document: Callable[[str], bytes | None] = lambda _: None


def code_changed(facts: Facts) -> CodeChanged | None:
    """The recorded code version is another one."""
    old, new = facts.record.code_version, facts.code_version
    if old == new:
        return None
    if facts.declared:
        return CodeChanged(old, new, lambda: f"declared code version changed: {old} → {new}")
    said = cache(lambda: changed_words(facts.document(old), facts.code.parts))
    return CodeChanged(old, new, said)


def dependencies_changed(facts: Facts) -> DependenciesChanged | None:
    """The set of inputs is another one."""
    unsettled = facts.upstream.keys if facts.upstream is not None else ()
    added, removed, found = exchanges(facts.record.inputs, facts.inputs, unsettled)
    if not added and not removed:
        return None
    come, gone = {one.new for one in found}, {one.old for one in found}
    return DependenciesChanged(
        tuple([str(key) for key in added if key not in come]),
        tuple([str(key) for key in removed if key not in gone]),
        tuple(found),
    )


def upstream_data_changed(facts: Facts) -> UpstreamDataChanged | None:
    """An input that it read then and reads now has another data version."""
    old = {item.key: item.data_version for item in facts.record.inputs}
    other = [
        i.key
        for i in facts.inputs
        if content_of(old.get(i.key, i.data_version)) != content_of(i.data_version)
    ]
    keys = tuple(dict.fromkeys(other))
    external = tuple([key for key in keys if key in facts.external])
    gone = {item.key for item in facts.inputs if item.data_version == UNOBSERVED}
    undefined = tuple([key for key in keys if key in gone and key not in external])
    return UpstreamDataChanged(keys, external, undefined) if keys else None


def classes_changed(facts: Facts) -> ClassesChanged | None:
    """An input holds code of the user that is another one by now, and is else as it was."""
    old = {item.key: item.data_version for item in facts.record.inputs}
    found: dict[AssetKey, None] = {}
    for item in facts.inputs:
        then = old.get(item.key, item.data_version)
        if then != item.data_version and content_of(then) == content_of(item.data_version):
            found[item.key] = None
    return ClassesChanged(tuple(found)) if found else None


def upstream_stale(facts: Facts) -> UpstreamStale | None:
    """A direct upstream is not fresh."""
    return facts.upstream


def file_changed(facts: Facts) -> FileChanged | None:
    """A watched file differs from the record."""
    names = [n for n in _seen_to_differ(facts) if not n.startswith((GIVEN, ENVIRON))]
    return FileChanged(tuple(names)) if names else None


def environment_changed(facts: Facts) -> EnvironmentChanged | None:
    """A variable of the environment differs from the record."""
    names = [n.removeprefix(ENVIRON) for n in _seen_to_differ(facts) if n.startswith(ENVIRON)]
    return EnvironmentChanged(tuple(names)) if names else None


def _seen_to_differ(facts: Facts) -> list[str]:
    old, new = facts.record.others, facts.others
    # What another code would open is not known before it runs.
    return [n for n in _differing(facts) if not is_observed(n) or (n in old and n in new)]


def config_changed(facts: Facts) -> ConfigChanged | None:
    """Its config, a resource or its I/O manager differs from the record."""
    names = [n.removeprefix(GIVEN) for n in _differing(facts) if n.startswith(GIVEN)]
    return ConfigChanged(tuple([name.removeprefix("config ") for name in names])) if names else None


def _differing(facts: Facts) -> list[str]:
    old, new = facts.record.others, facts.others
    return [] if old == new else sorted(n for n in {*old, *new} if old.get(n) != new.get(n))


def value_lost(facts: Facts) -> ValueLost | None:
    """The kept value has gone from the store."""
    return ValueLost() if facts.lost else None


def module_not_reloaded(facts: Facts) -> ModuleNotReloaded | None:
    """The code that is loaded is not the code on disk."""
    modules = () if facts.declared else facts.code.stale_modules
    return ModuleNotReloaded(modules) if modules else None


def too_old(facts: Facts) -> TooOld | None:
    """It has an age limit and is past it."""
    limit = facts.upkeep.max_age
    age = facts.now - facts.record.time
    return TooOld(age, limit) if limit is not None and age > limit else None


def always_runs(facts: Facts) -> AlwaysRuns | None:
    """It was declared so."""
    return AlwaysRuns() if facts.upkeep.always else None


def reads_untracked(facts: Facts) -> ReadsUntracked | None:
    """Not even the provenance of what it reads is known."""
    if facts.declared:
        return None
    unseen = () if facts.upkeep.reads else unseen_in(facts.record.others)
    packages = () if facts.upkeep.reads else facts.code.unseen
    names: tuple[str, ...] = ()
    if not facts.code.tracked:
        names = tuple(p.name for p in facts.code.parts if p.kind == "untracked")
    elif not (unseen or packages):
        return None
    return ReadsUntracked(names, unseen, packages)


PREDICATES: tuple[Callable[[Facts], Cause | None], ...] = (
    value_lost,
    code_changed,
    module_not_reloaded,
    dependencies_changed,
    upstream_data_changed,
    classes_changed,
    upstream_stale,
    file_changed,
    config_changed,
    environment_changed,
    too_old,
    always_runs,
    reads_untracked,
)


def causes_of(facts: Facts) -> tuple[Cause, ...]:
    """Every reason that holds, in the order in which they are told."""
    return tuple(cause for cause in (predicate(facts) for predicate in PREDICATES) if cause)
