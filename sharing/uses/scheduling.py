"""From a yes to a schedule row: a draft amendment of the agreement between the parties, or a new draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import msgspec
from sqlalchemy import select

from catalogue.datasets import dataset
from governance import Action, Invalid, NotFound, Visit, may, require
from governance.access import Band, PartyRole
from governance.agreements import drafting, reading
from governance.agreements.channels import LEVELS, fitting, sensitivity
from governance.agreements.document import Document, PartyLine, ScheduleLine, Terms
from governance.agreements.reading import AgreementView, State
from sharing.tables import UseDatasetRow
from sharing.uses.keeping import found
from sharing.uses.reading import use_case
from sharing.uses.values import Asked, Decision, UseCase

_IN_FORCE = (State.ACTIVE, State.NOT_STARTED)
_DRAFT = (State.DRAFT, State.REVIEW)
_OPEN = (*_DRAFT, State.SIGNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """How an owner's yes becomes a row of an agreement."""

    owner_id: str
    owner: str
    dataset_ids: tuple[str, ...]
    """Those of the owner that have no row in force."""
    agreement_id: str
    """The agreement between the two that is amended; "" for a new one."""
    agreement: str
    """ "A-7 Title", "" for a new one."""
    who: str
    """The organisation whose steward takes the step."""
    may: bool
    """Whether the viewer is one."""
    drafted: bool
    """Whether its row stands in a draft already: then that is opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """Where the rows stand now."""

    agreement_id: str
    version_id: str


def next_steps(visit: Visit, use: UseCase) -> tuple[Next, ...]:
    """One for each owner that said yes and has no row in force yet, for the two parties and who leads between them."""
    if not use.state.is_open:
        return ()
    steps = [_next(visit, use, each.organisation_id) for each in use.owners if _agreed(use, each.organisation_id)]
    ours, asks = visit.viewer.organisation_id, use.organisation_id
    return tuple(each for each in steps if each.dataset_ids and (each.agreement_id or ours in (asks, each.owner_id)))


def _agreed(use: UseCase, owner: str) -> tuple[Asked, ...]:
    """The datasets that this owner said yes to."""
    yes = (Decision.GO, Decision.GO_IF)
    return tuple(each for each in use.datasets if each.owner_id == owner and each.decision in yes)


def _next(visit: Visit, use: UseCase, owner: str) -> Next:
    agreed = _agreed(use, owner)
    drafted = next((each for each in agreed if each.version_id and _is_prepared(visit, each)), None)
    made = None if drafted else _between(visit, use, owner)
    stands = {each.dataset for each in made.document.schedule if _serves(each, use)} if made else set()
    lead, who = (made.lead_id, made.lead) if made else (visit.viewer.organisation_id, "")
    parties = (use.organisation_id, owner)
    allowed = made is not None or visit.viewer.organisation_id in parties
    return Next(
        owner_id=owner,
        owner=agreed[0].owner,
        dataset_ids=tuple(each.dataset_id for each in agreed if each.dataset_id not in stands),
        agreement_id=drafted.agreement_id if drafted else made.id if made else "",
        agreement=f"{made.name} {made.document.title}" if made else "",
        who=who or f"{agreed[0].owner} or {use.organisation}",
        may=bool(lead) and allowed and may(visit, Action.AGREEMENT_CHANGED, organisation_id=lead),
        drafted=drafted is not None,
    )


def _serves(line: ScheduleLine, use: UseCase) -> bool:
    """Whether a row lets those who ask do all of it."""
    for_it = use.organisation_id in line.receivers and use.purpose in line.purposes
    return for_it and set(use.uses) <= set(line.uses)


def _is_prepared(visit: Visit, asked: Asked) -> bool:
    """Whether the version its row was drafted in is still being prepared, and the viewer may read it."""
    try:
        version = reading.agreement(visit, asked.agreement_id, version=asked.version_id).version
    except NotFound:
        return False
    return version.state in _OPEN


def _between(visit: Visit, use: UseCase, owner: str) -> AgreementView | None:
    """An agreement in force in which the owner gives and who asks receives for this purpose; best one led by us."""
    views = [reading.agreement(visit, each.id) for each in reading.agreements(visit) if each.state in _IN_FORCE]
    fits = [each for each in views if _fits(each.document, use, owner=owner)]
    ours = visit.viewer.organisation_id
    return min(fits, key=lambda each: (each.lead_id != ours, each.number), default=None)


def _fits(document: Document, use: UseCase, *, owner: str) -> bool:
    roles = {each.organisation: each.role for each in document.parties}
    gives = owner in roles and roles[owner].gives
    receives = use.organisation_id in roles and roles[use.organisation_id].receives
    return gives and receives and use.purpose in document.terms.purposes


def schedule(visit: Visit, use_id: str, *, owner_id: str) -> Drafted:
    """Draft the rows for what this owner said yes to, and note in the request where they stand.

    An agreement in force between the two is amended, its schedule only; without one a new draft is begun, led by the
    viewer's organisation. A version that is being drafted already takes the rows up.
    Raises: Invalid when there is nothing to draft or a version is being signed; NotFound; NotPermitted.
    """
    use = use_case(visit, use_id)
    step = next((each for each in next_steps(visit, use) if each.owner_id == owner_id), None)
    if step is None:
        raise Invalid("There is no yes of this owner that could become a row of an agreement.")
    agreed = tuple(each for each in _agreed(use, owner_id) if each.dataset_id in step.dataset_ids)
    if step.drafted:
        known = next(each for each in agreed if each.version_id)
        return Drafted(agreement_id=known.agreement_id, version_id=known.version_id)
    grant = require(
        visit, Action.USE_SCHEDULED, f"use:{use_id}", organisation_id=visit.viewer.organisation_id, owner=owner_id
    )
    made = _between(visit, use, owner_id)
    drafted = _amended(visit, use, agreed, made=made) if made else _begun(visit, use, agreed)
    with visit.change(grant) as session:
        found(session, use_id)
        names = [each.dataset_id for each in agreed]
        wanted = select(UseDatasetRow).where(UseDatasetRow.use_id == use_id, UseDatasetRow.dataset_id.in_(names))
        for row in session.execute(wanted).scalars():
            row.agreement_id, row.version_id = drafted.agreement_id, drafted.version_id
    return drafted


def _amended(visit: Visit, use: UseCase, agreed: tuple[Asked, ...], *, made: AgreementView) -> Drafted:
    version_id = next((each.id for each in made.versions if each.state in _DRAFT), "")
    version_id = version_id or drafting.amend(visit, made.id, terms=False)
    draft = reading.agreement(visit, made.id, version=version_id)
    last = use.until if use.until is not None and use.until < draft.document.ends_on else None
    lines = tuple(_line(visit, use, each, last=last) for each in agreed)
    known = [each for each in lines if each not in draft.document.schedule]
    if known:
        document = msgspec.structs.replace(draft.document, schedule=(*draft.document.schedule, *known))
        note = f"Asked for: {use.title}"
        drafting.save(visit, version_id, document, seen=draft.version.content_hash, change_note=note)
    return Drafted(agreement_id=made.id, version_id=version_id)


def _line(visit: Visit, use: UseCase, asked: Asked, *, last: date | None) -> ScheduleLine:
    level = dataset(visit, asked.dataset_id).person_level
    return ScheduleLine(
        dataset=asked.dataset_id,
        title=asked.title,
        owner=asked.owner_id,
        channel=fitting(level, is_open=asked.band is Band.OPEN).id,
        uses=use.uses,
        purposes=(use.purpose,),
        receivers=(use.organisation_id,),
        last=last,
        privacy_note=asked.conditions,
    )


def _begun(visit: Visit, use: UseCase, agreed: tuple[Asked, ...]) -> Drafted:
    """A new draft between the two, for a year or as long as the use lasts."""
    ours, today, owner = visit.viewer.organisation_id, visit.today, agreed[0]
    ends = use.until or _a_year_on(today) - timedelta(days=1)
    roles = {use.organisation_id: PartyRole.RECEIVES, owner.owner_id: PartyRole.GIVES}
    if ours not in roles:
        raise Invalid(f"{owner.owner} or {use.organisation} drafts the agreement: ask one of their stewards.")
    levels = [dataset(visit, each.dataset_id).person_level for each in agreed]
    document = Document(
        title=use.title,
        lead=ours,
        starts_on=today,
        ends_on=ends,
        review_on=today + (ends - today) / 2,
        parties=tuple(PartyLine(organisation=each, role=roles[each]) for each in (ours, *(roles.keys() - {ours}))),
        terms=Terms(
            who=f"{owner.owner} gives, {use.organisation} receives.",
            purpose=use.summary,
            purposes=(use.purpose,),
            access=f"{use.organisation}, for: {use.purpose}.",
            privacy="\n".join(dict.fromkeys(each.conditions for each in agreed if each.conditions)),
            person_level=LEVELS[max(sensitivity(each) for each in levels)],
        ),
        schedule=tuple(_line(visit, use, each, last=None) for each in agreed),
    )
    made = drafting.draft(visit, document)
    return Drafted(agreement_id=made, version_id=reading.agreement(visit, made).version.id)


def _a_year_on(day: date) -> date:
    return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else date(day.year + 1, 3, 1)
