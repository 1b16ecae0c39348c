"""The sparkline of a tile: shape of the series, usual range, target, and how the last point is judged."""

from __future__ import annotations

from functools import lru_cache

import altair as alt

from reportcards.charts import _template as t
from reportcards.charts._alt import trend_sentence
from reportcards.charts._look import INKS, Ink, Theme, symbol
from reportcards.charts._tables import trend_table
from reportcards.charts._trend import NothingToDraw
from reportcards.charts._trend_rows import spark_rows
from reportcards.report import Judgement, Measurement

HEIGHT = 42
_POINT = 62.0


def spark(
    measurement: Measurement, *, theme: Theme | str = Theme.LIGHT, width: float | None = None, height: float = HEIGHT
) -> t.Chart:
    """A line without axes, 42 px high; its words stand on the tile.

    Raises:
        NothingToDraw: the measurement is held or has no value yet.
    """
    theme = Theme(theme)
    series = measurement.series
    if measurement.held is not None or series is None or series.latest is None:
        raise NothingToDraw(f"There is no value of {measurement.name} to draw.")
    rows, domain = spark_rows(measurement)
    last = series.latest
    state = last.signal or (measurement.signal.judgement if measurement.signal else Judgement.SIMILAR)
    look = symbol(state, INKS[theme], _POINT)
    rows["last"] = [{"x": last.start.toordinal(), "y": last.value, **look}]
    alt_text = trend_sentence(measurement, series.points[0].period, series.points[-1].period)
    spec = t.fill(
        spark_template(theme),
        rows=rows,
        params={"x_domain": domain[0], "y_domain": domain[1]},
        top={"width": width or "container", "height": height, "description": alt_text},
    )
    return t.Chart(spec=spec, alt=alt_text, table=trend_table(measurement))


@lru_cache(maxsize=2)
def spark_template(theme: Theme) -> t.Spec:
    """The specification without data, one per theme."""
    return t.frozen(build(theme))


def build(theme: Theme) -> alt.LayerChart:
    """The Altair chart of a sparkline: band, target, line, last point."""
    ink = INKS[theme]
    chart = alt.layer(*_layers(ink)).add_params(*t.params(x_domain=[0, 1], y_domain=[0, 1]))
    styled: alt.LayerChart = (
        chart.properties(
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"), background="transparent", padding=0
        )
        .configure(font="Figtree")
        .configure_view(stroke=None)
    )
    return styled


def _layers(ink: Ink) -> list[alt.Chart]:
    x = alt.X(
        "x:Q",
        axis=None,
        scale=alt.Scale(domain=alt.ExprRef("x_domain"), range=[3, alt.ExprRef("width - 10")], nice=False, zero=False),
    )
    y = alt.Y(
        "y:Q",
        axis=None,
        scale=alt.Scale(domain=alt.ExprRef("y_domain"), range=[alt.ExprRef("height - 6"), 6], nice=False, zero=False),
    )
    return [
        alt.Chart(t.data("band"))
        .mark_rect(color=ink.line, opacity=ink.band + 0.02, aria=False)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q"),
        alt.Chart(t.data("target"))
        .mark_rule(color=ink.text, strokeWidth=1.4, strokeDash=[5, 3], aria=False)
        .encode(x=x, x2="x2:Q", y=y),
        alt.Chart(t.data("line"))
        .mark_line(color=ink.line, strokeWidth=2, aria=False, strokeJoin="round")
        .encode(x=x, y=y, detail="part:N"),
        alt.Chart(t.data("dashed"))
        .mark_line(color=ink.line, strokeWidth=2, strokeDash=[3, 3], aria=False)
        .encode(x=x, y=y, detail="part:N"),
        alt.Chart(t.data("last"))
        .mark_point(filled=True, opacity=1, strokeWidth=1.6, aria=False)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape("shape:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("stroke:N", scale=None),
            size=alt.Size("size:Q", scale=None),
        ),
    ]
