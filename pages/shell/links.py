"""Links that look like buttons: what leads to another page is a link, so it can be opened beside and shared."""

from __future__ import annotations

from markupsafe import Markup

from pages.shell.text import esc, icon, link, outside, safe_url


def to_page(words: str, address: str, *, symbol: str = "", first: bool = False) -> Markup:
    """A link to one of our pages as a button; `first` makes it the one primary button of the screen."""
    return _button(link(_inside(words, symbol), address), first=first)


def to_outside(words: str, url: str, *, symbol: str = "", first: bool = False) -> Markup:
    """A link to somewhere else as a button, with its host beside it; plain words when the address is not a web one."""
    return _button(outside(_inside(words, symbol), url), first=first) if safe_url(url) else esc(words)


def _inside(words: str, symbol: str) -> Markup:
    return Markup("{}{}").format(icon(symbol) if symbol else "", words)


def _button(inside: Markup, *, first: bool) -> Markup:
    return Markup('<p class="ct-button{}">{}</p>').format(" ct-first" if first else "", inside)
