"""What tests of jobs ask for: a jobs database of their own, and processes to kill."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from store import _jobruntime, jobs
from store.settings import Settings, use_settings

CHILD = Path(__file__).with_name("jobs_child.py")


@pytest.fixture(params=["sqlite", "postgresql"])
def jobs_home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for one test's jobs database, or a PostgreSQL database of its own."""
    folder, url, name = tmp_path / "home", "", f"jobs_{uuid.uuid4().hex[:12]}"
    if request.param == "postgresql":
        base = request.getfixturevalue("postgres_url")
        _outside(base, f"CREATE DATABASE {name}")
        url = base.rpartition("/")[0] + f"/{name}"
    monkeypatch.setenv("COMMONTABLE_HOME", str(folder))
    monkeypatch.setenv("COMMONTABLE_DATABASE_URL", url)
    # What other rooms have scheduled in this process asks for tables that are not here.
    own = [each for each in _jobruntime._ticks if each.__module__.startswith("store.")]
    monkeypatch.setattr(_jobruntime, "_ticks", own)
    use_settings(Settings(home=folder, database_url=url))
    yield folder
    jobs.stop(5)
    use_settings(None)
    if url:
        _outside(base, f"DROP DATABASE {name} WITH (FORCE)")


def _outside(url: str, statement: str) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def spawn() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts child processes and waits until they are ready; whatever is left is ended."""
    begun: list[subprocess.Popen[str]] = []

    def start(*arguments: str, ready: bool = True) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, str(CHILD), *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        begun.append(child)
        if ready and child.stdout is not None:
            assert child.stdout.readline().strip() == "ready"
        return child

    yield start
    for child in begun:
        child.kill()
        child.communicate()
