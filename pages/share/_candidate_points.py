"""Every point of a candidate, one by one; and who asks for it, who can say yes."""

from __future__ import annotations

from collections.abc import Sequence

from governance import Visit
from meetings.sharing import newly_shared
from pages.share import _candidate_words as words
from pages.shell import widgets as w
from sharing.candidates import Entry
from sharing.ranking import QUESTIONS, Point


def points(found: Entry) -> None:
    """Three sums and the stop signs."""
    ranked = found.ranked
    with w.surface("points"):
        w.heading("Every point", note=f"{ranked.answered} of {QUESTIONS} answered")
        if ranked.stops:
            w.show(w.with_icon("front_hand", w.Markup("<b>Stop:</b> {}.").format(", ".join(ranked.stops))))
        for title, lines, total, most in (
            ("Value", ranked.value, ranked.v, 10),
            ("Risk", ranked.risk, ranked.r, 10),
            ("Barriers", ranked.barriers, ranked.b, 5),
        ):
            w.show(_table(f"{title}: {total} of {most}", lines))


def _table(title: str, lines: Sequence[Point]) -> w.Markup:
    columns = [w.Column(title=title, strong=True), w.Column(title="Points", align="right")]
    unknown = w.with_icon("help", "Nobody has answered")
    rows = [(w.two_lines(each.name, each.said or unknown), f"{each.points} of {each.most}") for each in lines]
    return w.table(columns, rows, caption=title)


def standing(visit: Visit, found: Entry) -> None:
    """Who asks, who decides, what is feared, under which agreement it is shared already."""
    dataset = found.dataset
    shared = newly_shared(visit, None).get(dataset.id)
    under = w.link(f"Agreement {shared.agreement}", w.href("agreement", id=shared.agreement_id)) if shared else ""
    asked = w.Markup("<br>").join(w.esc(each) for each in found.asked_by)
    rows: list[tuple[str, w.Markup | str]] = [
        ("Owner", w.link(dataset.organisation, w.href("organisation", id=dataset.organisation_id))),
        ("Can say yes", dataset.approver or w.with_icon("person_off", "Nobody is named")),
        ("Asked for by", asked or w.muted("Nobody yet")),
        ("Shared under", under),
        ("Feared", words.fears(found)),
        ("Today", w.band_badge(dataset.band.value)),
    ]
    with w.surface("standing"):
        w.heading("Who has a say")
        w.show(w.key_values(rows))
