"""What leaves the house: DCAT, data.json, the CKAN-shaped API, the feed and the CSV file."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import defusedxml.ElementTree
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import store
from catalogue import curation, publishing, registering
from catalogue.publishing.cells import csv_lines, neutralise, restore
from catalogue.records import Distribution, Record, SourceAddress
from connectors import registry
from connectors._web import Web
from governance import Visit, operator
from store.settings import Settings
from tests.catalogue.made import NOW, Collaboration, collaboration, harvested, record, source
from tests.catalogue.test_registering import COUNTS, OPEN, approved

TRIGGERS = "=+-@\t\r＝＋－＠"
EVIL = [
    '=HYPERLINK("http://a.example","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "＝1+1",
    "\u200b=1+1",
    "'=1+1",
    "''=1+1",
    "'plain",
]
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = record(
    'Streets & <squares> "quoted" \x0b',
    identity="hostile",
    description="]]></summary><script>alert(1)</script>",
    publisher="=cmd()",
    licence=("CC-BY-4.0",),
    keywords=("roads", "@SUM(1)"),
    themes=("Transport",),
    contact_name="Data desk",
    contact_email="desk@harbour.example",
    issued="2024",
    accrual_periodicity="http://publications.europa.eu/resource/authority/frequency/MONTHLY",
    temporal_start="2019-01",
    temporal_end="2026-09",
    spatial="Harbour District",
    landing_page="https://data.example/a b?x=<y>",
    distributions=(
        Distribution(title="The file", download_url="https://data.example/file.csv", format="CSV", byte_size=12),
        Distribution(title="Odd", access_url="javascript:alert(1)", format="HTML"),
    ),
)


@pytest.fixture
def made(home: Path) -> Collaboration:
    """Four datasets listed to everyone, and three that must not leave the house."""
    made, portal = collaboration(), source()
    harvested(HOSTILE, source_id=portal)
    harvested(record("Plain"), source_id=portal)
    approved(made, COUNTS)
    approved(made, OPEN)
    own = made.organisations["Harbour Council"]
    harvested(record("Hidden away"), source_id=portal, listing="owner", organisation_id=own)
    harvested(record("Named away"), source_id=portal, listing="organisations", organisation_id=own, listed_for=(own,))
    harvested(record("Missing away"), source_id=portal, state="missing")
    harvested(record("Withdrawn away"), source_id=portal, state="withdrawn")
    return made


def whole(pieces: Any) -> bytes:
    return b"".join(pieces)


def read_back(path: Path) -> tuple[dict[str, Record], str]:
    """What our own connector makes of a published data.json."""
    web = Web()
    try:
        address = SourceAddress(name="ours", kind="data_json", location=str(path))
        pages = list(registry()["data_json"].read(address, web, "", lambda _identity, _fingerprint: False))
    finally:
        web.close()
    items = [item for page in pages for item in page.items]
    assert all(isinstance(item, Record) for item in items), items
    ending = pages[-1].ending
    assert ending is not None
    return {item.title: item for item in items if isinstance(item, Record)}, ending.completeness.value


def test_nothing_but_live_datasets_listed_to_everyone_leaves_the_house(made: Collaboration, tmp_path: Path) -> None:
    with operator("publish") as visit:
        written = publishing.publish(visit, tmp_path / "out")
        answers = [
            publishing.answer(visit, action, {"rows": "100"}).body for action in ("package_list", "package_search")
        ]
    assert sorted(path.name for path in written) == ["catalogue.csv", "catalogue.jsonld", "data.json", "feed.xml"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in written)
    for content in (*(path.read_bytes() for path in written), *answers):
        assert b" away" not in content
    for path in written:
        assert "Plain" in path.read_text(encoding="utf-8")


def test_every_viewer_publishes_the_same(made: Collaboration) -> None:
    def everything(visit: Visit) -> bytes:
        return whole(piece for make in publishing.FILES.values() for piece in make(visit))

    with operator("publish", now=NOW) as visit:
        by_operator = everything(visit)
    for username in ("miriam", "jonas"):
        with made.as_(username) as visit:
            assert everything(visit) == by_operator


def test_data_json_is_read_back_by_our_own_connector(made: Collaboration, tmp_path: Path) -> None:
    with operator("publish") as visit:
        publishing.publish(visit, tmp_path)
    found, completeness = read_back(tmp_path / "data.json")
    assert completeness == "complete"
    assert len(found) == 4
    hostile = next(each for title, each in found.items() if title.startswith("Streets"))
    for field in ("description", "publisher", "contact_email", "spatial", "temporal_start", "temporal_end", "issued"):
        assert getattr(hostile, field) == getattr(HOSTILE, field), field
    assert set(hostile.keywords) == set(HOSTILE.keywords)
    assert hostile.accrual_periodicity == "R/P1M"
    assert hostile.access_right == "public"
    assert hostile.licence == ("https://creativecommons.org/licenses/by/4.0/",)
    assert hostile.landing_page == "https://data.example/a%20b?x=%3Cy%3E"
    assert [each.download_url for each in hostile.distributions] == ["https://data.example/file.csv", ""]


def test_what_is_read_back_stands_where_it_stood(made: Collaboration, tmp_path: Path) -> None:
    from catalogue.spectrum import place

    with operator("publish") as visit:
        publishing.publish(visit, tmp_path)
    found, _ = read_back(tmp_path / "data.json")
    bands = {title.split()[0]: place(each).band.value for title, each in found.items() if title != OPEN.title}
    assert bands["Streets"] == "open"
    assert bands["Plain"] == "public-unclear"


def test_a_closed_registration_is_published_without_a_persons_name(made: Collaboration) -> None:
    with operator("publish") as visit:
        data = json.loads(whole(publishing.data_json(visit)))
    closed = [each for each in data["dataset"] if each["accessLevel"] == "non-public"]
    assert [each["title"] for each in closed] == ["Tenancies by ward"]
    assert closed[0]["contactPoint"]["fn"] == "Tidewater Homes"
    assert closed[0]["contactPoint"]["hasEmail"] == "mailto:data@tidewater.example"
    assert "distribution" not in closed[0]
    assert "Hanna" not in json.dumps(data)


def test_a_stated_band_is_published_without_who_stated_it(made: Collaboration) -> None:
    with made.as_("priya") as visit:
        plain = next(line.id for line in _lines(visit) if line.title == "Plain")
        curation.place_dataset(visit, plain, "named", reason="The portal asks for an agreement")
    with operator("publish") as visit:
        content = whole(piece for make in publishing.FILES.values() for piece in make(visit)).decode()
    assert "Named: The portal asks for an agreement" in content
    assert "priya" not in content.lower()


def _lines(visit: Visit) -> Any:
    from catalogue import datasets

    return datasets.datasets(visit)


def test_the_jsonld_carries_its_own_context_and_says_where_each_stands(made: Collaboration) -> None:
    store.use_settings(replace(_settings(), public_url="https://table.example/"))
    with operator("publish") as visit:
        graph = json.loads(whole(publishing.jsonld(visit)))
    assert all(isinstance(value, str) for value in graph["@context"].values())
    assert (graph["@id"], graph["@type"]) == ("https://table.example/#catalogue", "dcat:Catalog")
    prefixes = {*graph["@context"]}
    nodes = graph["dcat:dataset"]
    assert len(nodes) == 4
    for node in nodes:
        assert node["@type"] == "dcat:Dataset"
        assert node["@id"].startswith("urn:commontable:dataset:")
        assert all(key.startswith("@") or key.split(":")[0] in prefixes for key in _keys(node))
        assert node["foaf:page"]["@id"].startswith("https://table.example/dataset?id=")
    hostile = next(node for node in nodes if node["dct:title"].startswith("Streets"))
    assert hostile["dct:license"]["@id"] == "https://creativecommons.org/licenses/by/4.0/"
    assert hostile["dct:accessRights"][0]["@id"].endswith("/access-right/PUBLIC")
    assert hostile["dct:accessRights"][1]["rdfs:label"].startswith("Open: ")
    assert hostile["dct:accrualPeriodicity"]["@id"].endswith("/frequency/MONTHLY")
    assert hostile["dct:temporal"]["dcat:startDate"] == {"@type": "xsd:gYearMonth", "@value": "2019-01"}
    files = hostile["dcat:distribution"]
    assert files[0]["dcat:downloadURL"] == {"@id": "https://data.example/file.csv"}
    assert "dcat:accessURL" not in files[1]
    assert "javascript" not in json.dumps(graph)


def _settings() -> Settings:
    from store.settings import settings as current

    return current()


def _keys(node: Any) -> set[str]:
    if isinstance(node, list):
        return {key for each in node for key in _keys(each)}
    if isinstance(node, dict):
        return {*node, *(key for value in node.values() for key in _keys(value))}
    return set()


def test_the_feed_is_atom_with_the_newest_first_and_no_values_from_before(made: Collaboration) -> None:
    with made.as_("priya", now=NOW.replace(hour=12)) as visit:
        plain = next(line.id for line in _lines(visit) if line.title == "Plain")
        curation.correct(visit, plain, "title", value="Plain words", reason="It was a working title")
    with operator("publish") as visit:
        content = publishing.atom(visit)
    feed = defusedxml.ElementTree.fromstring(content)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    assert feed.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated") == "2026-11-21T12:30:00Z"
    assert entries[0].findtext(f"{ATOM}title") == "Plain words"
    assert len({each.findtext(f"{ATOM}id") for each in entries}) == len(entries) == 5
    for each in (feed, *entries):
        for tag in ("id", "title", "updated"):
            assert each.findtext(f"{ATOM}{tag}")
        assert each.find(f"{ATOM}author/{ATOM}name") is not None
    assert b"working title" not in content
    assert isinstance(feed, ElementTree.Element)


def test_the_ckan_shaped_answers_have_its_envelope(made: Collaboration) -> None:
    with operator("publish") as visit:
        ids = json.loads(publishing.answer(visit, "package_list", {}).body)["result"]
        page = json.loads(publishing.answer(visit, "package_search", {"rows": "3", "start": "1"}).body)
        shown = json.loads(publishing.answer(visit, "package_show", {"id": ids[1]}).body)
        missing = publishing.answer(visit, "package_show", {"id": "0" * 16})
        wrong = publishing.answer(visit, "package_search", {"rows": "-1"})
        unknown = publishing.answer(visit, "package_delete", {"id": ids[0]})
        paged = json.loads(publishing.answer(visit, "package_list", {"limit": "2", "offset": "3"}).body)["result"]
    assert page["success"] is True
    assert (page["result"]["count"], [each["id"] for each in page["result"]["results"]]) == (4, ids[1:4])
    assert shown["result"] == page["result"]["results"][0]
    assert (missing.status, json.loads(missing.body)["success"]) == (404, False)
    assert wrong.status == 409
    assert unknown.status == 400
    assert paged == ids[3:5]


def test_a_hidden_dataset_is_not_found_as_one_that_never_was(made: Collaboration) -> None:
    with operator("publish") as visit:
        hidden = [line.id for line in _lines(visit) if line.title.endswith("away")]
        answers = {publishing.answer(visit, "package_show", {"id": each}) for each in (*hidden, "0" * 16)}
    assert len(hidden) == 4
    assert len(answers) == 1


def test_the_csv_is_read_back_cell_by_cell_and_holds_no_formula(made: Collaboration) -> None:
    with operator("publish") as visit:
        content = whole(publishing.csv_file(visit))
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(rows) == 5
    assert all(not cell.startswith(tuple(TRIGGERS)) for row in rows for cell in row)
    hostile = next(dict(zip(rows[0], row, strict=True)) for row in rows if row[1].startswith("Streets"))
    assert hostile["publisher"] == "'=cmd()"
    assert restore(hostile["publisher"]) == "=cmd()"
    assert hostile["band"] == "open"


@pytest.mark.parametrize("cell", EVIL)
def test_a_formula_is_neutralised_and_restored(cell: str) -> None:
    assert restore(neutralise(cell)) == cell
    shown = neutralise(cell)
    assert shown.startswith("'")
    assert (shown == cell) is (cell == "'plain")


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from([*TRIGGERS, "'", " ", "a", "1", "\n", "\u200b", ";", "|", '"', ","])))
def test_no_cell_starts_as_a_formula_and_every_cell_comes_back(cell: str) -> None:
    shown = neutralise(cell)
    assert restore(shown) == cell
    assert not shown.startswith(tuple(TRIGGERS))
    bare = shown.lstrip(" \n\u200b")
    assert not bare.startswith(tuple(TRIGGERS))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=4))
def test_a_csv_file_comes_back_as_it_was_written(rows: list[list[str]]) -> None:
    clean = [[_storable(cell) for cell in row] for row in rows]
    content = whole(csv_lines(["a", "b"], clean)).decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(content, newline="")))[1:]
    assert [[restore(cell) for cell in row] for row in found] == clean


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\x00", "")


def test_an_empty_catalogue_publishes_valid_empty_files(home: Path, tmp_path: Path) -> None:
    with operator("publish") as visit:
        publishing.publish(visit, tmp_path)
    assert json.loads((tmp_path / "data.json").read_bytes())["dataset"] == []
    assert json.loads((tmp_path / "catalogue.jsonld").read_bytes())["dcat:dataset"] == []
    assert defusedxml.ElementTree.fromstring((tmp_path / "feed.xml").read_bytes()).findall(f"{ATOM}entry") == []
    assert len((tmp_path / "catalogue.csv").read_bytes().splitlines()) == 1


def test_a_change_of_a_registration_reaches_the_published_file(made: Collaboration) -> None:
    with made.as_("jonas") as visit:
        target = next(line.id for line in _lines(visit) if line.title == COUNTS.title and line.band == "closed")
        registering.change_registered(visit, target, replace(COUNTS, title="Homes by ward"))
    with operator("publish") as visit:
        assert b"Homes by ward" in whole(publishing.data_json(visit))
