"""Nobody gets past the front door: signed out, no byte of any page; headers and limits on everything."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from entrypoints import gate
from pages import SECTIONS, all_pages
from tests.pages.conftest import PASSWORD, Server, start_server, stop_server
from tests.pages.wsclient import ask

SAME_SITE = {"sec-fetch-site": "same-origin"}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A process nobody has asked anything of, with an empty data folder."""
    process, url = start_server(tmp_path_factory.mktemp("fresh"))
    yield url
    stop_server(process)


def _session(server: Server, username: str) -> httpx.Client:
    """A client with a session cookie, got the way the browser gets it: a ticket, then the route."""
    ticket = _ticket(server, username)
    client = httpx.Client(base_url=server.url, headers=SAME_SITE)
    assert client.post("/session/start", json={"ticket": ticket}).json() == {"started": True}
    return client


def _ticket(server: Server, username: str) -> str:
    import subprocess
    import sys

    from tests.pages.conftest import ROOT, environment

    made = subprocess.run(
        [sys.executable, "-c", f"from governance import sign_in; print(sign_in.ticket({username!r}, '127.0.0.1'))"],
        cwd=ROOT,
        env=environment(server.home),
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.strip()


def test_a_fresh_process_asked_for_any_page_first_sends_nothing_of_it_or_of_the_menu(fresh: str) -> None:
    own_words = {page.title for page in all_pages()} | {word for word in SECTIONS.values() if word}
    for page in all_pages():
        seen = ask(fresh, page.path)
        said = seen.text.replace("Source Serif Four", "")
        assert "Password or passphrase" in said
        assert not {word for word in own_words if word in said}, f"/{page.path} says words of the menu"
        assert seen.addresses <= {"", page.path}, f"/{page.path} names other pages"


def test_a_made_up_cookie_sees_the_door_only(fresh: str) -> None:
    seen = ask(fresh, all_pages()[0].path, cookie="A" * 43)
    assert "Password or passphrase" in seen.text


def test_a_signed_in_person_sees_pages_and_the_copied_cookie_is_dead_after_signing_out(server: Server) -> None:
    client = _session(server, "member")
    cookie = client.cookies["commontable"]
    assert "Member Person" in ask(server.url, "account", cookie=cookie).text
    assert client.post("/session/end").json() == {"ended": True}
    seen = ask(server.url, "account", cookie=cookie)
    assert "Member Person" not in seen.text
    assert "Password or passphrase" in seen.text


def test_a_ticket_works_once(server: Server) -> None:
    ticket = _ticket(server, "member")
    answers = [
        httpx.post(f"{server.url}/session/start", json={"ticket": ticket}, headers=SAME_SITE).status_code
        for _ in range(2)
    ]
    assert answers == [200, 403]


def test_the_session_cookie_is_http_only_strict_and_for_this_session(server: Server) -> None:
    answer = httpx.post(f"{server.url}/session/start", json={"ticket": _ticket(server, "member")}, headers=SAME_SITE)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "path=/" in cookie
    assert "secure" not in cookie, "plain http on loopback"
    assert "expires" not in cookie and "max-age" not in cookie


@pytest.mark.parametrize("where", ["/session/start", "/session/end"])
def test_a_foreign_page_cannot_start_or_end_a_session(server: Server, where: str) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"}, {}):
        assert httpx.post(server.url + where, json={}, headers=headers).status_code == 403


def test_a_foreign_origin_gets_no_websocket(server: Server) -> None:
    with pytest.raises(InvalidStatus):
        ask(server.url, origin="http://evil.example")


@pytest.mark.parametrize("path", ["/media/0123.png", "/_stcore/upload_file/a/b", "/api/3/action/package_search"])
def test_what_is_behind_the_gate_needs_a_session(server: Server, path: str) -> None:
    assert httpx.get(server.url + path).status_code == 401


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json"])
def test_streamlits_own_side_doors_are_closed(server: Server, path: str) -> None:
    assert httpx.get(server.url + path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/account",
        "/healthz",
        "/fonts/figtree-latin.woff2",
        "/fonts/none",
        "/favicon.png",
        "/_stcore/health",
        "/media/x",
        "/static/none.js",
        "/deep/er",
    ],
)
def test_every_answer_carries_the_security_headers(server: Server, path: str) -> None:
    headers = httpx.get(server.url + path, headers={"accept": "text/html"}).headers
    policy = headers["content-security-policy"]
    assert "'unsafe-eval'" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert "frame-ancestors 'none'" in policy and "object-src 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


def test_only_components_may_be_framed_and_only_by_us(server: Server) -> None:
    policy = httpx.get(f"{server.url}/component/any/index.html").headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy


@pytest.mark.parametrize("path", ["/", "/account", "/healthz"])
def test_pages_and_own_answers_are_kept_by_nobody(server: Server, path: str) -> None:
    assert httpx.get(server.url + path).headers["cache-control"] == "no-store"


def test_an_address_of_two_levels_leads_to_the_not_found_page(server: Server) -> None:
    answer = httpx.get(f"{server.url}/a/b", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/not-found")


def test_health_is_said_without_signing_in(server: Server) -> None:
    assert httpx.get(f"{server.url}/healthz").json() == {"ready": True}


def test_a_name_the_server_does_not_answer_to_is_refused() -> None:
    assert gate.host_is_allowed("any.example:8501", [])
    assert gate.host_is_allowed("data.example:8501", ["data.example"])
    assert gate.host_is_allowed("a.data.example", ["*.data.example"])
    assert not gate.host_is_allowed("data.example.evil.example", ["data.example"])


def test_anonymous_connections_are_limited_by_address_and_come_back_with_time() -> None:
    now = [0.0]
    limit = gate.Limit(burst=3, every=10.0, clock=lambda: now[0])
    assert [limit.admits("a") for _ in range(4)] == [True, True, True, False]
    assert limit.admits("b")
    now[0] = 10.0
    assert [limit.admits("a") for _ in range(2)] == [True, False]


def test_the_limit_forgets_old_addresses() -> None:
    limit = gate.Limit(burst=1, every=1000.0, most=2)
    assert [limit.admits(each) for each in ("a", "b", "c", "a")] == [True] * 4


def _websocket_outcomes(wall: gate.Gate, cookie: str, times: int) -> list[str]:
    """What each of so many connections met: "app", or the refusal."""
    met: list[str] = []

    async def connect() -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "websocket.connect"}

        async def send(message: Any) -> None:
            met.append(message["type"])

        headers = [(b"host", b"x"), (b"cookie", f"commontable={cookie}".encode())]
        await wall({"type": "websocket", "path": "/", "headers": headers, "client": ("a", 1)}, receive, send)

    async def inner(_scope: Any, _receive: Any, _send: Any) -> None:
        met.append("app")

    wall.app = inner
    for _ in range(times):
        # In a thread: a browser test before this one leaves its own loop running in this one.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, connect()).result()
    return met


def test_the_limit_counts_those_without_a_valid_session_only() -> None:
    limit = gate.Limit(burst=2, every=1000.0)
    wall = gate.Gate(_nothing, limit=limit, valid=lambda sid: sid == "good")
    assert _websocket_outcomes(wall, "good", 4) == ["app"] * 4
    assert _websocket_outcomes(wall, "bad", 3) == ["app", "app", "websocket.close"]


async def _nothing(_scope: Any, _receive: Any, _send: Any) -> None:
    """An app that does nothing."""


def test_the_policy_names_the_hash_of_every_inline_script_of_the_page(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text("<script>\n a\n</script><script src='x'></script><script>b</script>", "utf-8")
    assert gate.inline_scripts_of(page) == ["\n a\n", "b"]
    assert "'sha256-PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0='" in gate.policy(["b"])


def test_the_password_of_the_test_people_is_in_no_answer(server: Server) -> None:
    assert PASSWORD not in ask(server.url).text
