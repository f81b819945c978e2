"""Files that a cell's body names: seen when they are opened, told of where they are not."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.notebook.shells import Notebook


def test_a_file_that_was_seen_to_be_opened_is_not_complained_of(notebook: Notebook) -> None:
    """It counts, and that is enough."""
    Path("data.csv").write_text("a\n1\n")
    ran = notebook("%%asset a\nimport pandas as pd\npd.read_csv('data.csv')", cell="a")
    assert "not watched" not in ran.text + str(ran.value)
    Path("data.csv").write_text("a\n2\n")
    assert notebook.state("a") == "stale"


@pytest.mark.parametrize(
    "read",
    [
        "import duckdb\nduckdb.sql(\"select * from 'data.parquet'\").fetchall()",
        "import duckdb\nduckdb.sql(f\"select * from '{SOURCE}'\").fetchall()",
        "import duckdb\nduckdb.sql(\"select * from 'data.p*.parquet'\").fetchall()",
        "import pyarrow as pa, pyarrow.parquet as pq\npq.read_table(pa.OSFile('data.parquet'))",
        "import pyarrow as pa, pyarrow.parquet as pq\npq.read_table(pa.OSFile(place()))",
    ],
)
def test_a_file_that_a_library_reads_unseen_counts_by_its_name(
    notebook: Notebook, read: str
) -> None:
    """In a text of the body, of a global name, or of a function that it calls."""
    pd.DataFrame({"a": [1]}).to_parquet("data.parquet")
    pd.DataFrame({"a": [1]}).to_parquet("data.p1.parquet")
    notebook("SOURCE = 'data.parquet'\ndef place(): return SOURCE")
    ran = notebook(f"%%asset a\n{read}", cell="a")
    assert "not watched" not in ran.text + str(ran.value)
    assert notebook.state("a") == "fresh"
    pd.DataFrame({"a": [2]}).to_parquet("data.parquet")
    pd.DataFrame({"a": [2]}).to_parquet("data.p1.parquet")
    assert notebook.state("a") == "stale"


def test_a_file_that_the_body_writes_is_no_input(notebook: Notebook) -> None:
    """Although the body names it."""
    notebook("%%asset a\nfrom pathlib import Path\nPath('out.csv').write_text('1')", cell="a")
    Path("out.csv").write_text("2")
    assert notebook.state("a") == "fresh"


@pytest.mark.parametrize(
    "read",
    [
        "import pandas as pd\npd.read_parquet(SOURCE)",
        "import polars as pl\npl.scan_parquet(str(SOURCE.with_suffix('.parquet'))).collect()",
    ],
)
def test_a_path_that_is_no_text_of_the_body_counts(notebook: Notebook, read: str) -> None:
    """Also where the library reads it below Python; nothing is complained of."""
    pd.DataFrame({"a": [1]}).to_parquet("data.parquet")
    notebook("import pathlib\nSOURCE = pathlib.Path('data.parquet')")
    ran = notebook(f"%%asset a\n{read}", cell="a")
    assert "not watched" not in ran.text + str(ran.value)
    assert notebook.state("a") == "fresh"
    pd.DataFrame({"a": [2]}).to_parquet("data.parquet")
    assert notebook.state("a") == "stale"


def test_a_file_that_was_asked_for_counts_when_it_comes(notebook: Notebook) -> None:
    """That there was none was part of the result."""
    notebook("%%asset a\nimport os\nos.path.exists('flag.txt')", cell="a")
    assert notebook.state("a") == "fresh"
    Path("flag.txt").touch()
    assert notebook.state("a") == "stale"


def test_a_query_counts_the_files_that_it_names(notebook: Notebook) -> None:
    """They are found in its text."""
    Path("data.csv").write_text("a\n1\n")
    notebook("%%asset a --sql\nselect * from 'data.csv'", cell="a")
    assert notebook.state("a") == "fresh"
    Path("data.csv").write_text("a\n2\n")
    assert notebook.state("a") == "stale"


def test_what_a_body_reads_is_listed_with_how_it_is_tracked(notebook: Notebook) -> None:
    """Values, code, what is known in part, packages, and what may have read files unseen."""
    notebook("import threading, pandas as pd\nRATE = 2\ndef helper(x): return x * RATE")
    notebook("lock = threading.Lock()")
    notebook("%%asset a\nimport os\nlock, pd.NA, os.system('true')\nhelper(1)", cell="a")
    text = str(notebook("%asset a").value)
    tracked = {
        "RATE": "by its content",
        "helper": "by its code",
        "lock": "a change may stay unseen",
    }
    for name, how in tracked.items():
        assert any(
            line.split(maxsplit=1)[:1] == [name] and how in line for line in text.splitlines()
        )
    assert "pandas  recorded" in text
    assert "May have read files unseen: program true; `--reads` names them." in text


def test_what_was_read_from_outside_is_listed(notebook: Notebook) -> None:
    """Files and variables that are watched, and addresses that can't be."""
    Path("data.csv").write_text("1")
    body = """
import urllib.request
from pathlib import Path
try:
    urllib.request.urlopen("http://127.0.0.1:9/rates?key=1", timeout=0.2)
except OSError:
    pass
import os
os.environ.get("FROM_OUTSIDE")
Path("data.csv").read_text()"""
    notebook(f"%%asset a{body}", cell="a")
    text = str(notebook("%asset a").value)
    assert "Watched: environment variable FROM_OUTSIDE, data.csv." in text
    assert "Untracked: fetched 127.0.0.1, fetched http://127.0.0.1/rates" in text
    assert notebook.state("a") == "fresh"
