"""The funnel: places by their size, and which of them differ from the average by more than their size explains."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from reportcards.charts import _template as t
from reportcards.charts._alt import sentence
from reportcards.charts._funnel_template import funnel_template
from reportcards.charts._layout import Upright, Wish, apart, upright
from reportcards.charts._look import INKS, SCALES, Ink, Scale, Size, Theme, symbol
from reportcards.charts._source import source_lines
from reportcards.charts._ticks import plot_rooms
from reportcards.charts._trend import NothingToDraw
from reportcards.charts._trend_rows import number_words, tick_key
from reportcards.charts._words import figure, number, plain, shortened
from reportcards.charts.fonts import text_width
from reportcards.report import Funnel, FunnelLimit, FunnelPlace, Judgement, Measurement, Polarity

_NAMED = 8
"""Places beyond the outer lines that are named in the picture; the table names all."""
_OUTER = 99.8
_MIDDLE = 0.55
"""How far to the right a place may stand whose name is written at its right."""
_NOTHING = frozenset({Judgement.SIMILAR, Judgement.NOT_ENOUGH})


def funnel(
    measurement: Measurement,
    *,
    theme: Theme | str = Theme.LIGHT,
    size: Size | str = Size.NORMAL,
    width: float | None = None,
    with_source: bool = True,
) -> t.Chart:
    """Every place of the measurement's funnel; whose names may be said is decided before it is made.

    Raises:
        NothingToDraw: the measurement is held, or there is no funnel.
    """
    theme, size, found = Theme(theme), Size(size), measurement.funnel
    if measurement.held is not None or found is None:
        raise NothingToDraw(f"There is no funnel of {measurement.name} to draw.")
    ink, scale = INKS[theme], SCALES[size]
    notes = _notes(found, measurement, scale=scale, width=width)
    y = upright(_extent(found), height=scale.height, top=len(notes) * scale.label * 1.5 + 6)
    x = upright([place.size for place in found.places], height=1, ticks=5)
    column = _column(found, measurement, scale)
    rows = _rows(found, measurement, x, ink=ink, scale=scale)
    rows |= _lines(found, x, y) | _labels(found, measurement, y, scale=scale)
    rows |= _names(found, (x, y), scale=scale, rooms=plot_rooms(width, column))
    rows["frame"] = [{"x": x.low, "y": y.low}]
    rows["notes"] = notes
    words = {tick_key(tick): number(tick, 0) for tick in x.ticks}
    params: dict[str, object] = {
        "x_domain": [x.low, x.high],
        "x_ticks": [_spaced(x, words, room=room, size=scale.label) for room in plot_rooms(width, column)],
        "x_words": words,
        "y_domain": [y.low, y.high],
        "y_ticks": list(y.ticks),
        "y_words": {tick_key(tick): number_words(tick, y, measurement) for tick in y.ticks},
        "top": y.top,
        "column": column,
        "sources": source_lines(measurement, scale, width=width) if with_source else [[""]],
    }
    alt = _sentence(found, measurement)
    top = {"width": width or "container", "height": scale.height, "description": alt}
    spec = t.fill(funnel_template(theme, size), rows=rows, params=params, top=top)
    return t.Chart(spec=spec, alt=alt, table=_table(found, measurement))


def _extent(found: Funnel) -> list[float]:
    """All places, and the lines from where the smallest place stands on."""
    smallest = min(place.size for place in found.places)
    lines = [value for limit in found.limits for size, value in limit.points if size >= smallest]
    near = [place.value for place in found.places] + [found.average]
    low, high = min(near), max(near)
    air = 0.35 * ((high - low) or abs(high) or 1.0)
    return [*near, *(value for value in lines if low - air <= value <= high + air)]


def _rows(found: Funnel, measurement: Measurement, x: Upright, *, ink: Ink, scale: Scale) -> dict[str, list[t.Row]]:
    rows: dict[str, list[t.Row]] = {"places": [], "own": [], "average": []}
    area = scale.point if len(found.places) < 60 else scale.point * 0.6
    for place in sorted(found.places, key=lambda one: (one.is_own, one.state.judgement not in _NOTHING)):
        look = symbol(place.state.judgement, ink, area)
        rows["places"].append({"x": place.size, "y": place.value, **look, "said": _said(place, found, measurement)})
        if place.is_own:
            rows["own"].append({"x": place.size, "y": place.value, "size": area * 5})
    rows["average"] = [{"x": x.low, "x2": x.high, "y": found.average}]
    return rows


def _said(place: FunnelPlace, found: Funnel, measurement: Measurement) -> str:
    if not place.area:
        return f"Another place, {place.state.word.lower()}"
    value = figure(place.value, measurement, long=True)
    return f"{plain(place.area, 80)}, {value} of {number(place.size, 0)}, {place.state.word.lower()}"


def _lines(found: Funnel, x: Upright, y: Upright) -> dict[str, list[t.Row]]:
    rows: dict[str, list[t.Row]] = {"outer": [], "inner": []}
    for part, limit in enumerate(found.limits):
        name = "outer" if limit.confidence == _OUTER else "inner"
        rows[name] += [
            {"x": size, "y": value, "part": part}
            for size, value in limit.points
            if x.low <= size <= x.high and y.low <= value <= y.high
        ]
    return rows


def _labels(found: Funnel, measurement: Measurement, y: Upright, *, scale: Scale) -> dict[str, list[t.Row]]:
    """The lines named where they end, the average between them."""
    told = [(limit.points[-1][1], _line_name(limit)) for limit in found.limits if limit.points]
    told.append((found.average, _average(found, measurement)))
    shown = [(value, words) for value, words in told if y.low <= value <= y.high]
    wishes = [Wish(middle=y.px(value), height=scale.label * 1.3) for value, _ in shown]
    middles = apart(wishes, top=y.top, bottom=y.height + scale.label)
    rows: dict[str, list[t.Row]] = {"lines": [], "lines_strong": []}
    for (value, words), px in zip(shown, middles, strict=True):
        rows["lines_strong" if value == found.average else "lines"].append({"px": px, "text": words})
    return rows


def _line_name(limit: FunnelLimit) -> str:
    return f"{limit.confidence:g}\u00a0%"


def _average(found: Funnel, measurement: Measurement) -> str:
    return f"All {figure(found.average, measurement)}"


def _column(found: Funnel, measurement: Measurement, scale: Scale) -> int:
    """Room at the right for the names of the lines."""
    return ceil(
        max(text_width(_average(found, measurement), scale.label, 600), text_width("99.8\u00a0%", scale.label)) + 18
    )


def _names(
    found: Funnel, axes: tuple[Upright, Upright], *, scale: Scale, rooms: Sequence[float]
) -> dict[str, list[t.Row]]:
    """The own place and those beyond the outer lines, towards the middle of the picture; none over another."""
    x, y = axes
    beyond = [one for one in found.places if one.area and not one.is_own and one.state.judgement not in _NOTHING]
    beyond.sort(key=lambda one: -abs(one.value - found.average) * one.size**0.5)
    named = [*(one for one in found.places if one.is_own), *beyond[:_NAMED]]
    rows: dict[str, list[t.Row]] = {"names": [], "own_name": []}
    free = [_free(one, found, axes, scale=scale, room=min(rooms)) for one in named]
    wishes = [Wish(middle=px, height=scale.label * 1.25) for px in free]
    for one, px in zip(named, apart(wishes, top=y.top, bottom=y.height), strict=True):
        share = _share(one, x)
        is_left = share <= _MIDDLE
        beside = [max(room * (1 - share if is_left else share) - scale.label * 1.6, scale.label * 3) for room in rooms]
        texts = [shortened(plain(one.area, 60), room, scale.label, weight=700) for room in beside]
        gap = scale.label * (1.15 if one.is_own else 0.8)
        look = {"align": "left", "dx": gap} if is_left else {"align": "right", "dx": -gap}
        rows["own_name" if one.is_own else "names"].append({"x": one.size, "px": px, **look, **t.lengths(texts)})
    return rows


def _share(one: FunnelPlace, x: Upright) -> float:
    """How far to the right it stands, 0 to 1."""
    return (one.size - x.low) / (x.high - x.low)


def _free(one: FunnelPlace, found: Funnel, axes: tuple[Upright, Upright], *, scale: Scale, room: float) -> float:
    """Where its name stands: beside it, or a line higher or lower where that would cover another place."""
    x, y = axes
    here, share = y.px(one.value), _share(one, x)
    long = (text_width(plain(one.area, 60), scale.label, 700) + scale.label * 1.5) / room
    ends = (share, share + long) if share <= _MIDDLE else (share - long, share)
    near = [y.px(each.value) for each in found.places if each is not one and ends[0] <= _share(each, x) <= ends[1]]
    for step in (0.0, -1.2, 1.2, -2.2, 2.2):
        px = here + step * scale.label
        if y.top < px < y.height and all(abs(each - px) > scale.label * 0.8 for each in near):
            return px
    return here


def _spaced(x: Upright, words: dict[str, str], *, room: float, size: float) -> list[float]:
    """Every tick that has room, or each second, or third."""
    ticks = [tick for tick in x.ticks if x.low <= tick <= x.high]
    for step in range(1, len(ticks) + 1):
        kept = ticks[::step]
        widest = max((text_width(words[tick_key(tick)], size) for tick in kept), default=0.0)
        if len(kept) < 2 or room * (kept[1] - kept[0]) / (x.high - x.low) >= widest + size:
            return kept
    return ticks[:1]


def _notes(found: Funnel, measurement: Measurement, *, scale: Scale, width: float | None) -> list[t.Row]:
    """What the picture is read by, from above; a narrow one says it in fewer words."""
    unit = plain(measurement.unit, 24)
    upwards = f"{plain(found.period)}, {unit}" if unit else plain(found.period)
    wide = [
        f"Upwards: {upwards}. To the right: how many each value is of.",
        "One place in 20 lies outside the inner lines by chance, one in 500 outside the outer.",
    ]
    narrow = [f"{upwards}, by size of place", "By chance outside: 1 in 20, 1 in 500"]
    if not found.is_named:
        wide.append("Other places have no name here, and are drawn at a rounded size.")
        narrow.append("Other places: no name, rounded size")
    if measurement.polarity is Polarity.NONE:
        wide.append("Higher or lower is not judged here.")
        narrow.append("Higher or lower is not judged.")
    rooms = (width,) * len(t.WIDTHS) if width else t.WIDTHS
    return [
        {
            "px": scale.label * (0.7 + 1.5 * place),
            **t.lengths(
                [
                    long if text_width(long, scale.label) <= room else shortened(short, room, scale.label)
                    for room in rooms
                ]
            ),
        }
        for place, (long, short) in enumerate(zip(wide, narrow, strict=True))
    ]


def _sentence(found: Funnel, measurement: Measurement) -> str:
    outside = [one for one in found.places if one.state.judgement not in _NOTHING]
    own = next((one for one in found.places if one.is_own), None)
    names = ", ".join(f"{plain(one.area, 60)} {one.state.word.lower()}" for one in outside if one.area)
    count = f"{len(outside)} of {len(found.places)} differ from the average by more than their size explains"
    return sentence(
        f"Funnel of {plain(measurement.name)}, {plain(found.period)}: {count}",
        names,
        f"{plain(own.area, 60)} {figure(own.value, measurement, long=True)}: {own.state.word.lower()}"
        if own is not None and own not in outside
        else "",
        f"average of {found.compared} places {figure(found.average, measurement, long=True)}",
        f"{found.left_out} not drawn" if found.left_out else "",
    )


def _table(found: Funnel, measurement: Measurement) -> t.Table:
    """Every place with a name; those without one as counts."""
    rows = [
        (plain(one.area), figure(one.value, measurement, long=True), number(one.size, 0), one.state.word, one.state.why)
        for one in found.places
        if one.area
    ]
    others = [one for one in found.places if not one.area]
    for word in dict.fromkeys(one.state.word for one in others):
        alike = [one for one in others if one.state.word == word]
        places = "1 other place" if len(alike) == 1 else f"{len(alike)} other places"
        rows.append((places, "", "", word, alike[0].state.why))
    average = figure(found.average, measurement, long=True)
    rows.append((f"Average of {found.compared} places", average, "", "", ""))
    return t.Table(columns=("Area", "Value", "Of how many", "In the funnel", "By chance"), rows=tuple(rows))
