"""Every trend of a card as SVG, for people who set their own pages: one file per indicator in an archive."""

from __future__ import annotations

import io
import re
import zipfile

from reportcards.charts import NothingToDraw, Size, trend
from reportcards.exports._format import Format
from reportcards.exports._pictures import svg
from reportcards.exports._zip import entry
from reportcards.report import ReportCard


def _draw(card: ReportCard) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for index, item in enumerate(card.items, start=1):
            try:
                chart = trend(item, size=Size.PRINT, width=720)
            except NothingToDraw:
                continue
            name = re.sub(r"[^a-z0-9]+", "-", item.name.lower()).strip("-")[:50] or "indicator"
            archive.writestr(entry(f"{index:02d}-{name}.svg"), svg(chart, ground="#FFFFFF"))
    return out.getvalue()


FORMAT = Format(
    name="svg", suffix=".zip", media_type="application/zip", title="Charts as SVG, one file each", draw=_draw
)
