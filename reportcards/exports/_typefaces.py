"""The typefaces of files: the weights in use, cut out of the variable fonts and given to the renderers.

The packages carry variable fonts, and the renderer of pictures knows one weight of those only. A renderer that lacks
a font draws no text and says nothing: a missing one is an error here.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import vl_convert
from fontTools import subset
from fontTools.ttLib import TTFont

from governance.space import enough_space
from reportcards.charts._look import SANS, SERIF
from reportcards.charts.fonts import FIGTREE, FIGTREE_ITALIC, SOURCE_SERIF, checked, cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One static file: which typeface at which weight."""

    source: Path
    family: str
    weight: int
    italic: bool = False
    optical: int = 0
    """Size in points that the letters are drawn for, 0 when the typeface has one drawing only."""


CUTS: tuple[Cut, ...] = (
    Cut(source=FIGTREE, family=SANS, weight=400),
    Cut(source=FIGTREE, family=SANS, weight=600),
    Cut(source=FIGTREE, family=SANS, weight=700),
    Cut(source=FIGTREE_ITALIC, family=SANS, weight=400, italic=True),
    Cut(source=SOURCE_SERIF, family=SERIF, weight=400, optical=14),
    Cut(source=SOURCE_SERIF, family=SERIF, weight=600, optical=24),
)

_LETTERS = "U+0020-007E,U+00A0-024F,U+02B0-02FF,U+0300-036F,U+1E00-1EFF,U+2000-206F,U+20A0-20C0,U+2100-218F,U+2190-22FF"
_one_at_a_time = threading.Lock()


@lru_cache(maxsize=1)
def letters() -> frozenset[int]:
    """The code points that both typefaces can draw."""
    found = []
    for source in (FIGTREE, SOURCE_SERIF):
        with TTFont(checked(source), lazy=True) as font:
            found.append(set(font.getBestCmap()))
    return frozenset(found[0] & found[1]) & frozenset(subset.parse_unicodes(_LETTERS))


def folder() -> Path:
    """The folder with the static files, cut on first use in a process: 0.05 s. What was cleared away is cut again.

    Raises:
        FontMissing: a typeface is not installed. OutOfSpace: they cannot be written; nothing half written is used.
    """
    with _one_at_a_time, enough_space():
        made = _place()
        for index, each in enumerate(CUTS):
            target = made / f"{index}-{each.weight}.ttf"
            if not target.is_file():
                _write(each, target)
        _register(made)
    return made


@lru_cache(maxsize=1)
def _place() -> Path:
    made = Path(tempfile.mkdtemp(prefix="typefaces-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@lru_cache(maxsize=1)
def _register(made: Path) -> None:
    vl_convert.register_font_directory(str(made))


def _write(wanted: Cut, target: Path) -> None:
    place = {"wght": wanted.weight} | ({"opsz": wanted.optical} if wanted.optical else {})
    target.parent.mkdir(exist_ok=True)
    with cut(wanted.source, _LETTERS, at=place) as font:
        _name(font, wanted)
        part = target.with_suffix(".part")
        font.save(part)
    part.replace(target)


def _name(font: TTFont, wanted: Cut) -> None:
    """Family, weight and slant as every renderer reads them."""
    style = "Italic" if wanted.italic else "Regular"
    names = font["name"]
    full = f"{wanted.family} {wanted.weight} {style}"
    for number, words in ((1, wanted.family), (2, style), (3, full), (4, full), (6, full.replace(" ", "-"))):
        names.setName(words, number, 3, 1, 0x409)
    metrics = font["OS/2"]
    metrics.usWeightClass = wanted.weight
    metrics.fsSelection = 0x01 if wanted.italic else 0x40
    font["head"].macStyle = 0x02 if wanted.italic else 0
