"""What a package is told apart by, read from its bytes once and without reading the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec


class Key(msgspec.Struct, gc=False):
    """The members of a package by which it is counted and compared."""

    id: str
    name: Any = None
    metadata_modified: Any = None


class _Id(msgspec.Struct, gc=False):
    id: str


_key = msgspec.json.Decoder(Key).decode
_id = msgspec.json.Decoder(_Id).decode


def keys_of(packages: Sequence[bytes]) -> list[Key | None]:
    """The key of each package, None where it has no readable one."""
    try:
        return [_key(raw) for raw in packages]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return [_one(raw) for raw in packages]


def ids_of(packages: Sequence[bytes], keys: Sequence[Key | None]) -> list[str]:
    """The id of each package as it stands there; nothing when one of them is not readable."""
    try:
        return [key.id if key else _id(raw).id for raw, key in zip(packages, keys, strict=True)]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return []


def _one(raw: bytes) -> Key | None:
    try:
        return _key(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
