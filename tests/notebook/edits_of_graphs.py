"""Edits of ops, of graphs of ops, of multi-assets and of checks, and what must run again."""

from __future__ import annotations

from tests.notebook.rewrites import Base

_RAW = "%%asset raw\n[3, 1, 2]"
_HEAD = "LIMIT = 2\ndef pick(rows, at=0):\n    return base(rows, at)\ndef base(rows, at):\n    return rows[at]"

_OPS = Base(
    (
        _RAW,
        _HEAD,
        "%%op ordered(rows, reverse=True)\nsorted(rows, reverse=reverse)[:LIMIT]",
        "%%op first(rows)\npick(rows)",
        "%%op unused(rows)\nrows",
        "%%graph_asset result\nfirst(ordered(raw))",
    )
)
OF_OPS = [
    _OPS.edit("body of the last op", 3, "pick(rows)", "pick(rows) + 1", "result"),
    _OPS.edit("body of the first op", 2, "[:LIMIT]", "[:1]", "result"),
    _OPS.edit("op's default", 2, "reverse=True", "reverse=False", "result"),
    _OPS.edit("op's helper", 1, "base(rows, at)\ndef", "base(rows, at) + 1\ndef", "result"),
    _OPS.edit("op's helper's helper", 1, "rows[at]", "rows[-at]", "result"),
    _OPS.edit("default of an op's helper", 1, "at=0", "at=1", "result"),
    _OPS.edit("constant of an op", 1, "LIMIT = 2", "LIMIT = 1", "result"),
    _OPS.edit("graph's composition", 5, "first(ordered(raw))", "first(raw)", "result"),
    _OPS.edit(
        "another op in the graph", 5, "first(ordered(raw))", "unused(ordered(raw))", "result"
    ),
    _OPS.edit("what the graph reads", 0, "[3, 1, 2]", "[4, 1, 2]", "raw"),
    _OPS.same("op's comment", 3, "pick(rows)", "# the first\npick(rows)  # of all"),
    _OPS.same("op's formatting", 3, "pick(rows)", "(pick(\n    rows))"),
    _OPS.same("comment of an op's helper", 1, "return rows[at]", "return rows[at]  # that one"),
    _OPS.same("docstring of an op's helper", 1, "at=0):\n", "at=0):\n    'Pick.'\n"),
    _OPS.same(
        "order of an op's helpers",
        1,
        _HEAD,
        "LIMIT = 2\ndef base(rows, at):\n    return rows[at]\ndef pick(rows, at=0):\n    return base(rows, at)",
    ),
    _OPS.same("op that nobody uses", 4, "\nrows", "\nrows[::-1]"),
    _OPS.same(
        "op's retries",
        2,
        "%%op ordered(rows, reverse=True)",
        "%%op ordered(rows, reverse=True) --retries 2",
    ),
    _OPS.same("graph's comment", 5, "first(ordered(raw))", "# why\nfirst(ordered(raw))"),
    _OPS.same("graph's local", 5, "first(ordered(raw))", "rows = ordered(raw)\nfirst(rows)"),
    _OPS.same("graph's group", 5, "%%graph_asset result", "%%graph_asset result --group g"),
]

_BOTH = Base(
    (
        _RAW,
        "%%op split(rows) --out small, large\nsmall, large = min(rows), max(rows)",
        "%%graph_multi_asset low high\nlow, high = split(raw)\nlow, high",
    )
)
OF_GRAPHS = [
    _BOTH.edit("op of two assets", 1, "max(rows)", "max(rows) + 1", "low", "high"),
    _BOTH.edit(
        "assets that change places", 2, "\nlow, high = split", "\nhigh, low = split", "low", "high"
    ),
    _BOTH.same("comment of an op of two", 1, "small, large =", "# both\nsmall, large ="),
    _BOTH.same("group of two", 2, "low high\n", "low high --group g\n"),
]

_DECORATED = Base(
    (
        "import dagbook as dg\nRATE = 2",
        "@dg.op\ndef one(): return 3\n@dg.op\ndef times(x): return x * RATE",
        "@dg.graph_asset\ndef result():\n    return times(one())",
    )
)
OF_DECORATED = [
    _DECORATED.edit("decorated op", 1, "return 3", "return 4", "result").then(2),
    _DECORATED.edit("constant of a decorated op", 0, "RATE = 2", "RATE = 3", "result"),
    _DECORATED.edit("decorated graph", 2, "times(one())", "times(times(one()))", "result"),
    _DECORATED.same("comment in a decorated op", 1, "return 3", "return 3  # three").then(2),
    _DECORATED.same(
        "docstring of a decorated graph", 2, "def result():\n", "def result():\n    'Six.'\n"
    ),
    _DECORATED.same(
        "tags of a decorated op", 1, "@dg.op\ndef one", "@dg.op(tags={'a': 'b'})\ndef one"
    ).then(2),
]

_MULTI = Base(
    (
        _RAW,
        "ADD = 0\ndef least(rows):\n    return min(rows) + ADD",
        "%%multi_asset low high\nlow = least(raw)\nhigh = max(raw)",
    )
)
OF_MULTI = [
    _MULTI.edit("body of two assets", 2, "max(raw)", "max(raw) + 1", "low", "high"),
    _MULTI.edit("helper of two assets", 1, "min(rows)", "sum(rows)", "low", "high"),
    _MULTI.edit("constant of two assets", 1, "ADD = 0", "ADD = 1", "low", "high"),
    _MULTI.edit(
        "locals that change places",
        2,
        "low = least(raw)\nhigh = max(raw)",
        "high = least(raw)\nlow = max(raw)",
        "low",
        "high",
    ),
    _MULTI.same("comment of two assets", 2, "low = ", "# the least\nlow = "),
    _MULTI.same("formatting of two assets", 2, "max(raw)", "max( raw )"),
    _MULTI.same("group of two assets", 2, "low high\n", "low high --group g\n"),
    _MULTI.same("retries of two assets", 2, "low high\n", "low high --retries 1\n"),
]

_CHECK = Base(
    (
        "%%asset raw\nimport pandas as pd\npd.DataFrame({'n': [1, 2]})",
        "MOST = 5\ndef fine(rows):\n    return bool((rows.n < MOST).all())",
        "%%asset_check small --asset raw\nfine(raw), {'most': MOST}",
        "%%asset_check none --asset raw --sql\nselect * from raw where n > 7",
    )
)
OF_CHECKS = [
    _CHECK.edit("body of a check", 2, "fine(raw)", "not fine(raw)", "raw.small"),
    _CHECK.edit("helper of a check", 1, ".all()", ".any()", "raw.small"),
    _CHECK.edit("constant of a check", 1, "MOST = 5", "MOST = 6", "raw.small"),
    _CHECK.edit(
        "severity of a check", 2, "--asset raw", "--asset raw --severity warn", "raw.small"
    ),
    _CHECK.edit("query of a check", 3, "n > 7", "n > 8", "raw.none"),
    _CHECK.edit("data of a check", 0, "[1, 2]", "[1, 3]", "raw"),
    _CHECK.same("comment of a check", 2, "fine(raw)", "# why\nfine(raw)"),
    _CHECK.same("comment of a check's helper", 1, "return", "# why\n    return"),
    _CHECK.same("comment of a query that checks", 3, "select *", "select * -- rows\n"),
    _CHECK.same("formatting of a query that checks", 3, "select * from", "SELECT *\nFROM"),
    _CHECK.same(
        "check that comes to stop what is below", 2, "--asset raw", "--asset raw --blocking"
    ),
    _CHECK.same("asset of a check made otherwise", 1, "MOST = 5", "MOST = 4 + 1"),
]

EDITS = [*OF_OPS, *OF_GRAPHS, *OF_DECORATED, *OF_MULTI, *OF_CHECKS]
