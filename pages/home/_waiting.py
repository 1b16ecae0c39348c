"""What waits for the viewer, the most pressing first: drawn from the one list of which mails tell too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from governance.notices import COUNTED, Kind, Notice
from pages.shell import widgets as w

MOST = 3
"""Things of one kind that are listed, where a page of their own shows them all."""
_SYMBOLS: Mapping[Kind, str] = {
    Kind.HELD_RUN: "back_hand",
    Kind.WARNING: "notifications",
    Kind.SIGNATURE: "stylus_note",
    Kind.STAKES: "forum",
    Kind.WORDS: "contract_edit",
    Kind.REVIEW: "event_repeat",
    Kind.REQUEST: "contact_page",
    Kind.CHARTER: "fact_check",
    Kind.ENDING: "hourglass_bottom",
    Kind.AGREE: "chat",
    Kind.ANSWER: "chat",
    Kind.OVERDUE: "assignment_late",
    Kind.REGISTRATION: "playlist_add_check",
    Kind.CORRECTION: "edit",
    Kind.LATE: "schedule",
    Kind.LICENCE: "contract",
    Kind.HELD: "pause_circle",
}
_ALL: Mapping[Kind, str] = {
    Kind.ANSWER: "concerns",
    Kind.OVERDUE: "concerns",
    Kind.CORRECTION: "suggestions",
    Kind.HELD: "holds",
    Kind.HELD_RUN: "sources",
}
"""The page that lists all things of a kind."""


def show(notices: Sequence[Notice]) -> None:
    """The list, each with its button, and the number of all."""
    with w.surface("waiting"):
        w.heading("Waiting for you", number=sum(each.number for each in notices))
        for place, each in enumerate(_shown(notices)):
            with w.item(f"wait-{place}", _words(each), symbol=_SYMBOLS[each.kind], detail=_short(each.detail, 240)):
                w.show(w.to_page(each.action, w.href(each.page, **each.query)))


def _shown(notices: Sequence[Notice]) -> Iterator[Notice]:
    """The first of each kind, then how many more there are of it."""
    for kind, each in groupby(notices, key=lambda notice: notice.kind):
        found = list(each)
        yield from found if kind not in _ALL or len(found) <= MOST else found[:MOST]
        if kind in _ALL and (left := len(found) - MOST) > 0:
            one, many = COUNTED[kind]
            yield Notice(
                kind=kind, key=kind, words="{}", subject=w.count(left, f"more {one}", f"more {many}"), page=_ALL[kind],
                action="See all",
            )  # fmt: skip


def _words(each: Notice) -> w.Markup:
    before, after = each.around
    return w.Markup("{}{}{}").format(before, w.strong(_short(each.subject, 120)), after)


def _short(text: str, longest: int) -> str:
    words = " ".join(text.split())
    return words if len(words) <= longest else words[:longest].rsplit(" ", 1)[0].rstrip(",.;:") + " …"
