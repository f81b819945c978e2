"""Says what differs between two code versions, part by part, with the lines that changed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from dagbook.records import dataclass
from dagbook.versions.canonical import plain_source
from dagbook.versions.changing import changed_by
from dagbook.versions.described import SECRET
from dagbook.versions.document import decode_parts
from dagbook.versions.parts import Part

# Values no longer than this are told in the sentence itself, and so many changes in one line.
_SHORT, _FEW = 32, 2
_SETTING = re.compile(r"(\w[\w. ]*) = ")
_CLASS = re.compile(r"(?:\s*@.*\n)*\s*class (\w+)")
_STEP = re.compile(r"[.\[]")
_OF_INSTANCES = ".__class__"
# How what a container or an object holds is reached from it, where that has no name of its own.
_HELD = re.compile(r"(\[\d*\]|\.pickle).*")
_DEFINED = re.compile(r"^\s*(?:async )?(?:def|class) (\w+)", re.MULTILINE)
# What a cell told a package last, or told it of something that has a name.
_TOLD = re.compile(r"([\w.]+)\.(?:last|['\"].*)")
_VARIABLE = re.compile(r"os\.environ\['(.*)'\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One part that is not what it was.

    Attributes:
        name: "body", or how the code reaches the part.
        kind: whether it was changed, or joined or left what the code reaches.
        old: the part as it was; None where it is new.
        new: the part as it is; None where it is gone.
        by: the part whose code changes this in place, "body" for the body; empty where none does.
    """

    name: str
    kind: Literal["changed", "added", "removed"]
    old: Part | None
    new: Part | None
    by: str = ""

    @property
    def place(self) -> str:
        """Where the part stands now, or stood."""
        part = self.new or self.old
        return part.place if part is not None else ""

    @property
    def diff(self) -> str:
        """A unified diff of the normalised text; empty where the sentence or no text tells more."""
        if _values(self) or _VARIABLE.search(self.name) or _is_set(self):
            return ""
        if self.name != "body" and (self.new is None or self.new.kind in ("missing", "untracked")):
            return ""  # nobody asks for the lines of what counts no longer
        lines = difflib.unified_diff(
            _lines(self.old), _lines(self.new), "before", "now", lineterm=""
        )
        return "\n".join(lines)

    def __str__(self) -> str:
        if self.name == "body":
            return f"the body {_VERBS[self.kind]}"
        part = self.new or self.old
        if part is None:
            return ""
        if _is_setting(part):
            return ", ".join(_settings(self))
        if part.kind == "missing":
            return f"`{self.name}` {'is not defined' if self.new else _VERBS['removed']}"
        if part.kind == "untracked" and self.new is not None:
            return f"`{self.name}` can't be tracked: {part.reason or part.text}"
        who = "the body" if self.by == "body" else f"`{self.by}`"
        itself = f", which {who} itself changes" if self.by else ""
        return f"{_subject(self.name, part)} {_verb(self)}{itself}"


_VERBS = {"changed": "changed", "added": "is new", "removed": "is no longer read"}
_OF_VARIABLES = {"set": "is set now", "not set": "is not set any more"}


def _verb(change: Change) -> str:
    """What happened to it, with both values where these are short."""
    old, new = change.old, change.new
    if _VARIABLE.search(change.name) and old is not None and new is not None:
        return _OF_VARIABLES[new.text] if old.text != new.text else _VERBS["changed"]
    if old is not None and old.kind == "body" and new is not None and new.kind == "code":
        none = new.text.startswith("function ")
        return "changed, and has no source" if none else "changed in its file"
    if old is not None and old.kind == "code" and new is not None and old.text == new.text:
        return "is loaded anew"
    values = _values(change)
    return f"{_VERBS[change.kind]}: {values}" if values else _VERBS[change.kind]


def _values(change: Change) -> str:
    """What a number or a short text was and is; empty where that can't be told in a line."""
    found = [part for part in (change.old, change.new) if part is not None]
    texts = [part.text.removeprefix(f"{change.name} ") for part in found]
    told = len(texts) > len(set(texts)) or _VARIABLE.search(change.name)
    if change.new is None or told or SECRET in texts:
        return ""
    both = {part.kind for part in found} in ({"content"}, {"package"})
    short = all("\n" not in text and len(text) <= _SHORT for text in texts)
    return " → ".join(texts) if both and short else ""


def _subject(name: str, part: Part) -> str:
    """What it is and how it is called: the constant `LIMIT`, the function `clean`."""
    if variable := _VARIABLE.search(name):
        return f"environment variable `{variable[1]}`"
    if part.kind in ("asset", "package"):
        return f"{part.kind} `{name}`"
    if part.kind in ("body", "code"):
        if name.startswith("op ") or part.text.startswith("op\n"):
            return f"op `{name.removeprefix('op ')}`"
        kind = "class" if _CLASS.match(part.text) else "function"
        own, holder = _DEFINED.search(part.text), _HELD.sub("", name)
        if holder == name or own is None:
            return f"{kind} `{name}`"
        return f"{kind} `{own[1]}` in `{holder}`"
    if told := _TOLD.fullmatch(name):
        return f"what `{told[1]}` was told"
    if name.endswith("="):
        holder, _, parameter = name[:-1].rpartition(".")
        of = "" if holder == "body" else f" in `{holder.removeprefix('op ')}`"
        return f"default of `{parameter}`{of}"
    plain = _HELD.sub("", name.removeprefix("body."))
    return f"{'constant' if plain.rpartition('.')[2].isupper() else 'variable'} `{plain}`"


def _is_setting(part: Part) -> bool:
    """Whether it is what a library is set to, whose text no value has."""
    text = part.text
    return part.kind == "content" and (text == "changed" or _SETTING.match(text) is not None)


def _is_set(change: Change) -> bool:
    return any(part is not None and _is_setting(part) for part in (change.old, change.new))


def _settings(change: Change) -> Iterable[str]:
    """What was set, set back, or set otherwise, each by its own name."""
    old, new = (_set_in(part) for part in (change.old, change.new))
    library = change.name.partition(".")[0]
    differing = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    if " " in change.name or not differing:
        yield f"{change.name} {_VERBS['changed']}"
        return
    for name in differing:
        option = f"option `{library} {name}`"
        if name not in new:
            yield f"{option} is as it came again"
        elif name not in old:
            yield f"{option} is set to {new[name]}"
        else:
            yield f"{option} changed: {old[name]} → {new[name]}"


def _set_in(part: Part | None) -> dict[str, str]:
    """The values by their names, from the text that tells them."""
    # Each name and its value, after what stands before the first.
    pieces = _SETTING.split(part.text if part is not None else "")[1:]
    return {name: said.rstrip(", ") for name, said in zip(pieces[::2], pieces[1::2], strict=True)}


def _lines(part: Part | None) -> list[str]:
    """The text of a part; that of a name that nothing has is the name alone."""
    if part is None or part.kind == "missing":
        return []
    if part.text.startswith("sql\n"):
        return _query_lines(part.text)
    plain = plain_source(part.text) if part.kind in ("body", "code") else None
    return (plain or part.text).splitlines()


def _query_lines(text: str) -> list[str]:
    """A query as it would be written neatly, with what its readers get where that is no default."""
    import sqlglot

    _, *lines = text.splitlines()
    form = lines.pop() if lines and lines[-1] in _FORMS else "pandas"
    try:
        shown = sqlglot.parse_one("\n".join(lines), read="duckdb").sql("duckdb", pretty=True)
    except sqlglot.errors.SqlglotError:
        shown = "\n".join(lines)
    return [*shown.splitlines(), *([] if form == "pandas" else [f"/* as {form} */"])]


_FORMS = ("pandas", "polars", "arrow", "relation")


def changed_words(document: bytes | None, now: tuple[Part, ...]) -> str:
    """What changed, for a badge or a cell of a table: what follows from another change is left out.

    `document` is what was kept of the earlier version, None where nothing was.

    >>> from dagbook.versions.document import encode_parts
    >>> was, now = (Part("LIMIT", "content", text, text) for text in ("10", "20"))
    >>> changed_words(encode_parts([was]), (now,))
    'constant LIMIT changed: 10 → 20'
    """
    every = explain(decode_parts(document), now) if document is not None else ()
    found = [one for one in every if one.kind == "changed" or _is_set(one)] or every
    told = ["code changed" if one.name == "body" else str(one).replace("`", "") for one in found]
    more = [f"{len(told) - _FEW} more"] if len(told) > _FEW else []
    return ", ".join([*told[:_FEW], *more]) or "code changed"


def explain(old: tuple[Part, ...], new: tuple[Part, ...]) -> tuple[Change, ...]:
    """What differs between the parts of two code versions.

    Args:
        old: the parts of the version that was recorded.
        new: the parts of the version as it is now.

    Returns:
        The changes, the body first, then by name; packages only where nothing else differs.

    Example:
        >>> was = (Part("body", "body", "1f", "return 1"),)
        >>> now = (Part("body", "body", "2e", "return 2"),)
        >>> print(explain(was, now)[0])
        the body changed
    """
    return _differing(old, new, package=False) or _differing(old, new, package=True)


def _differing(
    old: tuple[Part, ...], new: tuple[Part, ...], *, package: bool
) -> tuple[Change, ...]:
    before, after = _by_name(old, package=package), _by_name(new, package=package)
    if package and not before:
        return ()  # nothing was kept of them
    changes = []
    for name in sorted(before.keys() | after.keys(), key=lambda name: (name != "body", name)):
        was, now = before.get(name, []), after.get(name, [])
        gone = [part for part in was if not _among(part, now)]
        come = [part for part in now if not _among(part, was)]
        changes += _paired(name, gone, come, new)
    named = {change.name for change in changes} - {"body"}
    apart = [one for one in changes if one.kind == "changed" or not _holders(one.name) & named]
    return tuple(_by_class(apart, (*old, *new)))


def _holders(name: str) -> set[str]:
    """All by which something is reached: what comes and goes with one of these is not told apart."""
    return {name[: found.start()] for found in _STEP.finditer(name)}


def _by_class(changes: list[Change], parts: tuple[Part, ...]) -> Iterator[Change]:
    """Members of a class by the name of that, where its own lines do not show what changed."""
    classes = {part.name: found[1] for part in parts if (found := _CLASS.match(part.text))}
    told = {change.name for change in changes if change.name in classes and change.diff}
    for change in changes:
        holder = next((name for name in classes if change.name.startswith(f"{name}.")), None)
        if holder is None and change.name.endswith(_OF_INSTANCES):
            yield replace(change, name=classes.get(change.name, change.name))
        elif holder is None:
            yield change
        elif holder not in told:
            plain = classes[holder] if holder.endswith(_OF_INSTANCES) else holder
            yield replace(change, name=plain + change.name[len(holder) :])


def _by_name(parts: tuple[Part, ...], *, package: bool) -> dict[str, list[Part]]:
    """The packages by their root, or all else by the name that it is reached by."""
    found: dict[str, list[Part]] = {}
    for part in parts:
        if (part.kind == "package") == package:
            found.setdefault(part.name.partition(":")[0] if package else part.name, []).append(part)
    return found


def _among(part: Part, others: list[Part]) -> bool:
    return any(part.digest == other.digest and part.kind == other.kind for other in others)


def _paired(name: str, gone: list[Part], come: list[Part], parts: tuple[Part, ...]) -> list[Change]:
    held = [part for part in (*gone, *come) if part.kind in ("content", "weak")]
    by = changed_by(name, parts) if gone and come and held else ""
    pairs = [
        Change(name=name, kind="changed", old=was, new=now, by=by)
        for was, now in zip(gone, come, strict=False)
    ]
    pairs += [Change(name=name, kind="removed", old=was, new=None) for was in gone[len(come) :]]
    pairs += [Change(name=name, kind="added", old=None, new=now) for now in come[len(gone) :]]
    return pairs
