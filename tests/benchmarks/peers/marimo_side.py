"""Runs the table of edits with marimo's persistent cache; head and body are two cells."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import os
import sys
from pathlib import Path


def main(folder: Path) -> None:
    """Print for each edit whether its body ran in this process."""
    os.chdir(folder)
    ran: dict[str, object] = {}
    for file in sorted(folder.glob("book_*.py")):
        number = file.stem.partition("_")[2]
        log = folder / f"ran_{number}"
        log.unlink(missing_ok=True)
        spec = importlib.util.spec_from_file_location(file.stem, file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        try:
            with contextlib.redirect_stderr(io.StringIO()):
                module.app.run()
            ran[number] = log.exists()
        except Exception as error:
            ran[number] = f"{type(error).__name__}: {error}"[:200]
    print(json.dumps(ran))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
