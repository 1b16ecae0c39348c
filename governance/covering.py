"""The access rule once more, as one SQL statement: which datasets of a list somebody may use, without asking each.

It reads the items and grants that are taken from a document when it is frozen, and leaves out every version that is not
what was signed. What a list says is no decision: who opens a dataset is answered by `access.decide`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, false, or_, select
from sqlalchemy import exists as there_is

from governance.access import Band, PartyRole, Scope, Use
from governance.standing import broken
from governance.tables import GrantRow, HoldRow, ItemRow, PartyRow, PersonRow, VersionRow
from governance.visit import Visit

_GIVES = [role.value for role in PartyRole if role.gives]
_RECEIVES = [role.value for role in PartyRole if role.receives]
_PERSON, _HOLD = PersonRow.__table__.alias("asking"), HoldRow.__table__.alias("hold_on")
_ITEM, _GRANT = ItemRow.__table__.alias("covering_item"), GrantRow.__table__.alias("covering_grant")
_VERSION, _TERMS = VersionRow.__table__.alias("covering"), VersionRow.__table__.alias("terms")
_PARTY, _BEFORE = PartyRow.__table__.alias("covering_party"), PartyRow.__table__.alias("party_before")
"""Made once: copying the columns of a table costs more than most queries."""


def covered(
    visit: Visit, datasets: FromClause, *, use: Use, purpose: str, left_out: frozenset[str] | None = None
) -> Select[tuple[str]]:
    """The ids of those `datasets` (columns id, owner, band) that the viewer may use so, at the moment of the visit.

    `left_out` is what `standing.broken` gave, for who asks for several lists at one look; None asks it. The tables are
    asked as they are, whoever looks: narrow `datasets` to those the viewer may know of.
    """
    person = _PERSON
    look = _Look(now=visit.now, today=visit.today, use=use, purpose=purpose, person=person.c, dataset=datasets.c)
    asks = and_(
        person.c.username == visit.viewer.username, person.c.active, ~look.held(Scope.PERSON, person.c.username)
    )
    own = and_(datasets.c.owner != "", datasets.c.owner == person.c.organisation_id)
    paused = or_(
        look.held(Scope.DATASET, datasets.c.id),
        look.held(Scope.ORGANISATION, datasets.c.owner),
        look.held(Scope.ORGANISATION, person.c.organisation_id),
    )
    may = or_(
        own,
        and_(
            ~paused,
            or_(datasets.c.band == Band.OPEN.value, look.by_agreement(broken(visit) if left_out is None else left_out)),
        ),
    )
    return select(datasets.c.id).select_from(datasets).join(person, asks).where(may)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    now: datetime
    today: date
    use: Use
    purpose: str
    person: Any
    """Columns of the person who asks."""
    dataset: Any
    """Columns of the list."""

    def held(self, scope: Scope, object_id: ColumnElement[str]) -> ColumnElement[bool]:
        hold = _HOLD
        lifted = or_(hold.c.lifted_at.is_(None), hold.c.lifted_at > self.now)
        about = (hold.c.scope == scope.value, hold.c.object_id == object_id)
        return _some(hold, where=(*about, hold.c.placed_at <= self.now, lifted))

    def by_agreement(self, left_out: frozenset[str]) -> ColumnElement[bool]:
        """Whether one row of one version covers it."""
        item, version = _ITEM, _VERSION
        in_force = (
            version.c.frozen_at.is_not(None),
            version.c.state != "withdrawn",
            version.c.activated_at <= self.now,
            or_(version.c.closed_at.is_(None), version.c.closed_at > self.now),
            version.c.id.not_in(sorted(left_out)) if left_out else ~false(),
            ~_unsigned(version.c),
            ~self.held(Scope.AGREEMENT, version.c.agreement_id),
        )
        covers = (
            item.c.dataset_id == self.dataset.id,
            item.c.owner_id == self.dataset.owner,
            version.c.id == item.c.version_id,
            item.c.first <= self.today,
            item.c.last >= self.today,
            _party(version.c, self.dataset.owner, _GIVES),
            _party(version.c, self.person.organisation_id, _RECEIVES),
            _granted(item.c, "receiver", self.person.organisation_id),
            _granted(item.c, "use", self.use.value),
            _granted(item.c, "purpose", self.purpose),
            or_(self.dataset.band != Band.NAMED.value, _granted(item.c, "person", self.person.username)),
        )
        return _some(item, version, where=(*in_force, *covers))


def _some(*tables: FromClause, where: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Whether there is such a row of these tables; all others are those of the statement around."""
    return there_is().where(*where).correlate_except(*tables)


def _party(version: Any, organisation_id: Any, roles: Sequence[str]) -> ColumnElement[bool]:
    party = _PARTY
    is_it = (party.c.version_id == version.id, party.c.organisation_id == organisation_id)
    return _some(party, where=(*is_it, party.c.role.in_(roles)))


def _granted(item: Any, kind: str, value: Any) -> ColumnElement[bool]:
    grant = _GRANT
    is_of = (grant.c.version_id == item.version_id, grant.c.position == item.position)
    return _some(grant, where=(*is_of, grant.c.kind == kind, grant.c.value == value))


def _unsigned(version: Any) -> ColumnElement[bool]:
    """Whether a party signed neither this document nor, where an amendment leaves it alone, its equal terms."""
    party, terms, before = _PARTY, _TERMS, _BEFORE
    here = and_(party.c.signed_at.is_not(None), party.c.signed_hash == version.content_hash)
    terms_signed = (
        ~party.c.signs,
        terms.c.agreement_id == version.agreement_id,
        terms.c.major == version.major,
        terms.c.minor == 0,
        terms.c.frozen_at.is_not(None),
        terms.c.state != "withdrawn",
        terms.c.terms_hash == version.terms_hash,
        before.c.version_id == terms.c.id,
        before.c.organisation_id == party.c.organisation_id,
        before.c.signed_at.is_not(None),
        before.c.signed_hash == terms.c.content_hash,
    )
    under = _some(terms, before, where=terms_signed)
    return _some(party, where=(party.c.version_id == version.id, ~or_(here, under)))
