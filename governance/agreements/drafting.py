"""Drafting an agreement: only before it is opened for signature, and never over somebody else's change."""

from __future__ import annotations

import msgspec

from governance.agreements.document import Document, canonical, content_hash, read, terms_hash
from governance.agreements.keeping import (
    OPEN,
    Folder,
    agreement_of,
    beginning,
    changing,
    folder,
    label,
    line,
    new_id,
    sound,
    target,
    tell,
    words,
    write,
)
from governance.errors import Invalid
from governance.policy import Action, Grant, require
from governance.tables import AgreementRow, VersionRow
from governance.visit import Visit


def draft(visit: Visit, document: Document) -> str:
    """Begin an agreement led by the viewer's organisation; its id. Its version 1.0 is a draft.

    Raises: Invalid, NotPermitted.
    """
    kept, agreement_id, version_id = sound(document), new_id(), new_id()
    said = {"version": "1.0", "version_id": version_id, "content_hash": content_hash(canonical(kept))}
    grant = require(
        visit, Action.AGREEMENT_DRAFTED, target(agreement_id), organisation_id=kept.lead, title=kept.title, **said
    )
    with beginning(visit, grant) as (session, number):
        agreement = AgreementRow(
            id=agreement_id,
            number=number,
            title=kept.title,
            kind=kept.kind,
            lead_id=kept.lead,
            by=visit.viewer.username,
            created_at=visit.now,
        )
        session.add(agreement)
        session.flush()
        made = Folder(session=session, agreement=agreement, versions=[], parties={}, grants=[grant])
        _add(made, _Next(id=version_id, major=1, minor=0), kept)
        tell(made)
    return agreement_id


class _Next(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    major: int
    minor: int


def _add(made: Folder, number: _Next, document: Document) -> None:
    visit = made.grants[0].visit
    version = VersionRow(
        id=number.id,
        agreement_id=made.agreement.id,
        major=number.major,
        minor=number.minor,
        state="draft",
        document=canonical(document),
        by=visit.viewer.username,
        created_at=visit.now,
    )
    made.session.add(version)
    made.session.flush()
    made.versions.append(version)
    write(made, version, document)


def _grant(visit: Visit, version_id: str, **detail: str) -> tuple[Grant, VersionRow]:
    """Leave for the lead to change a version, and the version as it is before."""
    version = agreement_of(visit, version_id)
    lead = folder(visit.read(), version.agreement_id).agreement.lead_id
    said = {"version": label(version), "version_id": version.id, **detail}
    return (
        require(visit, Action.AGREEMENT_CHANGED, target(version.agreement_id), organisation_id=lead, **said),
        version,
    )


def _changeable(version: VersionRow) -> None:
    if version.state not in ("draft", "review"):
        raise Invalid(f"Version {label(version)} cannot be changed any more: begin a new version instead.")


def save(visit: Visit, version_id: str, document: Document, *, seen: str, change_note: str = "") -> str:
    """Save a draft; returns its new hash. `seen` is the content hash of what the viewer changed.

    Raises: Invalid when somebody saved meanwhile or it is signed already, NotPermitted, NotFound.
    """
    kept, note = sound(document), words(change_note, field="change_note")
    now = content_hash(canonical(kept))
    grant, before = _grant(visit, version_id, content_hash=now)
    with changing(visit, grant, before.agreement_id) as made:
        version = made.version(version_id)
        _changeable(version)
        if version.content_hash != seen:
            raise Invalid("Somebody saved this agreement meanwhile: open it again, and your changes can be made anew.")
        if kept.lead != made.agreement.lead_id:
            raise Invalid("Another organisation cannot take the lead: it drafts an agreement of its own.", field="lead")
        if version.minor and terms_hash(kept) != version.terms_hash:
            raise Invalid("This version changes the schedule only: to change the terms, begin new terms.")
        write(made, version, kept)
        version.change_note = note or version.change_note
    return now


def say_stakes(visit: Visit, version_id: str, *, stakes: str, protects: str = "", puts_in: str = "") -> None:
    """Say what is at stake for the viewer's own organisation. Raises: Invalid, NotPermitted, NotFound."""
    said = {
        "stakes": words(stakes, field="stakes", most=2000),
        "protects": words(protects, field="protects", most=2000),
        "puts_in": words(puts_in, field="puts_in", most=2000),
    }
    if not said["stakes"]:
        raise Invalid("Say what is at stake for you; “Nothing to add.” is an answer too.", field="stakes")
    ours, before = visit.viewer.organisation_id, agreement_of(visit, version_id)
    grant = require(
        visit,
        Action.STAKES_SAID,
        target(before.agreement_id),
        organisation_id=ours,
        version=label(before),
        version_id=before.id,
    )
    with changing(visit, grant, before.agreement_id) as made:
        version = made.version(version_id)
        _changeable(version)
        if version.minor:
            raise Invalid("This version changes the schedule only: what is at stake stands in the terms.")
        document = read(version.document)
        if ours not in {each.organisation for each in document.parties}:
            raise Invalid("Your organisation is no party of this version: ask its lead to add it.")
        parties = tuple(
            msgspec.structs.replace(each, **said) if each.organisation == ours else each for each in document.parties
        )
        write(made, version, sound(msgspec.structs.replace(document, parties=parties)))


def advise(visit: Visit, version_id: str, *, adviser: str, comment: str) -> None:
    """Keep the privacy adviser's comment with a draft. Raises: Invalid, NotPermitted, NotFound."""
    name, said = line(adviser, field="adviser"), words(comment, field="comment")
    if not name or not said:
        raise Invalid("Give the adviser's name and what they say.", field="comment" if name else "adviser")
    before = agreement_of(visit, version_id)
    detail = {"version": label(before), "version_id": before.id, "adviser": name}
    grant = require(visit, Action.AGREEMENT_ADVISED, target(before.agreement_id), **detail)
    with changing(visit, grant, before.agreement_id) as made:
        version = made.version(version_id)
        _changeable(version)
        version.adviser, version.adviser_comment = name, said


def for_review(visit: Visit, version_id: str) -> None:
    """Give a draft to the parties to talk it through. Raises: Invalid, NotPermitted, NotFound."""
    _move(visit, version_id, before="draft", after="review")


def back_to_draft(visit: Visit, version_id: str) -> None:
    """Take a version out of review again. Raises: Invalid, NotPermitted, NotFound."""
    _move(visit, version_id, before="review", after="draft")


def _move(visit: Visit, version_id: str, *, before: str, after: str) -> None:
    grant, found = _grant(visit, version_id, state=after)
    with changing(visit, grant, found.agreement_id) as made:
        version = made.version(version_id)
        if version.state != before:
            raise Invalid(f"Version {label(version)} is not in {before} any more: look at it again.")
        version.state = after


def amend(visit: Visit, agreement_id: str, *, terms: bool, copy_of: str = "") -> str:
    """Begin the next version; its id. With `terms` it is n+1.0, signed by all; else n.m+1, for the schedule only.

    It starts as a copy of the version in force (of the newest one where none is), or of the version `copy_of`.
    Raises: Invalid while another version is in preparation, NotPermitted, NotFound.
    """
    known = folder(visit.read(), agreement_id)
    number = _next(known, terms=terms)
    grant = require(
        visit,
        Action.AGREEMENT_CHANGED,
        target(agreement_id),
        organisation_id=known.agreement.lead_id,
        version=f"{number.major}.{number.minor}",
        version_id=number.id,
        begun=True,
    )
    with changing(visit, grant, agreement_id) as made:
        if (now := _next(made, terms=terms)).major != number.major or now.minor != number.minor:
            raise Invalid("Somebody began another version meanwhile: look at the agreement again.")
        base = made.in_force or made.versions[-1]
        document = read((made.version(copy_of) if copy_of else base).document)
        if number.minor:
            document = msgspec.structs.replace(read(base.document), schedule=document.schedule)
        _add(made, number, sound(document))
    return number.id


def _next(made: Folder, *, terms: bool) -> _Next:
    for each in made.versions:
        if each.state in OPEN:
            raise Invalid(f"Version {label(each)} is in preparation: finish it or take it back first.")
    if terms:
        return _Next(id=new_id(), major=made.versions[-1].major + 1, minor=0)
    if made.in_force is None:
        raise Invalid("No version is in force whose schedule could be amended: begin new terms.")
    major = made.in_force.major
    minor = max(each.minor for each in made.versions if each.major == major) + 1
    return _Next(id=new_id(), major=major, minor=minor)
