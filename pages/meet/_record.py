"""Recording in two clicks: a decision, an action, a note, a concern; each a dialog with few fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from types import MappingProxyType

import streamlit as st

from governance import Visit
from governance.concerns import About, ShowAs, Worry
from meetings import recording
from meetings.reading import AgendaItem, Meeting, RecordKind
from meetings.recording import ActionDraft
from pages.meet import _receipt, _typed, _who, _words

_WORDS: Mapping[RecordKind, str] = MappingProxyType({each: each.value.capitalize() for each in RecordKind})
_FELT: Mapping[int, str] = MappingProxyType({1: "A little", 2: "Strongly", 3: "Very strongly"})
_SHOW_AS: Mapping[ShowAs, str] = MappingProxyType(
    {
        ShowAs.ORGANISATION: "With the name of my organisation",
        ShowAs.PARTNER: "As “a partner”",
        ShowAs.NOBODY: "Without any name: I get a code to come back with",
    }
)


def buttons(visit: Visit, found: Meeting, item: AgendaItem | None, *, kinds: Iterable[RecordKind] = RecordKind) -> None:
    """What may be recorded under this item; everybody may raise a concern."""
    with st.container(key="figureacts", horizontal=True, gap="xsmall", width="content"):
        for kind in kinds:
            if kind is RecordKind.CONCERN or _who.may_record(visit):
                asks = (found.brief.name, kind.value, item.id if item else "")
                _typed.button(_WORDS[kind], key=f"record-{kind}", icon=_words.SYMBOLS[kind], asks=asks)


def dialog(visit: Visit, found: Meeting, kind: RecordKind, *, agenda_id: str) -> None:
    """The open dialog for one of them."""
    name = found.brief.name
    if kind is RecordKind.DECISION:
        _typed.dialog("A decision", "Record it", fields=_decision, make=partial(_decide, name, agenda_id))
    elif kind is RecordKind.ACTION:
        own = {visit.viewer.organisation_id: visit.viewer.organisation} if visit.viewer.organisation_id else {}
        owners = own | {each.organisation_id: each.organisation for each in found.here}
        _typed.dialog("An action", "Record it", fields=partial(_action, owners), make=partial(_act, name, agenda_id))
    elif kind is RecordKind.NOTE:
        _typed.dialog("A note", "Record it", fields=_note, make=partial(_noted, name, agenda_id))
    else:
        _typed.dialog("A concern", "Raise it", fields=_concern, make=partial(_raise, name, agenda_id))


def _decision() -> None:
    st.text_area("What is decided", key=_typed.key("words"), height=96, max_chars=recording.LONGEST)
    st.text_input("Why", key=_typed.key("rationale"), max_chars=recording.LONGEST)
    st.text_input("What good is hoped for", key=_typed.key("expected"), max_chars=recording.LONGEST)


def _decide(name: str, agenda_id: str, visit: Visit) -> str:
    said = {each: str(_typed.value(each) or "") for each in ("rationale", "expected")}
    label = recording.decide(visit, name, str(_typed.value("words") or ""), agenda_id=agenda_id, **said)
    return f"{label} is recorded."


def _action(owners: Mapping[str, str]) -> None:
    st.text_input("What will be done", key=_typed.key("what"), max_chars=recording.LONGEST)
    st.selectbox(
        "Which organisation does it",
        list(owners),
        key=_typed.key("owner", next(iter(owners), None)),
        format_func=owners.__getitem__,
    )
    st.text_input("Who sees to it", key=_typed.key("who"), max_chars=200)
    st.date_input("By when", key=_typed.key("due", None), format="DD/MM/YYYY")


def _act(name: str, agenda_id: str, visit: Visit) -> str:
    action = ActionDraft(
        what=str(_typed.value("what") or ""),
        organisation_id=str(_typed.value("owner") or ""),
        who=str(_typed.value("who") or ""),
        due=_typed.value("due"),
    )
    return f"{recording.act(visit, name, action, agenda_id=agenda_id)} is recorded."


def _note() -> None:
    st.text_area("The note", key=_typed.key("words"), height=96, max_chars=recording.LONGEST)


def _noted(name: str, agenda_id: str, visit: Visit) -> str:
    return f"{recording.note(visit, name, str(_typed.value('words') or ''), agenda_id=agenda_id)} is recorded."


def _concern() -> None:
    st.text_area("What worries you, in your own words", key=_typed.key("words"), height=96, max_chars=recording.LONGEST)
    st.radio("How strongly you feel it", list(_FELT), key=_typed.key("felt", 2), format_func=_FELT.__getitem__)
    st.radio(
        "How it is shown",
        list(_SHOW_AS),
        key=_typed.key("showas", ShowAs.ORGANISATION),
        format_func=_SHOW_AS.__getitem__,
    )
    st.caption("Only who raised it can close it.")


def _raise(name: str, agenda_id: str, visit: Visit) -> str:
    worry = Worry(
        about=About(kind="meeting", id=name),
        words=str(_typed.value("words") or ""),
        felt=int(_typed.value("felt") or 0),
        show_as=_typed.value("showas") or ShowAs.ORGANISATION,
    )
    _receipt.keep(recording.raise_concern(visit, name, worry, agenda_id=agenda_id).receipt)
    return "The concern is raised."
