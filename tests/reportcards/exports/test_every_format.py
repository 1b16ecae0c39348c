"""What holds for every format, found by the scan: also for the next one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import pypdf
import pytest

from reportcards.exports import fingerprint, formats
from reportcards.exports._format import ready
from reportcards.report import Measurement, Point, ReportCard
from tests.reportcards import examples

NAMES = sorted(formats())


def unpacked(content: bytes) -> Iterator[bytes]:
    """The bytes of a file and of everything packed inside it; the text of a PDF."""
    yield content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from unpacked(archive.read(name))
    if content[:4] == b"%PDF":
        reader = pypdf.PdfReader(io.BytesIO(content))
        yield "\n".join(page.extract_text() for page in reader.pages).encode()
        for thing in reader.objects if hasattr(reader, "objects") else ():
            yield repr(thing).encode()


def test_the_scan_finds_the_formats_with_a_suffix_each() -> None:
    assert {"pdf", "png", "pptx", "svg", "xlsx"} <= set(formats())
    assert len({one.suffix for one in formats().values()}) == len(formats())
    assert formats()["pdf"].file_name(examples.eight()) == "children-and-young-people-2026-11-21.pdf"


@pytest.mark.parametrize("name", NAMES)
def test_the_same_card_gives_the_same_bytes(name: str, files: Mapping[str, bytes]) -> None:
    assert formats()[name].write(examples.eight()) == files[name]


def _with_secrets() -> ReportCard:
    """A card whose composer forgot to take away what may not be seen."""

    def told(point: Point) -> Point:
        if point.value is not None:
            return point
        secret = examples.SECRET
        return replace(point, lower=secret, upper=secret, count=secret, denominator=secret, was=secret, rule="40961")

    def spoilt(item: Measurement) -> Measurement:
        if item.held is not None:
            full = examples.measurement("x", "40961", examples.monthly(date(2026, 1, 1), [examples.SECRET] * 9))
            return replace(full, name=item.name, held=item.held, headline="40961 of them", source_line="40961")
        assert item.series is not None
        return replace(
            item,
            series=replace(item.series, points=tuple(map(told, item.series.points))),
            groups=tuple(replace(one, points=tuple(map(told, one.points))) for one in item.groups),
            areas=tuple(replace(one, points=tuple(map(told, one.points))) for one in item.areas),
        )

    card = examples.eight()
    return replace(card, items=tuple(map(spoilt, card.items)))


@pytest.mark.parametrize("name", NAMES)
def test_held_and_suppressed_figures_are_in_no_byte(name: str, files: Mapping[str, bytes]) -> None:
    written = formats()[name].write(_with_secrets())
    for part in unpacked(written):
        for words in (b"40961", b"40,961"):
            assert words not in part
    assert written == files[name], "the file is the one of a card that never knew the figures"


def test_the_search_for_secrets_would_find_one() -> None:
    item = examples.improvement()
    assert item.series is not None
    points = (*item.series.points[:-1], replace(item.series.points[-1], value=examples.SECRET))
    card = examples.card([replace(item, series=replace(item.series, points=points), latest=points[-1])])
    for name in set(NAMES) - {"png"}:
        found = b" ".join(unpacked(formats()[name].write(card)))
        assert b"40961" in found or b"40,961" in found, name


@pytest.mark.parametrize("name", NAMES)
def test_hostile_texts_harm_nothing(name: str, hostile_files: Mapping[str, bytes]) -> None:
    assert len(hostile_files[name]) > 5_000


def test_control_characters_and_turned_directions_never_reach_a_format() -> None:
    text = repr(ready(examples.hostile()))
    assert "\\u202e" in repr(examples.hostile()) and "\\x00" in repr(examples.hostile())
    assert not [mark for mark in ("\\u202e", "\\u2066", "\\x00", "\\x07", "\\t") if mark in text]


def test_the_fingerprint_follows_the_content_and_the_format() -> None:
    card = examples.eight()
    assert fingerprint(card, "pdf") == fingerprint(examples.eight(), "pdf")
    changed = replace(card, items=(replace(card.items[0], change=0.4), *card.items[1:]))
    prints = {fingerprint(card, "pdf"), fingerprint(card, "xlsx"), fingerprint(changed, "pdf")}
    assert len(prints) == 3
    with pytest.raises(KeyError):
        fingerprint(card, "doc")


@pytest.mark.parametrize("name", NAMES)
def test_a_card_of_held_and_empty_indicators_still_makes_a_file(name: str) -> None:
    empty = examples.measurement("none", "Nothing came yet")
    assert formats()[name].write(examples.card([examples.held(), empty]))
