"""Every page by every role, and what a hidden dataset changes for those who may not know of it: nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from governance import Role
from pages import Page, all_pages
from tests.pages.conftest import ROOT, environment, start_server, stop_server
from tests.pages.wsclient import Seen, ask

NOWHERE = "Not found, or not yours to see"
ROLES = {
    "rosa": {Role.ADMIN, Role.STEWARD, Role.MEMBER},
    "tomas": {Role.STEWARD, Role.MEMBER},
    "leila": {Role.MEMBER},
    "grace": {Role.CHAIR, Role.MEMBER},
    "sam": {Role.FACILITATOR, Role.MEMBER},
}
HIDDEN = "Quarrelsome heron census"
_OWN_ID = re.compile(rb"\$\$ID-[0-9a-f]{32}")
"""An element's id holds a hash of its page's address."""
HIDE = f"""
from governance import operator, people
from catalogue import registering
from catalogue.answers import Answers
answers = Answers(
    title={HIDDEN!r}, description="Herons that nobody else may know of, in Zanzibarquay.", people="no",
    answers_for="marek", frequency="monthly", listing="owner", keywords=("heronry",), themes=("Ornithology",),
    formats=("CSV",), area="Zanzibarquay",
)
with operator("hide") as visit, people.seen_as(visit, "marek") as marek:
    draft = registering.save_draft(marek, answers)
    registering.submit(marek, draft.id)
    print(registering.approve(marek, draft.id).dataset_id)
"""


def run(home: Path, program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment(home), check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """One of two servers whose databases differ only in one hidden dataset."""

    url: str
    home: Path
    cookies: dict[str, str] = field(default_factory=dict)

    def cookie(self, username: str) -> str:
        """The one session of this person: a second one would be told when the first was."""
        if username not in self.cookies:
            self.cookies[username] = self._signed_in(username)
        return self.cookies[username]

    def _signed_in(self, username: str) -> str:
        ticket = run(self.home, f"from governance import sign_in; print(sign_in.ticket({username!r}, '127.0.0.1'))")
        headers = {"sec-fetch-site": "same-origin"}
        with httpx.Client(base_url=self.url, headers=headers) as client:
            client.post("/session/start", json={"ticket": ticket}).raise_for_status()
            return str(client.cookies["commontable"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Twins:
    """The two servers, and the id of the dataset that only one of them has."""

    without: Twin
    with_hidden: Twin
    hidden: str


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory, demo_home: Path) -> Iterator[Twins]:
    folder = tmp_path_factory.mktemp("twins")
    first, second = shutil.copytree(demo_home, folder / "without"), shutil.copytree(demo_home, folder / "with")
    hidden = run(second, HIDE)
    one, one_url = start_server(first)
    other, other_url = start_server(second)
    made = Twins(without=Twin(url=one_url, home=first), with_hidden=Twin(url=other_url, home=second), hidden=hidden)
    for username in ROLES:
        made.without.cookie(username)
        made.with_hidden.cookie(username)
    yield made
    stop_server(one)
    stop_server(other)


def content(seen: Seen) -> list[bytes]:
    """What the page shows, place by place, without the numbers of the run and the session.

    A place is filled with a placeholder first and Streamlit leaves that out when it is quick enough: the last word
    of each place counts.
    """
    shown: dict[tuple[int, ...], bytes] = {}
    for frame in seen.frames:
        message = ForwardMsg()
        message.ParseFromString(frame)
        if message.WhichOneof("type") == "delta":
            message.delta.fragment_id = ""
            said = _OWN_ID.sub(b"", message.delta.SerializeToString(deterministic=True))
            shown[tuple(message.metadata.delta_path)] = said
    return [said for _path, said in sorted(shown.items())]


@pytest.mark.parametrize("username", list(ROLES))
def test_each_role_opens_the_pages_declared_for_it_and_no_other(twins: Twins, username: str) -> None:
    cookie = twins.without.cookie(username)
    nowhere = content(ask(twins.without.url, "no-such-page", cookie=cookie))
    for page in all_pages():
        seen = ask(twins.without.url, page.path, cookie=cookie)
        if page.roles & ROLES[username]:
            assert page.hidden or NOWHERE not in seen.text, page.path
        else:
            assert content(seen) == nowhere, f"{username} sees something of /{page.path}"


@pytest.mark.parametrize("username", ["leila", "tomas", "rosa"])
def test_a_hidden_dataset_changes_no_byte_for_those_who_may_not_know_of_it(twins: Twins, username: str) -> None:
    cookies = twins.without.cookie(username), twins.with_hidden.cookie(username)
    for page in [page for page in all_pages() if page.roles & ROLES[username]]:
        for query in _queries(page, twins.hidden):
            plain = ask(twins.without.url, page.path, cookie=cookies[0], query=query)
            other = ask(twins.with_hidden.url, page.path, cookie=cookies[1], query=query)
            assert HIDDEN not in other.text and "Zanzibarquay" not in other.text
            if page.path not in {"audit", "health", "account"}:
                assert content(plain) == content(other), f"/{page.path}?{query}"


def _queries(page: Page, hidden: str) -> list[str]:
    if page.path == "catalogue":
        return ["", "q=heron", "q=heronry", "q=herno", "q=zanzibarquay", "theme=Ornithology", "q=school", "q=her"]
    if page.path == "dataset":
        return [f"id={hidden}", "id=0123456789abcdef0123456789abcdef"]
    if page.path == "organisation":
        return ["publisher=Riverside+Homes"]
    return [""]


def test_the_owner_does_see_it(twins: Twins) -> None:
    cookie = twins.with_hidden.cookie("marek")
    assert HIDDEN in ask(twins.with_hidden.url, "catalogue", cookie=cookie, query="q=heron").text
    assert HIDDEN in ask(twins.with_hidden.url, "dataset", cookie=cookie, query=f"id={twins.hidden}").text


def test_a_hidden_and_a_missing_dataset_read_the_same(twins: Twins) -> None:
    cookie = twins.with_hidden.cookie("sam")
    hidden = ask(twins.with_hidden.url, "dataset", cookie=cookie, query=f"id={twins.hidden}")
    missing = ask(twins.with_hidden.url, "dataset", cookie=cookie, query="id=0123456789abcdef0123456789abcdef")
    assert content(hidden) == content(missing)
    assert NOWHERE in hidden.text
