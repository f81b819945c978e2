"""Blocks of code as cells, wherever in a page they stand."""

from __future__ import annotations

import pytest

from tests.tutorials.pages import cells, code, markdown, python


@pytest.mark.parametrize(
    "text",
    [
        "```python\nx = 1\n```",
        '```py title="a.py" {1,2}\nx = 1\n```',
        "~~~~ python\nx = 1\n~~~~",
        "```{code-block} python\n:linenos:\n\nx = 1\n```",
        "```{code-cell}\nx = 1\n```",
        "```{jupyter-execute}\nx = 1\n```",
        "``` {.python .annotate}\nx = 1\n```",
        "- a\n\n  ```python\n  x = 1\n  ```",
        ":::tip\n```python\nx = 1\n```\n:::",
        "<Tip>\n  ```python\n  x = 1\n  ```\n</Tip>",
        "> ```python\n> x = 1\n> ```",
        "```pycon\n>>> x = 1\n1\n```",
        "```python\n# highlight-next-line\nx = 1\n```",
        "```python\n>>> x = 1\n```",
    ],
)
def test_python_becomes_a_cell(text: str) -> None:
    """Without prompts and what they printed, and without indentation."""
    assert code(text) == ["x = 1"]


@pytest.mark.parametrize(
    "options",
    [":tags: [parameters, hide-input]", "---\ntags: [parameters, hide-input]\n---"]
    + ["---\ntags:\n  - parameters\n  - hide-input\n---"],
)
def test_a_myst_cell_keeps_its_tags(options: str) -> None:
    """`dagbook run -p` asks for the cell that is tagged `parameters`."""
    (found,) = cells(f"```{{code-cell}}\n{options}\n\nx = 1\n```")
    assert (found.text, found.tags) == ("x = 1", ("parameters", "hide-input"))


def test_only_the_cells_run_of_a_page_that_has_cells() -> None:
    """What MyST has beside them is to be read."""
    text = "```{code-cell}\nx = 1\n```\n\n" + python("starts = offsets[:-1]")
    assert [cell.kind for cell in cells(text)] == ["code", "markdown"]
    assert cells(text)[1].text == python("starts = offsets[:-1]").rstrip("\n")


def test_what_a_site_runs_for_its_result_alone_stands_once() -> None:
    """Where the code was shown just before; what was not shown, or shows itself, is a cell."""
    hidden = '```python exec="on" result="text"\nx += 1\n```\n'
    shown = '```python exec="on" source="above"\nx += 1\n```\n'
    assert code(python("x += 1") + hidden) == ["x += 1"]
    assert code(python("x = 1") + hidden) == ["x = 1", "x += 1"]
    assert code(python("x += 1") + shown) == ["x += 1", "x += 1"]


def test_what_stands_under_a_cell_magic_need_not_be_python() -> None:
    """A query of a page is a cell, as any other asset."""
    query = "%%asset late --sql\nselect * from flights where delay > 60"
    assert code(python(query)) == ["%load_ext dagbook", query]


def test_a_session_is_cut_where_it_raises() -> None:
    """And the cell is tagged, so that what runs the notebook goes on."""
    text = ">>> 1\n1\n>>> int('x')\nTraceback (most recent call last):\nValueError\n>>> 2\n2"
    found = cells(f"```pycon\n{text}\n```")
    assert [(cell.text, cell.tags) for cell in found] == [
        ("1\nint('x')", ("raises-exception",)),
        ("2", ()),
    ]


def test_a_list_goes_on_below_a_cell() -> None:
    """The next item keeps its number, and what is left of the item is no code."""
    found = cells("1. a\n\n   ```python\n   x\n   ```\n\n   b\n\n2. c")
    assert [cell.text for cell in found] == ["1. a", "x", "b\n\n2. c"]


def test_details_with_code_that_runs_are_not_folded() -> None:
    """A cell can't stand within HTML."""
    found = cells("<details>\n<summary>More</summary>\n\n" + python("x") + "\n</details>")
    assert [cell.text for cell in found] == ["**More**", "x"]


def test_what_is_called_python_and_is_none_stays_text() -> None:
    """So that the notebook runs from top to bottom."""
    assert markdown(python("pip install x")) == "```python\npip install x\n```"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pip install x", "%pip install x"),
        ("$ cd a\nb\n$ ls -l", "%cd a\n!ls -l"),
        ("# why\nls \\\n  -l", "# why\n!ls \\\n  -l"),
        ("export A=1", "%env A=1"),
    ],
)
def test_shell_blocks_become_cells_on_request(text: str, expected: str) -> None:
    """Where commands have prompts, what they printed is left out."""
    block = f"```bash\n{text}\n```"
    assert code(block, shell=True) == [expected]
    assert code(block) == []


def test_dagbook_is_loaded_where_a_cell_needs_it() -> None:
    """Before the first code, and once."""
    assert code(python("import dagbook")) == ["%load_ext dagbook", "import dagbook"]
    assert code(python("%load_ext dagbook\nimport dagbook")) == [
        "%load_ext dagbook\nimport dagbook"
    ]
    assert code("x" + python("1"))[:1] == []
    assert code("x\n\n" + python("1")) == ["1"]


def test_running_draws_and_materializes_at_the_end() -> None:
    """After everything that the page defines."""
    assert code(python("1"), run=True) == ["%load_ext dagbook", "1", "%dag", "%materialize"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("asyncio.run(main())", "await main()"),
        ("x = asyncio.run(\n    main(\n        'é'),\n)", "x = await main(\n        'é')"),
        ("print(asyncio.run(f()).a); asyncio.run(g)", "print((await f()).a); await g"),
        ("if __name__ == '__main__':\n    asyncio.run(f or g)", None),
        ("def f():\n    asyncio.run(g())", "def f():\n    asyncio.run(g())"),
        ("asyncio.run(f(), debug=True)", "asyncio.run(f(), debug=True)"),
    ],
)
def test_what_a_page_runs_in_a_loop_is_awaited(text: str, expected: str | None) -> None:
    """A notebook has a loop that runs already, in which no other one can be run."""
    assert code(python(text)) == [expected or text.replace("asyncio.run(f or g)", "await (f or g)")]


def test_a_block_that_the_page_does_not_test_stays_text() -> None:
    """As pytest-examples has it."""
    (cell,) = cells('```python {lint="skip" test="skip"}\nNone | None\n```')
    assert cell.kind == "markdown"
