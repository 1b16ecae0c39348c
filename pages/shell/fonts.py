"""The two typefaces of the product, cut down once to the letters we use and packed as woff2.

The variable TTF files come from the packages fontpkg-figtree and fontpkg-source-serif-4 (SIL Open Font License);
exports take those as they are, the screen takes these subsets.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from reportcards.charts.fonts import FIGTREE, SOURCE_SERIF, cut

LATIN = (
    "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2190-2193,"
    "U+2212,U+2215,U+FEFF,U+FFFD"
)
"""Western European, punctuation, arrows: the ranges .streamlit/config.toml declares for the same files."""
LATIN_EXT = (
    "U+0100-0130,U+0132-0151,U+0154-02BA,U+02BD-02C5,U+02C7-02CC,U+1E00-1E9F,U+1EF2-1EFF,U+20A0-20AB,U+20AD-20C0"
)
"""Central European, macrons (te reo Māori), currencies."""

VERSION = "2"
"""Part of the folder's name: change it when the ranges or the cutter change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One file of the screen: which letters of which typeface."""

    source: Path
    letters: str


FACES: Mapping[str, Face] = MappingProxyType(
    {
        "figtree-latin.woff2": Face(source=FIGTREE, letters=LATIN),
        "figtree-latin-ext.woff2": Face(source=FIGTREE, letters=LATIN_EXT),
        "source-serif-latin.woff2": Face(source=SOURCE_SERIF, letters=LATIN),
        "source-serif-latin-ext.woff2": Face(source=SOURCE_SERIF, letters=LATIN_EXT),
    }
)
"""File name in the address -> what is in it."""

FIRST = ("/fonts/figtree-latin.woff2", "/fonts/source-serif-latin.woff2")
"""What every screen needs, for the browser to fetch before it knows the page."""

_one_at_a_time = threading.Lock()


def _pack(face: Face, target: Path) -> None:
    part = target.with_suffix(".part")
    with cut(face.source, face.letters, features=("tnum", "lnum")) as font:
        font.flavor = "woff2"
        font.save(part)
    part.replace(target)


def font_file(folder: Path, name: str) -> Path:
    """The packed file, made on first use in `folder`; safe to ask from several threads and processes.

    Raises:
        KeyError: there is no such file.
    """
    target = folder / f"v{VERSION}" / name
    face = FACES[name]
    if not target.exists():
        with _one_at_a_time:
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                _pack(face, target)
    return target


def prepare(folder: Path, names: Iterable[str] = tuple(FACES)) -> None:
    """Make all files now, so that the first visitor does not wait."""
    for name in names:
        font_file(folder, name)
