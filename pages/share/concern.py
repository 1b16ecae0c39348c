"""One concern: the words, what was understood, the answer, what was offered, and the next step."""

from __future__ import annotations

import streamlit as st

from governance import Visit, commitments, concerns
from governance.concerns import Concern, ConcernKind, Evidence, ShowAs, State
from pages import EVERYONE, Page
from pages.share import _about, _concern_promises, _concern_steps
from pages.share import _concern_words as words
from pages.shell import widgets as w

PAGE = Page(title="Concern", role=EVERYONE, icon="sentiment_worried", order=42, hidden=True)


def render(visit: Visit) -> None:
    """The concern of the address, or that there is none of that name for this person."""
    found = concerns.concern(visit, str(st.query_params.get("id", "")))
    crumbs = [("Share", w.href("our-data")), ("Concerns", w.href("concerns"))]
    lede = f"{_about.words(found.about)}. Raised on {w.day(found.raised_on)}, {words.felt(found)}."
    w.page_header("A concern", lede, breadcrumbs=crumbs)
    w.show(_strip(found))
    left, right = w.main_and_side()
    with left:
        with w.surface("words"):
            w.quote(words.said(found.words), words.who(found), _allowed(found))
            _understood(found)
            _answer(found)
        _concern_steps.next_steps(visit, found)
    with right:
        with w.surface("facts"):
            _facts(visit, found)
        with w.surface("promises"):
            w.heading("Offers and promises")
            _concern_promises.listed(visit, commitments.commitments(visit, concern_id=found.id))
            _concern_promises.give(visit, found)


def _strip(found: Concern) -> w.Markup:
    """How far it is; the last step says what became of it."""
    at = {State.RAISED: 1, State.RESTATED: 2, State.AGREED: 3, State.ANSWERED: 4}.get(found.state, 5)
    last = words.STATES[found.state][0] if not found.is_open else "Eased, carried or closed"
    steps = [
        ("Raised", w.day(found.raised_on)),
        ("Said back", "Not quite, so once more" if found.not_quite else ""),
        ("“Yes, that is it”", w.day(found.agreed_on, "")),
        ("Answered", w.day(found.answered_on, "")),
        (last, w.day(found.settled_on, "") if not found.is_open else "By who raised it"),
    ]
    kept = _taken(found)
    return w.status_strip(
        [
            w.Step(name=name, detail=detail, state="done" if place in kept else "current" if place == at else "later")
            for place, (name, detail) in enumerate(steps)
        ],
        label="How far it is",
    )


def _taken(found: Concern) -> set[int]:
    """The steps that were really taken: one that was taken back early was never answered."""
    facts = (
        True,
        bool(found.restated) and not found.not_quite,
        found.agreed_on is not None,
        found.answered_on is not None and found.state is not State.AGREED,
        not found.is_open,
    )
    return {place for place, taken in enumerate(facts) if taken}


def _allowed(found: Concern) -> str:
    if found.is_mine:
        return "You raised it" + ("; nobody else sees that." if found.show_as is ShowAs.PARTNER else ".")
    return "Nothing is kept of who it is." if found.show_as is ShowAs.NOBODY else ""


def _understood(found: Concern) -> None:
    if found.restated:
        w.heading("Said back", note="Not quite, says who raised it" if found.not_quite else "")
        agreed = f"“Yes, that is it”, {w.day(found.agreed_on)}" if found.agreed_on else ""
        w.quote(words.said(found.restated), found.restated_by, agreed)


def _answer(found: Concern) -> None:
    if found.answer:
        w.heading("Answer")
        w.quote(words.said(found.answer), found.answered_by, w.day(found.answered_on))


def _facts(visit: Visit, found: Concern) -> None:
    address = _about.address(visit, found.about)
    about = _about.words(found.about)
    w.show(
        w.key_values(
            [
                ("About", w.link(about, address) if address else about),
                ("Worry", words.KINDS[found.kind] if found.kind is not ConcernKind.OTHER else ""),
                ("May be lost", words.LOSSES[found.loss] if found.loss else ""),
                ("Felt", words.FELT[found.felt]),
                ("Evidence", words.EVIDENCE[found.evidence]),
                ("Known from", found.evidence_basis if found.evidence is not Evidence.NOT_KNOWN else ""),
                ("To settle it", words.NATURE[found.nature] if found.nature else ""),
            ]
        )
    )
    if found.asks_for_conversation:
        w.notice("It asks for a conversation.", "A control does not answer what people stand to lose.")
