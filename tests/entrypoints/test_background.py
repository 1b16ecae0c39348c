"""Every process that may be handed background work knows all of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("connectors", "catalogue", "governance", "reportcards", "sharing", "meetings", "entrypoints")
DOORS = {
    "worker": "from entrypoints.cli import commands; commands(['worker'])",
    "a command": "from entrypoints._commands import working; working().__enter__()",
    "the app": "from entrypoints import api; api.start_jobs()",
}
ASKED = """
import sys
import store
from store import jobs
store.upgrade()

def launch(**_options):
    from catalogue import reading
    print("opener" if reading._trade.opener else "no opener", *sys.modules)
    sys.exit(0)

jobs.launch = launch
"""


def working_modules() -> set[str]:
    """Those that register a workflow, a turn or a notice, as their text says."""
    found = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return {
        str(path.relative_to(ROOT).with_suffix("")).replace("/", ".")
        for path in found
        if re.search(r"^@(jobs\.(workflow|on_day|on_tick)|offered)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }


@pytest.mark.parametrize("door", DOORS)
def test_whatever_has_background_work_is_there_before_the_jobs_are_launched(tmp_path: Path, door: str) -> None:
    env = {**os.environ, "COMMONTABLE_HOME": str(tmp_path / "home"), "COMMONTABLE_DATABASE_URL": ""}
    line = [sys.executable, "-c", ASKED + DOORS[door]]
    told = subprocess.run(line, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)
    said = told.stdout.splitlines()[-1].split() if told.stdout else []
    assert said[:1] == ["opener"], told.stdout[-300:] + told.stderr[-2000:]
    assert working_modules() <= set(said)
