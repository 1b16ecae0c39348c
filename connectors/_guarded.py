"""Run a parser on bytes we do not trust in a fresh child process, with limits and no network.

A 1.7 kB workbook can abort the process that parses it (SIGABRT, not an exception), and a small archive can unpack to
gigabytes, so no uploaded or fetched file is parsed in the server itself. The child is a new interpreter, not a fork:
it holds none of our memory, connections, settings or keys.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any

from governance.errors import Invalid

Parser = Callable[[bytes, Mapping[str, str]], object]
"""Takes the file's bytes and options, returns what JSON can hold; `{"refused": sentence}` says why it will not.

A top-level function of a module that imports the standard library and its parser library alone: the child loads the
module by its path, without our packages.
"""

_MEGABYTE = 1 << 20
_CHILD = Path(__file__).with_name("_guarded_child.py")
_KEPT_VARIABLES = ("LANG", "LC_ALL", "TZ")
_AT_ONCE = BoundedSemaphore(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a parser may use before it is ended."""

    memory_mb: int = 1024
    """Address space of the child, in MB."""
    cpu_seconds: int = 10
    wall_seconds: float = 60.0
    result_mb: int = 64
    """The parser's answer as JSON, in MB."""


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
    """Run a parser in a child process. Raises Invalid, and nothing worse, whatever the file does to the child."""
    limits = limits or Limits()
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
        given.write(json.dumps(order).encode("ascii") + b"\n" + data)
        given.seek(0)
        code = _run(given, answer, limits.wall_seconds)
        answer.seek(0)
        return _understood(answer.read(), code)


def _run(given: IO[bytes], answer: IO[bytes], wall_seconds: float) -> int:
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
    with subprocess.Popen(  # noqa: S603 - our own interpreter and our own file; nothing of the source is in it
        command,
        stdin=given,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd="/",
        close_fds=True,
    ) as child:
        try:
            return child.wait(timeout=wall_seconds)
        except subprocess.TimeoutExpired:
            return -signal.SIGKILL
        finally:
            child.kill()


def _understood(answer: bytes, code: int) -> Parsed:
    if code != 0:
        raise Invalid(
            "The file took more memory or time than a file of its kind should: save a fresh, plain copy of it."
        )
    report = json.loads(answer)
    value = report["value"]
    if isinstance(value, dict) and "refused" in value:
        raise Invalid(f"{value['refused']}.")
    return Parsed(value=value, peak_mb=report["peak_mb"], cpu_seconds=report["cpu_seconds"])
