"""Edits of the files that bodies read, and of the folder that they read them from."""

from __future__ import annotations

from tests.notebook.rewrites import Base

_FILES = Base(
    (
        "from pathlib import Path\nPath('data.csv').write_text('a,b\\n1,2\\n')\nPath('other.csv').write_text('1')",
        "%%op read(name='data.csv')\nPath(name).read_text()",
        "%%graph_asset result\nread()",
        "%%multi_asset low high\nwords = Path('data.csv').read_text().split()\nlow, high = words",
        "%%asset joined\nimport duckdb\nname = 'da' + 'ta.csv'\nduckdb.sql(f\"from '{name}'\").fetchall()",
        "%%asset told --reads other.csv\n1",
        "%%asset query --sql\nselect * from 'data.csv'",
        "%%asset_check there --asset query\npath = Path('other.csv')\npath.read_text() == '1' if path.exists() else True",
    )
)
_READERS = ("result", "low", "high", "joined", "query")
OF_FILES = [
    _FILES.edit("content of a file", 0, "1,2", "1,3", *_READERS),
    _FILES.edit(
        "content of a file that is declared",
        0,
        "write_text('1')",
        "write_text('2')",
        "told",
        "query.there",
    ),
    _FILES.edit(
        "file that is gone",
        0,
        "Path('other.csv').write_text('1')",
        "Path('other.csv').unlink()",
        "told",
        "query.there",
    ),
    _FILES.same("file that is written again", 0, "from pathlib", "# again\nfrom pathlib"),
]

_FOLDERS = Base(
    (
        "import os\nfrom pathlib import Path\nhere = Path(os.environ['DAGBOOK_HOME']).parent\n"
        "for n, name in enumerate(('.', 'inside')):\n    (here / name).mkdir(exist_ok=True)\n"
        "    (here / name / 'data.csv').write_text(f'n\\n{n}\\n')\nos.chdir(here)",
        "%%asset result\nimport pandas as pd\nPath('data.csv').read_text(), pd.read_csv('data.csv').n[0]",
        "%%asset query --sql\nselect * from 'data.csv'",
        "%%asset named\nPath.cwd().name == 'inside'",
        "%%asset listed\nsorted(os.listdir('.'))",
        "%%asset apart\nlen(os.listdir(here))",
        "%%asset moves\nos.chdir(here / 'inside')\nPath('data.csv').read_text()",
    )
)
OF_FOLDERS = [
    _FOLDERS.edit(
        "working folder",
        0,
        "chdir(here)",
        "chdir(here / 'inside')",
        *("result", "query", "named", "listed"),
    ),
]

# What reads in C is always stale where it does not name its files: see tests/engine/test_unseen.py.
_IN_C = Base(
    (
        "import h5py\nwith h5py.File('data.h5', 'w') as file:\n    file['x'] = [1, 2]",
        "%%asset result --reads *.h5\nname = 'da' + 'ta.h5'\nwith h5py.File(name) as file:\n    rows = list(map(int, file['x']))\nrows",
    )
)
_SAID = Base(
    (
        "%config Dagbook.read_nothing = ['h5py']",
        "import h5py",
        "%%asset result\nh5py.special_dtype(vlen=str).kind",
    )
)
OF_READERS_IN_C = [
    _SAID.put("package that may read", 0, "%config Dagbook.read_nothing = []", "result").staying,
    _IN_C.edit("content of a file that is read in C", 0, "[1, 2]", "[1, 3]", "result"),
]

EDITS = [*OF_READERS_IN_C, *OF_FILES, *OF_FOLDERS]
