"""Decorated definitions as magics: where it is exact, and why else not."""

from __future__ import annotations

import pytest

from tests.tutorials.pages import code, python

IMPORTS = "import dagbook as dg\nfrom dagbook import asset, asset_check\n\n"


def converted(text: str) -> list[str]:
    """The cells of a page with this code, without those that import and load."""
    return code(python(IMPORTS + text), magics=True)[2:]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@asset\ndef a():\n    return 1", "%%asset a\nreturn 1"),
        ("@dg.asset()\ndef a(): return 1", "%%asset a\nreturn 1"),
        ("@asset\ndef a():\n    x = 1", "%%asset a\nx = 1\nreturn None"),
        ("@asset(name='b')\ndef a(): return 1", "%%asset b\nreturn 1"),
        ("@asset(key=['r', 'b'])\ndef a(): return 1", "%%asset r/b\nreturn 1"),
        ("@asset(key_prefix='r')\ndef a(): return 1", "%%asset r/a\nreturn 1"),
        ("@asset(group_name='x y')\ndef a(): return 1", '%%asset a --group "x y"\nreturn 1'),
        ("@asset(kinds={'sql'}, tags={'k': 'v'})\ndef a(): return 1", '%%asset a --kind sql --tag "k=v"\nreturn 1'),
        ("@asset(deps=['b', dg.AssetKey('c')])\ndef a(): return 1", "%%asset a --deps b c\nreturn 1"),
        ("@asset(ins={'x': dg.AssetIn('b')})\ndef a(x): return x", '%%asset a --ins "x=b"\nreturn x'),
        ("@asset\ndef a(b): return 1", "%%asset a --deps b\nreturn 1"),
        ("@asset\ndef a(context):\n    context.log.info('x')\n    return 1", "%%asset a\ncontext.log.info('x')\nreturn 1"),
        ("@asset(retry_policy=dg.RetryPolicy(max_retries=2, delay=3))\ndef a(): return 1", "%%asset a --retries 2 --delay 3\nreturn 1"),
        ("# why\n@asset  # so\ndef a():\n    'Doc.'\n    # how\n    return 1", "%%asset a\n# why\n# so\n'Doc.'\n# how\nreturn 1"),
        ("@asset\ndef a():\n    return '''x\n    y'''", "%%asset a\nreturn '''x\n    y'''"),
        ("@asset\ndef a():\n    yield dg.Output(1)", "%%asset a\nyield dg.Output(1)"),
        ("@asset_check(asset='b', blocking=True)\ndef a(b): return len(b) > 0", "%%asset_check a --asset b --blocking\nreturn len(b) > 0"),
    ],
)  # fmt: skip
def test_options_and_body_are_carried_over(text: str, expected: str) -> None:
    """Word for word, comments too."""
    assert converted(text) == [expected]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("@asset\ndef a(x: int): return x", "type"),
        ("@asset\ndef a() -> int: return 1", "type of what it returns"),
        ("@asset\ndef a() -> None: pass", "type of what it returns"),
        ("@asset\ndef a(x=1): return x", "more than names"),
        ("@asset\ndef a(**x): return x", "more than names"),
        ("@asset\nasync def a(): return 1", "asynchronous"),
        ("@asset(metadata={})\ndef a(): return 1", "`metadata`"),
        ("@asset(group_name=NAME)\ndef a(): return 1", "plain text"),
        ("@asset(description='{x}')\ndef a(): return 1", "header"),
        ("@asset\ndef a(): return a", "own name"),
        ("@asset\ndef a():\n    global x\n    return 1", "global"),
        ("@asset_check(asset='b')\ndef a(other): return True", "another name"),
        ("@asset_check(asset='b')\ndef a(b):\n    assert b", "without a verdict"),
    ],
)
def test_what_would_mean_something_else_stays_decorated(text: str, why: str) -> None:
    """With a line that says why."""
    (cell,) = converted(text)
    assert cell.startswith("# Stays decorated: ")
    assert why in cell.splitlines()[0]
    assert cell.endswith(text)


def test_a_definition_that_other_code_uses_stays_one() -> None:
    """Also through a definition that stays itself."""
    text = "@asset\ndef a(): return 1\n\n@asset(deps=[a], metadata={})\ndef b(): return 1\n"
    assert [cell.startswith("#") for cell in converted(text)] == [True, True]
    assert converted("@asset\ndef a(): return 1\n\n@asset(deps=[a])\ndef b(): return 1\n") == [
        "%%asset a\nreturn 1",
        "%%asset b --deps a\nreturn 1",
    ]


def test_a_hidden_read_of_another_asset_stays_a_definition() -> None:
    """In a cell it would have become an input."""
    first, second = converted("@asset\ndef a(): return 1\n\n@asset\ndef b(): return a()")
    assert second.startswith("# Stays decorated: it uses `a`")
    assert first.startswith("# Stays decorated: other code uses")


def test_a_comment_after_the_body_stays_with_it() -> None:
    """Where it is indented like the body."""
    text = "@a.b\ndef c():\n    1\n    # end\n\n# next\nx = 1"
    assert code(python(text), cells=True) == ["@a.b\ndef c():\n    1\n    # end", "# next\nx = 1"]


def test_what_another_library_decorates_is_left_alone() -> None:
    """Without a word."""
    assert code(python("from other import asset\n@asset\ndef a(): return 1"), magics=True)[1:] == [
        "@asset\ndef a(): return 1"
    ]


def test_each_decorated_definition_gets_a_cell() -> None:
    """Comments above go with it."""
    text = "import a\n\n# c\n@a.b\ndef c(): ...\nx = 1\n\n@d\nclass E: ..."
    assert code(python(text), cells=True) == [
        "import a",
        "# c\n@a.b\ndef c(): ...",
        "x = 1",
        "@d\nclass E: ...",
    ]
