"""Outlines of areas as numbers: read from GeoJSON that nobody has checked, thinned without tearing borders apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import msgspec

from governance import Invalid

Point = tuple[float, float]
Ring = list[Point]
Polygon = list[Ring]
"""The outer ring first, then the holes."""
Outlines = Mapping[str, Sequence[Polygon]]
"""Code of an area -> its polygons."""

_GRIDS = (8_000, 4_000, 2_000, 1_000, 500, 250)
"""Steps across the whole map, the finest first; at 250 a step is still only some pixels wide."""
_FARTHEST = 1e9
_FEWEST_POINTS = 4
"""Of a ring, the last being the first again (RFC 7946, 3.1.6)."""


class TooDetailed(Exception):
    """Even on the coarsest grid there are more points than wanted."""


class _Geometry(msgspec.Struct):
    type: str
    coordinates: msgspec.Raw = msgspec.Raw(b"[]")


_POLYGON = msgspec.json.Decoder(list[list[list[float]]])
_POLYGONS = msgspec.json.Decoder(list[list[list[list[float]]]])


def polygons(geometry: msgspec.Raw, *, place: int) -> list[Polygon]:
    """The polygons of a GeoJSON geometry, every ring closed; none for an area without one.

    `place` is that of the area in its file, from 1, for the sentence when it is wrong.

    Raises:
        Invalid: it is something else than polygons, or its coordinates are not numbers on a map.
    """
    if bytes(geometry).strip() == b"null":
        return []
    try:
        told = msgspec.json.decode(geometry, type=_Geometry)
        match told.type:
            case "Polygon":
                parts = [_POLYGON.decode(told.coordinates)]
            case "MultiPolygon":
                parts = _POLYGONS.decode(told.coordinates)
            case _:
                raise Invalid(f"Area {place} of this map is not a polygon: keep only the outlines of areas in it.")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid(f"The outline of area {place} of this map cannot be read: save it again as GeoJSON.") from None
    return [[_ring(ring, place) for ring in polygon] for polygon in parts if polygon]


def _ring(told: Sequence[Sequence[float]], place: int) -> Ring:
    if any(len(at) < 2 for at in told):
        raise Invalid(f"The outline of area {place} of this map has a point that is nowhere: save the map again.")
    ring = [(at[0], at[1]) for at in told]
    if not all(math.isfinite(each) and abs(each) <= _FARTHEST for at in ring for each in at):
        raise Invalid(f"The outline of area {place} of this map has a point that is on no map: save the map again.")
    if ring and ring[0] != ring[-1]:
        ring.append(ring[0])
    if len(ring) < _FEWEST_POINTS:
        raise Invalid(f"The outline of area {place} of this map encloses nothing: save the map again.")
    return ring


def points(outlines: Outlines) -> int:
    """How many points all outlines have together."""
    return sum(len(ring) for polygons in outlines.values() for polygon in polygons for ring in polygon)


def thinned(outlines: Outlines, *, most: int) -> dict[str, list[Polygon]]:
    """The same outlines with at most this many points; untouched when they have no more.

    Points move to the crossings of a grid, as fine as will do: what two areas share, they share afterwards, so no gap
    opens between neighbours. Rings that vanish in it are left out, but never the largest of an area.

    Raises:
        TooDetailed: not even the coarsest grid will do.
    """
    if points(outlines) <= most:
        return {code: list(polygons) for code, polygons in outlines.items()}
    span = _span(outlines)
    for grid in _GRIDS:
        made = {code: _snapped(polygons, span / grid) for code, polygons in outlines.items()}
        if points(made) <= most:
            return made
    raise TooDetailed


def _span(outlines: Outlines) -> float:
    every = [at for polygons in outlines.values() for polygon in polygons for ring in polygon for at in ring]
    wide = max(x for x, _ in every) - min(x for x, _ in every)
    high = max(y for _, y in every) - min(y for _, y in every)
    return max(wide, high) or 1.0


def _snapped(polygons: Sequence[Polygon], step: float) -> list[Polygon]:
    made = []
    for polygon in polygons:
        outer, *holes = (_on_grid(ring, step) for ring in polygon)
        if outer:
            made.append([outer, *(hole for hole in holes if hole)])
    return made or [[_few(max((polygon[0] for polygon in polygons), key=_size))]]


def _on_grid(ring: Ring, step: float) -> Ring:
    """The ring on the grid, without points that repeat or that lie straight between their neighbours; [] if flat."""
    cells = [(round(x / step), round(y / step)) for x, y in ring[:-1]]
    kept: list[tuple[int, int]] = []
    for cell in cells:
        while len(kept) > 1 and _turns(kept[-2], kept[-1], cell) == 0:
            kept.pop()
        if not kept or kept[-1] != cell:
            kept.append(cell)
    while len(kept) > 2 and _turns(kept[-2], kept[-1], kept[0]) == 0:
        kept.pop()
    if len(kept) < _FEWEST_POINTS - 1:
        return []
    return [(x * step, y * step) for x, y in (*kept, kept[0])]


def _turns(before: tuple[int, int], at: tuple[int, int], after: tuple[int, int]) -> int:
    return (at[0] - before[0]) * (after[1] - at[1]) - (at[1] - before[1]) * (after[0] - at[0])


def _few(ring: Ring, most: int = 12) -> Ring:
    """An area smaller than a step of the grid, with a few of its own points."""
    every = max(1, math.ceil((len(ring) - 1) / most))
    kept = ring[:-1:every]
    return [*kept, kept[0]] if len(kept) >= _FEWEST_POINTS - 1 else ring


def _size(ring: Ring) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)))
