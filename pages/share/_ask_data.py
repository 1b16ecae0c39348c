"""Which data are asked for: found by a word of their title, or come with the address; and who decides on them."""

from __future__ import annotations

import streamlit as st

from catalogue import search
from catalogue.facets import Facet
from catalogue.knowing import Brief, briefs
from catalogue.search import Query
from governance import Visit
from governance.access import Band
from governance.people import organisations
from pages.share import _agreement_words, _ask_groups
from pages.shell import widgets as w
from sharing.uses import MOST_DATASETS, UseCase

_FOUND = 30


def chosen(visit: Visit, found: UseCase | None) -> tuple[Brief, ...]:
    """The field itself; what is chosen now."""
    field, find = _ask_groups.key(found, "datasets"), _ask_groups.key(found, "find")
    if field not in st.session_state:
        asked = [each.dataset_id for each in found.datasets] if found else st.query_params.get_all("dataset")
        known = briefs(visit, asked)
        st.session_state[field] = [each for each in asked if each in known]
    names = {each.id: each.name for each in organisations(visit)}
    others = tuple(name for each, name in names.items() if each != visit.viewer.organisation_id)
    typed = st.text_input("Find data by a word of its title", key=find, placeholder="Attendance")
    asked_for = Query(text=typed or "", filters={Facet.ORGANISATION.value: others}, size=_FOUND)
    hits = search.find(visit, asked_for).hits if others else ()
    offered = dict.fromkeys([*st.session_state[field], *(each.id for each in hits)])
    known = briefs(visit, offered)
    picked = st.multiselect(
        "Which data",
        [each for each in offered if each in known],
        key=field,
        format_func=lambda each: _words(known[each], names) if each in known else "",
        max_selections=MOST_DATASETS,
        placeholder="Choose, or leave it empty for a wish",
        help="Not there? A wish needs no dataset: say in words what would help.",
    )
    return tuple(known[each] for each in picked if each in known)


def _words(brief: Brief, names: dict[str, str]) -> str:
    whose = names.get(brief.organisation_id, brief.publisher)
    return f"{brief.title} · {whose}" if whose else brief.title


def who_decides(visit: Visit, chosen: tuple[Brief, ...]) -> w.Markup:
    """For each owner of what is chosen who decides and how to ask, in the words of the dataset's page."""
    names = {each.id: each.name for each in organisations(visit)}
    lines: list[w.Markup | str] = []
    for owner in dict.fromkeys(each.organisation_id for each in chosen):
        theirs = [each for each in chosen if each.organisation_id == owner and each.band != Band.OPEN]
        if not owner or owner == visit.viewer.organisation_id or not theirs:
            continue
        approvers = dict.fromkeys(each.approver for each in theirs if each.approver)
        who = _agreement_words.listed(approvers) if approvers else "One of its stewards"
        lines.append(w.Markup("{} at {} decides.").format(w.strong(who), names.get(owner, "")))
        lines += [w.muted(w.plain(each.access_how, 300)) for each in theirs if each.access_how]
    if not lines:
        nobody = "Nobody has to: these data are open, or your own." if chosen else "Nobody yet: choose the data first."
        lines = [nobody]
    return w.aside_block("Who decides", *lines)
