"""Who looked at a dataset, presented it, downloaded it or was refused: the newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from catalogue.datasets import Dataset
from governance import Visit
from governance.access import Use, Why
from governance.agreements import reading
from governance.looks import Looked, who_looked
from governance.people import organisations, people
from pages.share import _agreement_words as words
from pages.shell import widgets as w

_MOST = 1_000
"""Events that are read; the audit keeps all of them."""
_DID: Mapping[str, tuple[str, str]] = {
    Use.VIEW.value: ("Looked at it", "visibility"),
    Use.PRESENT.value: ("Showed it in a meeting", "present_to_all"),
    Use.DOWNLOAD.value: ("Downloaded it", "download"),
    Use.RETAIN.value: ("Read it in the minutes", "history"),
    Use.LINK.value: ("Linked it with other data", "link"),
    Use.PUBLISH.value: ("Showed it to the public", "public"),
}
_REFUSED = "refused"
_PLACES = {"card": ("Report card", "card"), "meeting": ("Meeting", "meeting")}
"""First word of a place -> what it is called, its page."""
_KINDS: Mapping[str, str] = {
    "": "Everything",
    Use.VIEW.value: "Looked at",
    Use.PRESENT.value: "Presented",
    Use.DOWNLOAD.value: "Downloaded",
    _REFUSED: "Refused",
}


def show(visit: Visit, found: Dataset) -> None:
    """The table of one kind of event, from the address."""
    asked = str(st.query_params.get("what", ""))
    kind = asked if asked in _KINDS else ""
    every = who_looked(visit, found.id, limit=_MOST)
    events = [each for each in every if not kind or kind == _kind(each)]
    with w.surface("looked"):
        w.heading("Who looked", number=len(events), note="once for each person, place and hour")
        if not every:
            w.show(w.muted("Nobody outside your organisation has looked at it yet, and nobody was refused."))
            return
        _choice(found, kind)
        _table(visit, found, events, kind=kind)
        if len(every) == _MOST:
            w.show(w.muted(f"These are the latest {_MOST:,}; the audit keeps all."))


def _kind(each: Looked) -> str:
    return each.use if each.ok else _REFUSED


def _address(found: Dataset, kind: str, page: int = 1) -> str:
    return w.href("dataset-use", id=found.id, what=kind, page=page if page > 1 else "")


def _choice(found: Dataset, kind: str) -> None:
    links = [w.strong(word) if each == kind else w.link(word, _address(found, each)) for each, word in _KINDS.items()]
    w.show(w.Markup('<nav aria-label="What was done"><p>{}</p></nav>').format(w.Markup(" · ").join(links)))


def _table(visit: Visit, found: Dataset, events: list[Looked], *, kind: str) -> None:
    if not events:
        w.show(w.muted("None of these."))
        return
    pages = -(-len(events) // w.PAGE_SIZE)
    here = min(w.page_asked(), pages)
    shown = events[(here - 1) * w.PAGE_SIZE : here * w.PAGE_SIZE]
    names = {each.username: each.display for each in people(visit)}
    whose = {each.id: each.name for each in organisations(visit)}
    agreed = {each.id: each.name for each in reading.agreements(visit)}
    rows = [
        (
            w.two_lines(names.get(each.username, each.username), whose.get(each.organisation_id, "")),
            w.with_icon(*_did(each)),
            _footing(each, agreed),
            w.two_lines(w.moment(each.at), _place(each.place)),
        )
        for each in shown
    ]
    columns = [w.Column(title="Who", strong=True)]
    columns += [w.Column(title=each) for each in ("What", "Under, or why not", "When and where")]
    w.show(w.table(columns, rows, caption="Who looked"))
    w.pager(here, pages, lambda page: _address(found, kind, page))


def _did(each: Looked) -> tuple[str, str]:
    did, symbol = _DID.get(each.use, (each.use, "visibility"))
    if each.ok:
        return symbol, did
    wanted = words.USES[Use(each.use)].lower() if each.use in set(Use) else each.use
    return "block", f"Refused: {wanted}"


def _footing(each: Looked, agreed: Mapping[str, str]) -> w.Markup | str:
    if not each.ok or not each.agreement_id:
        said = Why(each.why).sentence if each.why in set(Why) else each.why
        # The sentence goes on with whom to ask: that is who reads it here.
        return f"{said.partition(':')[0].rstrip('.')}."
    name = f"{agreed.get(each.agreement_id, 'Agreement')}, version {each.version}"
    under = w.link(name, w.href("agreement", id=each.agreement_id))
    return w.two_lines(under, f"for {each.purpose}") if each.purpose else under


def _place(place: str) -> w.Markup | str:
    kind, _, name = place.partition(" ")
    if kind not in _PLACES or not name:
        return place
    word, path = _PLACES[kind]
    return w.link(f"{word} “{name}”", w.href(path, name=name))
