"""Pages that are broken, or made to break something: told with line and column, or rendered."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from dagbook.errors.render import PageSyntaxError, UnreadablePage
from dagbook.tutorials.options import PageOptions
from dagbook.tutorials.rendering import render_page
from tests.tutorials.pages import cells


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("x\n\n<Tabs>\ny", 3, 0),
        ("<Tabs>\n  <TabItem>\n</Tabs>", 2, 2),
        ("<Note>a\n\n<Tip>b</Tip>", 1, 0),
        ("x\n\n</Tabs>", 3, 0),
        ('x\n\n<CodeExample path="a.py"\n\ny', 3, 0),
        ("<CodeExample\n  path='a\n/>", 2, 7),
        ("<Code lines={[1, 2 />", 1, 12),
        (":::tip\nx", 1, 0),
        ("::::tip\nx\n:::", 3, 0),
        ("x\n\n:::\n", 3, 0),
        ("x\n\n///\n", 3, 0),
        ("/// tip\nx", 1, 0),
        ("/// tip\nx\n:::", 3, 0),
        ("//// tip\n/// note\nx\n////", 2, 0),
        (":::tip\n<Tabs>\n:::\n</Tabs>", 2, 0),
        ("- <Tabs>\n\n</Tabs>", 1, 2),
        ("x\n\n{/* y\n", 3, 0),
        ("---\na: [\n---\n", 3, 0),
        ("<details>\n<summary>a</summary>", 1, 0),
        ("```{tip}\nx\n<Tabs>\n```", 3, 0),
    ],
)
def test_what_is_not_closed_is_told_with_line_and_column(text: str, line: int, column: int) -> None:
    """At what was opened and stays open, in the lines of the page itself."""
    with pytest.raises(PageSyntaxError) as error:
        cells(text)
    assert (error.value.place.line, error.value.place.column) == (line, column)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join([f"{':' * (2_003 - depth)}tip" for depth in range(2_000)]),
        ":::tip\n" * 2_000,
        "<Note>\n" * 5_000,
        ">" * 5_000 + " x",
        "".join(f"{'  ' * depth}- x\n" for depth in range(500)),
        '!!! note "x"\n' + "".join(f"{'    ' * depth}!!! note 'x'\n" for depth in range(1, 300)),
    ],
)
def test_what_is_nested_too_deeply_is_refused(text: str) -> None:
    """With its place, rather than by the end of Python's stack, or by leaving text out."""
    with pytest.raises(PageSyntaxError, match="nested deeper"):
        cells(text)


@pytest.mark.parametrize(
    "part",
    [
        "# A\n\nWords [a](b.md) `c`.\n\n```python\nx = 1\n```\n\n",
        "<Tip>a</Tip>\n\n",
        "| a | b |\n|---|---|\n| [x](y) | z |\n\n",
        "- a\n- b\n\n",
        "x",
        "[",
        "<A ",
        "{/*",
        "*a ",
        "![a](",
        "`",
        "&amp;",
    ],
)
def test_repetition_costs_time_by_its_length_only(part: str) -> None:
    """Rendered or refused."""
    begin = time.monotonic()
    try:
        assert cells(part * (100_000 // len(part)))
    except PageSyntaxError as error:
        line = error.place.line
    else:
        line = 1
    assert line == 1
    assert time.monotonic() - begin < 30


def test_a_page_of_ten_megabytes_is_rendered() -> None:
    """All of it."""
    part = f"# A\n\n{'Words [a](b.md) and `code`. ' * 100}\n\n```python\nx = 1\n```\n\n"
    count = 10_000_000 // len(part)
    assert len(cells(part * count)) == 2 * count


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "---\n---\n",
        "---\n",
        "```",
        "<",
        "<a",
        "{",
        "[",
        "![",
        "| |\n|-|",
        "\ufeff# a",
        "\r\n\r",
        "\0",
    ],
)
def test_small_and_strange_pages_are_rendered(text: str) -> None:
    """Whatever they are."""
    cells(text)


def test_a_file_that_is_no_page_is_told(tmp_path: Path) -> None:
    """A missing one, a folder, bytes."""
    (tmp_path / "bytes.md").write_bytes(b"\xff\xfe\x00")
    for name in ("none.md", ".", "bytes.md"):
        with pytest.raises(UnreadablePage):
            render_page(tmp_path / name, PageOptions())
