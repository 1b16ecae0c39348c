"""Taking a card along: a file in one of the formats, made when it is asked for and asked for anew when it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from governance import CommonTableError, Visit
from pages.shell import frame
from pages.shell import widgets as w
from pages.shell.again import looking
from pages.shell.handing import hand_over
from reportcards import exporting
from reportcards.report import ReportCard


def popover(card: ReportCard) -> None:
    """The button "Export" with the formats behind it."""
    with st.popover("Export", icon=":material/download:", key="export"):
        st.fragment(_choose)(card)


def _choose(card: ReportCard) -> None:
    st.caption("Each file carries sources, licences, periods and for whom it is.")
    for each in exporting.formats():
        if st.button(each.title, key=f"export-{each.name}", width="stretch"):
            _make(card, each.name)


def _make(card: ReportCard, wanted: str) -> None:
    pinned = dict(card.pinned)
    with looking() as visit:
        try:
            with st.spinner("Making the file …"):
                made = exporting.export(visit, card.name, wanted, pinned=pinned or None)
        except CommonTableError as error:
            w.notice("Not exported.", error.sentence, tone="failed")
            return
    st.download_button(
        f"Save {made.file_name}",
        partial(hand_over, frame.session_id(), partial(_file, name=card.name, wanted=wanted, pinned=pinned)),
        file_name=made.file_name,
        mime=made.media_type,
        icon=":material/save:",
        type="primary",
        on_click="ignore",
        key="saveexport",
    )


def _file(visit: Visit, *, name: str, wanted: str, pinned: Mapping[str, str]) -> bytes:
    return exporting.export(visit, name, wanted, pinned=pinned or None).data
