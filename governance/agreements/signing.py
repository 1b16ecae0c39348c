"""Opening for signature, signing, and the end: what is frozen stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from governance import people
from governance.agreements import document as documents
from governance.agreements.background import background
from governance.agreements.checks import Subject, problems, touched
from governance.agreements.keeping import Folder, agreement_of, changing, folder, label, line, target, values, words
from governance.agreements.records import misfit, rows, seal, signed_by
from governance.errors import Invalid
from governance.policy import Action, Grant, require
from governance.tables import GrantRow, ItemRow, PartyRow, VersionRow
from governance.visit import Visit
from store import bulk_insert

METHODS = ("typed", "paper")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signs for an organisation, and how."""

    signatory: str
    """The name as typed, or as it stands on the paper."""
    title: str = ""
    method: str = "typed"
    """typed, paper"""
    reference: str = ""
    """Where the signed paper lies; needed for paper."""


def open_for_signature(visit: Visit, version_id: str, *, subjects: Mapping[str, Subject]) -> None:
    """Freeze a version; `subjects` are the datasets of its schedule by id, as the catalogue knows them.

    Raises: Invalid with the first problem, NotPermitted, NotFound.
    """
    before = agreement_of(visit, version_id)
    grant = _leads(visit, before, Action.AGREEMENT_OPENED)
    names = {each.id: each.name for each in people.organisations(visit)}
    with changing(visit, grant, before.agreement_id) as made:
        version = made.version(version_id)
        if version.state != "review":
            raise Invalid(f"Version {label(version)} is not in review: let the parties talk it through first.")
        if documents.content_hash(version.document) != before.content_hash:
            raise Invalid("Somebody saved this agreement meanwhile: look at it again, then open it for signature.")
        document = documents.read(version.document)
        found = problems(document, background(visit, made, version, subjects=subjects, names=names))
        if found:
            raise Invalid(found[0])
        signers = _signers(made, version, document)
        for party in made.parties[version.id]:
            party.signs = party.organisation_id in signers
        version.state, version.frozen_at = "signing", visit.now
        items, grants = rows(version.id, document)
        bulk_insert(made.session, ItemRow, items)
        bulk_insert(made.session, GrantRow, grants)


def _leads(visit: Visit, version: VersionRow, action: Action) -> Grant:
    """Leave for a steward of the organisation that leads."""
    lead = folder(visit.read(), version.agreement_id).agreement.lead_id
    return require(visit, action, target(version.agreement_id), organisation_id=lead, **values(version))


def _signers(made: Folder, version: VersionRow, document: documents.Document) -> frozenset[str]:
    """Who signs: new terms everybody; a schedule the owners, old and new, of the rows it touches, and the lead."""
    if not version.minor or made.in_force is None:
        return frozenset(each.organisation for each in document.parties)
    lines = touched(documents.read(made.in_force.document), document)
    return frozenset(each.owner for each in lines) | {made.agreement.lead_id}


def _given(signature: Signature) -> Signature:
    """The signature as it is kept. Raises Invalid."""
    made = Signature(
        signatory=line(signature.signatory, field="signatory"),
        title=line(signature.title, field="title"),
        method=signature.method,
        reference=line(signature.reference, field="reference"),
    )
    if not made.signatory:
        raise Invalid("Type the name of who signs.", field="signatory")
    if made.method not in METHODS:
        raise Invalid("Sign by typing the name, or name the paper that was signed.", field="method")
    if made.method == "paper" and not made.reference:
        raise Invalid("Say where the signed paper lies.", field="reference")
    return made


def _waited_for(made: Folder, version: VersionRow, organisation_id: str) -> PartyRow:
    """The party's row while its signature is waited for. Raises Invalid."""
    party = made.party(version.id, organisation_id)
    if version.state != "signing":
        raise Invalid(f"Version {label(version)} is not open for signature: look at it again.")
    if party is None:
        raise Invalid("Your organisation is no party of this version: ask its lead.")
    if not party.signs:
        raise Invalid("This version touches no row of yours: your signature under the terms stands.")
    if party.signed_at:
        raise Invalid(f"{party.signatory} signed this version for your organisation already.")
    if party.declined_at:
        raise Invalid("Your organisation declined this version: ask its lead for a new one.")
    return party


def sign(visit: Visit, version_id: str, signature: Signature, *, content_hash: str) -> bool:
    """Sign for the viewer's organisation what has this hash; True when this was the last signature: it is in force.

    Raises: Invalid, NotPermitted, NotFound.
    """
    given, ours, before = _given(signature), visit.viewer.organisation_id, agreement_of(visit, version_id)
    names = target(before.agreement_id)
    grant = require(visit, Action.AGREEMENT_SIGNED, names, organisation_id=ours, organisation=ours, **values(before))
    with changing(visit, grant, before.agreement_id) as made:
        version = made.version(version_id)
        party = _waited_for(made, version, ours)
        if version.content_hash != content_hash:
            raise Invalid("This is not the version that you read: read it again before you sign.")
        if wrong := misfit(version, made.parties[version.id]):
            raise Invalid(f"This version cannot be signed, as {wrong}: tell an administrator.")
        if documents.read(version.document).ends_on < visit.today:
            raise Invalid("The last day of this version has passed: ask its lead for a new one.")
        party.signatory, party.signatory_title = given.signatory, given.title
        party.method, party.reference = given.method, given.reference
        party.signed_at, party.signed_by, party.signed_hash = visit.now, visit.viewer.username, content_hash
        party.seal = seal(party)
        made.tells(seal=party.seal)
        return _activate(visit, made, version)


def _activate(visit: Visit, made: Folder, version: VersionRow) -> bool:
    """Put it into force when nothing is missing; what was in force ends in the same moment."""
    parties, before = made.parties[version.id], made.in_force
    if any(each.signs and each.signed_at is None for each in parties):
        return False
    stands = signed_by(version, parties, made.terms_of(version))
    fits = not version.minor or (before is not None and before.terms_hash == version.terms_hash)
    if not fits or stands != {each.organisation_id for each in parties}:
        raise Invalid(f"The terms that version {label(version)} relies on are not in force: ask its lead.")
    ours, names = visit.viewer.organisation_id, target(made.agreement.id)
    if before is not None:
        before.state, before.closed_at = "closed", visit.now
        before.close_reason = f"Superseded by version {label(version)}."
        said = values(before, why=before.close_reason)
        made.grants.append(require(visit, Action.AGREEMENT_CLOSED, names, organisation_id=ours, **said))
    version.state, version.activated_at = "active", visit.now
    document = documents.read(version.document)
    made.agreement.title, made.agreement.kind = document.title, document.kind
    made.grants.append(require(visit, Action.AGREEMENT_ACTIVATED, names, **values(version)))
    return True


def decline(visit: Visit, version_id: str, why: str) -> None:
    """Say that the viewer's organisation does not sign, and why. Raises: Invalid, NotPermitted, NotFound."""
    reason, ours = _reason(why), visit.viewer.organisation_id
    before = agreement_of(visit, version_id)
    said = values(before, organisation=ours, why=reason)
    grant = require(visit, Action.AGREEMENT_DECLINED, target(before.agreement_id), organisation_id=ours, **said)
    with changing(visit, grant, before.agreement_id) as made:
        party = _waited_for(made, made.version(version_id), ours)
        party.declined_at, party.declined_why = visit.now, reason


def withdraw(visit: Visit, version_id: str, why: str) -> None:
    """Take a version back from signing, or give up a draft; `amend` begins a new copy.

    Raises: Invalid, NotPermitted, NotFound.
    """
    reason, before = _reason(why), agreement_of(visit, version_id)
    grant = _leads(visit, before, Action.AGREEMENT_WITHDRAWN)
    with changing(visit, grant, before.agreement_id) as made:
        version = made.version(version_id)
        if version.state not in ("draft", "review", "signing"):
            raise Invalid(f"Version {label(version)} cannot be taken back any more: it is {version.state}.")
        made.tells(why=reason)
        version.state, version.closed_at, version.close_reason = "withdrawn", visit.now, reason


def close(visit: Visit, agreement_id: str, *, why: str, looked_back: str = "") -> None:
    """End the version in force, from this moment; any party may. Raises: Invalid, NotPermitted, NotFound."""
    reason, back, ours = _reason(why), words(looked_back, field="looked_back"), visit.viewer.organisation_id
    found = folder(visit.read(), agreement_id).in_force
    if found is None:
        raise Invalid("No version of this agreement is in force: there is nothing to end.")
    said = values(found, why=reason)
    grant = require(visit, Action.AGREEMENT_CLOSED, target(agreement_id), organisation_id=ours, **said)
    with changing(visit, grant, agreement_id) as made:
        version = made.version(found.id)
        if version.state != "active":
            raise Invalid("Somebody ended this version meanwhile: look at the agreement again.")
        if not visit.viewer.sees_all and made.party(version.id, ours) is None:
            raise Invalid("Only a party of this version can end it: ask its lead.")
        version.state, version.closed_at, version.close_reason = "closed", visit.now, reason
        version.looked_back = back


def _reason(why: str) -> str:
    reason = words(why, field="why", most=2000)
    if not reason:
        raise Invalid("Say why, in a sentence.", field="why")
    return reason
