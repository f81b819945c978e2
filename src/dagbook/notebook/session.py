"""One notebook and its workspace: which cell defined what, and what its names stand for."""

from __future__ import annotations

import builtins
import threading
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import field
from functools import partial
from keyword import iskeyword
from types import ModuleType
from typing import TYPE_CHECKING, Any

from dagbook.cells.digests import text_digest
from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition, Definition
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.specs import AssetSpec
from dagbook.engine.naming import refuse_twins
from dagbook.engine.workspace import Workspace
from dagbook.errors.execution import ValueMissing
from dagbook.errors.notebook import ReservedKey
from dagbook.errors.store import StoreError
from dagbook.events.records import Event, Materialization, Materialized, Restored
from dagbook.later import later
from dagbook.notebook.cell_text import NO_TEXT, CellText
from dagbook.notebook.kinds import is_a
from dagbook.notebook.names import AssetNames
from dagbook.records import dataclass

if TYPE_CHECKING:
    from dagbook.notebook import binding
    from dagbook.staleness import causes
    from dagbook.staleness.status import AssetStatus
else:
    binding = later("dagbook.notebook.binding")
    causes = later("dagbook.staleness.causes")

AnyKey = AssetKey | AssetCheckKey
_OWN_MAGICS = frozenset(
    [
        *("asset", "asset_check", "dag", "failing", "forget", "graph_asset", "graph_multi_asset"),
        *("load_assets", "materialize", "multi_asset", "op", "runs", "select", "stale"),
    ]
)


@dataclass(slots=True)
class NotebookSession:
    """The state that the magics share.

    `cells` maps a cell's id to what it defined, `digests` to the digest of the text that it was run
    with; `source` is the text of the cell that runs, which `transform` turns into Python;
    `unaccepted` maps a cell that failed before it defined anything to this run of it; `derived` maps
    a variable that an ordinary cell computed from assets to that cell and these assets; `made_with`
    maps a cell to the data versions of the assets that it read or showed.
    """

    workspace: Workspace
    namespace: dict[str, Any]
    names: AssetNames = field(init=False)
    cells: dict[str, tuple[AnyKey, ...]] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    source: str = ""
    told: set[str] = field(default_factory=set)
    derived: dict[str, tuple[str, Mapping[AssetKey, str]]] = field(default_factory=dict)
    made_with: dict[str, Mapping[AssetKey, str]] = field(default_factory=dict)
    cell: CellText = NO_TEXT
    transform: Callable[[str], str] = str
    unaccepted: dict[str, str] = field(default_factory=dict)
    _thread: int = field(default_factory=threading.get_ident)
    _seen: Mapping[AssetKey, AssetStatus] | None = None
    _reads: set[str] | None = None
    _running: bool = False
    _made: dict[AssetKey, Materialization] = field(default_factory=dict)
    _begun: tuple[AnyKey, ...] = ()

    def __post_init__(self) -> None:
        self.names = AssetNames(self.namespace, self.is_readable, self.value_of, self.kept_for)

    # --- definitions

    def define(
        self,
        definitions: Sequence[Definition],
        cell_id: str | None,
        again: Collection[AnyKey] = (),
        *,
        more_to_come: bool = False,
    ) -> list[str]:
        """Take in what a cell defines; gives the sentences that the user should read.

        `again` is what the cell took from elsewhere before and takes once more. `more_to_come`: a
        magic in the midst of the cell asks, and what the cell defined before may still come.

        Raises ReservedKey for a key that shadows a builtin, a module of the notebook or one of our
        magics, DuplicateKey for one that differs from another only by upper and lower case.
        """
        keys = tuple([key for definition in definitions for key in keys_of(definition)])
        whole = tuple(dict.fromkeys((*self._begun, *again, *keys)))
        dropped = [] if more_to_come else self._dropped(whole, cell_id)
        self._refuse(definitions, dropped)
        notes = self._replaced(keys, cell_id)
        notes += [note for one in definitions for note in self._captured(one)]
        if dropped:
            self.workspace.forget(*dropped)
            notes.append(
                f"{_listed(dropped)} left the graph: this cell now defines {_listed(whole)}."
            )
        self.workspace.define(*definitions)
        self._begun = whole if more_to_come else ()
        if cell_id is not None:
            before = self.cells.get(cell_id, ()) if more_to_come else ()
            self.cells[cell_id] = tuple(dict.fromkeys((*before, *whole)))
            self.note_text(cell_id)
        return notes

    def _refuse(self, definitions: Sequence[Definition], dropped: Iterable[AnyKey]) -> None:
        """Raise for keys that cannot be, before anything has changed."""
        for definition in definitions:
            for key in keys_of(definition):
                if isinstance(key, AssetKey):
                    self.refuse_reserved(key)
        graph = self.workspace.graph
        refuse_twins(graph.without(*dropped) if dropped else graph, definitions)

    def refuse_reserved(self, key: AssetKey) -> None:
        """Raise ReservedKey for a key whose name means something else already."""
        if hasattr(builtins, key.name):
            raise ReservedKey(name=key.name, what="a builtin of Python")
        if is_a(self.namespace.get(key.name), ModuleType):
            raise ReservedKey(name=key.name, what="a module that this notebook has imported")
        if iskeyword(key.name):
            raise ReservedKey(name=key.name, what="a keyword of Python")
        if key.name in _OWN_MAGICS:
            raise ReservedKey(name=key.name, what="one of dagbook's magics")

    def _replaced(self, keys: Iterable[AnyKey], cell_id: str | None) -> list[str]:
        owners = {key: cell for cell, defined in self.cells.items() for key in defined}
        notes = []
        for key in keys:
            owner = owners.get(key)
            if owner is not None and owner != cell_id:
                self.cells[owner] = tuple([one for one in self.cells[owner] if one != key])
                where = place_of(self.workspace, key)
                notes.append(f"`{key}` replaces its definition in {where}.")
        return notes

    def _dropped(self, keys: Iterable[AnyKey], cell_id: str | None) -> list[AnyKey]:
        """What the same cell defined before under other names."""
        before = self.cells.get(cell_id, ()) if cell_id is not None else ()
        graph = self.workspace.graph
        return [
            key for key in before if key not in keys and (key in graph.nodes or key in graph.checks)
        ]

    def _captured(self, definition: Definition) -> list[str]:
        """The assets that read a variable of this name until now, and from now on read the asset."""
        if not isinstance(definition, AssetsDefinition):
            return []
        graph, notes = self.workspace.graph, []
        for key in definition.keys:
            if key in graph and graph.node(key).declared:
                continue
            readers = [
                other
                for other, node in graph.nodes.items()
                if node.definition is not None
                and other != key
                and key.name in node.definition.candidates
                and key.name in self.namespace
            ]
            if readers:
                read = "reads" if len(readers) == 1 else "read"
                notes.append(
                    f"{_listed(readers)} read a variable `{key.name}` so far, "
                    f"and now {read} the asset."
                )
        return notes

    def defined_in(self, cell_id: str | None) -> list[AnyKey]:
        """What is in the graph from an earlier run of a cell."""
        return self._dropped((), cell_id)

    def was_edited(self, cell_id: str) -> bool:
        """Whether a cell runs with another text than it had when it defined something."""
        return self.digests.get(cell_id) != text_digest(self.source)

    def note_text(self, cell_id: str) -> None:
        """The cell's text of now is that of what it defines."""
        self.digests[cell_id] = text_digest(self.source)

    def note_end(self, cell_id: str | None, where: str, *, succeeded: bool) -> None:
        """Remember whether a cell whose text has changed since it defined assets has failed."""
        if cell_id is None:
            return
        if succeeded or not self.was_edited(cell_id):
            self.unaccepted.pop(cell_id, None)
        else:
            self.unaccepted[cell_id] = where

    def unaccepted_notes(self, keys: Container[AssetKey]) -> list[str]:
        """A sentence for each of these assets whose cell shows what is not in the graph."""
        return [
            f"`{key}` is still what {place_of(self.workspace, key)} defined: its cell was changed, "
            f"and failed before it defined anything ({where})."
            for cell_id, where in self.unaccepted.items()
            for key in self._dropped((), cell_id)
            if key in keys
        ]

    def forget_cell(self, keys: Iterable[AnyKey]) -> None:
        """No cell defines these any more."""
        gone = set(keys)
        for cell, defined in list(self.cells.items()):
            self.cells[cell] = tuple([key for key in defined if key not in gone])

    def recall_cell(self, cell_id: str, keys: tuple[AnyKey, ...]) -> None:
        """A cell that was forgotten defines these again."""
        self.cells[cell_id] = keys

    # --- names

    def key_named(self, name: str) -> AssetKey | None:
        """The asset that a bare name stands for: in the graph, or kept from the last time."""
        found = self.workspace.graph.named(name)
        whole = AssetKey(name)
        if whole in found or (not found and whole in self.workspace.history_of.current):
            return whole
        return found[0] if len(found) == 1 else None

    def is_readable(self, name: str) -> bool:
        """Whether a bare name is read as an asset."""
        return self.key_named(name) is not None

    def before_cell(self, cell: CellText) -> list[str]:
        """A cell begins: what is read is looked up once for it; gives the assets that it reads."""
        self.cell, self._thread, self._seen = cell, threading.get_ident(), None
        self._running, self._reads = True, None
        self._made.clear()
        self._begun = ()
        return self.names.before_cell(cell)

    @property
    def is_busy(self) -> bool:
        """Whether a cell runs."""
        return self._running

    def names_read(self) -> set[str] | None:
        """The names that the cell reads, itself or through functions; None where that is not known."""
        if self._reads is None:
            try:
                names = binding.names_read(self.transform(self.cell.text))
            except Exception:
                # IPython looks at what names stand for, and a user's object may raise anything then.
                return None
            self._reads = None if names is None else self.names.mentioned(names)
        return self._reads

    def after_cell(self) -> None:
        """A cell has ended: what it handed on may be called from now on."""
        self._running = False
        if not self.cell.text.strip():
            return
        try:
            self.names.handed.note_cell(self.transform(self.cell.text))
        except Exception:
            # IPython looks at what names stand for, and a user's object may raise anything then.
            return

    def statuses(self) -> Mapping[AssetKey, AssetStatus]:
        """How the assets stood when the cell first asked."""
        if self._seen is None:
            self._seen = self.workspace.observe(passive=True)[1].assets
        return self._seen

    def value_of(self, name: str) -> Any:
        """The kept value of the asset of this name; raises LookupError where there is none."""
        key = self.key_named(name)
        if key is None:
            raise LookupError(name)
        record = self._made.get(key)
        if record is None and self.is_defined(key):
            self._bring_up(key, name)
            record = self._made.get(key) or self.statuses()[key].materialization
            if record is None:
                raise LookupError(f"`{key}` was never materialized")
        return self._load(key, record)

    def is_defined(self, key: AnyKey) -> bool:
        """Whether a cell has defined an asset, and not only one that reads it, or a check."""
        graph = self.workspace.graph
        if isinstance(key, AssetCheckKey):
            return key in graph.checks
        return key in graph and graph.node(key).declared

    def kept_for(self, name: str) -> tuple[str, Callable[[], Any]] | None:
        """The newest kept value of the asset of this name: its id, and what loads it."""
        key = self.key_named(name)
        current = self.workspace.history_of.current.get(key) if key is not None else None
        record = current.materialization if current is not None else None
        if key is None or record is None:
            return None
        return record.id, partial(self._load, key, record)

    def value_to_look_at(self, name: str, largest: int) -> Any:
        """The newest kept value of at most so many bytes; None where there is none."""
        if self.names.gives(name):
            return self.names.given(name)
        key = self.key_named(name)
        current = self.workspace.history_of.current.get(key) if key is not None else None
        record = current.materialization if current is not None else None
        if key is None or record is None or record.value is None or record.value.size > largest:
            return None
        try:
            return self._load(key, record)
        except LookupError:
            return None

    def _load(self, key: AssetKey, record: Materialization | None) -> Any:
        try:
            return self.workspace.kept_value(key, record)
        except (ValueMissing, StoreError) as error:
            raise LookupError(str(error)) from error

    def _bring_up(self, key: AssetKey, name: str) -> None:
        """Make a stale asset before it is read, where that is wanted; a failure leaves it as it is."""
        if self.workspace.settings.stale_names != "materialize":
            return
        read = self.names_read()
        if read is not None and name not in read:
            return
        status = self.statuses()[key]
        steady = status.causes and all(isinstance(one, causes.AlwaysRuns) for one in status.causes)
        if status.is_fresh or steady:
            return
        wanted = f'key:"{key}"'
        self.workspace.materialize(wanted, raise_on_error=False, command=f"reading {key}")
        self._seen = None

    @property
    def made(self) -> tuple[AssetKey, ...]:
        """The assets that runs of this cell have made so far."""
        return tuple(self._made)

    @property
    def defines_more(self) -> bool:
        """Whether the cell has defined something in its midst, so that its end is to be told too."""
        return bool(self._begun)

    def reads_assets(self) -> bool:
        """Whether the cell may read an asset, itself, through functions or a variable made of one."""
        mentioned = self.names.mentioned(self.cell.words)
        return bool(self.derived.keys() & mentioned) or any(map(self.is_readable, mentioned))

    def heard(self, events: Iterable[Event]) -> None:
        """Let names stand for what a run of this cell just made.

        Other threads' runs go unheard: what a cell reads stays the same until its end.
        """
        elsewhere = threading.get_ident() != self._thread
        if elsewhere and self._running:
            return
        for event in events:
            if not isinstance(event, (Materialized, Restored)):
                continue
            if elsewhere:
                record = event.materialization
                load = partial(self._load, record.key, record)
                self.names.lent_anew(record.key.name, record.id, load)
            else:
                self._made[event.materialization.key] = event.materialization
                self.names.renew(event.materialization.key.name)

    def once(self, sentence: str) -> bool:
        """Whether a sentence has not been told yet; from now on it has."""
        new = sentence not in self.told
        self.told.add(sentence)
        return new


def keys_of(definition: Definition) -> tuple[AnyKey, ...]:
    """The assets or checks that a definition defines."""
    if isinstance(definition, AssetChecksDefinition):
        return tuple([spec.key for spec in definition.specs])
    if isinstance(definition, AssetSpec):
        return (definition.key,)
    return definition.keys


def place_of(workspace: Workspace, key: AnyKey) -> str:
    """Where something was defined, in words."""
    graph = workspace.graph
    node: Mapping[Any, Any] = graph.checks if isinstance(key, AssetCheckKey) else graph.nodes
    found = node.get(key)
    definition = found.definition if found is not None else None
    return str(definition.origin.where) if definition is not None else "another cell"


def _listed(keys: Iterable[AnyKey]) -> str:
    return ", ".join(f"`{key}`" for key in keys)
