"""Pictures have their words: a renderer without the typeface would leave them out and say nothing."""

from __future__ import annotations

import errno
import io
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from governance import OutOfSpace
from reportcards.charts import Size, fonts, spark, trend
from reportcards.exports import _pictures, _typefaces
from tests.reportcards import examples


def dark(content: bytes, box: tuple[float, float, float, float]) -> int:
    """Dark pixels in a part of the picture, given as shares of its width and height."""
    grey = Image.open(io.BytesIO(content)).convert("L")
    left, top, right, bottom = box
    cut = grey.crop(
        (int(left * grey.width), int(top * grey.height), int(right * grey.width), int(bottom * grey.height))
    )
    return sum(cut.histogram()[:170])


def test_the_picture_of_a_chart_has_its_source_and_labels() -> None:
    picture = _pictures.png(trend(examples.shift_up(), size=Size.PRINT, width=660))
    assert dark(picture, (0, 0.87, 1, 1)) > 1_500, "source row"
    assert dark(picture, (0.85, 0.1, 1, 0.8)) > 800, "labels at the right"


def test_weights_differ_in_the_picture() -> None:
    chart = trend(examples.shift_up(), width=660)
    bold = _pictures.png(chart)
    thin = {**chart.spec, "layer": [_unbold(layer) for layer in chart.spec["layer"]]}  # type: ignore[attr-defined]
    light = _pictures.png(type(chart)(spec=thin, alt=chart.alt, table=chart.table))
    assert dark(bold, (0.85, 0, 1, 0.9)) > 1.08 * dark(light, (0.85, 0, 1, 0.9))


def _unbold(layer: dict[str, dict[str, object]]) -> dict[str, object]:
    return {**layer, "mark": {key: value for key, value in layer["mark"].items() if key != "fontWeight"}}


def test_the_picture_of_the_card_has_a_tile_and_a_source_for_each(files: Mapping[str, bytes]) -> None:
    picture = Image.open(io.BytesIO(files["png"]))
    assert picture.width == 1920 and picture.height > 1000
    for row in range(2):
        for column in range(4):
            left, top = 0.04 + column * 0.235, (160 + row * 512) / picture.height
            assert dark(files["png"], (left, top, left + 0.2, top + 240 / picture.height)) > 1_000
    assert dark(files["png"], (0.02, 1_220 / picture.height, 1, 1)) > 10_000, "the whole sources below the tiles"


def test_svg_numbers_its_parts_alike_however_many_were_drawn_before() -> None:
    chart = spark(examples.improvement(), width=240)
    assert _pictures.svg(chart) == _pictures.svg(chart)


def test_a_missing_typeface_is_an_error_with_advice(tmp_path: Path) -> None:
    with pytest.raises(fonts.FontMissing, match="install the packages"):
        fonts.checked(tmp_path / "Figtree[wght].ttf")


def test_cut_files_carry_the_names_that_the_charts_ask_for() -> None:
    found = set()
    for path in _typefaces.folder().glob("*.ttf"):
        with TTFont(path) as font:
            assert "fvar" not in font
            found.add((font["name"].getDebugName(1), font["OS/2"].usWeightClass))
    assert {("Figtree", 400), ("Figtree", 600), ("Figtree", 700), ("Source Serif Four", 600)} <= found


def test_files_that_were_cleared_away_are_cut_again() -> None:
    """A server runs for months, and its machine tidies up the folder for passing files."""
    before = {each.name: each.read_bytes() for each in _typefaces.folder().iterdir()}
    shutil.rmtree(_typefaces.folder())
    assert {each.name: each.read_bytes() for each in _typefaces.folder().iterdir()} == before


def test_a_disk_that_is_full_leaves_no_half_typeface_to_draw_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """A renderer would say nothing of it, and draw no text."""
    before = {each.name: each.read_bytes() for each in _typefaces.folder().iterdir()}
    shutil.rmtree(_typefaces.folder())

    def full(_font: TTFont, file: Path) -> None:
        file.write_bytes(b"half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(TTFont, "save", full)
        with pytest.raises(OutOfSpace):
            _typefaces.folder()
    assert {each.name: each.read_bytes() for each in _typefaces.folder().iterdir() if each.suffix == ".ttf"} == before
