"""The dialog of a licence decision: what the value stands for, what would move, why."""

from __future__ import annotations

import streamlit as st

from catalogue import decisions, licences
from catalogue.decision_preview import Move, would_move
from catalogue.decisions import LicenceGroup
from catalogue.licences import Conformance, How, Licence
from pages.shell import widgets as w
from pages.shell.again import do, looking

_LICENCE, _BAND = "A licence", "A place on the spectrum"
_MEANS = {
    Conformance.APPROVED: "an open licence",
    Conformance.CLAIMED: "called open, without a text to check",
    Conformance.NOT_APPROVED: "limits use",
}
_BANDS = ("public-limited", "public-unclear", "group", "named", "closed")


@st.dialog("What does it stand for?", width="medium")
def ask(group: LicenceGroup) -> None:
    """Decide for every dataset of the source that carries this value."""
    with looking() as visit:
        w.finding(_said(group), f"{group.source_name}, {w.count(group.datasets, 'dataset')}")
        _hint(group.licence_value)
        as_what = st.segmented_control(
            "It stands for", [_LICENCE, _BAND], default=_LICENCE, required=True, key="stands-for"
        )
        licence, band = (_licence(), "") if as_what == _LICENCE else ("", _band())
        if licence or band:
            move = would_move(visit, group.source_id, group.licence_value, licence=licence, band=band)
            w.show(_preview(move, group.datasets))
        reason = st.text_input(
            "Why, and where you know it from",
            placeholder="Their terms page names it, read today",
            help="Shown with every dataset that this decision places.",
            key="decision-why",
        )
        if st.button("Decide", type="primary", key="decide"):
            do(
                lambda: decisions.decide(
                    visit, group.source_id, group.licence_value, licence=licence, band=band, reason=reason
                ),
                "Decided. Later readings follow it, and you can take it back.",
            )


def _said(group: LicenceGroup) -> str:
    return f"“{w.plain(group.licence_value, 300)}”" if group.licence_value else "No licence is stated"


def _hint(value: str) -> None:
    """What the value mentions, for a person to confirm: nothing is chosen for them."""
    found = licences.resolve([value])
    if found.licence is not None and found.how is How.PHRASE:
        w.notice(f"It mentions {found.licence.short}.", "Read their terms before you choose it.")


def _licence() -> str:
    known = licences.licences()
    order = list(Conformance)
    ids = sorted(known, key=lambda id: (order.index(known[id].conformance), known[id].title.casefold()))
    chosen = st.selectbox(
        "Licence",
        ids,
        index=None,
        placeholder="Type a few letters of its name",
        format_func=lambda id: _named(known[id]),
        key="decision-licence",
    )
    return chosen or ""


def _named(licence: Licence) -> str:
    short = "" if licence.short == licence.title else f"{licence.short}, "
    return f"{short}{licence.title}: {_MEANS[licence.conformance]}"


def _band() -> str:
    chosen = st.radio(
        "Place on the spectrum",
        _BANDS,
        index=None,
        format_func=lambda band: w.BANDS[band].label,
        captions=[w.BANDS[band].meaning for band in _BANDS],
        key="decision-band",
    )
    return chosen or ""


def _preview(move: Move, unclear: int) -> w.Markup:
    """What will move, said before it is done; `unclear` datasets stand at "licence unclear" now."""
    if not move.to:
        return w.Markup('<div class="ct-moves" role="status">{}</div>').format(
            w.with_icon("info", "No dataset would move: something else keeps each where it is.")
        )
    least = "" if move.is_whole else "At least "
    lines = w.Markup("").join(
        w.Markup("<li>{}{} {}</li>").format(least, w.strong(w.count(number, "dataset")), w.band_badge(band.value))
        for band, number in sorted(move.to.items(), key=lambda pair: -pair[1])
    )
    others = sum(move.to.values()) - unclear
    also = f"{others:,} of them stand elsewhere now and say the same." if others > 0 else ""
    return w.Markup(
        '<div class="ct-moves" role="status"><p>What will move</p><ul role="list">{}</ul><p>{}</p></div>'
    ).format(lines, also)
