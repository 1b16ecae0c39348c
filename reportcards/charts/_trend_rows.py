"""The rows of a trend: every mark and word with its place, worked out here so that the browser only draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from statistics import median

from reportcards.charts._events import event_rows
from reportcards.charts._layout import Upright, upright
from reportcards.charts._look import INKS, SCALES, Ink, Scale, Size, Theme, symbol
from reportcards.charts._template import Row
from reportcards.charts._ticks import period_ticks, plot_rooms
from reportcards.charts._trend_labels import column_of, label_rows, last_rows
from reportcards.charts._words import figure, interval, mark_of, number, plain, status_words
from reportcards.report import Judgement, Measurement, Point

NOMINAL = 520.0
"""Plot width in px that is assumed where the container's is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """What the trend template is filled with."""

    rows: dict[str, list[Row]]
    params: dict[str, object]
    height: float


def day(on: date) -> int:
    """Place on the horizontal axis: days, so that no time zone can move a point."""
    return on.toordinal()


def plot(measurement: Measurement, theme: Theme, size: Size, *, width: float | None, height: float | None) -> Plot:
    """All rows and parameters of one trend."""
    ink, scale = INKS[theme], SCALES[size]
    series = measurement.series
    points = series.points if series else ()
    outlook = measurement.forecast.points if measurement.forecast else ()
    first, last = _domain(points, outlook)
    column = column_of(measurement, scale)
    room = (width - column - 60) if width else NOMINAL * (scale.label / 13)
    unit_room = scale.label * 1.5 if _unit_line(measurement) else 0.0
    events, event_room = event_rows(
        measurement, scale, domain=(first, last), rooms=plot_rooms(width, column), below=unit_room
    )
    y = upright(
        _extent(measurement, points, outlook),
        height=height or scale.height,
        top=unit_room + event_room + (scale.label * 1.4 if _has_aside(points) else 4),
        ticks=4 if size is Size.PROJECTED else 5,
    )
    labels, strong = label_rows(measurement, scale, y)
    ticks = period_ticks((*points, *outlook), scale.label, width=width, column=column)
    rows: dict[str, list[Row]] = {
        "frame": [{"x": first, "y": y.low}],
        "band": _band(points, last),
        "outlook": _outlook(points, outlook),
        "mean": _steps(points, last),
        "peers": _peers(measurement, first, last),
        "target": _target(measurement, first, last),
        "events": [{"x": row["x"], "px": _number(row["px"]) - scale.label * 0.6} for row in events],
        "event_words": list(events),
        "intervals": [
            {"x": day(point.start), "y": point.lower, "y2": point.upper}
            for point in points
            if point.value is not None and point.lower is not None and point.upper is not None
        ],
        **_line(points, outlook),
        "points": _points(measurement, points, ink=ink, scale=scale),
        "gaps": _gaps(points, y, scale),
        "asides": _asides(points, y, scale, room=room, domain=(first, last)),
        "labels": labels,
        "labels_strong": strong,
        **last_rows(measurement, scale, y),
        "unit": [{"px": scale.label * 0.6, "text": _unit_line(measurement)}] if _unit_line(measurement) else [],
    }
    _stack(rows, scale)
    params: dict[str, object] = {
        "x_domain": [first, last],
        "y_domain": [y.low, y.high],
        "top": y.top,
        "column": column,
        "ticks": ticks.tiers,
        "tick_words": ticks.words,
        "y_ticks": list(y.ticks),
        "y_words": {tick_key(tick): number_words(tick, y, measurement) for tick in y.ticks},
    }
    return Plot(rows=rows, params=params, height=y.height)


def _stack(rows: dict[str, list[Row]], scale: Scale) -> None:
    """With a forecast the last value stands over its point, where "provisional" would: then one over the other."""
    for place, (value, word) in enumerate(zip(rows["last_inside"], rows["asides"], strict=False)):
        over = max(_number(value["px"]), scale.label * 1.2 + scale.last)
        rows["last_inside"][place] = {**value, "px": over}
        rows["asides"][place] = {**word, "px": over - scale.last - scale.label * 0.4}


def tick_key(tick: float) -> str:
    """The number as JavaScript's toString writes it, for looking its words up."""
    return str(int(tick)) if tick == int(tick) else repr(tick)


def _tick_decimals(y: Upright) -> int:
    for decimals in range(6):
        if all(abs(round(tick, decimals) - tick) < 1e-9 for tick in y.ticks):
            return decimals
    return 6


def number_words(tick: float, scale: Upright, measurement: Measurement) -> str:
    """What is written at a tick: no more decimals than the ticks need, the unit when it is short."""
    return figure(tick, replace(measurement, decimals=_tick_decimals(scale)))


def _unit_line(measurement: Measurement) -> str:
    unit = plain(measurement.unit, 24)
    return unit if len(unit) > 2 else ""


def _has_aside(points: Sequence[Point]) -> bool:
    return any(point.is_provisional and point.value is not None for point in points)


def _domain(points: Sequence[Point], outlook: Sequence[Point]) -> tuple[int, int]:
    first, last = day(points[0].start), day((*points, *outlook)[-1].start)
    return (first - 15, last + 15) if first == last else (first, last)


def _extent(measurement: Measurement, points: Sequence[Point], outlook: Sequence[Point]) -> list[float]:
    shown = [point for point in points if point.value is not None]
    values: list[float | None] = []
    for point in (*shown, *outlook):
        values += [point.value, point.lower, point.upper]
    for point in points:
        values += [point.low, point.high]
    if measurement.target:
        values += [measurement.target.value, measurement.target.upper]
    if measurement.benchmark:
        values += [measurement.benchmark.value]
        values += [value for end, value in measurement.benchmark.points if end >= points[0].start]
    return [value for value in values if value is not None]


def _spans(points: Sequence[Point], last: int) -> list[tuple[Point, float, float]]:
    """Each point with the stretch of the axis that is nearer to it than to its neighbours."""
    days = [day(point.start) for point in points]
    edges = [float(days[0]), *((a + b) / 2 for a, b in pairwise(days)), float(max(last, days[-1]))]
    return list(zip(points, edges, edges[1:], strict=False))


def _band(points: Sequence[Point], last: int) -> list[Row]:
    rows: list[dict[str, object]] = []
    for point, start, end in _spans(points, day(points[-1].start) if len(points) > 1 else last):
        if point.low is None or point.high is None:
            continue
        if rows and rows[-1]["y"] == point.low and rows[-1]["y2"] == point.high and rows[-1]["x2"] == start:
            rows[-1]["x2"] = end
        else:
            rows.append({"x": start, "x2": end, "y": point.low, "y2": point.high})
    return list(rows)


def _steps(points: Sequence[Point], last: int) -> list[Row]:
    rows: list[dict[str, object]] = []
    for point, start, end in _spans(points, day(points[-1].start) if len(points) > 1 else last):
        if point.mean is None:
            continue
        if rows and rows[-1]["y"] == point.mean and rows[-1]["x2"] == start:
            rows[-1]["x2"] = end
        else:
            rows.append({"x": start, "x2": end, "y": point.mean})
    return list(rows)


def _outlook(points: Sequence[Point], outlook: Sequence[Point]) -> list[Row]:
    known = [point for point in outlook if point.lower is not None and point.upper is not None]
    start = next((point for point in reversed(points) if point.value is not None), None)
    if not known or start is None:
        return []
    rows: list[Row] = [{"x": day(start.start), "y": start.value, "y2": start.value}]
    return rows + [{"x": day(point.start), "y": point.lower, "y2": point.upper} for point in known]


def _peers(measurement: Measurement, first: int, last: int) -> list[Row]:
    benchmark = measurement.benchmark
    if benchmark is None:
        return []
    drawn: list[Row] = [
        {"x": day(end), "y": value} for end, value in sorted(benchmark.points) if first <= day(end) <= last + 400
    ]
    ends = _ends_to_starts(measurement)
    drawn = [{"x": min(ends.get(str(row["x"]), _number(row["x"])), last), "y": row["y"]} for row in drawn]
    if len(drawn) > 1:
        return drawn
    if benchmark.value is None:
        return []
    return [{"x": first, "y": benchmark.value}, {"x": last, "y": benchmark.value}]


def _number(value: object) -> float:
    return value if isinstance(value, int | float) else 0


def _ends_to_starts(measurement: Measurement) -> dict[str, int]:
    points = measurement.series.points if measurement.series else ()
    return {str(day(point.end)): day(point.start) for point in points}


def _target(measurement: Measurement, first: int, last: int) -> list[Row]:
    target = measurement.target
    if target is None:
        return []
    levels = [target.value] if target.upper is None else [target.value, target.upper]
    return [{"x": first, "x2": last, "y": level} for level in levels]


def _line(points: Sequence[Point], outlook: Sequence[Point]) -> dict[str, list[Row]]:
    """Solid where final, dashed into provisional points and forecasts, broken where a period is missing."""
    days = [day(point.start) for point in points]
    usual = median([b - a for a, b in pairwise(days)]) if len(days) > 1 else 0
    rows: dict[str, list[Row]] = {"line": [], "dashed": []}
    before: Point | None = None
    part, kind = 0, ""
    for point in (*points, *outlook):
        if point.value is None:
            before = None
            continue
        soft = point.is_provisional or point.status == "F"
        if before is not None and (point.status == "F" or day(point.start) - day(before.start) <= usual * 1.6):
            now = "dashed" if soft else "line"
            if now != kind:
                part += 1
                rows[now].append({"x": day(before.start), "y": before.value, "part": part})
            rows[now].append({"x": day(point.start), "y": point.value, "part": part})
            kind = now
        else:
            kind = ""
        before = point
    return rows


def _points(measurement: Measurement, points: Sequence[Point], *, ink: Ink, scale: Scale) -> list[Row]:
    rows: list[Row] = []
    shown = [point for point in points if point.value is not None]
    crowded = len(shown) > 60
    for point in shown:
        judgement = point.signal or Judgement.SIMILAR
        if point is shown[-1] and point.signal is None and measurement.signal is not None:
            judgement = measurement.signal.judgement
        common = judgement is Judgement.SIMILAR and point is not shown[-1]
        area = scale.point * (0.35 if crowded and common else 1)
        look = symbol(judgement, ink, area)
        hollow = judgement is Judgement.NOT_ENOUGH
        rows.append(
            {
                "x": day(point.start),
                "y": point.value,
                **look,
                "small": round(area * (0.25 if common else 0.75), 1) if common else look["size"],
                "edge": (2.0 if hollow else 1.2) * scale.line / 2,
                "said": said(point, measurement),
            }
        )
    return rows


def said(point: Point, measurement: Measurement) -> str:
    """One observation in words: "Sep 2026: 6.8 %, 6.1 to 7.6, provisional"."""
    if point.value is None:
        return f"{plain(point.period)}: {status_words(point)}"
    was = f"before: {number(point.was, measurement.decimals)}" if point.was is not None else ""
    facts = [figure(point.value, measurement, long=True), interval(point, measurement), status_words(point), was]
    return f"{plain(point.period)}: " + ", ".join(fact for fact in facts if fact)


def _gaps(points: Sequence[Point], y: Upright, scale: Scale) -> list[Row]:
    """One mark for each run of periods without a value, on the floor of the plot, where it says nothing of height."""
    rows: list[Row] = []
    run: list[Point] = []
    for point in (*points, None):
        if point is not None and point.value is None and (not run or mark_of(run[0]) == mark_of(point)):
            run.append(point)
            continue
        if run:
            middle = (day(run[0].start) + day(run[-1].start)) / 2
            words = _run_words(run)
            rows.append({"x": middle, "px": y.height - scale.label * 0.35, "text": mark_of(run[0]), "said": words})
        run = [point] if point is not None and point.value is None else []
    return rows


def _run_words(run: Sequence[Point]) -> str:
    periods = [plain(run[0].period), plain(run[-1].period)]
    return f"{' to '.join(dict.fromkeys(periods))}: {status_words(run[0])}"


def _asides(points: Sequence[Point], y: Upright, scale: Scale, *, room: float, domain: tuple[int, int]) -> list[Row]:
    """The word "provisional", right-aligned above its points, clear of every line under it."""
    soft = [point for point in points if point.is_provisional and point.value is not None]
    if not soft:
        return []
    end = day(soft[-1].start)
    reach = scale.label * 5.4 / room * (domain[1] - domain[0])
    under = [point for point in points if point.value is not None and end - reach <= day(point.start) <= end]
    tops = [y.px(max(value for value in (point.value, point.upper) if value is not None)) for point in under]
    return [{"x": end, "px": max(min(tops) - scale.label * 0.8, scale.label * 0.6), "text": "provisional"}]


def spark_rows(measurement: Measurement) -> tuple[dict[str, list[Row]], tuple[list[int], list[float]]]:
    """Rows and domains of the sparkline: the same line, without intervals, peers and words."""
    series = measurement.series
    points = series.points if series else ()
    first, last = _domain(points, ())
    values: list[float | None] = [point.value for point in points if point.value is not None]
    for point in points:
        values += [point.low, point.high]
    if measurement.target:
        values += [measurement.target.value, measurement.target.upper]
    known = [value for value in values if value is not None]
    low, high = min(known), max(known)
    if low == high:
        low, high = low - 1, high + 1
    rows: dict[str, list[Row]] = {
        "band": _band(points, last),
        "target": _target(measurement, first, last),
        **_line(points, ()),
    }
    return rows, ([first, last], [low, high])
