"""One dataset: where it stands and why, how to get it, who answers for it, and everything that is known about it."""

from __future__ import annotations

import streamlit as st

from catalogue.datasets import Dataset, dataset
from catalogue.facets import Facet
from governance import Visit
from pages import EVERYONE, Page
from pages.browse import _acts, _answering, _details, _getting, _standing
from pages.shell import widgets as w

PAGE = Page(title="Dataset", role=EVERYONE, icon="dataset", order=30, hidden=True)


def render(visit: Visit) -> None:
    """One dataset, or that there is none of that address for this person."""
    found = dataset(visit, str(st.query_params.get("id", "")))
    w.page_header(found.title, _publisher(found), breadcrumbs=_crumbs(found))
    _state(found)
    left, right = st.columns([756, 348], gap="small")
    with left:
        _about(found)
        _standing.standing(found)
        _getting.getting(visit, found)
        _details.details(visit, found)
    with right, w.surface("aside"):
        _answering.answering(found)
        st.divider()
        _acts.acts(visit, found)


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


def _about(found: Dataset) -> None:
    if found.description:
        with w.surface("about"):
            w.show(w.safe_html(found.description))
            w.show(_keywords(found))


def _keywords(found: Dataset) -> w.Markup:
    links = [w.link(word, w.href("catalogue", q=word)) for word in found.keywords[:20]]
    if not links:
        return w.Markup("")
    return w.Markup('<p class="ct-keywords">{}</p>').format(w.Markup(" ").join(links))
