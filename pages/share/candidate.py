"""One candidate: its place and every point, the screening, what could go wrong, what stands in the way."""

from __future__ import annotations

import streamlit as st

from governance import Visit
from pages import EVERYONE, Page
from pages.share import _candidate_barriers as barriers
from pages.share import _candidate_points as points
from pages.share import _candidate_readiness as readiness
from pages.share import _candidate_risks as risks
from pages.share import _candidate_screening as screening
from pages.share import _candidate_words as words
from pages.share._candidate_demand import demand
from pages.shell import widgets as w
from sharing.candidates import Entry, candidate

PAGE = Page(title="Candidate", role=EVERYONE, icon="nutrition", order=36, hidden=True)


def render(visit: Visit) -> None:
    """Its place first, and for the owner's people what they need to feel safe; then what it rests on."""
    found = candidate(visit, str(st.query_params.get("id", "")), demand(visit))
    with w.page_header(found.dataset.title, _lede(found), breadcrumbs=_crumbs(found)):
        w.show(w.to_page("Its page", w.href("dataset", id=found.dataset.id)))
        w.show(w.to_page("Raise a concern", w.href("raise-concern", about=f"dataset:{found.dataset.id}")))
    w.finding(f"{words.name(found.ranked.band)}: {words.BANDS[found.ranked.band][1]}", found.ranked.sum)
    left, right = w.main_and_side()
    with left:
        if found.own:
            readiness.safe(visit, found)
        points.points(found)
        screening.screening(visit, found)
        risks.risks(visit, found)
    with right:
        if found.own:
            readiness.comfort(visit, found)
        barriers.barriers(visit, found)
        points.standing(visit, found)


def _lede(found: Entry) -> str:
    return f"{found.dataset.organisation}. {found.dataset.band.explains}"


def _crumbs(found: Entry) -> list[tuple[str, str]]:
    return [("Share", w.href("our-data")), ("Candidates", w.href("candidates")), (w.plain(found.dataset.title, 60), "")]
