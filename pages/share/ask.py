"""Ask for data: seven answers; without a dataset it is kept as a wish, in words only."""

from __future__ import annotations

import streamlit as st

from governance import CommonTableError, Visit
from pages import EVERYONE, Page
from pages.share import _ask_data, _ask_fields, _going
from pages.shell import frame
from pages.shell import widgets as w
from sharing import uses
from sharing.uses import Proposal, State, UseCase

PAGE = Page(title="Ask for data", role=EVERYONE, icon="front_hand", order=32, hidden=True)
_LEDE = "Seven answers, about three minutes. Each owner decides for its own data; most things can be done somehow."


def render(visit: Visit) -> None:
    """The data first, then the words; at the right who decides, and what happens next."""
    asked = str(st.query_params.get("id", ""))
    found = uses.use_case(visit, asked) if asked else None
    crumbs = [("Share", w.href("our-data")), ("Requests", w.href("requests"))]
    title = f"Change “{found.title}”" if found else "Ask for data"
    w.page_header(title, "" if found else _LEDE, breadcrumbs=crumbs)
    if not visit.viewer.organisation_id:
        w.refusal("You belong to no organisation here yet", "An administrator can say which one is yours.", key="none")
        return
    if found is not None and not (found.is_ours and found.state.is_open):
        with w.empty_state("edit_off", "This request cannot be changed by you", "You can ask anew.", key="shut"):
            w.show(w.go("Look at it", w.href("request", id=found.id)))
        return
    left, right = w.main_and_aside()
    with left, w.surface("asking"):
        chosen = _ask_data.chosen(visit, found)
        said = _ask_fields.form(visit, found, chosen)
        if said is not None:
            _keep(visit, found, said)
    with right:
        w.show(_ask_data.who_decides(visit, chosen))
        w.show(_next(found))


def _keep(visit: Visit, found: UseCase | None, said: Proposal) -> None:
    try:
        if found is not None:
            uses.change(visit, found.id, said, seen=found.version)
        identifier = found.id if found is not None else uses.propose(visit, said)
    except CommonTableError as error:
        w.notice("Not sent yet.", f"{error.sentence} Nothing you typed is lost.", tone="failed")
        return
    _ask_fields.forget()
    frame.say("It is asked. You are told here what is decided." if said.datasets else "Your wish is kept.")
    _going.go_to("request", id=identifier)


def _next(found: UseCase | None) -> w.Markup:
    if found is not None and found.state is not State.IDEA:
        return w.aside_block(
            "What happens next",
            "Filling in what was missing changes nothing for the owners.",
            "Changing what they have read asks them anew. A new purpose is a new request.",
        )
    return w.aside_block(
        "What happens next",
        "Each owner says “yes, if”, “yes”, or “not now” with what would change it.",
        "A yes becomes a row of a signed agreement. Then the use can begin, and stands in the register.",
        "Everybody who may know of the data can read your request.",
    )
