"""No figure without who says so: on every view of every page, in every table and every file; no origin, no figure."""

from __future__ import annotations

import html
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pypdf
import pytest
from markupsafe import Markup
from streamlit.testing.v1 import AppTest

from pages.cards import _tabs
from reportcards import charts, composing, exporting, exports, indicators, places
from reportcards.attribution import _initials
from reportcards.exports import png
from reportcards.places import PeerGroup
from reportcards.report import Comparison, Measurement, Origin
from tests.catalogue.made import NOW
from tests.pages.drawn import draw, markup
from tests.reportcards import ground
from tests.reportcards.ground import Ground, counts, months

CARD, INDICATOR, PRESENT = "pages.cards.card", "pages.cards.indicator", "pages.cards.present"
TABS = tuple(tab.name for tab in _tabs.TABS)
PICTURES = {"png"}
"""Formats without any text inside: their words are those of the pages that are drawn as SVG and PDF."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A card of an open indicator with groups, areas and two revisions, and of one that partners share."""

    table: Ground
    name: str
    items: tuple[Measurement, ...]

    def query(self, shown: Measurement, tab: str) -> dict[str, str]:
        return {"card": self.name, "item": shown.item, "tab": tab}

    def draw(self, module: str, **query: Any) -> AppTest:
        return draw(module, self.table.people.viewers["priya"], now=NOW, **query)


@pytest.fixture
def card(home: Path) -> Shown:
    table = ground.ground()
    absence, roll = table.dataset("Pupil absence"), table.dataset("Pupils on roll")
    own = table.dataset("Client caseload", "group", owner="Harbour Council")
    told = [(1117, 5003), (1229, 5009), (1361, 5021), (1487, 5023)]
    rows = [line for area in ("V", "N", "S", "E", "W") for line in counts("Absence", told, area=area)]
    rows += [line for group in ("Sex: Girls", "Sex: Boys") for line in counts("Absence", told, group=group)]
    with table.people.as_("priya") as visit:
        group = places.save_peer_group(visit, PeerGroup(name="Neighbours", members=("N", "S")))
    named = {"comparison": Comparison.NAMED, "peer_group_id": group.id, "value_type": "proportion"}
    first = table.indicator(absence, "Absence", rows, denominators=(roll,), **named)
    rows += [
        line for area in ("V", "N", "S", "E", "W") for line in counts("Absence", [(1502, 5029)], first=2012, area=area)
    ]
    assert table.take(absence, rows).status == "committed"
    plain = months("Caseload", [210.5 + 3 * at for at in range(15)], status="P")
    counted = [f"{told},900,,{status}" for told, status in (row.rsplit(",,,", 1) for row in plain)]
    second = table.indicator(own, "Caseload", counted)
    name = table.card("School days", first, second)
    with table.people.as_("priya") as visit:
        return Shown(table=table, name=name, items=composing.whole_card(visit, name).items)


def words(text: str) -> str:
    """Letters and digits only: a source wraps over lines, and a PDF joins letters."""
    return re.sub(r"[^a-z0-9]+", "", unicodedata.normalize("NFKC", text).casefold())


def parts(origin: Origin) -> Iterator[str]:
    """What has to be said of one source."""
    yield from (origin.publisher, origin.title, origin.licence, origin.citation)
    yield from (origin.period_first, origin.period_last)
    if origin.received:
        yield f"received {origin.received.day} {origin.received:%b %Y}"
    if origin.revision:
        yield f"revision {origin.revision}"
    if origin.provisional:
        yield "provisional"


def assert_whole(text: str, shown: Measurement, where: str) -> None:
    said = words(text)
    for origin in shown.origins:
        for part in parts(origin):
            assert words(part) in said, f"{where}: {part}"
    assert words(shown.source_line) in said, f"{where}: the whole line"


def text(app: AppTest) -> str:
    return Markup(markup(app)).striptags()


def test_the_ground_has_every_kind_of_source(card: Shown) -> None:
    first, second = (next(each for each in card.items if each.name == name) for name in ("Absence", "Caseload"))
    assert [each.is_denominator for each in first.origins] == [False, True]
    assert (first.origins[0].revision, second.origins[0].provisional) == (2, 1)
    assert all(part for origin in (first.origins[0], second.origins[0]) for part in (origin.publisher, origin.title))
    assert first.groups and first.areas and first.funnel


@pytest.mark.parametrize("tab", TABS)
def test_every_view_of_an_indicator_has_the_whole_line(card: Shown, tab: str) -> None:
    for shown in card.items:
        page = card.draw(INDICATOR, **card.query(shown, tab))
        assert not page.exception
        assert_whole(text(page), shown, f"{tab} of {shown.name}")


def test_every_tile_and_slide_names_who_what_licence_day_and_revision(card: Shown) -> None:
    tiles = text(card.draw(CARD, name=card.name))
    for at, shown in enumerate(card.items, 1):
        origin = shown.origins[0]
        assert origin.received is not None
        day = f"received {origin.received.day} {origin.received:%b %Y}"
        slide = text(card.draw(PRESENT, card=card.name, i=str(at)))
        for said in (tiles, slide):
            for part in (origin.publisher, origin.title, f"r{origin.revision}", _initials(origin.licence), day):
                assert words(part) in words(said) or words(f"revision {origin.revision}") in words(said), part


def test_the_whole_line_of_a_tile_stands_below_it_and_that_of_a_slide_is_one_key_away(card: Shown) -> None:
    tiles = text(card.draw(CARD, name=card.name))
    for at, shown in enumerate(card.items, 1):
        assert_whole(tiles, shown, "the card")
        slide = card.draw(PRESENT, card=card.name, i=str(at))
        if words(shown.source_line) in words(text(slide)):
            continue
        (way,) = re.findall(r'href="([^"]*)" data-ct-keys="s"', markup(slide))
        asked = dict(parse_qsl(urlsplit(html.unescape(way)).query))
        whole = card.draw(PRESENT, **asked)
        assert_whole(text(whole), shown, "the slide")
        (back,) = re.findall(r'href="([^"]*)" data-ct-keys="s"', markup(whole))
        assert "source" not in dict(parse_qsl(urlsplit(html.unescape(back)).query))


def test_a_slide_with_a_long_source_leads_to_the_whole_of_it(card: Shown) -> None:
    with card.table.people.as_("priya") as visit:
        known = indicators.indicator(visit, next(each.indicator for each in card.items if each.name == "Absence"))
        rolls = [card.table.dataset(f"Pupils on the roll of all schools of the area, part {at}") for at in range(4)]
        indicators.save(visit, replace(known, denominators=tuple(rolls)))
    slides = [card.draw(PRESENT, card=card.name, i=str(at)) for at in (1, 2)]
    assert any('data-ct-keys="s"' in markup(each) for each in slides)


def test_the_picture_of_the_whole_card_says_every_whole_line(card: Shown) -> None:
    with card.table.people.as_("priya") as visit:
        told = png.content(composing.whole_card(visit, card.name))
    layout = (Path(png.__file__).parent / png.LAYOUT.file).read_text("utf-8")
    assert "item.source)" in layout, "the layout writes them all below the tiles"
    for shown, item in zip(card.items, told["items"], strict=True):
        assert item["source"] == shown.source_line


def test_every_chart_can_carry_its_line(card: Shown) -> None:
    for shown in card.items:
        drawn = [charts.trend(shown, width=900)]
        drawn += [charts.groups(shown, width=900)] if shown.groups else []
        drawn += [charts.areas(shown, width=900)] if shown.areas else []
        drawn += [charts.funnel(shown, width=900)] if shown.funnel else []
        for each in drawn:
            assert_whole(" ".join(_texts(each.spec)), shown, "a chart of its own")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def readable(content: bytes) -> str:
    """All words of a file: the text of a PDF, the packed parts of an office file, the text of a picture of vectors."""
    if content[:4] == b"%PDF":
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(readable(archive.read(name)) for name in archive.namelist())
    return html.unescape(re.sub(r"<[^>]*>", " ", content.decode("utf-8", "ignore")))


def exported(card: Shown, format: str) -> str:
    with card.table.people.as_("priya") as visit:
        return readable(exporting.export(visit, card.name, format).data)


@pytest.mark.parametrize("format", sorted(set(exports.formats()) - PICTURES))
def test_every_file_has_the_whole_line_of_every_indicator(card: Shown, format: str) -> None:
    said = exported(card, format)
    for shown in card.items:
        assert_whole(said, shown, format)


def test_an_indicator_without_its_dataset_is_a_figure_nowhere(card: Shown) -> None:
    taken = next(each for each in card.items if each.name == "Caseload")
    assert taken.latest is not None and taken.latest.value is not None
    figure = re.compile(rf"(?<![\d.]){re.escape(f'{taken.latest.value:.1f}')}(?!\d)")
    queries = [(INDICATOR, card.query(taken, tab)) for tab in TABS]
    queries += [(CARD, {"name": card.name})]
    queries += [(PRESENT, {"card": card.name, "i": str(at)}) for at in (1, 2)]
    seen = [bool(figure.search(markup(card.draw(module, **query)))) for module, query in queries]
    assert seen[:-2] == [True] * (len(seen) - 2) and any(seen[-2:]), "it is a figure everywhere to begin with"
    files = sorted(set(exports.formats()) - PICTURES - {"svg"})
    assert [format for format in files if not figure.search(exported(card, format))] == []
    with card.table.people.as_("priya") as visit:
        saved = indicators.save(visit, replace(indicators.indicator(visit, taken.indicator), dataset_id=""))
        assert saved.dataset_id == ""
    for module, query in queries:
        page = card.draw(module, **query)
        assert not figure.search(markup(page)) and "Client caseload" not in markup(page), (module, query)
    for format in files:
        said = exported(card, format)
        assert not figure.search(said) and words("Client caseload") not in words(said), format
