"""Groups and areas side by side, with their intervals; in the order given, never ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from reportcards.charts import _template as t
from reportcards.charts._alt import sentence
from reportcards.charts._dots_template import dots_template
from reportcards.charts._layout import Upright, upright
from reportcards.charts._look import INKS, SCALES, Ink, Scale, Size, Theme, symbol
from reportcards.charts._source import source_lines
from reportcards.charts._tables import dots_table
from reportcards.charts._trend import NothingToDraw
from reportcards.charts._trend_rows import number_words, said, tick_key
from reportcards.charts._words import figure, plain, shortened, status_words
from reportcards.charts.fonts import text_width
from reportcards.report import Judgement, Measurement, Point, Polarity, Series

NOT_JUDGED = "Higher or lower is not judged here."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    name: str
    point: Point | None
    series: Series
    top: float


def groups(
    measurement: Measurement,
    *,
    theme: Theme | str = Theme.LIGHT,
    size: Size | str = Size.NORMAL,
    width: float | None = None,
    with_source: bool = True,
) -> t.Chart:
    """Each group beside everyone, under the headings of its breakdown.

    Raises:
        NothingToDraw: the measurement is held or has no groups.
    """
    return _dots(
        measurement,
        measurement.groups,
        theme=Theme(theme),
        size=Size(size),
        width=width,
        with_source=with_source,
        first="Group",
        whole="Everyone",
    )


def areas(
    measurement: Measurement,
    *,
    theme: Theme | str = Theme.LIGHT,
    size: Size | str = Size.NORMAL,
    width: float | None = None,
    with_source: bool = True,
) -> t.Chart:
    """Each area beside the whole, by name. Whether areas may be named at all is the caller's to know.

    Raises:
        NothingToDraw: the measurement is held or has no areas.
    """
    named = tuple(sorted(measurement.areas, key=lambda one: (one.area.casefold(), one.area_code)))
    whole = measurement.series.area if measurement.series else "All areas"
    return _dots(
        measurement,
        named,
        theme=Theme(theme),
        size=Size(size),
        width=width,
        with_source=with_source,
        first="Area",
        whole=whole,
    )


def _dots(
    measurement: Measurement,
    series: Sequence[Series],
    *,
    theme: Theme,
    size: Size,
    width: float | None,
    with_source: bool,
    first: str,
    whole: str,
) -> t.Chart:
    if measurement.held is not None or not series:
        raise NothingToDraw(f"There is nothing of {measurement.name} to compare.")
    ink, scale = INKS[theme], SCALES[size]
    placed, headings, height = _placed(series, measurement, scale)
    x = upright(_extent(placed, measurement), height=1, zero=True, ticks=4)
    rooms = (width,) * len(t.WIDTHS) if width else t.WIDTHS
    rows = _rows(measurement, placed, x, ink=ink, scale=scale, rooms=rooms)
    column = _column(placed, measurement, scale)
    rows["headings"] = [{"px": px, **t.lengths([words] * len(rooms))} for words, px in headings]
    rows["everyone"] = _everyone(measurement, whole, x, scale=scale)
    rows["notes"] = _notes(placed, measurement, scale)
    alt = _sentence(measurement, placed, first=first, whole=whole)
    params: dict[str, object] = {
        "x_domain": [x.low, x.high],
        "ticks": list(x.ticks),
        "tick_words": {tick_key(tick): number_words(tick, x, measurement) for tick in x.ticks},
        "left": _left(placed, scale),
        "column": column,
        "sources": source_lines(measurement, scale, width=width) if with_source else [[""]],
    }
    top = {"width": width or "container", "height": height, "description": alt}
    spec = t.fill(dots_template(theme, size), rows=rows, params=params, top=top)
    return t.Chart(spec=spec, alt=alt, table=dots_table(measurement, tuple(series), first))


def _placed(
    series: Sequence[Series], measurement: Measurement, scale: Scale
) -> tuple[list[_Row], list[tuple[str, float]], float]:
    """Rows and headings with the px of their middle, and the height of it all."""
    line = scale.label * 2.9
    reached = scale.label * 3.4
    rows: list[_Row] = []
    headings: list[tuple[str, float]] = []
    breakdown = ""
    for one in series:
        if one.breakdown != breakdown and one.breakdown:
            reached += scale.label * (1.0 if headings else 0.2)
            headings.append((plain(one.breakdown, 80), reached + scale.label * 0.6))
            reached += scale.label * 1.5
        breakdown = one.breakdown
        point = one.latest or (one.points[-1] if one.points else None)
        rows.append(_Row(name=plain(one.group or one.area, 120), point=point, series=one, top=reached + line / 2))
        reached += line
    return rows, headings, round(reached + 4)


def _extent(rows: Sequence[_Row], measurement: Measurement) -> list[float]:
    values: list[float | None] = [measurement.latest.value if measurement.latest else None]
    for row in rows:
        if row.point is not None and row.point.value is not None:
            values += [row.point.value, row.point.lower, row.point.upper]
    return [value for value in values if value is not None]


def _rows(
    measurement: Measurement, placed: Sequence[_Row], x: Upright, *, ink: Ink, scale: Scale, rooms: Sequence[float]
) -> dict[str, list[t.Row]]:
    rows: dict[str, list[t.Row]] = {name: [] for name in ("intervals", "dots", "names", "values", "states", "hidden")}
    rows["frame"] = [{"x": x.low, "px": 0}]
    left = _left(placed, scale)
    for row in placed:
        name = t.lengths([shortened(row.name, left[0 if room < 420 else 1] - 8, scale.label) for room in rooms])
        rows["names"].append({"px": row.top, **name})
        point = row.point
        if point is None or point.value is None:
            words = status_words(point) if point else "no value yet"
            room = [shortened(words, max(one - left[0 if one < 420 else 1] - 8, 60), scale.label) for one in rooms]
            rows["hidden"].append({"px": row.top, **t.lengths(room)})
            continue
        look = _look(row.series, ink, scale.point * 1.3)
        rows["dots"].append(
            {"x": point.value, "px": row.top, **look, "said": f"{row.name}, {said(point, measurement)}"}
        )
        if point.lower is not None and point.upper is not None:
            rows["intervals"].append({"x": point.lower, "x2": point.upper, "px": row.top})
        word = plain(row.series.state.word, 40) if row.series.state else ""
        lift = scale.label * 0.62 if word else 0
        rows["values"].append({"px": row.top - lift, **t.lengths([figure(point.value, measurement)] * len(rooms))})
        if word:
            rows["states"].append({"px": row.top + lift, **t.lengths([word] * len(rooms))})
    return rows


def _look(series: Series, ink: Ink, area: float) -> dict[str, object]:
    """The shape of its judgement; what was not compared at all is a plain dot, which says nothing."""
    if series.state is not None:
        return symbol(series.state.judgement, ink, area)
    return {**symbol(Judgement.SIMILAR, ink, area), "fill": ink.muted}


def _left(placed: Sequence[_Row], scale: Scale) -> list[float]:
    """Room for the names in px, on a narrow and on a wide chart."""
    widest = max(text_width(row.name, scale.label) for row in placed) + 14
    return [min(widest, scale.label * 8.5), min(widest, scale.label * 17)]


def _column(placed: Sequence[_Row], measurement: Measurement, scale: Scale) -> int:
    widths = [scale.label * 3]
    for row in placed:
        if row.point is not None and row.point.value is not None:
            widths.append(text_width(figure(row.point.value, measurement), scale.label, 600))
            widths.append(text_width(plain(row.series.state.word, 40), scale.label) if row.series.state else 0)
    return ceil(max(widths) + 20)


def _everyone(measurement: Measurement, whole: str, x: Upright, *, scale: Scale) -> list[t.Row]:
    if measurement.latest is None or measurement.latest.value is None:
        return []
    value = measurement.latest.value
    words = f"{shortened(plain(whole, 60), scale.label * 9, scale.label)} {figure(value, measurement)}"
    share = (value - x.low) / (x.high - x.low)
    align = "left" if share < 0.2 else "right" if share > 0.8 else "center"
    return [{"x": value, "px": scale.label * 3.1, "align": align, **t.lengths([words] * len(t.WIDTHS))}]


def _notes(placed: Sequence[_Row], measurement: Measurement, scale: Scale) -> list[t.Row]:
    shown = [row.point for row in placed if row.point is not None and row.point.value is not None]
    periods = {point.period for point in shown}
    words = plain(next(iter(periods))) if len(periods) == 1 else "Latest value of each"
    words += ", provisional" if shown and all(point.is_provisional for point in shown) else ""
    unit = plain(measurement.unit, 24)
    words += f", {unit}" if len(unit) > 2 else ""
    words += "; intervals are 95 %" if any(point.lower is not None for point in shown) else ""
    short = words
    judged = any(row.series.state for row in placed) and measurement.polarity is not Polarity.NONE
    if not judged:
        words += f". {NOT_JUDGED}"
        short = NOT_JUDGED
    return [{"px": scale.label * 0.7, **t.lengths([short, *[words] * (len(t.WIDTHS) - 1)])}]


def _sentence(measurement: Measurement, placed: Sequence[_Row], *, first: str, whole: str) -> str:
    shown = [row for row in placed if row.point is not None and row.point.value is not None]
    hidden = len(placed) - len(shown)
    told = [f"{row.name} {row.series.state.word.lower()}" for row in shown if row.series.state and _stands_out(row)]
    everyone = measurement.latest
    return sentence(
        f"{plain(measurement.name)} by {first.lower()}, {len(shown)} shown",
        f"{plain(whole, 60)} {figure(everyone.value, measurement, long=True)}"
        if everyone is not None and everyone.value is not None
        else "",
        ", ".join(plain(words, 120) for words in told[:6]) or "none differs from it",
        f"{hidden} not shown" if hidden else "",
        NOT_JUDGED if measurement.polarity is Polarity.NONE else "",
    )


def _stands_out(row: _Row) -> bool:
    return row.series.state is not None and row.series.state.judgement not in {
        Judgement.SIMILAR,
        Judgement.NOT_ENOUGH,
    }
