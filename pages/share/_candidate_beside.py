"""Beside the candidates: the picture of value and risk, what stands in the way, how the sum is made."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.share import _candidate_words as words
from pages.shell import widgets as w
from sharing.barriers import counted
from sharing.candidates import Entry
from sharing.plot import value_and_risk

_VALUE = (
    ("Indicators made with it", "0 for none, 1 for one, 2 for two or three, 3 for more"),
    ("Organisations that asked for it", "1 each, 3 at most"),
    ("A decision with a date waits for it", "2"),
    ("People in the community asked for it", "2"),
)
_RISK = (
    ("How closely it tells of people", "0 no people, 1 counts, 2 small areas, 3 de-identified, 4 identifiable"),
    (
        "The worst risk, with what is agreed",
        "0 none, 1 up to 2, 2 up to 4, 3 beyond: likely (1 to 3) times bad (1 to 3)",
    ),
    ("Whether it may be shared", "0 with the law named, 1 unsure, 2 others’ rights, contested or no"),
    ("Whether somebody would be surprised", "1 for yes and uncertain"),
)


def picture(every: Sequence[Entry]) -> None:
    """Value to the right, risk upwards; the numbers are those of the list."""
    found = value_and_risk([each.ranked for each in every], theme=w.theme())
    with w.surface("picture"):
        w.heading("Value and risk", note="numbers as in the list")
        w.chart(found.spec, found.alt, key="candidates")
        w.show(w.muted("● A, start here · ◆ B, next · ▲ C, with care"))


def barriers(every: Sequence[Entry]) -> None:
    """How many datasets each barrier stands in the way of."""
    found = counted(each.barriers for each in every)
    with w.surface("barriers"):
        w.heading("What stands in the way")
        if not found:
            w.show(w.muted("Nothing that anybody has named."))
            return
        w.show(
            w.tally([(words.BARRIERS[each][1], words.BARRIERS[each][0], number, "") for each, number in found.items()])
        )


def explained() -> None:
    """The whole card, to add up on paper."""
    with st.expander("How the points are added up"):
        w.show(w.muted("Whole points, no weights. What nobody has answered counts as the worst: skipping never helps."))
        for title, lines in (("Value, 0 to 10", _VALUE), ("Risk, 0 to 10", _RISK)):
            w.show(w.table([w.Column(title=title, strong=True), w.Column(title="Points")], lines, caption=title))
        w.show(w.muted("Barriers, 0 to 5: one each for availability, format, technology, approver and cost."))
        w.show(
            w.numbered(
                [
                    "A, start here: risk of at most 3, an owner who is ready, no stop sign.",
                    "B, next: risk of at most 6 and no stop sign.",
                    "C, with care: risk of 7 and more, or a stop sign: people can be recognised, it is not permitted, "
                    "an open concern is felt very strongly, or the owner is not ready.",
                    "Within a band: more value first, then less risk, fewer barriers, the name.",
                ]
            )
        )
        w.show(
            w.muted(
                "How ready an owner is, its own people see. For everybody else a dataset stands in A only when its "
                "owner says so. Concerns stand beside the sum: fear is shown, not scored."
            )
        )
