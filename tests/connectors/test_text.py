"""Messy values: what is repaired is said, what cannot be told is unknown, and nothing crashes."""

from __future__ import annotations

import codecs
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors._charset import in_utf8
from connectors._dates import iso_date
from connectors._text import Notes, Unreadable, identity, integer, members, parse_json, split_items, text, url

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("31/12/2014", "2014-12-31"),
        ("12/31/2014", "2014-12-31"),
        ("2015", "2015"),
        (2015, "2015"),
        ("2016-05", "2016-05"),
        ("March 2013", "2013-03"),
        ("3 Mar 2013", "2013-03-03"),
        ("1718000000000", "2024-06-10T06:13:20Z"),
        (1718000000, "2024-06-10T06:13:20Z"),
        ("2013-12-10T00:35:29.623317", "2013-12-10T00:35:29"),
        ("2022-01-01T00:00:00+1300", "2022-01-01T00:00:00+13:00"),
        ("2014-03-02 21:47", "2014-03-02T21:47:00"),
        ("Tue, 15 Nov 1994 08:12:31 GMT", "1994-11-15T08:12:31Z"),
    ],
)
def test_a_date_is_read_however_it_is_written(said: Any, meant: str) -> None:
    assert iso_date(said) == (meant, "")


@pytest.mark.parametrize(
    "said",
    [
        *("0000-00-00", "2026-13-45", "9999-12-31T23:59:59", "2016-12-31T23:59:60Z", "2024-01-01T24:00:00"),
        *("-0044-03-15", "yesterday", "01/02/03", "01/02/2014", "2024-W05", "2024-02-30", "10000-01-01"),
        *("2024-06-01T12:00:00+99:00", "\u06f2\u06f0\u06f2\u06f4-\u06f0\u06f1-\u06f0\u06f1", "R/P1Y", "1" * 500),
        *([1], {"a": 1}, True, float("nan"), float("inf"), -5),
    ],
)
def test_a_date_that_cannot_be_told_is_unknown_and_said_to_be(said: Any) -> None:
    found, problem = iso_date(said)
    assert found == ""
    assert problem


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2099, 12, 31)))
def test_every_plain_date_is_itself(day: date) -> None:
    assert iso_date(day.isoformat()) == (day.isoformat(), "")


@pytest.mark.parametrize(
    "same",
    [
        ("http://Data.Example/d/1", "https://data.example/d/1/", "https://data.example:443/d/1"),
        ("10D394FD-88B9-489F-9552-B7B567F927E2", "10d394fd-88b9-489f-9552-b7b567f927e2"),
        ("https://h.example/%7Euser", "https://h.example/~user"),
        ("https://doi.org/10.1234/ABC", "doi:10.1234/abc", "http://dx.doi.org/10.1234/abc"),
        ("e\u0301tude", "\u00e9tude", " \u00e9tude "),
        (
            "http://a.example/datasets/b0906ff8790f4c2cb75f3f6042087e59_3",
            "https://a.example/datasets/b0906ff8790f4c2cb75f3f6042087e59/3",
            "https://www.arcgis.example/home/item.html?id=b0906ff8790f4c2cb75f3f6042087e59&sublayer=3",
            "B0906FF8790F4C2CB75F3F6042087E59_3",
        ),
    ],
)
def test_one_id_in_several_forms_is_one(same: tuple[str, ...]) -> None:
    assert len({identity(one) for one in same}) == 1


def test_different_ids_stay_different() -> None:
    ids = [
        "a/b",
        "a%2Fb",
        "a",
        "A",
        "..",
        "https://h.example/a",
        "https://h.example/A",
        "https://h.example/?a",
        "n" * 500,
    ]
    ids += ["n" * 501, "0" * 32, "0" * 32 + "_0", "0" * 32 + "_1", "x" + "0" * 32]
    assert len({identity(one) for one in ids}) == len(ids)


@given(ANYTHING)
def test_an_id_in_its_normal_form_is_in_its_normal_form(value: Any) -> None:
    found = identity(value)
    assert identity(found) == found
    assert len(found) <= 400


@settings(deadline=None)
@given(ANYTHING)
def test_every_value_becomes_text_that_can_be_stored(value: Any) -> None:
    for found, _ in (text(value), text(value, line=True), url(value)):
        assert "\x00" not in found
        found.encode()
    size, problem = integer(value)
    assert size is None or 0 <= size < 2**63
    assert size is not None or problem or value in (None, "")


@given(st.text(max_size=60))
def test_no_link_can_run(value: str) -> None:
    found, _ = url(value)
    assert found == "" or found.lower().startswith(("http:", "https:", "ftp:", "mailto:"))


@given(ANYTHING)
def test_sound_json_is_read_as_it_is(value: Any) -> None:
    try:
        body = json.dumps(value, allow_nan=False).encode()
    except ValueError:
        return
    if "\\ud" not in body.decode() and not any(len(word) > 18 for word in body.decode().split()):
        assert parse_json(body).value == value


@given(st.binary(max_size=100))
def test_no_bytes_break_the_reading(body: bytes) -> None:
    for read in (parse_json, members, split_items):
        try:
            read(body)
        except Unreadable as error:
            assert str(error)


@pytest.mark.parametrize("depth", [201, 5_000, 100_000])
def test_one_bottomless_element_does_not_spoil_the_others(depth: int) -> None:
    body = b'{"a": [{"id": 1}, {"x": ' + b"[" * depth + b"]" * depth + b'}, {"id": 3}]}'
    pieces = split_items(members(body)["a"])
    assert len(pieces) == 3
    assert parse_json(pieces[2]).value == {"id": 3}
    with pytest.raises(Unreadable, match="200 levels"):
        parse_json(pieces[1])


def test_numbers_that_are_none_and_broken_letters_are_said() -> None:
    found = parse_json(b'{"a": NaN, "b": 1e999, "c": ' + b"9" * 5000 + b', "d": "\xff", "e": "\\ud800"}')
    assert (found.value["a"], found.value["b"], found.value["c"]) == (None, None, None)
    assert len(found.problems) == 4
    notes = Notes()
    assert notes.line("e", found.value["e"]) == "\ufffd"
    assert notes.all()[0].field == "e"


def _written(encoding: str) -> bytes:
    return '[{"title": "Größe – été"}]'.encode(encoding)


@pytest.mark.parametrize(
    ("body", "label"),
    [
        (_written("utf-8"), ""),
        (_written("utf-8"), "application/json; charset=iso-8859-1"),
        (_written("utf-8"), "application/json; charset=utf-7"),
        (_written("utf-16"), ""),
        (_written("utf-32"), "application/json"),
        (codecs.BOM_UTF16_BE + _written("utf-16-be"), "application/json; charset=utf-8"),
        (_written("utf-16-le"), "text/plain; charset=UTF-16LE"),
        (_written("utf-32-be"), "application/json;charset='utf-32be'"),
        (_written("cp1252"), 'application/json; charset="ISO-8859-1"'),
        (_written("cp1252"), "application/json; odata=x; CHARSET=Windows-1252"),
    ],
)
def test_json_in_another_encoding_is_read_as_it_was_written(body: bytes, label: str) -> None:
    assert parse_json(in_utf8(body, label)).value == [{"title": "Größe – été"}]


@pytest.mark.parametrize(
    "label", ["charset=utf-7", "charset=idna", "charset=zip", "charset=unicode_escape", "charset="]
)
def test_a_label_that_no_source_needs_is_not_followed(label: str) -> None:
    body = _written("cp1252")
    assert in_utf8(body, label) == body


@given(st.binary(max_size=60), st.sampled_from(["", "charset=utf-16le", "charset=latin1", "charset=cp1252"]))
def test_what_is_not_json_keeps_its_bytes(body: bytes, label: str) -> None:
    for start in (b"PK\x03\x04", b"\x1f\x8b", b"Title,Notes\r\n", codecs.BOM_UTF16_LE + b"T\x00"):
        assert in_utf8(start + body, label) == start + body


@given(st.binary(max_size=60), st.sampled_from(["utf-16le", "utf-32be", "latin1", "cp1252", "koi8-r", "iso-8859-15"]))
def test_whatever_the_bytes_the_text_is_utf8(body: bytes, name: str) -> None:
    in_utf8("[".encode(name) + body, f"charset={name}").decode()


@pytest.mark.parametrize(
    ("body", "said"),
    [(b"", "it is empty"), (b"null", "“null”"), (b"\x8b\x02a\x00<b>", "begins with “"), (b"cb({})", "“cb({})”")],
)
def test_what_is_no_list_and_no_object_is_said_in_words(body: bytes, said: str) -> None:
    with pytest.raises(Unreadable) as told:
        split_items(body)
    assert said in str(told.value)
    assert "b'" not in str(told.value)
    assert str(told.value).isprintable()


def test_the_stricter_of_two_statements_is_taken_in_any_order_and_clothing() -> None:
    for body in (
        b'{"private": true, "private": false, "state": "deleted", "state": "active"}',
        b'{"private": false, "private": true, "state": "active", "state": "deleted"}',
        b'{"\\u0070rivate": true, "private": false, "state": "deleted", "state": "active"}',
    ):
        assert parse_json(body).value == {"private": True, "state": "deleted"}
