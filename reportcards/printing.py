"""What other rooms print figures with: the typefaces, the words and the picture of a figure, a checked PDF."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import orjson
import typst

from reportcards.charts import NothingToDraw, Size, trend
from reportcards.charts._words import plain
from reportcards.exports import _typefaces, _typst
from reportcards.exports._format import ready
from reportcards.report import Audience, Measurement, ReportCard

Content = _typst.Content
_ROOT = Path(__file__).parents[1]
_LONGEST = 20_000
"""Letters of one line."""


def words(text: str) -> str:
    """The text without control characters, in letters that the typefaces have; a run of others becomes one "?"."""
    known, clean = _typefaces.letters(), _clean(text)
    return re.sub("\0+", "?", "".join(one if ord(one) in known or one == "\n" else "\0" for one in clean))


def lacks(text: str) -> bool:
    """Whether the typefaces have no letter for some of it."""
    known = _typefaces.letters()
    return any(ord(one) not in known for one in _clean(text) if one != "\n")


def _clean(text: str) -> str:
    return "\n".join(plain(line, _LONGEST) for line in text.split("\n"))


def figure(item: Measurement, *, width: int) -> Content:
    """What a layout says of one figure, `width` px wide: words, facts, the trend as a picture, the source line."""
    card = ReportCard(
        name="",
        title="",
        outcome="",
        population="",
        area="",
        as_of=datetime.min,
        audience=Audience(band="", word="", why=""),
        items=(item,),
    )

    def draw(shown: Measurement) -> Content | None:
        try:
            return _typst.picture(trend(shown, size=Size.PRINT, width=width, with_source=False))
        except NothingToDraw:
            return None

    return _typst.item_content(_typst.printable(ready(card)).items[0], draw)


def pdf(layout: Path, content: Content, at: datetime) -> bytes:
    """A layout of a room with this content as `sys.inputs.content`; refused when it breaks PDF/UA-1.

    It may import `/reportcards/exports/_look.typ`. Raises FontMissing when a typeface is not installed.
    """
    made = typst.compile(
        str(layout),
        root=str(_ROOT),
        font_paths=_typst.fonts(),
        format="pdf",
        sys_inputs={"content": orjson.dumps(content).decode()},
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made
