"""Keeps secrets out of what is recorded: a salted hash stands for them."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SECRET_WORDS = frozenset(
    {"token", "tokens", "password", "passwords", "passwd", "passphrase", "pwd", "secret", "secrets"}
    | {"credential", "credentials", "creds", "apikey", "key", "keys", "auth", "dsn"}
)
_SECRET_TEXT = re.compile(
    r"://[^/\s:@]*:[^/\s@]+@|^(?:sk-|ghp_|gho_|github_pat_|xox[abps]-|AKIA|eyJ|glpat-|hf_)"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)


@lru_cache(maxsize=8192)
def is_secret_name(name: str) -> bool:
    """Does a name say that it holds a secret?

    Example:
        >>> [is_secret_name(name) for name in ("API_TOKEN", "dbPassword", "rate", "monkey")]
        [True, True, False, False]
    """
    words = _WORD.findall(name.rpartition(".")[2])
    return any(word.lower() in _SECRET_WORDS for word in words)


def is_secret_text(text: str) -> bool:
    """Does a text look like a credential, whatever its name?"""
    return _SECRET_TEXT.search(text) is not None


def salted(content: bytes, salt: bytes) -> bytes:
    """Sixteen bytes that change with the content and cannot be tried out without the salt."""
    return hashlib.blake2b(content, digest_size=16, key=salt[:64], person=b"dagbook").digest()
