"""Hints are told where they are true."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dagbook.engine.current import workspace
from tests.notebook.shells import Notebook


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("with open('sales.csv') as file:\n    total = file.read()\ntotal", False),
        ("str('data/sales.parquet')", False),
        ("str(\"select * from 'sales.csv'\")", False),
        ("str('select * from sales')", True),
        ("str('select sales.amount from sales')", True),
    ],
)
def test_the_name_of_a_file_is_no_mention_of_an_asset(
    notebook: Notebook, body: str, told: bool
) -> None:
    """A query's table is."""
    Path("sales.csv").write_text("1")
    notebook("%%asset sales\n1", cell="a")
    ran = notebook(f"%%asset total\n{body}", cell="b")
    assert ("names `sales`" in ran.text) is told


def test_a_kept_value_that_was_damaged_is_told(restart: Callable[[], Notebook]) -> None:
    """It is not said that there never was one, and the cell that makes it again is named."""
    restart()("%%asset base\nimport numpy as np\nnp.arange(1_000_000)")
    root = workspace().store.objects.root
    for path in root.rglob("*"):
        if path.is_file() and path.stat().st_size > 1_000_000:
            path.chmod(0o600)
            path.write_bytes(path.read_bytes()[:100])
    ran = restart()("base[:3]", fails=True)
    assert "`base` is kept from before, but its value is damaged" in ran.text
    assert "without a value" not in ran.text


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("import random\nrandom.random()", "random numbers without a seed"),
        ("import datetime\nstr(datetime.datetime.now())", "the time"),
        ("import random\nrandom.seed(1)\nrandom.random()", None),
        ("import random\nrandom.Random(1).random()", None),
        ("import random\nrandom.Random().random()", "random numbers without a seed"),
        ("import numpy as np\nnp.random.default_rng(0).random()", None),
        ("import numpy as np\nnp.random.default_rng().random()", "random numbers without a seed"),
        ("import pandas as pd\npd.Series([1, 2]).sample(1)", "random numbers without a seed"),
        ("import pandas as pd\npd.Series([1, 2]).sample(1, random_state=0)", None),
        ("def sample(one):\n    return one\nsample(1)", None),
        ("1 + 1", None),
    ],
)
def test_what_is_left_to_chance_is_told_once(
    notebook: Notebook, body: str, told: str | None
) -> None:
    """As it is not made anew by itself."""
    text = notebook(f"%%asset a\n{body}", cell="a").text
    assert (f"`a` asks for {told}" in text) if told else ("asks for" not in text)
    assert "asks for" not in notebook(f"%%asset a\n{body}", cell="a").text


def test_a_generator_of_the_notebook_is_told_with_what_helps(notebook: Notebook) -> None:
    """It may well have a seed; but each draw changes it, so that the asset is stale at once."""
    notebook("import numpy as np\nrng = np.random.default_rng(0)")
    text = notebook("%%asset a\nrng.random(3)").text
    assert "`a` draws from `rng`, and each draw changes `rng`: so it is stale as soon" in text
    assert "without a seed" not in text


FRAME = "import pandas as pd\ndf = pd.DataFrame({'n': [1]})\n"
WRITES = {
    "pandas": "df.to_csv('o.csv')\n'o.csv'",
    "below Python": "df.to_parquet('o.csv')\n'o.csv'",
    "by a variable": "p = 'o.csv'\ndf.to_csv(p)\np",
    "open": "with open('o.csv', 'w') as file:\n    file.write('n')\n'o.csv'",
}


@pytest.mark.parametrize("body", WRITES.values(), ids=WRITES)
def test_a_file_that_the_body_wrote_is_not_to_be_watched(notebook: Notebook, body: str) -> None:
    """Neither at first, nor where its cell runs again and nothing is to be made."""
    for _ in range(2):
        assert "not watched" not in notebook(f"%%asset a\n{FRAME}{body}", cell="a").text
    assert Path("o.csv").is_file()


@pytest.mark.parametrize(
    ("last", "told"),
    [
        ("raw.head(2)", True),
        ("raw.index.size", True),
        ("raw[:2]", True),
        ("len(raw)", True),
        ("raw", False),
        ("other.groupby(raw).size()", False),
        ("raw2 = raw", False),
        ("pd.concat([raw, raw])", False),
    ],
)
def test_a_look_at_the_variable_of_the_asset_is_told_to_be_its_value(
    notebook: Notebook, last: str, told: bool
) -> None:
    """A cell that was an ordinary one often ends so; told once for each text."""
    notebook("import pandas as pd\nother = pd.Series([1, 2, 3, 4])")
    cell = f"%%asset raw\nraw = pd.Series([1, 2, 3, 4])\n{last}"
    assert ("end with `raw` to keep that" in notebook(cell, cell="a").text) is told
    assert "end with `raw`" not in notebook(cell, cell="a").text
    assert ("end with `raw`" in notebook(f"{cell}  # again", cell="a").text) is told


PLOT = "import matplotlib.pyplot as plt\nfig, axes = plt.subplots()\naxes.plot([1, 2])\n"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (f"{PLOT}plt.show()", "in the place of `plt.show(…)`"),
        (f"{PLOT}fig.show", ""),
        (f"{PLOT}fig", ""),
        (f"{PLOT}plt.tight_layout()", "in the place of `plt.tight_layout(…)`"),
        (f"{PLOT}plt.savefig('plot.png')", ""),
        (f"{PLOT}plt.title('of two')", ""),
        ("from IPython.display import display\ndisplay(1)", "in the place of `display(…)`"),
        ("[].append(1)", ""),
        ("show = len\nshow('a')", ""),
    ],
)
def test_a_body_that_only_shows_is_told_to_keep_none(
    restart: Callable[[], Notebook], body: str, told: str
) -> None:
    """As long as it stands so: in the first run and after a restart, when nothing is shown."""
    for _ in range(2):
        notebook = restart()
        notebook("import matplotlib\nmatplotlib.use('agg')\nimport matplotlib.pyplot as plt")
        text = notebook(f"%%asset plot\n{body}", cell="a").text
        assert ("keeps None" in text) is bool(told)
        assert told in text
        notebook("plt.close('all')")
