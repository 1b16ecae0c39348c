"""How far an agreement is: drafted, talked through, signed, in force, reviewed; and what it waits for."""

from __future__ import annotations

from governance.agreements.reading import AgreementView, Health, State
from governance.holds import Hold
from pages.share import _agreement_words as words
from pages.shell import widgets as w

_COMING = (State.DRAFT, State.REVIEW, State.SIGNING)
_BEFORE = (State.DRAFT, State.REVIEW, State.SIGNING, State.WITHDRAWN)


def strip(found: AgreementView, *, ours: str, health: Health, hold: Hold | None) -> w.Markup:
    """The five steps, each with its day or its count; `ours` is the viewer's organisation."""
    state = found.version.state
    if state is State.WITHDRAWN:
        taken = w.Step(name="Taken back", detail=w.plain(found.version.close_reason, 60), state="held")
        return w.status_strip([_drafted(found), taken], label="How far it is")
    steps = [_drafted(found), _talked(found, health), _signing(found, ours), _force(found, hold), _review(found)]
    return w.status_strip(steps, label="How far it is")


def _drafted(found: AgreementView) -> w.Step:
    if found.version.state is State.DRAFT:
        return w.Step(name="Being drafted", detail=f"since {w.day(found.version.created_at)}", state="current")
    return w.Step(name="Drafted", detail=w.day(found.version.created_at), state="done")


def _talked(found: AgreementView, health: Health) -> w.Step:
    said = sum(1 for each in found.parties if each.stakes.strip())
    detail = f"{said} of {len(found.parties)} said what is at stake"
    if health.concerns:
        detail += f", {w.count(health.concerns, 'concern')} open"
    state = found.version.state
    if state is State.DRAFT:
        return w.Step(name="Talk it through", detail=detail)
    if state is State.REVIEW:
        return w.Step(name="Being talked through", detail=detail, state="current")
    return w.Step(name="Talked through", detail=detail, state="done")


def _signing(found: AgreementView, ours: str) -> w.Step:
    needed = [each for each in found.parties if each.signs]
    signed = sum(1 for each in needed if each.signed_at)
    detail = f"{signed} of {len(needed)}"
    state = found.version.state
    if state in (State.DRAFT, State.REVIEW):
        is_amendment = not found.version.label.endswith(".0")
        who = "Owners of changed rows, and the lead" if is_amendment else w.count(len(needed), "signature")
        return w.Step(name="Signing", detail=who)
    if state is not State.SIGNING:
        return w.Step(name="Signed", detail=f"{detail}, {w.day(found.version.activated_at)}", state="done")
    declined = [each.name for each in needed if each.declined_at]
    if declined:
        return w.Step(name="Signing", detail=f"{detail}, {words.listed(declined)} declined", state="held")
    mine = any(each.organisation_id == ours and not each.signed_at for each in needed)
    yours = ", yours is missing" if mine else ""
    return w.Step(name=f"Signing version {found.version.label}", detail=f"{detail}{yours}", state="current")


def _force(found: AgreementView, hold: Hold | None) -> w.Step:
    state, document, version = found.version.state, found.document, found.version
    last = f"{w.day(document.ends_on)}, {words.days_left(document.ends_on, found.today)}"
    if state is State.CLOSED:
        return w.Step(name="Ended", detail=w.day(version.closed_at), state="done")
    if state is State.EXPIRED:
        return w.Step(name="Ended", detail=last, state="done")
    if hold is not None and state not in _BEFORE:
        return w.Step(name="Paused", detail=f"by {hold.organisation} since {w.day(hold.placed_at)}", state="held")
    if state is State.NOT_STARTED:
        first = f"{w.day(document.starts_on)}, {words.days_left(document.starts_on, found.today)}"
        return w.Step(name="In force from", detail=first, state="current")
    return w.Step(name="In force until", detail=last, state="current" if state is State.ACTIVE else "later")


def _review(found: AgreementView) -> w.Step:
    day = found.document.review_on
    if day is None:
        return w.Step(name="Review", detail="no day set")
    due = day <= found.today and found.version.state is State.ACTIVE
    detail = f"{w.day(day)}, due" if due else w.day(day)
    return w.Step(name="Review", detail=detail, state="held" if due else "later")


def told(found: AgreementView, hold: Hold | None) -> None:
    """What is wrong with it, why it ended, and who has to do what next."""
    version = found.version
    if found.damage:
        w.notice("It covers nothing: it is not what was signed.", " ".join(found.damage), tone="failed")
    if hold is not None:
        first = f"Paused by {hold.organisation} since {w.day(hold.placed_at)}."
        w.notice(first, f"“{hold.reason}” Nothing that it covers is shown until it is lifted.", tone="owed")
    if version.close_reason and version.state in (State.CLOSED, State.WITHDRAWN):
        ended = "Ended." if version.state is State.CLOSED else "Taken back."
        back = f" Looking back: “{version.looked_back}”" if version.looked_back else ""
        w.notice(ended, f"“{version.close_reason}”{back}")
    for each in found.parties:
        if each.declined_at:
            w.notice(f"{each.name} declined on {w.day(each.declined_at)}.", f"“{each.declined_why}”", tone="owed")
    coming = next((each for each in found.versions if each.state in _COMING and each.id != version.id), None)
    if coming is not None:
        look = w.link("Look at it", w.href("agreement", id=found.id, version=coming.label))
        w.notice(f"Version {coming.label} is being prepared.", action=look)
    if found.next_step:
        w.notice("Next.", " ".join(found.next_step), tone="owed" if version.state is State.SIGNING else "info")
