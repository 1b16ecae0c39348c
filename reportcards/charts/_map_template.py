"""The template of the map: areas from our own outlines, five classes that carry a letter, a key in words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import altair as alt

from reportcards.charts import _template as t
from reportcards.charts._look import INKS, SCALES, Size, Theme

FILLS: Mapping[Theme, tuple[str, ...]] = MappingProxyType(
    {
        Theme.LIGHT: ("#F1F3F3", "#D3D9DB", "#AAB4B9", "#64747D", "#33424C"),
        Theme.DARK: ("#26323A", "#3C4B54", "#566771", "#93A3AB", "#D5DEE1"),
    }
)
"""From least to most, in grey: blue and orange are for judgements, green to teal for the spectrum."""

LETTERS = "ABCDE"


@lru_cache(maxsize=8)
def map_template(theme: Theme, size: Size) -> t.Spec:
    """The specification without data, one per theme and size."""
    return t.frozen(build(theme, size))


def build(theme: Theme, size: Size) -> alt.LayerChart:
    """The Altair chart itself: outlines, their letters, the key above."""
    ink, scale = INKS[theme], SCALES[size]
    shapes = (
        alt.Chart(t.data("shapes"))
        .mark_geoshape(stroke=ink.muted, strokeWidth=1)
        .encode(
            fill=alt.Fill("fill:N", scale=None),
            strokeDash=alt.StrokeDash("dash:N", scale=None),
            description="said:N",
            tooltip=alt.Tooltip("said:N", title=" "),
        )
        .project(type="identity", scale=alt.ExprRef("stretch"), translate=alt.ExprRef("[shift, top]"))
    )
    letters = (
        alt.Chart(t.data("letters"))
        .mark_text(
            x=alt.ExprRef("shift + datum.cx * stretch"),
            y=alt.ExprRef("top + datum.cy * stretch"),
            fontSize=scale.label,
            fontWeight=600,
            aria=False,
            color=alt.ExprRef("datum.ink"),
        )
        .encode(text="text:N")
    )
    swatches = (
        alt.Chart(t.data("key"))
        .mark_point(shape="square", filled=True, opacity=1, x=scale.label, stroke=ink.muted, strokeWidth=1, aria=False)
        .encode(y=alt.Y("px:Q", scale=None, axis=None), fill=alt.Fill("fill:N", scale=None), size=alt.value(330))
    )
    chart = alt.layer(shapes, letters, swatches, *_key_words(ink.muted, scale.label)).add_params(
        *t.params(top=0, ratio=1, sources=[[""]]),
        alt.param(name="stretch", expr="min(width, (height - top) / ratio)"),
        alt.param(name="shift", expr="(width - stretch) / 2"),
    )
    return t.finished(chart, ink, scale)


def _key_words(colour: str, size: float) -> list[alt.Chart]:
    y = alt.Y("px:Q", scale=None, axis=None)
    return [
        alt.Chart(t.data("key"))
        .mark_text(x=size, fontSize=size - 1, fontWeight=600, aria=False, color=alt.ExprRef("datum.ink"))
        .encode(y=y, text="letter:N"),
        alt.Chart(t.data("key"))
        .mark_text(x=size * 2.1, align="left", fontSize=size, aria=False, color=colour, text=alt.ExprRef(t.TEXT))
        .encode(y=y),
    ]
