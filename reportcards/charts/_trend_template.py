"""The template of the trend: what is drawn over what, in which ink."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import altair as alt

from reportcards.charts import _template as t
from reportcards.charts._look import INKS, NARROW, SCALES, Ink, Scale, Size, Theme

_X = "x_domain"
_TICKS = t.by_width("ticks")


@lru_cache(maxsize=8)
def trend_template(theme: Theme, size: Size) -> t.Spec:
    """The specification without data, one per theme and size."""
    return t.frozen(build(theme, size))


def build(theme: Theme, size: Size) -> alt.LayerChart:
    """The Altair chart itself: back to front."""
    ink, scale = INKS[theme], SCALES[size]
    layers = [*_ground(ink), *_lines(ink, scale), *_observations(ink, scale), *_words(ink, scale)]
    chart = alt.layer(*layers).add_params(
        *t.params(
            x_domain=[0, 1],
            y_domain=[0, 1],
            top=0,
            column=92,
            ticks=[[]] * len(t.WIDTHS),
            tick_words={},
            y_ticks=[],
            y_words={},
            sources=[[""]],
        )
    )
    return t.finished(chart, ink, scale)


def _x(field: str = "x") -> alt.X:
    return alt.X(
        f"{field}:Q",
        title=None,
        scale=alt.Scale(domain=alt.ExprRef(_X), range=[12, alt.ExprRef("width - column")], nice=False, zero=False),
        axis=alt.Axis(
            values=alt.ExprRef(_TICKS),
            labelExpr="tick_words[toString(datum.value)]",
            grid=False,
            labelOverlap=False,
            labelFlush=False,
            labelBound=False,
            labelPadding=6,
            tickSize=5,
        ),
    )


def _px(field: str = "px") -> alt.Y:
    return alt.Y(f"{field}:Q", scale=None)


def _ground(ink: Ink) -> list[alt.Chart]:
    return [
        alt.Chart(t.data("frame")).mark_point(opacity=0, aria=False, tooltip=None).encode(x=_x(), y=t.upright()),
        alt.Chart(t.data("band"))
        .mark_rect(color=ink.line, opacity=ink.band, aria=False, tooltip=None)
        .encode(x=_x(), x2="x2:Q", y=t.upright(), y2="y2:Q"),
        alt.Chart(t.data("outlook"))
        .mark_area(color=ink.line, opacity=ink.band, aria=False, tooltip=None)
        .encode(x=_x(), y=t.upright(), y2="y2:Q"),
    ]


def _lines(ink: Ink, scale: Scale) -> list[alt.Chart]:
    wide = scale.target / 1.5
    return [
        alt.Chart(t.data("mean"))
        .mark_rule(color=ink.line, strokeWidth=scale.mean, aria=False)
        .encode(x=_x(), x2="x2:Q", y=t.upright()),
        alt.Chart(t.data("peers"))
        .mark_line(color=ink.muted, strokeWidth=scale.target, strokeDash=[1.5 * wide, 3 * wide], aria=False)
        .encode(x=_x(), y=t.upright()),
        alt.Chart(t.data("target"))
        .mark_rule(color=ink.text, strokeWidth=scale.target, strokeDash=[7 * wide, 4 * wide], aria=False)
        .encode(x=_x(), x2="x2:Q", y=t.upright()),
        alt.Chart(t.data("events"))
        .mark_rule(color=ink.muted, strokeWidth=scale.target, strokeDash=[2 * wide, 3 * wide], aria=False)
        .encode(x=_x(), y=_px(), y2=alt.value("height")),
    ]


def _observations(ink: Ink, scale: Scale) -> list[alt.Chart]:
    line = alt.Chart(t.data("line")).mark_line(color=ink.line, strokeWidth=scale.line, aria=False)
    dashed = alt.Chart(t.data("dashed")).mark_line(
        color=ink.line, strokeWidth=scale.line, strokeDash=[4 * scale.line / 2, 4 * scale.line / 2], aria=False
    )
    return [
        alt.Chart(t.data("intervals"))
        .mark_rule(color=ink.line, strokeWidth=scale.interval, opacity=0.4, aria=False)
        .encode(x=_x(), y=t.upright(), y2="y2:Q"),
        line.encode(x=_x(), y=t.upright(), detail="part:N"),
        dashed.encode(x=_x(), y=t.upright(), detail="part:N"),
        alt.Chart(t.data("points"))
        .mark_point(
            filled=True,
            opacity=1,
            strokeWidth=alt.ExprRef("datum.edge"),
            size=alt.ExprRef(f"width < {NARROW} ? datum.small : datum.size"),
            tooltip=None,
        )
        .encode(
            x=_x(),
            y=t.upright(),
            shape=alt.Shape("shape:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("stroke:N", scale=None),
            description="said:N",
            tooltip=alt.Tooltip("said:N", title=" "),
        ),
    ]


def _words(ink: Ink, scale: Scale) -> list[alt.Chart]:
    def beside(name: str, **style: Any) -> alt.Chart:
        look: dict[str, Any] = {"align": "left", "baseline": "middle", "fontSize": scale.label, "aria": False, **style}
        made: alt.Chart = (
            alt.Chart(t.data(name))
            .mark_text(x=alt.ExprRef("width - column + datum.dx"), lineHeight=round(scale.label * 1.25), **look)
            .encode(y=_px(), text="text:N")
        )
        return made

    return [
        beside("labels", color=ink.muted),
        beside("labels_strong", color=ink.text, fontWeight=600),
        beside("last", color=ink.text, fontWeight=700, fontSize=scale.last),
        alt.Chart(t.data("last_inside"))
        .mark_text(color=ink.text, fontWeight=700, fontSize=scale.last, align="right", baseline="bottom", aria=False)
        .encode(x=_x(), y=_px(), text="text:N"),
        alt.Chart(t.data("gaps"))
        .mark_text(color=ink.muted, fontSize=scale.label, baseline="bottom", description="suppressed")
        .encode(x=_x(), y=_px(), text="text:N", tooltip=alt.Tooltip("said:N", title=" ")),
        alt.Chart(t.data("asides"))
        .mark_text(
            color=ink.muted,
            fontSize=scale.label,
            fontStyle="italic",
            align="right",
            baseline="middle",
            opacity=alt.ExprRef(f"width < {NARROW} ? 0 : 1"),
            aria=False,
        )
        .encode(x=_x(), y=_px(), text="text:N"),
        alt.Chart(t.data("event_words"))
        .mark_text(
            color=ink.muted,
            fontSize=scale.label,
            baseline="middle",
            align=alt.ExprRef("datum.align"),
            dx=alt.ExprRef("datum.dx"),
            text=alt.ExprRef(t.TEXT),
            aria=False,
        )
        .encode(x=_x(), y=_px()),
        alt.Chart(t.data("unit"))
        .mark_text(x=0, color=ink.muted, fontSize=scale.label, align="left", baseline="middle", aria=False)
        .encode(y=_px(), text="text:N"),
    ]
