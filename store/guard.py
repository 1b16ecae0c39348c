"""Run a parser on bytes we do not trust in a fresh child process, with limits and no network.

A 1.7 kB workbook can abort the process that parses it (SIGABRT, not an exception), and a small archive can unpack to
gigabytes, so no uploaded or fetched file is parsed in the server itself. The child is a new interpreter, not a fork:
it holds none of our memory, connections, settings or keys. An archive is judged by its directory, and an office
document by every XML part of it, before any parser sees it.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any

log = logging.getLogger(__name__)

Parser = Callable[[bytes, Mapping[str, str]], object]
"""Takes the file's bytes and options, returns what JSON can hold; `{"refused": sentence}` says why it will not.

A top-level function of a module that imports the standard library and its parser library alone: the child loads the
module by its path, without our packages.
"""
Streamer = Callable[[bytes, Mapping[str, str]], Generator[bytes, None, object]]
"""A parser that yields pieces of its answer, in order, and returns like a Parser when it is through."""

_MEGABYTE = 1 << 20
_CHILD = Path(__file__).with_name("_guarded_child.py")
_KEPT_VARIABLES = ("LANG", "LC_ALL", "TZ")
_AT_ONCE = BoundedSemaphore(2)
_LOOK_SECONDS = 0.05
_PIECE = struct.Struct("<Q")
_LAST = (1 << 64) - 1
"""Stands where the length of a piece would: the report follows."""


class GuardRefused(ValueError):
    """The file cannot be taken; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a parser may use before it is ended."""

    memory_mb: int = 1024
    """Address space of the child, in MB."""
    cpu_seconds: int = 10
    wall_seconds: float = 60.0
    result_mb: int = 64
    """The parser's answer, in MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a parser returned and what it cost."""

    value: Any
    peak_mb: float
    """Largest resident memory of the child, in MB."""
    cpu_seconds: float


def parse(
    parser: Parser,
    data: bytes,
    options: Mapping[str, str],
    *,
    limits: Limits | None = None,
) -> Parsed:
    """Run a parser in a child process. Raises GuardRefused, and nothing worse, whatever the file does to the child."""
    running = _run(parser, data, options, limits=limits or Limits())
    while True:
        try:
            next(running)
        except StopIteration as done:
            found: Parsed = done.value
            return found


def stream(
    parser: Streamer,
    data: bytes,
    options: Mapping[str, str],
    *,
    limits: Limits | None = None,
) -> Generator[bytes, None, Parsed]:
    """Yield the pieces of a parser's answer while the child still works; returns what the parser returned.

    Raises GuardRefused like `parse`, possibly after some pieces: they are worth nothing then.
    """
    return _run(parser, data, options, limits=limits or Limits())


def _run(
    parser: Parser | Streamer, data: bytes, options: Mapping[str, str], *, limits: Limits
) -> Generator[bytes, None, Parsed]:
    order = {
        "file": str(sys.modules[parser.__module__].__file__),
        "function": parser.__name__,
        "options": dict(options),
        "memory": limits.memory_mb * _MEGABYTE,
        "cpu": limits.cpu_seconds,
        "result": limits.result_mb * _MEGABYTE,
    }
    # Files rather than pipes: no half-read pipe can block either side.
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as answer,
        _AT_ONCE,
    ):
        given.write(json.dumps(order).encode("ascii") + b"\n")
        given.write(data)
        given.seek(0)
        with _started(given, answer) as child:
            try:
                report = yield from _pieces(child, answer, time.monotonic() + limits.wall_seconds)
            finally:
                child.kill()
        return _understood(report)


def _started(given: IO[bytes], answer: IO[bytes]) -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    # One arithmetic thread: each would reserve address space of its own under the limit. And the workbook reader
    # takes lxml where it finds it, whose entity rules are others than those of defusedxml.
    environment |= {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "OPENPYXL_LXML": "False",
    }
    # -I: no PYTHON* variables, no user packages, no current folder on the path.
    command = [sys.executable, "-I", "-B", "-X", "utf8", str(_CHILD)]
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own file; nothing of the source is in it
        command,
        stdin=given,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd="/",
        close_fds=True,
    )


def _pieces(child: subprocess.Popen[bytes], answer: IO[bytes], deadline: float) -> Generator[bytes, None, bytes]:
    """Every piece as soon as it is whole; returns the report, empty when the child did not live to write one."""
    place = 0
    code: int | None = None
    while code is None:
        try:
            code = child.wait(timeout=min(_LOOK_SECONDS, max(0.0, deadline - time.monotonic())))
        except subprocess.TimeoutExpired:
            if time.monotonic() >= deadline:
                child.kill()
                code = -signal.SIGKILL
        for piece in _whole(answer, place):
            place += _PIECE.size + len(piece)
            yield piece
    # The child shares our place in the file, so it is read at stated places and never moved.
    size = os.fstat(answer.fileno()).st_size
    report = os.pread(answer.fileno(), size - place, place) if code == 0 else b""
    return report[_PIECE.size :] if report[: _PIECE.size] == _PIECE.pack(_LAST) else b""


def _whole(answer: IO[bytes], place: int) -> Iterator[bytes]:
    number = answer.fileno()
    while True:
        head = os.pread(number, _PIECE.size, place)
        if len(head) < _PIECE.size or (length := _PIECE.unpack(head)[0]) == _LAST:
            return
        if os.fstat(number).st_size < place + _PIECE.size + length:
            return
        yield os.pread(number, length, place + _PIECE.size)
        place += _PIECE.size + length


def _understood(report: bytes) -> Parsed:
    if not report:
        raise GuardRefused(
            "The file took more memory or time than a file of its kind should: save a fresh, plain copy of it."
        )
    told = json.loads(report)
    value = told["value"]
    if isinstance(value, dict) and "refused" in value:
        if fault := value.get("fault"):
            log.warning("a parser gave up on a file: %s", fault)
        raise GuardRefused(f"{value['refused']}.")
    return Parsed(value=value, peak_mb=told["peak_mb"], cpu_seconds=told["cpu_seconds"])
