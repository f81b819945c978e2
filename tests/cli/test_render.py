"""`dagbook render`: pages become notebooks, notebooks become pages and modules."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.program import ORDERS, TOTAL, dagbook, write

PAGE = """# Orders

<CodeExample path="orders.py" />

```python
import dagster
```
"""
SNIPPET = """import dagster as dg

@dg.asset
def orders():
    return [1, 2]

@dg.asset_check(asset=orders)
def some(orders):
    return len(orders) > 0
"""


def test_a_page_becomes_a_notebook_that_ran(tmp_path: Path) -> None:
    """Imports are another module's, definitions are magics, and the graph stands at the end."""
    (tmp_path / "page.mdx").write_text(PAGE)
    (tmp_path / "orders.py").write_text(SNIPPET)
    words = ["--snippets", ".", "--alias", "dagster=dagbook", "--magics", "--run", "--execute"]
    dagbook("render", "page.mdx", "-o", "out.ipynb", *words, cwd=tmp_path, code=0)
    cells = json.loads((tmp_path / "out.ipynb").read_text())["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert "%%asset orders\nreturn [1, 2]" in code
    assert "%%asset_check some --asset orders\nreturn len(orders) > 0" in code
    assert code[-2:] == ["%dag", "%materialize"]
    assert all(cell["execution_count"] for cell in cells if cell["cell_type"] == "code")


def test_a_fault_of_the_page_is_told_with_its_place(tmp_path: Path) -> None:
    """Code 2, and no notebook."""
    (tmp_path / "page.mdx").write_text("# A\n\n<Tabs>\n")
    ran = dagbook("render", "page.mdx", "-o", "out.ipynb", cwd=tmp_path, code=2)
    assert "page.mdx, line 3\n    <Tabs>\n    ^" in ran.stderr
    assert not (tmp_path / "out.ipynb").exists()


@pytest.mark.parametrize("form", ["html", "md", "py"])
def test_a_notebook_becomes_a_page_or_a_module(tmp_path: Path, form: str) -> None:
    """With what the store has, and nothing runs."""
    write(tmp_path / "n.ipynb", ORDERS, TOTAL)
    dagbook("run", "n.ipynb", cwd=tmp_path, code=0)
    dagbook("render", "n.ipynb", "-o", f"n.{form}", cwd=tmp_path, code=0)
    text = (tmp_path / f"n.{form}").read_text()
    assert ("sum(orders)" if form == "py" else "total, fresh") in text


@pytest.mark.parametrize("form", ["html", "md", "py"])
def test_a_notebook_is_rendered_with_parameters(tmp_path: Path, form: str) -> None:
    """They stand below the tagged cell, once, and what is kept for them is shown."""
    cells = ("%load_ext dagbook", "year = 2012", "%%asset label\nf'in {year}'")
    write(tmp_path / "n.ipynb", *cells, tags={1: "parameters"})
    dagbook("run", "n.ipynb", "-p", "year=2012", "--execute", "m.ipynb", cwd=tmp_path, code=0)
    dagbook("run", "m.ipynb", "-p", "year=2013", cwd=tmp_path, code=0)
    dagbook("render", "m.ipynb", "-p", "year=2013", "-o", f"m.{form}", cwd=tmp_path, code=0)
    text = re.sub(r"<[^>]+>", "", (tmp_path / f"m.{form}").read_text())
    assert text.count("year = 2012") == text.count("year = 2013") == 1
    assert text.index("year = 2012") < text.index("year = 2013")
    assert ("label, fresh" in text) == (form != "py")


@pytest.mark.parametrize(
    "words",
    [
        ("n.ipynb", "-o", "n.pdf"),
        ("n.ipynb", "-o", "n.ipynb"),
        ("p.md", "-o", "p.html"),
        ("p.rst", "-o", "p.ipynb"),
        ("none.md", "-o", "p.ipynb"),
        ("p.md", "-o", "p.ipynb", "--alias", "x"),
        ("p.md",),
        ("p.md", "-o", "p.ipynb", "-p", "year=2013"),
        ("p.md", "-o", "folder.ipynb"),
        ("n.ipynb", "-o", "n.html", "-p", "year=2013"),
    ],
)
def test_what_cannot_be_rendered_is_a_mistake_of_the_command(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Code 2."""
    (tmp_path / "p.md").write_text("# A")
    (tmp_path / "folder.ipynb").mkdir()
    write(tmp_path / "n.ipynb", ORDERS)
    assert "Traceback" not in dagbook("render", *words, cwd=tmp_path, code=2).stderr
