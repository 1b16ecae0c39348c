"""How wide a text will be in the typeface of the charts, and where the typefaces' files are."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import fontpkg_figtree
import fontpkg_source_serif_4
from fontTools.ttLib import TTFont

FIGTREE = Path(fontpkg_figtree.ROOT) / "files" / "Figtree[wght].ttf"
FIGTREE_ITALIC = Path(fontpkg_figtree.ROOT) / "files" / "Figtree-Italic[wght].ttf"
SOURCE_SERIF = Path(fontpkg_source_serif_4.ROOT) / "files" / "SourceSerif4[opsz,wght].ttf"


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
