"""What a run opened, and the names under which its record keeps that beside the declared files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.graph.nodes import AssetNode
from dagbook.io.stamps import Stamp
from dagbook.records import dataclass
from dagbook.versions.code import CodeVersion

AnyKey = AssetKey | AssetCheckKey
FETCHED = "fetched "
# What may read anything without being seen: another program, another process.
UNSEEN = "unseen "
# A database of the user's, of which tables were read.
DATABASE = "database "
ENVIRON = "environ "
# Every variable of the environment, and one that is not set.
ALL, UNSET = "*", "\0unset"
# Stands among the variables of the environment for the time zone of the machine.
ZONE = "time zone"
# Stands there for the working folder, from which relative paths lead.
FOLDER = "working folder"
# Begin the names that stand there for what cells have made in the memory of DuckDB.
IN_DATABASE = "DuckDB "
IN_FOLDER = ENVIRON + FOLDER
_FILES = ("opened ", "listed ", "globbed ", "exists ", "looked ", "stamped ", "linked ", "entries ")
_SAID = {
    "file": "{}",
    "opened": "{}",
    "listed": "what is in {}",
    "globbed": "the files {}",
    "exists": "whether {} is there",
    "looked": "the times of {}",
    "stamped": "all that is known of {}",
    "linked": "the link {}",
    "entries": "the entries of {}",
}
_OBSERVED = (*_FILES, FETCHED, UNSEEN, DATABASE, ENVIRON)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was `opened`, a folder that was `listed`, a pattern that was `globbed`, what was
    only asked for whether it `exists`, what was `looked` at for its times or `stamped` by all that is
    known of it, where a path is `linked` to, a folder of which more than the names of the `entries`
    was asked, what was `fetched` from a network, a `database` of which tables were read, a variable
    of the environment (`environ`), or what may have read anything `unseen`.

    `stamp` is what the file looked like just before, None where there was none; `names` digests
    what a folder held, or is the value of a variable; `folder` is the working folder, where the
    path was given as one that leads from there.
    """

    path: str
    kind: str
    stamp: Stamp | None = None
    names: str = ""
    folder: str = ""


def file_words(name: str) -> str:
    """What is watched of a file or folder, by the name under which a record has it.

    >>> file_words("opened a.csv"), file_words("exists b.csv"), file_words("database x.db")
    ('a.csv', 'whether b.csv is there', 'database x.db')
    """
    how, _, path = name.partition(" ")
    return _SAID[how].format(path) if how in _SAID else name


def environment_words(name: str) -> str:
    """What the name of something in the environment stands for.

    >>> environment_words("HOME"), environment_words("time zone"), environment_words("*")
    ('environment variable HOME', 'the time zone', 'the environment')
    """
    whole = {ALL: "the environment", ZONE: f"the {ZONE}", FOLDER: f"the {FOLDER}"}
    return whole.get(name, name if name.startswith(IN_DATABASE) else f"environment variable {name}")


def is_observed(name: str) -> bool:
    """Whether a name among the others of a record is that of something that a step opened."""
    return name.startswith(_OBSERVED)


def is_untracked(name: str) -> bool:
    """Whether it came from where changes can't be seen.

    >>> is_untracked("fetched https://example.org/rates.csv")
    True
    """
    return name.startswith((FETCHED, UNSEEN))


def unseen_in(names: Iterable[str]) -> tuple[str, ...]:
    """What of the others of a record may have read anything without being seen.

    >>> unseen_in(["opened data.csv", "unseen program wc data.csv"])
    ('program wc data.csv',)
    """
    return tuple([name.removeprefix(UNSEEN) for name in names if name.startswith(UNSEEN)])


def watch_of(node: AssetNode, code: Mapping[AnyKey, CodeVersion]) -> str:
    """Under which name it is kept what the runs of an asset's code opened.

    A declared version says nothing of the code, so that it is the asset's own.
    """
    declared = node.spec.code_version
    return code[node.key].digest if declared is None else f"{node.key} {declared}"
