"""A slide on the wall: labels of 24 px, nothing that only shows on hover, buttons that work without their keys."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from pages.shell.layout import Words
from pages.shell.spectrum import swatch
from pages.shell.text import esc, icon, show
from pages.shell.tiles import Fact

_HEADS = (("", 84, 58, 52), (" ct-long", 116, 70, 44), (" ct-longer", 10_000, 82, 38))
"""Sizes of a headline: its class, the most letters it is for, letters a line holds, px a line takes."""
_BESIDE, _A_LINE, _LETTERS = 274, 30, 94
"""Px of bar, figures and axis beside the plot; px and letters of a line of 24 px that is 1200 px wide."""
_LEAST, _MARGINS = 200, 80
SMALLEST, _LARGEST = (1280, 720), (7680, 4320)
"""Width and height in px of the smallest window that a slide fits without scrolling, and of any there is."""


def window(said: str) -> tuple[int, int]:
    """Width and height of the window as the browser says them, "1920x1080"; the smallest one until it does."""
    parts = said.split("x")
    if len(parts) != 2 or not all(each.isascii() and each.isdigit() and len(each) < 6 for each in parts):
        return SMALLEST
    width, height = (
        min(max(int(one), least), most) for one, least, most in zip(parts, SMALLEST, _LARGEST, strict=True)
    )
    return width, height


def line_width(size: tuple[int, int]) -> int:
    """Px of a line in a window of this size."""
    return size[0] - _MARGINS


def _head(headline: str, *, small: bool) -> tuple[str, int, int]:
    """Class, letters a line of 1200 px holds, px a line takes; `small` begins with the second size."""
    kind, _, letters, line = next(each for each in _HEADS[small:] if len(headline) <= each[1])
    return kind, letters, line


def plot_height(headline: str, lines: Sequence[Words], *, small: bool, size: tuple[int, int] = SMALLEST) -> int:
    """Px for the plot, so that the slide fills a window of this size and fits it: less where words need more."""
    _, letters, line = _head(headline, small=small)
    told = [len(esc(each).striptags()) for each in lines if each]
    below = sum(_lines(count, _LETTERS, size) for count in told) * _A_LINE
    return max(size[1] - _BESIDE - _lines(len(headline), letters, size) * line - below, _LEAST)


def _lines(count: int, letters: int, size: tuple[int, int]) -> int:
    """Lines that so many letters take, when so many stand in a line of the smallest window."""
    return -(-count * line_width(SMALLEST) // (letters * line_width(size)))


def stage() -> DeltaGenerator:
    """The whole window, without menu, header and sidebar: `with stage():`."""
    return st.container(key="present", gap=None)


def slide_head(eyebrow: str, headline: str, *, band: str, audience: str, small: bool = False) -> None:
    """What it is about and for whom; the finding in the serif voice, smaller where it is long."""
    kind, *_ = _head(headline, small=small)
    top = Markup('<div class="ct-slidetop"><p>{}</p><p class="ct-band">{}<b>{}</b></p></div>')
    head = Markup('<h1 class="ct-slidehead{}">{}</h1>')
    show(top.format(eyebrow, swatch(band), audience) + head.format(kind, headline))


def slide_figures(value: tuple[str, str], beside: tuple[str, str], facts: Sequence[Fact]) -> None:
    """The latest value with its unit in large, its interval and period, then one cell a state."""
    first = Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*beside)
    cells = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(fact.title, fact.words) for fact in facts
    )
    figures = Markup('<div class="ct-slidefigures"><p><b>{}</b><span>{}</span></p><dl>{}{}</dl></div>')
    show(figures.format(*value, first, cells))


def slide_lines(lines: Sequence[Words]) -> None:
    """What stands under the picture: the source, and how not to read it."""
    show(Markup("").join(Markup('<p class="ct-slideline">{}</p>').format(line) for line in lines if line))


def slide_held(name: str, reason: str, what: str, *, symbol: str) -> None:
    """A figure that is not shown, calmly and in large."""
    name_of_it = Markup('<p class="ct-eyebrow">{}</p>').format(name)
    head = Markup('<h1 class="ct-slidehead">{}</h1><p>{}</p>').format(reason, what)
    show(Markup('<div class="ct-slideheld">{}{}{}</div>').format(name_of_it, icon(symbol), head))


def key_link(words: Words, address: str, *, keys: str, first: bool = False, hidden: bool = False) -> Markup:
    """A link that looks like a button and also follows the keys of these names: "ArrowRight PageDown Space"."""
    kind = " ct-hide" if hidden else " ct-first" if first else ""
    focus = Markup(' tabindex="-1" aria-hidden="true"') if hidden else Markup("")
    return Markup('<p class="ct-button{}"><a class="ct-go" href="{}" data-ct-keys="{}"{}>{}</a></p>').format(
        kind, address, keys, focus, words
    )


def full_screen_button() -> Markup:
    """Asks the browser for the whole screen; without the script it does nothing that the browser's own key does not."""
    return Markup(
        '<p class="ct-button"><button type="button" data-ct-full="yes" data-ct-keys="f">{}Full screen</button></p>'
    ).format(icon("fullscreen"))


def clock(seconds: int, words: str) -> Markup:
    """Minutes and seconds that go on from here, with what they count."""
    said = f"{seconds // 60}:{seconds % 60:02}"
    return Markup('<span class="ct-clock"><b data-ct-clock="{}">{}</b> {}</span>').format(seconds, said, words)


def slide_bar(left: Sequence[Markup], right: Sequence[Markup], *, size: tuple[int, int] = SMALLEST) -> None:
    """The foot: what was counted at the left, where one is and the way on at the right.

    It says for which window the slide is drawn: in another one the script asks for it again with `?window=`.
    """
    bar = Markup('<div class="ct-slidebar" data-ct-window="{}x{}"><div>{}</div><nav aria-label="Slides">{}</nav></div>')
    show(bar.format(*size, Markup("").join(left), Markup("").join(right)))
