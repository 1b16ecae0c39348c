"""data.json catalogues: real ones by name and count, real pairs of dates, and the shapes of DCAT-US 3.0."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from catalogue.records import Completeness, Page, Record, Rejection, Seen, SourceAddress
from connectors import data_json, registry
from connectors._web import Web
from governance.errors import SourceUnreadable

Counts = dict[str, tuple[int, int]]

# (records, rejections): their sum is the count of PROVENANCE.md.
REAL: Counts = {
    "arcgis_hub/01b-18163_20190104.json": (57, 0),
    "arcgis_hub/01b-18163_20210119.json": (60, 0),
    "arcgis_hub/03c-02_20200608.json": (167, 0),
    "arcgis_hub/03c-02_20210119.json": (177, 0),
    "arcgis_hub/04f-01_20190104.json": (83, 0),
    "arcgis_hub/04f-01_20210119.json": (86, 0),
    "arcgis_hub/05b-27137_20190104.json": (63, 0),
    "arcgis_hub/05b-27137_20200918.json": (8, 0),
    "arcgis_hub/07b-26161_20201022.json": (10, 0),
    "arcgis_hub/07b-26161_20201213.json": (10, 0),
    "arcgis_hub/08b-42091_20190222.json": (11, 0),
    "arcgis_hub/08b-42091_20210119.json": (39, 0),
    "arcgis_hub/11b-39151_20190222.json": (73, 0),
    "arcgis_hub/11b-39151_20210119.json": (96, 0),
    "arcgis_hub/moray_hub_v3.json.gz": (20, 0),
    "arcgis_hub/renfrew_hub_v3.json.gz": (20, 0),
    "dcat_us/ar_justicia.json": (18, 0),
    "dcat_us/consumerfinance_2025-01-31.json": (11, 0),
    "dcat_us/consumerfinance_2025-02-01.json": (11, 0),
    "dcat_us/dcatus_long_description.json": (1, 0),
    "dcat_us/dol_2025-02-01.json": (465, 0),
    "dcat_us/dol_2025-04-08.json": (453, 0),
    "dcat_us/gsa_2025-01-31.json": (339, 0),
    "dcat_us/gsa_2025-07-21.json": (343, 0),
    "dcat_us/philadelphia_2015.json": (302, 0),
    "dcat_us/treasury_2025-02-01.json": (233, 0),
    "dcat_us/treasury_2025-06-04.json": (232, 0),
    "dcat_us/usda_sample.json": (3, 0),
    "dcat_us/va_2025-07-24.json.gz": (1835, 21),
    "socrata/data.colorado.gov_2022-07-23.jsonl": (140, 2),
    "socrata/data.ct.gov_2022-06-07.jsonl": (199, 5),
    "socrata/data.ct.gov_2022-07-23.jsonl": (183, 5),
    "socrata/data.edmonton.ca_2022-07-23.jsonl.gz": (416, 3),
    "usmart/cycling_scotland.json": (91, 0),
}
PAIRS = {
    # By pair of files: how many were added, changed and removed.
    ("dcat_us/dol_2025-02-01.json", "dcat_us/dol_2025-04-08.json"): (5, 126, 17),
    ("dcat_us/gsa_2025-01-31.json", "dcat_us/gsa_2025-07-21.json"): (4, 99, 0),
    ("dcat_us/treasury_2025-02-01.json", "dcat_us/treasury_2025-06-04.json"): (0, 53, 1),
    ("dcat_us/consumerfinance_2025-01-31.json", "dcat_us/consumerfinance_2025-02-01.json"): (0, 0, 0),
    ("arcgis_hub/01b-18163_20190104.json", "arcgis_hub/01b-18163_20210119.json"): (9, 51, 6),
    ("arcgis_hub/03c-02_20200608.json", "arcgis_hub/03c-02_20210119.json"): (12, 165, 2),
    ("arcgis_hub/04f-01_20190104.json", "arcgis_hub/04f-01_20210119.json"): (71, 15, 68),
    ("arcgis_hub/05b-27137_20190104.json", "arcgis_hub/05b-27137_20200918.json"): (8, 0, 63),
    ("arcgis_hub/07b-26161_20201022.json", "arcgis_hub/07b-26161_20201213.json"): (0, 0, 0),
    ("arcgis_hub/08b-42091_20190222.json", "arcgis_hub/08b-42091_20210119.json"): (30, 9, 2),
    ("arcgis_hub/11b-39151_20190222.json", "arcgis_hub/11b-39151_20210119.json"): (49, 47, 26),
    ("socrata/data.ct.gov_2022-06-07.jsonl", "socrata/data.ct.gov_2022-07-23.jsonl"): (3, 94, 19),
}
# What the mapping leaves out on purpose: dates of the description itself and how the portal draws its tables.
UNMAPPED_OF_SOCRATA = ("updatedAt", "metadata_updated_at", "columns_format", "columns_datatype", "columns_field_name")


def pages(
    location: Path | str, *, after: str = "", known: Callable[[str, str], bool] = lambda *_: False, web: Any = None
) -> list[Page]:
    source = SourceAddress(name="test", kind="data_json", location=str(location))
    return list(data_json.read(source, web or Web(), after, known))


def items(read: list[Page]) -> list[Any]:
    return [item for page in read for item in page.items]


def records(read: list[Page]) -> list[Record]:
    return [item for item in items(read) if isinstance(item, Record)]


def rejections(read: list[Page]) -> list[Rejection]:
    return [item for item in items(read) if isinstance(item, Rejection)]


def ending(read: list[Page]) -> tuple[Completeness, str]:
    assert [page.ending is not None for page in read] == [False] * (len(read) - 1) + [True]
    last = read[-1].ending
    assert last is not None
    return last.completeness, last.reason


@pytest.fixture
def feed(tmp_path: Path) -> Callable[[Any], Path]:
    """Writes a document to a file; bytes as they are, anything else as JSON."""

    def write(content: Any) -> Path:
        path = tmp_path / "data.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    return write


def dataset(number: int, **fields: Any) -> dict[str, Any]:
    return {"identifier": f"D-{number}", "title": f"Dataset {number}", "accessLevel": "public", **fields}


def test_every_real_file_is_named_here(shared: Path) -> None:
    folder = shared / "data" / "harvest"
    found = {
        str(path.relative_to(folder))
        for kind in ("dcat_us", "arcgis_hub", "usmart", "socrata")
        for path in (folder / kind).iterdir()
    }
    assert found == set(REAL)


@pytest.mark.parametrize("name", REAL)
def test_a_real_catalogue_is_read_with_every_entry_accounted_for(shared: Path, name: str) -> None:
    read = pages(shared / "data" / "harvest" / name)
    assert (len(records(read)), len(rejections(read))) == REAL[name]
    assert len({record.identity for record in records(read)}) == len(records(read))
    assert all(record.title and record.fingerprint and record.raw for record in records(read))
    assert all(rejection.identity for rejection in rejections(read))


@pytest.mark.parametrize("name", REAL)
def test_the_counts_are_those_of_the_provenance(shared: Path, name: str) -> None:
    lines = (shared / "data" / "harvest" / "PROVENANCE.md").read_text(encoding="utf-8").splitlines()
    row = next(line for line in lines if line.startswith(f"| {name} |"))
    assert sum(REAL[name]) == int(row.split("|")[3])


@pytest.mark.parametrize("name", REAL)
def test_a_real_catalogue_is_complete_unless_it_is_one_page_of_a_search(shared: Path, name: str) -> None:
    completeness, reason = ending(pages(shared / "data" / "harvest" / name))
    if "hub_v3" in name:
        assert completeness is Completeness.PARTIAL
        assert re.match(r"20 of (64|49) datasets read; this is one page", reason)
    else:
        assert completeness is Completeness.COMPLETE


def _raw(path: Path) -> dict[str, Any]:
    """The reference: plain JSON by raw id, read without any of our code."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    if "socrata" in str(path):
        rows = [json.loads(line) for line in text.splitlines()]
        for row in rows:
            row.pop("link")
            for key in UNMAPPED_OF_SOCRATA:
                row["resource"].pop(key, None)
        return {row["resource"]["id"]: row for row in rows}
    found = {entry["identifier"]: entry for entry in json.loads(text)["dataset"]}
    if "arcgis_hub" in str(path):
        # http became https between the dates, and one portal changed its host: the item and layer stay.
        item = re.compile(r"[0-9a-f]{32}(_\d+)?")
        return {item.search(key).group(0): entry for key, entry in found.items()}  # type: ignore[union-attr]
    return found


def _difference(before: dict[str, Any], after: dict[str, Any]) -> tuple[set[str], set[str], set[str]]:
    changed = {key for key in before.keys() & after.keys() if before[key] != after[key]}
    return after.keys() - before.keys(), changed, before.keys() - after.keys()


def _mapped(path: Path) -> dict[str, Record]:
    return {record.identity: replace(record, fingerprint="", raw=b"") for record in records(pages(path))}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0])
def test_two_dates_of_a_catalogue_differ_by_exactly_what_changed(shared: Path, pair: tuple[str, str]) -> None:
    first, second = (shared / "data" / "harvest" / name for name in pair)
    found = _difference(_mapped(first), _mapped(second))
    assert found == _difference(_raw(first), _raw(second))
    assert tuple(map(len, found)) == PAIRS[pair]


def test_an_empty_catalogue_is_complete_with_nothing_in_it(feed: Callable[[Any], Path]) -> None:
    read = pages(feed({"dataset": []}))
    assert items(read) == []
    assert ending(read)[0] is Completeness.COMPLETE


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({}, "no list called `dataset`"),
        ({"message": "Too many requests"}, "Too many requests"),
        ({"success": False, "error": {"message": "down"}}, "down"),
        ({"dataset": None}, "not a list"),
        ({"dataset": {"identifier": "1"}}, "not a list"),
        (b"<!DOCTYPE html><html><title>Log in</title></html>", "a web page"),
        (b"<?xml version='1.0'?><rdf:RDF/>", "XML"),
        (b"@prefix dcat: <http://www.w3.org/ns/dcat#> .", "not JSON"),
        (b'{"dataset": [{"identifier": "1", "title": "x"}, {"iden', "breaks off"),
        (b"", "not JSON"),
        ({"@context": "http://127.0.0.1:9/c", "@id": "http://e/1", "title": "x"}, "JSON-LD"),
        (["a", "b"], "no descriptions"),
        ({"dataset": [], "catalog": [{"dataset": None}]}, "not a list"),
    ],
)
def test_what_is_no_catalogue_is_refused_with_one_sentence(
    feed: Callable[[Any], Path], content: Any, said: str
) -> None:
    with pytest.raises(SourceUnreadable) as refused:
        pages(feed(content))
    assert said in refused.value.sentence
    assert refused.value.sentence.endswith(".")


def test_an_entry_that_cannot_be_told_apart_makes_the_reading_partial(feed: Callable[[Any], Path]) -> None:
    read = pages(feed({"dataset": [dataset(1), None, {"title": "Nameless"}, [], dataset(2)]}))
    assert [record.remote_id for record in records(read)] == ["D-1", "D-2"]
    assert [(one.reason, one.value) for one in rejections(read)] == [
        ("Not a description of a dataset", "null"),
        ("No identifier", "Nameless"),
        ("Not a description of a dataset", "[]"),
    ]
    completeness, reason = ending(read)
    assert completeness is Completeness.PARTIAL
    assert "3 cannot be told apart" in reason


def test_a_dataset_without_a_title_is_rejected_but_seen(feed: Callable[[Any], Path]) -> None:
    read = pages(feed({"dataset": [dataset(1, title=""), dataset(2, title=None)]}))
    assert [(one.identity, one.field, one.reason) for one in rejections(read)] == [
        ("D-1", "title", "No title"),
        ("D-2", "title", "No title"),
    ]
    assert ending(read)[0] is Completeness.COMPLETE


def test_of_one_identifier_with_several_descriptions_the_same_is_kept_in_any_order(feed: Callable[[Any], Path]) -> None:
    same = [dataset(1, title=f"Version {n}", modified=f"2024-0{n % 3 + 1}-01") for n in range(9)]
    kept = set()
    for seed in range(8):
        random.Random(seed).shuffle(same)
        read = pages(feed({"dataset": same}))
        kept.add(records(read)[0].title)
        assert len(rejections(read)) == 8
        assert {one.reason for one in rejections(read)} == {"Identifier used for more than one description"}
    assert len(kept) == 1
    assert records(read)[0].modified == "2024-03-01"


def test_a_line_that_stands_twice_is_one_record_and_one_rejection(feed: Callable[[Any], Path]) -> None:
    read = pages(feed({"dataset": [dataset(1), dataset(2), dataset(1)]}))
    assert len(records(read)) == 2
    assert [(one.reason, one.identity) for one in rejections(read)] == [("Listed more than once", "D-1")]
    assert ending(read)[0] is Completeness.COMPLETE


def test_a_reading_is_taken_up_again_behind_any_page(feed: Callable[[Any], Path]) -> None:
    path = feed({"dataset": [dataset(number) for number in range(1_203)]})
    whole = pages(path)
    assert [len(page.items) for page in whole] == [500, 500, 203]
    for place, page in enumerate(whole[:-1]):
        assert pages(path, after=page.cursor) == whole[place + 1 :]
    assert ending(pages(path, after=whole[-1].cursor)) == ending(whole)


def test_a_catalogue_that_changed_meanwhile_is_read_again_from_its_start(feed: Callable[[Any], Path]) -> None:
    first = pages(feed({"dataset": [dataset(number) for number in range(600)]}))
    read = pages(feed({"dataset": [dataset(number) for number in range(1, 600)]}), after=first[0].cursor)
    assert len(records(read)) == 599


def test_a_record_that_did_not_change_is_only_seen(feed: Callable[[Any], Path]) -> None:
    path = feed({"dataset": [dataset(1), dataset(2)]})
    held = {record.identity: record.fingerprint for record in records(pages(path))}
    again = pages(path, known=lambda identity, fingerprint: held.get(identity) == fingerprint)
    assert items(again) == [Seen(identity=key, fingerprint=value) for key, value in held.items()]
    changed = pages(
        feed({"dataset": [dataset(1), dataset(2, title="New")]}),
        known=lambda identity, fingerprint: held.get(identity) == fingerprint,
    )
    assert [type(item) for item in items(changed)] == [Seen, Record]


def test_the_fields_of_dcat_us_1_arrive_whole(feed: Callable[[Any], Path]) -> None:
    said = dataset(
        1,
        description="Line one\r\nline two",
        publisher={"@type": "org:Organization", "name": "Town", "subOrganizationOf": {"name": "County"}},
        contactPoint={"fn": "Data desk", "hasEmail": "mailto:data@example.org"},
        keyword=["a", "b", "a"],
        theme=["health"],
        license="https://creativecommons.org/licenses/by/4.0/",
        accessLevel="restricted public",
        rights="Ask first",
        landingPage="https://example.org/d/1",
        issued="2020-01-02",
        modified="R/P1D",
        temporal="2019-01-01/2019-12-31",
        spatial="Town",
        language=["en"],
        isPartOf="C-1",
        distribution=[{"downloadURL": "https://example.org/1.csv", "format": "CSV", "mediaType": "text/csv"}, "odd"],
        bureauCode=["012:11"],
    )
    record = records(pages(feed({"dataset": [said]})))[0]
    assert (record.publisher, record.contact_name, record.contact_email) == ("Town", "Data desk", "data@example.org")
    assert (record.keywords, record.themes, record.licence) == (("a", "b"), ("health",), (said["license"],))
    assert (record.access_right, record.rights, record.description) == (
        "restricted public",
        "Ask first",
        "Line one\nline two",
    )
    assert (record.modified, record.accrual_periodicity) == ("", "R/P1D")
    assert (record.temporal_start, record.temporal_end, record.parent) == ("2019-01-01", "2019-12-31", "C-1")
    assert [(one.download_url, one.format) for one in record.distributions] == [("https://example.org/1.csv", "CSV")]
    assert record.extras["bureauCode"] == '["012:11"]'
    assert "County" in record.extras["publisher"]
    assert [warning.problem for warning in record.warnings] == ["not a file description"]


def test_dcat_us_3_is_read_through_its_catalogues_services_and_series(feed: Callable[[Any], Path]) -> None:
    restricted = {
        "accessURL": "https://example.org/f",
        "accessRestriction": {
            "restrictionStatus": {"prefLabel": "Restricted - Partly"},
            "restrictionNote": "names out",
        },
        "cuiRestriction": {"cuiBannerMarking": "CUI//SP-PRVCY"},
    }
    catalogue = {
        "@type": "Catalog",
        "dataset": [
            {"@id": "https://example.org/d/1", "@type": "Dataset", "title": "One", "accessRights": "On request"}
            | {"identifier": {"@id": "https://example.org/d/1"}, "distribution": [restricted]}
        ],
        "service": [{"title": "API", "servesDataset": [{"@id": "https://example.org/d/1"}, dataset(7)]}],
        "datasetSeries": [
            {"identifier": {"@id": "https://example.org/s"}, "title": "Series", "seriesMember": [dataset(8)]}
        ],
        "catalog": [{"title": "Inner", "dataset": [dataset(9)], "catalog": {"dataset": [dataset(10)]}}],
    }
    found = {record.identity: record for record in records(pages(feed(catalogue)))}
    assert set(found) == {"example.org/d/1", "D-7", "example.org/s", "D-8", "D-9", "D-10"}
    one = found["example.org/d/1"]
    assert one.access_right == "On request"
    assert one.distributions[0].access_right == "Restricted - Partly, names out; CUI: CUI//SP-PRVCY"
    assert found["D-8"].parent == "example.org/s"


def test_the_argentine_profile_keeps_licence_fields_and_periodicity(shared: Path) -> None:
    read = records(pages(shared / "data/harvest/dcat_us/ar_justicia.json"))
    infoleg = next(record for record in read if "Infoleg" in record.title)
    assert infoleg.licence == ("Open Data Commons Open Database License (ODbL)",)
    assert infoleg.accrual_periodicity == "R/P1M"
    assert "id_norma" in infoleg.columns


def test_usmart_states_its_licence_under_the_british_spelling(shared: Path) -> None:
    read = records(pages(shared / "data/harvest/usmart/cycling_scotland.json"))
    assert all(record.licence for record in read if b'"licence": "http' in record.raw)
    assert read[0].contact_email == "nickmontgomery@cycling.scot"


def test_odd_letters_are_replaced_and_listed(feed: Callable[[Any], Path]) -> None:
    body = b'{"dataset": [{"identifier": "1", "title": "a\\ud800b", "description": "nul\\u0000", "size": NaN}]}'
    record = records(pages(feed(body)))[0]
    assert record.title == "a\ufffdb"
    assert "\x00" not in record.description
    assert len(record.warnings) >= 3


def test_a_document_of_one_dataset_proves_nothing_about_others(feed: Callable[[Any], Path]) -> None:
    read = pages(feed(dataset(1)))
    assert [record.identity for record in records(read)] == ["D-1"]
    assert ending(read)[0] is Completeness.PARTIAL


class Pages:
    """A source in memory: answers by address, and remembers what was asked."""

    def __init__(self, answer: Callable[[str], Any]) -> None:
        self.answer, self.asked = answer, list[str]()

    def document(self, location: str, *, limit: int) -> bytes:
        self.asked.append(location)
        return json.dumps(self.answer(location)).encode()


def _page_of(location: str, size: int, count: int) -> list[dict[str, Any]]:
    number = int((re.search(r"[?&]page=(\d+)", location) or ["", "1"])[1])
    return [dataset(n) for n in range(count)][(number - 1) * size : number * size]


def test_a_bare_list_is_read_to_its_empty_page() -> None:
    web = Pages(lambda location: _page_of(location, 100, 250))
    read = pages("https://example.org/data.json", web=web)
    assert len(records(read)) == 250
    assert ending(read) == (Completeness.COMPLETE, "250 of 250 datasets read; the end was proved by an empty page")
    assert web.asked[1] == "https://example.org/data.json?page=2"


def test_a_bare_list_that_knows_no_pages_is_read_once() -> None:
    web = Pages(lambda _: [dataset(n) for n in range(30)])
    read = pages("https://example.org/data.json?x=1", web=web)
    assert len(records(read)) == 30
    assert ending(read)[0] is Completeness.COMPLETE
    assert web.asked == ["https://example.org/data.json?x=1", "https://example.org/data.json?x=1&page=2"]


def test_pages_that_overlap_prove_no_end() -> None:
    web = Pages(lambda location: [dataset(n) for n in range(5)] if "page" not in location else [])
    web.answer = lambda location: {
        "https://e.org/d": [dataset(1), dataset(2)],
        "https://e.org/d?page=2": [dataset(2), dataset(3)],
    }.get(location, [])
    read = pages("https://e.org/d", web=web)
    assert {record.identity for record in records(read)} == {"D-1", "D-2", "D-3"}
    assert ending(read)[0] is Completeness.PARTIAL


def test_a_search_that_gives_fewer_than_it_counts_is_partial() -> None:
    def answer(location: str) -> Any:
        rows = [] if "offset" in location else [{"resource": {"id": "aaaa-1111", "name": "One"}}]
        return {"results": rows, "resultSetSize": 3}

    read = pages("https://api.example.org/api/catalog/v1?domains=x", web=Pages(answer))
    assert ending(read)[0] is Completeness.PARTIAL
    assert "1 of 3 datasets read" in ending(read)[1]


def test_an_empty_search_page_is_not_an_empty_portal() -> None:
    web = Pages(lambda _: {"data": [], "meta": {"stats": {"totalCount": 64}}})
    assert ending(pages("https://hub.example.org/api/v3/search", web=web))[0] is Completeness.PARTIAL


def test_a_site_stands_for_its_data_json() -> None:
    web = Pages(lambda _: {"dataset": []})
    pages("https://example.org", web=web)
    pages("https://example.org/", web=web)
    pages("https://example.org/feed?x=1", web=web)
    assert web.asked == [
        "https://example.org/data.json",
        "https://example.org/data.json",
        "https://example.org/feed?x=1",
    ]


def test_the_connector_is_registered_for_uploads_too() -> None:
    assert ".json" in registry()["data_json"].upload
