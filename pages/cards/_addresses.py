"""Where things of a card are: addresses keep which revisions were pinned, so that a link shows what was seen."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.shell import widgets as w
from pages.shell.place import here
from reportcards.report import ReportCard

PIN = "pin"
"""`?pin=item:revision`, once for each figure that is not the newest."""
_MOST_PINS = 100
WINDOW = "window"
"""`?window=1920x1080`: what a slide is drawn for."""
SOURCE = "source"
"""`?source=whole`: a slide shows all of its source in the place of its picture."""


def pinned() -> Mapping[str, str]:
    """Item -> revision, as the address pins them."""
    pairs = [each.partition(":") for each in st.query_params.get_all(PIN)[:_MOST_PINS]]
    return {item: revision for item, _, revision in pairs if item and revision}


def pins(which: Mapping[str, str]) -> list[str]:
    """The same as values of the address."""
    return [f"{item}:{revision}" for item, revision in which.items()]


def page() -> int:
    """Which page of eight tiles the address asks for, from 1."""
    return number(str(st.query_params.get("page", "1")))


def number(said: str) -> int:
    """A positive whole number that somebody typed into the address, else 1."""
    return max(1, int(said)) if said.isascii() and said.isdigit() and len(said) < 6 else 1


def card(shown: ReportCard, *, page: int = 1) -> str:
    """The card itself."""
    return w.href("card", name=shown.name, page=page if page > 1 else "", **{PIN: pins(shown.pinned)})


def indicator(shown: ReportCard, item: str, *, tab: str = "") -> str:
    """One indicator on it."""
    revision = shown.pinned.get(item, "")
    return w.href("indicator", card=shown.name, item=item, tab=tab, revision=revision)


def window() -> tuple[int, int]:
    """Width and height of the window in px, as far as the browser has said so."""
    return w.window(str(st.query_params.get(WINDOW, "")))


def slide(shown: ReportCard, place: int, *, sources: bool = False) -> str:
    """One slide of it, from 1, for the same window; or, in the place of its picture, its whole source."""
    asked = {PIN: pins(shown.pinned), WINDOW: str(st.query_params.get(WINDOW, "")), SOURCE: "whole" if sources else ""}
    return w.href("present", card=shown.name, i=place, **asked)


def asks_for_source() -> bool:
    """Whether the address asks for the whole source of the slide."""
    return st.query_params.get(SOURCE) == "whole"


def as_at(shown: ReportCard) -> str:
    """The moment the card shows, "21 Nov 2026, 09:12", in the collaboration's time zone."""
    when = shown.as_of.astimezone(here().zone) if shown.as_of.tzinfo else shown.as_of
    return f"{when.day} {when:%b %Y, %H:%M}"
