"""Runs the table of edits with Hamilton's cache; helpers stand in a module beside, as its nodes must."""

from __future__ import annotations

import importlib
import json
import logging
import sys
from pathlib import Path


def main(folder: Path) -> None:
    """Print for each edit whether its body ran in this process."""
    driver = importlib.import_module("hamilton.driver")

    logging.disable(logging.CRITICAL)
    sys.path.insert(0, str(folder))
    ran: dict[str, object] = {}
    for flow in sorted(folder.glob("flow_*.py")):
        number = flow.stem.partition("_")[2]
        module = importlib.import_module(flow.stem)
        log = folder / f"ran_{number}"
        log.unlink(missing_ok=True)
        built = driver.Builder().with_modules(module).with_cache(path=folder / "cache").build()
        try:
            built.execute(["result"], inputs={"raw": 3})
            ran[number] = log.exists()
        except Exception as error:
            ran[number] = f"{type(error).__name__}: {error}"[:200]
    print(json.dumps(ran))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
