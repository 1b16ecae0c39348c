"""The template of groups and areas: a name, an interval with its dot, a figure, one row each."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import altair as alt

from reportcards.charts import _template as t
from reportcards.charts._look import INKS, NARROW, SCALES, Ink, Scale, Size, Theme

_LEFT = f"(width < {NARROW} ? left[0] : left[1])"


@lru_cache(maxsize=8)
def dots_template(theme: Theme, size: Size) -> t.Spec:
    """The specification without data, one per theme and size."""
    return t.frozen(build(theme, size))


def build(theme: Theme, size: Size) -> alt.LayerChart:
    """The Altair chart itself: back to front."""
    ink, scale = INKS[theme], SCALES[size]
    chart = alt.layer(*_ground(ink, scale), *_marks(ink, scale), *_words(ink, scale)).add_params(
        *t.params(x_domain=[0, 1], ticks=[], tick_words={}, left=[90, 180], column=70, sources=[[""]])
    )
    return t.finished(chart, ink, scale)


def _x(field: str = "x") -> alt.X:
    return alt.X(
        f"{field}:Q",
        title=None,
        scale=alt.Scale(
            domain=alt.ExprRef("x_domain"),
            range=[alt.ExprRef(_LEFT), alt.ExprRef("width - column")],
            nice=False,
            zero=False,
        ),
        axis=alt.Axis(
            values=alt.ExprRef("ticks"),
            labelExpr="tick_words[toString(datum.value)]",
            domain=False,
            ticks=False,
            gridOpacity=0.7,
            labelOverlap=True,
            labelFlush=False,
            labelPadding=8,
        ),
    )


def _px(field: str = "px") -> alt.Y:
    return alt.Y(f"{field}:Q", scale=None, axis=None)


def _ground(ink: Ink, scale: Scale) -> list[alt.Chart]:
    return [
        alt.Chart(t.data("frame")).mark_point(opacity=0, aria=False, tooltip=None).encode(x=_x(), y=_px()),
        alt.Chart(t.data("everyone"))
        .mark_rule(color=ink.text, strokeWidth=scale.target, strokeDash=[1.5, 3], aria=False)
        .encode(x=_x(), y=_px(), y2=alt.value("height")),
    ]


def _marks(ink: Ink, scale: Scale) -> list[alt.Chart]:
    return [
        alt.Chart(t.data("intervals"))
        .mark_rule(color=ink.line, strokeWidth=scale.interval * 1.6, opacity=0.55, aria=False)
        .encode(x=_x(), x2="x2:Q", y=_px()),
        t.points("dots", scale).encode(x=_x(), y=_px()),
    ]


def _words(ink: Ink, scale: Scale) -> list[alt.Chart]:
    def words(name: str, x: Any, **style: Any) -> alt.Chart:
        look: dict[str, Any] = {"baseline": "middle", "align": "left", "fontSize": scale.label, "aria": False, **style}
        made: alt.Chart = alt.Chart(t.data(name)).mark_text(x=x, text=alt.ExprRef(t.TEXT), **look).encode(y=_px())
        return made

    return [
        words("headings", 0, color=ink.text, fontWeight=600),
        words("names", 0, color=ink.text),
        words("values", alt.ExprRef("width - column + 12"), color=ink.text, fontWeight=600),
        words("states", alt.ExprRef("width - column + 12"), color=ink.muted),
        words("hidden", alt.ExprRef(_LEFT), color=ink.muted, fontStyle="italic"),
        words("notes", 0, color=ink.muted),
        alt.Chart(t.data("everyone"))
        .mark_text(
            color=ink.text,
            fontSize=scale.label,
            baseline="bottom",
            dy=-4,
            align=alt.ExprRef("datum.align"),
            text=alt.ExprRef(t.TEXT),
            aria=False,
        )
        .encode(x=_x(), y=_px()),
    ]
