"""The canonical form of syntax trees."""

from __future__ import annotations

import ast
import hashlib
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from dagbook.versions import canonical as module
from dagbook.versions.canonical import canonical, normalised_text, plain_source
from tests.versions.pythons import other_pythons
from tests.versions.snippets import ALIKE, SNIPPETS

_SCRIPT = """
import ast, hashlib, importlib.util, sys
spec = importlib.util.spec_from_file_location("canonical", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
for text in open(sys.argv[2], encoding="utf-8").read().split("\\0"):
    tree = ast.parse(text)
    print(hashlib.sha256(module.canonical(tree)).hexdigest())
"""


def test_snippets_are_written_alike_by_every_python(tmp_path: Path) -> None:
    """All supported Pythons of this machine, under any hash seed, give equal bytes."""
    texts = tmp_path / "texts"
    texts.write_text("\0".join(SNIPPETS + ALIKE), encoding="utf-8")
    here = [hashlib.sha256(canonical(ast.parse(text))).hexdigest() for text in SNIPPETS + ALIKE]

    for seed, python in enumerate([sys.executable, *other_pythons()]):
        command = [python, "-W", "ignore", "-c", _SCRIPT, str(module.__file__), str(texts)]
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.split() == here, python


@pytest.mark.parametrize("text", SNIPPETS)
def test_printing_a_tree_and_parsing_it_again_changes_nothing(text: str) -> None:
    """The canonical form does not see how the code was laid out."""
    tree = ast.parse(text)

    assert canonical(ast.parse(ast.unparse(tree))) == canonical(tree)


def test_all_snippets_differ() -> None:
    """No two pieces of different code have one form."""
    assert len({canonical(ast.parse(text)) for text in SNIPPETS}) == len(SNIPPETS)


@pytest.mark.parametrize("text", ALIKE)
def test_other_spellings_are_written_alike(text: str) -> None:
    """Empty pieces and formats of f-strings, and parentheses, say nothing."""
    assert canonical(ast.parse(text)) == canonical(ast.parse(SNIPPETS[0]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("f(a, b)", "f(a)(b)"),
        ("[a], b", "[a, b]"),
        ("{**a}", "{a: a}"),
        ("x = 'a', 'b'", "x = 'a,', 'b'"),
        ("global a, b", "global ab"),
        ("if a:\n    b\nc", "if a:\n    b\n    c"),
        ("for a in b:\n    c\nelse:\n    d", "for a in b:\n    c\n    d"),
        ("a[1:2]", "a[1:2:None]"),
        ("def f(a, /): 1", "def f(a): 1"),
        ("import a.b", "import a"),
        ("x = ''", "x = b''"),
        ("from . import a", "from .. import a"),
    ],
)
def test_neighbours_differ(one: str, other: str) -> None:
    """Code that looks much alike and is not the same has different forms."""
    assert canonical(ast.parse(one)) != canonical(ast.parse(other))


def test_the_last_string_of_a_cell_counts_where_it_is_the_value() -> None:
    """A bare string is no docstring where the last expression is the value of a cell."""
    one, other = ast.parse("x = 1\n'a'"), ast.parse("x = 1\n'b'")

    assert canonical(one) == canonical(other)
    assert canonical(one, keep_last=True) != canonical(other, keep_last=True)


def test_long_chains_are_written_without_nesting() -> None:
    """An expression as deep as the parser allows does not exhaust the stack."""
    tree = ast.parse(" + ".join(["a"] * 900))

    assert canonical(tree).count(b"BinOp(") == 899


def test_the_normalised_text_has_no_comments_and_docstrings() -> None:
    """What people compare shows only what counts."""
    tree = ast.parse("def f(x):\n    'Doc.'\n    # why\n    return   x")

    assert normalised_text(tree) == "def f(x):\n    return x"
    assert ast.get_docstring(tree.body[0]) == "Doc."  # type: ignore[arg-type]


@pytest.mark.parametrize("text", SNIPPETS)
def test_a_text_is_made_plain_as_its_tree_is(text: str) -> None:
    """Wherever it stands, and where it was made plain before, as older stores keep it."""
    plain = normalised_text(ast.parse(text))

    assert plain_source(text) == plain
    assert plain_source(plain) == plain
    if "\n" not in text:
        assert plain_source(textwrap.indent(text, "    ")) == plain


@pytest.mark.parametrize("text", ["select 1", "def f(x):\n    return (x", "    x\n  y", "'\0'"])
def test_what_is_no_python_is_not_made_plain(text: str) -> None:
    """A query, or the beginning of a long text, says so."""
    assert plain_source(text) is None
