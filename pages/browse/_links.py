"""Links that look like buttons: what leads to another page is a link, so it can be opened beside and shared."""

from __future__ import annotations

from pages.shell import widgets as w


def to_page(words: str, address: str, *, symbol: str = "", first: bool = False) -> w.Markup:
    """A link to one of our pages as a button; `first` makes it the one primary button of the screen."""
    return _button(w.link(_inside(words, symbol), address), first=first)


def to_outside(words: str, url: str, *, symbol: str = "", first: bool = False) -> w.Markup:
    """A link to somewhere else as a button, with its host beside it; plain words when the address is not a web one."""
    return _button(w.outside(_inside(words, symbol), url), first=first) if w.safe_url(url) else w.esc(words)


def _inside(words: str, symbol: str) -> w.Markup:
    return w.Markup("{}{}").format(w.icon(symbol) if symbol else "", words)


def _button(link: w.Markup, *, first: bool) -> w.Markup:
    return w.Markup('<p class="ct-button{}">{}</p>').format(" ct-first" if first else "", link)
