"""Links and pictures: where they lead once the page is a notebook."""

from __future__ import annotations

from pathlib import Path

import pytest

from dagbook.tutorials.notebook import write_notebook
from dagbook.tutorials.options import PageOptions
from dagbook.tutorials.rendering import render_text
from tests.tutorials.pages import markdown

BASE = "https://docs.example/guide/page"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](./other.md)", "[a](https://docs.example/guide/other)"),
        ("[a](../x/index.mdx#y)", "[a](https://docs.example/x#y)"),
        ("[a](/api/y 't')", '[a](https://docs.example/api/y "t")'),
        ("[a](https://b.c)", "[a](https://b.c)"),
        ("[a](mailto:x@y.z)", "[a](mailto:x@y.z)"),
        ("[`a`][r]\n\n[r]: ../b.md", "[`a`](https://docs.example/b)"),
        ("![a](i.png)", "![a](https://docs.example/guide/i.png)"),
        ("[![a](i.png)](b.md)", "[![a](https://docs.example/guide/i.png)](https://docs.example/guide/b)"),
        ('<a href="b.md">x</a>', '<a href="https://docs.example/guide/b">x</a>'),
        ('<img src="i.png">', '<img src="https://docs.example/guide/i.png">'),
        ('<Image src="i.png" alt="A" />', "![A](https://docs.example/guide/i.png)"),
        ("`[a](b.md)`", "`[a](b.md)`"),
        ("| [a](b.md) |\n|---|", "| [a](https://docs.example/guide/b) |\n| --- |"),
        ("[a](http://[bad)", "[a](http://[bad)"),
    ],
)  # fmt: skip
def test_addresses_are_resolved_against_the_pages_own(text: str, expected: str) -> None:
    """Code is not touched, and addresses that are whole are not either."""
    assert markdown(text, base_url=BASE) == expected


def test_links_within_the_page_use_the_notebooks_anchors() -> None:
    """JupyterLab keeps capitals and writes hyphens for spaces."""
    text = "# First *steps* {#begin}\n\n[a](#begin) [b](#first-steps) [c](#none)"
    assert "[a](#First-steps) [b](#First-steps) [c](#none)" in markdown(text)


def test_unresolved_links_are_counted() -> None:
    """Once, with the option that resolves them."""
    (note,) = render_text("[a](b.md) [c](d.md)", Path("p.md"), PageOptions()).notes
    assert "2 links" in note
    assert "--base-url" in note


def test_pictures_are_copied_beside_the_notebook(tmp_path: Path) -> None:
    """From the site's folder only; two of one name both arrive."""
    site = tmp_path / "site"
    for path in ("page/i.png", "i.png", "page/other.txt"):
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(path)
    (tmp_path / "secret.png").write_text("secret")
    page = site / "page" / "p.md"
    page.write_text("![a](i.png) ![b](/i.png) ![c](../../secret.png) ![d](other.txt)")
    out = tmp_path / "out" / "n.ipynb"
    write_notebook(page, out, PageOptions(site=site))
    copied = {file.name: file.read_text() for file in (tmp_path / "out" / "n_files").iterdir()}
    assert copied == {"i.png": "page/i.png", "i-2.png": "i.png"}
    assert "![b](n_files/i-2.png) ![c](../../secret.png)" in out.read_text()
