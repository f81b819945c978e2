"""Notebooks as pages: the graph, the verdicts and the values as they stand in the store."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from dagbook.errors.render import UnknownForm
from dagbook.export.sanitized import sanitized
from dagbook.export.writing import export_notebook
from dagbook.headless.preparing import open_notebook
from tests.cli.program import write
from tests.export.notebooks import exported

CELLS = (
    "%%asset orders\nimport pandas as pd\npd.DataFrame({'amount': [3, 4]})",
    "%%asset total\nint(orders.amount.sum())",
    "%%asset_check positive\ntotal > 10",
    "%dag",
)


def test_markdown_shows_values_verdicts_and_graph(tmp_path: Path) -> None:
    """The graph as Mermaid, which viewers of Markdown draw."""
    text = exported(tmp_path / "n.md", *CELLS)
    assert "✓ total, fresh\n\n7\n" in text
    assert "positive" in text
    assert "failed" in text
    assert "```mermaid\ngraph LR\n" in text
    assert "n0 --> n1" in text


def test_html_shows_them_without_the_network(tmp_path: Path) -> None:
    """One file: no script, nothing that is loaded from elsewhere."""
    text = exported(tmp_path / "n.html", *CELLS)
    assert text.count("<svg ") == 1
    assert "amount" in text
    assert "failed" in text
    assert not {"<script", "<link", " src=", "@import", "url("} & set(text.split('"'))
    assert "<script" not in text


def test_what_was_not_run_is_said_to_be_missing(tmp_path: Path) -> None:
    """Nothing is run for a page."""
    text = exported(tmp_path / "n.md", *CELLS, run=False)
    assert "total, missing" in text


def test_a_notebook_without_a_picture_gets_one_at_its_end(tmp_path: Path) -> None:
    """Since the graph is what a reader looks for."""
    assert exported(tmp_path / "n.md", *CELLS[:2]).rstrip().endswith("n0 --> n1\n```")


def test_text_and_outputs_cannot_act(tmp_path: Path) -> None:
    """Scripts in text, in outputs and in values are shown, or left out."""
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    html = new_output("display_data", data={"text/html": evil})
    cells = [
        new_markdown_cell(f"# {evil}\n\n[a](javascript:alert(3))"),
        new_code_cell("1", outputs=[html]),
        new_code_cell(f"%%asset a\n{evil!r}"),
    ]
    nbformat.write(new_notebook(cells=cells), tmp_path / "e.ipynb")
    with open_notebook(tmp_path / "e.ipynb", {}) as notebook:
        notebook.workspace.materialize()
        export_notebook(notebook.path, tmp_path / "e.html", notebook.workspace, notebook.cells)
    text = (tmp_path / "e.html").read_text()
    assert "<script" not in text
    assert "<img src=x onerror" not in text
    assert 'onerror="' not in text
    assert 'href="javascript' not in text


def test_a_form_is_told_by_its_ending(tmp_path: Path) -> None:
    """Another one is an error that names those there are."""
    with pytest.raises(UnknownForm, match=r"\.html or \.md or \.py"):
        exported(tmp_path / "n.pdf", *CELLS, run=False)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<b>a", "<b>a</b>"),
        ("<a href='java\nscript:x'>a</a>", "<a>a</a>"),
        ("<a href='data:text/html,x'>a</a>", "<a>a</a>"),
        ("<img src='data:image/svg+xml;base64,x'>", "<img>"),
        ("<img src='data:image/png;base64,x'>", '<img src="data:image/png;base64,x">'),
        ("<details open><summary>s</summary>x</details>", '<details open=""><summary>s</summary>x</details>'),
        ("<style>x</style><svg><script>y</script></svg>z", "z"),
        ("<p style='position:fixed'>x</p>", "<p>x</p>"),
        ("</b><i>x</b></i>", "<i>x</i>"),
        ("&lt;script&gt; & x", "&lt;script&gt; &amp; x"),
    ],
)  # fmt: skip
def test_html_of_others_is_cleaned(html: str, expected: str) -> None:
    """What shows stays, what acts goes."""
    assert sanitized(html) == expected


def test_pictures_beside_the_notebook_are_part_of_the_page(tmp_path: Path) -> None:
    """Those of its folder and no others, so that the page can be sent alone and tells nothing else."""
    book = tmp_path / "book"
    (book / "deep").mkdir(parents=True)
    for file in (book / "deep" / "a b.png", tmp_path / "secret.png"):
        file.write_bytes(b"picture")
    text = "![a](deep/a%20b.png)\n\n![b](../secret.png) ![c](gone.png) ![d](https://x.y/z.png)"
    cells = [new_markdown_cell(text), new_code_cell("%%asset a\n1")]
    nbformat.write(new_notebook(cells=cells), book / "n.ipynb")
    with open_notebook(book / "n.ipynb", {}) as notebook:
        export_notebook(notebook.path, tmp_path / "n.html", notebook.workspace, notebook.cells)
    page = (tmp_path / "n.html").read_text()
    assert page.count("data:image/png;base64,cGljdHVyZQ==") == 1
    assert {"../secret.png", "gone.png", "https://x.y/z.png"} <= set(page.split('"'))


def test_what_the_notebook_forgets_again_has_no_value(tmp_path: Path) -> None:
    """Its cell is shown without one; the plain module has it as a comment."""
    cells = (*CELLS[:2], "%%asset late\ntotal + 1", "%forget late")
    page = exported(tmp_path / "n.html", *cells)
    assert "late" in page
    assert "late, fresh" not in page
    module = exported(tmp_path / "n.py", *cells)
    assert "# %%asset late\n# total + 1" in module
    assert "def late" not in module


def test_a_cell_that_raises_does_not_keep_a_page_from_its_reader(tmp_path: Path) -> None:
    """It may show what only a run makes; a plain module has to run, and so tells the error."""
    notebook = write(tmp_path / "n.ipynb", *CELLS[:2], "import os\nos.listdir('no such folder')")
    assert rendered(notebook, "n.md").returncode == 0
    assert "total, missing" in (tmp_path / "n.md").read_text()
    assert "no such folder" in rendered(notebook, "n.py").stderr


def rendered(notebook: Path, target: str) -> subprocess.CompletedProcess[str]:
    """What `dagbook render` says."""
    command = [sys.executable, "-m", "dagbook", "render", notebook.name, "-o", target]
    return subprocess.run(command, cwd=notebook.parent, capture_output=True, text=True)


def test_what_an_io_manager_keeps_is_shown(tmp_path: Path) -> None:
    """As in the notebook itself."""
    files = "from dagbook import ParquetIOManager\nfiles = ParquetIOManager('tables')"
    orders = "%%asset orders --io files\nimport pandas as pd\npd.DataFrame({'amount': [3, 4]})"
    text = exported(tmp_path / "n.md", files, orders)
    assert "✓ orders, fresh\n\n" in text
    assert "amount" in text.partition("orders, fresh")[2]
