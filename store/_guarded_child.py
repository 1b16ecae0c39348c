"""What a guarded child process runs: limits first, then one parser, then its pieces and one JSON answer.

A plain script of the standard library alone, never imported by the server: `store.guard` starts it by its path.
"""

from __future__ import annotations

import importlib.util
import io
import json
import mimetypes
import os
import resource
import struct
import sys
import zipfile
from collections.abc import Generator
from pathlib import Path
from typing import IO, Any

_MEGABYTE = 1 << 20
_REFUSED_EVENTS = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
    "ctypes.",
)
_TOO_MUCH = "The file holds more than can be read at once: split it"
_TOO_FULL = "The workbook unpacks to far more than a list holds: save the values in a new workbook"
_STRANGE = "The workbook holds parts that no spreadsheet program writes: save the values in a new one"
_DAMAGED = "The workbook is damaged: open it in a spreadsheet program and save it again as .xlsx"
_UNREADABLE = "The file is damaged or is not of the kind its name says: save it again"
_MOST_UNPACKED = 400 * _MEGABYTE
_MOST_MEMBERS = 1_000
_MOST_RATIO = 100
_PIECE = struct.Struct("<Q")
_LAST = (1 << 64) - 1


class _Refused(Exception):
    """Why the file is not taken, as a sentence."""


def main() -> None:
    """Read the order and the file from stdin, answer on stdout."""
    order = json.loads(sys.stdin.buffer.readline())
    answer = os.fdopen(os.dup(1), "wb")
    # A library that prints would spoil the answer.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    status = Path("/proc/self/status")
    about_us = status.open() if status.exists() else None
    _limit(order["memory"], order["cpu"], order["result"])
    _shut(order["file"])
    value = _value(order, sys.stdin.buffer.read(), answer)
    text = json.dumps({"value": value, **_cost(about_us)}).encode("ascii")
    if len(text) > order["result"]:
        text = json.dumps({"value": {"refused": _TOO_MUCH}, **_cost(about_us)}).encode("ascii")
    answer.write(_PIECE.pack(_LAST) + text)
    answer.close()


def _value(order: dict[str, Any], data: bytes, answer: IO[bytes]) -> object:
    spec = importlib.util.spec_from_file_location("guarded_parser", order["file"])
    if spec is None or spec.loader is None:
        raise ImportError(order["file"])
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    try:
        _inspect(data)
        value = getattr(module, order["function"])(data, order["options"])
        return _streamed(value, answer, order["result"]) if isinstance(value, Generator) else value
    except _Refused as refused:
        return {"refused": str(refused)}
    except zipfile.BadZipFile:
        return {"refused": _DAMAGED}
    except MemoryError:
        return {"refused": "The file needs more memory than a file of its kind should: save a fresh, plain copy of it"}
    except RecursionError:
        return {"refused": "The file is nested too deeply to be read: save a fresh, plain copy of it"}
    except Exception as fault:  # any fault of a parser is a statement about the file, not a crash of ours
        return {"refused": _UNREADABLE, "fault": type(fault).__name__}


def _streamed(pieces: Generator[bytes, None, object], answer: IO[bytes], most: int) -> object:
    written = 0
    while True:
        try:
            piece = next(pieces)
        except StopIteration as done:
            return done.value
        written += _PIECE.size + len(piece)
        if written > most:
            raise _Refused(_TOO_MUCH)
        answer.write(_PIECE.pack(len(piece)) + piece)
        answer.flush()


def _inspect(data: bytes) -> None:
    """Judge an archive by its directory, then every XML part by its bytes, before any parser sees it."""
    if not data.startswith(b"PK\x03\x04"):
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        unpacked = sum(member.file_size for member in members)
        packed = max(1, sum(member.compress_size for member in members))
        if len(members) > _MOST_MEMBERS or unpacked > _MOST_UNPACKED or _ratio_too_high(members, unpacked / packed):
            raise _Refused(_TOO_FULL)
        for member in members:
            if member.flag_bits & 1:
                raise _Refused("The workbook has a password: save it without one")
            if member.filename.lower().endswith((".xml", ".rels", ".vml")):
                _inspect_part(archive, member)


def _ratio_too_high(members: list[zipfile.ZipInfo], ratio: float) -> bool:
    if sum(member.file_size for member in members) > _MEGABYTE and ratio > _MOST_RATIO:
        return True
    return any(m.file_size > _MEGABYTE and m.file_size / max(1, m.compress_size) > _MOST_RATIO for m in members)


def _inspect_part(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Refuse what no spreadsheet program writes: a document type, entities, or a text form that could hide them."""
    tail = b""
    with archive.open(member) as part:
        while chunk := part.read(1 << 16):
            window = tail + chunk
            if b"<!DOCTYPE" in window or b"<!ENTITY" in window or b"\x00" in chunk:
                raise _Refused(_STRANGE)
            tail = window[-16:]


def _limit(memory: int, cpu: int, result: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (result + _MEGABYTE, result + _MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def _shut(parser_file: str) -> None:
    """No network, no other program, no file but the libraries': an audit hook cannot be taken away again."""
    folders = {sys.prefix, sys.base_prefix, *(folder for folder in sys.path if folder)}
    readable = tuple(f"{Path(folder).resolve()}{os.sep}" for folder in folders)
    named = {str(Path(file).resolve()) for file in (parser_file, os.devnull, *mimetypes.knownfiles)}

    def guard(event: str, arguments: tuple[object, ...]) -> None:
        if event.startswith(_REFUSED_EVENTS):
            raise PermissionError(event)
        if event == "open" and isinstance(arguments[0], str):
            path = str(Path(arguments[0]).resolve())
            if path not in named and not path.startswith(readable):
                raise PermissionError(event)

    sys.addaudithook(guard)


def _cost(status: IO[str] | None) -> dict[str, float]:
    """Largest memory and processor time so far.

    The kernel's own figure (ru_maxrss) begins with the size of the process that started us, so Linux's VmHWM is
    taken where there is one.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak = used.ru_maxrss
    if status is not None:
        status.seek(0)
        peak = next((int(line.split()[1]) for line in status if line.startswith("VmHWM:")), peak)
    return {"peak_mb": peak / 1024, "cpu_seconds": used.ru_utime + used.ru_stime}


if __name__ == "__main__":
    main()
