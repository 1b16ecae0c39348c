"""The typefaces: where their files are, a part cut out of one, how wide a text will be in that of the charts."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import fontpkg_figtree
import fontpkg_source_serif_4
import uharfbuzz
from fontTools import subset
from fontTools.ttLib import TTFont

FIGTREE = Path(fontpkg_figtree.ROOT) / "files" / "Figtree[wght].ttf"
FIGTREE_ITALIC = Path(fontpkg_figtree.ROOT) / "files" / "Figtree-Italic[wght].ttf"
SOURCE_SERIF = Path(fontpkg_source_serif_4.ROOT) / "files" / "SourceSerif4[opsz,wght].ttf"

_COPYRIGHT, _LICENCE = 0, (13, 14)
"""Entries of the name table that go along with every part."""


class FontMissing(RuntimeError):
    """A typeface that charts and exports need is not installed; the person who runs the server can mend it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"The typeface {path.name} is missing: install the packages fontpkg-figtree and fontpkg-source-serif-4."
        )


def checked(path: Path) -> Path:
    """The path itself.

    Raises:
        FontMissing: there is no such file.
    """
    if not path.is_file():
        raise FontMissing(path)
    return path


def cut(source: Path, letters: str, *, features: Iterable[str] = (), at: Mapping[str, float] | None = None) -> TTFont:
    """The typeface with these letters only ("U+0020-007E,U+00A0"), without hints.

    `features` come on top of those that every script needs. `at` is a place on its axes, {"wght": 600}: an axis that is
    not named stays as it is.

    Raises:
        FontMissing: there is no such file.
    """
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(checked(source))))
    wanted = uharfbuzz.SubsetInput()
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    wanted.unicode_set.update(subset.parse_unicodes(letters))
    wanted.layout_feature_tag_set.update([int.from_bytes(each.encode(), "big") for each in features])
    wanted.name_id_set.update([_COPYRIGHT, *_LICENCE])
    for axis, value in (at or {}).items():
        wanted.pin_axis_location(face, axis, value)
    return TTFont(io.BytesIO(uharfbuzz.subset(face, wanted).blob.data), recalcTimestamp=False)


@lru_cache(maxsize=4)
def _glyphs(weight: int) -> tuple[dict[int, str], Any, dict[str, float]]:
    font = TTFont(checked(FIGTREE), lazy=True)
    return font.getBestCmap(), font.getGlyphSet(location={"wght": weight}), {}


def text_width(text: str, size: float, weight: int = 400) -> float:
    """Width of one line of Figtree in px at `size` px; letters the typeface lacks count as an em."""
    names, glyphs, known = _glyphs(weight)
    total = 0.0
    for letter in text:
        if letter not in known:
            name = names.get(ord(letter))
            known[letter] = glyphs[name].width if name else 1000.0
        total += known[letter]
    return total * size / 1000
