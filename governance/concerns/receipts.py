"""Receipt codes: how somebody without a name comes back. Only the hash of one is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: without I, L, O and U, which are misread on paper. Source: crockford.com/base32.html."""
_MISREAD = str.maketrans("ILO", "110")
_GROUPS, _GROUP = 6, 4
"""24 letters of 5 bits are 120 bits: nobody finds one by trying, so a fast hash is enough."""


def new() -> str:
    """A code to write down: six groups of four letters and digits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def hash_of(code: str) -> str:
    """What is kept of a code; hyphens, spaces, small letters and letters misread for digits do not matter."""
    letters = "".join(code.upper().translate(_MISREAD).replace("-", " ").split())
    return hashlib.sha256(letters.encode("utf-8", "backslashreplace")).hexdigest()


def fits(code: str, kept: str) -> bool:
    """Whether this is the code of that hash, in a time that does not tell how much of it fits."""
    return bool(kept) and hmac.compare_digest(hash_of(code), kept)
