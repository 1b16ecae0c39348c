"""The picture of the candidates: value to the right, risk upwards, the corner to start in at the lower right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from sharing.ranking import Band, Ranked

_SANS = "Figtree"
_NAMED = 3
"""So many are named at one place of the picture, and in its sentence for each band."""
_LAST = 10
_EDGES = (3.5, 6.5)
"""Above which risk the next band begins."""
_SHAPES: Mapping[Band, str] = {Band.START: "circle", Band.NEXT: "diamond", Band.CARE: "triangle-up"}
_INKS: Mapping[str, Mapping[str, str]] = {
    "light": {"text": "#13212B", "muted": "#4D5C66", "line": "#D6DDDE", "A": "#1F78C8", "B": "#6B6B6B", "C": "#C24E00"},
    "dark": {"text": "#E7EDEF", "muted": "#A9B6BD", "line": "#2C383E", "A": "#5AA9F0", "B": "#9DA6AA", "C": "#FF9D5C"},
}
_SAYS: Mapping[Band, str] = {Band.START: "to start with", Band.NEXT: "next", Band.CARE: "with care"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A Vega-Lite specification, and the sentence for those who do not see it."""

    spec: Mapping[str, Any]
    alt: str


def value_and_risk(places: Sequence[Ranked], *, theme: Literal["light", "dark"]) -> Plot:
    """Each dataset at its value and risk, with its number in the list; "5+" is the first of several in one place."""
    ink = _INKS[theme]
    rows = [{**row, "fill": ink[str(row["band"])]} for row in _rows(list(enumerate(places, start=1)))]
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": "container",
        "height": 300,
        "autosize": {"type": "fit", "contains": "padding"},
        "background": "transparent",
        "layer": [_corner(ink), *(_edge(each, ink) for each in _EDGES), _start(ink), _marks(rows), _numbers(rows, ink)],
        "config": {
            "font": _SANS,
            "view": {"stroke": None},
            "axis": {
                "labelColor": ink["muted"],
                "titleColor": ink["muted"],
                "titleFontWeight": "normal",
                "labelFontSize": 13,
                "titleFontSize": 13,
                "gridColor": ink["line"],
                "domain": False,
                "ticks": False,
                "values": list(range(0, _LAST + 1, 2)),
            },
        },
    }
    return Plot(spec=spec, alt=_sentence(places))


def _rows(numbered: Sequence[tuple[int, Ranked]]) -> list[dict[str, object]]:
    def place(each: tuple[int, Ranked]) -> tuple[int, int, str]:
        return each[1].v, each[1].r, each[1].band.value

    found = []
    for (v, r, band), together in groupby(sorted(numbered, key=place), key=place):
        here = list(together)
        more = f" and {len(here) - _NAMED} more" if len(here) > _NAMED else ""
        names = "; ".join(f"{number} {each.candidate.name}" for number, each in here[:_NAMED])
        found.append(
            {
                "v": v,
                "r": r,
                "band": band,
                "shape": _SHAPES[Band(band)],
                "number": f"{here[0][0]}+" if here[1:] else str(here[0][0]),
                "said": f"{band}: {names}{more} (value {v}, risk {r})",
            }
        )
    return found


def _x(field: str = "v") -> dict[str, Any]:
    scale = {"domain": [-0.6, _LAST + 0.6], "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": {"title": "Value →", "titleAnchor": "end"}}


def _y(field: str = "r") -> dict[str, Any]:
    scale = {"domain": [-0.6, _LAST + 0.6], "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": {"title": "Risk →", "titleAnchor": "end"}}


def _corner(ink: Mapping[str, str]) -> dict[str, Any]:
    return {
        "data": {"values": [{"v": 4.5, "v2": _LAST + 0.6, "r": -0.6, "r2": _EDGES[0]}]},
        "mark": {"type": "rect", "color": ink["A"], "opacity": 0.1, "aria": False},
        "encoding": {"x": _x(), "x2": {"field": "v2"}, "y": _y(), "y2": {"field": "r2"}},
    }


def _edge(risk: float, ink: Mapping[str, str]) -> dict[str, Any]:
    return {
        "data": {"values": [{"r": risk}]},
        "mark": {"type": "rule", "color": ink["muted"], "strokeDash": [3, 4], "aria": False},
        "encoding": {"y": _y()},
    }


def _start(ink: Mapping[str, str]) -> dict[str, Any]:
    look = {"align": "right", "baseline": "bottom", "fontSize": 13, "fontWeight": 600, "color": ink["text"]}
    return {
        "data": {"values": [{"v": _LAST + 0.4, "r": -0.4}]},
        "mark": {"type": "text", "text": "Start here", "aria": False, **look},
        "encoding": {"x": _x(), "y": _y()},
    }


def _marks(rows: Sequence[Mapping[str, object]]) -> dict[str, Any]:
    return {
        "data": {"values": list(rows)},
        "mark": {"type": "point", "filled": True, "opacity": 1, "size": 90, "aria": False},
        "encoding": {
            "x": _x(),
            "y": _y(),
            "shape": {"field": "shape", "type": "nominal", "scale": None},
            "fill": {"field": "fill", "type": "nominal", "scale": None},
            "tooltip": {"field": "said", "type": "nominal", "title": " "},
        },
    }


def _numbers(rows: Sequence[Mapping[str, object]], ink: Mapping[str, str]) -> dict[str, Any]:
    look = {"align": "left", "baseline": "middle", "dx": 7, "fontSize": 12, "color": ink["text"]}
    return {
        "data": {"values": list(rows)},
        "mark": {"type": "text", "aria": False, **look},
        "encoding": {"x": _x(), "y": _y(), "text": {"field": "number", "type": "nominal"}},
    }


def _sentence(places: Sequence[Ranked]) -> str:
    parts = []
    for band in Band:
        here = [each for each in places if each.band is band]
        named = ", ".join(f"{each.candidate.name} (value {each.v}, risk {each.r})" for each in here[:_NAMED])
        more = " and others" if len(here) > _NAMED else ""
        parts.append(f"{len(here)} {_SAYS[band]}" + (f": {named}{more}" if here else ""))
    return f"Datasets by value and risk: {'; '.join(parts)}."
