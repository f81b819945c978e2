"""Cells that consist of a header alone, such as `%%asset NAME --external`."""

from __future__ import annotations

import re
from collections.abc import Callable

from IPython.core.interactiveshell import InteractiveShell

from dagbook.notebook.registry import CELL_MAGICS

_OURS = re.compile(rf"%%(?:{'|'.join(CELL_MAGICS)})\b")


def allow_empty_bodies(shell: InteractiveShell) -> Callable[[], None]:
    """Let such cells reach their magic, where IPython refuses them; gives what ends it."""

    def with_body(lines: list[str]) -> list[str]:
        if len(lines) == 1 and _OURS.match(lines[0]):
            return [*lines, "\n"]
        return lines

    transformers = shell.input_transformers_cleanup
    transformers.append(with_body)
    return lambda: transformers.remove(with_body)
