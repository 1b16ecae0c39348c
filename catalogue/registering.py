"""Registering a dataset: a member drafts and submits, the steward decides, approval makes the dataset."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from catalogue.answers import (
    Answering,
    Answers,
    answers_from,
    check,
    kept,
    record_of,
    stated_for,
    tidied,
)
from catalogue.curation import checked_listing, dataset_row, write_listing
from catalogue.effective import columns, content_hash, encode
from catalogue.history import record_happening
from catalogue.records import Record
from catalogue.spectrum import Placement, Stated, place
from catalogue.standing import stand, stated_as
from catalogue.tables import DatasetRow, DocumentRow, ListedForRow, RegistrationRow
from governance import Action, Grant, Invalid, Kind, NotFound, NotPermitted, Visit, may, require
from governance.people import Person, organisation, organisations, people
from store.sessions import GuardedSession

DRAFT, SUBMITTED, CHANGES_ASKED, APPROVED, DECLINED = "draft", "submitted", "changes-asked", "approved", "declined"
_OPEN = frozenset({DRAFT, CHANGES_ASKED})
NO_SUCH_REGISTRATION = "There is no registration of that address here, or it belongs to another organisation."


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A dataset on its way into the catalogue."""

    id: str
    organisation_id: str
    organisation: str
    by: str
    """Username of who drafted it."""
    is_mine: bool
    state: str
    """draft, submitted, changes-asked, approved, declined"""
    answers: Answers
    note: str
    """What the steward asked for, or why it was declined and what would change that."""
    decided_by: str
    dataset_id: str
    """Set once it is approved."""
    created_at: datetime
    changed_at: datetime


def who_can_answer(visit: Visit) -> list[Person]:
    """The people whom a dataset of the viewer's organisation can name."""
    return people(visit, organisation_id=visit.viewer.organisation_id, active_only=True)


def preview(visit: Visit, answers: Answers) -> Placement:
    """Where it would stand if it were registered as answered so far: for the picture beside the form."""
    record = record_of(tidied(answers), identity="preview", answering=_answering(visit, answers, organisation_id=""))
    stated = stated_for(answers, record, by=_speaker(visit, ""), on=visit.today)
    return place(record, stated=stated)


def _speaker(visit: Visit, organisation_id: str) -> str:
    if organisation_id:
        return organisation(visit, organisation_id).name
    return visit.viewer.organisation or visit.viewer.display


def _answering(visit: Visit, answers: Answers, *, organisation_id: str) -> Answering:
    own = organisation_id or visit.viewer.organisation_id
    found = [
        each for each in people(visit, organisation_id=own, active_only=True) if each.username == answers.answers_for
    ]
    return Answering(
        name=found[0].display if found else "",
        email=found[0].contact if found and "@" in found[0].contact else "",
        organisation=_speaker(visit, organisation_id),
    )


def save_draft(visit: Visit, answers: Answers, *, registration_id: str = "", organisation_id: str = "") -> Registration:
    """Keep the answers as they are; a new draft without an id. The organisation is the viewer's own.

    Raises: NotPermitted when it is somebody else's draft, NotFound, Invalid when it is handed in already.
    """
    owner = organisation_id or visit.viewer.organisation_id
    if registration_id:
        owner = _seen(visit, registration_id).organisation_id
    if not owner:
        raise Invalid("Say for which organisation it is registered.", field="organisation")
    target = registration_id or secrets.token_hex(8)
    grant = require(visit, Action.DATASET_REGISTERED, f"registration:{target}", organisation_id=owner)
    with visit.change(grant) as session:
        row = session.get(RegistrationRow, target)
        if row is None:
            row = RegistrationRow(
                id=target,
                organisation_id=owner,
                person_id=visit.viewer.person_id,
                by=visit.viewer.username,
                state=DRAFT,
                note="",
                decided_by="",
                dataset_id="",
                fields={},
                created_at=visit.now,
                changed_at=visit.now,
            )
            session.add(row)
        _may_edit(visit, row)
        row.fields, row.changed_at = kept(tidied(answers)), visit.now
    return _registration(visit, row)


def _may_edit(visit: Visit, row: RegistrationRow) -> None:
    if row.state not in _OPEN:
        raise Invalid("It is handed in: ask the steward to send it back if something has to change.")
    mine = row.person_id == visit.viewer.person_id and row.by == visit.viewer.username
    if not mine and not may(visit, Action.DATASET_DECIDED, organisation_id=row.organisation_id):
        raise NotPermitted(f"You may not change this draft: ask {row.by} or a steward of your organisation.")


def submit(visit: Visit, registration_id: str, *, approve_now: bool = False) -> Registration:
    """Hand a draft in; with `approve_now` a steward approves their own at once.

    Raises: Invalid with the field that has to change, NotFound, NotPermitted.
    """
    seen = _seen(visit, registration_id)
    grant = require(
        visit,
        Action.DATASET_SUBMITTED,
        f"registration:{registration_id}",
        organisation_id=seen.organisation_id,
    )
    if approve_now:
        require(
            visit,
            Action.DATASET_DECIDED,
            f"registration:{registration_id}",
            organisation_id=seen.organisation_id,
        )
    answering = _checked(visit, seen)
    with visit.change(grant) as session:
        row = _row(session, registration_id, lock=True)
        _may_edit(visit, row)
        row.state, row.changed_at = SUBMITTED, visit.now
        if approve_now:
            _create(session, visit, row, answering=answering, note="")
    return _registration(visit, row)


def _checked(visit: Visit, row: RegistrationRow) -> Answering:
    """Who answers for it, once everything else is answered too. Raises Invalid with the field that has to change."""
    answers = answers_from(row.fields)
    answering = _answering(visit, answers, organisation_id=row.organisation_id)
    check(answers, place(record_of(answers, identity=row.id, answering=answering)))
    if not answering.name:
        raise Invalid("Choose somebody of your organisation who answers for it.", field="answers_for")
    checked_listing(visit, answers.listing, answers.organisations)
    return answering


def approve(visit: Visit, registration_id: str, *, note: str = "") -> Registration:
    """Take a submitted registration into the catalogue: dataset, record, listing, history and index in one step."""
    seen = _seen(visit, registration_id)
    grant = _deciding(visit, seen, outcome=APPROVED)
    answering = _checked(visit, seen)
    with visit.change(grant) as session:
        row = _submitted(session, registration_id)
        _create(session, visit, row, answering=answering, note=" ".join(note.split()))
    return _registration(visit, row)


def ask_changes(visit: Visit, registration_id: str, *, note: str) -> Registration:
    """Send a submitted registration back with what has to change."""
    return _settle(visit, registration_id, state=CHANGES_ASKED, note=_needed(note, "Say what has to change."))


def decline(visit: Visit, registration_id: str, *, reason: str, what_would_change: str = "") -> Registration:
    """Decline a submitted registration, with the reason and what would change it."""
    why = _needed(reason, "Say why it is declined.")
    if more := " ".join(what_would_change.split()):
        why = f"{why}\nWhat would change it: {more}"
    return _settle(visit, registration_id, state=DECLINED, note=why)


def _needed(text: str, sentence: str) -> str:
    clean = text.strip()[:4000]
    if not clean:
        raise Invalid(sentence, field="note")
    return clean


def _settle(visit: Visit, registration_id: str, *, state: str, note: str) -> Registration:
    grant = _deciding(visit, _seen(visit, registration_id), outcome=state)
    with visit.change(grant) as session:
        row = _submitted(session, registration_id)
        row.state, row.note = state, note
        row.decided_by, row.changed_at = visit.viewer.username, visit.now
    return _registration(visit, row)


def withdraw_draft(visit: Visit, registration_id: str) -> None:
    """Throw a registration away that is not decided yet. Raises Invalid once it is."""
    seen = _seen(visit, registration_id)
    grant = require(
        visit,
        Action.DATASET_REGISTERED,
        f"registration:{registration_id}",
        organisation_id=seen.organisation_id,
        withdrawn=True,
    )
    with visit.change(grant) as session:
        row = _row(session, registration_id, lock=True)
        if row.state == SUBMITTED and row.by == visit.viewer.username:
            row.state = DRAFT
        _may_edit(visit, row)
        session.delete(row)


def registrations(visit: Visit, *, state: str = "") -> list[Registration]:
    """What the viewer's organisation is registering, the newest first; "" for every state."""
    wanted = select(RegistrationRow).order_by(RegistrationRow.changed_at.desc(), RegistrationRow.id)
    if state:
        wanted = wanted.where(RegistrationRow.state == state)
    names = {each.id: each.name for each in organisations(visit)}
    return [_registration(visit, row, names) for row in visit.read().execute(wanted).scalars()]


def registration(visit: Visit, registration_id: str) -> Registration:
    """One registration of the viewer's organisation. Raises NotFound."""
    return _registration(visit, _seen(visit, registration_id))


def waiting(visit: Visit) -> list[Registration]:
    """What waits for the viewer: to be decided as a steward, or to be changed as who drafted it."""
    return [
        each
        for each in registrations(visit)
        if (each.state == SUBMITTED and may(visit, Action.DATASET_DECIDED, organisation_id=each.organisation_id))
        or (each.state == CHANGES_ASKED and each.is_mine)
    ]


def answers_of(visit: Visit, dataset_id: str) -> Answers:
    """The answers behind a registered dataset, to change them. Raises NotFound for one that was harvested."""
    row = dataset_row(visit.read(), dataset_id)
    found = _of_dataset(visit.read(), dataset_id)
    wanted = select(ListedForRow.organisation_id).where(ListedForRow.number == row.number)
    chosen = tuple(sorted(visit.read().execute(wanted).scalars()))
    return replace(answers_from(found.fields), listing=row.listing, organisations=chosen)


def change_registered(visit: Visit, dataset_id: str, answers: Answers) -> None:
    """Change a registered dataset: its steward's new answers take the place of the old ones at once.

    Raises: Invalid with the field that has to change, NotFound, NotPermitted.
    """
    row = dataset_row(visit.read(), dataset_id)
    grant = require(visit, Action.DATASET_CHANGED, f"dataset:{dataset_id}", organisation_id=row.organisation_id)
    clean = tidied(answers)
    answering = _answering(visit, clean, organisation_id=row.organisation_id)
    record = record_of(clean, identity=dataset_id, answering=answering)
    check(clean, place(record))
    if not answering.name:
        raise Invalid("Choose somebody of your organisation who answers for it.", field="answers_for")
    chosen = checked_listing(visit, clean.listing, clean.organisations)
    with visit.change(grant) as session:
        fresh = dataset_row(session, dataset_id, lock=True)
        behind = _of_dataset(session, dataset_id)
        before = record_of(answers_from(behind.fields), identity=dataset_id, answering=answering)
        spoke = stated_for(answers_from(behind.fields), before, by=answering.organisation, on=visit.today)
        speaks = stated_for(clean, record, by=answering.organisation, on=visit.today)
        if fresh.stated.get("band", "") == (spoke.band.value if spoke else ""):
            fresh.stated = _stated_kept(speaks)
        document = session.get_one(DocumentRow, fresh.number)
        document.record, document.read_at = encode(record), visit.now
        fresh.content_hash, fresh.changed_at = content_hash(record), visit.now
        behind.fields, behind.changed_at = kept(clean), visit.now
        write_listing(session, fresh, clean.listing, organisation_ids=chosen)
        detail = {"fields": _moved(before, record)}
        record_happening(session, visit, [fresh.number], kind="changed", detail=detail)
        session.flush()
        stand(session, [fresh])


def _moved(before: Record, after: Record) -> list[str]:
    names = Record.__dataclass_fields__
    return sorted(name for name in names if getattr(before, name) != getattr(after, name))


def _of_dataset(session: GuardedSession, dataset_id: str) -> RegistrationRow:
    wanted = select(RegistrationRow).where(RegistrationRow.dataset_id == dataset_id)
    found = session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound("This dataset was not registered here: its description comes from its source.")
    return found


def _deciding(visit: Visit, row: RegistrationRow, *, outcome: str) -> Grant:
    return require(
        visit,
        Action.DATASET_DECIDED,
        f"registration:{row.id}",
        organisation_id=row.organisation_id,
        outcome=outcome,
    )


def _seen(visit: Visit, registration_id: str) -> RegistrationRow:
    return _row(visit.read(), registration_id)


def _row(session: GuardedSession, registration_id: str, *, lock: bool = False) -> RegistrationRow:
    wanted = select(RegistrationRow).where(RegistrationRow.id == registration_id)
    row = session.execute(wanted.with_for_update() if lock else wanted).scalar_one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_REGISTRATION)
    return row


def _submitted(session: GuardedSession, registration_id: str) -> RegistrationRow:
    row = _row(session, registration_id, lock=True)
    if row.state != SUBMITTED:
        raise Invalid("It is not waiting for a decision any more.")
    return row


def _create(session: GuardedSession, visit: Visit, row: RegistrationRow, *, answering: Answering, note: str) -> None:
    """The dataset and all that hangs on it, in the caller's transaction."""
    identity = secrets.token_hex(8)
    answers = answers_from(row.fields)
    record = record_of(answers, identity=identity, answering=answering)
    stated = stated_for(answers, record, by=answering.organisation, on=visit.today)
    dataset = DatasetRow(
        id=identity,
        identity=identity,
        content_hash=content_hash(record),
        organisation_id=row.organisation_id,
        stated=_stated_kept(stated),
        added_at=visit.now,
        changed_at=visit.now,
        **columns(record, corrections={}, stated=stated, decisions=()),
    )
    session.add(dataset)
    session.flush()
    session.add(DocumentRow(number=dataset.number, record=encode(record), raw=b"", read_at=visit.now))
    chosen = answers.organisations if answers.listing == "organisations" else ()
    write_listing(session, dataset, answers.listing, organisation_ids=chosen)
    row.state, row.note, row.dataset_id = APPROVED, note, identity
    row.decided_by, row.changed_at = visit.viewer.username, visit.now
    detail = {"reason": note, "band": dataset.band}
    record_happening(session, visit, [dataset.number], kind="approved", detail=detail)
    session.flush()
    stand(session, [dataset])


def _stated_kept(stated: Stated | None) -> dict[str, str]:
    return stated_as(stated) if stated else {}


def _registration(visit: Visit, row: RegistrationRow, names: Mapping[str, str] | None = None) -> Registration:
    if names is None:
        names = {each.id: each.name for each in organisations(visit)}
    viewer = visit.viewer
    mine = row.by == viewer.username and (row.person_id == viewer.person_id or viewer.kind is not Kind.PERSON)
    return Registration(
        id=row.id,
        organisation_id=row.organisation_id,
        organisation=names.get(row.organisation_id, ""),
        by=row.by,
        is_mine=mine,
        state=row.state,
        answers=answers_from(row.fields),
        note=row.note,
        decided_by=row.decided_by,
        dataset_id=row.dataset_id,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
