"""Hold a use against the charter: an answer to each clause, then whether it goes ahead."""

from __future__ import annotations

import streamlit as st

from governance import CommonTableError, Visit
from governance.policy import HOSTS
from pages import Page
from pages.share import _agreement_words, _charter_answers, _going, _use_words
from pages.shell import frame
from pages.shell import widgets as w
from sharing import charter, uses
from sharing.uses import Finding, UseCase

PAGE = Page(
    title="Hold it against the charter",
    role=HOSTS,
    icon="fact_check",
    order=39,
    hidden=True,
    path="charter-check",
)
_LEDE = (
    "Answer each clause in your own name, and say why wherever it does not simply meet it. "
    "Once the use begins everybody here reads the answers."
)


def render(visit: Visit) -> None:
    """The questions at the left, what is asked for at the right."""
    use, in_force = uses.use_case(visit, str(st.query_params.get("use", ""))), charter.in_force(visit)
    back = (use.title, w.href("request", id=use.id))
    crumbs = [("Share", w.href("our-data")), ("Requests", w.href("requests")), back]
    w.page_header("Hold it against the charter", _LEDE, breadcrumbs=crumbs)
    if in_force is None or not use.may_check:
        what = "No charter is adopted yet." if in_force is None else "You asked for it, or it has ended, or is a wish."
        with w.empty_state("fact_check", "You cannot hold this one against the charter", what, key="none"):
            w.show(w.go("Look at the request", w.href("request", id=use.id)))
        return
    made = uses.checks(visit, {use.id: use.version}).get(use.id)
    left, right = w.main_and_side()
    with left, w.surface("checking"):
        said = _charter_answers.form(in_force, made.finding if made else Finding())
        if said is not None:
            _keep(visit, use, said)
    with right, w.surface("asked"):
        _asked(use)


def _keep(visit: Visit, use: UseCase, said: Finding) -> None:
    try:
        uses.check(visit, use.id, said, seen=use.version)
    except CommonTableError as error:
        w.notice("Not kept yet.", f"{error.sentence} Nothing you typed is lost.", tone="failed")
        return
    frame.say("The answers are kept. Who may read the request reads them there.")
    _going.go_to("request", id=use.id)


def _asked(use: UseCase) -> None:
    w.heading(use.title)
    w.show(w.Markup("<p>{}</p>").format(_agreement_words.lines(use.summary)))
    w.show(
        w.key_values(
            [
                ("Who asks", use.organisation),
                ("What for", use.purpose),
                ("Which data", _use_words.data(use.datasets)),
                ("To do what", _agreement_words.used_for(use.uses)),
                ("Worth", use.value),
                ("Legal basis", use.legal_basis or w.muted("Not named yet")),
            ]
        )
    )
    if use.groups:
        w.show(_use_words.groups(use.groups))
