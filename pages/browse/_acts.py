"""What one can do with a dataset: follow it, correct it, place it, decide who may know of it, see its raw record."""

from __future__ import annotations

import streamlit as st

from catalogue import curation, saved
from catalogue.datasets import Dataset, dataset, raw
from governance import Action, Visit, may
from governance.people import organisations
from pages.browse import _correcting
from pages.share import _about
from pages.shell import frame
from pages.shell import widgets as w
from pages.shell.again import do, looking

_LISTINGS = {
    "everyone": "Everyone signed in",
    "organisations": "Organisations that are named",
    "owner": "Only the organisation that owns it",
}
_WHO = "Who may know of it"


def acts(visit: Visit, found: Dataset) -> None:
    """The buttons at the side, as far as the person may use them."""
    with st.container(key="acts", gap=None):
        _follow(visit, found)
        if _button("Correct a field" if found.may_curate else "Suggest a correction", "edit"):
            _correcting.ask(found.id)
        if found.may_curate and _button("Set its place", "tune"):
            _place(found.id)
        if may(visit, Action.LISTING_CHANGED, organisation_id=found.organisation_id) and _button(_WHO, "visibility"):
            _list(found.id)
        if may(visit, Action.DATASET_CORRECTED) and not found.is_registered and _button("Raw record", "data_object"):
            _raw(found.id)
        w.show(_about.raise_one("dataset", found.id))


def _follow(visit: Visit, found: Dataset) -> None:
    followed = saved.follows(visit, found.id)
    words, symbol = ("Following: stop", "notifications_active") if followed else ("Follow", "notifications")
    if st.button(words, icon=f":material/{symbol}:", type="tertiary", key="follow"):
        (saved.unfollow if followed else saved.follow)(visit, found.id)
        frame.say("You no longer follow it." if followed else "The home page will tell when it changes.")
        st.rerun()


def _button(words: str, symbol: str) -> bool:
    return st.button(words, icon=f":material/{symbol}:", type="tertiary", key=f"act-{symbol}")


def _band_words(band: str) -> str:
    return f"{w.BANDS[band].label}: {w.BANDS[band].meaning}" if band else "As the rules say"


@st.dialog("Set its place on the spectrum")
def _place(dataset_id: str) -> None:
    with looking() as visit:
        found = dataset(visit, dataset_id)
        w.show(w.spectrum_scale(found.band.value))
        choices = ["", *list(w.BANDS)[:-1]]
        stated = found.placement.rule == "C1"
        with st.form("place", border=False):
            band = st.radio(
                "Where it stands",
                choices,
                index=choices.index(found.band.value) if stated else 0,
                format_func=_band_words,
            )
            reason = st.text_input("Why", help="Shown to everyone who sees the dataset, with your organisation's name.")
            sent = st.form_submit_button("Set it", type="primary")
        if sent:
            do(lambda: curation.place_dataset(visit, dataset_id, band or "", reason=reason), "Its place is set.")


@st.dialog(_WHO)
def _list(dataset_id: str) -> None:
    with looking() as visit:
        found = dataset(visit, dataset_id)
        st.caption("This decides who may know that it exists, not who may see the data.")
        names = {each.id: each.name for each in organisations(visit) if each.id != found.organisation_id}
        with st.form("listing", border=False):
            kinds = list(_LISTINGS) if found.organisation_id else list(_LISTINGS)[:2]
            at = kinds.index(found.listing) if found.listing in kinds else 0
            listing = st.radio("Who may know", kinds, index=at, format_func=lambda each: _LISTINGS[each])
            already = [each for each, name in names.items() if name in found.listed_for]
            chosen = st.multiselect(
                "Organisations, if they are named", list(names), already, format_func=names.__getitem__
            )
            sent = st.form_submit_button("Save", type="primary")
        if sent:
            ids = chosen if listing == "organisations" else []
            set_it = curation.set_listing
            do(lambda: set_it(visit, dataset_id, listing or "", organisation_ids=ids), "Saved.")


@st.dialog("The raw record", width="large")
def _raw(dataset_id: str) -> None:
    with looking() as visit:
        st.caption("As the source gave it, before anything was read from it.")
        text = raw(visit, dataset_id).decode("utf-8", "replace")
        st.code(text[:200_000] or "The source's own bytes were not kept.", language="json", wrap_lines=True)
