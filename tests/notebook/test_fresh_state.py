"""What cells change of a process by calls counts for bodies that ask for it, and for no others."""

from __future__ import annotations

import copyreg
import logging
import warnings
from collections.abc import Iterator

import pytest
from matplotlib import units

from dagbook.versions import told
from tests.notebook.saying import says
from tests.notebook.shells import Notebook


@pytest.fixture(autouse=True)
def untold() -> Iterator[None]:
    """The packages are told nothing any more."""
    held = {**copyreg.dispatch_table}, {**units.registry}
    with warnings.catch_warnings():
        yield
    for table, before in zip((copyreg.dispatch_table, units.registry), held, strict=True):
        for kind in table.keys() - before.keys():
            del table[kind]
    logging.getLogger("a").setLevel(0)
    told._kept.clear()
    told._left.clear()


MODE = (
    "import tempfile, pathlib\npath = pathlib.Path(tempfile.mkdtemp()) / 'a'\npath.touch()\n"
    "path.stat().st_mode"
)
# A cell with {} for what it says otherwise later, both, and a body that asks; the last is as it came.
CHANGED = {
    "level of a logger": (
        "import logging\nlogging.getLogger('told').setLevel({})",
        ("20", "10", "0"),
        "logging.getLogger('told').isEnabledFor(10)",
    ),
    "level of a logger by its name": (
        "import logging\nlog = logging.getLogger('told')\nlog.setLevel({})",
        ("20", "10", "0"),
        "log.getEffectiveLevel()",
    ),
    "level of all loggers": (
        "import logging\nlogging.getLogger().setLevel({})",
        ("30", "10", "30"),
        "logging.getLogger('told').getEffectiveLevel()",
    ),
    "option of pandas": (
        "import pandas as pd\npd.set_option('display.max_rows', {})",
        ("60", "7", "60"),
        "pd.get_option('display.max_rows')",
    ),
    "option that shows in no value": (
        "import pandas as pd\npd.set_option('mode.performance_warnings', {})",
        ("True", "False", "True"),
        "pd.get_option('mode.performance_warnings')",
    ),
    "errors of NumPy": (
        "import numpy as np\n_ = np.seterr(divide='{}')",
        ("warn", "ignore", "warn"),
        "np.geterr()['divide']",
    ),
    "modes of new files": ("import os\n_ = os.umask({})", ("0o22", "0o77", "0o22"), MODE),
    "time to wait": (
        "import socket\nsocket.setdefaulttimeout({})",
        ("1", "2", "None"),
        "socket.getdefaulttimeout()",
    ),
    "time to wait by a function": (
        "import socket\ndef wait(n):\n    socket.setdefaulttimeout(n)\nwait({})",
        ("1", "2", "None"),
        "socket.getdefaulttimeout()",
    ),
    "how e-mail is encoded": (
        "import email.charset as charset\ncharset.add_charset('told', {})",
        ("charset.QP", "charset.BASE64", "charset.QP"),
        "charset.Charset('told').header_encoding",
    ),
    "where time zones are": (
        "import zoneinfo\nzoneinfo.reset_tzpath({})",
        ("['/a']", "['/b']", ""),
        "list(zoneinfo.TZPATH)",
    ),
    "domain of translations": (
        "import gettext\n_ = gettext.textdomain('{}')",
        ("a", "b", "messages"),
        "gettext.textdomain()",
    ),
    "first day of weeks": (
        "import calendar\ncalendar.setfirstweekday({})",
        ("1", "6", "0"),
        "calendar.month(2020, 1)",
    ),
    "what a class of a package is told": (
        "import yaml\nyaml.SafeLoader.add_constructor('!told', lambda *_: {})",
        ("1", "2", "3"),
        "yaml.safe_load('!told a')",
    ),
    "seed of Polars": (
        "import polars as pl\npl.set_random_seed({})",
        ("1", "2", "3"),
        "pl.Series(range(50)).sample(5).to_list()",
    ),
    "colours in a row": (
        "import matplotlib\nmatplotlib.color_sequences.unregister('told')\n"
        "matplotlib.color_sequences.register('told', [{}])",
        ("'red'", "'blue'", "'red'"),
        "matplotlib.color_sequences['told']",
    ),
    "collecting": ("import gc\ngc.{}()", ("enable", "disable", "enable"), "gc.isenabled()"),
    "reducer": (
        "import copy, copyreg\nclass Point:\n    def __init__(self, n): self.n = n\n"
        "copyreg.dispatch_table[Point] = lambda one: (Point, (one.n + {},))",
        ("1", "2", "0"),
        "copy.copy(Point(1)).n",
    ),
    "converter": (
        "import matplotlib.units as units\nclass Unit: pass\nunits.registry[Unit] = {}",
        ("1", "2", "3"),
        "units.registry[Unit]",
    ),
    "warnings that are kept": (
        "import warnings\nwarnings.simplefilter('{}', UserWarning)",
        ("always", "ignore", "default"),
        "with warnings.catch_warnings(record=True) as found:\n    warnings.warn('so')\nlen(found)",
    ),
}


@pytest.mark.parametrize(("cell", "said", "body"), CHANGED.values(), ids=CHANGED)
def test_what_a_cell_changes_of_the_process_counts_where_it_is_asked_for(
    notebook: Notebook, cell: str, said: tuple[str, str, str], body: str
) -> None:
    """To say the same again changes nothing; another word is stale by right, and only there."""
    says(notebook, cell, said, body)
    notebook(cell.format(said[2]), cell="head")


@pytest.mark.parametrize(
    ("body", "cell"),
    [
        ("import logging\nlogging.getLogger('told').info('so')\n1", "logging.disable(0)"),
        (
            "import logging\nlogging.getLogger('told').info('so')\n1",
            "logging.getLogger('a').setLevel(9)",
        ),
        ("import pandas as pd\npd.DataFrame({'a': [1]})", "pd.set_option('display.max_rows', 60)"),
        ("import json\njson.dumps([1])", "json.dump([1], __import__('io').StringIO())"),
        (
            "import warnings\nwith warnings.catch_warnings():\n    value = 1\nvalue",
            "warnings.simplefilter('ignore')",
        ),
        ("import numpy as np\nfloat(np.sqrt(4))", "_ = np.seterr(divide='warn')"),
        (
            "import collections\ncollections.Counter('a').total()",
            "collections.Counter().update('b')",
        ),
    ],
)
def test_a_body_that_does_not_ask_does_not_care(notebook: Notebook, body: str, cell: str) -> None:
    """Nor does one that uses a package of which a cell calls what leaves nothing there."""
    notebook("import collections, json, logging, warnings\nimport numpy as np, pandas as pd")
    notebook(f"%%asset result\n{body}", cell="result")
    notebook(cell)
    assert notebook.state("result") == "fresh"
