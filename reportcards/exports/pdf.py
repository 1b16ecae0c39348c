"""The card as an accessible PDF: overview, one page for each indicator, sources."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from reportcards.charts import Chart, NothingToDraw, Size, funnel, groups, trend
from reportcards.exports import _typst
from reportcards.exports._format import Format
from reportcards.report import Measurement, ReportCard

LAYOUT = _typst.Layout(file="report.typ", format="pdf")
_WIDTH = 660
"""Width of a chart in px: the text of the page is 174 mm wide, so 13 px print at about 10 points."""


def _drawn(draw: Callable[..., Chart], item: Measurement) -> _typst.Content | None:
    try:
        return _typst.picture(draw(item, size=Size.PRINT, width=_WIDTH, with_source=False))
    except NothingToDraw:
        return None


def content(card: ReportCard) -> _typst.Content:
    """What the layout is given: words and pictures, nothing that it would compile."""
    card = _typst.printable(card)
    items = [
        {
            **_typst.item_content(item, partial(_drawn, trend)),
            "groups": _drawn(groups, item),
            "funnel": _drawn(funnel, item),
        }
        for item in card.items
    ]
    return _typst.card_content(card, items)


def _draw(card: ReportCard) -> bytes:
    return _typst.printed(LAYOUT, content(card), card.as_of)


FORMAT = Format(
    name="pdf", suffix=".pdf", media_type="application/pdf", title="PDF for reading and printing", draw=_draw
)
