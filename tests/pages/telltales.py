"""Look for values that may be nowhere, however they are written, packed, counted or hidden inside other files."""

from __future__ import annotations

import base64
import binascii
import html
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote_to_bytes

import pyarrow
import pypdf

DIGITS = 7
"""Of every number that tells: as many do not come up by chance."""
_DEEPEST = 4
_SPACES = "\u00a0\u2007\u2009\u202f"
_NUMBER = re.compile(
    rf"(?<![0-9a-fA-F])(?:\d{{1,3}}(?:[,.'_ {_SPACES}]\d{{3}}){{2,}}|\d[.,]\d{{6,}}|\d{{{DIGITS},}}(?![0-9a-fA-F]))"
)
"""Not within an id of such letters."""
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_GZIP = re.compile(rb"\x1f\x8b\x08")
_ZSTD = b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True, kw_only=True)
class Telltales:
    """Numbers of seven digits, words, and what is made of the numbers."""

    numbers: tuple[int, ...]
    """As the source has them: looked for in every form there is of them."""
    derived: tuple[float, ...] = ()
    """What is worked out of them: looked for as they are written, and as packed doubles."""
    words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError for a number that is not of seven digits."""
        if any(not 10 ** (DIGITS - 1) <= abs(each) < 10**DIGITS for each in (*self.numbers, *self.derived)):
            raise ValueError("a number of fewer digits comes up by chance")

    def found(self, *contents: bytes) -> set[str]:
        """What of it is in these bytes, however deep."""
        return self.within(unpacked(*contents))

    def within(self, everything: bytes) -> set[str]:
        """What of it is in what `unpacked` gave: for who looks for several."""
        return self._written(everything) | self._packed(everything)

    @cached_property
    def _digits(self) -> dict[str, str]:
        """The digits that a number is written with, cut off or rounded."""
        told = {f"{number:.0f}".lstrip("-"): f"{number:g}" for number in self.derived}
        told |= {f"{int(number)}".lstrip("-"): f"{number:g}" for number in self.derived}
        return told | {f"{abs(number)}": f"{number}" for number in self.numbers}

    def _written(self, content: bytes) -> set[str]:
        told: set[str] = set()
        for text in _texts(content):
            for each in _NUMBER.finditer(text):
                written = "".join(filter(str.isdigit, each.group()))[:DIGITS]
                told |= {self._digits[written]} if written in self._digits else set()
            lower = text.lower()
            told |= {word for word in self.words if word.lower() in lower}
        return told

    @cached_property
    def _bytes(self) -> dict[bytes, str]:
        """Every form in which a number is packed: integers, doubles and protobuf's varints, the low end first.

        The four bytes of an integer are the first of its eight as well. What has three bytes comes up by chance.
        """
        told: dict[bytes, str] = {}
        for number in self.numbers:
            forms = (struct.pack("<i", number), struct.pack("<d", number), varint(number), varint(number << 1))
            told |= dict.fromkeys((each for each in forms if len(each) > 3), f"packed {number}")
        for value in self.derived:
            told[struct.pack("<d", value)] = f"packed {value:g}"
        return told

    def _packed(self, content: bytes) -> set[str]:
        return {name for form, name in self._bytes.items() if form in content}


def varint(number: int) -> bytes:
    """A whole number as protobuf packs it."""
    told = bytearray()
    while number > 127:
        told.append(number & 127 | 128)
        number >>= 7
    return bytes((*told, number))


def _texts(content: bytes) -> Iterator[str]:
    """The bytes as text: as it stands, of two bytes a letter, out of an address, out of markup."""
    plain = content.decode("utf-8", "ignore")
    yield plain
    if b"\0" in content:
        yield content.replace(b"\0", b"").decode("utf-8", "ignore")
    if "%" in plain:
        yield unquote_to_bytes(content).decode("utf-8", "ignore")
    if "&" in plain:
        yield html.unescape(plain)
    if "\\u" in plain:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda each: chr(int(each.group(1), 16)), plain)


def unpacked(*contents: bytes) -> bytes:
    """All of the contents and whatever is packed in them, one after the other: searching once is cheap."""
    return b"\n\n".join(piece for each in contents for piece in _opened(each))


def _opened(content: bytes, depth: int = 0) -> Iterator[bytes]:
    """The bytes, and whatever can be unpacked out of them: archives, streams, base64, the text of a PDF.

    Of an archive and a PDF only what is in them: compressed, they hold any few bytes by chance.
    """
    if content[:2] != b"PK" and content[:4] != b"%PDF":
        yield content
    if depth < _DEEPEST:
        for inside in _inside(content, depth):
            yield from _opened(inside, depth + 1)


def _inside(content: bytes, depth: int) -> Iterable[bytes]:
    if content[:2] == b"PK":
        return _archive(content)
    if content[:4] == b"%PDF":
        return _pdf(content)
    return [
        *_inflated(content),
        *(_brotli(content) if not depth else ()),
        *(_decoded(content) if depth < _DEEPEST - 2 else ()),
    ]


def _archive(content: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            yield name.encode()
            yield archive.read(name)


_FONT = {"/Length1", "/Length2", "/Length3"}
"""Keys that only a stream with a font has; one that is set by itself has its kind as /Subtype."""
_FONT_KINDS = ("/Type1C", "/CIDFontType0C", "/OpenType")


def _pdf(content: bytes) -> Iterator[bytes]:
    """The text of the pages, and every stream but fonts."""
    read = pypdf.PdfReader(io.BytesIO(content))
    yield "\n".join(page.extract_text() for page in read.pages).encode()
    for number in range(1, int(str(read.trailer["/Size"]))):
        kept = read.get_object(number)
        if isinstance(kept, pypdf.generic.StreamObject) and not _is_font(kept):
            yield kept.get_data()


def _is_font(stream: pypdf.generic.StreamObject) -> bool:
    return bool(_FONT & set(stream)) or str(stream.get("/Subtype", "")) in _FONT_KINDS


def _inflated(content: bytes) -> Iterator[bytes]:
    """What was compressed, wherever it begins."""
    starts = [(each.start(), zlib.MAX_WBITS | 16) for each in _GZIP.finditer(content)]
    for start, form in [*starts, *([(0, zlib.MAX_WBITS)] if content[:1] == b"\x78" else [])]:
        try:
            yield zlib.decompressobj(form).decompress(content[start:])
        except zlib.error:
            continue
    if content.startswith(_ZSTD):
        yield from _streamed(content, "zstd")


def _brotli(content: bytes) -> Iterator[bytes]:
    """A whole body only: a stream of this sort has no sign at its beginning, so it is tried; text is none."""
    return iter(()) if content[:64].isascii() else _streamed(content, "brotli")


def _streamed(content: bytes, kind: str) -> Iterator[bytes]:
    try:
        with pyarrow.CompressedInputStream(pyarrow.BufferReader(content), kind) as stream:
            yield stream.read()
    except OSError:
        return


def _decoded(content: bytes) -> Iterator[bytes]:
    """Runs of base64; a letter before one may belong to something else, so each of four places is tried."""
    for each in _BASE64.finditer(content):
        letters = each.group().rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        for place in range(4):
            run = letters[place:]
            try:
                yield base64.b64decode(run[: len(run) - (len(run) % 4 == 1)] + b"=" * (-len(run) % 4))
            except binascii.Error:
                continue
