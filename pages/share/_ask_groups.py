"""Who benefits and who carries the risk: a row for each group of people."""

from __future__ import annotations

import streamlit as st

from sharing.uses import MOST_GROUPS, Group, UseCase

WIDGET = "ask-"
_AT_FIRST, _MORE = 2, 4
_LONGEST_GROUP = 1_000


def key(found: UseCase | None, name: str) -> str:
    """Of the widget of a field: another request is another form."""
    return f"{WIDGET}{found.id if found else ''}-{name}"


def groups(found: UseCase | None) -> tuple[Group, ...]:
    """The rows that are filled, two empty ones at first, and more to unfold."""
    before = found.groups if found else ()
    shown = max(_AT_FIRST, len(before))
    rows = [_group(found, place, before[place] if place < len(before) else Group(name="")) for place in range(shown)]
    if shown < MOST_GROUPS:
        with st.expander("More groups of people"):
            more = range(shown, min(shown + _MORE, MOST_GROUPS))
            rows += [_group(found, place, Group(name="")) for place in more]
    return tuple(rows)


def _group(found: UseCase | None, place: int, said: Group) -> Group:
    """One row; what is done about a risk is asked where one was named."""
    number = place + 1
    who, gains, risks = st.columns(3)
    with who:
        name = st.text_input(f"Who ({number})", said.name, max_chars=120, key=key(found, f"who-{place}"))
    with gains:
        benefit = st.text_input(
            f"What they gain ({number})", said.benefit, max_chars=_LONGEST_GROUP, key=key(found, f"gain-{place}")
        )
    with risks:
        risk = st.text_input(
            f"What they risk ({number})", said.risk, max_chars=_LONGEST_GROUP, key=key(found, f"risk-{place}")
        )
    answer = said.answer
    if said.risk:
        label = f"What is done about the risk ({number})"
        answer = st.text_input(label, said.answer, max_chars=_LONGEST_GROUP, key=key(found, f"answer-{place}")) or ""
    return Group(name=name or "", benefit=benefit or "", risk=risk or "", answer=answer)
