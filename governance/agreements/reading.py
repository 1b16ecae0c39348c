"""What agreements there are, what one says, who signed it and what it still waits for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from governance import people
from governance.access import PartyRole
from governance.agreements import comparing
from governance.agreements.background import background
from governance.agreements.checks import Subject
from governance.agreements.checks import problems as found_problems
from governance.agreements.document import Document, read
from governance.agreements.keeping import OPEN, Folder, agreement_of, folder, folders, label
from governance.agreements.lives import health
from governance.agreements.verifying import damage
from governance.agreements.views import (
    AgreementBrief,
    AgreementView,
    Change,
    Health,
    PartyView,
    State,
    VersionBrief,
    Wait,
    Waiting,
)
from governance.errors import NotFound
from governance.tables import PartyRow, VersionRow
from governance.visit import Visit

__all__ = [
    "AgreementBrief",
    "AgreementView",
    "Change",
    "Health",
    "PartyView",
    "State",
    "VersionBrief",
    "Wait",
    "Waiting",
    "agreement",
    "agreements",
    "compare",
    "health",
    "problems",
    "waiting",
    "written",
]
SOON = timedelta(days=30)
"""How long before its last day an ending is told, and how long after its day a review."""


def _names(visit: Visit) -> Mapping[str, str]:
    return {each.id: each.name for each in people.organisations(visit)}


def _state(visit: Visit, version: VersionRow, document: Document) -> State:
    if version.state == "active" and visit.today < document.starts_on:
        return State.NOT_STARTED
    if version.state == "active" and visit.today > document.ends_on:
        return State.EXPIRED
    return State(version.state)


def _said(made: Folder, version: VersionRow) -> Document:
    """What the version says; of one that cannot be read any more the little that its rows tell: the alarm is told."""
    try:
        return read(version.document)
    except ValueError:
        day = version.created_at.date()
        row = made.agreement
        return Document(title=row.title, kind=row.kind, lead=row.lead_id, starts_on=day, ends_on=day, parties=())


def _counts(made: Folder) -> VersionRow:
    """The version in force, else the newest."""
    return made.in_force or made.versions[-1]


def agreements(visit: Visit) -> tuple[AgreementBrief, ...]:
    """The agreements the viewer may know of, newest first."""
    names = _names(visit)
    return tuple(_brief(visit, made, names=names) for made in folders(visit.read()) if made.versions)


def _brief(visit: Visit, made: Folder, *, names: Mapping[str, str]) -> AgreementBrief:
    version = _counts(made)
    document, parties = _said(made, version), made.parties.get(version.id, [])
    coming = [each for each in made.versions if each.state in OPEN and each is not version]
    return AgreementBrief(
        id=made.agreement.id,
        number=made.agreement.number,
        title=document.title,
        kind=document.kind,
        lead_id=made.agreement.lead_id,
        lead=names.get(made.agreement.lead_id, ""),
        version_id=version.id,
        label=label(version),
        state=_state(visit, version, document),
        purpose=document.terms.purpose,
        starts_on=document.starts_on,
        ends_on=document.ends_on,
        review_on=document.review_on,
        parties=tuple(names.get(each.organisation_id, "") for each in parties),
        datasets=len({each.dataset for each in document.schedule}),
        signed=sum(each.signs and each.signed_at is not None for each in parties),
        to_sign=sum(each.signs for each in parties),
        in_preparation=label(coming[-1]) if coming else "",
    )


def _found(visit: Visit, agreement_id: str) -> Folder:
    """By id, or by its number as people say it. Raises NotFound."""
    number = agreement_id.strip().upper().removeprefix("A-").lstrip("0")
    if len(number) < 9 and number.isdecimal():
        said = [made for made in folders(visit.read()) if str(made.agreement.number) == number]
        if said:
            return said[0]
    return folder(visit.read(), agreement_id)


def _named(made: Folder, version: str) -> VersionRow:
    found = [each for each in made.versions if version in (each.id, label(each))]
    if not found:
        raise NotFound("There is no such version of this agreement.")
    return found[-1]


def agreement(visit: Visit, agreement_id: str, *, version: str = "") -> AgreementView:
    """One agreement by its id or its number (A-7); `version` is an id or a label, "" for the one that counts.

    Raises NotFound.
    """
    made, names = _found(visit, agreement_id), _names(visit)
    shown = _named(made, version) if version else _counts(made)
    document = _said(made, shown)
    versions = {each.id: _version(visit, made, each) for each in reversed(made.versions)}
    return AgreementView(
        id=made.agreement.id,
        number=made.agreement.number,
        lead_id=made.agreement.lead_id,
        lead=names.get(made.agreement.lead_id, ""),
        version=versions[shown.id],
        versions=tuple(versions.values()),
        document=document,
        parties=tuple(
            _party(each, document, names.get(each.organisation_id, "")) for each in made.parties.get(shown.id, [])
        ),
        today=visit.today,
        next_step=_next_steps(visit, made, shown, names=names),
        damage=damage(visit, made.agreement.id),
    )


def _version(visit: Visit, made: Folder, row: VersionRow) -> VersionBrief:
    document = _said(made, row)
    return VersionBrief(
        id=row.id,
        label=label(row),
        state=_state(visit, row, document),
        content_hash=row.content_hash,
        terms_hash=row.terms_hash,
        change_note=row.change_note,
        starts_on=document.starts_on,
        ends_on=document.ends_on,
        by=row.by,
        created_at=row.created_at,
        frozen_at=row.frozen_at,
        activated_at=row.activated_at,
        closed_at=row.closed_at,
        close_reason=row.close_reason,
        looked_back=row.looked_back,
        adviser=row.adviser,
        adviser_comment=row.adviser_comment,
    )


def _party(row: PartyRow, document: Document, name: str) -> PartyView:
    said = next((each for each in document.parties if each.organisation == row.organisation_id), None)
    return PartyView(
        organisation_id=row.organisation_id,
        name=name,
        role=said.role if said else PartyRole.HOSTS,
        stakes=said.stakes if said else "",
        protects=said.protects if said else "",
        puts_in=said.puts_in if said else "",
        signs=row.signs,
        signed_at=row.signed_at,
        signatory=row.signatory,
        signatory_title=row.signatory_title,
        method=row.method,
        reference=row.reference,
        declined_at=row.declined_at,
        declined_why=row.declined_why,
    )


def _next_steps(visit: Visit, made: Folder, version: VersionRow, *, names: Mapping[str, str]) -> tuple[str, ...]:
    document, lead = _said(made, version), names.get(made.agreement.lead_id, "")
    parties = made.parties.get(version.id, [])
    if version.state == "draft":
        return (f"{lead} gives it to the parties to talk it through.",)
    if version.state == "review":
        silent = [names.get(each.organisation, "") for each in document.parties if not each.stakes.strip()]
        return tuple(f"{name} says what is at stake for it." for name in silent) or (
            f"{lead} opens it for signature when everything is said.",
        )
    if version.state == "signing":
        declined = [each for each in parties if each.declined_at]
        if declined:
            who = names.get(declined[0].organisation_id, "")
            return (f"{who} declined: {lead} takes this version back and begins a new one.",)
        missing = [each for each in parties if each.signs and not each.signed_at]
        return tuple(f"{names.get(each.organisation_id, '')} signs." for each in missing)
    return tuple(each.sentence for each in _running(visit, made, names=names) if each.version_id == version.id)


def written(visit: Visit, version_id: str) -> bytes:
    """The canonical document as it is kept, whose SHA-256 is the content hash. Raises NotFound."""
    return agreement_of(visit, version_id).document


def compare(visit: Visit, agreement_id: str, *, before: str, after: str) -> tuple[Change, ...]:
    """What differs between two versions, named by id or label. Raises NotFound."""
    made = _found(visit, agreement_id)
    first, last = (_said(made, _named(made, each)) for each in (before, after))
    return comparing.changes(first, last, names=_names(visit))


def problems(visit: Visit, version_id: str, *, subjects: Mapping[str, Subject]) -> tuple[str, ...]:
    """Why this draft cannot be opened for signature; empty when it can. `subjects` are its datasets, by id."""
    version = agreement_of(visit, version_id)
    made = folder(visit.read(), version.agreement_id)
    against = background(visit, made, version, subjects=subjects, names=_names(visit))
    return found_problems(read(version.document), against)


def waiting(visit: Visit) -> tuple[Waiting, ...]:
    """What the viewer's organisation owes: signatures, stakes, reviews; and what ends within 30 days."""
    names, found = _names(visit), list[Waiting]()
    for made in folders(visit.read()):
        found += _owed(visit, made)
        ours = made.in_force and made.party(made.in_force.id, visit.viewer.organisation_id)
        found += _running(visit, made, names=names) if ours else []
    return tuple(found)


def _wait(made: Folder, version: VersionRow, kind: Wait, *, due: date | None, sentence: str) -> Waiting:
    return Waiting(
        kind=kind,
        agreement_id=made.agreement.id,
        version_id=version.id,
        name=f"A-{made.agreement.number}",
        title=made.agreement.title,
        label=label(version),
        due=due,
        sentence=sentence,
    )


def _owed(visit: Visit, made: Folder) -> list[Waiting]:
    found: list[Waiting] = []
    for version in made.versions:
        party = made.party(version.id, visit.viewer.organisation_id)
        if party is None:
            continue
        title = f"A-{made.agreement.number} {made.agreement.title}, version {label(version)}"
        if version.state == "signing" and party.signs and not party.signed_at and not party.declined_at:
            sentence = f"{title}, waits for your signature."
            found.append(_wait(made, version, Wait.SIGNATURE, due=None, sentence=sentence))
        if version.state == "review" and not version.minor:
            silent = {each.organisation for each in _said(made, version).parties if not each.stakes.strip()}
            if party.organisation_id in silent:
                sentence = f"{title}, waits for what is at stake for you."
                found.append(_wait(made, version, Wait.STAKES, due=None, sentence=sentence))
    return found


def _running(visit: Visit, made: Folder, *, names: Mapping[str, str]) -> list[Waiting]:
    """What a version in force brings up: its review, its end."""
    version = made.in_force
    if version is None:
        return []
    document, found = _said(made, version), list[Waiting]()
    lead, today = names.get(made.agreement.lead_id, ""), visit.today
    if any(each.state in OPEN for each in made.versions) or today < document.starts_on:
        return []
    if document.review_on and document.review_on <= today <= document.review_on + SOON:
        sentence = f"Look at A-{made.agreement.number} {made.agreement.title} again together: {lead} invites."
        found.append(_wait(made, version, Wait.REVIEW, due=document.review_on, sentence=sentence))
    left = (document.ends_on - today).days
    if 0 <= left <= SOON.days:
        when = {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")
        sentence = f"A-{made.agreement.number} {made.agreement.title} ends {when}: look back, then renew it or end it."
        found.append(_wait(made, version, Wait.ENDING, due=document.ends_on, sentence=sentence))
    return found
