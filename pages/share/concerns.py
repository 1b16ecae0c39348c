"""The register of concerns: what waits first, felt strongly before the rest; and what was offered and promised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from governance import NotFound, Visit, commitments, concerns
from governance.concerns import Concern, State
from pages import EVERYONE, Page
from pages.share import _about, _concern_promises, _going
from pages.share import _concern_words as words
from pages.shell import widgets as w

PAGE = Page(title="Concerns", role=EVERYONE, icon="sentiment_worried", order=40)
_LEDE = "What people fear about the data we share, in their own words. Only who raised one closes it."


def render(visit: Visit) -> None:
    """The concerns at the left, offers and promises at the right."""
    every = concerns.concerns(visit)
    waits = sum(each.is_open for each in every)
    lede = f"{w.count(waits, 'concern')} open. {_LEDE}" if every else _LEDE
    with w.page_header("Concerns", lede):
        w.show(w.to_page("Raise a concern", w.href("raise-concern"), symbol="add", first=True))
    given = commitments.commitments(visit)
    left, right = w.main_and_side()
    with left:
        if every:
            _listed(every)
        else:
            _nobody_worries()
        _come_back(visit)
    with right, w.surface("promises"):
        w.heading("Offers and promises", number=sum(each.is_open for each in given))
        _concern_promises.listed(visit, given, linked=True)


def _nobody_worries() -> None:
    what = "Fears that are not said are not gone. A concern can be raised without a name, too."
    with w.empty_state("sentiment_satisfied", "Nobody has raised a concern yet", what, key="nothing"):
        w.show(w.go("Raise the first one", w.href("raise-concern")))


def _listed(every: Sequence[Concern]) -> None:
    shown = [each for each in every if _asked_for(each)]
    with w.facet_row("concerns"):
        about, state, felt = (Counter(_facts(each)[place] for each in every) for place in range(3))
        w.facet_popover("About", [(key, word, about[key]) for key, (word, _) in _about.KINDS.items()], "about")
        w.facet_popover("How far", [(each.value, words.STATES[each][0], state[each.value]) for each in State], "state")
        w.facet_popover("Felt", [(str(key), word, felt[str(key)]) for key, word in words.FELT.items()], "felt")
    with w.results_bar(f"{w.count(len(shown), 'concern')}" + (f" of {len(every):,}" if shown != list(every) else "")):
        if shown != list(every) and st.button("Clear", type="tertiary", key="clear"):
            w.clear_url("about", "state", "felt")
            st.rerun()
    page = min(w.page_asked(), max(1, -(-len(shown) // w.PAGE_SIZE)))
    with w.surface("concerns"):
        for each in shown[(page - 1) * w.PAGE_SIZE : page * w.PAGE_SIZE]:
            _row(each)
        if not shown:
            w.show(w.Markup('<p class="ct-muted">{}</p>').format("No concern is like that. Clear what you chose."))
    w.pager(page, -(-len(shown) // w.PAGE_SIZE), _page_address)


def _facts(each: Concern) -> tuple[str, str, str]:
    return each.about.kind, each.state.value, str(each.felt)


def _asked_for(each: Concern) -> bool:
    asked = (set(st.query_params.get_all(key)) for key in ("about", "state", "felt"))
    return all(not chosen or fact in chosen for chosen, fact in zip(asked, _facts(each), strict=True))


def _page_address(page: int) -> str:
    chosen = {key: st.query_params.get_all(key) for key in ("about", "state", "felt")}
    return w.href("concerns", page=page if page > 1 else "", **chosen)


def _row(each: Concern) -> None:
    quoted = w.Markup('<span class="ct-finding">{}</span>').format(
        w.link(f"“{w.plain(each.words, 180)}”", w.href("concern", id=each.id))
    )
    detail = f"{words.who(each)}, {words.felt(each)}. {_about.words(each.about)}. {w.day(each.raised_on)}"
    with w.item(each.id, quoted, symbol=_about.KINDS[each.about.kind][1], detail=detail):
        w.show(words.state(each))


def _come_back(visit: Visit) -> None:
    """The way back with a receipt code."""
    with st.expander("You raised one without a name? Come back with your code"):
        with st.form("receipt", border=False, clear_on_submit=True):
            code = st.text_input("Receipt code", key="receipt-code", autocomplete="off")
            sent = st.form_submit_button("Find it")
        if sent:
            try:
                found = concerns.of_receipt(visit, code or "")
            except NotFound as error:
                w.notice("Not found.", error.sentence, tone="failed")
                return
            _going.go_to("concern", id=found)
