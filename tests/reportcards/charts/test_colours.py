"""States can be told apart by colour alone, with each kind of colour vision, although shape and word say them too."""

from __future__ import annotations

import itertools

import pytest

from reportcards.charts._look import INKS, Theme
from reportcards.charts._map_template import FILLS
from reportcards.report import Judgement

MATRICES = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""Machado, Oliveira, Fernandes (2009), severity 1.0, on linear RGB. Doi 10.1109/TVCG.2009.113"""


def linear(colour: str) -> tuple[float, float, float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def seen(colour: str, vision: str) -> tuple[float, float, float]:
    """CIELAB (D65) of a colour as that vision has it."""
    rgb = [min(max(sum(a * b for a, b in zip(row, linear(colour), strict=True)), 0), 1) for row in MATRICES[vision]]
    red, green, blue = rgb
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(one: str, other: str, vision: str) -> float:
    """CIE 1976."""
    return sum((a - b) ** 2 for a, b in zip(seen(one, vision), seen(other, vision), strict=True)) ** 0.5


def contrast(one: str, other: str) -> float:
    """WCAG 2."""
    lights = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (linear(one), linear(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


@pytest.mark.parametrize("vision", sorted(MATRICES))
@pytest.mark.parametrize("theme", list(Theme))
def test_states_stay_apart_for_every_vision(theme: Theme, vision: str) -> None:
    colours = [INKS[theme].states[one] for one in Judgement if one is not Judgement.NOT_ENOUGH]
    assert min(distance(a, b, vision) for a, b in itertools.combinations(colours, 2)) >= 20


@pytest.mark.parametrize("theme", list(Theme))
def test_states_and_words_can_be_read_on_their_ground(theme: Theme) -> None:
    ink = INKS[theme]
    for colour in (*ink.states.values(), ink.text, ink.muted):
        assert contrast(colour, ink.surface) >= 4.5
    assert contrast(ink.line, ink.surface) >= 3


@pytest.mark.parametrize("theme", list(Theme))
def test_classes_of_the_map_go_evenly_from_one_end_to_the_other_and_letters_can_be_read(theme: Theme) -> None:
    fills, ink = FILLS[theme], INKS[theme]
    lightness = [seen(fill, "normal")[0] for fill in fills]
    steps = [b - a for a, b in itertools.pairwise(lightness)]
    assert all(step < -8 for step in steps) if theme is Theme.LIGHT else all(step > 8 for step in steps)
    dark, light = (ink.text, ink.surface) if theme is Theme.LIGHT else (ink.surface, ink.text)
    for index, fill in enumerate(fills):
        letter = dark if (index < 3) == (theme is Theme.LIGHT) else light
        assert contrast(letter, fill) >= 4.5, (index, fill)
