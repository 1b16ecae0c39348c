"""The card as an accessible PDF: overview, one page for each indicator, sources."""

from __future__ import annotations

from reportcards.charts import NothingToDraw, Size, groups, trend
from reportcards.exports import _typst
from reportcards.exports._format import Format
from reportcards.report import Measurement, ReportCard

LAYOUT = _typst.Layout(file="report.typ", format="pdf")
_WIDTH = 660
"""Width of a chart in px: the text of the page is 174 mm wide, so 13 px print at about 10 points."""


def _trend(item: Measurement) -> _typst.Content | None:
    try:
        return _typst.picture(trend(item, size=Size.PRINT, width=_WIDTH, with_source=False))
    except NothingToDraw:
        return None


def _groups(item: Measurement) -> _typst.Content | None:
    try:
        return _typst.picture(groups(item, size=Size.PRINT, width=_WIDTH, with_source=False))
    except NothingToDraw:
        return None


def content(card: ReportCard) -> _typst.Content:
    """What the layout is given: words and pictures, nothing that it would compile."""
    card = _typst.printable(card)
    items = [{**_typst.item_content(item, _trend), "groups": _groups(item)} for item in card.items]
    return _typst.card_content(card, items)


def _draw(card: ReportCard) -> bytes:
    return _typst.printed(LAYOUT, content(card), card.as_of)


FORMAT = Format(
    name="pdf", suffix=".pdf", media_type="application/pdf", title="PDF for reading and printing", draw=_draw
)
