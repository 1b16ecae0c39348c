"""The scanner finds a value in every form in which it could reach a browser, and nothing where there is none."""

from __future__ import annotations

import base64
import gzip
import io
import json
import struct
import zipfile
import zlib

import polars as pl
import pyarrow
import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.pages.telltales import Telltales, varint

NUMBER, MEAN, WORD = 4137209, 3871446.528, "Brindlewick"
SCAN = Telltales(numbers=(NUMBER,), derived=(MEAN,), words=(WORD,))


def _pdf(words: str) -> bytes:
    """A page that writes these words, its stream packed as it is in practice."""
    made = PdfWriter()
    page = made.add_blank_page(width=300, height=300)
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 20 200 Td ({words}) Tj ET".encode())
    page[NameObject("/Contents")] = made._add_object(stream.flate_encode())
    into = io.BytesIO()
    made.write(into)
    return into.getvalue()


def _zip(content: bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sheet1.xml", content)
    return into.getvalue()


def _arrow(column: pl.Series) -> bytes:
    into = io.BytesIO()
    column.to_frame().write_ipc_stream(into)
    return into.getvalue()


def _streamed(kind: str, content: bytes) -> bytes:
    into = pyarrow.BufferOutputStream()
    with pyarrow.CompressedOutputStream(into, kind) as stream:
        stream.write(content)
    return bytes(into.getvalue())


def _frame(body: str) -> bytes:
    message = ForwardMsg()
    message.delta.new_element.html.body = body
    return bytes(message.SerializeToString())


def _varints() -> bytes:
    message = ForwardMsg()
    message.delta.new_element.progress.value = 3
    message.metadata.delta_path.extend([0, NUMBER])
    return bytes(message.SerializeToString())


SAID = f"<b>{NUMBER:,}</b> berths".encode()
FORMS = {
    "plain": b"value: 4137209;",
    "with commas": SAID,
    "with points": b"4.137.209",
    "with thin spaces": "4\u202f137\u202f209".encode(),
    "with decimals": b"[4137209.0, 1]",
    "in millions": b"4.137209 million",
    "negative": b"-4,137,209",
    "as a power": b"4.137209e+06",
    "of two bytes a letter": "is 4137209 now".encode("utf-16-le"),
    "in an address": b"?value=4%2C137%2C209",
    "in markup": b"4&#44;137&#44;209",
    "escaped": rb'"4\u002c137\u002c209"',
    "in JSON": json.dumps({"values": [NUMBER]}).encode(),
    "int32": struct.pack("<i", NUMBER),
    "int64": struct.pack("<q", NUMBER),
    "float64": struct.pack("<d", NUMBER),
    "a varint": b"\x08" + varint(NUMBER),
    "a varint of a message": _varints(),
    "a signed varint": b"\x08" + varint(2 * NUMBER),
    "a string of a message": _frame(f"<p>{NUMBER:,}</p>"),
    "Arrow integers": _arrow(pl.Series("a", [1, NUMBER, 3])),
    "Arrow floats": _arrow(pl.Series("a", [0.5, float(NUMBER)])),
    "gzip": gzip.compress(SAID),
    "deflate": zlib.compress(SAID),
    "brotli": _streamed("brotli", b"\xc2\xa3 " + SAID * 9),
    "zstd": _streamed("zstd", SAID),
    "an office file": _zip(SAID),
    "an archive in an archive": _zip(_zip(gzip.compress(SAID))),
    "a PDF": _pdf("4,137,209 berths"),
    "base64": b"data:text/plain;base64," + base64.b64encode(SAID * 3),
    "base64 for addresses": b"x" + base64.urlsafe_b64encode(b"\xff\xfe\xfd" + SAID * 3),
    "base64 of a packed file in a message": _frame(base64.b64encode(gzip.compress(SAID)).decode()),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_number_is_found_in_every_form(form: str) -> None:
    assert SCAN.found(FORMS[form])


@pytest.mark.parametrize("written", ["3,871,447", "3871446", "3,871,446.5", repr(MEAN)])
def test_what_is_worked_out_is_found_however_it_is_rounded(written: str) -> None:
    assert SCAN.found(written.encode()) and SCAN.found(struct.pack("<d", MEAN))


def test_words_are_found_however_they_are_written() -> None:
    for content in (b"BRINDLEWICK quay", gzip.compress(b"of Brindlewick"), _pdf("Brindlewick")):
        assert SCAN.found(content) == {WORD}


@pytest.mark.parametrize(
    "content",
    [
        b"4137208 and 14137209 and 41372",
        b"the hash 0a4137209f",
        b"4,137,20",
        b"3.871 million",
        gzip.compress(b"2026-11-21T20:15:30"),
        base64.b64encode(b"no number of ours" * 9),
        _zip(b"<c>1</c>"),
        b"",
        bytes(range(256)) * 40,
    ],
)
def test_what_is_not_there_is_not_found(content: bytes) -> None:
    assert SCAN.found(content) == set()


def test_a_number_that_comes_up_by_chance_is_not_looked_for() -> None:
    with pytest.raises(ValueError, match="by chance"):
        Telltales(numbers=(413,))
