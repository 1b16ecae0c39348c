"""How far a registration is: its steps, and what was said to whoever registers it."""

from __future__ import annotations

from catalogue import registering
from catalogue.registering import Registration
from governance import Visit
from pages.share import _words
from pages.shell import widgets as w


def strip(visit: Visit, found: Registration) -> w.Markup:
    """Drafted, handed in, decided, in the catalogue: each with who and when."""
    by, decided_by = _words.name_of(visit, found.by), _words.name_of(visit, found.decided_by)
    began, changed = w.day(found.created_at), w.day(found.changed_at)
    drafted = w.Step(name="Drafted", detail=f"{by}, {began}", state="done")
    if found.state == registering.DRAFT:
        steps = [
            w.Step(name="Being drafted", detail=f"{by}, {changed}", state="current"),
            *_later("Handed in", "Decided"),
        ]
    elif found.state == registering.SUBMITTED:
        waits = w.Step(name="Waits for a decision", detail=_who(visit), state="current")
        steps = [drafted, w.Step(name="Handed in", detail=changed, state="done"), waits]
    elif found.state == registering.CHANGES_ASKED:
        asked = w.Step(name="Changes asked for", detail=f"{decided_by}, {changed}", state="held")
        steps = [drafted, asked, *_later("Decided")]
    else:
        steps = [drafted, w.Step(name="Handed in", state="done")]
    last = {
        registering.APPROVED: w.Step(name="In the catalogue", detail=f"{decided_by}, {changed}", state="done"),
        registering.DECLINED: w.Step(name="Declined", detail=f"{decided_by}, {changed}", state="held"),
    }
    end = last.get(found.state)
    return w.status_strip([*steps, end] if end else [*steps, *_later("In the catalogue")], label="How far it is")


def _later(*names: str) -> list[w.Step]:
    return [w.Step(name=each) for each in names]


def _who(visit: Visit) -> str:
    return " or ".join(each.display for each in _words.deciders(visit)[:2]) or "No steward is named yet"


def told(visit: Visit, found: Registration) -> None:
    """What was decided, in the words of who decided it."""
    who = _words.name_of(visit, found.decided_by)
    if found.state == registering.CHANGES_ASKED:
        _quoted("reply", f"{who} asks for changes", found.note)
    elif found.state == registering.DECLINED:
        _quoted("block", f"{who} declined it", found.note)
    elif found.state == registering.APPROVED:
        address = w.href("dataset", id=found.dataset_id)
        w.notice("It is in the catalogue.", found.note, tone="done", action=w.link("Look at it there", address))
    elif found.state == registering.SUBMITTED and found.is_mine and not _words.decides(visit, found.organisation_id):
        w.notice("Handed in.", "You see here what is decided, and the home page tells you if something has to change.")


def _quoted(symbol: str, who: str, note: str) -> None:
    said, _, change = note.partition("\nWhat would change it: ")
    with w.surface("told"):
        w.quote(
            w.Markup("“{}”").format(_words.lines(said)),
            w.with_icon(symbol, who),
            f"What would change it: {change}" if change else "",
        )
