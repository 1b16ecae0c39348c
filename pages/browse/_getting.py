"""How to get a dataset: a link to follow, or whom to ask and how long it takes."""

from __future__ import annotations

from catalogue.datasets import Dataset, Getting, Way
from catalogue.licences import Conformance
from governance import Visit
from pages.shell import widgets as w


def getting(visit: Visit, found: Dataset) -> None:
    """How to get it, with the one button of this page."""
    say = {Way.LINK: _link, Way.ASK: _ask, Way.UNKNOWN: _unknown}[found.getting.way]
    with w.surface("getting"):
        w.heading("How to get it")
        say(visit, found)


def _link(_visit: Visit, found: Dataset) -> None:
    way = found.getting
    w.show(w.Markup("<p>{} {}</p>").format("Anyone can get it where it is published.", _terms(found)))
    if way.how:
        w.show(w.Markup("<p>{}</p>").format(w.plain(way.how, 600)))
    words = "Go to its page" if way.link == found.landing_page else "Get the data"
    w.show(w.to_outside(words, way.link, symbol="arrow_outward", first=True))


def _terms(found: Dataset) -> w.Markup:
    licence = found.licence
    if licence is None:
        return w.esc("No licence is recognised, so ask before you use it for more than reading.")
    named = w.outside(licence.title, licence.url) if licence.url else w.esc(licence.title)
    if licence.conformance is Conformance.APPROVED:
        duty = " if you name where it is from" if licence.attribution else ""
        return w.Markup("You may use, change and share it{}: {}.").format(duty, named)
    if licence.conformance is Conformance.CLAIMED:
        return w.Markup("Its terms are called open, which nobody has confirmed: {}.").format(named)
    return w.Markup("Its terms limit what you may do: {}.").format(named)


def _ask(visit: Visit, found: Dataset) -> None:
    way = found.getting
    if found.organisation_id and found.organisation_id == visit.viewer.organisation_id:
        w.show(w.Markup("<p>{} holds it. {}</p>").format(w.strong("Your own organisation"), _who(way)))
    else:
        asking = f"You are asking for {visit.viewer.organisation}." if visit.viewer.organisation else ""
        w.show(w.Markup("<p>Ask. {} {}</p>").format(_who(way), asking))
    if way.how:
        w.show(w.Markup("<p>{}</p>").format(w.plain(way.how, 600)))
    _write_to(way)


def _who(way: Getting) -> w.Markup:
    at = f" at {way.decides_for}" if way.decides_for and way.decides_for != way.decides else ""
    days = f", usually in {w.count(way.usual_days, 'working day')}" if way.usual_days is not None else ""
    who = way.decides or way.decides_for
    if not who:
        return w.esc("Who decides is not stated.")
    return w.Markup("{}{} decides{}.").format(w.strong(who), at if way.decides else "", days)


def _write_to(way: Getting) -> None:
    if way.contact:
        button = w.to_outside(f"Write to {way.contact}", f"mailto:{way.contact}", symbol="mail", first=True)
        w.show(button)
    elif way.link:
        w.show(w.to_outside("How to ask, at its page", way.link, symbol="arrow_outward", first=True))


def _unknown(_visit: Visit, found: Dataset) -> None:
    w.show(w.Markup("<p>{}</p>").format("Its source says neither where the data are nor whom to ask."))
    if found.getting.contact:
        _write_to(found.getting)
    else:
        w.show(w.muted("If you know, suggest a correction: it helps everyone who comes after you."))
