"""One dataset: where it stands and why, how to get it, who answers for it, and everything that is known about it."""

from __future__ import annotations

import streamlit as st

from catalogue import curation
from catalogue.datasets import Dataset, dataset
from catalogue.facets import Facet
from catalogue.history import word
from governance import Visit
from pages import EVERYONE, Page
from pages.browse import _acts, _answering, _details, _getting, _held, _standing
from pages.shell import widgets as w
from reportcards.feeding import feeds

PAGE = Page(title="Dataset", role=EVERYONE, icon="dataset", order=30, hidden=True)
_LONG = 500


def render(visit: Visit) -> None:
    """One dataset, or that there is none of that address for this person."""
    found = dataset(visit, str(st.query_params.get("id", "")))
    w.page_header(found.title, _publisher(found), breadcrumbs=_crumbs(found))
    _state(found)
    _held.notice(visit, found)
    _suggested(visit, found)
    _about(found)
    left, right = st.columns([756, 348], gap="small")
    with left:
        _standing.standing(found)
        _getting.getting(visit, found)
        _held.agreements(visit, found)
        _details.details(visit, found)
    with right, w.surface("aside"):
        _answering.answering(found, feeds(visit, found.id))
        st.divider()
        _acts.acts(visit, found)
        _held.acts(visit, found)


def _crumbs(found: Dataset) -> list[tuple[str, str]]:
    theme = found.themes[0] if found.themes else ""
    first = [("Catalogue", w.href("catalogue"))]
    return [*first, (theme, w.href("catalogue", **{Facet.THEME.value: theme}))] if theme else first


def _publisher(found: Dataset) -> w.Markup:
    if found.organisation_id:
        return w.link(found.organisation, w.href("organisation", id=found.organisation_id))
    if found.publisher:
        return w.link(found.publisher, w.href("organisation", publisher=found.publisher))
    return w.esc("Publisher not stated")


def _state(found: Dataset) -> None:
    since = w.day(found.missing_since)
    if found.state == "missing":
        w.notice(f"Not seen at its source since {since}.", found.state_reason, tone="owed")
    elif found.state == "withdrawn":
        w.notice("Withdrawn.", f"{found.state_reason} What was known of it is kept here.".strip(), tone="owed")
    if found.notice and found.may_curate:
        w.notice("For stewards:", found.notice, tone="owed")


def _suggested(visit: Visit, found: Dataset) -> None:
    waiting = curation.suggestions(visit, dataset_id=found.id)
    if not waiting:
        return
    rest = f"First: {word(waiting[0].field)}, by {waiting[0].by}."
    look = w.link("Answer it", w.href("suggestions")) if found.may_curate else ""
    w.notice(f"{w.count(len(waiting), 'suggested correction')}.", rest, action=look)


def _about(found: Dataset) -> None:
    """What is in it and its keywords; of a long description the beginning."""
    keywords = w.Markup(" ").join(w.link(word, w.href("catalogue", q=word)) for word in found.keywords[:20])
    below = w.Markup('<p class="ct-keywords">{}</p>').format(keywords) if keywords else w.Markup("")
    told = w.safe_html(found.description) if found.description else w.Markup("")
    if len(found.description) <= _LONG:
        w.show(told + below)
        return
    w.show(w.Markup('<p class="ct-begins">{}</p>{}').format(w.plain(found.description, _LONG - 100), below))
    with st.expander("The whole description"):
        w.show(told)
