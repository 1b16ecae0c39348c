"""Mails and posts as they leave: to a real mail server and a real receiver on loopback, once each, whatever breaks."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import hmac
import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

import store
from catalogue import registering
from entrypoints import _letters, delivering, stopping
from entrypoints.gate import Gate
from governance import clock, machinery, operator, people
from governance.notices import Kind, choosing, outbox, overseeing
from governance.notices.choosing import Pace
from governance.notices.outbox import Letter, State, Way
from governance.tables import DeliveryRow
from store import jobs
from store.settings import Settings
from tests.catalogue import made
from tests.catalogue.made import NOW, Collaboration
from tests.entrypoints.mail_server import MailServer, Taken, mail_server
from tests.pages.test_home import ANSWERS
from tests.store.jobs_child import QUICK

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "priya@post.example"


@pytest.fixture
def office() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@contextlib.contextmanager
def using(**more: object) -> Iterator[None]:
    """These settings besides those there are."""
    found = store.settings()
    store.use_settings(dataclasses.replace(found, **more))  # type: ignore[arg-type]
    try:
        yield
    finally:
        store.use_settings(found)


@pytest.fixture
def table(home: Path, office: MailServer) -> Iterator[Collaboration]:
    """A table whose mails go to the office, and whose steward wants them."""
    found = made.collaboration()
    with using(
        mail_host="127.0.0.1",
        mail_port=office.port,
        mail_security="none",
        mail_from="table@town.example",
        public_url="https://table.example/",
    ):
        yield found


def turn(*, now: datetime = NOW) -> None:
    """What one turn does, step by step."""
    delivering.prepare(now=now)
    for each in delivering.due(now=now):
        delivering.deliver(each, now=now)


def wants(table: Collaboration, office: MailServer, username: str = "priya") -> None:
    """This person chooses mails and enters the code that comes."""
    with table.as_(username) as visit:
        choosing.choose(visit, f"{username}@post.example", Pace.SOON)
    turn()
    code = next(line.strip() for line in office.taken.pop().words.splitlines() if line.startswith("    "))
    with table.as_(username) as visit:
        choosing.confirm(visit, code)


def submitted(table: Collaboration, title: str = "Repairs") -> None:
    with table.as_("miriam") as visit:
        drafted = registering.save_draft(visit, dataclasses.replace(ANSWERS, title=title))
        registering.submit(visit, drafted.id)


def states() -> list[str]:
    with machinery("test") as visit:
        rows = visit.read().query(DeliveryRow).filter_by(way=Way.MAIL.value).order_by(DeliveryRow.made_at)
        return [each.state for each in rows]


def test_a_mail_says_how_many_of_which_kind_and_where_and_nothing_else(
    table: Collaboration, office: MailServer
) -> None:
    wants(table, office)
    for title in ("Repairs", "Visits"):
        submitted(table, title)
    turn()
    (taken,) = office.taken
    assert (taken.sender, taken.to) == ("table@town.example", ADDRESS)
    link = taken.message["List-Unsubscribe"].strip("<>")
    assert taken.words.splitlines() == [
        "New for you at Common Table:",
        "",
        "  2 registrations to decide or change",
        "",
        "See it: https://table.example/",
        "",
        "Other times: https://table.example/account",
        "",
        f"No more mails: {link}",
        "",
        "This mail says how many things wait, never what they are: mail is not a safe place for that.",
    ]
    for word in ("Repairs", "Visits", "Miriam", "Harbour"):
        assert word.encode() not in taken.octets


def test_its_headers_are_those_of_a_mail_that_no_person_wrote(table: Collaboration, office: MailServer) -> None:
    wants(table, office)
    submitted(table)
    turn()
    (taken,) = office.taken
    message = taken.message
    assert message["Date"].datetime == NOW
    assert message["Message-ID"].endswith("@town.example>")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"] == "1 thing waits for you at Common Table"
    assert message["From"] == "Common Table <table@town.example>"
    assert message["To"] == f"Priya <{ADDRESS}>"
    assert message.get_content_type() == "text/plain"
    assert message["List-Unsubscribe"].startswith("<https://table.example/stop-mails?token=")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert b"List-Unsubscribe: <https://table.example/stop-mails?token=" in taken.octets, "not folded, not encoded"
    assert max(len(line) for line in taken.octets.splitlines()) < 998
    assert taken.octets.isascii()


def test_without_a_public_address_there_is_no_link_and_nothing_to_click(
    table: Collaboration, office: MailServer
) -> None:
    with using(public_url=""):
        wants(table, office)
        submitted(table)
        turn()
    (taken,) = office.taken
    assert "http" not in taken.words
    assert taken.message["List-Unsubscribe"] is None


def test_nothing_is_ever_sent_by_default(home: Path, office: MailServer) -> None:
    table = made.collaboration()
    submitted(table)
    assert store.settings() == Settings(home=store.settings().home, database_url=store.settings().database_url)
    turn()
    assert office.taken == []
    with machinery("test") as visit:
        assert visit.read().query(DeliveryRow).count() == 0
    assert delivering.is_set_up() is False


def test_a_mail_server_alone_sends_nothing_to_those_who_have_not_chosen_it(
    table: Collaboration, office: MailServer
) -> None:
    submitted(table)
    turn()
    assert office.taken == []


def test_a_server_that_is_busy_gets_the_mail_later_and_once(table: Collaboration, office: MailServer) -> None:
    wants(table, office)
    submitted(table)
    office.orders = {"MAIL": [421], "RCPT": [450], "DATA": [451], "TEXT": [452]}
    now = NOW
    for tries in range(4):
        turn(now=now)
        assert (office.taken, states()) == ([], [State.DUE]), tries
        turn(now=now + timedelta(minutes=1))
        assert office.taken == [], "not before its time"
        now += timedelta(hours=6)
    turn(now=now)
    assert len(office.taken) == 1
    turn(now=now + timedelta(days=1))
    assert (len(office.taken), states()) == (1, [State.SENT])


def test_a_server_that_is_away_is_tried_again(table: Collaboration, office: MailServer) -> None:
    wants(table, office)
    submitted(table)
    with using(mail_port=1):
        turn()
    assert states() == [State.DUE]
    turn(now=NOW + timedelta(hours=1))
    assert len(office.taken) == 1


def test_an_address_that_is_refused_is_given_up_at_once_with_a_line_for_the_administrator(
    table: Collaboration, office: MailServer
) -> None:
    wants(table, office)
    submitted(table)
    office.orders = {"RCPT": [550]}
    turn()
    submitted(table, "Visits")
    turn(now=NOW + timedelta(hours=7))
    assert (office.taken, states()) == ([], [State.FAILED])
    with operator("test", now=NOW) as visit:
        found = overseeing.sending(visit)
    assert found is not None
    assert [each.problem for each in found.troubles] == ["The mail server answered 550 to the address."]


def test_a_server_that_breaks_off_after_the_text_may_have_taken_it_so_it_is_not_repeated(
    table: Collaboration, office: MailServer
) -> None:
    wants(table, office)
    submitted(table)
    office.orders = {"TEXT": [0]}
    turn()
    turn(now=NOW + timedelta(days=1))
    assert (len(office.taken), states()) == (1, [State.UNKNOWN])


def test_a_bad_goodbye_changes_nothing(table: Collaboration, office: MailServer) -> None:
    wants(table, office)
    submitted(table)
    office.orders = {"QUIT": [421]}
    turn()
    turn(now=NOW + timedelta(days=1))
    assert (len(office.taken), states()) == (1, [State.SENT])


def test_a_defect_of_ours_stands_in_nobody_elses_way_and_repeats_nothing(
    table: Collaboration, office: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.person("petra", "Harbour Council", "steward")
    for username in ("priya", "petra"):
        wants(table, office, username)
    submitted(table)
    real_mail, real_sent = _letters.mail, outbox.sent

    def mail(letter: Letter, *, now: datetime) -> bytes:
        if letter.name == "Priya":
            raise RuntimeError("a defect")
        return real_mail(letter, now=now)

    monkeypatch.setattr(_letters, "mail", mail)
    turn()
    assert [each.to for each in office.taken] == ["petra@post.example"]
    monkeypatch.setattr(_letters, "mail", real_mail)
    monkeypatch.setattr(outbox, "sent", lambda _visit, _id: real_sent(None, _id))  # type: ignore[arg-type]
    turn(now=NOW + timedelta(hours=1))
    monkeypatch.setattr(outbox, "sent", real_sent)
    turn(now=NOW + timedelta(days=1))
    assert [each.to for each in office.taken] == ["petra@post.example", "priya@post.example"]
    assert sorted(states()) == [State.SENT, State.UNKNOWN]


CHILD = """
import sys
from datetime import datetime
from entrypoints import background, delivering
background.load()
now = datetime.fromisoformat(sys.argv[1])
for each in delivering.due(now=now):
    print(each, flush=True)
    delivering.deliver(each, now=now)
"""


def child(office: MailServer) -> subprocess.Popen[str]:
    """A process of its own that sends what is due."""
    env = {
        **os.environ,
        "COMMONTABLE_HOME": str(store.settings().home),
        "COMMONTABLE_DATABASE_URL": store.settings().database_url,
        "COMMONTABLE_MAIL_HOST": "127.0.0.1",
        "COMMONTABLE_MAIL_PORT": str(office.port),
        "COMMONTABLE_MAIL_SECURITY": "none",
        "COMMONTABLE_MAIL_FROM": "table@town.example",
    }
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, NOW.isoformat()], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    )


def test_killed_while_a_mail_is_handed_over_nobody_gets_it_twice(table: Collaboration, office: MailServer) -> None:
    wants(table, office)
    submitted(table)
    delivering.prepare(now=NOW)
    office.hangs = True
    office.text_came.clear()
    with child(office) as process:
        assert office.text_came.wait(60)
        os.kill(process.pid, signal.SIGKILL)
    office.hangs = False
    office.go_on.set()
    assert states() == [State.HANDING]
    with machinery("test", now=NOW) as visit:
        kept = visit.read().query(DeliveryRow).filter_by(way=Way.MAIL.value).one()
        later = kept.next_at + timedelta(hours=2)
    delivering.deliver(kept.id, now=later)
    turn(now=later)
    assert (len(office.taken), states()) == (1, [State.UNKNOWN])


def test_killed_before_a_mail_was_handed_over_it_is_sent_by_the_next(table: Collaboration, office: MailServer) -> None:
    wants(table, office)
    submitted(table)
    delivering.prepare(now=NOW)
    with held_before_the_talk(office) as process:
        os.kill(process.pid, signal.SIGKILL)
    assert (office.taken, states()) == ([], [State.DUE])
    turn(now=NOW + timedelta(hours=1))
    assert (len(office.taken), states()) == (1, [State.SENT])


@contextlib.contextmanager
def held_before_the_talk(office: MailServer) -> Iterator[subprocess.Popen[str]]:
    """A process that has found what is due and hangs in the talk before the text: the server does not greet it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as silent:
        mute = dataclasses.replace(office, port=silent.server_address[1])
        with child(mute) as process:
            assert process.stdout is not None and process.stdout.readline()
            time.sleep(0.2)
            yield process


def test_the_turn_runs_by_itself_as_a_durable_job(table: Collaboration, office: MailServer) -> None:
    with table.as_("priya", now=clock()) as visit:
        choosing.choose(visit, ADDRESS, Pace.SOON)
    jobs.launch(work=True, pace=QUICK)
    try:
        assert office.text_came.wait(60)
        until = time.monotonic() + 60
        while jobs.running() and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        jobs.stop(10)
    assert [each.to for each in office.taken] == [ADDRESS]
    with operator("test", now=clock()) as visit:
        found = overseeing.sending(visit)
    assert found is not None and found.sent == 1


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that no authority has signed."""
    file = folder / "server.pem"
    made_by = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=loopback"]
    more = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(file), "-out", str(folder / "cert.pem")]
    subprocess.run([*made_by, *more], check=True, capture_output=True)
    file.write_text(file.read_text() + (folder / "cert.pem").read_text())
    return file


def test_a_certificate_is_checked_before_anything_is_given(
    table: Collaboration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with (
        mail_server(tls=context) as guarded,
        using(mail_port=guarded.port, mail_security="starttls", mail_username="table", mail_password="the password"),
    ):
        with table.as_("priya") as visit:
            choosing.choose(visit, ADDRESS, Pace.SOON)
        turn()
        assert (guarded.taken, guarded.logins) == ([], [])
        with operator("test", now=NOW) as visit:
            found = overseeing.sending(visit)
        assert found is not None and "no valid certificate" in found.troubles[0].problem
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        turn(now=NOW + timedelta(hours=1))
        assert (len(guarded.taken), len(guarded.logins)) == (1, 1)


def test_a_server_without_encryption_gets_nothing_where_the_settings_ask_for_it(
    table: Collaboration, office: MailServer
) -> None:
    with using(mail_security="starttls"):
        with table.as_("priya") as visit:
            choosing.choose(visit, ADDRESS, Pace.SOON)
        turn()
        with operator("test", now=NOW) as visit:
            found = overseeing.sending(visit)
    assert office.taken == []
    assert found is not None and "does not offer" in found.troubles[0].problem


HOSTILE = (
    "Mallory\r\nBcc: everyone@evil.example",
    "Mallory\nContent-Type: text/html\n\n<script>",
    '"Mallory" <x@evil.example>, other',
    "\u202egro.live@yrollam",
    "Zoë \x00\x07 Müller\u2028Cc: a@b.example",
    "x" * 5000,
    "=?utf-8?q?=0D=0ABcc:_a@b.example?=",
)


def read_back(octets: bytes) -> Taken:
    return Taken(sender="", to="", octets=octets)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_of_a_person_or_a_place_adds_a_header(name: str) -> None:
    letter = Letter(id="a" * 32, way=Way.MAIL, made_at=NOW, address=ADDRESS, name=name, waiting={Kind.HELD: 1})
    _check_headers(letter, title=name)


@settings(max_examples=40)
@given(name=st.text(max_size=200), title=st.text(min_size=1, max_size=200))
def test_whatever_the_names_are_a_mail_goes_to_one_address(name: str, title: str) -> None:
    letter = Letter(id="a" * 32, way=Way.MAIL, made_at=NOW, address=ADDRESS, name=name, waiting={Kind.HELD: 1})
    _check_headers(letter, title=title)


def _check_headers(letter: Letter, *, title: str) -> None:
    with using(title=title, mail_host="mail.example", mail_from="table@town.example"):
        message = read_back(_letters.mail(letter, now=NOW)).message
    assert [each.addr_spec for each in message["To"].addresses] == [ADDRESS]
    assert "@" not in message["To"].addresses[0].display_name
    assert [each.addr_spec for each in message["From"].addresses] == ["table@town.example"]
    assert sorted(message.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "Content-Type",
         "Content-Transfer-Encoding", "MIME-Version"]
    )  # fmt: skip
    assert message.get_content_type() == "text/plain"


def test_the_link_in_a_mail_asks_first_and_ends_the_mails_by_one_post(table: Collaboration, office: MailServer) -> None:
    wants(table, office)
    submitted(table)
    turn()
    link = office.taken[0].message["List-Unsubscribe"].strip("<>").removeprefix("https://table.example")
    client = TestClient(Gate(Starlette(routes=stopping.routes())))  # type: ignore[arg-type]
    asked = client.get(link, headers={"accept": "text/html"})
    assert asked.status_code == 200 and "End the mails" in asked.text
    with table.as_("priya") as visit:
        assert choosing.choice(visit) is not None, "programs that look for harmful mails open every link"
    assert client.post("/stop-mails?token=wrong").status_code == 404
    done = client.post(link, data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200 and "No more mails" in done.text
    with table.as_("priya") as visit:
        assert choosing.choice(visit) is None
    submitted(table, "Visits")
    turn()
    assert len(office.taken) == 1


class Receiver(ThreadingHTTPServer):
    """A webhook's receiver: keeps what was posted to it, and answers as it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Posted)
        self.posts: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []

    @property
    def where(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_address[1]}"


class _Posted(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        receiver: Receiver = self.server  # type: ignore[assignment]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver.posts.append(({key.lower(): value for key, value in self.headers.items()}, body))
        self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the console."""


@pytest.fixture
def receiver(home: Path) -> Iterator[Receiver]:
    with Receiver() as running:
        thread = Thread(target=running.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        with using(
            webhook_url=f"http://{running.where}/in", webhook_secret="shared", webhook_allow=f" {running.where} ,"
        ):
            yield running
        running.shutdown()
        thread.join()


def test_a_post_to_the_webhook_is_signed_and_names_nobody_and_nothing(receiver: Receiver) -> None:
    table = made.collaboration()
    submitted(table)
    turn()
    ((headers, body),) = receiver.posts
    signed = hmac.new(b"shared", headers["x-commontable-timestamp"].encode() + b"." + body, hashlib.sha256)
    assert headers["x-commontable-signature"] == f"sha256={signed.hexdigest()}"
    assert int(headers["x-commontable-timestamp"]) == int(NOW.timestamp())
    told = json.loads(body)
    assert headers["content-type"] == "application/json"
    assert told["id"] == headers["x-commontable-delivery"]
    assert (told["event"], told["new"], told["waiting"]) == ("waiting", {"registration": 1}, {"registration": 1})
    assert set(told) == {"event", "id", "made_at", "title", "link", "new", "waiting"}
    turn(now=NOW + timedelta(hours=1))
    assert len(receiver.posts) == 1


def test_a_post_that_was_not_taken_comes_again_under_the_same_id(receiver: Receiver) -> None:
    submitted(made.collaboration())
    receiver.answers = [500, 204]
    turn()
    turn(now=NOW + timedelta(hours=1))
    turn(now=NOW + timedelta(hours=2))
    assert len(receiver.posts) == 2
    assert len({headers["x-commontable-delivery"] for headers, _ in receiver.posts}) == 1
    first, second = (headers["x-commontable-signature"] for headers, _ in receiver.posts)
    assert first != second, "the moment is signed too"


def test_a_webhook_that_does_not_want_it_is_told_of_to_the_administrator(receiver: Receiver) -> None:
    submitted(made.collaboration())
    receiver.answers = [410]
    turn()
    turn(now=NOW + timedelta(hours=7))
    assert len(receiver.posts) == 1
    with operator("test", now=NOW) as visit:
        found = overseeing.sending(visit)
    assert found is not None
    assert [(each.given_up, each.problem) for each in found.troubles] == [(True, "The webhook answered 410.")]


def test_a_webhook_in_a_private_network_is_not_asked_unless_it_is_allowed(receiver: Receiver) -> None:
    submitted(made.collaboration())
    with using(webhook_allow=""):
        turn()
    assert receiver.posts == []
    with operator("test", now=NOW) as visit, using(webhook_allow="", webhook_url=f"http://{receiver.where}/in"):
        found = overseeing.sending(visit)
    assert found is not None and found.troubles[0].given_up


def test_who_is_disabled_between_two_turns_gets_nothing(table: Collaboration, office: MailServer) -> None:
    wants(table, office)
    submitted(table)
    delivering.prepare(now=NOW)
    with operator("test") as visit:
        people.disable(visit, "priya")
    for each in delivering.due(now=NOW):
        delivering.deliver(each, now=NOW)
    assert (office.taken, states()) == ([], [State.DROPPED])
