"""Outlines of areas that a steward gave as GeoJSON, one file for each kind of area, kept beside the database.

Nothing of them comes from elsewhere when a page is drawn: no tiles, no request to anybody. What somebody else wrote
into the file is not kept but for the codes of areas and the outlines themselves.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from governance import Action, Grant, Invalid, NotFound, Visit, enough_space, require
from reportcards.outlines import TooDetailed, points, polygons, thinned
from reportcards.places import areas
from reportcards.report import Measurement
from store import settings

MOST_MEGABYTES = 20
MOST_POINTS = 200_000
"""Of a map as it is kept; a file with more is simplified."""
MOST_DRAWN = 20_000
"""Points of a map as it is drawn: they all go to the browser."""
CODE = "code"
"""The property of a kept outline that holds the code of its area."""

_PREFIX = "map-"
_KIND = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_KIND = 40
_LONGEST_CODE = 80
_NO_GEOJSON = "This is not a map that can be read: save the areas as GeoJSON (a FeatureCollection) and give it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """The outlines of one kind of area."""

    kind: str
    outlines: int
    """How many areas it has an outline of."""
    known: int
    """How many of them are places that numbers are about."""
    read_from: str
    """The property of the given file that held the codes."""
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A measurement and the outlines of all its areas."""

    measurement: Measurement
    geojson: Mapping[str, object]


class _Feature(msgspec.Struct):
    geometry: msgspec.Raw = msgspec.Raw(b"null")
    properties: dict[str, Any] | None = None


class _Collection(msgspec.Struct):
    type: str
    features: list[_Feature] = []


class _Kept(msgspec.Struct, frozen=True):
    """One file of ours: a FeatureCollection of MultiPolygons, and which property the codes were read from."""

    read_from: str
    outlines: dict[str, list[list[list[tuple[float, float]]]]]


def keep(visit: Visit, kind: str, data: bytes) -> Map:
    """Keep the outlines of this kind of area ("ward") in the place of those there were.

    `data` is a GeoJSON FeatureCollection of polygons in degrees or in metres of one national grid. The codes of areas
    are looked for in every property, and that with the most known codes is taken.

    Raises: NotPermitted; OutOfSpace; Invalid with what is wrong with the file or the name.
    """
    name = _name(kind)
    require(visit, Action.INDICATOR_SAVED)
    if len(data) > MOST_MEGABYTES << 20:
        raise Invalid(f"This map is larger than {MOST_MEGABYTES} MB: simplify its outlines and give it again.")
    features = _features(data)
    known = frozenset(areas(visit))
    read_from = _property(features, known)
    kept = _Kept(read_from=read_from[:_LONGEST_CODE], outlines=_light(_outlines(features, read_from), known))
    made = _told(name, kept, known)
    grant = require(visit, Action.INDICATOR_SAVED, f"map of {name}", map=name, outlines=made.outlines)
    _write(visit, grant, name=name, data=msgspec.json.encode(_as_geojson(kept)))
    return made


def maps(visit: Visit) -> tuple[Map, ...]:
    """Every map that is kept, by its kind."""
    known = frozenset(areas(visit))
    return tuple(_told(path.stem.removeprefix(_PREFIX), _read(path), known) for path in _files())


def map_for(visit: Visit, codes: Iterable[str]) -> Mapping[str, object] | None:
    """The outlines of these areas as GeoJSON, from the map that has the most of them; None when none has any.

    The property `code` of each feature is the code of its area.
    """
    wanted = frozenset(codes) & areas(visit).keys()
    best: Mapping[str, Any] = {}
    for path in _files():
        outlines = _read(path).outlines
        found = {code: outlines[code] for code in sorted(wanted & outlines.keys())}
        best = found if len(found) > len(best) else best
    if not best:
        return None
    try:
        drawn = thinned(best, most=MOST_DRAWN)
    except TooDetailed:
        return None
    return _as_geojson(_Kept(read_from="", outlines=drawn))


def placed(visit: Visit, measurement: Measurement) -> Placed | None:
    """A measurement narrowed to the areas that one map has outlines of; None when no map has any of them."""
    geojson = map_for(visit, (each.area_code for each in measurement.areas))
    if geojson is None:
        return None
    drawn = _codes(geojson)
    kept = tuple(each for each in measurement.areas if each.area_code in drawn)
    return Placed(measurement=replace(measurement, areas=kept), geojson=geojson)


def _codes(geojson: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(each["properties"][CODE] for each in geojson["features"])


def forget(visit: Visit, kind: str) -> None:
    """Throw the map of this kind of area away. Raises NotFound, NotPermitted, Invalid."""
    name = _name(kind)
    grant = require(visit, Action.INDICATOR_SAVED, f"map of {name}", map=name, outlines=0)
    if not _file_of(name).is_file():
        raise NotFound("There is no such map: perhaps somebody removed it before you.")
    with visit.change(grant) as session:
        grant.witness(session)
    _file_of(name).unlink(missing_ok=True)


def _name(kind: str) -> str:
    """How a kind of area is written: it becomes the name of a file, so nothing but letters, digits and hyphens."""
    name = "-".join(kind.casefold().split())
    if len(name) > _LONGEST_KIND or not _KIND.fullmatch(name):
        raise Invalid(
            f"Say in a word or two what the areas are, such as “ward”: at most {_LONGEST_KIND} letters a to z, digits "
            "and hyphens.",
            field="kind",
        )
    return name


def _folder() -> Path:
    """Not a folder of its own within the uploads: what lies in those is thrown away when no source reads it."""
    return settings().home / "uploads"


def _file_of(name: str) -> Path:
    return _folder() / f"{_PREFIX}{name}.geojson"


def _files() -> list[Path]:
    return sorted(path for path in _folder().glob(f"{_PREFIX}*.geojson") if path.is_file())


def _write(visit: Visit, grant: Grant, *, name: str, data: bytes) -> None:
    """The file appears only when it is whole, and when the audit has it."""
    target = _file_of(name)
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with enough_space():
            target.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(data)
        with visit.change(grant) as session:
            grant.witness(session)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _read(path: Path) -> _Kept:
    at = path.stat()
    return _loaded(path, at.st_mtime_ns, at.st_size)


@lru_cache(maxsize=8)
def _loaded(path: Path, _changed: int, _size: int) -> _Kept:
    told = msgspec.json.decode(path.read_bytes())
    outlines = {each["properties"][CODE]: each["geometry"]["coordinates"] for each in told["features"]}
    return msgspec.convert({"read_from": told.get("read_from", ""), "outlines": outlines}, _Kept)


def _as_geojson(kept: _Kept) -> dict[str, object]:
    features = [
        {
            "type": "Feature",
            "properties": {CODE: code},
            "geometry": {"type": "MultiPolygon", "coordinates": outline},
        }
        for code, outline in kept.outlines.items()
    ]
    named = {"read_from": kept.read_from} if kept.read_from else {}
    return {"type": "FeatureCollection", **named, "features": features}


def _features(data: bytes) -> list[_Feature]:
    try:
        told = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_Collection)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid(_NO_GEOJSON) from None
    if told.type != "FeatureCollection":
        raise Invalid(_NO_GEOJSON)
    if not told.features:
        raise Invalid("There is not one area in this map: save it again with its areas.")
    return told.features


def _property(features: Sequence[_Feature], known: frozenset[str]) -> str:
    """The property with the most different codes of known areas; the first of those that have as many."""
    found: dict[str, set[str]] = {}
    for feature in features:
        for name, value in (feature.properties or {}).items():
            if (code := _code(value)) in known:
                found.setdefault(name, set()).add(code)
    if not found:
        raise Invalid(
            "No property of this map holds the code of a place that there are numbers about: import the numbers first, "
            "or add their area codes to the map."
        )
    return max(found, key=lambda name: len(found[name]))


def _code(value: object) -> str:
    """A code as text; "" for what cannot be one."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    code = str(value).strip()
    return code if len(code) <= _LONGEST_CODE else ""


def _outlines(features: Sequence[_Feature], read_from: str) -> dict[str, Any]:
    """Polygons by code; features that share a code are parts of one area."""
    found: dict[str, Any] = {}
    for place, feature in enumerate(features, 1):
        parts = polygons(feature.geometry, place=place)
        code = _code((feature.properties or {}).get(read_from))
        if code and parts:
            found.setdefault(code, []).extend(parts)
    if not found:
        raise Invalid("No area of this map has both an outline and a code: save it again with both.")
    return found


def _light(outlines: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
    """Few enough points to keep: those of places that nobody has numbers about go first."""
    wanted = {code: outline for code, outline in outlines.items() if code in known}
    if not wanted:
        raise Invalid("The areas of this map that there are numbers about have no outline: save it again with them.")
    if points(outlines) <= MOST_POINTS:
        wanted = dict(outlines)
    try:
        return thinned(wanted, most=MOST_POINTS)
    except TooDetailed:
        raise Invalid("The outlines of this map are too detailed to draw: simplify them and give it again.") from None


def _told(name: str, kept: _Kept, known: frozenset[str]) -> Map:
    counted = Counter(code in known for code in kept.outlines)
    return Map(
        kind=name,
        outlines=counted.total(),
        known=counted[True],
        read_from=kept.read_from,
        points=points(kept.outlines),
    )
