"""Keeps the values of secrets that a run has used out of logs, messages and tracebacks."""

from __future__ import annotations

import logging
import threading
from typing import Any

MASK = "********"
# A shorter text would be found within innocent words.
_SHORTEST = 4

_lock = threading.Lock()
_known: tuple[str, ...] = ()


def remember(value: Any) -> None:
    """From now on this value is a secret in this process: every text that is kept is masked."""
    global _known
    secret = _text(value)
    if secret is None or len(secret) < _SHORTEST or secret in _known:
        return
    with _lock:
        # The longest first: a secret may be the beginning of another one.
        _known = tuple(sorted({*_known, secret}, key=len, reverse=True))
    logger = logging.getLogger("dagbook")
    if _masking not in logger.filters:
        logger.addFilter(_masking)


def known_secrets() -> tuple[str, ...]:
    """The secrets of this process, for a worker that must know them too."""
    return _known


def redacted(text: str) -> str:
    """The text with every secret masked.

    >>> remember("hunter22")
    >>> redacted("the password is hunter22")
    'the password is ********'
    """
    for secret in _known:
        if secret in text:
            text = text.replace(secret, MASK)
    return text


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    reveal = getattr(value, "get_secret_value", None)
    return _text(reveal()) if reveal is not None else None


def _masking(record: logging.LogRecord) -> bool:
    message = record.getMessage()
    clean = redacted(message)
    if clean != message:
        record.msg, record.args = clean, None
    if record.exc_info and record.exc_text is None:
        record.exc_text = redacted(logging.Formatter().formatException(record.exc_info))
    return True
