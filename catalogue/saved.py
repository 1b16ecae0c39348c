"""What a person comes back to: saved searches with what is new in them, and datasets they follow."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

import numpy as np
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from catalogue import hits, search
from catalogue.facets import Facet
from catalogue.history import Happening, sentence
from catalogue.hits import Hit
from catalogue.search import Query, Sort
from catalogue.tables import DatasetRow, FollowRow, HistoryRow, SavedSearchRow
from governance import Action, Invalid, NotFound, NotPermitted, Visit, require

MOST_SAVED = 50
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A search under a name of its owner's choice."""

    id: str
    name: str
    query: Query
    looked_at: datetime
    new: int
    """Datasets it finds that came into the catalogue since its owner last looked."""


def save_search(visit: Visit, name: str, query: Query) -> str:
    """Keep this search for the person of the visit; answers its id. Raises Invalid for a name that is empty or used."""
    person = _person(visit)
    called = " ".join(name.split())
    if not called:
        raise Invalid("Give the search a name, so that you know it again.", field="name")
    if len(called) > _LONGEST_NAME:
        raise Invalid(f"The name of a search has at most {_LONGEST_NAME} letters.", field="name")
    made = secrets.token_hex(16)
    with visit.change(require(visit, Action.SEARCH_SAVED, made)) as session:
        mine = session.execute(select(SavedSearchRow.name).where(SavedSearchRow.person_id == person)).scalars().all()
        if called in mine:
            raise Invalid(f"You already have a search called “{called}”: choose another name.", field="name")
        if len(mine) >= MOST_SAVED:
            raise Invalid(f"You have {MOST_SAVED} saved searches: take one away first.")
        row = SavedSearchRow(id=made, person_id=person, name=called, query=_kept(query))
        row.created_at = row.looked_at = visit.now
        session.add(row)
    return made


def saved_searches(visit: Visit) -> tuple[SavedSearch, ...]:
    """The searches of the person of the visit in the order of their names, each with the number of new datasets."""
    mine = (
        select(SavedSearchRow)
        .where(SavedSearchRow.person_id == visit.viewer.person_id)
        .order_by(func.lower(SavedSearchRow.name), SavedSearchRow.id)
    )
    rows = visit.read().execute(mine).scalars().all() if visit.viewer.person_id else []
    return tuple(_saved(visit, row) for row in rows)


def look_at(visit: Visit, id: str) -> Query:
    """The saved search, from now on with nothing new in it. Raises NotFound."""
    with visit.change(require(visit, Action.SEARCH_SAVED, id, looked=True)) as session:
        row = _mine(session, visit, id)
        row.looked_at = visit.now
        return _read(row.query)


def forget(visit: Visit, id: str) -> None:
    """Take a saved search away. Raises NotFound."""
    with visit.change(require(visit, Action.SEARCH_SAVED, id, forgotten=True)) as session:
        session.delete(_mine(session, visit, id))


def _mine(session: Session, visit: Visit, id: str) -> SavedSearchRow:
    wanted = select(SavedSearchRow).where(SavedSearchRow.id == id, SavedSearchRow.person_id == visit.viewer.person_id)
    row = session.execute(wanted).scalar_one_or_none()
    if row is None:
        raise NotFound("You have no such saved search.")
    return row


def _saved(visit: Visit, row: SavedSearchRow) -> SavedSearch:
    query = _read(row.query)
    added = select(DatasetRow.number).where(DatasetRow.added_at > row.looked_at)
    since = visit.read().execute(added).scalars().all()
    new = len(np.intersect1d(search.numbers(visit, query), since)) if since else 0
    return SavedSearch(id=row.id, name=row.name, query=query, looked_at=row.looked_at, new=new)


def _kept(query: Query) -> dict[str, Any]:
    known = {facet.value for facet in Facet}
    filters = {name: list(values) for name, values in query.filters.items() if name in known and values}
    return {"text": query.text[:400], "filters": filters, "sort": query.sort.value}


def _read(kept: Mapping[str, Any]) -> Query:
    filters = {name: tuple(values) for name, values in kept.get("filters", {}).items()}
    sort = kept.get("sort", "")
    return Query(
        text=kept.get("text", ""),
        filters=MappingProxyType(filters),
        sort=Sort(sort) if sort in set(Sort) else Sort.BEST,
    )


# Following ---------------------------------------------------------------------------------------------------


def follow(visit: Visit, dataset_id: str) -> None:
    """Be told on the home page when this dataset changes; does nothing when it is followed already."""
    person = _person(visit)
    with visit.change(require(visit, Action.FOLLOWED, dataset_id)) as session:
        number = _number(session, dataset_id)
        if session.get(FollowRow, (person, number)) is None:
            session.add(FollowRow(person_id=person, number=number, since=visit.now))


def unfollow(visit: Visit, dataset_id: str) -> None:
    """No longer be told of this dataset."""
    person = _person(visit)
    with visit.change(require(visit, Action.FOLLOWED, dataset_id, ended=True)) as session:
        number = _number(session, dataset_id)
        session.execute(delete(FollowRow).where(FollowRow.person_id == person, FollowRow.number == number))


def follows(visit: Visit, dataset_id: str) -> bool:
    """Whether the person of the visit follows this dataset."""
    wanted = (
        select(FollowRow.number)
        .join(DatasetRow, DatasetRow.number == FollowRow.number)
        .where(DatasetRow.id == dataset_id, FollowRow.person_id == visit.viewer.person_id)
    )
    return bool(visit.viewer.person_id) and visit.read().execute(wanted).first() is not None


def following(visit: Visit) -> tuple[Hit, ...]:
    """The datasets the person of the visit follows, by title; those they may no longer know of left out."""
    wanted = (
        select(DatasetRow.number)
        .join(FollowRow, DatasetRow.number == FollowRow.number)
        .where(FollowRow.person_id == visit.viewer.person_id)
        .order_by(func.lower(DatasetRow.title), DatasetRow.number)
    )
    return hits.read(visit, visit.read().execute(wanted).scalars().all()) if visit.viewer.person_id else ()


def news(visit: Visit, *, since: datetime | None = None, limit: int = 20) -> tuple[Happening, ...]:
    """What happened to the followed datasets since a moment (None: since each was followed), the newest first."""
    if not visit.viewer.person_id:
        return ()
    wanted = (
        select(HistoryRow, DatasetRow.id, DatasetRow.title)
        .join(DatasetRow, DatasetRow.number == HistoryRow.number)
        .join(FollowRow, FollowRow.number == HistoryRow.number)
        .where(FollowRow.person_id == visit.viewer.person_id, HistoryRow.at > FollowRow.since)
        .order_by(HistoryRow.at.desc(), HistoryRow.id.desc())
        .limit(limit)
    )
    if since is not None:
        wanted = wanted.where(HistoryRow.at > since)
    return tuple(
        Happening(
            at=event.at,
            kind=event.kind,
            sentence=sentence(event.kind, event.detail),
            by=event.by,
            dataset_id=id,
            title=title,
        )
        for event, id, title in visit.read().execute(wanted).tuples()
    )


def _person(visit: Visit) -> str:
    if not visit.viewer.person_id:
        raise NotPermitted("Only a person who is signed in can save searches and follow datasets.")
    return visit.viewer.person_id


def _number(session: Session, dataset_id: str) -> int:
    number = session.execute(select(DatasetRow.number).where(DatasetRow.id == dataset_id)).scalar_one_or_none()
    if number is None:
        raise NotFound("There is no such dataset, or you may not know of it.")
    return number
