"""What one may do with an agreement just now: the one thing that is next, then the rest."""

from __future__ import annotations

import streamlit as st

from governance import Action, Visit, may
from governance.agreements.reading import AgreementView
from governance.holds import Hold
from pages.share import _about
from pages.share import _agreement_possible as possible
from pages.shell import widgets as w


def header(visit: Visit, found: AgreementView) -> None:
    """Compare, and the one primary button of the screen."""
    older = next((each for before, each in zip(found.versions, found.versions[1:], strict=False)
                  if before.id == found.version.id), None)  # fmt: skip
    if older is not None:
        label = found.version.label
        w.show(w.to_page("Compare versions", w.href("agreement", id=found.id, version=label, against=older.label)))
    first = next(possible.first(visit, found), None)
    if first is not None:
        words, symbol, act = first
        if st.button(words, type="primary", icon=f":material/{symbol}:", key="first"):
            act()


def row(visit: Visit, found: AgreementView, hold: Hold | None) -> None:
    """Everything else that may be done, in one row: what leads elsewhere as links, the rest as buttons."""
    first = next(possible.first(visit, found), None)
    with st.container(key="agreementacts", horizontal=True, vertical_alignment="center", gap="small"):
        if found.version.state in possible.PREPARED and may(
            visit, Action.AGREEMENT_CHANGED, organisation_id=found.lead_id
        ):
            address = w.href("agreement-draft", id=found.id, version=found.version.label)
            _leads("Change the draft", address, symbol="edit")
        for words, symbol, act in possible.others(visit, found, hold):
            if (first is None or words != first[0]) and st.button(
                words, icon=f":material/{symbol}:", type="tertiary", key=f"act-{symbol}"
            ):
                act()
        text = w.href("agreement", id=found.id, version=found.version.label, text="whole")
        _leads("The whole text", text, symbol="article")
        with st.container(width="content"):
            w.show(_about.raise_one("agreement", found.id))


def _leads(words: str, address: str, *, symbol: str) -> None:
    """A link among the buttons, as wide as its words."""
    with st.container(width="content"):
        w.show(w.to_page(words, address, symbol=symbol))
