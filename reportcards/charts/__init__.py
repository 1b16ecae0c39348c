"""Charts of measurements as Vega-Lite specifications: pure, built from templates, readable without colour."""

from __future__ import annotations

from reportcards.charts._dots import areas, groups
from reportcards.charts._dots_template import dots_template
from reportcards.charts._funnel import funnel
from reportcards.charts._look import Size, Theme
from reportcards.charts._map import area_map
from reportcards.charts._spark import spark, spark_template
from reportcards.charts._template import Chart, Table
from reportcards.charts._trend import NothingToDraw, trend
from reportcards.charts._trend_template import trend_template

__all__ = [
    "Chart",
    "NothingToDraw",
    "Size",
    "Table",
    "Theme",
    "area_map",
    "areas",
    "funnel",
    "groups",
    "prepare",
    "spark",
    "trend",
]


def prepare() -> None:
    """Build the templates of the screen now, about a second of CPU, so that the first visitor does not wait."""
    for theme in Theme:
        spark_template(theme)
        trend_template(theme, Size.NORMAL)
        dots_template(theme, Size.NORMAL)
