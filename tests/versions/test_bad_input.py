"""Values that cannot be read: a sentence, never an exception and never a false fresh."""

from __future__ import annotations

from functools import partial

import pytest

from dagbook.versions.code import Evaluation
from tests.versions.cells import run_cells, version_in, version_of

RAISING = """
class Raising:
    def __reduce__(self): raise RuntimeError("no")
    def __eq__(self, other): raise RuntimeError("no")
    def __hash__(self): raise RuntimeError("no")
    def __repr__(self): raise RuntimeError("no")
    def __getattr__(self, name): raise RuntimeError(name)
    def __len__(self): raise RuntimeError("no")
"""


def test_a_text_that_names_itself_ends() -> None:
    """As an expression for pandas would name a variable."""
    assert version_of("TEXT = 'see @TEXT'\ndef body(x): return x.query(TEXT)").tracked


@pytest.mark.parametrize(
    "made",
    ["Raising()", "[Raising()]", "{'a': Raising()}", "(Raising(), {1, 2})", "Raising"],
)
def test_an_object_that_raises_is_read_past_its_own_code(made: str) -> None:
    """The class and the attributes count; none of the object's methods is called."""
    source = f"{RAISING}\nvalue = {made}\ndef body(x): return value"

    assert version_of(source).tracked
    assert version_of(source).digest == version_of(source).digest
    changed = source.replace('"no"', '"none"')
    assert version_of(changed).digest != version_of(source).digest


@pytest.mark.parametrize(
    "made",
    [
        "import threading; value = threading.Lock()",
        "value = (i for i in [1])",
        "import socket; value = socket.socket(); value.close()",
        "import sys; value = sys._getframe()",
        "import threading; value = [threading.Lock()]",
    ],
)
def test_what_has_no_content_is_untracked_with_a_sentence(made: str) -> None:
    """Without content or provenance the asset always runs, and says why."""
    version = version_of(f"{made}\ndef body(x): return value")

    assert not version.tracked
    assert "`value`" in version.untracked[0] or "runs every time" in version.untracked[0]
    assert "untracked" in {part.kind for part in version.parts}


def told(text: str, name: str, value: object) -> str:
    """A provenance that knows one text for every name."""
    return text


def test_provenance_stands_in_for_content() -> None:
    """The code that bound a name is weaker than its content and better than nothing."""
    space = run_cells("import threading\nlock = threading.Lock()\ndef body(x): return lock")
    seen = {
        text: Evaluation(
            lambda name: False,
            provenance=partial(told, text),
        ).code_version(space["body"])
        for text in ("lock = threading.Lock()", "lock = None or threading.Lock()")
    }

    first, second = seen.values()
    assert first.tracked
    assert first.weak
    assert first.digest != second.digest


@pytest.mark.parametrize(
    "body",
    [
        "def body(x): return eval('RATE')",
        "def body(x): return globals()['RATE']",
        "def body(x): exec('y = RATE')",
        "def body(x): return [__import__('os') for _ in x]",
        "def helper(): return eval('1')\ndef body(x): return helper()",
    ],
)
def test_code_that_may_read_anything_is_untracked(body: str) -> None:
    """A body that can reach what no list shows is never taken for fresh."""
    version = version_of(body)

    assert not version.tracked
    assert "may" in version.untracked[0]


def test_an_own_function_named_eval_is_an_ordinary_helper() -> None:
    """The sentence is about the builtin, not about the name."""
    assert version_of("def eval(x): return x\ndef body(x): return eval(x)").tracked


@pytest.mark.parametrize(
    "made",
    [
        "value = []; value.append(value)",
        "value = {}; value['a'] = value",
        "value = [1]; value.append((value, [value]))",
        "value = lambda: value",
        "class N: pass\nvalue = N(); value.next = value",
        "import types; value = types.SimpleNamespace(); value.self = value",
        "import functools\nvalue = [0]; value[0] = functools.partial(print, value)",
    ],
)
def test_a_value_that_holds_itself_is_read_once(made: str) -> None:
    """Rings end, and give the same version every time."""
    source = f"{made}\ndef body(x): return value"

    assert version_of(source).tracked
    assert version_of(source).digest == version_of(source).digest


def test_rings_of_other_length_differ() -> None:
    """A list that holds itself is not a list that holds a list that holds it."""
    one = version_of("value = []; value.append(value)\ndef body(x): return value")
    two = version_of("value = [[]]; value[0].append(value)\ndef body(x): return value")

    assert one.digest != two.digest


def test_values_nested_too_deeply_do_not_raise() -> None:
    """What exhausts the stack is untracked or weak."""
    version = version_of(
        "value = []\nfor _ in range(100_000): value = [value]\ndef body(x): return value"
    )

    assert not version.tracked or version.weak


def test_long_chains_of_helpers_do_not_nest() -> None:
    """A thousand helpers that call one another are followed to the end."""
    chain = "\n".join(f"def f{n}(x): return f{n + 1}(x)" for n in range(3000))
    ends = [f"{chain}\ndef f3000(x): return {n}\ndef body(x): return f0(x)" for n in (1, 2)]

    assert version_of(ends[0]).digest != version_of(ends[1]).digest


def test_shared_parts_are_read_once() -> None:
    """A value whose parts are shared many times over takes no time that grows with the copies."""
    made = "value = []\nfor _ in range(200): value = [value, value]\ndef body(x): return value"

    assert not version_of(made).tracked or version_of(made).digest == version_of(made).digest


def test_a_function_without_source_counts_by_its_code_and_is_weak() -> None:
    """Bytecode stands in for the source, and the version says so."""
    space: dict[str, object] = {"__name__": "__main__"}
    exec("def body(x): return x + 1", space)
    first = version_in(space)
    exec("def body(x): return x + 2", space)

    assert "no source" in first.weak[0]
    assert version_in(space).digest != first.digest


def test_secrets_are_told_apart_and_never_shown() -> None:
    """A constant with the name of a secret, or the look of one, leaves only a salted hash."""
    source = "API_TOKEN = 'abc'\nURL = 'db://me:abc@host'\ndef body(x): return API_TOKEN, URL"
    version = version_of(source)
    salted = Evaluation(lambda name: False, salt=b"other").code_version(run_cells(source)["body"])

    assert not any("abc" in part.text for part in version.parts[1:])
    assert salted.digest != version.digest
