"""What versions rest on, each thing once, so that a next look finds those that may be others."""

from __future__ import annotations

from dataclasses import field
from functools import cache
from operator import attrgetter
from types import FunctionType
from typing import Any, Generic, TypeVar
from weakref import ref

from dagbook.audit import listen
from dagbook.records import dataclass
from dagbook.versions.bytecode import Chain
from dagbook.versions.code import CodeVersion, Evaluation, alone
from dagbook.versions.functions import holds_values, named_edges
from dagbook.versions.names import MISSING
from dagbook.versions.parts import Note
from dagbook.versions.reach import seal
from dagbook.versions.source import Files, SourceText
from dagbook.versions.static import ReadCode, Static, read_of
from dagbook.versions.web import SCALARS, Web

K = TypeVar("K")
_Read = tuple[str, tuple[Chain, ...]]
# For each way in which a name is used: its label, the digest of all that it reaches, notes on that.
_Meaning = tuple[tuple[str, bytes, frozenset[Note]], ...]

_attributes_of = attrgetter("__dict__")
_place_of = object.__hash__  # asking for an `id` is an audit event
# How often any function got another code or other defaults, as Python tells by events: to look at
# ten thousand functions instead takes longer than all the rest of a look.
_assignments = [0]


def _count(arguments: tuple[Any, ...]) -> None:
    if type(arguments[0]) is FunctionType:
        _assignments[0] += 1


@cache
def _listen() -> None:
    """Count from now on."""
    listen("object.__setattr__", _count)
    listen("object.__delattr__", _count)


@dataclass(frozen=True, slots=True)
class _Bare:
    """A function that carried no values of its own when so many assignments had been counted.

    To ask it for its code and defaults again would be two audit events, a third of a look's time.
    """

    function: ref[FunctionType]
    assignments: int
    read: ReadCode


_bare: dict[int, _Bare] = {}


def _bare_of(function: FunctionType, files: Files) -> ReadCode | None:
    """The code of a function as it was read; None where it carries values of its own."""
    place, count = _place_of(function), _assignments[0]
    known = _bare.get(place)
    if known is not None and known.assignments == count and known.function() is function:
        read = known.read
        if not (function.__dict__ or read.on_disk):
            return read
    code = function.__code__
    read = read_of(function, files, code)
    if holds_values(function, code):
        return None
    held = ref(function, lambda _: _bare.pop(place, None))
    _bare[place] = _Bare(held, count, read)
    return read


@dataclass(frozen=True, slots=True)
class _Name(Generic[K]):
    """A name of a namespace as it was used, what it meant then, and whose versions rest on that."""

    space: dict[str, Any]
    read: _Read
    value: object
    meaning: _Meaning
    readers: dict[K, None] = field(default_factory=dict)

    @property
    def place(self) -> tuple[int, _Read]:
        """Which name of which namespace it is, and how it is used."""
        return id(self.space), self.read

    def holds(self, web: Web) -> bool:
        """Whether it still stands for the same: the same number, or the object that it was."""
        value = self.space.get(self.read[0], MISSING)
        if value is not self.value and not (type(value) in SCALARS and type(self.value) in SCALARS):
            return False
        try:
            return _meaning(web, self.space, self.read) == self.meaning
        except Exception:  # a user's object may raise anything
            return False


class Grounds(Generic[K]):
    """The grounds of the versions of functions, by keys that somebody else knows the versions by.

    Only functions that read nothing but global names, from a source that can be trusted, and hold
    no values of their own have grounds that can be checked; ten thousand of them in no time. Each
    look begins with `moved`, then puts what it made anew, and ends with `settle`.
    """

    def __init__(self) -> None:
        self._functions: dict[K, FunctionType] = {}
        self._reads: dict[K, tuple[_Read, ...]] = {}
        self._names: dict[tuple[int, _Read], _Name[K]] = {}
        self._texts: dict[str, tuple[SourceText | None, dict[K, None]]] = {}
        self._files: dict[K, str] = {}
        _listen()
        self._assignments = _assignments[0]
        # Names without readers, which may have some again before the look ends.
        self._vacant: list[tuple[int, _Read]] = []

    def moved(self, web: Web) -> set[K]:
        """The keys of the versions that may be others by now; their grounds are forgotten."""
        # Asked before anything is looked at: what is assigned meanwhile is then looked at again.
        count = _assignments[0]
        found: set[K] = set()
        if count != self._assignments:
            # Rare, and nothing tells of which function it was.
            found.update(self._functions)
        elif any(map(_attributes_of, self._functions.values())):
            found.update(key for key, one in self._functions.items() if one.__dict__)
        others = [place for place, name in self._names.items() if not name.holds(web)]
        for place in others:
            found.update(self._names[place].readers)
        for file, (text, readers) in self._texts.items():
            if web.files.text(file) is not text:
                found.update(readers)
        for key in found:
            self.drop(key)
        for place in others:
            del self._names[place]
        self._assignments = count
        return found

    def put(
        self,
        key: K,
        function: FunctionType,
        evaluation: Evaluation,
        version: CodeVersion | None = None,
    ) -> CodeVersion | None:
        """Keep the grounds of a version that has none; None where there are none to rely on.

        Gives the version that was just made, by default that of the function alone.
        """
        web = evaluation.web
        read_code = None if web.patched else _bare_of(function, web.files)
        if read_code is None:
            return None
        if not read_code.is_closed and not self._put_names(key, function, read_code.static, web):
            return None
        if version is None:
            is_alone = read_code.is_closed and not web.changed
            version = alone(read_code) if is_alone else evaluation.code_version(function)
        self._functions[key] = function
        if read_code.on_disk:
            file = self._files[key] = function.__code__.co_filename
            known = self._texts.setdefault(file, (read_code.text, {}))
            known[1][key] = None
        return version

    def _put_names(self, key: K, function: FunctionType, static: Static, web: Web) -> bool:
        """Keep what the names stand for that it reads; whether that is all there is to it."""
        if not static.only_names:
            return False
        reads = static.reads.names
        try:
            names = [self._name(function.__globals__, read, web) for read in reads]
        except Exception:  # a user's object may raise anything
            return False
        self._reads[key] = reads
        for name in names:
            name.readers[key] = None
            self._names[name.place] = name
        return True

    def drop(self, key: K) -> None:
        """Forget the grounds of a version."""
        function = self._functions.pop(key, None)
        if function is None:
            return
        for read in self._reads.pop(key, ()):
            place = (id(function.__globals__), read)
            readers = self._names[place].readers
            readers.pop(key, None)
            if not readers:
                self._vacant.append(place)
        file = self._files.pop(key, None)
        if file is not None:
            readers = self._texts[file][1]
            readers.pop(key, None)
            if not readers:
                del self._texts[file]

    def settle(self) -> None:
        """End a look: names that nobody reads any more are looked at no longer."""
        for place in self._vacant:
            if place in self._names and not self._names[place].readers:
                del self._names[place]
        self._vacant.clear()

    def _name(self, space: dict[str, Any], read: _Read, web: Web) -> _Name[K]:
        known = self._names.get((id(space), read))
        if known is not None:
            return known
        return _Name(space, read, space.get(read[0], MISSING), _meaning(web, space, read))


def _meaning(web: Web, space: dict[str, Any], read: _Read) -> _Meaning:
    edges = named_edges(web, (read,), space)
    web.settle()
    return tuple([(label, seal(node), node.notes) for label, node in edges])
