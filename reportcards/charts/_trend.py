"""The trend of one indicator, with everything that keeps a reader from being misled by it."""

from __future__ import annotations

from reportcards.charts import _template as t
from reportcards.charts._alt import trend_sentence
from reportcards.charts._look import SCALES, Size, Theme
from reportcards.charts._source import source_lines
from reportcards.charts._tables import trend_table
from reportcards.charts._trend_rows import Plot, plot
from reportcards.charts._trend_template import trend_template
from reportcards.report import Measurement


class NothingToDraw(ValueError):
    """There is no value that may be drawn: show the measurement's `held`, or say that no value came yet."""


def trend(
    measurement: Measurement,
    *,
    theme: Theme | str = Theme.LIGHT,
    size: Size | str = Size.NORMAL,
    width: float | None = None,
    height: float | None = None,
    with_source: bool = True,
) -> t.Chart:
    """The line with its usual range, target, peers, intervals, events, outlook and source.

    `width` None takes the width of the container (Streamlit); files give one in px. `with_source=False` is for pages
    that write the source line themselves directly under the chart.

    Raises:
        NothingToDraw: the measurement is held or has no value yet.
    """
    theme, size = Theme(theme), Size(size)
    series = measurement.series
    if measurement.held is not None or series is None or series.latest is None:
        raise NothingToDraw(f"There is no value of {measurement.name} to draw.")
    drawn: Plot = plot(measurement, theme, size, width=width, height=height)
    alt = trend_sentence(measurement, series.points[0].period, series.points[-1].period)
    sources = source_lines(measurement, SCALES[size], width=width) if with_source else [[""]]
    spec = t.fill(
        trend_template(theme, size),
        rows=drawn.rows,
        params={**drawn.params, "sources": sources},
        top={"width": width or "container", "height": drawn.height, "description": alt},
    )
    return t.Chart(spec=spec, alt=alt, table=trend_table(measurement))
