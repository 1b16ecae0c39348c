"""A chart template: Altair builds and validates it once, afterwards only its data and parameters are swapped.

Building a layered chart with Altair costs some 20 ms, swapping the data about 0.05 ms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from reportcards.charts._look import SANS, Ink, Scale

Row = Mapping[str, object]
Spec = dict[str, object]

WIDTHS = (250, 420, 520, 640)
"""Plot widths in px (labels at the right included) from which longer texts fit; under the first nothing is promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart that is ready for `st.vega_lite_chart(chart.spec, theme=None)` or for a file."""

    spec: Spec
    alt: str
    """One sentence with the finding, for people who do not see the picture."""
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The same figures as text: what a screen reader, a page under the chart or a copy of it reads."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def frozen(chart: alt.LayerChart | alt.Chart) -> Spec:
    """The validated specification of a template whose data are names without values."""
    spec: Spec = chart.to_dict()
    return spec


def fill(template: Spec, *, rows: Mapping[str, Sequence[Row]], params: Mapping[str, object], top: Row) -> Spec:
    """A copy of the template with its data and parameters; layers without a row are left out.

    `top` replaces properties of the whole chart: width, height, description.
    """
    layers = template["layer"]
    known = template["params"]
    assert isinstance(layers, list) and isinstance(known, list)
    return {
        **template,
        **top,
        "params": [{**one, "value": params[one["name"]]} if one["name"] in params else one for one in known],
        "layer": [
            {**layer, "data": {"values": list(given)}} for layer in layers if (given := rows[layer["data"]["name"]])
        ],
    }


def data(name: str) -> alt.NamedData:
    """The place of the rows `name` in a template."""
    return alt.NamedData(name=name)


def params(**starts: object) -> list[alt.Parameter]:
    """Parameters of a template, with values that `fill` replaces."""
    return [alt.param(name=name, value=start) for name, start in starts.items()]


def upright(field: str = "y") -> alt.Y:
    """The axis of values: its domain, ticks and words come with the data."""
    return alt.Y(
        f"{field}:Q",
        title=None,
        scale=alt.Scale(
            domain=alt.ExprRef("y_domain"), range=[alt.ExprRef("height"), alt.ExprRef("top")], nice=False, zero=False
        ),
        axis=alt.Axis(
            values=alt.ExprRef("y_ticks"),
            labelExpr="y_words[toString(datum.value)]",
            domain=False,
            ticks=False,
            gridOpacity=0.7,
            labelPadding=10,
        ),
    )


def points(name: str, scale: Scale) -> alt.Chart:
    """The marks of a named data set, each with its own shape, colours and size, and the words that are said of it."""
    marks: alt.Chart = (
        alt.Chart(data(name))
        .mark_point(filled=True, opacity=1, strokeWidth=1.2 * scale.line / 2)
        .encode(
            shape=alt.Shape("shape:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("stroke:N", scale=None),
            size=alt.Size("size:Q", scale=None),
            description="said:N",
            tooltip=alt.Tooltip("said:N", title=" "),
        )
    )
    return marks


def finished(chart: alt.LayerChart | alt.FacetChart, ink: Ink, scale: Scale) -> alt.LayerChart:
    """The look that all charts share: typeface, transparent ground, hairlines, the source below."""
    styled: alt.LayerChart = (
        chart.properties(
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
            background="transparent",
            padding={"left": 0, "top": 4, "right": 0, "bottom": 4},
            title=alt.TitleParams(
                text=alt.ExprRef(_SOURCE),
                orient="bottom",
                anchor="start",
                align="left",
                frame="bounds",
                offset=10,
                color=ink.muted,
                fontSize=scale.label,
                lineHeight=round(scale.label * 1.4),
                fontWeight=400,
            ),
        )
        .configure(font=SANS)
        .configure_view(stroke=None)
        .configure_axis(
            labelFont=SANS,
            labelColor=ink.muted,
            labelFontSize=scale.label,
            labelFontWeight=400,
            gridColor=ink.hairline,
            domainColor=ink.hairline,
            tickColor=ink.hairline,
        )
        .configure_text(font=SANS)
        .configure_title(font=SANS)
    )
    return styled


SOURCE_WIDTHS = (220, 280, 340, 420, 520, 640, 800, 1040)
"""Widths of the container in px for which the source line is wrapped beforehand, for the browser to choose."""


def _pick(width: str, steps: tuple[int, ...]) -> str:
    return "".join(f"{width} < {upper} ? {index} : " for index, upper in enumerate(steps[1:])) + str(len(steps) - 1)


def by_width(what: str) -> str:
    """The expression for one of several variants of a parameter, by the width of the plot."""
    return f"{what}[{_pick('width', WIDTHS)}]"


_SOURCE = f"sources[length(sources) < 2 ? 0 : {_pick('containerSize()[0]', SOURCE_WIDTHS)}]"
"""Asks the container, not the plot: the plot's width changes while it is laid out, and the height would not follow."""


def lengths(texts: Sequence[str]) -> Row:
    """A text in as many lengths as `WIDTHS` has steps, for `TEXT`."""
    return {f"t{index}": text for index, text in enumerate(texts)}


TEXT = "datum['t' + ({})]".format(_pick("width", WIDTHS))
"""The text of a row that fits the width."""
