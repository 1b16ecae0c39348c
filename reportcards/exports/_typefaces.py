"""The typefaces of files: the weights in use, cut out of the variable fonts and given to the renderers.

The packages carry variable fonts, and the renderer of pictures knows one weight of those only. A renderer that lacks
a font draws no text and says nothing: a missing one is an error here.
"""

from __future__ import annotations

import atexit
import contextlib
import shutil
import tempfile
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import vl_convert
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from reportcards.charts._look import SANS, SERIF
from reportcards.charts.fonts import FIGTREE, FIGTREE_ITALIC, SOURCE_SERIF, checked


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
_FEATURES = ["kern", "liga", "ccmp", "mark", "mkmk", "locl"]
_CUTTING = "1"
"""Change it when the cuts change: it is part of the kept folder's name."""
_one_at_a_time = threading.Lock()


@lru_cache(maxsize=1)
def letters() -> frozenset[int]:
    """The code points that both typefaces can draw."""
    found = []
    for source in (FIGTREE, SOURCE_SERIF):
        with TTFont(checked(source), lazy=True) as font:
            found.append(set(font.getBestCmap()))
    return frozenset(found[0] & found[1]) & frozenset(subset.parse_unicodes(_LETTERS))


_folder: list[Path] = []
_kept: list[Path] = []


def keep_in(home: Path) -> None:
    """Keep the cut files in this folder of the product's own, so that the next process need not cut them again."""
    _kept[:] = [home / f"cuts-{_CUTTING}"]


def folder() -> Path:
    """The folder with the static files, cut on first use: about six seconds, once a process or once in `keep_in`.

    Raises:
        FontMissing: a typeface is not installed.
    """
    with _one_at_a_time:
        if not _folder:
            made = _kept[0] if _kept and _kept[0].is_dir() else _cut()
            vl_convert.register_font_directory(str(made))
            _folder.append(made)
    return _folder[0]


def _cut() -> Path:
    if _kept:
        _kept[0].parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="typefaces-", dir=_kept[0].parent if _kept else None))
    for index, cut in enumerate(CUTS):
        _write(cut, made / f"{index}-{cut.weight}.ttf")
    if _kept:
        with contextlib.suppress(OSError):  # another process was first: its files are the same
            return made.rename(_kept[0])
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def _write(cut: Cut, target: Path) -> None:
    with TTFont(checked(cut.source)) as font:
        cutter = subset.Subsetter(
            subset.Options(hinting=False, notdef_outline=True, name_IDs=["*"], layout_features=_FEATURES)
        )
        cutter.populate(unicodes=subset.parse_unicodes(_LETTERS))
        cutter.subset(font)
        place: dict[str, float] = {"wght": cut.weight}
        if cut.optical:
            place["opsz"] = cut.optical
        instancer.instantiateVariableFont(font, place, inplace=True)
        _name(font, cut)
        font.save(target)


def _name(font: TTFont, cut: Cut) -> None:
    """Family, weight and slant as every renderer reads them."""
    style = "Italic" if cut.italic else "Regular"
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in {0, 13, 14}]
    full = f"{cut.family} {cut.weight} {style}"
    for number, words in ((1, cut.family), (2, style), (3, full), (4, full), (6, full.replace(" ", "-"))):
        names.setName(words, number, 3, 1, 0x409)
    metrics = font["OS/2"]
    metrics.usWeightClass = cut.weight
    metrics.fsSelection = 0x01 if cut.italic else 0x40
    font["head"].macStyle = 0x02 if cut.italic else 0
