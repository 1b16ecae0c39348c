"""How to get a dataset: a link to follow, or whom to ask and how long it takes."""

from __future__ import annotations

import streamlit as st

from catalogue.datasets import Dataset, Getting, Way
from catalogue.licences import Conformance
from governance import Visit
from pages.share import _use_words
from pages.shell import widgets as w
from sharing import uses
from sharing.uses import UseCase

_MOST_ASKED = 3


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
    asks = _may_ask(visit, found)
    with st.container(key="asking", horizontal=True, vertical_alignment="center", gap="small"):
        if asks:
            w.show(w.to_page("Ask for it", w.href("ask", dataset=found.id), symbol="front_hand", first=True))
        _write_to(way, first=not asks)
    _asked_for(visit, found)


def _may_ask(visit: Visit, found: Dataset) -> bool:
    """Whether a request can be made here: for what another organisation of the collaboration owns."""
    ours = visit.viewer.organisation_id
    return bool(ours and found.organisation_id) and found.organisation_id != ours


def _asked_for(visit: Visit, found: Dataset) -> None:
    """The newest requests and uses of it, as far as the viewer may know of them."""
    every = uses.use_cases(visit, dataset_id=found.id)
    lines = [_request(each) for each in every[:_MOST_ASKED]]
    if len(every) > _MOST_ASKED:
        lines.append(w.link(f"and {len(every) - _MOST_ASKED:,} more", w.href("requests")))
    if lines:
        w.show(w.aside_block("What it is asked for", *lines))


def _request(each: UseCase) -> w.Markup:
    return w.Markup("{} {}").format(w.link(each.title, w.href("request", id=each.id)), w.muted(_use_words.state(each)))


def _who(way: Getting) -> w.Markup:
    at = f" at {way.decides_for}" if way.decides_for and way.decides_for != way.decides else ""
    days = f", usually in {w.count(way.usual_days, 'working day')}" if way.usual_days is not None else ""
    who = way.decides or way.decides_for
    if not who:
        return w.esc("Who decides is not stated.")
    return w.Markup("{}{} decides{}.").format(w.strong(who), at if way.decides else "", days)


def _write_to(way: Getting, *, first: bool = True) -> None:
    if way.contact:
        w.show(w.to_outside(f"Write to {way.contact}", f"mailto:{way.contact}", symbol="mail", first=first))
    elif way.link:
        w.show(w.to_outside("How to ask, at its page", way.link, symbol="arrow_outward", first=first))


def _unknown(_visit: Visit, found: Dataset) -> None:
    w.show(w.Markup("<p>{}</p>").format("Its source says neither where the data are nor whom to ask."))
    if found.getting.contact:
        _write_to(found.getting)
    else:
        w.show(w.muted("If you know, suggest a correction: it helps everyone who comes after you."))
