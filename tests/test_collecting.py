"""Tests run side by side: every process has to find the same ones under the same names, or nothing runs at all."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIND = [sys.executable, "-m", "pytest", "-o", "addopts=--import-mode=importlib", "--collect-only", "-q"]


def _collecting(seed: str) -> subprocess.Popen[str]:
    """A process that lists every test; its sets are in an order of its own."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.Popen(FIND, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=own | {"PYTHONHASHSEED": seed})


def test_every_process_finds_the_same_tests_in_the_same_order() -> None:
    one = _collecting("1")
    time.sleep(1.5)  # a name that holds the time in seconds is another one by now
    other = _collecting("2")
    found = [[line for line in process.communicate()[0].splitlines() if "::" in line] for process in (one, other)]
    assert len(found[0]) > 1000 and (one.returncode, other.returncode) == (0, 0)
    assert [pair for pair in zip(*found, strict=True) if pair[0] != pair[1]] == []
