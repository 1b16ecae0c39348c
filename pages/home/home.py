"""Home: what waits, what has changed, what one may see."""

from __future__ import annotations

from catalogue.overview import Headline, headline
from governance import Visit
from governance.notices import waiting
from pages import EVERYONE, Page
from pages.home import _first_step, _meeting, _saved, _since, _waiting
from pages.shell import widgets as w
from pages.shell.place import here

PAGE = Page(title="Home", role=EVERYONE, icon="home", order=10)


def render(visit: Visit) -> None:
    """Greeting and vision, what waits, what has changed, what one may see."""
    whole = headline(visit)
    w.page_header(_greeting(visit), here().vision, eyebrow=_today(visit), serif_lede=True)
    notices = waiting(visit)
    left, right = w.main_and_side()
    with left:
        if notices:
            _waiting.show(notices)
        else:
            _first_step.show(visit, empty=not whole.total)
        _since.show(visit)
    with right:
        _meeting.show(visit)
        _what_you_may_see(whole)
        _saved.show(visit)


def _greeting(visit: Visit) -> str:
    hour = visit.now.astimezone(here().zone).hour
    time = "morning" if 4 <= hour < 12 else "afternoon" if 12 <= hour < 18 else "evening"
    name = visit.viewer.display.split()
    return f"Good {time}, {name[0]}" if name else f"Good {time}"


def _today(visit: Visit) -> str:
    local = visit.now.astimezone(here().zone)
    return f"{local:%A} {local.day} {local:%B %Y}"


def _what_you_may_see(whole: Headline) -> None:
    with w.surface("maysee"):
        w.heading("What you may see")
        if whole.total:
            words = f"{w.count(whole.total, 'dataset')} from {w.count(whole.holders, 'organisation')}"
            w.show(w.muted(words))
            w.show(w.spectrum_bar(whole.counts, small=True, ends=True))
        else:
            w.show(w.muted("There are no datasets yet."))
        w.show(w.go("Browse the catalogue", w.href("catalogue")))
