"""What the catalogue shows of a record: corrected before harvested before derived; and what counts as a change."""

from __future__ import annotations

import zlib
from dataclasses import fields, replace
from datetime import date
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.effective import (
    CORRECTABLE,
    LISTS,
    columns,
    content_hash,
    corrected,
    day,
    decode,
    encode,
    pack,
    placement_of,
    said,
    unpack,
)
from catalogue.records import Distribution, FieldWarning, Record
from catalogue.spectrum import Band, Decision, Stated
from governance import Invalid

WHOLE = Record(
    remote_id="A",
    identity="a",
    aliases=("x", "y"),
    title="Air quality",
    description="Hourly",
    publisher="Harbour Council",
    keywords=("air", "health"),
    themes=("ENVI",),
    licence=("uk-ogl",),
    modified="2026-11-01T10:00:00",
    distributions=(
        Distribution(access_url="http://h.example/a.csv", format="csv"),
        Distribution(access_url="http://h.example/b", media_type="text/csv"),
    ),
    extras=MappingProxyType({"region": "North", "metadata_modified": "2026"}),
    warnings=(FieldWarning(field="issued", value="x", problem="not a date"),),
    fingerprint="f",
    raw=b"{}",
)


def _columns(record: Record = WHOLE, **given: object) -> dict[str, object]:
    return columns(record, **{"corrections": {}, "stated": None, "decisions": [], **given})  # type: ignore[arg-type]


def test_a_record_comes_back_as_it_was_but_for_the_sources_bytes() -> None:
    back = decode(encode(WHOLE))
    assert replace(back, raw=b"{}", extras=WHOLE.extras) == WHOLE
    assert dict(back.extras) == dict(WHOLE.extras)
    assert unpack(pack(b"source")) == b"source"
    assert unpack(pack(b"")) == b""


def test_a_record_of_an_older_version_has_the_defaults_of_newer_fields() -> None:
    assert decode(zlib.compress(b'{"remote_id":"A","identity":"a","title":"T"}')).keywords == ()


def test_text_that_is_no_unicode_is_refused() -> None:
    with pytest.raises(ValueError, match="Unicode"):
        encode(replace(WHOLE, title="lone \ud800"))
    with pytest.raises(ValueError, match="NUL"):
        encode(replace(WHOLE, extras=MappingProxyType({"x": "nul \0"})))


@pytest.mark.parametrize(
    "same",
    [
        {"raw": b"other"},
        {"fingerprint": "g"},
        {"warnings": ()},
        {"keywords": ("health", "air")},
        {"aliases": ("y", "x")},
        {"extras": MappingProxyType({"region": "North", "metadata_modified": "2027", "num_tags": "3"})},
    ],
)
def test_what_portals_move_by_themselves_is_no_change(same: dict[str, object]) -> None:
    assert content_hash(replace(WHOLE, **same)) == content_hash(WHOLE)  # type: ignore[arg-type]


def test_every_other_field_is_a_change() -> None:
    unseen = {"raw", "fingerprint", "warnings"}
    for one in fields(Record):
        if one.name in unseen:
            continue
        old = getattr(WHOLE, one.name)
        new: object = {
            str: "something else",
            bool: not old,
            tuple: ("something else",),
            int: 7,
            type(None): 7,
        }.get(type(old), {"region": "South"})
        if one.name == "distributions":
            new = WHOLE.distributions[:1]
        assert content_hash(replace(WHOLE, **{one.name: new})) != content_hash(WHOLE), one.name  # type: ignore[arg-type]


@given(st.permutations(["a", "b", "c", "d"]))
def test_the_order_of_keywords_never_counts(order: list[str]) -> None:
    plain = replace(WHOLE, keywords=("a", "b", "c", "d"))
    assert content_hash(replace(WHOLE, keywords=tuple(order))) == content_hash(plain)


def test_derived_values_follow_from_the_record() -> None:
    made = _columns()
    assert made["formats"] == ["CSV"]
    assert made["licence"] and made["licence_raw"] == "uk-ogl"
    assert made["updated_on"] == date(2026, 11, 1)
    assert made["band"] == "open"
    assert placement_of(made["placement"]).band is Band.OPEN  # type: ignore[arg-type]


def test_a_correction_comes_before_what_the_source_says() -> None:
    made = _columns(corrections={"title": "Clean air", "keywords": '["smoke"]', "access_right": "non-public"})
    assert (made["title"], made["keywords"], made["band"]) == ("Clean air", ["smoke"], "closed")


def test_what_somebody_stated_comes_before_the_rules() -> None:
    stated = Stated(band=Band.GROUP, by="miriam", on=date(2026, 11, 1), reason="members only")
    assert _columns(stated=stated)["band"] == "group"


def test_a_decision_for_the_source_gives_the_licence() -> None:
    decision = Decision(
        band=None,
        licence="CC-BY-4.0",
        access_value=None,
        licence_value="See our terms",
        decided_by="miriam",
        decided_on=date(2026, 11, 1),
        reason="their terms page says so",
    )
    made = _columns(replace(WHOLE, licence=("See our terms",)), decisions=[decision])
    assert (made["licence"], made["band"]) == ("CC-BY-4.0", "open")
    assert _columns(replace(WHOLE, licence=("Other terms",)), decisions=[decision])["licence"] == ""


def test_every_correctable_field_is_a_field_and_its_word_can_be_put_back() -> None:
    for field in CORRECTABLE:
        assert corrected(WHOLE, {field: said(WHOLE, field)}) == WHOLE


def test_a_correction_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid):
        corrected(WHOLE, {"identity": "b"})
    for field in LISTS:
        with pytest.raises(Invalid):
            corrected(WHOLE, {field: "no list"})


@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        ("2026", date(2026, 1, 1)),
        ("2026-03", date(2026, 3, 1)),
        ("2026-03-04T05:06:07Z", date(2026, 3, 4)),
        ("", None),
        ("soon", None),
        ("2026-02-30", None),
    ],
)
def test_a_day_is_read_from_what_is_stated(stated: str, meant: date | None) -> None:
    assert day(stated) == meant
