"""Pictures of single charts, with the source row inside them."""

from __future__ import annotations

import re

import vl_convert

from reportcards.charts import Chart
from reportcards.exports import _typefaces

_VERSION = "6.4"
"""Of Vega-Lite: the one that Altair writes for."""


def svg(chart: Chart, *, ground: str = "transparent") -> str:
    """The chart as SVG; its texts name the typeface, so whatever draws it must have it.

    Raises:
        FontMissing: a typeface is not installed.
    """
    _typefaces.folder()
    drawn = vl_convert.vegalite_to_svg({**chart.spec, "background": ground}, vl_version=_VERSION)
    return _numbered(drawn)


def png(chart: Chart, *, ground: str = "#FFFFFF", scale: float = 2) -> bytes:
    """The chart as PNG on a solid ground, at twice the size on screen.

    Raises:
        FontMissing: a typeface is not installed.
    """
    _typefaces.folder()
    return vl_convert.vegalite_to_png({**chart.spec, "background": ground}, vl_version=_VERSION, scale=scale)


def _numbered(drawn: str) -> str:
    """Names of clip paths from 1 on: the renderer counts them through the life of the process."""
    names = dict.fromkeys(re.findall(r'id="((?:clip|gradient)[\w-]*\d+)"', drawn))
    for index, name in enumerate(names, start=1):
        drawn = drawn.replace(f'"{name}"', f'"part{index}"').replace(f"#{name})", f"#part{index})")
    return drawn
