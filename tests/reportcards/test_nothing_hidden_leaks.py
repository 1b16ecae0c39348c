"""A number that disclosure control hides is nowhere: not in a file, a table, a value, a chart, an export or a frame.

One file of data that are not open is imported twice; then everything that the product has written or says is searched
for each hidden number, and for each shown one as the control of the search.
"""

from __future__ import annotations

import dataclasses
import io
import json
import re
import sqlite3
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from itertools import product
from pathlib import Path

import httpx
import msgspec
import polars as pl
import pypdf
import pytest

import store
from reportcards import charts, composing, exporting, importing, indicators, observations, places, revisions
from reportcards.indicators import Indicator
from reportcards.places import PeerGroup
from reportcards.report import Comparison, Measurement, Part
from store.settings import Settings
from tests.catalogue.made import NOW
from tests.pages.conftest import ROOT, environment, start_server, stop_server
from tests.pages.wsclient import ask
from tests.reportcards import ground
from tests.reportcards.ground import Ground

HEAD = "Indicator,Area code,Area name,Period,Breakdown,Group,Value,Lower 95,Upper 95,Count,Denominator,Status"
AREAS = {"V": "Vale", "N": "Northgate", "S": "Saltmarsh"}
GROUPS = ("Younger", "Middle", "Older")
SMALL = {("V", "Younger", 2023), ("N", "Middle", 2024), ("S", "Older", 2022), ("V", "Older", 2025)}
CORRECTED = {("V", "Younger", 2023): 8, ("V", "Middle", 2020): 271, ("N", "Older", 2019): 6}
Key = tuple[str, str, int, int]
"""Area, group, year, and whether it is the revised file."""


def rows(*, revised: bool) -> dict[tuple[str, str, int], dict[str, float]]:
    """Cases per million: every row has numbers of its own, so that each is known wherever it turns up."""
    counts: dict[tuple[str, str, int], int] = {}
    others: set[tuple[str, str, int]] = set()
    for place, (area, year, group) in enumerate(product(AREAS, range(2012, 2026), GROUPS)):
        count = 7 if (area, group, year) in SMALL else 213 + 17 * place % 97
        if revised and (area, group, year) in CORRECTED:
            count = CORRECTED[area, group, year]
            others |= {(area, group, year), (area, "", year)}
        counts[area, group, year] = count
        counts[area, "", year] = counts.get((area, "", year), 0) + count
    found = {}
    for place, (key, count) in enumerate(sorted(counts.items())):
        denominator = 400_009 + 1_237 * place + (3 if key in others else 0)
        value = 1e6 * count / denominator
        limits = {"lower": value * 0.41873, "upper": value * 1.91377}
        found[key] = {"value": value, **limits, "count": count, "denominator": denominator}
    return found


def written(told: Mapping[tuple[str, str, int], Mapping[str, float]]) -> bytes:
    lines = [HEAD]
    for (area, group, year), each in told.items():
        numbers = ",".join(repr(each[name]) for name in ("value", "lower", "upper", "count", "denominator"))
        lines.append(f"Cases,{area},{AREAS[area]},{year},{'Age' if group else ''},{group},{numbers},")
    return "\n".join(lines).encode()


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """One row of a file, in every way a number of it can be written."""

    numbers: tuple[float, ...]
    """Value, limits, denominator; a count alone is told of many."""

    def written(self) -> Iterator[str]:
        for number in self.numbers:
            yield from {f"{number:.6f}", f"{number:.2f}", f"{number:,.2f}", repr(number)[:9]} - {f"{number:.0f}"}
        yield from {f"{self.numbers[-1]:.0f}", f"{self.numbers[-1]:,.0f}"}

    def packed(self) -> Iterator[bytes]:
        for number in self.numbers:
            yield from (struct.pack("<d", number), struct.pack(">d", number))

    @cached_property
    def pattern(self) -> re.Pattern[bytes]:
        """As text that no digit goes before, or as the bytes of a number."""
        said = b"|".join(re.escape(each.encode()) for each in sorted(set(self.written())))
        return re.compile(rb"(?<![\d.,])(?:" + said + rb")|" + b"|".join(map(re.escape, self.packed())))

    def is_in(self, content: bytes) -> bool:
        """Whether any of them is there."""
        return self.pattern.search(content) is not None


def numbers(each: Mapping[str, float]) -> Numbers:
    return Numbers(numbers=tuple(each[name] for name in ("value", "lower", "upper", "denominator")))


@dataclass(slots=True, kw_only=True)
class Imported:
    """A home with two revisions of one file, a card, and what of the file is hidden."""

    home: Path
    scratch: Path
    table: Ground
    card: str
    item: str
    indicator: str
    revisions: tuple[str, ...]
    hidden: dict[Key, Numbers] = field(default_factory=dict)
    """By area, group, year and revision."""
    shown: dict[Key, Numbers] = field(default_factory=dict)

    def found(self, parts: Iterable[bytes]) -> tuple[set[Key], bool]:
        """Which hidden rows have a number in these bytes; and whether any shown one has, as the control."""
        content = b"\n".join(parts)
        hidden = {key for key, each in self.hidden.items() if each.is_in(content)}
        return hidden, any(each.is_in(content) for each in self.shown.values())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imported]:
    home, scratch = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("scratch")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMMONTABLE_HOME", str(home))
        patch.delenv("COMMONTABLE_DATABASE_URL", raising=False)
        patch.setenv("TMPDIR", str(scratch))
        patch.setattr(tempfile, "tempdir", str(scratch))
        store.use_settings(Settings(home=home))
        store.upgrade()
        yield _imported(home, scratch)
        store.use_settings(None)


def _imported(home: Path, scratch: Path) -> Imported:
    table = ground.ground()
    dataset = table.dataset("Serious cases", "group", owner="Harbour Council")
    kept = []
    with table.people.as_("priya") as visit:
        group = places.save_peer_group(visit, PeerGroup(name="Neighbours", members=tuple(AREAS)))
        given = Indicator(code="Cases", name="Cases", dataset_id=dataset, value_type="crude_rate", multiplier=1e6)
        more = {"unit": "per million", "decimals": 2, "comparison": Comparison.NAMED, "peer_group_id": group.id}
        saved = indicators.save(visit, dataclasses.replace(given, **more))  # type: ignore[arg-type]
    for revised in (False, True):
        with table.people.as_("priya", now=NOW + timedelta(days=30 * revised)) as visit:
            order = importing.Order(data=written(rows(revised=revised)), file_name="cases.csv", dataset_id=dataset)
            done = importing.commit(visit, order)
        assert done.status == "committed", done.errors
        kept.append(done.revision)
    card = table.card("Safety", saved)
    with table.people.as_("priya") as visit:
        item = composing.report_card(visit, card).items[0].item
    told = Imported(
        home=home, scratch=scratch, table=table, card=card, item=item, indicator=saved.id, revisions=tuple(kept)
    )
    _split(told)
    return told


def _split(told: Imported) -> None:
    """What the files of numbers keep is shown; what a revision hides and none shows is hidden."""
    kept: dict[Key, Numbers] = {}
    gone: dict[Key, Numbers] = {}
    for revised, revision in enumerate(told.revisions):
        true = rows(revised=bool(revised))
        for row in pl.read_parquet(observations.file_of(revision)).to_dicts():
            key = (row["area_code"], row["group"], row["period_start"].year)
            (gone if row["value"] is None else kept)[*key, revised] = numbers(true[key])
    shown = {each.numbers for each in kept.values()}
    told.shown = {key: each for key, each in kept.items() if key[3] == 1}
    told.hidden = {key: each for key, each in gone.items() if each.numbers not in shown}


# ---- Everything that lies somewhere ----


def texts(content: bytes, name: str) -> Iterator[bytes]:
    """The bytes of a file, and what can be read out of them: columns, tables, packed files, pages."""
    yield content
    if content[:4] == b"PAR1":
        yield json.dumps(pl.read_parquet(io.BytesIO(content)).to_dicts(), default=str).encode()
    elif content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for inside in archive.namelist():
                yield inside.encode()
                yield from texts(archive.read(inside), inside)
    elif content[:4] == b"%PDF":
        yield "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).encode()
    elif content[:15] == b"SQLite format 3":
        yield from _rows(Path(name))


def _rows(database: Path) -> Iterator[bytes]:
    """Every row of every table; what is packed in a cell is unpacked."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as opened:
        real = "select name from sqlite_master where type = 'table' and sql not like 'CREATE VIRTUAL%'"
        names = [row[0] for row in opened.execute(real)]
        for name in names:
            for row in opened.execute(f'select * from "{name}"'):
                yield repr([_cell(each) for each in row]).encode()


def _cell(value: object) -> object:
    if not isinstance(value, bytes):
        return value
    try:
        return msgspec.msgpack.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return value


def everything(folder: Path) -> Iterator[tuple[Path, list[bytes]]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, list(texts(path.read_bytes(), str(path)))


def looked_at(made: Imported, username: str) -> list[tuple[str, Measurement]]:
    """Every view of the item, of the newest and of each old revision."""
    found = []
    with made.table.people.as_(username, now=NOW + timedelta(days=40)) as visit:
        for revision in ("", *made.revisions):
            for part in Part:
                shown = composing.measurement(visit, made.card, made.item, part=part, revision=revision)
                found.append((f"{part} {revision}", shown))
            whole = composing.whole_card(visit, made.card, pinned={made.item: revision} if revision else {})
            found += [(f"card {revision}", each) for each in whole.items]
    return found


def test_every_small_number_is_hidden_and_most_others_are_shown(made: Imported) -> None:
    small = {(*key, revised) for revised in (0, 1) for key, each in rows(revised=bool(revised)).items()
             if each["count"] < 10}  # fmt: skip
    assert small <= set(made.hidden)
    assert len(made.hidden) > len(small), "one alone would be told by the others"
    assert len(made.shown) > 3 * len(made.hidden)


def test_no_file_of_the_home_and_no_row_of_a_table_has_a_hidden_number(made: Imported) -> None:
    with made.table.people.as_("priya", now=NOW + timedelta(days=40)) as visit:
        for each in exporting.formats():
            exporting.export(visit, made.card, each.name)
        revisions.differences(visit, made.indicator, made.revisions[1])
    looked_at(made, "priya")
    seen: set[str] = set()
    for path, parts in everything(made.home):
        hidden, shown = made.found(parts)
        assert not hidden, f"{path.relative_to(made.home)}: {hidden}"
        seen |= {f"{path.parent.name}{path.suffix}"} if shown else set()
    kinds = {"observations.parquet", "exports.xlsx", "exports.pdf", "exports.pptx", f"{made.home.name}.sqlite"}
    assert kinds <= seen, "the search finds what may be shown"


def test_an_import_leaves_nothing_of_its_file_behind(made: Imported) -> None:
    for folder in (made.home, made.scratch):
        for path, parts in everything(folder):
            content = b"\n".join(parts)
            assert HEAD.encode() not in content, path
    assert not any(any(made.found(parts)) for _, parts in everything(made.scratch))


def test_no_value_chart_or_table_has_a_hidden_number(made: Imported) -> None:
    for name, shown in looked_at(made, "priya"):
        assert shown.held is None
        drawn = [charts.trend(shown), charts.spark(shown)]
        drawn += [charts.groups(shown)] if shown.groups else []
        drawn += [charts.areas(shown)] if shown.areas else []
        parts = [msgspec.json.encode(shown), repr(shown).encode()]
        parts += [
            json.dumps([each.spec, each.alt, dataclasses.asdict(each.table)], default=str).encode() for each in drawn
        ]
        for part in parts:
            hidden, control = made.found([part])
            assert not hidden, f"{name}: {hidden}"
            assert control, f"{name}: the search finds what may be shown"


def test_another_organisation_is_told_no_number_at_all(made: Imported) -> None:
    for name, shown in looked_at(made, "hanna"):
        hidden, control = made.found([msgspec.json.encode(shown)])
        assert shown.held is not None and not hidden and not control, name


# ---- What a server sends ----


@pytest.fixture(scope="module")
def server(made: Imported) -> Iterator[str]:
    process, url = start_server(made.home)
    yield url
    stop_server(process)


def cookie(made: Imported, url: str, username: str) -> str:
    program = f"from governance import sign_in; print(sign_in.ticket({username!r}, '127.0.0.1'))"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, env=environment(made.home), check=True, capture_output=True, text=True)
    with httpx.Client(base_url=url, headers={"sec-fetch-site": "same-origin"}) as client:
        client.post("/session/start", json={"ticket": done.stdout.strip()}).raise_for_status()
        return str(client.cookies["commontable"])


def addresses(made: Imported) -> Iterator[tuple[str, str]]:
    here = f"card={made.card}&item={made.item}"
    yield from (("cards", ""), ("numbers", ""), ("card", f"name={made.card}"), ("present", f"card={made.card}&i=1"))
    yield "define-indicator", f"id={made.indicator}"
    for tab in ("trend", "groups", "areas", "table", "method", "revisions"):
        yield from (("indicator", f"{here}&tab={tab}&revision={each}") for each in ("", made.revisions[0]))
    yield "indicator", f"{here}&tab=revisions&changes={made.revisions[1]}"


@pytest.mark.parametrize(("username", "may_see"), [("priya", True), ("miriam", True), ("hanna", False)])
def test_no_frame_of_a_page_has_a_hidden_number(made: Imported, server: str, username: str, may_see: bool) -> None:
    session = cookie(made, server, username)
    for page, query in addresses(made):
        seen = ask(server, page, cookie=session, query=query)
        hidden, shown = made.found(seen.frames)
        assert not hidden, f"/{page}?{query}: {hidden}"
        if page in ("card", "present", "indicator"):
            assert bool(shown) is may_see, f"/{page}?{query}"


# ---- What a reader can work out without a column for it ----


def test_a_rate_beside_its_denominator_is_protected_as_the_count_it_tells(made: Imported) -> None:
    """7 of 9,817 is told by 713.0488 per million of 9,817 as well as by a column of counts."""
    dataset = made.table.dataset("Rates without counts", "group", owner="Harbour Council")
    told = {2024: (1e6 * 7 / 9817, 9817), 2025: (1e6 * 70 / 9817, 9817)}
    lines = [f"Rare cases,V,Vale,{year},,,{value!r},,,,{of},per million" for year, (value, of) in told.items()]
    data = "\n".join([HEAD.replace("Status", "Unit"), *lines]).encode()
    with made.table.people.as_("priya") as visit:
        indicators.save(
            visit, Indicator(code="Rare cases", name="Rare cases", dataset_id=dataset, unit="per million",
                             value_type="crude_rate", multiplier=1e6),
        )  # fmt: skip
        done = importing.commit(visit, importing.Order(data=data, file_name="r.csv", dataset_id=dataset))
    assert (done.status, done.hidden) == ("committed", 1), done.errors
    kept = pl.read_parquet(observations.file_of(done.revision)).sort("period_start")
    assert kept["value"].to_list() == [None, told[2025][0]]
    assert kept["count"].to_list() == [None, None], "what the source did not count is not counted for it"


def test_the_last_of_the_areas_that_add_up_to_another_is_not_told_by_the_others(made: Imported) -> None:
    """Nobody has said which area holds which: the numbers say so."""
    dataset = made.table.dataset("Cases of every ward", "group", owner="Harbour Council")
    wards = {"W1": 41, "W2": 7, "W3": 58, "D": 106}
    lines = [f"Cases in wards,{area},{area},2024,,,{count},,,{count},," for area, count in wards.items()]
    with made.table.people.as_("priya") as visit:
        order = importing.Order(data="\n".join([HEAD, *lines]).encode(), file_name="w.csv", dataset_id=dataset)
        done = importing.commit(visit, order)
    kept = pl.read_parquet(observations.file_of(done.revision))
    shown = dict(kept.select("area_code", "value").iter_rows())
    assert shown["W2"] is None and list(shown.values()).count(None) >= 2, done.errors
