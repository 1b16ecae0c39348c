"""What curators do to one dataset: correct a field, state its place on the spectrum, decide who may know of it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from catalogue.effective import CORRECTABLE, LISTS, changed, decode, said
from catalogue.history import record_happening
from catalogue.spectrum import Band, Stated
from catalogue.standing import stand, stated_as
from catalogue.tables import CorrectionRow, DatasetRow, DocumentRow, ListedForRow, SuggestionRow
from governance import Action, Grant, Invalid, NotFound, NotPermitted, Visit, may, require
from governance.people import organisations
from store.sessions import GuardedSession

NO_SUCH_DATASET = "There is no dataset of that address here, or you may not know of it."
LONGEST_VALUE = 20_000
LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A correction that somebody without the right to make it proposes."""

    id: str
    dataset_id: str
    title: str
    field: str
    value: str
    reason: str
    by: str
    at: datetime
    state: str
    """open, taken, declined"""
    answer: str
    answered_by: str
    may_settle: bool
    """Whether the viewer may take or decline it."""


def dataset_row(session: GuardedSession, dataset_id: str, *, lock: bool = False) -> DatasetRow:
    """The row of a dataset the viewer may know of. Raises NotFound, in the same words for hidden and for missing."""
    wanted = select(DatasetRow).where(DatasetRow.id == dataset_id)
    row = session.execute(wanted.with_for_update(of=DatasetRow) if lock else wanted).scalar_one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_DATASET)
    return row


def reason_given(reason: str, what: str) -> str:
    """The reason, tidied. Raises Invalid when there is none."""
    text = " ".join(reason.split())[:LONGEST_REASON]
    if not text:
        raise Invalid(f"Say why you {what}: the reason is shown to everyone who may see the dataset.", field="reason")
    return text


def _owner(visit: Visit, dataset_id: str) -> str:
    return dataset_row(visit.read(), dataset_id).organisation_id


def _grant(visit: Visit, action: Action, dataset_id: str, **detail: object) -> Grant:
    """Leave of a steward; for what an organisation of ours owns, of that organisation's steward."""
    owner = _owner(visit, dataset_id)
    if owner:
        require(visit, Action.DATASET_CHANGED, f"dataset:{dataset_id}", organisation_id=owner)
    return require(visit, action, f"dataset:{dataset_id}", organisation_id=owner, **detail)


def may_curate(visit: Visit, organisation_id: str) -> bool:
    """Whether the viewer may correct and place datasets of this owner ("" for what others publish)."""
    allowed = may(visit, Action.DATASET_CORRECTED)
    return allowed and (not organisation_id or may(visit, Action.DATASET_CHANGED, organisation_id=organisation_id))


def _checked(field: str, value: str) -> str:
    if field not in CORRECTABLE:
        raise Invalid("This field cannot be corrected: it follows from others.", field=field)
    text = value.strip()[:LONGEST_VALUE]
    if field == "title" and not text:
        raise Invalid("A dataset needs a title.", field=field)
    if field in LISTS:
        return _as_list(text)
    return text if field == "description" else " ".join(text.split())


def _as_list(text: str) -> str:
    """A list as corrections keep it; people write one entry a line, or JSON."""
    import msgspec

    try:
        found = msgspec.json.decode(text, type=list[str]) if text.startswith("[") else text.splitlines()
    except msgspec.DecodeError:
        found = text.splitlines()
    words = [" ".join(word.split()) for word in found]
    return msgspec.json.encode(list(dict.fromkeys(word for word in words if word))).decode()


def correct(visit: Visit, dataset_id: str, field: str, *, value: str, reason: str) -> None:
    """Put a curator's value in place of the source's: it stays through every harvest.

    Values of list fields (keywords, themes, licence, life events) are one entry a line, or a JSON list.
    Raises: NotFound, NotPermitted, Invalid.
    """
    grant = _grant(visit, Action.DATASET_CORRECTED, dataset_id, field=field)
    text, why = _checked(field, value), reason_given(reason, "correct it")
    with visit.change(grant) as session:
        _correct(session, visit, dataset_row(session, dataset_id, lock=True), field=field, text=text, why=why)


def _correct(
    session: GuardedSession,
    visit: Visit,
    row: DatasetRow,
    *,
    field: str,
    text: str,
    why: str,
    suggested_by: str = "",
) -> None:
    before = session.get(CorrectionRow, (row.number, field))
    source_said = said(decode(_document(session, row.number)), field)
    was = before.value if before else source_said
    session.merge(
        CorrectionRow(
            number=row.number,
            field=field,
            value=text,
            source_said=source_said,
            by=visit.viewer.username,
            at=visit.now,
            reason=why,
        )
    )
    detail = {"field": field, "from": _shown(was), "to": _shown(text), "reason": why}
    if suggested_by:
        detail["suggested_by"] = suggested_by
    record_happening(session, visit, [row.number], kind="corrected", detail=detail)
    row.changed_at = visit.now
    session.flush()
    stand(session, [row])


def _shown(value: str) -> str:
    if not value.startswith("["):
        return value[:500]
    import msgspec

    try:
        return ", ".join(msgspec.json.decode(value, type=list[str]))[:500]
    except msgspec.DecodeError:
        return value[:500]


def _document(session: GuardedSession, number: int) -> bytes:
    found = session.execute(select(DocumentRow.record).where(DocumentRow.number == number)).scalar_one_or_none()
    if found is None:
        raise NotFound(NO_SUCH_DATASET)
    return found


def undo_correction(visit: Visit, dataset_id: str, field: str) -> None:
    """Let the source's own word show again. Raises NotFound when the field is not corrected."""
    grant = _grant(visit, Action.DATASET_CORRECTED, dataset_id, field=field, undone=True)
    with visit.change(grant) as session:
        row = dataset_row(session, dataset_id, lock=True)
        kept = session.get(CorrectionRow, (row.number, field))
        if kept is None:
            raise NotFound("This field is not corrected.")
        session.execute(delete(CorrectionRow).where(CorrectionRow.number == row.number, CorrectionRow.field == field))
        record_happening(session, visit, [row.number], kind="corrected", detail={"field": field, "undone": True})
        row.changed_at = visit.now
        stand(session, [row])


def place_dataset(visit: Visit, dataset_id: str, band: str, *, reason: str) -> None:
    """State where the dataset stands, against the rules if need be; "" lets the rules decide again.

    Raises: Invalid for "open" without evidence of an open licence, or for "unknown", which nobody can state.
    """
    grant = _grant(visit, Action.DATASET_PLACED, dataset_id, band=band)
    why = reason_given(reason, "place it there") if band else ""
    if band and band not in {each.value for each in Band} - {Band.UNKNOWN.value}:
        raise Invalid("Choose one of the bands from closed to open.", field="band")
    with visit.change(grant) as session:
        row = dataset_row(session, dataset_id, lock=True)
        if band == Band.OPEN.value:
            _prove_open(session, row)
        before = row.band
        row.stated = stated_as(Stated(band=Band(band), by=_speaker(visit), on=visit.today, reason=why)) if band else {}
        row.changed_at = visit.now
        session.flush()
        stand(session, [row])
        detail = {"from": before, "to": row.band, "reason": why, "stated": bool(band)}
        record_happening(session, visit, [row.number], kind="placed", detail=detail)


def _speaker(visit: Visit) -> str:
    """Who states a band, as everyone reads it: the organisation; the history has the person."""
    return visit.viewer.organisation or visit.viewer.display


def _prove_open(session: GuardedSession, row: DatasetRow) -> None:
    from catalogue.licences import Conformance, licence

    found = licence(row.licence) if row.licence else None
    if found is None or found.conformance is not Conformance.APPROVED:
        named = f"Its licence, {found.title}, is not an open one." if found else "No open licence is stated for it."
        raise Invalid(
            f"{named} Nobody can state that it is open without one: correct the licence first, with where you read it.",
            field="band",
        )


def set_listing(visit: Visit, dataset_id: str, listing: str, *, organisation_ids: Sequence[str] = ()) -> None:
    """Decide who may know that the dataset exists; what it holds is another question.

    Raises: Invalid when nobody would be left who may know of it, or an organisation is unknown.
    """
    owner = _owner(visit, dataset_id)
    grant = require(visit, Action.LISTING_CHANGED, f"dataset:{dataset_id}", organisation_id=owner, listing=listing)
    chosen = checked_listing(visit, listing, organisation_ids)
    if not owner and listing == "owner":
        raise Invalid("No organisation here owns it, so nobody would be left who may know of it.", field="listing")
    with visit.change(grant) as session:
        row = dataset_row(session, dataset_id, lock=True)
        before = row.listing
        write_listing(session, row, listing, organisation_ids=chosen)
        row.listing_by, row.changed_at = visit.viewer.username, visit.now
        detail = {"from": listing_words(before), "to": listing_words(listing)}
        record_happening(session, visit, [row.number], kind="listed", detail=detail)
        session.flush()
        changed(session, [row.number])


def checked_listing(visit: Visit, listing: str, organisation_ids: Sequence[str]) -> list[str]:
    """The organisations that a listing names, each once. Raises Invalid."""
    if listing not in ("everyone", "organisations", "owner"):
        raise Invalid("Choose who may know that it exists.", field="listing")
    if listing != "organisations":
        return []
    known = {each.id for each in organisations(visit)}
    chosen = list(dict.fromkeys(organisation_ids))
    if not chosen:
        raise Invalid("Choose the organisations that may know that it exists.", field="organisations")
    if set(chosen) - known:
        raise Invalid("One of the organisations is not known here.", field="organisations")
    return chosen


def write_listing(session: GuardedSession, row: DatasetRow, listing: str, *, organisation_ids: Sequence[str]) -> None:
    """Set a dataset's listing in the caller's transaction."""
    session.execute(delete(ListedForRow).where(ListedForRow.number == row.number))
    session.add_all(ListedForRow(number=row.number, organisation_id=each) for each in organisation_ids)
    row.listing = listing


def listing_words(listing: str) -> str:
    """A listing as a person reads it."""
    return {
        "everyone": "everyone signed in",
        "organisations": "named organisations",
        "owner": "only its owner",
    }.get(listing, listing)


def suggest_correction(visit: Visit, dataset_id: str, field: str, *, value: str, reason: str) -> Suggestion:
    """Propose a correction to the stewards; nothing changes until one of them takes it."""
    row = dataset_row(visit.read(), dataset_id)
    text, why = _checked(field, value), reason_given(reason, "suggest it")
    if not visit.viewer.person_id:
        raise NotPermitted("Only somebody who is signed in can suggest a correction.")
    grant = require(visit, Action.CORRECTION_SUGGESTED, f"dataset:{dataset_id}")
    kept = SuggestionRow(
        id=secrets.token_hex(8),
        number=row.number,
        field=field,
        value=text,
        reason=why,
        person_id=visit.viewer.person_id,
        by=visit.viewer.username,
        at=visit.now,
    )
    with visit.change(grant) as session:
        session.add(kept)
    return _suggestion(visit, kept, row)


def suggestions(visit: Visit, *, state: str = "open", dataset_id: str = "") -> list[Suggestion]:
    """What the viewer may settle, and what they suggested themselves, the newest first; "" for every state."""
    wanted = (
        select(SuggestionRow, DatasetRow)
        .join(DatasetRow, DatasetRow.number == SuggestionRow.number)
        .order_by(SuggestionRow.at.desc(), SuggestionRow.id)
    )
    if state:
        wanted = wanted.where(SuggestionRow.state == state)
    if dataset_id:
        wanted = wanted.where(DatasetRow.id == dataset_id)
    found = [(kept.person_id, _suggestion(visit, kept, row)) for kept, row in visit.read().execute(wanted)]
    return [each for person_id, each in found if each.may_settle or person_id == visit.viewer.person_id]


def settle_suggestion(visit: Visit, suggestion_id: str, *, take: bool, answer: str = "") -> None:
    """Take a suggestion, which corrects the field with the suggester's reason, or decline it with an answer."""
    kept = visit.read().get(SuggestionRow, suggestion_id)
    owner = visit.read().get(DatasetRow, kept.number) if kept else None
    if kept is None or owner is None or kept.state != "open":
        raise NotFound("This suggestion is not waiting any more.")
    grant = _grant(visit, Action.DATASET_CORRECTED, owner.id, field=kept.field, suggested_by=kept.by, taken=take)
    said_back = answer.strip()[:LONGEST_REASON] if take else reason_given(answer, "decline it")
    with visit.change(grant) as session:
        row = dataset_row(session, owner.id, lock=True)
        waiting = session.get(SuggestionRow, suggestion_id, with_for_update=True)
        if waiting is None or waiting.state != "open":
            raise NotFound("This suggestion is not waiting any more.")
        waiting.state = "taken" if take else "declined"
        waiting.answer, waiting.answered_by = said_back, visit.viewer.username
        if take:
            _correct(
                session,
                visit,
                row,
                field=waiting.field,
                text=waiting.value,
                why=waiting.reason,
                suggested_by=waiting.by,
            )


def _suggestion(visit: Visit, kept: SuggestionRow, row: DatasetRow) -> Suggestion:
    return Suggestion(
        id=kept.id,
        dataset_id=row.id,
        title=row.title,
        field=kept.field,
        value=_shown(kept.value),
        reason=kept.reason,
        by=kept.by,
        at=kept.at,
        state=kept.state or "open",
        answer=kept.answer or "",
        answered_by=kept.answered_by or "",
        may_settle=may_curate(visit, row.organisation_id),
    )
