"""The schedule: each dataset with its owner, its band, who may see it, what for, and how it stands today."""

from __future__ import annotations

from collections.abc import Mapping

from catalogue import knowing
from catalogue.knowing import Brief
from governance import Visit, holds
from governance.access import Detail, Scope
from governance.agreements.document import ScheduleLine
from governance.agreements.reading import AgreementView, State
from governance.holds import Hold
from pages.share import _agreement_words as words
from pages.shell import widgets as w

_ENDS_SOON = 30
_COLUMNS = ("Owner", "Band", "Who may see it", "Used for", "State")
_WAITS: Mapping[State, tuple[str, str]] = {
    State.DRAFT: ("edit_note", "Draft"),
    State.REVIEW: ("forum", "Being talked through"),
    State.SIGNING: ("draw", "Waits for signature"),
    State.EXPIRED: ("event_busy", "Ended"),
    State.CLOSED: ("event_busy", "Ended"),
    State.WITHDRAWN: ("undo", "Taken back"),
}


def schedule(visit: Visit, found: AgreementView, names: Mapping[str, str]) -> None:
    """One surface with the table; an empty schedule says what to do."""
    with w.surface("schedule"):
        lines = found.document.schedule
        w.heading("Schedule: what is shared", number=len(lines))
        if not lines:
            w.show(w.muted("No dataset yet. Open data need no row; everything else does."))
            return
        known = knowing.briefs(visit, [each.dataset for each in lines])
        columns = [w.Column(title="Dataset", strong=True), *(w.Column(title=each) for each in _COLUMNS)]
        table = [
            (*_named(line, known.get(line.dataset), names), _who(found, line, names), words.used_for(line.uses),
             _state(visit, found, line))
            for line in lines
        ]  # fmt: skip
        w.show(w.table(columns, table, caption="Schedule: what is shared"))


def _named(line: ScheduleLine, brief: Brief | None, names: Mapping[str, str]) -> tuple[w.Markup | str, ...]:
    """Its title, owner and band; the page and the band only for who may know of the dataset."""
    title = w.link(line.title, w.href("dataset", id=line.dataset)) if brief else w.esc(line.title)
    return title, names.get(line.owner, ""), w.band_badge(brief.band) if brief else w.muted("Not yours to see")


def _who(found: AgreementView, line: ScheduleLine, names: Mapping[str, str]) -> w.Markup:
    others = {each.organisation for each in found.document.parties} - {line.owner}
    everybody = len(others) > 1 and set(line.receivers) >= others
    who = "All other parties" if everybody else words.listed(sorted(names.get(each, "") for each in line.receivers))
    if line.people:
        who = f"{who}: {w.count(len(line.people), 'named person', 'named people')}"
    smallest = f", none under {line.min_cell}" if line.detail is Detail.AGGREGATE and line.min_cell else ""
    return w.Markup("{}<br>{}").format(who, w.muted(f"{words.DETAILS[line.detail]}{smallest}"))


def _state(visit: Visit, found: AgreementView, line: ScheduleLine) -> w.Markup:
    waits = _WAITS.get(found.version.state)
    if waits:
        return w.with_icon(*waits)
    if found.damage:
        return w.with_icon("block", "Covers nothing")
    hold = _held(visit, found, line)
    if hold is not None:
        who = "its owner" if hold.organisation_id == line.owner else hold.organisation
        return w.with_icon("pause_circle", f"Paused by {who} since {w.day(hold.placed_at)}")
    first, last = (
        line.first or found.document.starts_on,
        min(line.last or found.document.ends_on, found.document.ends_on),
    )
    if found.today < first:
        return w.with_icon("schedule", f"Begins {words.days_left(first, found.today)}")
    left = (last - found.today).days
    if left < 0:
        return w.with_icon("event_busy", f"Ended {w.day(last)}")
    if left <= _ENDS_SOON:
        return w.with_icon("schedule", f"In force, ends {words.days_left(last, found.today)}")
    return w.with_icon("check_circle", "In force")


def _held(visit: Visit, found: AgreementView, line: ScheduleLine) -> Hold | None:
    """What pauses this row: a hold on the agreement, on the dataset, on the organisation that owns it."""
    paused = (Scope.AGREEMENT, found.id), (Scope.DATASET, line.dataset), (Scope.ORGANISATION, line.owner)
    return next((hold for scope, held in paused if held and (hold := holds.on(visit, scope, held))), None)
