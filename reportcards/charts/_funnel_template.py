"""The template of the funnel: places by their size, the average, and the two pairs of lines that chance draws."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import altair as alt

from reportcards.charts import _template as t
from reportcards.charts._look import INKS, SCALES, Ink, Scale, Size, Theme


@lru_cache(maxsize=8)
def funnel_template(theme: Theme, size: Size) -> t.Spec:
    """The specification without data, one per theme and size."""
    return t.frozen(build(theme, size))


def build(theme: Theme, size: Size) -> alt.LayerChart:
    """The Altair chart itself: back to front."""
    ink, scale = INKS[theme], SCALES[size]
    chart = alt.layer(*_lines(ink, scale), *_places(ink, scale), *_words(ink, scale)).add_params(
        *t.params(
            x_domain=[0, 1],
            x_ticks=[[]] * len(t.WIDTHS),
            x_words={},
            y_domain=[0, 1],
            y_ticks=[],
            y_words={},
            top=0,
            column=70,
            sources=[[""]],
        )
    )
    return t.finished(chart, ink, scale)


def _x(field: str = "x") -> alt.X:
    return alt.X(
        f"{field}:Q",
        title=None,
        scale=alt.Scale(
            domain=alt.ExprRef("x_domain"), range=[12, alt.ExprRef("width - column")], nice=False, zero=False
        ),
        axis=alt.Axis(
            values=alt.ExprRef(t.by_width("x_ticks")),
            labelExpr="x_words[toString(datum.value)]",
            grid=False,
            labelOverlap=False,
            labelFlush=False,
            labelBound=False,
            labelPadding=6,
            tickSize=5,
        ),
    )


def _px() -> alt.Y:
    return alt.Y("px:Q", scale=None)


def _lines(ink: Ink, scale: Scale) -> list[alt.Chart]:
    wide = scale.target / 1.5

    def line(name: str, dash: list[float]) -> alt.Chart:
        made: alt.Chart = (
            alt.Chart(t.data(name))
            .mark_line(color=ink.line, strokeWidth=scale.target, strokeDash=dash, aria=False)
            .encode(x=_x(), y=t.upright(), detail="part:N")
        )
        return made

    return [
        alt.Chart(t.data("frame")).mark_point(opacity=0, aria=False, tooltip=None).encode(x=_x(), y=t.upright()),
        line("outer", [7 * wide, 4 * wide]),
        line("inner", [1.5 * wide, 3 * wide]),
        alt.Chart(t.data("average"))
        .mark_rule(color=ink.text, strokeWidth=scale.mean, aria=False)
        .encode(x=_x(), x2="x2:Q", y=t.upright()),
    ]


def _places(ink: Ink, scale: Scale) -> list[alt.Chart]:
    return [
        alt.Chart(t.data("own"))
        .mark_point(filled=False, shape="circle", stroke=ink.text, opacity=1, strokeWidth=scale.line * 0.8, aria=False)
        .encode(x=_x(), y=t.upright(), size=alt.Size("size:Q", scale=None)),
        t.points("places", scale).encode(x=_x(), y=t.upright()),
    ]


def _words(ink: Ink, scale: Scale) -> list[alt.Chart]:
    def beside(name: str, **style: Any) -> alt.Chart:
        look: dict[str, Any] = {"align": "left", "baseline": "middle", "fontSize": scale.label, "aria": False, **style}
        made: alt.Chart = (
            alt.Chart(t.data(name))
            .mark_text(x=alt.ExprRef("width - column + 10"), **look)
            .encode(y=_px(), text="text:N")
        )
        return made

    def named(name: str, **style: Any) -> alt.Chart:
        made: alt.Chart = (
            alt.Chart(t.data(name))
            .mark_text(
                baseline="middle",
                fontSize=scale.label,
                aria=False,
                align=alt.ExprRef("datum.align"),
                dx=alt.ExprRef("datum.dx"),
                text=alt.ExprRef(t.TEXT),
                **style,
            )
            .encode(x=_x(), y=_px())
        )
        return made

    names: dict[str, dict[str, Any]] = {
        "names": {"color": ink.text},
        "own_name": {"color": ink.text, "fontWeight": 700},
    }
    over = {"stroke": ink.surface, "strokeWidth": round(scale.label / 3), "strokeJoin": "round"}
    return [
        beside("lines", color=ink.muted),
        beside("lines_strong", color=ink.text, fontWeight=600),
        *(named(name, **style, **halo) for name, style in names.items() for halo in (over, {})),
        alt.Chart(t.data("notes"))
        .mark_text(
            x=0,
            color=ink.muted,
            align="left",
            baseline="middle",
            fontSize=scale.label,
            aria=False,
            text=alt.ExprRef(t.TEXT),
        )
        .encode(y=_px()),
    ]
