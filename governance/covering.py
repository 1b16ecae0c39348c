"""The access rule once more, as one SQL statement: which datasets of a list an agreement lets somebody use.

It reads the items and grants that are taken from a document when it is frozen, and leaves out every version that is not
what was signed. What a list says is no decision: who opens a dataset is answered by `access.decide`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, or_, select
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
_OURS = PartyRow.__table__.alias("our_party")
_PARTY, _BEFORE = PartyRow.__table__.alias("covering_party"), PartyRow.__table__.alias("party_before")
"""Made once: copying the columns of a table costs more than most queries."""


def covered(visit: Visit, datasets: FromClause, *, use: Use, purpose: str | None = None) -> Select[Any]:
    """Those `datasets`, all their columns (id, owner and band among them), of which the rule says `covered`.

    They are neither the viewer's own nor open; one row of one version lets the viewer use them so at the moment of the
    visit, for this purpose, or with None for any. The tables are asked as they are, whoever looks: narrow `datasets`
    to those the viewer may know of, or mask the answer.
    """
    look = _Look(
        now=visit.now,
        today=visit.today,
        use=use,
        purpose=purpose,
        left_out=broken(visit),
        person=_PERSON.c,
        dataset=datasets.c,
    )
    # From the viewer's own place in agreements to the datasets: of a large catalogue few rows are touched.
    found = (
        select(*datasets.c)
        .distinct()
        .select_from(_PERSON)
        .join(_OURS, and_(_OURS.c.organisation_id == _PERSON.c.organisation_id, _OURS.c.role.in_(_RECEIVES)))
        .join(_VERSION, and_(_VERSION.c.id == _OURS.c.version_id, *look.in_force()))
        .join(_ITEM, and_(_ITEM.c.version_id == _VERSION.c.id, *look.gives()))
        .join(datasets, and_(datasets.c.id == _ITEM.c.dataset_id, datasets.c.owner == _ITEM.c.owner_id))
    )
    return found.where(*look.asks(visit.viewer.username), *look.needs_it())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    now: datetime
    today: date
    use: Use
    purpose: str | None
    left_out: frozenset[str]
    person: Any
    """Columns of the person who asks."""
    dataset: Any
    """Columns of the list."""

    def asks(self, username: str) -> Sequence[ColumnElement[bool]]:
        """Who asks, with an account that is neither switched off nor paused, nor is the whole organisation."""
        person = self.person
        paused = or_(self._held(Scope.PERSON, person.username), self._held(Scope.ORGANISATION, person.organisation_id))
        return (person.username == username, person.active, ~paused)

    def in_force(self) -> Sequence[ColumnElement[bool]]:
        """The version is signed, current, not paused, and what was signed."""
        version = _VERSION
        return (
            version.c.frozen_at.is_not(None),
            version.c.state != "withdrawn",
            version.c.activated_at <= self.now,
            or_(version.c.closed_at.is_(None), version.c.closed_at > self.now),
            version.c.id.not_in(sorted(self.left_out)),
            ~_unsigned(version.c, self.left_out),
            ~self._held(Scope.AGREEMENT, version.c.agreement_id),
        )

    def gives(self) -> Sequence[ColumnElement[bool]]:
        """The row lets the viewer's organisation use it so today."""
        item = _ITEM
        purpose = () if self.purpose is None else (_GRANT.c.value == self.purpose,)
        return (
            item.c.first <= self.today,
            item.c.last >= self.today,
            _party(item.c.version_id, item.c.owner_id, _GIVES),
            _granted(item.c, "receiver", _GRANT.c.value == self.person.organisation_id),
            _granted(item.c, "use", _GRANT.c.value == self.use.value),
            _granted(item.c, "purpose", *purpose),
        )

    def needs_it(self) -> Sequence[ColumnElement[bool]]:
        """Nothing else lets the viewer in, nothing pauses the dataset, and a named person is named."""
        dataset, person = self.dataset, self.person
        return (
            dataset.owner != person.organisation_id,
            dataset.band != Band.OPEN.value,
            ~self._held(Scope.DATASET, dataset.id),
            ~self._held(Scope.ORGANISATION, dataset.owner),
            or_(
                dataset.band != Band.NAMED.value,
                _granted(_ITEM.c, "person", _GRANT.c.value == person.username),
            ),
        )

    def _held(self, scope: Scope, object_id: ColumnElement[str]) -> ColumnElement[bool]:
        hold = _HOLD
        lifted = or_(hold.c.lifted_at.is_(None), hold.c.lifted_at > self.now)
        about = (hold.c.scope == scope.value, hold.c.object_id == object_id)
        return _some(hold, where=(*about, hold.c.placed_at <= self.now, lifted))


def _some(*tables: FromClause, where: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Whether there is such a row of these tables; all others are those of the statement around."""
    return there_is().where(*where).correlate_except(*tables)


def _party(version_id: Any, organisation_id: Any, roles: Sequence[str]) -> ColumnElement[bool]:
    party = _PARTY
    is_it = (party.c.version_id == version_id, party.c.organisation_id == organisation_id)
    return _some(party, where=(*is_it, party.c.role.in_(roles)))


def _granted(item: Any, kind: str, *value: ColumnElement[bool]) -> ColumnElement[bool]:
    grant = _GRANT
    is_of = (grant.c.version_id == item.version_id, grant.c.position == item.position)
    return _some(grant, where=(*is_of, grant.c.kind == kind, *value))


def _unsigned(version: Any, left_out: frozenset[str]) -> ColumnElement[bool]:
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
        terms.c.id.not_in(sorted(left_out)),
        before.c.version_id == terms.c.id,
        before.c.organisation_id == party.c.organisation_id,
        before.c.signed_at.is_not(None),
        before.c.signed_hash == terms.c.content_hash,
    )
    under = _some(terms, before, where=terms_signed)
    return _some(party, where=(party.c.version_id == version.id, ~or_(here, under)))
