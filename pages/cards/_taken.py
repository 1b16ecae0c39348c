"""Publishing a revision, and what came of it."""

from __future__ import annotations

import streamlit as st

from governance import CommonTableError, Visit
from pages.cards import _checked, _kept
from pages.shell import widgets as w
from reportcards import importing, indicators
from reportcards.recording import Imported, Order

_TAKEN, _MOST = "numbers-taken", 12


def was_taken() -> bool:
    """Whether a file has just been published on this screen."""
    return _TAKEN in st.session_state and "taken" in st.query_params


def offer(visit: Visit, order: Order) -> None:
    """The one primary button; while it works, how far it is."""
    if not order.dataset_id:
        w.notice("Nobody will see these figures yet.", "Choose their dataset above, now or later.", tone="owed")
    if not st.button("Publish the revision", type="primary", key="publishnumbers"):
        return
    bar = st.progress(0.0, text="Reading …")

    def progress(what: str, done: int, of: int | None) -> None:
        bar.progress(min(done / of, 1.0) if of else 0.5, text=f"{what[:1].upper()}{what[1:]} …")

    try:
        made = importing.commit(visit, order, progress=progress)
    except CommonTableError as error:
        w.notice("Nothing was kept.", error.sentence, tone="failed")
        return
    if made.status == "committed":
        _kept.forget()
        st.session_state[_TAKEN] = made
        st.query_params["taken"] = "1"
    st.rerun()


def told(visit: Visit) -> None:
    """The revision in figures, and what one may do with it."""
    made: Imported = st.session_state[_TAKEN]
    w.notice("The revision is published.", f"{_checked.changes(made)[:1].upper()}{_checked.changes(made)[1:]}.",
             tone="done")  # fmt: skip
    with w.surface("taken"):
        _checked.told(made)
    known = indicators.several(visit, made.indicator_ids[:_MOST])
    if known:
        with w.surface("takenindicators"):
            w.heading("Its indicators", number=len(made.indicator_ids))
            lines = w.Markup("").join(
                w.Markup("<li>{}</li>").format(w.link(each.name, w.href("define-indicator", id=each.id)))
                for each in known.values()
            )
            w.show(w.Markup('<ul class="ct-plainlist" role="list">{}</ul>').format(lines))
    with st.container(key="takenbuttons", horizontal=True, gap="small"):
        w.show(w.to_page("Put a card together", w.href("compose"), symbol="dashboard_customize", first=True))
        if st.button("Import another file", key="another"):
            _kept.forget()
            st.query_params.pop("taken", None)
            st.rerun()
