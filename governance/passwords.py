"""Passwords: long rather than odd, hashed with bcrypt, at most two hashes at a time."""

from __future__ import annotations

import hashlib
import threading

import bcrypt

from governance.errors import Invalid

SHORTEST = 15
LONGEST = 200
ROUNDS = 12
_AT_ONCE = threading.BoundedSemaphore(2)
_TOO_COMMON = frozenset(
    (
        "passwordpassword",
        "password12345678",
        "passwordpassword1",
        "123456789012345",
        "1234567890123456",
        "12345678901234567890",
        "qwertyuiopasdfgh",
        "qwertyuiopasdfghjkl",
        "qwertyuiop123456",
        "letmeinletmein123",
        "iloveyouiloveyou",
        "administrator123",
        "administratoradministrator",
        "correcthorsebatterystaple",
        "correct horse battery staple",
        "changemechangeme",
        "commontablecommontable",
        "welcomewelcome123",
    )
)


def encoded(password: str) -> bytes:
    """The password as bcrypt takes it: up to 72 bytes as they are, longer ones by their SHA-256.

    Without blanks at its ends: the sign-in form takes them off, and a password file ends with a new line.
    """
    plain = password.strip().encode("utf-8", "surrogatepass")
    return plain if len(plain) <= 72 else hashlib.sha256(plain).hexdigest().encode()


def check(password: str) -> None:
    """Refuse what is easily guessed. Raises Invalid with what to do; there are no composition rules."""
    password = password.strip()
    if len(password) < SHORTEST:
        raise Invalid(f"Use at least {SHORTEST} characters: three or four unrelated words are fine.", field="password")
    if len(password) > LONGEST:
        raise Invalid(f"Use at most {LONGEST} characters.", field="password")
    folded = password.casefold()
    if folded in _TOO_COMMON or len(set(folded)) < 5:
        raise Invalid("That one is among the first anybody would guess: choose another.", field="password")


def hashed(password: str) -> str:
    """The bcrypt hash of a password that passes `check`."""
    check(password)
    with _AT_ONCE:
        return bcrypt.hashpw(encoded(password), bcrypt.gensalt(ROUNDS)).decode()


def matches(password: str, password_hash: str) -> bool:
    """Whether the password is the one of the hash; costs the same either way."""
    with _AT_ONCE:
        try:
            return bcrypt.checkpw(encoded(password), password_hash.encode())
        except ValueError:
            return False
