"""Tiles of a report card and the states on them: a judgement is a shape, a word and a colour, always all three."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from pages.shell.layout import Words
from pages.shell.spectrum import swatch
from pages.shell.text import icon, link, show

_TARGET_ICONS: Mapping[str, str] = MappingProxyType({"better": "check", "worse": "close"})
"""A target is met or missed: a tick and a cross say so better than the triangles of a direction."""


def verdict(judgement: str, words: Words, *, of_target: bool = False) -> Markup:
    """Shape and word of a judgement: better, worse, similar, no-judgement or not-enough.

    `of_target` takes a tick or a cross for the shape.
    """
    if of_target and judgement in _TARGET_ICONS:
        shape = icon(_TARGET_ICONS[judgement])
    else:
        shape = Markup('<span class="ct-shape" aria-hidden="true"></span>')
    return Markup('<span class="ct-verdict ct-{}">{}<b>{}</b></span>').format(judgement, shape, words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """Everything a tile says, in words."""

    key: str
    """Unique on the page."""
    name: str
    address: str
    """Where the whole of it is, from `pages.href`."""
    value: str = ""
    unit: str = ""
    beside: Sequence[str] = ()
    """Interval and period, at the right of the value."""
    finding: str = ""
    lines: Sequence[Words] = ()
    """Signal, peers and target, one line each: a `verdict` or plain words."""
    band: str = ""
    source: Sequence[str] = ()
    """Two lines: who and what, on what footing and when."""
    is_pale: bool = False
    """The value is provisional or late: its words say so, and it is drawn quieter."""
    held: str = ""
    """Why nothing is shown; then only `held_what` is shown beneath it."""
    held_what: str = ""
    held_symbol: str = "lock"


def tile_grid(key: str = "tiles") -> DeltaGenerator:
    """The place for tiles: four across, fewer where it is narrow: `with tile_grid():`."""
    return st.grid(4, min_column_width=240, key=key)


def tile(shown: Tile) -> DeltaGenerator:
    """One tile, drawn at once; answers the place of its small chart: `with tile(...): chart(...)`."""
    pale = "-pale" if shown.is_pale else ""
    with st.container(key=f"tile{pale}-{shown.key}", gap=None):
        if shown.held:
            show(_held(shown))
            return st.container(key=f"tilechart-{shown.key}")
        show(_head(shown))
        place = st.container(key=f"tilechart-{shown.key}")
        show(_foot(shown))
        return place


def _name(shown: Tile) -> Markup:
    return Markup('<h2 class="ct-tilename">{}</h2>').format(link(shown.name, shown.address))


def _head(shown: Tile) -> Markup:
    beside = Markup("").join(Markup("<span>{}</span>").format(line) for line in shown.beside if line)
    return Markup('{}<div class="ct-tilefigure"><p><b>{}</b> <span>{}</span></p><p>{}</p></div>').format(
        _name(shown), shown.value, shown.unit, beside
    )


def _foot(shown: Tile) -> Markup:
    lines = Markup("").join(Markup("<li>{}</li>").format(line) for line in shown.lines)
    source = Markup("").join(Markup("<span>{}</span>").format(line) for line in shown.source)
    return Markup(
        '<div class="ct-tilefoot"><p class="ct-tilefinding">{}</p><ul class="ct-tilelines" role="list">{}</ul>'
        '<p class="ct-tilesource">{}<span>{}</span></p></div>'
    ).format(shown.finding, lines, swatch(shown.band, 20), source)


def _held(shown: Tile) -> Markup:
    return Markup('{}<p class="ct-tileheld">{}<b>{}</b></p><p class="ct-tilewhy">{}</p>').format(
        _name(shown), icon(shown.held_symbol), shown.held, shown.held_what
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One cell of the strip over an indicator."""

    title: str
    words: Words
    """A `verdict`, or words."""
    detail: str = ""


def figure_strip(value: tuple[str, str], detail: Words, facts: Sequence[Fact]) -> Markup:
    """The latest value with its unit in large, and what is to be said of it in a row of cells."""
    cells = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd><dd>{}</dd></div>").format(fact.title, fact.words, fact.detail)
        for fact in facts
    )
    figure = Markup('<p class="ct-figure"><b>{}</b><span>{}</span><small>{}</small></p>').format(*value, detail)
    return Markup('<div class="ct-figures">{}<dl>{}</dl></div>').format(figure, cells)
