"""What a source is called, who answers for it, how often it is read, and the key it may need."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import streamlit as st

from catalogue import sources
from catalogue.sources import NewSource, Schedule, Source
from governance import Role, Visit, people
from pages.steward._source_row import OFTEN

_NOBODY = ""


def ask(visit: Visit, draft: NewSource, old: Source | None) -> NewSource:
    """The questions; answers the draft with what was said."""
    named = _name(draft, old)
    owner = _owner(visit, old)
    often = _often(draft, old)
    token, allow = _key(visit, draft, old)
    return replace(
        draft,
        name=named,
        organisation_id=owner,
        schedule=often,
        token=token,
        allow=allow,
        options=dict(old.options) if old else {},
    )


def _name(draft: NewSource, old: Source | None) -> str:
    suggested = urlsplit(draft.location).hostname or draft.location.rpartition("/")[2].partition(".")[0]
    return st.text_input(
        "Its name" if old else "3. What shall it be called?",
        old.name if old else "",
        placeholder=suggested or "Harbour Open Data",
        help="As people here call it: it stands beside each of its datasets.",
        key="source-name",
    ).strip() or ("" if old else suggested)


def _owner(visit: Visit, old: Source | None) -> str:
    names = {_NOBODY: "Nobody here: others publish it"} | {each.id: each.name for each in people.organisations(visit)}
    at = list(names).index(old.organisation_id) if old and old.organisation_id in names else 0
    return (
        st.selectbox(
            "Who answers for it" if old else "4. Who answers for it?",
            list(names),
            index=at,
            format_func=names.__getitem__,
            help="This organisation owns what the source does not show to everyone, and decides on it.",
            key="source-owner",
        )
        or _NOBODY
    )


def _often(draft: NewSource, old: Source | None) -> Schedule:
    if draft.location and "://" not in draft.location:
        return Schedule.MANUAL
    choices = list(Schedule)
    return st.segmented_control(
        "How often it is read" if old else "5. How often shall it be read?",
        choices,
        default=old.schedule if old else Schedule.DAILY,
        format_func=lambda each: OFTEN[each][:1].upper() + OFTEN[each][1:],
        required=True,
        key="source-often",
    )


def _key(visit: Visit, draft: NewSource, old: Source | None) -> tuple[str, tuple[str, ...]]:
    """The token and the addresses let through: asked for where they can be of use, and folded away."""
    kept = old.allow if old else ()
    if draft.location and "://" not in draft.location:
        return "", kept
    has_key = old is not None and sources.has_token(old.id)
    with st.expander("A key, or a place inside our own network"):
        token = st.text_input(
            "Key (API token)",
            type="password",
            autocomplete="new-password",
            placeholder="One is kept: leave this empty to keep it" if has_key else "",
            help="Only for what the source does not show to everyone. It is sent to this address only, "
            "and never shown again.",
            key="source-token",
        )
        if has_key:
            st.checkbox("Forget the key that is kept", key="source-forget")
        if Role.ADMIN not in visit.viewer.roles:
            st.caption("A source inside our own network needs an administrator to let it through.")
            return token, kept
        allowed = st.text_input(
            "Let through (host:port)",
            " ".join(kept),
            placeholder="10.0.4.7:5000",
            help="Addresses inside our own network are refused unless they stand here.",
            key="source-allow",
        )
    return token, tuple(allowed.replace(",", " ").split())
