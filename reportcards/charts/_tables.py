"""The figures of a chart as a table of words."""

from __future__ import annotations

from reportcards.charts._template import Table
from reportcards.charts._words import figure, mark_of, number, plain, status_words, target_figure
from reportcards.report import Measurement, Point, Series


def trend_table(measurement: Measurement) -> Table:
    """One row per period, the latest first; the target and the peers have columns of their own."""
    series = measurement.series
    points = series.points if series else ()
    forecast = measurement.forecast.points if measurement.forecast else ()
    target = target_figure(measurement.target, measurement) if measurement.target else ""
    peers = _peers(measurement)
    has_range = any(point.low is not None for point in points)
    columns = ["Period", "Value", "95 % interval"]
    columns += ["Usual range"] if has_range else []
    columns += ["Target"] if target else []
    columns += [plain(measurement.benchmark.name, 80)] if peers and measurement.benchmark else []
    columns += ["Note"]
    rows = []
    for point in reversed((*points, *forecast)):
        row = [plain(point.period), value_words(point, measurement), limits_words(point, measurement)]
        row += [_range_words(point, measurement)] if has_range else []
        row += [target] if target else []
        row += [peers.get(point.end.isoformat(), "")] if peers else []
        rows.append((*row, status_words(point)))
    return Table(columns=tuple(columns), rows=tuple(rows))


def dots_table(measurement: Measurement, series: tuple[Series, ...], first: str) -> Table:
    """One row per group or area, in the order given."""
    rows = []
    for one in series:
        point = one.latest or (one.points[-1] if one.points else None)
        name = plain(f"{one.breakdown}: {one.group}" if one.group else one.area)
        if point is None:
            rows.append((name, "", "", "", "", "no value"))
            continue
        state = plain(one.state.word) if one.state and point.value is not None else ""
        rows.append(
            (
                name,
                plain(point.period),
                value_words(point, measurement),
                limits_words(point, measurement),
                state,
                status_words(point),
            )
        )
    columns = (first, "Period", "Value", "95 % interval", "Compared with everyone", "Note")
    return Table(columns=columns, rows=tuple(rows))


def value_words(point: Point, measurement: Measurement) -> str:
    """The figure, or the symbol of why there is none."""
    return mark_of(point) if point.value is None else figure(point.value, measurement, long=True)


def limits_words(point: Point, measurement: Measurement) -> str:
    """ "6.1 to 7.6", "" without limits or without a value."""
    if point.value is None or point.lower is None or point.upper is None:
        return ""
    return f"{number(point.lower, measurement.decimals)} to {number(point.upper, measurement.decimals)}"


def _range_words(point: Point, measurement: Measurement) -> str:
    if point.low is None or point.high is None:
        return ""
    return f"{number(point.low, measurement.decimals)} to {number(point.high, measurement.decimals)}"


def _peers(measurement: Measurement) -> dict[str, str]:
    benchmark = measurement.benchmark
    if benchmark is None or not benchmark.points:
        return {}
    return {end.isoformat(): figure(value, measurement, long=True) for end, value in benchmark.points}
