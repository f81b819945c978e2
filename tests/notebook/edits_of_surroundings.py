"""Edits of what surrounds bodies: resources, config, environment, modules, packages, settings."""

from __future__ import annotations

from tests.notebook.rewrites import Base

_RESOURCE = Base(
    (
        "import dagbook as dg\n"
        "class Rate(dg.ConfigurableResource):\n"
        "    'A rate.'\n"
        "    n: int = 2\n"
        "    def times(self, x):\n"
        "        return x * self.n\n"
        "class Other(dg.ConfigurableResource):\n"
        "    n: int = 1",
        "rate, other = Rate(n=2), Other(n=1)",
        "@dg.asset(resource_defs={'rate': rate, 'other': other})\n"
        "def result(rate: Rate):\n    return rate.times(3)",
    )
)
_BOUND = _RESOURCE.cells[2]
OF_RESOURCES = [
    _RESOURCE.edit("method of a resource", 0, "x * self.n", "x + self.n", "result").then(1, 2),
    _RESOURCE.same("docstring of a resource", 0, "'A rate.'", "'A factor.'").then(1, 2),
    _RESOURCE.same(
        "comment in a resource", 0, "return x * self.n", "return x * self.n  # times"
    ).then(1, 2),
    _RESOURCE.edit("value of a resource", 2, "'rate': rate", "'rate': Rate(n=3)", "result"),
    _RESOURCE.same("equal resource", 2, "'rate': rate", "'rate': Rate(n=2)"),
    _RESOURCE.same("resource that it does not use", 2, "'other': other", "'other': Other(n=5)"),
]

_CONFIG = Base(
    (
        "import dagbook as dg\nfrom pydantic import Field\n"
        "class Limits(dg.Config):\n    rows: int = Field(2, description='how many')",
        "@dg.asset\ndef result(config: Limits):\n    return [0] * config.rows\n"
        "@dg.asset\ndef apart(config: Limits):\n    return config.rows",
        "given = {'ops': {'apart': {'rows': 1}}}\n%materialize --config given",
    )
)
OF_CONFIG = [
    _CONFIG.edit("default of the config", 0, "Field(2", "Field(3", "result").then(1),
    _CONFIG.same("description of a field", 0, "how many", "how many of them").then(1),
    _CONFIG.same("docstring of the config", 0, "(dg.Config):\n", "(dg.Config):\n    'Limits.'\n"),
    _CONFIG.put(
        "config of a run",
        2,
        "given = {'ops': {'result': {'rows': 4}, 'apart': {'rows': 1}}}\n%materialize --dry-run --config given",
        "result",
    ),
    _CONFIG.put(
        "config of another asset",
        2,
        "given = {'ops': {'apart': {'rows': 5}}}\n%materialize --dry-run --config given",
        "apart",
    ),
    _CONFIG.put(
        "config that says the default",
        2,
        "given = {'ops': {'result': {'rows': 2}, 'apart': {'rows': 1}}}\n%materialize --dry-run --config given",
    ),
]

_ENVIRONMENT = Base(
    (
        "import os\nos.environ['DAGBOOK_T'] = 'a'\nos.environ['DAGBOOK_U'] = 'a'\nNAME = 'DAGBOOK_T'",
        "%%op read()\nimport os\nos.environ['DAGBOOK_T']",
        "%%graph_asset result\nread()",
        "import dagbook as dg\nclass Door(dg.ConfigurableResource):\n    place: str",
        "@dg.asset(resource_defs={'door': Door(place=dg.EnvVar('DAGBOOK_T'))})\n"
        "def opened(door: Door):\n    return door.place",
        "%%asset named\nos.environ[NAME]",
    )
)
OF_ENVIRONMENT = [
    _ENVIRONMENT.edit(
        "variable of the environment",
        0,
        "['DAGBOOK_T'] = 'a'",
        "['DAGBOOK_T'] = 'b'",
        "result",
        "opened",
        "named",
    ),
    _ENVIRONMENT.put(
        "variable of the environment that is gone",
        0,
        "import os\nos.environ.pop('DAGBOOK_T')\nos.environ['DAGBOOK_T'] = ''\nNAME = 'DAGBOOK_T'",
        "result",
        "opened",
        "named",
    ),
    _ENVIRONMENT.same(
        "another variable of the environment", 0, "['DAGBOOK_U'] = 'a'", "['DAGBOOK_U'] = 'b'"
    ),
    _ENVIRONMENT.edit(
        "variable by another name", 0, "NAME = 'DAGBOOK_T'", "NAME = 'DAGBOOK_U'", "named"
    ),
]

_WRITE = "from pathlib import Path\nPath('flight_rules.py').write_text({text!r})\n"
_LOAD = "import importlib, sys\nsys.dont_write_bytecode = True\nsys.path.insert(0, str(Path.cwd()))\nimport flight_rules\nimportlib.reload(flight_rules)\nfrom flight_rules import clean"
_RULES = "RATE = 2\ndef inner(x):\n    return x * RATE\ndef clean(x):\n    return inner(x)\ndef apart(x):\n    return x\n"


def _module(text: str, load: str = _LOAD) -> str:
    return _WRITE.format(text=text) + load


_MODULE = Base(
    (
        _module(_RULES),
        "%%asset result\nclean(3)",
        "%%asset whole\nflight_rules.clean(3)",
        "%%op tidy()\nclean(4)",
        "%%graph_asset made\ntidy()",
    )
)
_ALL = ("result", "whole", "made")
OF_MODULES = [
    _MODULE.put(
        "function of a module",
        0,
        _module(_RULES.replace("inner(x)\ndef", "inner(x) + 1\ndef")),
        *_ALL,
    ),
    _MODULE.put("module's helper", 0, _module(_RULES.replace("x * RATE", "x + RATE")), *_ALL),
    _MODULE.put("module's constant", 0, _module(_RULES.replace("RATE = 2", "RATE = 3")), *_ALL),
    _MODULE.put("module's comment", 0, _module(f"# Rules.\n{_RULES}")),
    _MODULE.put("module's docstring", 0, _module(f"'Rules.'\n{_RULES}")),
    _MODULE.put(
        "function of a module that nobody calls",
        0,
        _module(_RULES.replace("return x\n", "return -x\n")),
    ),
    _MODULE.put(
        "module that was not reloaded",
        0,
        _module(_RULES.replace("RATE = 2", "RATE = 3"), ""),
        *_ALL,
    ).staying,
]

_PUT_INTO = Base(
    (
        _module(
            "RATE = int('2')\nclass Rule:\n    n = 1\nrule = Rule()\ndef inner():\n    return 1\n"
            "def clean():\n    return RATE, Rule.n, rule.n, inner()\n"
        ),
        "%%asset result\nfrom flight_rules import clean\nclean()",
    )
)
OF_MODULES += [
    _PUT_INTO.put(f"{name} that is put into a module", 0, _PUT_INTO.cells[0] + line, "result")
    for name, line in (
        ("computed constant", "\nflight_rules.RATE = 5"),
        ("attribute of a class", "\nflight_rules.Rule.n = 5"),
        ("attribute of an object", "\nflight_rules.rule.n = 5"),
        ("function", "\nflight_rules.inner = lambda: 5"),
    )
]

_REGISTRY = Base(
    (
        _module(
            "from collections import defaultdict\nHANDLERS = defaultdict(dict)\nLIMIT: int = 3\n"
            "def on(event):\n    return lambda f: HANDLERS[event].__setitem__(f.__name__, f)\n"
            "class Table:\n    def __init__(self):\n        self.held, self.size = {}, int('1')\n"
            "table = Table()\n"
            "class Plugin:\n    rate = 1\n"
            "    @classmethod\n    def configure(cls, **options):\n"
            "        for name, value in options.items():\n            setattr(cls, name, value)\n"
            "def limit(n):\n    global LIMIT\n    LIMIT = n\n"
            "def emit(x):\n    found = [*HANDLERS['row'].values(), *table.held.values()]\n"
            "    return [f(x) for f in found], Plugin.rate, LIMIT, table.size\n",
            _LOAD.replace("clean", "on, table, Plugin, limit"),
        ),
        "@on('row')\ndef more(x):\n    return x + 1\n",
        "table.held['less'] = lambda x: x - 1\n",
        "%%asset result\nfrom flight_rules import emit\nemit(3)",
        "%%asset whole\ngetattr(flight_rules, 'em' + 'it')(3)",
    )
)
OF_MODULES += [
    _REGISTRY.edit("function in a registry of a module", 1, "+ 1", "+ 2", "result", "whole"),
    _REGISTRY.same("comment in such a function", 1, "+ 1", "+ 1  # so"),
    _REGISTRY.edit("function in an object of a module", 2, "- 1", "- 2", "result", "whole"),
    _REGISTRY.put(
        "constant that a class of a module sets",
        2,
        _REGISTRY.cells[2] + "Plugin.configure(rate=2)",
        *("result", "whole"),
    ),
    _REGISTRY.put(
        "annotated constant that a module sets",
        2,
        _REGISTRY.cells[2] + "limit(4)",
        *("result", "whole"),
    ),
    _REGISTRY.put(
        "attribute of an imported object",
        2,
        _REGISTRY.cells[2] + "table.size = 9",
        *("result", "whole"),
    ),
]

_PACKAGE = Base(
    (
        "import sys\nfrom pathlib import Path\n"
        "folder = Path('site-packages')\nfolder.mkdir(exist_ok=True)\n"
        "(folder / 'fineprint.py').write_text(\"__version__ = '1.0'\\ndef size(x): return len(x) + LIMIT + len(SIZES)\\nLIMIT = 4\\nSIZES = []\\n\")\n"
        "sys.dont_write_bytecode = True\nsys.path.insert(0, str(folder.absolute()))\n"
        "sys.modules.pop('fineprint', None)\nimport fineprint",
        "%config Dagbook.packages = 'record'",
        "%%asset result\nfineprint.size('abc')",
        "%%asset limit\nfineprint.LIMIT",
        "%%asset inside\nimport fineprint as fine\nfine.LIMIT, fine.size('')",
        "%%asset apart\n1",
    )
)
_PUT_IN = _PACKAGE.with_cell(
    0, _PACKAGE.cells[0] + "\ndef size(x): return len(x) + 8\nfineprint.size = size"
)
_TOLD = _PACKAGE.with_cell(1, "%config Dagbook.packages = 'invalidate'")
OF_PACKAGES = [
    _PACKAGE.same("version of a package", 0, "'1.0'", "'2.0'"),
    _TOLD.edit("version of a package that counts", 0, "'1.0'", "'2.0'", "result", "inside"),
    _PUT_IN.edit(
        "function that is put into a package", 0, "len(x) + 8", "len(x) + 9", "result", "inside"
    ),
    _PUT_IN.edit("package as it is by itself", 0, "fineprint.size = size", "", "result", "inside"),
    _PUT_IN.same("comment in a function that is put in", 0, "len(x) + 8", "len(x) + 8  # so"),
    _PACKAGE.edit(
        "constant that is put into a package",
        0,
        "import fineprint",
        "import fineprint\nfineprint.LIMIT = 5",
        "limit",
        "result",
        "inside",
    ),
    _PACKAGE.edit(
        "constant that is put there by its name",
        0,
        "import fineprint",
        "import fineprint\nsetattr(fineprint, 'LIMIT', 5)",
        "limit",
        "result",
        "inside",
    ),
    _PACKAGE.edit(
        "what a package holds, changed in place",
        0,
        "import fineprint",
        "import fineprint\nfineprint.SIZES.append(3)",
        "result",
        "inside",
    ),
    _PACKAGE.same(
        "constant that is read only",
        0,
        "import fineprint",
        "import fineprint\nfineprint.LIMIT == 5",
    ),
    _PACKAGE.edit("packages come to count", 1, "'record'", "'invalidate'", "result", "inside"),
]

_METHOD = Base(
    (
        "import pandas as pd\ndef dagbook_t(self): return len(self) + 1\npd.DataFrame.dagbook_t = dagbook_t",
        "%%asset raw\npd.DataFrame({'n': [1, 2]})",
        "%%asset result\nraw.dagbook_t()",
        "%%asset apart\nraw.n.sum()",
    )
)
_OF_CLASS = _METHOD.with_cell(
    0,
    "import pandas as pd\nfrom pandas.core.groupby import DataFrameGroupBy as Groups\n"
    "def dagbook_t(self): return len(self) + 1\nGroups.dagbook_t = dagbook_t",
).with_cell(2, "%%asset result\nraw.groupby('n').dagbook_t()")
OF_METHODS = [
    _OF_CLASS.edit("method that is put into a class of a package", 0, "+ 1", "+ 2", "result"),
    _METHOD.edit("method that is put into a class of frames", 0, "+ 1", "+ 2", "result"),
    _METHOD.same("comment in such a method", 0, "+ 1", "+ 1  # so"),
    _METHOD.put(
        "name of such a method",
        0,
        _METHOD.cells[0]
        .replace("def dagbook_t", "def counted")
        .replace("= dagbook_t", "= counted"),
        "result",
    ),
]

_STYLE = Base(
    (
        "import matplotlib\nimport matplotlib.pyplot as plt\nmatplotlib.rcParams.update(matplotlib.rcParamsOrig)\n"
        "plt.rcParams['lines.linewidth'] = 2.0",
        "%%asset result\nstr(plt.rcParams['lines.linewidth'])",
        "%%asset inside\nimport matplotlib.pyplot as drawing\nstr(drawing.rcParams['lines.linewidth'])",
        "%%asset apart\n1",
    )
)
OF_STYLES = [
    _STYLE.edit("style of figures", 0, "= 2.0", "= 3.0", "result", "inside"),
    _STYLE.edit(
        "style as it was loaded", 0, "plt.rcParams['lines.linewidth'] = 2.0", "", "result", "inside"
    ),
    _STYLE.same("how figures are shown", 0, "= 2.0", "= 2.0\nplt.rcParams['toolbar'] = 'None'"),
]

_SETTINGS = Base(
    (
        "import decimal\nimport numpy as np, pandas as pd, polars as pl\nimport matplotlib as mpl\n"
        "decimal.getcontext().prec = 28\nnp.seterr(divide='ignore')\nnp.set_printoptions(precision=8)\n"
        "pd.reset_option('display.precision')\npd.reset_option('future.python_scalars')\n"
        "pl.Config.restore_defaults()\nmpl.rcParams.update(mpl.rcParamsOrig)\n",
        "%%asset raw\npd.DataFrame({'n': [0.5, 2]})",
        "%%asset text\n(raw / 3).to_string()",
        "%%asset numbers\nnp.array2string(raw.n.to_numpy() / 3)",
        "%%asset drawn\nraw.plot().lines[0].get_linewidth()",
        "%%asset third\n3 / 1 if raw is None else decimal.Decimal(1) / 3",
        "%%asset kind\ntype(raw.n.max()).__name__",
        "%%asset parts\ntry:\n    parts = str(raw.n.to_numpy() / np.float64(0))\n"
        "except FloatingPointError:\n    parts = 'raised'\nparts",
        "%%asset rows\nf'{pl.DataFrame(dict(n=range(20)))}'",
        "%%asset apart\n1",
    )
)
_AS_TEXT = ("text", "numbers", "parts", "rows")
_AS_VALUE = ("raw", *_AS_TEXT, "drawn", "third", "kind")
OF_SETTINGS = [
    _SETTINGS.put(name, 0, _SETTINGS.cells[0] + line, *stale)
    for name, line, stale in (
        ("display option of pandas", "pd.set_option('display.precision', 2)", _AS_TEXT),
        ("option of pandas", "pd.set_option('future.python_scalars', True)", _AS_VALUE),
        ("how NumPy writes numbers", "np.set_printoptions(precision=2)", _AS_TEXT),
        ("how NumPy treats errors", "np.seterr(divide='raise')", _AS_VALUE),
        ("what NumPy warns of", "np.seterr(under='warn')", ()),
        ("how Polars shows frames", "pl.Config.set_tbl_rows(4)", _AS_TEXT),
        ("digits of decimal numbers", "decimal.getcontext().prec = 5", _AS_VALUE),
        ("style that a plot of pandas has", "mpl.rcParams['lines.linewidth'] = 7", ("drawn",)),
    )
]

_AROUND = Base(
    (
        "import os, time\nimport xarray as xr\nxr.set_options(keep_attrs='default')\n"
        "os.environ['TZ'] = 'UTC'\ntime.tzset()\n",
        "%%asset cells\nxr.DataArray([1, 2], attrs={'unit': 'm'})",
        "%%asset doubled\ndict((cells * 2).attrs)",
        "%%asset moments\nfrom datetime import datetime\ndatetime(2026, 1, 1).timestamp()",
        "%%asset apart\n1",
    )
)
OF_SETTINGS += [
    _AROUND.edit("what xarray keeps", 0, "'default'", "False", "cells", "doubled", "moments"),
    _AROUND.edit("time zone of the process", 0, "'UTC'", "'Asia/Tokyo'", "moments"),
    _AROUND.same("other name of the time zone", 0, "'UTC'", "'Etc/UTC'"),
]

EDITS = [
    *OF_RESOURCES,
    *OF_CONFIG,
    *OF_ENVIRONMENT,
    *OF_MODULES,
    *OF_PACKAGES,
    *OF_METHODS,
    *OF_STYLES,
    *OF_SETTINGS,
]
