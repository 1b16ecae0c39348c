"""The guarded child process: answers in pieces, limits, and archives judged before any parser sees them."""

from __future__ import annotations

import importlib.util
import io
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from governance import guard as governed
from governance.errors import Invalid
from store.guard import GuardRefused, Limits, parse, stream


@pytest.fixture
def parsers(tmp_path: Path) -> ModuleType:
    """Parsers that answer piece by piece, well or badly."""
    path = tmp_path / "streaming_parsers.py"
    path.write_text(
        "import os\n"
        "def counts(data, options):\n    for n in range(3): yield data + bytes([n])\n    return {'done': 3}\n"
        "def large(data, options):\n    for n in range(20): yield bytes(1 << 20)\n    return 20\n"
        "def dies(data, options):\n    yield b'one'\n    os.abort()\n"
        "def raises(data, options):\n    yield b'one'\n    raise KeyError('x')\n"
        "def refuses(data, options):\n    yield b'one'\n    return {'refused': 'Not this one'}\n"
        "def size(data, options): return len(data)\n"
    )
    spec = importlib.util.spec_from_file_location("streaming_parsers", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["streaming_parsers"] = module
    spec.loader.exec_module(module)
    return module


def test_pieces_come_in_order_and_the_answer_last(parsers: ModuleType) -> None:
    pieces = stream(parsers.counts, b"x", {})
    assert [next(pieces) for _ in range(3)] == [b"x\x00", b"x\x01", b"x\x02"]
    with pytest.raises(StopIteration) as done:
        next(pieces)
    assert done.value.value.value == {"done": 3}


def test_many_large_pieces_arrive_whole(parsers: ModuleType) -> None:
    assert [len(piece) for piece in stream(parsers.large, b"", {})] == [1 << 20] * 20


@pytest.mark.parametrize("name", ["dies", "raises", "refuses"])
def test_a_parser_that_fails_after_a_piece_is_refused(parsers: ModuleType, name: str) -> None:
    with pytest.raises(GuardRefused) as refused:
        list(stream(getattr(parsers, name), b"", {}))
    assert refused.value.sentence.endswith(".")


def test_more_pieces_than_are_allowed_are_refused(parsers: ModuleType) -> None:
    with pytest.raises(GuardRefused, match="split it"):
        list(stream(parsers.large, b"", {}, limits=Limits(result_mb=4)))


def test_rooms_above_the_ground_get_an_invalid(parsers: ModuleType) -> None:
    with pytest.raises(Invalid):
        list(governed.stream(parsers.refuses, b"", {}))
    assert list(governed.stream(parsers.counts, b"", {})) == [b"\x00", b"\x01", b"\x02"]


def test_an_archive_is_judged_before_its_parser_sees_it(parsers: ModuleType) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/a.xml", b"<!DOCTYPE x><x/>")
    with pytest.raises(GuardRefused, match="no spreadsheet program writes"):
        parse(parsers.size, archive.getvalue(), {})
    with pytest.raises(GuardRefused, match="damaged"):
        parse(parsers.size, archive.getvalue()[:60], {})
