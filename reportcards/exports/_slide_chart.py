"""The trend as a chart of the office suite: every number in it can be edited and copied there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from reportcards.charts import NothingToDraw, trend
from reportcards.charts._layout import upright
from reportcards.charts._look import INKS, Theme
from reportcards.charts._words import figure, target_figure
from reportcards.exports import _slides
from reportcards.report import Judgement, Measurement, Point

_INK = INKS[Theme.LIGHT]
_MARKERS = {  # an office suite has no triangle that points down
    Judgement.BETTER: XL_MARKER_STYLE.TRIANGLE,
    Judgement.WORSE: XL_MARKER_STYLE.SQUARE,
    Judgement.SIMILAR: XL_MARKER_STYLE.CIRCLE,
    Judgement.NO_JUDGEMENT: XL_MARKER_STYLE.DIAMOND,
    Judgement.NOT_ENOUGH: XL_MARKER_STYLE.CIRCLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    name: str
    values: tuple[float | None, ...]
    colour: str
    width: float
    dash: Any = None


def add(page: Any, item: Measurement, box: tuple[float, float, float, float]) -> None:
    """A line chart at (left, top, width, height) in inches.

    Raises:
        NothingToDraw: the measurement is held or has no value yet.
    """
    series = item.series
    if item.held is not None or series is None or series.latest is None:
        raise NothingToDraw(f"There is no value of {item.name} to draw.")
    points = series.points
    lines = _lines(item, points)
    data: Any = CategoryChartData(number_format=_number_format(item))  # type: ignore[no-untyped-call]
    data.categories = [point.period for point in points]
    for line in lines:
        data.add_series(line.name, line.values)
    place = [Inches(part) for part in box]
    frame = page.shapes.add_chart(XL_CHART_TYPE.LINE_MARKERS, *place, data)
    _slides.describe(frame, trend(item).alt)
    chart = frame.chart
    _style(chart, item, lines)
    _mark(chart.plots[0].series[0], item, points)


def _lines(item: Measurement, points: Sequence[Point]) -> list[_Line]:
    lines = [
        _Line(
            name=_slides.cut(item.name, 50), values=tuple(point.value for point in points), colour=_INK.line, width=2.25
        )
    ]

    def level(name: str, value: float, **look: Any) -> None:
        lines.append(_Line(name=name, values=(value,) * len(points), **look))

    if item.target is not None:
        words = target_figure(item.target, item)
        level(f"Target {words}", item.target.value, colour=_INK.text, width=1.75, dash=MSO_LINE.DASH)
        if item.target.upper is not None:
            level(f"Target {words}, upper", item.target.upper, colour=_INK.text, width=1.75, dash=MSO_LINE.DASH)
    benchmark = item.benchmark
    if benchmark is not None and (benchmark.value is not None or benchmark.points):
        by_end = dict(benchmark.points)
        values = tuple(by_end.get(point.end) for point in points) if by_end else (benchmark.value,) * len(points)
        name = f"{benchmark.name} {figure(benchmark.value, item)}" if benchmark.value is not None else benchmark.name
        lines.append(
            _Line(name=_slides.cut(name, 50), values=values, colour=_INK.muted, width=1.75, dash=MSO_LINE.ROUND_DOT)
        )
    for name, part in (("Usual range, lower", "low"), ("Mean", "mean"), ("Usual range, upper", "high")):
        found = tuple(getattr(point, part) for point in points)
        if any(value is not None for value in found):
            lines.append(_Line(name=name, values=found, colour="#9AA6AC", width=1))
    return lines


def _number_format(item: Measurement) -> str:
    return "#,##0" + (f".{'0' * item.decimals}" if item.decimals > 0 else "")


def _style(chart: Any, item: Measurement, lines: Sequence[_Line]) -> None:
    chart.has_title = False
    chart.has_legend = len(lines) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.legend.font.size = Pt(12)
    chart.font.size, chart.font.color.rgb = Pt(12), _slides.rgb(_slides.MUTED)
    scale = upright([value for line in lines for value in line.values if value is not None], height=1)
    step = scale.ticks[1] - scale.ticks[0] if len(scale.ticks) > 1 else scale.high - scale.low
    axis = chart.value_axis
    low = (scale.low // step) * step
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = low, (scale.high // step + 1) * step, step
    axis.format.line.fill.background()
    axis.major_gridlines.format.line.color.rgb = _slides.rgb(_slides.HAIRLINE)
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = _number_format(item), False
    chart.category_axis.format.line.color.rgb = _slides.rgb(_slides.HAIRLINE)
    _gaps(chart)
    _thin(chart, len(lines[0].values))
    for line, drawn in zip(lines, chart.plots[0].series, strict=True):
        drawn.smooth = False
        drawn.format.line.width, drawn.format.line.color.rgb = Pt(line.width), _slides.rgb(line.colour)
        if line.dash is not None:
            drawn.format.line.dash_style = line.dash
        drawn.marker.style = XL_MARKER_STYLE.NONE


def _thin(chart: Any, count: int) -> None:
    """Write every n-th period only, at most a dozen."""
    every = -(-count // 12)
    axis = chart.category_axis._element
    place = axis.find(qn("c:noMultiLvlLbl"))
    for name in ("c:tickLblSkip", "c:tickMarkSkip"):
        made = axis.makeelement(qn(name), {"val": str(every)})
        axis.append(made) if place is None else place.addprevious(made)


def _gaps(chart: Any) -> None:
    """A period without a value is a gap, not a zero and not bridged."""
    place = chart._chartSpace.find(qn("c:chart"))
    blanks = place.find(qn("c:dispBlanksAs"))
    if blanks is None:
        blanks = place.makeelement(qn("c:dispBlanksAs"), {})
        place.append(blanks)
    blanks.set("val", "gap")


def _mark(drawn: Any, item: Measurement, points: Sequence[Point]) -> None:
    """Markers with shape and colour, dashes into provisional values, the last value written out."""
    shown = [index for index, point in enumerate(points) if point.value is not None]
    for index in shown:
        point = points[index]
        judgement = point.signal or Judgement.SIMILAR
        if index == shown[-1] and point.signal is None and item.signal is not None:
            judgement = item.signal.judgement
        made = drawn.points[index]
        made.marker.style, made.marker.size = _MARKERS[judgement], 9 if judgement is not Judgement.SIMILAR else 6
        fill = _INK.surface if judgement is Judgement.NOT_ENOUGH else _INK.states[judgement]
        made.marker.format.fill.solid()
        made.marker.format.fill.fore_color.rgb = _slides.rgb(fill)
        made.marker.format.line.color.rgb = _slides.rgb(_INK.states[judgement])
        if point.is_provisional:
            made.format.line.dash_style = MSO_LINE.SQUARE_DOT
            made.format.line.color.rgb = _slides.rgb(_INK.line)
            made.format.line.width = Pt(2.25)
    last = drawn.points[shown[-1]].data_label
    last.position = XL_LABEL_POSITION.ABOVE
    latest = points[shown[-1]].value
    assert latest is not None
    last.has_text_frame = True
    last.text_frame.text = figure(latest, item)
    run = last.text_frame.paragraphs[0].runs[0].font
    run.size, run.bold, run.color.rgb = Pt(18), True, _slides.rgb(_slides.INK)
