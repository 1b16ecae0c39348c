"""Run processes and read what they cost: CPU seconds, wall seconds, peak memory."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "bench"
COMMONTABLE = (sys.executable, "-m", "entrypoints.cli")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one process cost from its start to its end."""

    output: str
    status: int
    cpu: float
    """Seconds, those of the children it waited for included."""
    wall: float
    peak: float
    """MB of memory at the most."""

    def answer(self) -> Any:
        """The last line of its output, which is JSON."""
        return json.loads(self.output.splitlines()[-1])


def environment(home: Path | None = None) -> dict[str, str]:
    """The environment of a process of ours: its home, nothing of the machine's own settings, and compiled modules."""
    dropped = ("COMMONTABLE_", "STREAMLIT_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    kept["PYTHONPYCACHEPREFIX"] = str(CACHE / "pycache")
    return kept | ({"COMMONTABLE_HOME": str(home)} if home else {})


def run(command: Sequence[str], *, env: Mapping[str, str], allowed: Sequence[int] = (0,)) -> Cost:
    """Run a command to its end. Raises SystemExit with its last words when it fails."""
    began = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, env=dict(env), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        watch = _Watch(process.pid)
        errors: list[str] = []
        assert process.stdout is not None and process.stderr is not None
        stderr = process.stderr
        reader = threading.Thread(target=lambda: errors.append(stderr.read()))
        reader.start()
        output = process.stdout.read()
        reader.join()
        watch.stop()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in allowed:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{output[-1000:]}{errors[0][-3000:]}")
    wall, cpu = time.perf_counter() - began, used.ru_utime + used.ru_stime
    return Cost(output=output, status=process.returncode, cpu=cpu, wall=wall, peak=watch.peak)


class _Watch:
    """Reads a process's memory high-water mark; rusage would count that of the process it was forked from."""

    def __init__(self, pid: int) -> None:
        self.peak = 0.0
        self._status = Path(f"/proc/{pid}/status")
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(0.05):
            with contextlib.suppress(OSError, IndexError):
                self.peak = max(self.peak, int(self._status.read_text().partition("VmHWM:")[2].split()[0]) / 1024)

    def stop(self) -> None:
        self._over.set()
        self._thread.join()


def cpu_of(pid: int) -> float:
    """CPU seconds a running process has used, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def free_port() -> int:
    """A loopback port nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody listens at this loopback port."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@contextlib.contextmanager
def background(command: Sequence[str], *, env: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process for the length of the block; ended, and waited for, behind it."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as written:
        process = subprocess.Popen(command, cwd=ROOT, env=dict(env), stdout=written, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
