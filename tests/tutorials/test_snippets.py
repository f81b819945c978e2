"""Components that name code: what is read, and what never is."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from dagbook.errors.render import SnippetMissing, SnippetOutside
from tests.tutorials.pages import cells, code

FILE = "import os\n\n# begin\ndef a():\n    # deep\n    return 1\n# end\nb = 2\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder of snippets, with a secret beside it."""
    (tmp_path / "secret.py").write_text("SECRET = 1")
    folder = tmp_path / "snippets"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.py").write_text(FILE)
    (folder / "deep" / "run.sh").write_text("ls -l\n")
    (folder / "loop").symlink_to("loop")
    (folder / "leak.py").symlink_to(tmp_path / "secret.py")
    return folder


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('path="a.py"', FILE.strip()),
        (
            "filePath='a.py' startAfter='begin' endBefore='end'",
            "def a():\n    # deep\n    return 1",
        ),
        ('path="a.py" lineStart={8} lineEnd="8"', "b = 2"),
        ('path={"a.py"} language="python" lineStart="8"', "b = 2"),
    ],
)
def test_a_part_of_a_file_becomes_a_cell(root: Path, attributes: str, expected: str) -> None:
    """Between markers or lines, without the indentation that all of it has."""
    assert code(f"<CodeExample {attributes} />", snippets=(root,)) == [expected]


def test_a_part_brings_the_imports_that_it_needs(root: Path) -> None:
    """Once, in a cell above it, and none that it does not need."""
    (root / "b.py").write_text("import os, sys\nfrom a import b as c\n# 1\nc(sys)\n# 2\nsys.x\n")
    part = '<CodeExample path="b.py" startAfter="# {}" />\n\n'
    found = code(part.format(1) + part.format(2), snippets=(root,))
    assert found == ["import sys\nfrom a import b as c", "c(sys)\n# 2\nsys.x", "sys.x"]


LAYERS = """import os
SIZE = 2
def inner():
    return SIZE
def outer():
    return inner()
UNUSED = 1
# begin
outer()
# middle
def f(session):
    # within
    session.add(SIZE)
    # end
    print(SIZE)
"""


def test_a_part_brings_the_definitions_above_it_that_it_needs(root: Path) -> None:
    """And what those need, once, in the order of the file."""
    (root / "b.py").write_text(LAYERS)
    part = '<CodeExample path="b.py" startAfter="# begin" endBefore="# middle" />\n\n'
    first, *rest = code(part + part, snippets=(root,))
    defined = ["SIZE = 2", "def inner():\n    return SIZE", "def outer():\n    return inner()"]
    assert first == "\n\n".join(defined)
    assert rest == ["outer()", "outer()"]


def test_a_part_of_a_function_that_needs_more_of_it_stays_text(root: Path) -> None:
    """It can't run by itself; where it needs nothing of the function it does."""
    (root / "b.py").write_text(LAYERS)
    part = '<CodeExample path="b.py" startAfter="# within" endBefore="# end" />'
    (cell,) = cells(part, snippets=(root,))
    assert (cell.kind, cell.text) == ("markdown", "```python\nsession.add(SIZE)\n```")
    rest = '<CodeExample path="b.py" startAfter="# end" />'
    assert code(rest, snippets=(root,)) == ["SIZE = 2", "print(SIZE)"]


def test_a_class_that_is_shown_again_is_not_made_again(root: Path) -> None:
    """A table, for instance, can be declared once; one of other words is made."""
    klass = "class Hero:\n    name: str"
    (root / "b.py").write_text(f"{klass}\n# 1\nHero()\n")
    (root / "c.py").write_text("class Hero:\n    age: int\n")
    page = "".join(f'<CodeExample path="{name}.py" />\n\n' for name in "bbcb")
    whole = f"{klass}\n# 1\nHero()"
    assert code(page, snippets=(root,)) == [
        whole,
        "# 1\nHero()",
        "class Hero:\n    age: int",
        whole,
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (":start-after: begin\n:end-before: end", ["def a():\n    # deep\n    return 1"]),
        (":language: python\n:lines: 4-6,8", ["def a():\n    # deep\n    return 1\nb = 2"]),
        (":lines: 8", ["b = 2"]),
        ("", [FILE.strip()]),
    ],
)
def test_myst_includes_code(root: Path, options: str, expected: list[str]) -> None:
    """By lines or between markers, as its `literalinclude` says."""
    page = f"```{{literalinclude}} ../a.py\n{options}\n```"
    assert code(page, snippets=(root,)) == expected


@pytest.mark.parametrize("indent", ["", "    "])
def test_a_part_of_a_file_of_equal_lines_is_found_soon(root: Path, indent: str) -> None:
    """The time grows with the file, not with its square."""
    body = f"{indent}x = 1\n" * 8_000
    (root / "b.py").write_text(f"def f():\n{body}" if indent else body)
    begun = time.process_time()
    assert code('<CodeExample path="b.py" lineStart="4000" />', snippets=(root,))
    assert time.process_time() - begun < 5


def test_no_lines_are_asked_for_by_line_0(root: Path) -> None:
    """As some sites do, who then show the name of the file alone."""
    assert code("{* a.py ln[0] *}", snippets=(root,)) == []


def test_a_path_that_climbs_ends_in_the_folder(root: Path) -> None:
    """Sites name code from the page's own place, or from that of the site."""
    page = "{* ../../deep/../a.py ln[8] *}\n\n{* ./../a.py ln[8] *}"
    assert code(page, snippets=(root,)) == ["b = 2", "b = 2"]


def test_the_title_stands_above(root: Path) -> None:
    """As a line of its own."""
    found = cells('<CodeExample\n  path="a.py"\n  title="src/a.py"\n/>', snippets=(root,))
    assert found[0].text == "**`src/a.py`**"


def test_the_language_is_told_by_the_ending(root: Path) -> None:
    """A shell script is no Python."""
    (cell,) = cells('<CodeExample path="deep/run.sh" />', snippets=(root,))
    assert cell.text == "```bash\nls -l\n```"


def test_scissors_include_a_section(root: Path) -> None:
    """As MkDocs writes it."""
    marked = "x\n# --8<-- [start:s]\nimport a\n# --8<-- [end:s]\ny\n"
    (root / "marked.py").write_text(marked)
    assert code('```python\n--8<-- "marked.py:s"\n```', snippets=(root,)) == ["import a"]
    assert code("{{code_block('marked','s')}}", snippets=(root,)) == ["import a"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!--@@@DLT_SNIPPET ./m.py::s-->", ["code import a"]),
        ("Before:\n<!--@@@DLT_SNIPPET m.py::longer-->", ["markdown Before:", "code import b"]),
        ("<!--@@@DLT_SNIPPET ./deep/run.sh-->", ["markdown ```bash\nls -l\n```"]),
        ('--8<-- "m.py:s"', ["code import a"]),
        ('--8<-- "m.py:s"\n--8<-- "note.md"', ["code import a", "markdown # A note"]),
        (
            'See:\n--8<-- "m.py:s"\nand more.',
            ["markdown See:", "code import a", "markdown and more."],
        ),
        ("--8<--\nnote.md\n; m.py\nnote.md\n--8<--", ["markdown # A note\n\n# A note"]),
        ("```python\n--8<--\nb.py\nb.py\n--8<--\n```", ["code b = 2\nb = 2"]),
        ("{!m.py[ln:2]!}\n{!b.py!}", ["code import a", "code b = 2"]),
    ],
)
def test_lines_of_text_and_comments_include(text: str, expected: list[str], root: Path) -> None:
    """A line each, in a paragraph or between scissors, as MkDocs and dlt write it."""
    start, end = "# @@@DLT_SNIPPET_START", "# @@@DLT_SNIPPET_END"
    longer = f"{start} longer\nimport b\n{end} longer\n"
    marked = "# --8<-- [start:s]\nimport a\n# --8<-- [end:s]\n"
    (root / "m.py").write_text(f"{marked}{longer}")
    (root / "b.py").write_text("b = 2\n")
    (root / "note.md").write_text("# A note\n")
    found = cells(text, name="page.md", snippets=(root,))
    assert [f"{cell.kind} {cell.text}" for cell in found] == expected


@pytest.mark.parametrize(
    "path",
    ["../secret.py", "/etc/passwd", "deep/../../secret.py", "leak.py", "..", "~/../../secret.py"],
)
def test_a_path_that_leaves_the_folder_is_refused(root: Path, path: str) -> None:
    """Also by a link, and also where what is missing may be missing."""
    with pytest.raises(SnippetOutside) as error:
        code(f'x\n\n<CodeExample path="{path}" />', snippets=(root,), allow_missing=True)
    assert (error.value.place.line, error.value.place.column) == (3, 0)


def test_the_first_folder_that_has_a_file_counts(root: Path) -> None:
    """So that a site may keep its code in several."""
    (root / "deep" / "b.py").write_text("b")
    page = '<CodeExample path="a.py" lineStart="8" />\n\n<CodeExample path="b.py" />'
    assert code(page, snippets=(root, root / "deep")) == ["b = 2", "b"]


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ('path="b.py"', "no such file"),
        ('path="a.py" startAfter="nowhere"', "'nowhere'"),
        ('path="deep"', "no such file"),
        ('path="loop"', "no such file"),
        (f'path="{"a" * 5_000}"', "no such file"),
        ('path="a.py" lineStart="99"', "no such lines"),
        (f'path="a.py" lineStart="{"9" * 5_000}"', "no such lines"),
    ],
)
def test_a_missing_snippet_is_an_error_or_a_cell_that_says_so(
    root: Path, attributes: str, words: str
) -> None:
    """The error names line and column, and what was meant."""
    page = f'<CodeExample {attributes} language="python" />'
    with pytest.raises(SnippetMissing, match=words):
        code(page, snippets=(root,))
    (cell,) = code(page, snippets=(root,), allow_missing=True)
    assert cell.startswith("# The snippet")


def test_a_typo_gets_a_suggestion(root: Path) -> None:
    """The nearest file of that folder."""
    (root / "orders.py").write_text("")
    with pytest.raises(SnippetMissing, match=r"orders\.py"):
        code('<CodeExample path="order.py" />', snippets=(root,))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```python\n{!./a.py[ln:8]!}\n```", ["b = 2"]),
        ("```{.python .annotate}\n{!a.py[ln:1-1]!}\n\n# More\n\n{!a.py[ln:8]!}\n```", None),
        ("{* a.py ln[1,8] hl[1] *}", ["import os\nb = 2"]),
        ("{* ./a.py hl[1:2] ln[8:8] *}", ["b = 2"]),
        ("{! a.py !}", [FILE.strip()]),
    ],
)
def test_braces_include_lines(root: Path, text: str, expected: list[str] | None) -> None:
    """As FastAPI and its relatives write it: with ranges of lines, within a block or alone."""
    assert code(text, snippets=(root,)) == (expected or ["import os\n\n# More\n\nb = 2"])


def test_an_included_page_is_read_as_one(root: Path) -> None:
    """Its text stands where it was asked for."""
    (root / "more.md").write_text("*More*:\n\n```python\n1\n```\n")
    assert [cell.text for cell in cells("x\n\n{!./more.md!}", snippets=(root,))] == [
        "x\n\n*More*:",
        "1",
    ]


@pytest.mark.parametrize("text", ["{!../secret.py!}", "{* ../secret.py *}"])
def test_braces_do_not_leave_the_folder(root: Path, text: str) -> None:
    """Whatever way it is asked for."""
    with pytest.raises(SnippetOutside):
        cells(text, snippets=(root,))


def test_a_link_to_code_is_no_snippet(root: Path) -> None:
    """It names a folder of the repository, which is said in its place."""
    (cell,) = cells('<CodeReferenceLink filePath="examples/x/" />', snippets=(root,))
    assert cell.text == "`examples/x/`"


def test_a_block_that_was_copied_from_a_file_brings_its_imports(root: Path) -> None:
    """The block counts as it stands in the page; a file that is not there changes nothing."""
    (root / "c.py").write_text("import os\nimport sys\n\n# begin\nos.sep\n")
    text = "```python file=/{}.py startafter=begin\nos.linesep\n```"
    assert code(text.format("c"), snippets=(root,)) == ["import os", "os.linesep"]
    assert code(text.format("gone"), snippets=(root,)) == ["os.linesep"]
    assert code(text.format("../secret"), snippets=(root,)) == ["os.linesep"]
