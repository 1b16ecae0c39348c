"""The side of the form: where it would stand as answered so far, and what happens next."""

from __future__ import annotations

import streamlit as st

from catalogue import registering
from catalogue.answers import Answers
from catalogue.spectrum import Band
from governance import Visit
from pages.share import _words
from pages.shell import widgets as w

_PROPER = "This is a proper place to stand. Nothing moves along the spectrum unless you move it."
_NOT_PUBLIC = frozenset({Band.CLOSED, Band.NAMED, Band.GROUP})


def preview(visit: Visit, answers: Answers) -> None:
    """The scale, the sentence in the serif voice, the next steps."""
    found = registering.preview(visit, answers)
    with st.container(key="previewside", gap="medium"):
        w.show(w.aside_block("As you answer, it would stand here", w.spectrum_scale(found.band.value, words=False)))
        detail = _PROPER if found.band in _NOT_PUBLIC else found.next_step
        w.show(
            w.Markup('<div role="status"><p class="ct-finding">{}</p><p class="ct-muted">{}</p></div>').format(
                _words.stands(found), detail
            )
        )
        steps = _next(visit, answers, public=found.band not in _NOT_PUBLIC)
        w.show(
            w.Markup('<section class="ct-aside"><h2 class="ct-label">What happens next</h2>{}</section>').format(
                w.numbered(steps)
            )
        )


def _next(visit: Visit, answers: Answers, *, public: bool) -> list[str]:
    seen = _appears(visit, answers)
    steps = [seen] if _words.decides(visit, visit.viewer.organisation_id) else [_looks(visit), seen]
    who = answers.approver or _words.name_of(visit, answers.answers_for)
    if public:
        steps.append("Anyone gets it at its own address. Nothing is copied to here.")
    elif answers.listing != "owner":
        decider = "You decide" if not who or who == visit.viewer.display else f"{who} decides"
        steps.append(f"Others can ask. {decider} each time.")
    return [*steps, "Who may know of it can be changed at any time."]


def _looks(visit: Visit) -> str:
    stewards = _words.deciders(visit)
    if not stewards:
        return "It waits: your organisation has no steward yet. An administrator can name one."
    if len(stewards) == 1:
        return f"{stewards[0].display}, your steward, looks at it."
    return "One of your stewards looks at it."


def _appears(visit: Visit, answers: Answers) -> str:
    name = visit.viewer.organisation
    if answers.listing == "owner":
        return f"It appears in the catalogue for {name} alone."
    if answers.listing == "organisations":
        return f"It appears in the catalogue with {name}’s name, for those you choose."
    return f"It appears in the catalogue with {name}’s name."
