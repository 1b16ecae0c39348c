"""A map of areas from outlines that the collaboration keeps itself: no tiles, no request to anybody."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportcards.charts import _template as t
from reportcards.charts._alt import sentence
from reportcards.charts._layout import round_step
from reportcards.charts._look import INKS, SCALES, Ink, Size, Theme
from reportcards.charts._map_template import FILLS, LETTERS, map_template
from reportcards.charts._source import source_lines
from reportcards.charts._tables import dots_table
from reportcards.charts._trend import NothingToDraw
from reportcards.charts._trend_rows import said
from reportcards.charts._words import figure, mark_of, number, plain, shortened
from reportcards.report import Measurement, Series

Ring = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    code: str
    polygons: list[list[list[tuple[float, float]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Class:
    low: float
    high: float
    letter: str
    fill: str
    ink: str


def area_map(
    measurement: Measurement,
    geojson: Mapping[str, object],
    *,
    code: str = "code",
    theme: Theme | str = Theme.LIGHT,
    size: Size | str = Size.NORMAL,
    width: float | None = None,
    with_source: bool = True,
) -> t.Chart:
    """The areas in up to five classes of equal width, each with its letter; hidden ones are white and say why.

    `geojson` is a FeatureCollection, in degrees or in metres of a national grid; its property `code` holds the area's
    code. Whether areas may be compared by name is the caller's to know.

    Raises:
        NothingToDraw: the measurement is held, or no outline belongs to an area of it.
    """
    theme, size = Theme(theme), Size(size)
    series = {one.area_code: one for one in measurement.areas}
    shapes = [shape for shape in _shapes(geojson, code) if shape.code in series]
    if measurement.held is not None or not shapes:
        raise NothingToDraw(f"There is no map of {measurement.name} to draw.")
    scale, ink = SCALES[size], INKS[theme]
    flat, ratio = _flattened(shapes)
    every = list(series.values())
    classes = _classes(every, theme)
    key = _key(classes, every, measurement, label=scale.label, ink=ink)
    top = len(key) * scale.label * 1.6 + scale.label
    rows: dict[str, list[t.Row]] = {"shapes": [], "letters": [], "key": key}
    for shape in flat:
        fill, colour, words = _look(series[shape.code], classes, ink)
        rows["shapes"].append(_feature(shape, series[shape.code], measurement, fill=fill, hidden=words not in LETTERS))
        cx, cy = _middle(shape)
        rows["letters"].append({"cx": cx, "cy": cy, "text": words, "ink": colour})
    alt = _sentence(measurement, classes, every)
    height = round(top + (min(scale.height, width * ratio) if width else scale.height))
    spec = t.fill(
        map_template(theme, size),
        rows=rows,
        params={
            "top": top,
            "ratio": ratio,
            "sources": source_lines(measurement, scale, width=width) if with_source else [[""]],
        },
        top={
            "width": width or "container",
            "height": height,
            "description": alt,
        },
    )
    if width is None:
        spec["params"] = [*_params(spec), _as_high_as_wide(top, ratio, most=scale.height)]
    named = tuple(sorted(series.values(), key=lambda one: (one.area.casefold(), one.area_code)))
    return t.Chart(spec=spec, alt=alt, table=dots_table(measurement, named, "Area"))


def _params(spec: t.Spec) -> list[object]:
    found = spec["params"]
    assert isinstance(found, list)
    return found


def _as_high_as_wide(top: float, ratio: float, *, most: float) -> t.Row:
    """A height that follows from the width of the container: no empty room below the map on a phone.

    Vega-Lite knows no such height; a parameter of that name becomes the signal of the compiled chart. It asks the
    container, as the source does, and looks at the width only to be worked out anew when that changes.
    """
    room = "containerSize()[0] > 0 ? containerSize()[0] : width"
    return {"name": "height", "expr": f"width < 0 ? 0 : round({top:g} + min({most:g}, {ratio:g} * ({room})))"}


def _shapes(geojson: Mapping[str, object], code: str) -> Iterator[_Shape]:
    features = geojson.get("features")
    for feature in features if isinstance(features, list) else []:
        geometry, properties = feature.get("geometry") or {}, feature.get("properties") or {}
        coordinates = geometry.get("coordinates") or []
        polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(str(geometry.get("type")), [])
        kept = [[[(float(at[0]), float(at[1])) for at in ring] for ring in polygon if ring] for polygon in polygons]
        if kept and properties.get(code) is not None:
            yield _Shape(code=str(properties[code]), polygons=[polygon for polygon in kept if polygon])


def _flattened(shapes: Sequence[_Shape]) -> tuple[list[_Shape], float]:
    """Width 1, north up, degrees of longitude shortened as at the middle of the map; and height by width."""
    every = [at for shape in shapes for polygon in shape.polygons for ring in polygon for at in ring]
    west, east = min(at[0] for at in every), max(at[0] for at in every)
    south, north = min(at[1] for at in every), max(at[1] for at in every)
    in_degrees = all(abs(x) <= 180 and abs(y) <= 90 for x, y in every)
    squeeze = math.cos(math.radians((south + north) / 2)) if in_degrees else 1.0
    span = (east - west) * squeeze or 1.0

    def place(at: tuple[float, float]) -> tuple[float, float]:
        return round((at[0] - west) * squeeze / span, 5), round((north - at[1]) / span, 5)

    flat = [
        _Shape(code=one.code, polygons=[[[place(at) for at in ring] for ring in polygon] for polygon in one.polygons])
        for one in shapes
    ]
    return flat, max((north - south) / span, 1e-6)


def _classes(series: Sequence[Series], theme: Theme) -> list[_Class]:
    values = [one.latest.value for one in series if one.latest is not None and one.latest.value is not None]
    if not values:
        return []
    low, high = min(values), max(values)
    step = round_step((high - low) / len(LETTERS) or abs(high) or 1.0)
    while math.floor(high / step) - math.floor(low / step) >= len(LETTERS):
        step = round_step(step * 1.01)
    first = math.floor(low / step)
    count = math.floor(high / step) - first + 1
    fills, ink = FILLS[theme], INKS[theme]
    dark, light = (ink.text, ink.surface) if theme is Theme.LIGHT else (ink.surface, ink.text)
    return [
        _Class(
            low=(first + index) * step,
            high=(first + index + 1) * step,
            letter=LETTERS[index],
            fill=fills[index],
            ink=dark if (index < 3) == (theme is Theme.LIGHT) else light,
        )
        for index in range(count)
    ]


def _look(one: Series, classes: Sequence[_Class], ink: Ink) -> tuple[str, str, str]:
    point = one.latest
    if point is None or point.value is None:
        return ink.surface, ink.muted, mark_of(one.points[-1]) if one.points else "[x]"
    found = next((kind for kind in classes if kind.low <= point.value < kind.high), classes[-1])
    return found.fill, found.ink, found.letter


def _feature(shape: _Shape, one: Series, measurement: Measurement, *, fill: str, hidden: bool) -> t.Row:
    point = one.latest or (one.points[-1] if one.points else None)
    words = said(point, measurement) if point is not None else "no value yet"
    return {
        "type": "Feature",
        "geometry": {"type": "MultiPolygon", "coordinates": shape.polygons},
        "fill": fill,
        "dash": [3, 3] if hidden else [1, 0],
        "said": f"{plain(one.area, 80)}, {words}",
    }


def _key(
    classes: Sequence[_Class],
    series: Sequence[Series],
    measurement: Measurement,
    *,
    label: float,
    ink: Ink,
) -> list[t.Row]:
    steps: list[dict[str, object]] = [
        {
            "letter": kind.letter,
            "fill": kind.fill,
            "ink": kind.ink,
            "text": f"{number(kind.low, measurement.decimals)} to under {figure(kind.high, measurement, long=True)}",
        }
        for kind in classes
    ]
    hidden = {}
    for one in series:
        if one.latest is None and one.points:
            hidden[mark_of(one.points[-1])] = plain(one.points[-1].held) or "not available"
    for mark, words in sorted(hidden.items()):
        steps.append({"letter": mark[1:-1], "fill": ink.surface, "ink": ink.muted, "text": words})
    return [
        {
            **step,
            "px": label * (0.9 + 1.6 * index),
            **t.lengths([shortened(str(step["text"]), one - label * 2.2, label) for one in t.WIDTHS]),
        }
        for index, step in enumerate(steps)
    ]


def _middle(shape: _Shape) -> tuple[float, float]:
    """Centroid of the largest polygon's outer ring."""
    ring = max((polygon[0] for polygon in shape.polygons), key=lambda one: abs(_twice_area(one)))
    doubled = _twice_area(ring)
    if abs(doubled) < 1e-12:
        return ring[0]
    cx = cy = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        cx += (x1 + x2) * cross
        cy += (y1 + y2) * cross
    return round(cx / (3 * doubled), 5), round(cy / (3 * doubled), 5)


def _twice_area(ring: Sequence[tuple[float, float]]) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True))


def _sentence(measurement: Measurement, classes: Sequence[_Class], series: Sequence[Series]) -> str:
    shown = [one for one in series if one.latest is not None]
    hidden = len(series) - len(shown)
    ends = ""
    if classes:
        ends = f"{figure(classes[0].low, measurement)} to {figure(classes[-1].high, measurement, long=True)}"
    return sentence(
        f"Map of {plain(measurement.name)}: {len(shown)} areas in {len(classes)} classes",
        f"from {ends}" if ends else "",
        f"{hidden} not shown" if hidden else "",
        "the table beside it names every area",
    )
