"""One registration: what was answered, where it would stand, who sees it, what was decided."""

from __future__ import annotations

import streamlit as st

from catalogue import registering
from catalogue.registering import Registration
from governance import Visit
from pages import EVERYONE, Page
from pages.share import _deciding, _said, _so_far, _words
from pages.shell import widgets as w

PAGE = Page(title="Registration", role=EVERYONE, icon="assignment", order=30, hidden=True)


def render(visit: Visit) -> None:
    """How far it is, what is to be done, the answers, who sees it."""
    found = registering.registration(visit, str(st.query_params.get("id", "")))
    title = found.answers.title or _words.UNNAMED
    crumbs = [("Share", w.href("our-data")), ("Registration", "")]
    w.page_header(title, _lede(visit, found), breadcrumbs=crumbs)
    w.show(_so_far.strip(visit, found))
    _so_far.told(visit, found)
    if found.state == registering.SUBMITTED and _words.decides(visit, found.organisation_id):
        _deciding.deciding(visit, found)
    left, right = w.main_and_aside()
    with left:
        _said.standing(visit, found)
        _said.answers(visit, found)
    with right:
        w.show(_said.aside(visit, found))
        _deciding.own(visit, found)


def _lede(visit: Visit, found: Registration) -> str:
    return f"By {_words.name_of(visit, found.by)}, for {found.organisation}"
