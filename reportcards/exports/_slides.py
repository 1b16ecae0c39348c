"""An empty deck of ours: 16:9, left-aligned serif titles, two layouts, made in code from python-pptx's own template.

The typefaces are ones that every office suite has or replaces well: a deck cannot carry ours along.
"""

from __future__ import annotations

from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
MARGIN = Inches(0.55)
SERIF, SANS = "Georgia", "Calibri"
INK, MUTED, HAIRLINE = "13212B", "4D5C66", "D6DDDE"
_TITLE_ONLY = 5


def deck() -> Any:
    """A presentation without slides whose only layout is a title on white."""
    made = Presentation()
    made.slide_width, made.slide_height = WIDTH, HEIGHT
    _faces(made)
    _only(made, _TITLE_ONLY)
    for page in (made.slide_master, made.slide_layouts[0]):
        for shape in list(page.placeholders):
            if shape.placeholder_format.type is not None and "TITLE" in str(shape.placeholder_format.type):
                shape.left, shape.top = MARGIN, Inches(0.72)
                shape.width, shape.height = WIDTH - 2 * MARGIN, Inches(1.0)
            elif page is not made.slide_master:
                shape._element.getparent().remove(shape._element)
    style = made.slide_master._element.find(qn("p:txStyles")).find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    style.set("algn", "l")
    style.find(qn("a:defRPr")).set("sz", "2800")
    return made


def _faces(made: Any) -> None:
    for relation in made.slide_master.part.rels.values():
        if relation.reltype.endswith("/theme"):
            part = relation.target_part
            blob = part.blob.decode()
            for old, new in (("majorFont", SERIF), ("minorFont", SANS)):
                start = blob.index(f"<a:{old}>")
                place = blob.index('<a:latin typeface="', start) + len('<a:latin typeface="')
                blob = blob[:place] + new + blob[blob.index('"', place) :]
            part._blob = blob.encode()


def _only(made: Any, kept: int) -> None:
    layout = made.slide_layouts[kept]
    for other in [one for one in made.slide_layouts if one is not layout]:
        made.slide_layouts.remove(other)


def slide(made: Any, title: str) -> Any:
    """A new slide with its title, long ones smaller."""
    page = made.slides.add_slide(made.slide_layouts[0])
    page.shapes.title.text_frame.text = title
    frame = page.shapes.title.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = 0
    run = frame.paragraphs[0].runs[0].font if frame.paragraphs[0].runs else frame.paragraphs[0].font
    run.bold, run.color.rgb = True, rgb(INK)
    run.size = Pt(28 if len(title) <= 110 else 20 if len(title) <= 200 else 14)
    return page


def words(page: Any, box: tuple[float, float, float, float], text: str, **style: Any) -> Any:
    """A text box at (left, top, width, height) in inches."""
    left, top, width, height = (Emu(Inches(part)) for part in box)
    made = page.shapes.add_textbox(left, top, width, height)
    made.text_frame.word_wrap = True
    made.text_frame.margin_left = made.text_frame.margin_right = 0
    put(made.text_frame.paragraphs[0], text, **style)
    return made


def put(paragraph: Any, text: str, **style: Any) -> None:
    """One run of text with size in points, bold, colour and alignment."""
    run = paragraph.add_run()
    run.text = text
    run.font.size = Pt(style.get("size", 14))
    run.font.bold = bool(style.get("bold", False))
    run.font.color.rgb = rgb(style.get("colour", INK))
    paragraph.alignment = {"right": PP_ALIGN.RIGHT}.get(style.get("align", "left"), PP_ALIGN.LEFT)


def rgb(colour: str) -> RGBColor:
    """ "#13212B" or "13212B" as a colour of a slide."""
    digits = colour.lstrip("#")
    made: RGBColor = RGBColor.from_string(digits)  # type: ignore[no-untyped-call]
    return made


def cut(text: str, longest: int) -> str:
    """The text, or its beginning and "…"."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def describe(shape: Any, text: str) -> None:
    """What a screen reader says of a picture, chart or table."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", text)


def decorative(shape: Any) -> None:
    """Marks a shape that only repeats a word."""
    place = shape._element.xpath(".//p:cNvPr")[0]
    place.set("descr", "")
    place.set("title", "")
