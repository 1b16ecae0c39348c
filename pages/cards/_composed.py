"""The form of a card: its indicators in the order in which they will stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from governance import Visit
from pages.cards import _draft
from pages.cards._draft import key
from pages.cards._settings import POLARITIES
from pages.shell import widgets as w
from reportcards import indicators, places
from reportcards.indicators import Contents, Indicator

_EVERYONE = ("", "")
_LOST = "The card can be saved; ask an administrator to take them from a backup."


def items(visit: Visit, form: _draft.Form) -> None:
    """The indicators, each with arrows, a way off the card, and what this card says otherwise."""
    w.heading("Its indicators", number=len(form.order))
    if not form.order:
        w.show(w.Markup('<p class="ct-muted">{}</p>').format("None yet: choose them beside this list."))
        return
    known = indicators.several(visit, (item.indicator_id for item in form.items.values()))
    contents = indicators.contents(visit, known, purpose=str(st.session_state.get(key("purpose")) or ""))
    names = {code: each.name for code, each in places.areas(visit).items()}
    for place, row in enumerate(form.order, 1):
        found = known.get(form.items[row].indicator_id)
        if found is not None:
            _row(row, place, found)
            held = contents.get(found.id, Contents())
            if held.is_lost:
                w.notice(f"The numbers of {found.name} are missing on the server.", _LOST, tone="failed")
            _otherwise(row, found, areas=_places(found, contents, names), groups=held.groups)


def _places(found: Indicator, contents: Mapping[str, Contents], names: Mapping[str, str]) -> dict[str, str]:
    """The places that it has figures of, by code; every place where they are lost or the viewer may not see them."""
    if found.id not in contents or contents[found.id].is_lost:
        return dict(names)
    held = {code: names.get(code, code) for code in contents[found.id].areas}
    return dict(sorted(held.items(), key=lambda each: each[1].casefold()))


def _row(row: str, place: int, found: Indicator) -> None:
    beside = w.item(f"row-{row}", found.name, symbol=str(place), detail=found.unit)
    with beside, st.container(key=f"moves-{row}", horizontal=True, gap=None):
        for words, symbol, by in (("up", "arrow_upward", -1), ("down", "arrow_downward", 1)):
            st.button(
                f"Move {w.as_label(found.name)} {words}",
                icon=f":material/{symbol}:",
                key=f"{words}-{row}",
                on_click=_draft.move,
                args=(row, by),
                type="tertiary",
            )
        st.button(
            f"Take {w.as_label(found.name)} off the card",
            icon=":material/close:",
            key=f"off-{row}",
            on_click=_draft.take_out,
            args=(row,),
            type="tertiary",
        )


def _otherwise(row: str, found: Indicator, *, areas: Mapping[str, str], groups: Sequence[tuple[str, str]]) -> None:
    with st.expander(f"Place, group and partners of {w.as_label(found.name)}"):
        left, right = st.columns(2)
        with left:
            _place(row, areas)
        with right:
            _who(row, groups)
        directions = {"": f"As usual: {POLARITIES[found.polarity].lower()}"}
        directions |= {each.value: words for each, words in POLARITIES.items()}
        st.selectbox(
            "Which direction is good", list(directions), key=key("polarity", row), format_func=directions.__getitem__
        )
        st.text_area("Partners, one a line", key=key("partners", row), height=72)
        st.text_area("What works, one a line", key=key("what_works", row), height=72)


def _place(row: str, areas: Mapping[str, str]) -> None:
    """What was chosen once stays to be chosen, also when the newest figures leave it out."""
    chosen = str(st.session_state.get(key("area_code", row)) or "")
    words = {"": "", chosen: f"{chosen} (no figures now)", **areas} | {"": "The card’s own place"}
    st.selectbox("Place", list(words), key=key("area_code", row), format_func=words.__getitem__)


def _who(row: str, groups: Sequence[tuple[str, str]]) -> None:
    """Breakdown and group as one choice, for only some of their pairs have figures."""
    chosen: tuple[str, str] = st.session_state.get(key(_draft.WHO, row)) or _EVERYONE
    words = {_EVERYONE: "", chosen: f"{_named(chosen)} (no figures now)"}
    words |= {each: _named(each) for each in groups} | {_EVERYONE: "Everyone"}
    st.selectbox("Who", list(words), key=key(_draft.WHO, row), format_func=words.__getitem__)


def _named(who: tuple[str, str]) -> str:
    return ": ".join(each for each in who if each)
