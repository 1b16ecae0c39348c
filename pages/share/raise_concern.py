"""Raise a concern: what about, in which words, how strongly; the rest may be left out."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from governance import CommonTableError, Visit, concerns
from governance.concerns import About, ShowAs, Worry
from pages import EVERYONE, Page
from pages.share import _about, _concern_more, _concern_receipt, _going
from pages.share import _concern_words as words
from pages.shell import frame
from pages.shell import widgets as w

PAGE = Page(
    title="Raise a concern", role=EVERYONE, icon="sentiment_worried", order=41, hidden=True, path="raise-concern"
)
_LEDE = "In your own words. Somebody says it back to you, somebody answers, and only you can close it."


def render(visit: Visit) -> None:
    """The form; after one without a name, its code."""
    about = _about.named(visit, str(st.query_params.get("about", "")))
    crumbs = [("Share", w.href("our-data")), ("Concerns", w.href("concerns"))]
    w.page_header("Raise a concern", _LEDE, breadcrumbs=crumbs)
    if _concern_receipt.show():
        return
    left, right = w.main_and_aside()
    with left, w.surface("worry"):
        _form(visit, about)
    with right:
        w.show(_aside())


def _form(visit: Visit, about: About | None) -> None:
    with st.form("worry", border=False):
        if about is not None:
            w.show(_subject(visit, about))
            chosen = about
        else:
            chosen = st.selectbox(
                "What it is about", _about.choices(visit), format_func=_about.words, key="worry-about"
            )
        said = st.text_area(
            "What worries you", height=140, max_chars=concerns.LONGEST, key="worry-words", help="In your own words."
        )
        felt = st.radio(
            "How strongly do you feel it?",
            list(words.FELT),
            None,
            format_func=words.FELT.__getitem__,
            horizontal=True,
            key="worry-felt",
        )
        shows = words.shows(visit)
        show_as = st.radio(
            "Who others see", list(shows), format_func=shows.__getitem__, key="worry-show", captions=_captions(shows)
        )
        more = _concern_more.fields()
        sent = st.form_submit_button("Raise it", type="primary")
    if sent:
        worry = Worry(about=chosen, words=said or "", felt=felt or 0, show_as=ShowAs(show_as), **more)
        _raise(visit, worry)


def _subject(visit: Visit, about: About) -> w.Markup:
    kind, symbol = _about.KINDS[about.kind]
    title = w.plain(about.title, 160)
    address = _about.address(visit, about)
    said = w.Markup("About: {}").format(w.link(title, address) if address else w.strong(title))
    return w.with_icon(symbol, said if about.kind != _about.TABLE else f"About: {kind.lower()}")


def _captions(shows: Iterable[ShowAs]) -> list[str]:
    said = {
        ShowAs.ORGANISATION: "Your organisation’s name, not yours.",
        ShowAs.PARTNER: "We know it is you, so that you can come back. Nobody is told.",
        ShowAs.NOBODY: "You get a code, once, to come back with. Nothing here leads to you.",
    }
    return [said[each] for each in shows]


def _raise(visit: Visit, worry: Worry) -> None:
    try:
        raised = concerns.raise_concern(visit, worry)
    except CommonTableError as error:
        w.notice("Not raised yet.", f"{error.sentence} Nothing you typed is lost.", tone="failed")
        return
    if raised.receipt:
        _concern_receipt.keep(raised)
        st.rerun()
    frame.say("It is raised. You are the one who closes it.")
    _going.go_to("concern", id=raised.id)


def _aside() -> w.Markup:
    return w.aside_block(
        "What happens next",
        "Somebody says back what they understood. You say whether that is it.",
        "A person answers it, by name. You say whether it eases your worry, or whether you carry it on.",
        "Nothing is rejected. A feeling needs no proof: what is known stands apart from it.",
    )
