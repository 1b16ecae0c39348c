"""Signing in with an organisation's account: a small real provider on loopback, a real browser, our own session."""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from entrypoints.provider import ASKED, IDENTITY, RoundTrip, page_address
from governance import oidc
from tests.pages.conftest import PASSWORD, ROOT, SEED, Server, environment, free_port, settled, stop_server
from tests.pages.wsclient import ask

pytestmark = pytest.mark.browser
CLIENT, SECRET = "common-table", "a secret that only the two know"
BUTTON = "Sign in with your organisation's account"
PEOPLE = f"""
with operator("test people") as visit:
    people.invite(
        visit,
        Newcomer(
            username="ana", display="Ana Almeida", organisation_id=council.id, contact="Ana.Almeida@harbour.example"
        ),
        password={PASSWORD!r},
    )
    people.disable(visit, "other")
"""
HARBOUR = {"email": "ana.almeida@HARBOUR.example", "email_verified": True}


@dataclass(slots=True, kw_only=True)
class Provider:
    """What the provider says next, and what it was asked."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    twist: dict[str, Any] = field(default_factory=dict)
    """Claims that replace the right ones, the nonce for instance."""
    down: bool = False
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))

    def says(self, claims: dict[str, Any], **twist: Any) -> None:
        """From now on whoever signs in is this, and what is wrong with the answer."""
        self.claims, self.twist, self.down = dict(claims), twist, False

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def tokens(self, code: str) -> dict[str, Any]:
        sent = self.codes.pop(code)
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": "7",
            "iat": now,
            "exp": now + 300,
            "nonce": sent["nonce"],
            **self.claims,
            **self.twist,
        }
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        return {"access_token": "unused", "token_type": "Bearer", "id_token": signed}


class _Answers(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.provider.asked.append(parts.path)
        if self.provider.down:
            self._json({"error": "down"}, 503)
        elif parts.path == "/.well-known/openid-configuration":
            self._json(self.provider.discovery())
        elif parts.path == "/keys":
            self._json({"keys": [self.provider.key.as_dict(private=False)]})
        elif parts.path == "/authorize":
            sent = {name: values[0] for name, values in parse_qs(parts.query).items()}
            code = f"code-{len(self.provider.asked)}"
            self.provider.codes[code] = sent
            self._redirect(f"{sent['redirect_uri']}?{urlencode({'code': code, 'state': sent['state']})}")
        else:
            self._json({}, 404)

    def do_POST(self) -> None:
        self.provider.asked.append(self.path)
        given = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        wanted = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".replace(" ", "+").encode()).decode()
        plain = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if self.path != "/token" or self.headers.get("authorization") not in (wanted, plain):
            self._json({"error": "invalid_client"}, 401)
        elif not given.get("code_verifier"):
            self._json({"error": "invalid_grant"}, 400)
        else:
            self._json(self.provider.tokens(given["code"][0]))

    def _json(self, said: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _redirect(self, to: str) -> None:
        self.send_response(302)
        self.send_header("location", to)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Nothing on the screen."""


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """A provider that asks nobody anything and comes back at once."""
    made = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answers", (_Answers,), {"provider": made}))
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()


def run(home: Path, program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment(home), check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def app(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with this provider; Ana's contact is her e-mail, the account of "other" is closed."""
    home = tmp_path_factory.mktemp("oidc")
    run(home, SEED + PEOPLE)
    url = f"http://127.0.0.1:{(port := free_port())}"
    chosen = {
        "COMMONTABLE_OIDC_ISSUER": provider.url,
        "COMMONTABLE_OIDC_CLIENT_ID": CLIENT,
        "COMMONTABLE_OIDC_CLIENT_SECRET": SECRET,
        "COMMONTABLE_PUBLIC_URL": url,
        "COMMONTABLE_CONTACT": "Miriam, 01234 567890",
    }
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address=127.0.0.1"]
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, f"--server.port={port}"],
            cwd=ROOT,
            env=environment(home) | chosen,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_healthy(url, process)
        yield Server(url=url, home=home, pid=process.pid, invitation="")
    finally:
        stop_server(process)


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(900):
        assert process.poll() is None, "the server ended"
        try:
            if httpx.get(f"{url}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server did not become healthy")


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab of a browser that knows nothing."""
    return context.new_page()


def come_in(app: Server, page: Page, address: str = "/") -> None:
    page.goto(app.url + address)
    page.get_by_role("button", name=BUTTON).click()
    page.locator(".ct-foot").wait_for(timeout=60_000)
    settled(page)


def is_refused(app: Server, page: Page, address: str = "/account") -> str:
    page.goto(app.url + address)
    page.get_by_role("button", name=BUTTON).click()
    page.get_by_role("alert").wait_for(timeout=60_000)
    assert page.url == app.url + address
    assert "commontable" not in {cookie["name"] for cookie in page.context.cookies()}
    return page.get_by_role("alert").inner_text()


def audited(app: Server) -> list[tuple[str, str, str]]:
    told = run(
        app.home,
        "import json\nfrom governance import audit, operator\n"
        "with operator('looks') as visit:\n"
        "    print(json.dumps([(e.action, e.object, e.detail.get('by', '')) for e in audit.events(visit, limit=50)]))",
    )
    return [tuple(each) for each in json.loads(told) if each[0].startswith("login.")]


def test_an_organisations_account_signs_in_to_the_page_that_was_asked_for(
    app: Server, provider: Provider, page: Page
) -> None:
    provider.says(HARBOUR)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    come_in(app, page, "/account?from=a+letter&n=%2F1")
    assert page.url == f"{app.url}/account?from=a+letter&n=%2F1"
    expect(page.locator("h1")).to_have_text("Ana Almeida")
    assert complaints == []
    assert audited(app)[0] == ("login.succeeded", "person:ana", "organisation's account")


def test_of_streamlits_own_identity_nothing_stays_in_the_browser(app: Server, provider: Provider, page: Page) -> None:
    provider.says(HARBOUR)
    given: list[str] = []
    page.on("response", lambda answer: given.extend(_cookies_given(app, answer)))
    come_in(app, page)
    identity = [each for each in given if each.startswith(IDENTITY) and "Max-Age=0" not in each]
    assert len(identity) == 1, "the identity, and no tokens beside it"
    assert "Max-Age=60" in identity[0] and "HttpOnly" in identity[0]
    assert not [cookie for cookie in page.context.cookies() if cookie["name"].startswith(IDENTITY)]
    page.reload()
    page.locator(".ct-foot").wait_for(timeout=60_000)


def _cookies_given(app: Server, answer: Response) -> list[str]:
    """The cookies of the answer that comes back from the provider."""
    if not answer.url.startswith(f"{app.url}/oauth2callback"):
        return []
    return [each["value"] for each in answer.headers_array() if each["name"].lower() == "set-cookie"]


def test_copied_cookies_are_dead_after_signing_out(
    app: Server, provider: Provider, page: Page, browser: Browser
) -> None:
    provider.says(HARBOUR)
    copied: list[str] = []
    page.on("response", lambda answer: copied.extend(_cookies_given(app, answer)))
    come_in(app, page, "/account")
    cookie = next(each for each in page.context.cookies() if each["name"] == "commontable")["value"]
    assert "Ana Almeida" in ask(app.url, "account", cookie=cookie).text
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name=BUTTON).wait_for(timeout=60_000)
    assert "Ana Almeida" not in ask(app.url, "account", cookie=cookie).text
    other = browser.new_context()
    identity = next(each for each in copied if each.startswith(f"{IDENTITY}=")).partition(";")[0].partition("=")[2]
    other.add_cookies([{"name": IDENTITY, "value": identity, "url": app.url}])
    tab = other.new_page()
    tab.goto(f"{app.url}/account")
    tab.get_by_role("button", name=BUTTON).wait_for(timeout=60_000)
    settled(tab)
    assert "commontable" not in {each["name"] for each in other.cookies()}
    expect(tab.get_by_role("alert")).to_have_count(0)
    other.close()


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "ana.almeida@harbour.example", "email_verified": False},
        {"email": "ana.almeida@harbour.example"},
        {"email": "stranger@harbour.example", "email_verified": True, "preferred_username": "stranger"},
        {"preferred_username": "other"},
    ],
    ids=["unverified e-mail", "e-mail nobody vouches for", "unknown", "closed account"],
)
def test_who_is_not_known_here_is_told_whom_to_ask(
    app: Server, provider: Provider, page: Page, claims: dict[str, Any]
) -> None:
    provider.says(claims)
    assert oidc.UNKNOWN in is_refused(app, page)
    assert audited(app)[0] == ("login.failed", "unknown name", "organisation's account")


def test_an_identity_with_a_wrong_nonce_or_of_another_audience_is_no_identity(
    app: Server, provider: Provider, page: Page
) -> None:
    for twist in ({"nonce": "of another sign-in"}, {"aud": "another-client"}):
        provider.says(HARBOUR, **twist)
        assert "did not confirm who you are" in is_refused(app, page)
        page.context.clear_cookies()


def test_a_provider_that_does_not_answer_is_said_on_the_sign_in_page(
    app: Server, provider: Provider, page: Page
) -> None:
    provider.says(HARBOUR)
    provider.down = True
    assert "does not answer" in is_refused(app, page)
    provider.says(HARBOUR)
    come_in(app, page)


def test_who_was_refused_can_still_come_in_with_a_password(app: Server, provider: Provider, page: Page) -> None:
    provider.says({"preferred_username": "stranger"})
    is_refused(app, page)
    page.get_by_role("textbox", name="User name").fill("ana")
    page.get_by_role("textbox", name="Password or passphrase").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator(".ct-foot").wait_for(timeout=60_000)


def _answer(path: str, cookies: list[str], *, asked: str = "", status: int = 302) -> tuple[int, list[tuple[str, str]]]:
    """What becomes of an answer of Streamlit's on the way, behind https."""
    sent: list[Any] = []

    async def inner(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [(b"location", b"/"), *((b"set-cookie", each.encode()) for each in cookies)]
        await send({"type": "http.response.start", "status": status, "headers": headers})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "path": path,
        "query_string": b"to=%2Faccount%3Fa%3Db",
        "client": ("10.0.0.1", 1),
    }
    scope["headers"] = [(b"cookie", f"{ASKED}={asked}".encode())] if asked else []
    round_trip = RoundTrip(inner, secure=True, unconfirmed=lambda address: sent.append(address))
    with ThreadPoolExecutor(1) as beside:  # the browser's loop has this thread
        beside.submit(asyncio.run, round_trip(scope, receive, send)).result()
    start = sent[-1]
    return start["status"], [(name.decode(), value.decode()) for name, value in start["headers"]]


def test_behind_https_every_cookie_of_the_way_is_secure_and_no_token_comes_along() -> None:
    identity = [f"{IDENTITY}={{}}; HttpOnly; Max-Age=2592000", f"{IDENTITY}_1=x; Max-Age=2592000"]
    tokens = [f"{IDENTITY}_tokens=t; Max-Age=2592000", f"{IDENTITY}_tokens_1=t; Max-Age=2592000"]
    status, headers = _answer("/oauth2callback", [*identity, *tokens], asked="%2Faccount")
    cookies = [value for name, value in headers if name == "set-cookie"]
    assert (status, dict(headers)["location"]) == (303, "/account")
    assert len(cookies) == 3
    assert all(each.endswith("; Secure") for each in cookies)
    assert not [each for each in cookies if "tokens" in each or "2592000" in each]


def test_setting_out_remembers_the_page_and_a_provider_that_is_down_leads_back_to_it() -> None:
    _, headers = _answer("/auth/login", [])
    assert f"{ASKED}=%2Faccount%3Fa%3Db; Path=/oauth2callback; Max-Age=900; HttpOnly" in dict(headers)["set-cookie"]
    status, headers = _answer("/auth/login", [], status=400)
    assert (status, dict(headers)["location"]) == (303, "/account?a=b")
    assert "commontable_told=unreachable" in dict(headers)["set-cookie"]


def test_the_way_back_leads_to_pages_of_ours_only() -> None:
    for kept in ("/", "/account", "/catalogue?q=children&theme=a%2Fb"):
        assert page_address(kept) == kept
    for foreign in ("//evil.example", "https://evil.example/", "/\\evil.example", "/a/b", "", "/a\r\nset-cookie: x=y"):
        assert page_address(foreign) == "/"


def test_a_way_back_that_nobody_set_out_for_leads_to_the_home_page(app: Server) -> None:
    answer = httpx.get(f"{app.url}/oauth2callback?code=x&state=y")
    assert (answer.status_code, answer.headers["location"]) == (302, "/")
    assert "commontable" not in answer.headers.get("set-cookie", "")


def test_the_sign_in_page_says_whom_to_ask(app: Server, page: Page) -> None:
    page.goto(app.url)
    expect(page.locator(".ct-doorfoot")).to_contain_text("Ask Miriam, 01234 567890")


def test_nothing_of_it_is_there_when_it_is_not_set_up(server: Server, provider: Provider, page: Page) -> None:
    before = len(provider.asked)
    page.goto(server.url)
    settled(page)
    expect(page.get_by_role("button", name=BUTTON)).to_have_count(0)
    for path in ("/auth/login", "/auth/logout", "/oauth2callback?code=x&state=y"):
        assert httpx.get(server.url + path).headers["location"] == "/"
    assert len(provider.asked) == before
    assert not (server.home / oidc.SECRET_FILE).exists()
