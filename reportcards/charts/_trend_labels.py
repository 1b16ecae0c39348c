"""Direct labels of a trend: at the right of what they name, nudged apart until none touches another."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from reportcards.charts._layout import Upright, Wish, apart
from reportcards.charts._look import Scale
from reportcards.charts._template import Row
from reportcards.charts._words import SPACE, figure, number, plain, target_figure, wrapped
from reportcards.charts.fonts import text_width
from reportcards.report import Measurement, Point

_GAP = 10
"""px between the plot and its labels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Label:
    lines: tuple[str, ...]
    value: float
    kind: str
    """Which data it goes to: labels, labels_strong, last."""
    size: float


def column_of(measurement: Measurement, scale: Scale) -> int:
    """How many px the labels need at the right, never more than the scale allows."""
    widths = [
        text_width(line, label.size, 700 if label.kind == "last" else 600)
        for label in _labels(measurement, scale)
        for line in label.lines
    ]
    return ceil(max(widths, default=0) + _GAP + 4)


def label_rows(measurement: Measurement, scale: Scale, y: Upright) -> tuple[list[Row], list[Row]]:
    """The quiet labels, and the strong one of the target."""
    placed = _placed(measurement, scale, y)
    return placed["labels"], placed["labels_strong"]


def last_rows(measurement: Measurement, scale: Scale, y: Upright) -> dict[str, list[Row]]:
    """The last value in bold: at the right, or over its point when a forecast follows."""
    placed = _placed(measurement, scale, y)["last"]
    point = measurement.series.latest if measurement.series else None
    if not _outlook(measurement) or point is None or point.value is None:
        return {"last": placed, "last_inside": []}
    peak = max(value for value in (point.value, point.upper) if value is not None)
    row = {
        "x": point.start.toordinal(),
        "px": max(y.px(peak) - 4, scale.last),
        "text": figure(point.value, measurement),
    }
    return {"last": [], "last_inside": [row]}


def _placed(measurement: Measurement, scale: Scale, y: Upright) -> dict[str, list[Row]]:
    labels = _labels(measurement, scale)
    wishes = [Wish(middle=y.px(label.value), height=len(label.lines) * label.size * 1.25 + 2) for label in labels]
    rows: dict[str, list[Row]] = {"labels": [], "labels_strong": [], "last": []}
    for label, wish, middle in zip(labels, wishes, apart(wishes, top=0, bottom=y.height + 10), strict=True):
        first = middle - wish.height / 2 + 1 + label.size * 1.25 / 2
        for index, line in enumerate(label.lines):
            rows[label.kind].append({"px": round(first + index * label.size * 1.25, 1), "text": line, "dx": _GAP})
    return rows


def _labels(measurement: Measurement, scale: Scale) -> list[_Label]:
    points = measurement.series.points if measurement.series else ()
    labels = []
    latest = measurement.series.latest if measurement.series else None
    outlook = _outlook(measurement)
    if latest is not None and latest.value is not None and not outlook:
        words = figure(latest.value, measurement)
        labels.append(_Label(lines=(words,), value=latest.value, kind="last", size=scale.last))
    ranged = next((point for point in reversed(points) if point.low is not None and point.high is not None), None)
    if ranged is not None:
        labels += _range_labels(ranged, measurement, scale)
    if measurement.benchmark is not None and measurement.benchmark.value is not None:
        labels.append(_named(measurement.benchmark.name, measurement.benchmark.value, measurement, scale=scale))
    if measurement.target is not None:
        words = f"Target {target_figure(measurement.target, measurement).replace(' ', SPACE)}"
        middle = (measurement.target.value + (measurement.target.upper or measurement.target.value)) / 2
        lines = wrapped(words, scale.column - _GAP, scale.label, weight=600, most=2)
        labels.append(_Label(lines=lines, value=middle, kind="labels_strong", size=scale.label))
    if outlook:
        end = outlook[-1]
        if end.value is not None:
            labels.append(_quiet("if nothing changes", end.value, scale))
    return labels


def _range_labels(point: Point, measurement: Measurement, scale: Scale) -> list[_Label]:
    assert point.low is not None and point.high is not None
    mean = point.mean if point.mean is not None else (point.low + point.high) / 2
    quarter = point.high - (point.high - mean) * 0.15
    labels = [_quiet("Usual range", quarter, scale)]
    if scale.names_mean and point.mean is not None:
        labels.append(_quiet(f"Mean {_unit(number(point.mean, measurement.decimals), measurement)}", point.mean, scale))
    return labels


def _unit(words: str, measurement: Measurement) -> str:
    return f"{words}{SPACE}{measurement.unit}" if measurement.unit == "%" else words


def _named(name: str, value: float, measurement: Measurement, *, scale: Scale) -> _Label:
    """A name that may be shortened, with a value that may not."""
    words, room = figure(value, measurement), scale.column - _GAP
    lines = wrapped(f"{plain(name, 80)} {words}", room, scale.label)
    if len(lines) > 3:
        lines = (*wrapped(plain(name, 80), room, scale.label, most=2), words)
    return _Label(lines=lines, value=value, kind="labels", size=scale.label)


def _quiet(words: str, value: float, scale: Scale) -> _Label:
    lines = wrapped(words, scale.column - _GAP, scale.label, most=2)
    return _Label(lines=lines, value=value, kind="labels", size=scale.label)


def _outlook(measurement: Measurement) -> tuple[Point, ...]:
    return measurement.forecast.points if measurement.forecast else ()
