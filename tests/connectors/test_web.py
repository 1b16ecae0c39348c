"""The one HTTP client: where it goes, how long it waits, how much it takes in, what it says."""

from __future__ import annotations

import gzip
import ipaddress
import json
import socket
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors._address import closed, shown_url, target
from connectors._answers import Answer, failure
from connectors._pace import Pace, retry_after, spoken
from connectors._web import AnswerTooLarge, AnswerTooSlow, Limits, Web
from governance.errors import SourceError, SourceRefused, SourceUnreachable, SourceUnreadable
from tests.connectors.scripted import Asked, Source, answer, scripted

ODD_ADDRESSES = [
    *("http://2130706433/", "http://0x7f000001/", "http://127.1/", "http://0177.0.0.1/", "http://0x7f.1/"),
    *("http://127.0.0.1.:80/", "http://LOCALHOST/", "http://sub.localhost/", "http://[::ffff:127.0.0.1]/"),
    *("http://[::]/", "http://[fe80::1]/", "http://[fc00::1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/"),
    *("http://100.64.0.1/", "http://224.0.0.1/", "http://255.255.255.255/", "http://172.16.0.1/", "http://[::1%25lo]/"),
    *("http://example.org\\@127.0.0.1/", "http://example.org@127.0.0.1/", "http://127.0.0.1#@example.org/"),
    *("http:///path", "//example.org/", "example.org", "", "http://exa mple.org/", "http://example.org:99999/"),
    *("http://example.org\r\nHost: x/", "HTTP://user@example.org/", "data:text/html,x", "ldap://example.org/"),
    *(
        "http://\uff11\uff12\uff17.0.0.1/",
        "http://127\u30020\u30020\u30021/",
        "http://metadata/",
        "http://printer.local/",
    ),
    *("http://metadata.google.internal/", "http://example.org:25/", "http://example.org:6379x/", "http://-/"),
]


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every look-up and every connection that is tried is refused and listed."""
    tried: list[Any] = []

    def refuse(*arguments: Any, **_: Any) -> Any:
        tried.append(arguments[-1])
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return tried


def _web(source: Source, **more: Any) -> Web:
    return Web(allow=source.allow, pace=Pace(sleep=lambda _: None), **more)


def _sleeper() -> tuple[list[float], Pace]:
    waits: list[float] = []
    return waits, Pace(sleep=waits.append)


class TestAddresses:
    def test_each_bad_address_of_the_corpus_is_refused_before_any_look_up(
        self, shared: Path, no_network: list[Any]
    ) -> None:
        for url in json.loads((shared / "attacks" / "dev" / "files" / "source_urls.json").read_text()):
            with pytest.raises(SourceRefused) as refused:
                Web().get(url)
            assert refused.value.sentence.startswith("The address ")
            assert "pass@" not in refused.value.sentence
        assert no_network == []

    @pytest.mark.parametrize("url", ODD_ADDRESSES)
    def test_an_address_in_an_odd_form_is_refused_before_any_look_up(self, url: str, no_network: list[Any]) -> None:
        with pytest.raises(SourceRefused):
            Web().get(url)
        assert no_network == []

    def test_a_name_that_leads_into_this_machine_is_refused_when_it_is_looked_up(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with scripted(lambda asked: answer({})) as source:
            looked_up: list[str] = []

            def resolve(host: str, port: int, *_: Any) -> list[Any]:
                looked_up.append(host)
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

            monkeypatch.setattr(socket, "getaddrinfo", resolve)
            with pytest.raises(SourceRefused, match="into this machine"):
                _web(source).get(f"http://rebind.example:{source.port}/")
            assert looked_up == ["rebind.example"]
            assert source.asked == []

    def test_a_name_that_changes_its_mind_is_connected_to_where_it_was_checked(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answers = iter(["93.184.215.14", "127.0.0.1", "127.0.0.1", "127.0.0.1"])
        connected: list[str] = []

        def resolve(host: str, port: int, *_: Any) -> list[Any]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

        def connect(self: socket.socket, address: Any) -> None:
            connected.append(address[0])
            raise OSError("no network in this test")

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        monkeypatch.setattr(socket.socket, "connect", connect)
        with pytest.raises(SourceRefused):
            Web(pace=Pace(sleep=lambda _: None)).get("http://rebind.example/")
        assert connected == ["93.184.215.14"]

    def test_only_the_very_host_and_port_that_was_allowed_is_let_through(self) -> None:
        with scripted(lambda asked: answer({})) as one, scripted(lambda asked: answer({})) as other:
            assert _web(one).get(one.url).status == 200
            for url in (other.url, f"http://localhost:{one.port}/", f"http://[::1]:{one.port}/"):
                with pytest.raises(SourceRefused):
                    _web(one).get(url)
            assert other.asked == []

    @settings(deadline=None)
    @given(st.ip_addresses(v=4))
    def test_an_inner_address_stays_closed_in_every_ipv6_clothing(self, inner: ipaddress.IPv4Address) -> None:
        number = int(inner)
        clothed = [(0xFFFF << 32) | number, (0x64FF9B << 96) | number, (0x2002 << 112) | (number << 80)]
        if closed(inner):
            assert all(closed(ipaddress.IPv6Address(one)) for one in clothed)

    def test_public_addresses_are_open(self) -> None:
        assert target("https://data.example.org/api?x=1", ()).port == 443
        assert target("http://b\u00fccher.example/", ()).host == "xn--bcher-kva.example"
        assert closed(ipaddress.ip_address("93.184.215.14")) == ""
        assert closed(ipaddress.ip_address("2606:2800:220:1::1")) == ""

    def test_a_secret_in_an_address_never_reaches_a_sentence(self) -> None:
        shown = shown_url("https://u:geheim@h.example/x?api_key=geheim&token=geheim&q=1")
        assert "geheim" not in shown
        assert shown.endswith("q=1")


class TestRedirects:
    @staticmethod
    def _to(where: str, status: int = 302) -> Any:
        def script(asked: Asked) -> bytes:
            if asked.path == "/start":
                return answer(status=status, headers={"Location": where})
            return answer({"path": asked.path})

        return script

    def test_a_redirect_within_the_host_is_followed(self) -> None:
        with scripted(self._to("/there?x=1")) as source:
            found = _web(source).get(f"{source.url}/start", params={"a": 1})
        assert json.loads(found.body) == {"path": "/there"}
        assert source.asked[1].query == {"x": "1"}

    @pytest.mark.parametrize(
        "where",
        [
            "http://example.org/",
            "//example.org/",
            "file:///etc/passwd",
            "http://169.254.169.254/",
            "http://127.0.0.1:1/",
        ],
    )
    def test_a_redirect_to_somewhere_else_is_refused_unasked(self, where: str) -> None:
        with scripted(self._to(where)) as source:
            web = _web(source)
            with pytest.raises(SourceRefused):
                web.get(f"{source.url}/start", headers={"Authorization": "geheim"})
            assert web.requests == 1

    def test_another_allowed_host_is_still_another_host(self) -> None:
        with scripted(lambda asked: answer({})) as other, scripted(self._to(f"{other.url}/x")) as source:
            web = Web(allow=(*source.allow, *other.allow), pace=Pace(sleep=lambda _: None))
            with pytest.raises(SourceRefused, match="another site"):
                web.get(f"{source.url}/start", headers={"X-CKAN-API-Key": "geheim"})
            assert other.asked == []

    def test_going_round_in_circles_ends_after_five_redirects(self) -> None:
        with scripted(self._to("/start")) as source:
            web = _web(source)
            with pytest.raises(SourceRefused, match="in circles"):
                web.get(f"{source.url}/start")
            assert web.requests == 6

    def test_a_bomb_behind_a_redirect_is_not_unpacked(self) -> None:
        bomb = zlib.compress(bytes(50_000_000))
        with (
            scripted(
                lambda asked: answer(bomb, status=302, headers={"Location": "/x", "Content-Encoding": "deflate"})
            ) as source,
            pytest.raises(AnswerTooLarge),
        ):
            _web(source).get(source.url, limit=1_000_000)

    def test_no_cookie_is_sent_back(self) -> None:
        with scripted(lambda asked: answer({}, headers={"Set-Cookie": "s=1; Path=/"})) as source:
            web = _web(source)
            web.get(source.url)
            web.get(source.url)
        assert all("cookie" not in asked.headers for asked in source.asked)


class TestTries:
    @staticmethod
    def _busy(times: int, status: int = 503, **headers: str) -> Any:
        left = [times]

        def script(asked: Asked) -> bytes:
            left[0] -= 1
            return answer(status=status, headers=headers) if left[0] >= 0 else answer({"done": True})

        return script

    @pytest.mark.parametrize("status", [429, 502, 503, 504])
    def test_a_busy_source_is_asked_again_after_the_time_it_gave(self, status: int) -> None:
        waits, pace = _sleeper()
        with scripted(self._busy(2, status, **{"Retry-After": "3"})) as source:
            assert Web(allow=source.allow, pace=pace).get(source.url).status == 200
        assert waits == [3.0, 3.0]

    def test_a_source_that_gives_no_time_is_left_alone_longer_each_time(self) -> None:
        waits, pace = _sleeper()
        with scripted(self._busy(9)) as source:
            web = Web(allow=source.allow, pace=pace)
            assert web.get(source.url).status == 503
            assert web.requests == 4
        assert waits == sorted(waits)
        assert len(waits) == 3

    @pytest.mark.parametrize("status", [400, 403, 404, 500])
    def test_other_errors_are_not_asked_again(self, status: int) -> None:
        with scripted(self._busy(9, status)) as source:
            web = _web(source)
            assert web.get(source.url).status == status
            assert web.requests == 1

    def test_a_source_that_asks_for_a_day_ends_the_reading_and_is_quoted(self) -> None:
        waits, pace = _sleeper()
        with (
            scripted(self._busy(9, 429, **{"Retry-After": "86400"})) as source,
            pytest.raises(SourceUnreachable, match="come back in 1 day") as later,
        ):
            Web(allow=source.allow, pace=pace).get(source.url)
        assert later.value.retry_after == 86400
        assert waits == []

    def test_waiting_for_one_answer_never_adds_up_to_more_than_two_minutes(self) -> None:
        waits, pace = _sleeper()
        with scripted(self._busy(9, 503, **{"Retry-After": "50"})) as source, pytest.raises(SourceUnreachable):
            Web(allow=source.allow, pace=pace).get(source.url)
        assert sum(waits) <= 120

    def test_a_dead_port_is_tried_four_times_and_named(self) -> None:
        with scripted(lambda asked: b"") as source:
            pass
        waits, pace = _sleeper()
        with pytest.raises(SourceUnreachable, match="cannot be reached"):
            Web(allow=source.allow, pace=pace).get(source.url)
        assert len(waits) == 3

    def test_a_date_is_as_good_as_seconds(self) -> None:
        headers = {"Retry-After": "Sat, 21 Nov 2026 10:01:40 GMT", "Date": "Sat, 21 Nov 2026 10:00:00 GMT"}
        assert retry_after(headers) == 100
        assert retry_after({"Retry-After": "soon"}) is None
        assert [spoken(s) for s in (30, 60, 7200, 86400)] == ["30 seconds", "1 minute", "2 hours", "1 day"]


class TestBounds:
    @pytest.mark.parametrize(
        ("said", "packed"),
        [
            ("gzip", gzip.compress(b"data" * 100)),
            ("gzip", gzip.compress(b"data" * 50) + gzip.compress(b"data" * 50)),
            ("deflate", zlib.compress(b"data" * 100)),
            ("deflate", zlib.compress(b"data" * 100)[2:-4]),
            ("identity", b"data" * 100),
        ],
    )
    def test_one_packing_is_undone(self, said: str, packed: bytes) -> None:
        with scripted(lambda asked: answer(packed, headers={"Content-Encoding": said})) as source:
            web = _web(source)
            assert web.get(source.url).body == b"data" * 100
            assert web.received_bytes == len(packed)

    @pytest.mark.parametrize("said", ["gzip, gzip", "br", "zstd", "gzip, deflate", "compress", "aes128gcm"])
    def test_any_other_packing_is_refused(self, said: str) -> None:
        with (
            scripted(lambda asked: answer(b"x", headers={"Content-Encoding": said})) as source,
            pytest.raises(SourceUnreadable, match="packed as"),
        ):
            _web(source).get(source.url)

    @pytest.mark.parametrize("packed", [gzip.compress(b"data" * 100)[:-9], b"no gzip at all"])
    def test_a_damaged_packing_is_no_answer(self, packed: bytes) -> None:
        with (
            scripted(lambda asked: answer(packed, headers={"Content-Encoding": "gzip"})) as source,
            pytest.raises(SourceUnreadable),
        ):
            _web(source).get(source.url)

    @pytest.mark.parametrize("how", ["plain", "gzip", "deflate"])
    def test_a_body_is_measured_unpacked(self, how: str) -> None:
        body = bytes(3_000_000)
        packed = {"plain": body, "gzip": gzip.compress(body), "deflate": zlib.compress(body)}[how]
        headers = {} if how == "plain" else {"Content-Encoding": how}
        with (
            scripted(lambda asked: answer(packed, headers=headers)) as source,
            pytest.raises(AnswerTooLarge, match="larger than 2 MB"),
        ):
            _web(source).get(source.url, limit=2 << 20)
            assert len(_web(source).get(source.url, limit=3_000_000).body) == 3_000_000

    def test_a_body_shorter_than_promised_is_no_answer(self) -> None:
        cut = answer({"a": "b" * 1000})[:-200]
        with scripted(lambda asked: iter([cut])) as source, pytest.raises(SourceUnreachable, match="breaks off"):
            _web(source).get(source.url)

    @pytest.mark.parametrize("part", ["headers", "body", "silence"])
    def test_a_request_ends_when_its_time_is_up_whatever_the_source_does(self, part: str) -> None:
        def drip(asked: Asked) -> Iterator[bytes]:
            yield b"" if part == "silence" else b"HTTP/1.1 200 OK\r\n"
            yield b"\r\n" if part == "body" else b""
            for _ in range(100):
                time.sleep(0.05)
                yield b"" if part == "silence" else b"X-A: b\r\n"

        with scripted(drip) as source, pytest.raises(AnswerTooSlow):
            _web(source, limits=Limits(request=0.3)).get(source.url)

    def test_a_reading_ends_when_its_time_is_up(self) -> None:
        now = [0.0]
        with scripted(lambda asked: answer({})) as source:
            web = _web(source, clock=lambda: now[0], limits=Limits(reading=100))
            web.get(source.url)
            now[0] = 101.0
            with pytest.raises(AnswerTooSlow, match="reading took longer"):
                web.get(source.url)
            assert len(source.asked) == 1

    def test_a_reading_takes_in_no_more_bytes_than_it_may(self) -> None:
        with scripted(lambda asked: answer(bytes(600))) as source:
            web = _web(source, limits=Limits(received=1000))
            web.get(source.url)
            with pytest.raises(SourceUnreadable):
                web.get(source.url)

    def test_a_host_is_asked_twice_a_second_after_a_burst(self) -> None:
        waits: list[float] = []
        pace = Pace(clock=lambda: 0.0, sleep=waits.append)
        for _ in range(14):
            pace.turn("data.example.org")
        pace.turn("other.example.org")
        assert waits == [0.5, 1.0, 1.5, 2.0]

    def test_no_proxy_of_the_environment_is_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        with scripted(lambda asked: answer({})) as source:
            assert _web(source).get(source.url).status == 200

    def test_a_library_that_uses_our_session_cannot_go_round_the_client(self) -> None:
        with scripted(lambda asked: answer({"a": 1})) as source, scripted(lambda asked: answer({})) as other:
            web = _web(source)
            assert web.session.get(source.url, timeout=None).json() == {"a": 1}
            assert web.requests == 1
            for call in (web.session.get, web.session.post, lambda url: web.session.request("GET", url)):
                with pytest.raises(SourceRefused):
                    call(other.url)
            with pytest.raises(SourceRefused):
                web.session.get_adapter(other.url).send(_prepared(other.url))
            assert other.asked == []

    def test_it_says_who_it_is(self) -> None:
        with scripted(lambda asked: answer({})) as source:
            _web(source).get(source.url, accept="application/json")
        assert source.asked[0].headers["user-agent"] == "CommonTable/0.1 (+metadata harvester)"
        assert source.asked[0].headers["accept"] == "application/json"
        assert "br" not in source.asked[0].headers["accept-encoding"]


class TestAnswers:
    @pytest.mark.parametrize(
        ("status", "body", "kind", "error", "words"),
        [
            (200, b"<!doctype html><h1>Back soon</h1>", "application/json", SourceUnreadable, "web page, not data"),
            (200, b"Down for a moment", "text/html", SourceUnreadable, "web page, not data"),
            (200, b"<html><form><input type=password></form>", "text/html", SourceRefused, "asks for a log-in"),
            (401, b"", "application/json", SourceRefused, "asks for a log-in"),
            (403, b"{}", "application/json", SourceRefused, "refuses us"),
            (404, b"", "text/plain", SourceUnreadable, "nothing at"),
            (410, b"", "text/plain", SourceUnreadable, "nothing at"),
            (500, b"", "text/plain", SourceUnreachable, "fault of its own"),
            (503, b"", "text/plain", SourceUnreachable, "busy or down"),
            (418, b"", "text/plain", SourceUnreadable, "did not accept"),
        ],
    )
    def test_each_failure_has_its_own_sentence_and_kind(
        self, status: int, body: bytes, kind: str, error: type[SourceError], words: str
    ) -> None:
        told = failure(Answer(status=status, url="https://h.example/x", body=body, content_type=kind))
        assert type(told) is error
        assert words in told.sentence
        assert "https://h.example/x" in told.sentence
        assert told.sentence.endswith(".")

    def test_good_data_labelled_as_a_web_page_are_data(self) -> None:
        assert (
            failure(Answer(status=200, url="https://h.example/", body=b' {"a": 1}', content_type="text/html")) is None
        )

    def test_json_that_is_none_says_where(self) -> None:
        with (
            scripted(lambda asked: answer(b'{"a": ')) as source,
            pytest.raises(SourceUnreadable, match="cannot be read"),
        ):
            _web(source).json(source.url)


class TestDocuments:
    def test_a_document_that_did_not_change_is_answered_304(self) -> None:
        def script(asked: Asked) -> bytes:
            same = asked.headers.get("if-none-match") == '"v1"'
            return answer(status=304) if same else answer({"a": 1}, headers={"ETag": '"v1"'})

        with scripted(script) as source:
            web = _web(source)
            first = web.ok(source.url)
            assert web.get(source.url, headers={"If-None-Match": first.headers["etag"]}).status == 304

    def test_a_packed_document_is_unpacked_once_wherever_it_lies(self, tmp_path: Path) -> None:
        packed = gzip.compress(b'{"dataset": []}')
        file = tmp_path / "data.json.gz"
        file.write_bytes(packed)
        with scripted(lambda asked: answer(packed, kind="application/gzip")) as source:
            assert _web(source).document(f"{source.url}/data.json.gz") == b'{"dataset": []}'
        assert Web().document(str(file)) == b'{"dataset": []}'

    def test_a_document_in_utf_16_is_given_in_utf_8_wherever_it_lies(self, tmp_path: Path) -> None:
        file = tmp_path / "data.json"
        file.write_bytes('{"dataset": []}'.encode("utf-16"))
        packed = gzip.compress(file.read_bytes())
        with scripted(lambda asked: answer(packed if asked.path.endswith("gz") else file.read_bytes())) as source:
            assert _web(source).document(f"{source.url}/data.json") == b'{"dataset": []}'
            assert _web(source).document(f"{source.url}/data.json.gz") == b'{"dataset": []}'
        assert Web().document(str(file)) == b'{"dataset": []}'

    def test_a_file_is_measured_unpacked(self, tmp_path: Path) -> None:
        file = tmp_path / "bomb.json.gz"
        file.write_bytes(gzip.compress(bytes(5_000_000)))
        with pytest.raises(AnswerTooLarge):
            Web().document(str(file), limit=1_000_000)

    @pytest.mark.parametrize("body", [b"not gzip", gzip.compress(b"x" * 1000)[:-5], b""])
    def test_a_file_that_only_claims_to_be_packed_is_named(self, tmp_path: Path, body: bytes) -> None:
        file = tmp_path / "data.json.gz"
        file.write_bytes(body)
        with pytest.raises(SourceUnreadable, match=r"data\.json\.gz"):
            Web().document(str(file))

    @pytest.mark.parametrize("location", ["absent.json", ".", "file:///etc/passwd", "a\0b"])
    def test_what_is_no_file_is_said_in_a_sentence(self, location: str) -> None:
        with pytest.raises(SourceError) as told:
            Web().document(location)
        assert told.value.sentence.endswith(".")


def _prepared(url: str) -> Any:
    import requests

    return requests.Request("GET", url).prepare()
