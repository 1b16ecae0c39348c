"""Maps of areas that a steward gives: what is kept of a file that nobody has checked, and what is refused."""

from __future__ import annotations

import json
import math
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import store
from catalogue import uploads
from entrypoints.cli import commands
from governance import Invalid, NotFound, NotPermitted, audit, operator
from reportcards import charts, maps, outlines
from reportcards.report import Comparison
from store import backup as keeping
from store.settings import Settings
from tests.catalogue.made import NOW
from tests.reportcards import ground
from tests.reportcards.ground import Ground, look, years

pytestmark = pytest.mark.usefixtures("home")
CODES = ("W1", "W2", "W3", "W4")


@pytest.fixture
def table(home: Path) -> Ground:
    """Numbers about four wards and the place they are in."""
    made = ground.ground()
    rows = [row for code in (*CODES, "V") for row in years("Absence", [5, 6, 7], area=code)]
    made.take(made.dataset("Absence"), rows)
    return made


def square(at: float, *, size: float = 1.0) -> list[list[float]]:
    return [[at, 0.0], [at + size, 0.0], [at + size, size], [at, size], [at, 0.0]]


def feature(geometry: object, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def ward(code: object, at: float, **more: object) -> dict[str, Any]:
    return feature({"type": "Polygon", "coordinates": [square(at)]}, ward_code=code, **more)


def collection(*features: object, **more: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


WARDS = collection(*(ward(code, at) for at, code in enumerate(CODES)))


def keep(table: Ground, data: bytes, kind: str = "ward", *, by: str = "priya") -> maps.Map:
    with table.people.as_(by) as visit:
        return maps.keep(visit, kind, data)


def drawn(table: Ground, *codes: str) -> list[dict[str, Any]]:
    with table.people.as_("miriam") as visit:
        found: Any = maps.map_for(visit, codes)
    return list(found["features"]) if found else []


def kept_files(home: Path) -> list[str]:
    return sorted(path.relative_to(home).as_posix() for path in (home / "uploads").rglob("*") if path.is_file())


def test_a_map_is_kept_with_the_codes_and_the_outlines_alone(table: Ground, home: Path) -> None:
    names = ("<script>alert(1)</script>", "‮evil", "=cmd()", "x" * 5000)
    given = collection(*(ward(code, at, name=names[at]) for at, code in enumerate(CODES)), crs={"type": "name"})
    made = keep(table, given)
    assert (made.kind, made.outlines, made.known, made.read_from, made.points) == ("ward", 4, 4, "ward_code", 20)
    with table.people.as_("miriam") as visit:
        assert maps.maps(visit) == (made,)
    assert kept_files(home) == ["uploads/map-ward.geojson"]
    written = (home / "uploads" / "map-ward.geojson").read_text(encoding="utf-8")
    assert not any(name in written for name in ("script", "evil", "cmd", "xxx", "crs"))
    assert [each["properties"] for each in json.loads(written)["features"]] == [{"code": code} for code in CODES]


def test_only_the_outlines_that_are_asked_for_are_given(table: Ground) -> None:
    keep(table, WARDS)
    found = drawn(table, "W3", "W1", "elsewhere")
    assert [each["properties"]["code"] for each in found] == ["W1", "W3"]
    assert [tuple(at) for at in found[1]["geometry"]["coordinates"][0][0]] == [tuple(at) for at in square(2.0)]
    assert drawn(table, "elsewhere") == drawn(table) == []


def test_the_codes_are_found_in_whatever_property_holds_most_of_them(table: Ground) -> None:
    data = collection(
        *(ward(9, at, parent="V", WD24CD=code, short=code if at == 0 else "") for at, code in enumerate(CODES))
    )
    assert keep(table, data).read_from == "WD24CD"
    assert len(drawn(table, *CODES)) == 4


def test_codes_that_a_file_writes_as_numbers_are_the_same_codes(table: Ground) -> None:
    table.take(
        table.dataset("Waiting"), [row for code in ("101", "102") for row in years("Waiting", [1, 2], area=code)]
    )
    made = keep(table, collection(ward(101, 0), ward(102.0, 1), ward(True, 2), ward("102", 3)))
    assert (made.outlines, made.known) == (2, 2)


def test_the_map_that_covers_most_of_the_areas_is_drawn(table: Ground) -> None:
    keep(table, collection(ward("V", 0), ward("W1", 3)), "district")
    keep(table, WARDS, "ward")
    assert [each["properties"]["code"] for each in drawn(table, "V", *CODES)] == list(CODES)
    assert [each["properties"]["code"] for each in drawn(table, "V")] == ["V"]


def test_parts_of_one_area_are_one_outline_and_an_area_without_one_is_left_out(table: Ground) -> None:
    many = feature({"type": "MultiPolygon", "coordinates": [[square(0)], [square(9)]]}, ward_code="W1")
    made = keep(table, collection(many, ward("W1", 20), feature(None, ward_code="W2"), feature(None)))
    assert (made.outlines, made.known) == (1, 1)
    assert len(drawn(table, *CODES)[0]["geometry"]["coordinates"]) == 3


def test_a_map_given_again_replaces_the_one_of_its_kind(table: Ground, home: Path) -> None:
    keep(table, WARDS, "Electoral  Ward")
    made = keep(table, collection(ward("W1", 0)), "electoral ward")
    with table.people.as_("priya") as visit:
        assert maps.maps(visit) == (made,)
    assert kept_files(home) == ["uploads/map-electoral-ward.geojson"]


def test_what_is_kept_of_a_ring_is_closed(table: Ground) -> None:
    open_ring = feature({"type": "Polygon", "coordinates": [square(0)[:-1]]}, ward_code="W1")
    keep(table, collection(open_ring))
    ring = drawn(table, "W1")[0]["geometry"]["coordinates"][0][0]
    assert ring[0] == ring[-1] and len(ring) == 5


WRONG: dict[str, bytes] = {
    "nothing": b"",
    "no json": b"PK\x03\x04 not a map",
    "no text": b'{"type": "\xff\xfe"}',
    "a list": b"[]",
    "a topology": json.dumps({"type": "Topology", "objects": {}}).encode(),
    "one feature": json.dumps(ward("W1", 0)).encode(),
    "no features": collection(),
    "features that are none": collection(1, "two", None),
    "a point": collection(feature({"type": "Point", "coordinates": [1, 2]}, ward_code="W1")),
    "a line": collection(feature({"type": "LineString", "coordinates": square(0)}, ward_code="W1")),
    "a collection": collection(feature({"type": "GeometryCollection", "geometries": []}, ward_code="W1")),
    "no type": collection(feature({"coordinates": [square(0)]}, ward_code="W1")),
    "coordinates in words": collection(feature({"type": "Polygon", "coordinates": [[["a", "b"]]]}, ward_code="W1")),
    "too few points": collection(feature({"type": "Polygon", "coordinates": [square(0)[:2]]}, ward_code="W1")),
    "half a point": collection(feature({"type": "Polygon", "coordinates": [[[1], [2], [3], [1]]]}, ward_code="W1")),
    "an empty ring": collection(feature({"type": "Polygon", "coordinates": [[]]}, ward_code="W1")),
    "not a number": WARDS.replace(b"0.0", b"NaN"),
    "infinite": WARDS.replace(b"0.0", b"-Infinity"),
    "beyond a float": WARDS.replace(b"0.0", b"1e999"),
    "beyond any map": WARDS.replace(b"0.0", b"1e12"),
    "no property": collection(feature({"type": "Polygon", "coordinates": [square(0)]})),
    "no known code": collection(ward("X1", 0), ward("X2", 1)),
    "known codes without an outline": collection(feature(None, ward_code="W1"), ward("X2", 1)),
    "deep": b'{"type": "FeatureCollection", "features": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep properties": b'{"type":"FeatureCollection","features":[{"properties":{"a":' + b'{"a":' * 100_000,
    "deep coordinates": WARDS.replace(b"[[[", b"[" * 50_000, 1),
    "deep elsewhere": b'{"x":' + b"[" * 200_000 + b"]" * 200_000 + b',"type":"FeatureCollection","features":[]}',
    "a lone surrogate": WARDS.replace(b"ward_code", b"\\ud800ward"),
    "larger than allowed": WARDS + b" " * (maps.MOST_MEGABYTES << 20),
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG)
def test_what_is_no_map_of_areas_is_refused_in_one_sentence_and_nothing_is_kept(
    table: Ground, home: Path, data: bytes
) -> None:
    with pytest.raises(Invalid) as refused:
        keep(table, data)
    said = refused.value.sentence
    assert 20 < len(said) < 200 and said.endswith(".") and ". " not in said and "\n" not in said
    assert kept_files(home) == []
    with operator("test", now=NOW) as visit:
        assert not [each for each in audit.events(visit) if each.object.startswith("map of")]


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "  ",
        "..",
        "../ward",
        "a/b",
        "a\\b",
        "/etc/passwd",
        "ward.geojson",
        "ward\0",
        "wa\x1brd",
        "-",
        "ẃard",
        "a" * 41,
    ],
)
def test_a_kind_is_never_a_path(table: Ground, home: Path, kind: str) -> None:
    before = sorted(home.rglob("*"))
    for act in (lambda: keep(table, WARDS, kind), lambda: _forget(table, kind)):
        with pytest.raises(Invalid, match="what the areas are"):
            act()
    assert [path for path in sorted(home.rglob("*")) if "db" not in path.name] == [
        path for path in before if "db" not in path.name
    ]


def _forget(table: Ground, kind: str, *, by: str = "priya") -> None:
    with table.people.as_(by) as visit:
        maps.forget(visit, kind)


@pytest.mark.parametrize("username", ["miriam", "carl"])
def test_only_stewards_keep_and_forget_maps(table: Ground, home: Path, username: str) -> None:
    with pytest.raises(NotPermitted, match="ask a steward"):
        keep(table, WARDS, by=username)
    assert kept_files(home) == []
    keep(table, WARDS)
    with pytest.raises(NotPermitted, match="ask a steward"):
        _forget(table, "ward", by=username)
    assert kept_files(home) == ["uploads/map-ward.geojson"]


def test_keeping_and_forgetting_stand_in_the_audit(table: Ground, home: Path) -> None:
    keep(table, WARDS)
    _forget(table, "ward")
    assert kept_files(home) == [] and drawn(table, *CODES) == []
    with pytest.raises(NotFound):
        _forget(table, "ward")
    with operator("test", now=NOW) as visit:
        told = [(each.action, each.object) for each in audit.events(visit) if each.object.startswith("map of")]
        assert told == [("indicator.saved", "map of ward")] * 2
        assert audit.verify(visit).ok


def test_a_map_comes_back_with_a_backup(table: Ground, home: Path, tmp_path: Path) -> None:
    keep(table, WARDS)
    before = drawn(table, *CODES)
    keeping.backup(tmp_path / "kept.zip", now=NOW)
    store.use_settings(Settings(home=tmp_path / "other"))
    keeping.restore(tmp_path / "kept.zip")
    assert before and drawn(table, *CODES) == before


def test_a_map_outlives_the_clearing_of_uploads_that_no_source_reads(table: Ground, home: Path) -> None:
    keep(table, WARDS)
    old = (NOW - timedelta(days=30)).timestamp()
    os.utime(home / "uploads" / "map-ward.geojson", (old, old))
    with table.people.as_("priya", now=NOW + timedelta(days=30)) as visit:
        uploads.keep_upload(visit, "register.csv", b"a,b")
    assert len(drawn(table, *CODES)) == 4


def _coast(at: float, steps: int) -> list[list[float]]:
    """A ward with a straight border at both sides and a ragged one above, in metres."""
    above = [[at + 1000 * (1 - place / steps), 1000 + 40 * math.sin(place)] for place in range(steps + 1)]
    border = [[at, 1000 - 1000 * place / steps] for place in range(1, steps)]
    return [[at, 0.0], [at + 1000, 0.0], *above, *border, [at, 0.0]]


def test_a_huge_map_is_simplified_and_then_drawn_with_fewer_points_still(
    table: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maps, "MOST_POINTS", 4_000)
    monkeypatch.setattr(maps, "MOST_DRAWN", 1_000)
    far = [
        feature({"type": "Polygon", "coordinates": [_coast(9_000 + at, 900)]}, ward_code=f"X{at}") for at in range(9)
    ]
    near = [
        feature({"type": "Polygon", "coordinates": [_coast(1000 * at, 3_000)]}, ward_code=code)
        for at, code in enumerate(CODES)
    ]
    made = keep(table, collection(*far, *near))
    assert (made.outlines, made.known) == (4, 4), "places without numbers go first"
    assert 100 < made.points <= 4_000
    shown = drawn(table, *CODES)
    rings = [each["geometry"]["coordinates"][0][0] for each in shown]
    assert 100 < sum(map(len, rings)) <= 1_000
    for at, ring in enumerate(rings):
        assert min(x for x, _ in ring) == pytest.approx(1000 * at, abs=20)
        assert max(y for _, y in ring) == pytest.approx(1040, abs=20)


def test_a_map_that_stays_too_detailed_is_refused(table: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "MOST_POINTS", 100)
    data = collection(feature({"type": "Polygon", "coordinates": [_coast(0, 3_000)]}, ward_code="W1"))
    with pytest.raises(Invalid, match="too detailed"):
        keep(table, data)


_WHERE = st.floats(-1e6, 1e6, allow_nan=False)
_BORDER = st.lists(st.tuples(_WHERE, _WHERE), min_size=5, max_size=30, unique=True)


@settings(max_examples=60, deadline=None)
@given(border=_BORDER, west=_BORDER, east=_BORDER)
def test_no_gap_opens_between_neighbours_when_a_map_is_thinned(
    border: list[tuple[float, float]], west: list[tuple[float, float]], east: list[tuple[float, float]]
) -> None:
    """Whatever points two areas shared, they share on the grid; and no area vanishes."""
    one, other = [*border, *west, border[0]], [*reversed(border), *east, border[-1]]
    given_points = outlines.points({"A": [[one]], "B": [[other]]})
    made = outlines.thinned({"A": [[one]], "B": [[other]]}, most=given_points)
    assert made == {"A": [[one]], "B": [[other]]}
    try:
        made = outlines.thinned({"A": [[one]], "B": [[other]]}, most=given_points - 1)
    except outlines.TooDetailed:
        return
    assert outlines.points(made) < given_points and set(made) == {"A", "B"}
    for parts in made.values():
        for ring in (ring for part in parts for ring in part):
            assert ring[0] == ring[-1] and len(ring) >= 4


def test_areas_smaller_than_the_grid_keep_a_shape() -> None:
    tiny = [(1e6 + math.cos(turn / 10), math.sin(turn / 10)) for turn in range(62)]
    wide = [(0.0, 0.0), *((5e5 + place, 1e6 - place * place % 7) for place in range(500)), (0.0, 0.0)]
    made = outlines.thinned({"tiny": [[[*tiny, tiny[0]]]], "wide": [[wide]]}, most=200)
    ring = made["tiny"][0][0]
    assert 4 <= len(ring) <= 14 and set(ring) <= set(tiny)


def test_what_is_placed_is_what_the_chart_draws(table: Ground) -> None:
    rows = [row for code in (*CODES, "V", "E") for row in years("Late", range(5, 15), area=code)]
    from reportcards import composing
    from reportcards.report import Part

    late = table.indicator(table.dataset("Late"), "Late", rows, comparison=Comparison.NAMED)
    name = table.card("Children", late)
    keep(table, WARDS)
    with table.people.as_("miriam") as visit:
        item = look(visit, name)["Late"].item
        shown = composing.measurement(visit, name, item, part=Part.AREAS)
        placed = maps.placed(visit, shown)
    assert placed is not None and len(shown.areas) > len(placed.measurement.areas) == 4
    picture = charts.area_map(placed.measurement, placed.geojson, code=maps.CODE)
    assert "4 areas" in picture.alt and [row[0] for row in picture.table.rows] == list(CODES)


def test_the_command_line_keeps_a_map_and_says_what_it_found(table: Ground, tmp_path: Path) -> None:
    file = tmp_path / "wards.geojson"
    file.write_bytes(b"\xef\xbb\xbf" + WARDS)
    done = CliRunner().invoke(commands, ["indicators", "map", str(file), "--kind", "Ward", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {
        "kind": "ward",
        "outlines": 4,
        "known": 4,
        "read_from": "ward_code",
        "points": 20,
    }
    file.write_bytes(b"[]")
    refused = CliRunner().invoke(commands, ["indicators", "map", str(file), "--kind", "ward"])
    assert refused.exit_code != 0 and len(drawn(table, *CODES)) == 4
