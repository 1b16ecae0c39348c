"""Take an answer's body in, piece by piece: bounded before and after unpacking, whole or not at all."""

from __future__ import annotations

import contextlib
import gzip
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any, cast

PIECE = 1 << 16
_ENCODINGS = {"": "", "identity": "", "gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}


class TooLarge(ValueError):
    """More bytes than may be taken."""


class NotWhole(ValueError):
    """The bytes are cut short, or packed in a way that is not read; the text says which."""


def encoding(headers: Mapping[str, str]) -> str:
    """The one content encoding of an answer: "", gzip or deflate. Raises NotWhole for others, or two."""
    said = (headers.get("Content-Encoding") or "").strip().lower()
    if said not in _ENCODINGS:
        raise NotWhole(f"the answer is packed as {said[:40]!r}; one gzip or deflate is read, nothing else")
    return _ENCODINGS[said]


def unpacked(pieces: Iterable[bytes], how: str, limit: int) -> bytes:
    """The whole body, no longer than `limit` bytes at any moment. Raises TooLarge, NotWhole."""
    found, size = [], 0
    for piece in _inflated(pieces, how, limit) if how else pieces:
        size += len(piece)
        if size > limit:
            raise TooLarge
        found.append(piece)
    return b"".join(found)


def _inflated(pieces: Iterable[bytes], how: str, limit: int) -> Iterable[bytes]:
    machine = _machine(how, b"")
    begun = False
    for piece in pieces:
        if not begun and piece:
            machine, begun = _machine(how, piece), True
        while piece:
            if machine.eof:
                # gzip allows one file after another; anything else behind the end is padding.
                if how != "gzip" or not piece.startswith(b"\x1f\x8b"):
                    break
                machine = _machine(how, piece)
            try:
                out = machine.decompress(piece, min(limit + 1, 1 << 20))
            except zlib.error as error:
                raise NotWhole(f"the answer says it is packed as {how} but cannot be unpacked") from error
            if out:
                yield out
            piece = machine.unused_data if machine.eof else machine.unconsumed_tail
    if begun and not machine.eof:
        raise NotWhole("the packed answer breaks off before its end")


def _machine(how: str, start: bytes) -> Any:
    if how == "gzip":
        return zlib.decompressobj(31)
    # "deflate" is a zlib stream by the standard, and a bare one from some servers.
    whole = len(start) >= 2 and start[0] & 0x0F == 8 and (start[0] << 8 | start[1]) % 31 == 0
    return zlib.decompressobj(15 if whole or not start else -15)


def file_bytes(path: Path, limit: int) -> bytes:
    """A local file, unpacked when it is gzip whatever its name says. Raises TooLarge, NotWhole, OSError."""
    with contextlib.ExitStack() as stack:
        plain = stack.enter_context(path.open("rb"))
        packed = plain.read(2) == b"\x1f\x8b"
        plain.seek(0)
        if path.suffix == ".gz" and not packed:
            raise NotWhole("its name ends in .gz but it is not a gzip file")
        stream = cast("IO[bytes]", stack.enter_context(gzip.open(plain, "rb")) if packed else plain)
        try:
            found = stream.read(limit + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise NotWhole("the packed file is damaged or breaks off before its end") from error
    if len(found) > limit:
        raise TooLarge
    return found
