"""The PDF: tagged, with a source on every page, readable as text and as a picture."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pypdf
import pytest
import typst
from PIL import Image

from reportcards.exports import _typst, pdf
from reportcards.exports._format import ready
from tests.reportcards import examples


@pytest.fixture(scope="module")
def reader(files: Mapping[str, bytes]) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(files["pdf"]))


def test_it_is_tagged_and_says_that_it_keeps_pdf_ua_1(reader: pypdf.PdfReader) -> None:
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).lower().startswith("en")
    assert root["/StructTreeRoot"]["/K"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata is not None and reader.metadata.title == "Children and young people"


def test_every_page_says_for_whom_it_is_and_names_a_source(reader: pypdf.PdfReader) -> None:
    assert len(reader.pages) >= 10
    for page in reader.pages:
        text = page.extract_text()
        assert "Partners only." in text
        assert "Source" in text
        assert "As at 21 Nov 2026" in text


def test_every_indicator_has_its_whole_source_line_and_its_headline(reader: pypdf.PdfReader) -> None:
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages).replace("\u00a0", " ")
    for item in examples.eight().items:
        assert item.name in text
        if item.held is None:
            assert item.source_line in text
            assert item.headline in text
    assert "Not shared with your organisation" in text
    assert "[c] suppressed to protect people (fewer than 10)" in text


def test_every_chart_has_its_alternative_sentence(reader: pypdf.PdfReader) -> None:
    found: list[str] = []

    def walk(node: object, depth: int = 0) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for one in node:
                walk(one, depth + 1)
        elif isinstance(node, dict) and depth < 60:
            if "/Alt" in node:
                found.append(str(node["/Alt"]))
            if "/K" in node:
                walk(node["/K"], depth + 1)

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    for item in examples.eight().items:
        if item.held is None:
            assert any(words.startswith(item.name) for words in found)


def test_charts_and_their_words_are_drawn() -> None:
    content = pdf.content(ready(examples.card([examples.improvement()])))
    with_words = _dark(content)
    item = content["items"][0]
    svg = item["picture"]["svg"].replace("<text", "<desc").replace("</text", "</desc")
    without = {**item, "picture": {**item["picture"], "svg": svg}}
    wordless = _dark({**content, "items": [without]})
    empty = _dark({**content, "items": [{**item, "picture": None}]})
    assert with_words - wordless > 1_500, "the chart has no words: is its typeface known to the printer?"
    assert wordless - empty > 2_000


def _dark(content: _typst.Content) -> int:
    """Dark pixels of the indicator's page."""
    pages = typst.compile(
        str(_typst._HERE / "report.typ"),
        root=str(_typst._HERE),
        font_paths=_typst.fonts(),
        format="png",
        ppi=100,
        sys_inputs={"card": _typst.orjson.dumps(content).decode()},
    )
    assert isinstance(pages, list)
    grey = Image.open(io.BytesIO(pages[1])).convert("L")
    return sum(grey.histogram()[:160])


def test_letters_without_a_glyph_become_a_question_mark_that_is_explained(
    hostile_files: Mapping[str, bytes],
) -> None:
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(hostile_files["pdf"])).pages)
    assert "Families ? ? and ?" in text
    assert '#import "@preview/evil:0.1.0"; #panic("x")' in text.replace("\n", " ")
    assert "the workbook has them" in text.replace("\n", " ")
