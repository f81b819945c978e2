"""Markdown and its dialects as the Markdown that a notebook draws."""

from __future__ import annotations

import pytest

from tests.tutorials.pages import cells, markdown


@pytest.mark.parametrize(
    "text",
    [
        "# A\n\nWords *and* `code`,\nover two lines.",
        "- a\n- b\n  - c\n    more\n- d",
        "1. a\n\n   b\n\n2. c",
        "> a\n>\n> - b\n> - c",
        "| a | b |\n| --- | ---: |\n| 1 | x \\| y |",
        "```mermaid\ngraph LR\n  a --> b\n```",
        "```sql\nselect 1\n```",
        "~~gone~~ <b>bold</b> [a](https://a.b/c 'd') <https://a.b>",
        "---",
        "<div>\n<p>x</p>\n</div>",
        "````\n```\n````",
    ],
)
def test_plain_markdown_stays_as_it_is(text: str) -> None:
    """What a notebook draws by itself is not touched."""
    assert markdown(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":::tip\nx\n:::", "> **Tip**\n>\n> x"),
        (":::tip Mind this\nx\n:::", "> **Tip: Mind this**\n>\n> x"),
        (":::note[Bracketed]\nx\n:::", "> **Note: Bracketed**\n>\n> x"),
        ("::: {.callout-warning title='W'}\nx\n:::", "> **Warning: W**\n>\n> x"),
        ("!!! note \"Own\"\n    x", "> **Note: Own**\n>\n> x"),
        ("> [!WARNING]\n> x", "> **Warning**\n>\n> x"),
        ("```{tip} Own\nx\n```", "> **Tip: Own**\n>\n> x"),
        ("<Note>x</Note>", "> **Note**\n>\n> x"),
        ("<Callout type=\"danger\">\n  x\n</Callout>", "> **Danger**\n>\n> x"),
        ("??? info \"More\"\n    x", "<details>\n<summary>More</summary>\n\nx\n\n</details>"),
        ("<Accordion title=\"M\">x</Accordion>", "<details>\n<summary>M</summary>\n\nx\n\n</details>"),
        ("=== \"Tab\"\n\n    x", "**Tab**\n\nx"),
        ("<Tabs>\n<TabItem value=\"a\" label=\"A\">x</TabItem>\n</Tabs>", "**A**\n\nx"),
        ("<Steps>\n  <Step title=\"First\">x</Step>\n</Steps>", "**First**\n\nx"),
        ("<Card title=\"T\" href=\"https://a.b\">x</Card>", "**[T](https://a.b)**\n\nx"),
        ("## Title \\{#own-name}", '<a id="own-name"></a>\n\n## Title'),
        ("## Title {#own-name}", '<a id="own-name"></a>\n\n## Title'),
        ("import A from 'b'\n\nx {/* not seen */}y", "x y"),
        ("{/* a\nb */}\n\nx", "x"),
        ("<PyObject section=\"assets\" object=\"asset\" decorator /> is x", "`@asset` is x"),
        ("<PyObject object=\"Context\" method=\"log\" />", "`Context.log`"),
        ("see <Link to=\"https://a.b\">here</Link>", "see [here](https://a.b)"),
        ("{' '}x {'said'}", "x said"),
        ("::: pydantic.BaseModel\n    options:\n      x: y\n\nz", "`pydantic.BaseModel`\n\nz"),
        ("::: note\nx\n:::", "> **Note**\n>\n> x"),
        ("/// tip\nx\n///", "> **Tip**\n>\n> x"),
        ("/// warning | Mind this\n\nx\n\n///", "> **Warning: Mind this**\n>\n> x"),
        ("//// tab | Python\n\n/// note\nx\n///\n\n////", "**Python**\n\n> **Note**\n>\n> x"),
        ("/// admonition | Own\n    type: tip\nx\n///", "> **Tip: Own**\n>\n> x"),
        ("/// details | M\nx\n///", "<details>\n<summary>M</summary>\n\nx\n\n</details>"),
    ],
)  # fmt: skip
def test_dialects_become_markdown(text: str, expected: str) -> None:
    """Admonitions, details, tabs, comments and inline components, however a site writes them."""
    assert markdown(text).strip() == expected


def test_admonitions_nest() -> None:
    """Each level is a quote within the outer one."""
    text = "::::warning\na\n:::tip\nb\n:::\nc\n::::"
    assert markdown(text) == "> **Warning**\n>\n> a\n>\n> > **Tip**\n> >\n> > b\n>\n> c"


def test_a_component_ends_a_paragraph_however_far_it_is_indented() -> None:
    """In a page with components, indentation means nothing."""
    text = '<Steps>\n<Step title="a">\n        x\n        </Step>\n</Steps>'
    assert markdown(text) == "**a**\n\nx"


def test_indented_code_stays_code_in_a_page_without_components() -> None:
    """As Markdown has it."""
    assert markdown("a\n\n    b = 1", name="page.md") == "a\n\n```\nb = 1\n```"


def test_the_title_of_the_front_matter_heads_a_page_without_one() -> None:
    """Sites draw it; a notebook would have lost it."""
    text = "---\ntitle: Own\n---\nx"
    assert markdown(text) == "# Own\n\nx"
    assert markdown(text + "\n\n# Head\n").startswith("x")


def test_a_step_that_leads_to_another_tools_page_gets_a_note() -> None:
    """Once below each heading."""
    text = "## A\n\nOpen http://localhost:3000.\n\nIn the Dagster UI, click.\n\n## B\n\nx"
    (cell,) = cells(text)
    assert cell.text.count("**In this notebook**") == 1
    assert cell.text.index("In this notebook") < cell.text.index("## B")
