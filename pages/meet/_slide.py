"""One item of an agenda in large: its figure for the room, why it is held back, or what is talked about."""

from __future__ import annotations

from meetings.holding import Tile
from meetings.reading import AgendaItem, Meeting
from pages.cards import _addresses, _aside, _figures
from pages.cards import _slide as slides
from pages.cards import _words as figures
from pages.meet import _agenda, _words
from pages.shell import widgets as w
from reportcards import charts
from reportcards.charts import Size
from reportcards.report import Measurement


def draw(found: Meeting, item: AgendaItem | None, tile: Tile | None) -> None:
    """Everything above the bar of buttons; it fits 1280 by 720 without scrolling."""
    if item is None:
        w.slide_held(found.brief.title, "Everything on the agenda is done", "", symbol="check_circle")
    elif tile is None:
        place = f"Item {_agenda.number(found, item)}"
        w.slide_held(place, item.title, _words.PROMPTS.get(item.kind, ""), symbol="forum")
    elif tile.figure is None:
        w.slide_held(item.title, tile.why, tile.what_changes_it, symbol="visibility_off")
    else:
        _figure(found, tile.figure)


def closed(found: Meeting) -> None:
    """A meeting that is over is read, not presented."""
    w.slide_held(
        found.brief.title, "This meeting is closed", "Its minutes keep what was seen.", symbol="event_available"
    )


def _figure(found: Meeting, shown: Measurement) -> None:
    window = _addresses.window()
    note = shown.definition.reading_note
    headline = shown.headline or shown.name
    w.slide_head(shown.name, headline, band=shown.origins[0].band, audience=audience(found), small=bool(note))
    lines = (f"Source: {slides.source(shown, w.line_width(window))}", _aside.in_full(note) if note else "")
    latest = shown.latest
    if latest is not None and latest.value is not None:
        beside = (figures.interval(latest, shown) or "Latest", figures.period(latest))
        w.slide_figures(figures.parts(latest.value, shown), beside, _figures.short_facts(shown))
        height = w.plot_height(headline, lines, small=bool(note), size=window)
        picture = charts.trend(shown, theme=w.theme(), size=Size.PROJECTED, height=height, with_source=False)
        w.chart(picture.spec, picture.alt, key="slide")
    w.slide_lines(lines)


def audience(found: Meeting) -> str:
    """For whom it is shown, in a few words."""
    whom = w.count(len(found.here), "organisation") if found.here else "those invited"
    return f"For {whom} and the public" if found.public else f"For {whom}"
