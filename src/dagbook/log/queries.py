"""The questions that the event log in SQLite is asked."""

from __future__ import annotations

from functools import cache

from dagbook.log import ops
from dagbook.log.rows import (
    CURRENT_COLUMNS,
    MATERIALIZATION_COLUMNS,
    PLAIN_COLUMNS,
    RUN_COLUMNS,
    VERDICT_COLUMNS,
)

_VISIBLE = "(c.materialization IS NOT NULL OR c.last_run IS NOT NULL OR c.pin IS NOT NULL)"

# A result that fits into the log and nothing since; `told` is another row where a process of an older
# format wrote.
_PLAIN = """
(c.told IS c.materialization AND c.inline = 1 AND c.last_run = 'ok'
    AND c.skip IS NULL AND c.pin IS NULL AND c.error IS NULL)"""

PLAIN = f"""
SELECT {PLAIN_COLUMNS} FROM current c WHERE c.scope = ? AND {_PLAIN} ORDER BY c.materialization"""
CURRENT = f"""
SELECT {CURRENT_COLUMNS} FROM current c LEFT JOIN materializations m ON m.number = c.materialization
WHERE c.scope = ? AND {_VISIBLE} AND {_PLAIN} IS NOT TRUE ORDER BY c.materialization"""
LARGE = f"""
SELECT m.number, {MATERIALIZATION_COLUMNS}
FROM current c JOIN materializations m ON m.number = c.materialization
WHERE c.scope = ? AND m.inline = 0"""
ROW = f"SELECT {MATERIALIZATION_COLUMNS} FROM materializations m WHERE m.number = ?"
VERDICTS = f"""
SELECT {VERDICT_COLUMNS} FROM current_verdicts c JOIN verdicts v ON v.number = c.verdict
WHERE c.scope = ?"""
FIND = f"""
SELECT {MATERIALIZATION_COLUMNS} FROM materializations m
WHERE m.fingerprint = ? AND m.kept AND m.tracked ORDER BY m.number DESC LIMIT 1"""
VERDICT = f"""
SELECT {VERDICT_COLUMNS} FROM verdicts v
WHERE v.fingerprint = ? AND v.asset = ? AND v.name = ? ORDER BY v.number DESC LIMIT 1"""
HISTORY = f"""
WITH RECURSIVE chain (number) AS (
    SELECT newest FROM current WHERE scope = ? AND key = ? AND newest IS NOT NULL
    UNION ALL
    SELECT previous FROM chain JOIN materializations USING (number) WHERE previous IS NOT NULL
    LIMIT ?)
SELECT {MATERIALIZATION_COLUMNS} FROM chain JOIN materializations m ON m.number = chain.number
ORDER BY m.number DESC"""
RUNS = f"SELECT {RUN_COLUMNS} FROM runs ORDER BY number DESC LIMIT ?"
SCOPE_RUNS = f"SELECT {RUN_COLUMNS} FROM runs WHERE scope = ? ORDER BY number DESC LIMIT ?"
OPEN_RUNS = """
SELECT run_id, session FROM (
    SELECT number, run_id, session, finished FROM runs ORDER BY number DESC LIMIT ?)
WHERE finished IS NULL ORDER BY number DESC"""
OPEN_SCOPE = "SELECT scope FROM runs WHERE run_id = ? AND finished IS NULL"
STEPS = """
SELECT key, time, duration, outcome, detail, error FROM (
    SELECT key, time, duration, origin AS outcome, detail, NULL AS error, number AS place, 0 AS nth
    FROM materializations WHERE run_id = ? AND origin != 'accepted'
        AND number > ifnull((SELECT after_materialization FROM runs WHERE run_id = ?), 0)
        AND number <= ifnull((SELECT last_materialization FROM runs WHERE run_id = ?), 1 << 62)
    UNION ALL
    SELECT key, time, duration, outcome, detail, error, after_materialization, number
    FROM steps WHERE run_id = ?)
ORDER BY place, nth"""
RUN_VERDICTS = f"""
SELECT {VERDICT_COLUMNS} FROM verdicts v WHERE v.run_id = ?
    AND v.number > ifnull((SELECT after_verdict FROM runs WHERE run_id = ?), 0)
    AND v.number <= ifnull((SELECT last_verdict FROM runs WHERE run_id = ?), 1 << 62)
ORDER BY v.number"""
DURATIONS = """
SELECT c.key, m.duration FROM current c JOIN materializations m ON m.number = c.materialization
WHERE c.scope = ?"""
ADDRESSES = f"""
SELECT address FROM materializations WHERE kept AND address IS NOT NULL
UNION SELECT address FROM verdicts WHERE kept AND address IS NOT NULL
UNION {ops.ADDRESSES}"""
VALUES = f"""
SELECT address, format, size, inline, max(mtime_ns) FROM (
    SELECT address, format, size, inline, mtime_ns FROM materializations
    WHERE kept AND address IS NOT NULL
    UNION ALL
    SELECT address, format, size, inline, mtime_ns FROM verdicts
    WHERE kept AND address IS NOT NULL
    UNION ALL {ops.VALUES})
GROUP BY address, format ORDER BY address"""

# A version is a distinct value of one asset; what was found equal again is no further version.
PRUNE = """
UPDATE materializations SET kept = 0
WHERE kept AND (scope, key, address) IN (
    SELECT scope, key, address FROM (
        SELECT scope, key, address, inline, row_number() OVER (
            PARTITION BY scope, key, inline ORDER BY max(number) DESC) AS nth
        FROM materializations WHERE kept AND address IS NOT NULL
        GROUP BY scope, key, inline, address)
    WHERE nth > CASE WHEN inline THEN ? ELSE ? END)
AND number NOT IN (SELECT materialization FROM current WHERE materialization IS NOT NULL)
AND (scope, key, id) NOT IN (SELECT scope, key, pin FROM current WHERE pin IS NOT NULL)"""
PRUNE_FORGOTTEN = f"""
UPDATE materializations SET kept = 0
WHERE kept AND (scope, key) IN (SELECT c.scope, c.key FROM current c WHERE NOT {_VISIBLE})"""
PRUNE_VERDICTS = """
UPDATE verdicts SET kept = 0
WHERE kept AND (scope, asset, name, address) IN (
    SELECT scope, asset, name, address FROM (
        SELECT scope, asset, name, address, inline, row_number() OVER (
            PARTITION BY scope, asset, name, inline ORDER BY max(number) DESC) AS nth
        FROM verdicts WHERE kept AND address IS NOT NULL
        GROUP BY scope, asset, name, inline, address)
    WHERE nth > CASE WHEN inline THEN ? ELSE ? END)
AND number NOT IN (SELECT verdict FROM current_verdicts)"""
PRUNE_BLOBS = f"DELETE FROM blobs WHERE address NOT IN ({ADDRESSES})"


# Of each the newest comes last.
FIND_MANY = f"""
SELECT {MATERIALIZATION_COLUMNS} FROM materializations m
WHERE m.fingerprint IN (?) AND m.kept AND m.tracked ORDER BY m.number"""
CODES_AMONG = "SELECT code_version FROM codes WHERE code_version IN (?)"


@cache
def of_many(sql: str, width: int) -> str:
    """A statement for one of many, for so many of them at once."""
    return sql.replace("(?)", f"({', '.join('?' * width)})")
