"""The look: hooks that exist, fonts that load, names that can be read, text that cannot run."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from PIL import Image
from playwright.sync_api import BrowserContext, Page

from pages.shell import fonts, layout, scripts, spectrum, styles, text
from tests.pages.conftest import ROOT, Server, settled

STATIC = Path(streamlit.__file__).parent / "static" / "static" / "js"
STATEMENTS = Path(styles.SHEET).read_text("utf-8")


@pytest.fixture(scope="module")
def build() -> str:
    """All of the installed Streamlit's own scripts."""
    return "\n".join(each.read_text("utf-8", "replace") for each in sorted(STATIC.glob("*.js")))


def test_every_hook_of_the_stylesheet_exists_in_the_installed_streamlit(build: str) -> None:
    missing = [hook for hook in sorted(styles.hooks() | _script_hooks()) if hook.rstrip("-") not in build]
    assert missing == []


def _script_hooks() -> set[str]:
    return set(re.findall(r"data-testid=(st\w+)", scripts.SHELL_SCRIPT))


def test_the_hooks_are_in_one_stylesheet_only() -> None:
    strays = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "pages").rglob("*.py")
        if re.search(r"data-testid[^s]", path.read_text("utf-8")) and path.name not in {"styles.py", "scripts.py"}
    ]
    assert strays == []


def test_every_class_the_widgets_use_is_in_the_stylesheet() -> None:
    used = {
        name
        for path in (ROOT / "pages" / "shell").glob("*.py")
        for attribute in re.findall(r'class="(ct-[^"]*)"', path.read_text("utf-8"))
        for name in re.findall(r"ct-[a-z0-9]+(?![a-z0-9{-])", attribute)
    }
    known = set(re.findall(r"\.(ct-[a-z0-9-]+)", STATEMENTS)) | {"ct-go", "ct-mark"}
    assert used - known == set()


def test_the_theme_asks_for_the_font_files_we_make() -> None:
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
    assert {face["url"].rpartition("/")[2] for face in theme["fontFaces"]} == set(fonts.FACES)
    for face in theme["fontFaces"]:
        letters = fonts.FACES[face["url"].rpartition("/")[2]].letters
        assert face["unicodeRange"].replace(" ", "") == letters
        assert not re.search(r"\d$", face["family"]), "a family that ends in a digit is dropped silently"


def test_a_font_is_cut_once_and_an_unknown_one_is_a_key_error(tmp_path: Path) -> None:
    first = fonts.font_file(tmp_path, "figtree-latin.woff2")
    stamp = first.stat().st_mtime_ns
    assert first.read_bytes()[:4] == b"wOF2"
    assert 10_000 < first.stat().st_size < 30_000
    assert fonts.font_file(tmp_path, "figtree-latin.woff2").stat().st_mtime_ns == stamp
    with pytest.raises(KeyError):
        fonts.font_file(tmp_path, "../secret")


def _luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours. Source: WCAG 2.2, relative luminance and contrast ratio."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _variable(name: str) -> tuple[str, str]:
    found = re.search(rf"--ct-{name}: light-dark\((#\w+), (#\w+)\)", STATEMENTS)
    assert found, name
    return found.group(1), found.group(2)


@pytest.mark.parametrize("ink", ["ink", "muted", "link", "better", "worse"])
def test_words_stand_out_from_the_surface_in_both_themes(ink: str) -> None:
    for words, surface in zip(_variable(ink), _variable("surface"), strict=True):
        assert contrast(words, surface) >= 4.5


@pytest.mark.parametrize("edge", ["edge", "outline"])
def test_edges_of_controls_and_swatches_stand_out_in_both_themes(edge: str) -> None:
    for line, surface in zip(_variable(edge), _variable("surface"), strict=True):
        assert contrast(line, surface) >= 3


def test_every_band_carries_readable_text() -> None:
    found = re.findall(r"\.ct-[a-z-]+ \{ --ct-fill: (#\w+); --ct-text: (#\w+); \}", STATEMENTS)
    assert len(found) == 6
    assert min(contrast(fill, words) for fill, words in found) >= 4.5


def test_the_ramp_goes_from_dark_to_light_in_the_order_of_the_bands() -> None:
    fills = [re.search(rf"\.ct-{band} {{ --ct-fill: (#\w+);", STATEMENTS) for band in list(spectrum.BANDS)[:-1]]
    steps = [_luminance(each.group(1)) for each in fills if each]
    assert steps == sorted(steps) and len(steps) == 6


def test_a_bar_says_all_its_counts_in_words() -> None:
    bar = spectrum.spectrum_bar({"closed": 11, "open": 54, "unknown": 5})
    assert 'aria-label="70 datasets from closed to open: Closed 11' in bar
    assert "Not stated 5" in bar and "Named 0" in bar
    assert bar.count("<span") == 3, "a band without datasets has no segment"


def test_a_dataset_that_states_nothing_stands_on_no_step() -> None:
    scale = spectrum.spectrum_scale("unknown")
    assert "aria-current" not in scale and "Not stated" in scale


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "![beacon](http://evil.example/x.png)",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<svg onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<p style='background:url(http://evil.example)'>x</p>",
    "<form action='http://evil.example'><input name=password></form>",
    '<https://evil.example" onmouseover="alert(1)>',
]
_ALLOWED = re.compile(r"</?(p|br|em|strong|b|i|ul|ol|li|blockquote|code|pre|hr|a|table|thead|tbody|tr|th|td|sub|sup)\b")


def _only_harmless(markup: str) -> bool:
    inner = markup.removeprefix('<div class="ct-prose">').removesuffix("</div>")
    inner = re.sub(r' <span class="ct-host">\([^<>"]*\)</span>', "", inner)
    tags = re.findall(r"<[^>]*>", inner)
    hrefs = re.findall(r'href="([^"]*)"', inner)
    return (
        all(_ALLOWED.match(tag) for tag in tags)
        and not any(re.search(r"\s(on\w+|style|src|class|id)\s*=", tag, re.IGNORECASE) for tag in tags)
        and all(href.lower().startswith(("http://", "https://", "mailto:")) for href in hrefs)
    )


@pytest.mark.parametrize("payload", HOSTILE)
def test_harvested_text_can_neither_run_nor_load(payload: str) -> None:
    assert _only_harmless(text.safe_html(payload))
    assert _only_harmless(text.safe_html(f"<p>html</p> {payload}"))


@given(st.text(max_size=400) | st.lists(st.sampled_from(HOSTILE), max_size=4).map("".join))
def test_whatever_is_harvested_comes_out_harmless(given_text: str) -> None:
    assert _only_harmless(text.safe_html(given_text))


def test_a_link_of_a_source_shows_the_host_it_leads_to() -> None:
    assert "(evil.example)" in text.safe_html("[Sign in again](https://evil.example/login)")


def test_html_descriptions_keep_their_paragraphs() -> None:
    assert text.safe_html("<div><h2>About</h2><p>One<br>two</p></div>").count("<p>") == 2


def test_a_very_long_description_is_cut() -> None:
    assert len(text.safe_html("[" * 60_000)) < 12_000


def test_plain_words_of_a_description_fit_one_line() -> None:
    assert text.plain("**Bold** &amp; [linked](https://x.example)\n\nmore") == "Bold & linked (x.example) more"
    assert text.plain("word " * 100, 20) == "word word word word …"


@given(st.text())
def test_a_widget_escapes_plain_words(words: str) -> None:
    drawn = layout.key_values([("Name", words + "<x>")])
    assert "<x>" not in drawn and "&lt;x&gt;" in drawn


def test_a_link_leads_to_our_own_pages_only() -> None:
    assert text.link("x", "/dataset?id=1") == Markup('<a class="ct-go" href="/dataset?id=1">x</a>')
    assert text.link("x", "//evil.example") == "x"
    assert text.link("x", "javascript:alert(1)") == "x"
    assert text.outside("x", "javascript:alert(1)") == "x"


@pytest.mark.browser
def test_both_typefaces_are_in_use(server: Server, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(server.url)
    settled(page)
    loaded = page.evaluate("[...document.fonts].filter(face => face.status === 'loaded').map(face => face.family)")
    assert {"Figtree", "Source Serif Four"} <= {family.strip('"') for family in loaded}


@pytest.mark.browser
def test_a_form_on_a_dark_screen_prints_in_ink_on_white(
    server: Server, context: BrowserContext, signed_in: Callable[[Page, str], None]
) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme="dark")
    signed_in(page, "steward")
    page.goto(f"{server.url}/raise-concern")
    settled(page)
    page.emulate_media(media="print", color_scheme="dark")
    for fields in ("[data-testid=stTextArea] textarea", "[data-testid=stRadio] [role=radiogroup]"):
        shot = page.locator(fields).first.screenshot()
        with Image.open(io.BytesIO(shot)) as taken:
            light = taken.convert("L").histogram()
        assert sum(light[190:]) > 0.8 * sum(light), f"{fields} has a dark ground"
        assert "textarea" in fields or sum(light[:110]), f"the words of {fields} are as light as the paper"


@pytest.mark.browser
def test_a_press_counts_though_the_page_moves_beneath_it(
    server: Server, context: BrowserContext, signed_in: Callable[[Page, str], None]
) -> None:
    page = context.new_page()
    signed_in(page, "steward")
    page.goto(f"{server.url}/register")
    settled(page)

    def press(name: str, *, and_moves: bool = False, letting_go_at: int = 0) -> None:
        box = page.get_by_role("radio", name=name).bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        if and_moves:
            page.evaluate("document.querySelector('.st-key-question-1').style.paddingTop = '90px'")
        page.mouse.move(x, y + letting_go_at)
        page.mouse.up()
        settled(page)

    press("Yes, counts only", and_moves=True)
    assert page.get_by_role("radio", name="Yes, counts only").is_checked()
    press("No", letting_go_at=120)
    assert page.get_by_role("radio", name="Yes, counts only").is_checked(), "who draws the pointer away lets it be"
