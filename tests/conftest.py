"""What every test may ask for: a fresh home, the shared ground, PostgreSQL where there is one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

import store
from store.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
CHROMIUM = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""How Debian's Chromium is started: headless, and asking nobody for anything."""
IN_CI = bool(os.environ.get("CI"))

settings.register_profile("no clock", deadline=None)
settings.load_profile("no clock")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by their place: what packs them may write the time into them, and each process has its own."""
    return argname if isinstance(val, bytes) else None


def missing(what: str) -> None:
    """In CI nothing may be skipped for want of a part; elsewhere the reason is said plainly."""
    if IN_CI:
        pytest.fail(f"CI needs {what}")
    pytest.skip(f"{what} is not here")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared ground beside the project: real answers, vectors, hostile files."""
    if not SHARED.is_dir():
        missing("the folder ../shared")
    return SHARED


@pytest.fixture(scope="session")
def postgres_url(worker_id: str) -> str:
    """An empty PostgreSQL database that tests may fill and empty: one for each process that tests."""
    url = os.environ.get("COMMONTABLE_TEST_POSTGRES", "")
    if not url:
        missing("PostgreSQL (COMMONTABLE_TEST_POSTGRES)")
    own = f"{url}_{worker_id}"
    make_database(url, own.rpartition("/")[2])
    return own


def _databases() -> list[str]:
    return ["sqlite", "postgresql"] if os.environ.get("COMMONTABLE_TEST_POSTGRES") else ["sqlite"]


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database at the newest migration, to be copied: a copy takes a fifth of an upgrade."""
    name = f"{postgres_url.rpartition('/')[2]}_template"
    make_database(postgres_url, name)
    store.use_settings(
        Settings(home=tmp_path_factory.mktemp("template"), database_url=f"{postgres_url.rpartition('/')[0]}/{name}")
    )
    store.upgrade()
    store.use_settings(None)
    return name


def make_database(url: str, name: str, *, template: str = "template1") -> None:
    """Make a database anew, whoever is still connected to the old one."""
    from sqlalchemy import create_engine, text

    server = url.replace("postgresql://", "postgresql+psycopg://", 1).rpartition("/")[0]
    made = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with made.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    made.dispose()


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder with nothing in it."""
    folder = tmp_path / "home"
    monkeypatch.setenv("COMMONTABLE_HOME", str(folder))
    monkeypatch.delenv("COMMONTABLE_DATABASE_URL", raising=False)
    store.use_settings(Settings(home=folder))
    yield folder
    store.use_settings(None)


@pytest.fixture(params=_databases())
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder with a database at the newest migration: SQLite, and PostgreSQL where there is one."""
    folder = tmp_path / "home"
    monkeypatch.setenv("COMMONTABLE_HOME", str(folder))
    url = ""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
        make_database(url, url.rpartition("/")[2], template=request.getfixturevalue("postgres_template"))
        monkeypatch.setenv("COMMONTABLE_DATABASE_URL", url)
    else:
        monkeypatch.delenv("COMMONTABLE_DATABASE_URL", raising=False)
    store.use_settings(Settings(home=folder, database_url=url))
    store.upgrade()
    yield folder
    store.use_settings(None)


def chromium() -> str:
    """The path of the browser on this machine."""
    found = [path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))]
    if not found:
        missing("Chromium (apt-get install chromium)")
    return found[0]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all browser tests."""
    path = chromium()
    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM))
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser without any cookie, light, 1280 px wide."""
    made = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab of it."""
    return context.new_page()
