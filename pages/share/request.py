"""One request: what for, for whom good and for whom not, what each owner says, and the next step."""

from __future__ import annotations

import streamlit as st

from governance import Visit
from pages import EVERYONE, Page
from pages.share import _agreement_words, _diagnosis, _use_charter, _use_deciding, _use_life, _use_words
from pages.shell import widgets as w
from sharing import uses
from sharing.diagnosis import Kind, Subject
from sharing.uses import State, UseCase

PAGE = Page(title="Request", role=EVERYONE, icon="front_hand", order=31, hidden=True)


def render(visit: Visit) -> None:
    """The request of the address, or that there is none of that name for this person."""
    use = uses.use_case(visit, str(st.query_params.get("id", "")))
    began = use.live_on is not None
    back = ("What data are used for", w.href("uses")) if began else ("Requests", w.href("requests"))
    lede = f"Asked by {_use_words.who_asks(use)}, on {w.day(use.asked_on)}."
    w.page_header(use.title, lede, breadcrumbs=[("Share", w.href("our-data")), back])
    w.show(_strip(use))
    left, right = w.main_and_side()
    with left:
        with w.surface("words"):
            _words(use)
        _use_deciding.owners(visit, use)
        _use_deciding.deciding(visit, use)
        _diagnosis.diagnosis(visit, Subject(kind=Kind.USE, id=use.id), asked=use.state is State.NOT_NOW)
        _use_charter.show(visit, use)
    with right:
        with w.surface("facts"):
            _facts(use)
        _use_life.next_steps(visit, use)


def _strip(use: UseCase) -> w.Markup:
    """How far it is; a "not now" stays where it is until the owner decides again."""
    agreed = use.state in (State.GO, State.GO_IF) or use.live_on is not None
    words = _use_words.STATES[use.state][0]
    ended = use.state in (State.FINISHED, State.WITHDRAWN)
    at = 4 if ended else 3 if use.live_on else 2 if agreed else 0 if use.state is State.IDEA else 1
    decision = words if use.state.is_open and use.state is not State.IDEA else ""
    steps = [
        ("Wish" if use.state is State.IDEA else "Asked", w.day(use.asked_on)),
        ("Decision", f"{decision}, {_use_words.days(use.days)}" if use.waiting else decision),
        ("Agreement", "Signed, in force" if use.state is State.LIVE else "To be signed" if agreed else ""),
        ("Begun", w.day(use.live_on, "")),
        (words if ended else "Finished", w.day(use.ended_on, "")),
    ]
    taken = {0, *({1, 2, 3} if use.live_on else {1} if agreed else set())} | ({4} if ended else set())
    return w.status_strip(
        [
            w.Step(name=name, detail=detail, state="done" if place in taken else "current" if place == at else "later")
            for place, (name, detail) in enumerate(steps)
        ],
        label="How far it is",
    )


def _words(use: UseCase) -> None:
    w.heading("Why, and how")
    w.show(w.Markup("<p>{}</p>").format(_agreement_words.lines(use.summary)))
    if use.value:
        w.heading("What it is worth")
        w.show(w.Markup("<p>{}</p>").format(_agreement_words.lines(use.value)))
    if use.groups:
        w.heading("Who benefits, who carries the risk")
        w.show(_use_words.groups(use.groups))
    for each in use.groups:
        if each.is_unanswered:
            w.notice(f"{each.name} would carry a risk and have no benefit.", "Say what is done about it.", tone="owed")
    if use.outcome:
        w.heading("What came of it")
        w.show(w.Markup("<p>{}</p>").format(_agreement_words.lines(use.outcome)))
        w.show(w.muted(f"Not expected: {use.unexpected}" if use.unexpected else "Nothing unexpected happened."))


def _facts(use: UseCase) -> None:
    w.show(
        w.key_values(
            [
                ("Now", _use_words.state(use)),
                ("Who asks", use.organisation),
                ("What for", use.purpose),
                ("Which data", _use_words.data(use.datasets) if use.state is not State.IDEA else "Not known yet"),
                ("To do what", _agreement_words.used_for(use.uses) if use.datasets else ""),
                ("Until", w.day(use.until, "") if use.until else ""),
                ("Legal basis", use.legal_basis),
            ]
        )
    )
