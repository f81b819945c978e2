"""What `import dagbook` costs beyond a bare IPython."""

from __future__ import annotations

import time

from tests.benchmarks.fresh import medians
from tests.benchmarks.row import Row

_ALLOWED_SECONDS = 0.050


def importing() -> dict[str, float]:
    """The seconds of a bare shell, and then of dagbook."""
    start = time.perf_counter()
    from IPython.core.interactiveshell import InteractiveShell

    InteractiveShell()
    bare = time.perf_counter()
    import dagbook  # noqa: F401

    return {"bare": bare - start, "ours": time.perf_counter() - bare}


def rows(assets: int = 1_000, rounds: int = 5) -> list[Row]:
    """The row *import*; it does not depend on the number of assets."""
    if assets > 1_000:
        return []
    (taken,) = medians([(__name__, "importing", ())], rounds)
    return [
        Row(
            name="import dagbook, beyond IPython",
            ours_seconds=taken["ours"],
            reference=f"allowed (IPython takes {taken['bare'] * 1e3:.0f} ms)",
            reference_seconds=_ALLOWED_SECONDS,
            ratio=taken["ours"] / _ALLOWED_SECONDS,
            goal=1.0,
        ),
    ]
