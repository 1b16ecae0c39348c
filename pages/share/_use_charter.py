"""How a request was held against the charter, and the way to do it for those who may."""

from __future__ import annotations

from governance import Visit
from pages.share import _agreement_words
from pages.share import _charter_words as words
from pages.shell import widgets as w
from sharing import charter, uses
from sharing.uses import LACKS, Check, Standing, State, UseCase

_LATER = (State.FINISHED, State.WITHDRAWN)


def show(visit: Visit, use: UseCase) -> None:
    """The answers with who gave them; nothing while no charter is adopted, or for a wish."""
    adopted = charter.charters(visit)
    made = uses.checks(visit, {use.id: use.version}).get(use.id)
    if not adopted or use.state is State.IDEA or (made is None and use.state in _LATER):
        return
    standing = uses.standing(made, adopted[0])
    with w.surface("charter"):
        w.heading("Held against the charter", note=w.link("Read the charter", w.href("charter")))
        if made is not None:
            _made(made, by=next((each for each in adopted if each.version == made.charter), adopted[0]))
        if use.state.is_open and standing in LACKS:
            _owed(use, LACKS[standing])
        elif use.state is State.LIVE and standing is Standing.REFUSED:
            w.notice("It runs, and should not.", "Who asked finishes it; an owner can pause the data.", tone="owed")
        elif made is None:
            w.show(w.muted("It began before it could be held against the charter."))
        if use.may_check and standing is not Standing.BROKEN:
            label = "Hold it against the charter" if made is None else "Answer anew"
            w.show(w.to_page(label, w.href("charter-check", use=use.id), symbol="fact_check"))


def _owed(use: UseCase, sentence: str) -> None:
    """As long as the owners have not agreed it presses nobody."""
    if use.state in (State.GO, State.GO_IF):
        w.notice("In the way of its beginning.", sentence, tone="owed")
    else:
        w.show(w.muted(sentence))


def _made(made: Check, *, by: charter.Charter) -> None:
    w.show(words.outcome(made))
    w.show(w.muted(f"{words.who(made)}."))
    w.show(words.answers(made, by))
    heard = made.finding.heard
    said = _agreement_words.lines(heard, "Nobody was asked, or nothing was noted.")
    w.show(w.key_values([("What the people it is about say", said)]))
