"""The agreements of my organisation: what waits for it, what is prepared, what is in force, what has ended."""

from __future__ import annotations

from collections.abc import Sequence

from governance import Action, Visit, may
from governance.agreements import reading
from governance.agreements.reading import AgreementBrief, State, Wait, Waiting
from pages import EVERYONE, Page
from pages.share import _agreement_words as words
from pages.share._agreement_signatures import STATES
from pages.shell import widgets as w

PAGE = Page(title="Agreements", role=EVERYONE, icon="handshake", order=40)
_LEDE = "What organisations sign together decides what is shown, to whom, for what, and until when."
_WAITS = {
    Wait.SIGNATURE: ("draw", "Read and sign"),
    Wait.STAKES: ("chat_bubble", "Say it"),
    Wait.REVIEW: ("event_repeat", "Look at it"),
    Wait.ENDING: ("schedule", "Look at it"),
}
_GROUPS: tuple[tuple[str, str, frozenset[State]], ...] = (
    ("prepared", "Being prepared", frozenset({State.DRAFT, State.REVIEW, State.SIGNING})),
    ("force", "In force", frozenset({State.ACTIVE, State.NOT_STARTED})),
    ("ended", "Ended", frozenset({State.EXPIRED, State.CLOSED, State.WITHDRAWN})),
)
_SYMBOLS = {
    State.DRAFT: "edit_note",
    State.REVIEW: "forum",
    State.SIGNING: "draw",
    State.NOT_STARTED: "schedule",
    State.ACTIVE: "check_circle",
    State.EXPIRED: "event_busy",
    State.CLOSED: "event_busy",
    State.WITHDRAWN: "undo",
}


def render(visit: Visit) -> None:
    """What waits first, then each group that is not empty."""
    every = reading.agreements(visit)
    ours = visit.viewer.organisation_id
    writes = bool(ours) and may(visit, Action.AGREEMENT_DRAFTED, organisation_id=ours)
    with w.page_header("Agreements", _LEDE):
        if writes and every:
            w.show(w.to_page("Write an agreement", w.href("agreement-draft"), symbol="add", first=True))
    _waiting(reading.waiting(visit))
    if not every:
        _nothing(writes=writes)
    for key, title, states in _GROUPS:
        _group(visit, [each for each in every if each.state in states], key=key, title=title)


def _waiting(found: Sequence[Waiting]) -> None:
    if not found:
        return
    with w.surface("waits"):
        w.heading("Waits for your organisation", number=len(found))
        for number, each in enumerate(found):
            symbol, act = _WAITS[each.kind]
            address = w.href("agreement", id=each.agreement_id, version=each.label)
            due = f"By {w.day(each.due)}" if each.due else ""
            with w.item(f"waits-{number}", w.link(each.sentence, address), symbol=symbol, detail=due):
                w.show(w.to_page(act, address))


def _group(visit: Visit, found: Sequence[AgreementBrief], *, key: str, title: str) -> None:
    if not found:
        return
    with w.surface(key):
        w.heading(title, number=len(found))
        for each in found:
            said = w.Markup("{} {}").format(
                w.link(each.title, w.href("agreement", id=each.id)), w.muted(f"{each.name}, version {each.label}")
            )
            with w.item(each.id, said, symbol=_SYMBOLS[each.state], detail=_detail(visit, each)):
                w.show(w.Markup("<p>{}</p>").format(w.strong(_state(visit, each))))


def _detail(visit: Visit, each: AgreementBrief) -> str:
    newer = f" Version {each.in_preparation} is being prepared." if each.in_preparation else ""
    datasets = w.count(each.datasets, "dataset")
    return f"{words.listed(each.parties)}. {datasets}.{newer}"


def _state(visit: Visit, each: AgreementBrief) -> str:
    """The state with the number that matters in it: signatures, or days."""
    if each.state is State.SIGNING:
        return f"Signed by {each.signed} of {each.to_sign}"
    if each.state is State.ACTIVE:
        return f"In force, ends {words.days_left(each.ends_on, visit.today)}"
    if each.state is State.NOT_STARTED:
        return f"Signed, begins {words.days_left(each.starts_on, visit.today)}"
    if each.state is State.EXPIRED:
        return f"Ended {words.days_left(each.ends_on, visit.today)}"
    return STATES[each.state]


def _nothing(*, writes: bool) -> None:
    what = "An agreement names who takes part, what for, which datasets, and until when."
    whom = "" if writes else " A steward of your organisation can write one."
    with w.empty_state("handshake", "Your organisation is in no agreement yet", f"{what}{whom}", key="nothing"):
        if writes:
            w.show(w.go("Write the first one", w.href("agreement-draft")))
