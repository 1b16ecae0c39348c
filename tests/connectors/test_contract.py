"""What every connector must keep to, run over the registry: a new kind of source is tested by being there."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import connectors
from catalogue.records import Completeness, Ending, Item, Page, Record, Seen, SourceAddress
from connectors import Connector, registry
from connectors._pace import Pace
from connectors._web import Limits, Web
from governance.errors import SourceError, SourceUnreachable, SourceUnreadable

COUNT = 650
NAMES = sorted(registry())
Answer = Callable[[str, dict[str, list[str]]], tuple[int, str, bytes]]


@dataclass
class Site:
    """A web server on this machine that answers every path by one function."""

    url: str
    answer: Answer
    hold: threading.Event
    """Set when a hanging answer may end."""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    made = Site(url="", answer=lambda *_: (404, "text/plain", b""), hold=threading.Event())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            posted = self.rfile.read(length)
            parts = urlsplit(self.path)
            asked = parse_qs(parts.query)
            if posted.startswith(b"{"):
                asked |= {key: [str(value)] for key, value in json.loads(posted).items()}
            status, kind, body = made.answer(parts.path, asked)
            # A client that lost patience has hung up.
            with contextlib.suppress(OSError):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield made
    made.hold.set()
    server.shutdown()
    server.server_close()


def ckan(path: str, asked: dict[str, list[str]]) -> tuple[int, str, bytes]:
    if not path.endswith(("status_show", "package_search")):
        return 404, "application/json", b'{"success": false, "error": {"message": "Not found"}}'
    start, rows = (int(asked.get(key, [fallback])[0]) for key, fallback in (("start", "0"), ("rows", "10")))
    listed = [{"id": f"id-{n:04}", "name": f"name-{n:04}", "title": f"Dataset {n}"} for n in range(COUNT)]
    found = {"count": COUNT, "results": listed[start : start + rows]} if "search" in path else {"ckan_version": "2.10"}
    return 200, "application/json", json.dumps({"success": True, "result": found}).encode()


def data_json(path: str, asked: dict[str, list[str]]) -> tuple[int, str, bytes]:
    listed = [{"identifier": f"D-{n}", "title": f"Dataset {n}"} for n in range(COUNT)]
    return 200, "application/json", json.dumps({"dataset": listed}).encode()


def inventory(path: str, asked: dict[str, list[str]]) -> tuple[int, str, bytes]:
    made = io.StringIO()
    csv.writer(made).writerows([["Reference", "Title"], *[[f"R-{n}", f"Dataset {n}"] for n in range(COUNT)]])
    return 200, "text/csv", made.getvalue().encode()


SOUND: dict[str, Answer] = {"ckan": ckan, "data_json": data_json, "inventory": inventory}


def kind(name: str) -> Connector:
    return registry()[name]


def address(site: Site, name: str) -> SourceAddress:
    allowed = site.url.removeprefix("http://").rstrip("/")
    return SourceAddress(name="test", kind=name, location=site.url, allow=(allowed,))


def impatient(source: SourceAddress) -> Web:
    """The real client with little patience, and no pauses between its tries."""
    pace = Pace(sleep=lambda _: None)
    return Web(allow=source.allow, pace=pace, limits=Limits(connect=2, silence=0.4, request=0.8))


def read(site: Site, name: str, *, after: str = "", known: Callable[[str, str], bool] = lambda *_: False) -> list[Page]:
    source = address(site, name)
    client = Web(allow=source.allow, pace=Pace(sleep=lambda _: None))
    try:
        return list(kind(name).read(source, client, after, known))
    finally:
        client.close()


def items(pages: list[Page]) -> list[Item]:
    return [item for page in pages for item in page.items]


def ending(pages: list[Page]) -> Ending:
    assert [page.ending is not None for page in pages] == [False] * (len(pages) - 1) + [True]
    last = pages[-1].ending
    assert last is not None
    return last


def test_every_connector_has_a_sound_source_in_this_suite() -> None:
    assert set(NAMES) == set(SOUND)


def test_every_file_of_the_folder_is_one_connector() -> None:
    folder = Path(connectors.__file__).parent
    files = {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}
    assert {one.read.__module__.removeprefix("connectors.") for one in registry().values()} == files
    assert len(registry()) == len(files)


@pytest.mark.parametrize("name", NAMES)
def test_a_connector_says_what_it_is(name: str) -> None:
    one = kind(name)
    assert one.name == name
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    assert one.title
    assert one.about.endswith(".")
    assert one.version >= 1


@pytest.mark.parametrize("name", NAMES)
def test_no_connector_knows_another_or_the_database(name: str) -> None:
    code = Path(str(connectors.__file__)).with_name(f"{kind(name).read.__module__.split('.')[-1]}.py").read_text()
    others = "|".join(one for one in NAMES if one != name)
    assert not re.search(rf"^\s*(from|import) (sqlalchemy|store|connectors\.({others}))\b", code, re.MULTILINE)
    assert not re.search(rf"^from connectors import .*\b({others})\b", code, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_a_sound_source_is_read_whole_with_a_proved_ending(site: Site, name: str) -> None:
    site.answer = SOUND[name]
    pages = read(site, name)
    found = items(pages)
    assert len(found) == COUNT
    assert all(isinstance(item, Record) for item in found)
    assert len({item.identity for item in found}) == COUNT
    assert ending(pages).completeness is Completeness.COMPLETE
    assert ending(pages).reason
    assert all(page.cursor for page in pages[:-1])
    assert {page.total for page in pages} == {COUNT}


@pytest.mark.parametrize("name", NAMES)
def test_a_second_reading_equals_the_first(site: Site, name: str) -> None:
    site.answer = SOUND[name]
    assert read(site, name) == read(site, name)


@pytest.mark.parametrize("name", NAMES)
def test_a_reading_resumes_behind_any_page_with_the_rest_and_the_same_ending(site: Site, name: str) -> None:
    site.answer = SOUND[name]
    whole = read(site, name)
    for place, page in enumerate(whole[:-1]):
        rest = read(site, name, after=page.cursor)
        assert items(rest) == items(whole[place + 1 :])
        assert ending(rest) == ending(whole)


@pytest.mark.parametrize("name", NAMES)
def test_what_the_catalogue_already_holds_is_only_seen(site: Site, name: str) -> None:
    site.answer = SOUND[name]
    first = [item for item in items(read(site, name)) if isinstance(item, Record)]
    held = {record.identity: record.fingerprint for record in first}
    assert all(held.values())
    again = items(read(site, name, known=lambda identity, fingerprint: held.get(identity) == fingerprint))
    assert again == [Seen(identity=record.identity, fingerprint=record.fingerprint) for record in first]


@pytest.mark.parametrize("name", NAMES)
def test_a_seen_item_and_its_record_have_one_identity(site: Site, name: str) -> None:
    site.answer = SOUND[name]
    asked: list[tuple[str, str]] = []

    def known(identity: str, fingerprint: str) -> bool:
        asked.append((identity, fingerprint))
        return False

    found = [item for item in items(read(site, name, known=known)) if isinstance(item, Record)]
    assert [(record.identity, record.fingerprint) for record in found] == asked


def fails(site: Site, name: str, answer: Answer) -> SourceError:
    """The error a reading ends with; nothing may have been promised before it."""
    site.answer = answer
    source = address(site, name)
    client = impatient(source)
    pages: list[Page] = []
    try:
        with pytest.raises(SourceError) as error:
            pages.extend(kind(name).read(source, client, "", lambda *_: False))
    finally:
        client.close()
    assert not [page for page in pages if page.ending]
    assert error.value.sentence.endswith(".")
    assert "Traceback" not in error.value.sentence
    return error.value


@pytest.mark.parametrize("name", NAMES)
def test_a_server_fault_means_try_again_later(site: Site, name: str) -> None:
    error = fails(site, name, lambda *_: (500, "text/html", b"<h1>Internal Server Error</h1>"))
    assert isinstance(error, SourceUnreachable)


@pytest.mark.parametrize("name", NAMES)
def test_a_source_that_never_answers_means_try_again_later(site: Site, name: str) -> None:
    site.hold.clear()

    def silence(*_: Any) -> tuple[int, str, bytes]:
        site.hold.wait(5)
        return 200, "application/json", b"{}"

    try:
        assert isinstance(fails(site, name, silence), SourceUnreachable)
    finally:
        site.hold.set()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "body",
    [
        b'{"success": true, "result": {"count": 3, "results": [{"id": "1", "ti',
        b'{"dataset": [{"identifier": "1", "title": "x"}, {"ident',
        b"<!doctype html><html><head><title>Maintenance</title></head><body>Back soon</body></html>",
        b'{"success": false, "error": {"message": "Search is down"}}',
        b"",
    ],
    ids=["cut answer", "cut catalogue", "web page", "success false", "nothing"],
)
def test_what_is_no_data_is_said_to_be_none(site: Site, name: str, body: bytes) -> None:
    kind_of_body = "text/html" if body.startswith(b"<") else "application/json"
    assert isinstance(fails(site, name, lambda *_: (200, kind_of_body, body)), SourceUnreadable)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_not_there_is_said_so(name: str, tmp_path: Path) -> None:
    source = SourceAddress(name="test", kind=name, location=str(tmp_path / "gone.json"))
    with pytest.raises(SourceError, match=r"gone\.json"):
        list(kind(name).read(source, Web(), "", lambda *_: False))
