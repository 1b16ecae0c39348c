"""Colours, shapes and sizes of charts: the design guide as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from reportcards.report import Judgement

SANS = "Figtree"
SERIF = "Source Serif Four"


class Theme(StrEnum):
    """The two grounds a chart is drawn for."""

    LIGHT = "light"
    DARK = "dark"


class Size(StrEnum):
    """Where it is looked at: on a screen of one's own, on the wall, on paper."""

    NORMAL = "normal"
    PROJECTED = "projected"
    PRINT = "print"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """The colours of one theme, as sRGB hex; every text colour has at least 4.5:1 on `surface`."""

    surface: str
    text: str
    muted: str
    hairline: str
    line: str
    band: float
    """Opacity of the usual range over the surface."""
    states: Mapping[Judgement, str]


INKS: Mapping[Theme, Ink] = MappingProxyType(
    {
        Theme.LIGHT: Ink(
            surface="#FFFFFF",
            text="#13212B",
            muted="#4D5C66",
            hairline="#D6DDDE",
            line="#5F6E77",
            band=0.10,
            states=MappingProxyType(
                {
                    Judgement.BETTER: "#1F78C8",
                    Judgement.WORSE: "#C24E00",
                    Judgement.SIMILAR: "#6B6B6B",
                    Judgement.NO_JUDGEMENT: "#33105C",
                    Judgement.NOT_ENOUGH: "#6B6B6B",
                }
            ),
        ),
        Theme.DARK: Ink(
            surface="#182126",
            text="#E7EDEF",
            muted="#A9B6BD",
            hairline="#2C383E",
            line="#93A3AB",
            band=0.16,
            states=MappingProxyType(
                {
                    Judgement.BETTER: "#5AA9F0",
                    Judgement.WORSE: "#FF9D5C",
                    Judgement.SIMILAR: "#9DA6AA",
                    Judgement.NO_JUDGEMENT: "#F0E6FF",
                    Judgement.NOT_ENOUGH: "#9DA6AA",
                }
            ),
        ),
    }
)

SHAPES: Mapping[Judgement, str] = MappingProxyType(
    {
        Judgement.BETTER: "triangle-up",
        Judgement.WORSE: "triangle-down",
        Judgement.SIMILAR: "circle",
        Judgement.NO_JUDGEMENT: "diamond",
        Judgement.NOT_ENOUGH: "circle",
    }
)
"""Vega symbol of each judgement; "not enough data" is the circle left hollow."""

AREA_FACTOR: Mapping[Judgement, float] = MappingProxyType(
    {
        Judgement.BETTER: 1.75,
        Judgement.WORSE: 1.75,
        Judgement.SIMILAR: 1.0,
        Judgement.NO_JUDGEMENT: 1.35,
        Judgement.NOT_ENOUGH: 1.0,
    }
)
"""How much more area a shape needs to look as large as the circle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Lengths of one size in px, areas of points in px²."""

    label: float
    last: float
    point: float
    line: float
    interval: float
    target: float
    mean: float
    height: float
    column: float
    """The most that direct labels at the right may take."""
    names_mean: bool
    """Whether there is room to name the mean line."""


SCALES: Mapping[Size, Scale] = MappingProxyType(
    {
        Size.NORMAL: Scale(
            label=13,
            last=20,
            point=62,
            line=2,
            interval=1.5,
            target=1.5,
            mean=1,
            height=330,
            column=104,
            names_mean=True,
        ),
        Size.PROJECTED: Scale(
            label=24,
            last=36,
            point=170,
            line=3,
            interval=2,
            target=2.25,
            mean=1.5,
            height=332,
            column=190,
            names_mean=False,
        ),
        Size.PRINT: Scale(
            label=13,
            last=20,
            point=62,
            line=2,
            interval=1.5,
            target=1.5,
            mean=1,
            height=350,
            column=116,
            names_mean=True,
        ),
    }
)

NARROW = 420
"""Plot width in px under which common points shrink and words are shortened."""


def symbol(judgement: Judgement, ink: Ink, area: float) -> dict[str, object]:
    """Shape, fill, edge and area of one mark, as the fields that every template reads."""
    colour = ink.states[judgement]
    hollow = judgement is Judgement.NOT_ENOUGH
    return {
        "shape": SHAPES[judgement],
        "fill": ink.surface if hollow else colour,
        "stroke": colour if hollow else ink.surface,
        "size": round(area * AREA_FACTOR[judgement], 1),
    }
