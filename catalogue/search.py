"""Finding: one query, exact counts, the page of results, and what else may have been meant."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalogue import allowed, arrays, hits, matching, search_index, words
from catalogue.arrays import NO_DAY, Column, Snapshot
from catalogue.facets import MOST_VALUES, Counts, Facet, Narrowed, narrow
from catalogue.hits import Hit
from catalogue.matching import Look, Matched
from catalogue.search_index import Numbers, Within
from catalogue.spectrum import Band
from catalogue.tables import DatasetRow, SynonymRow
from catalogue.words import Term
from governance import Action, Invalid, Visit, require
from store import guarded

_KEPT_PAGES = 40
_TITLES_ALIKE = 2_000


class Sort(StrEnum):
    """The order of results."""

    BEST = "best"
    """Best match first; without words the newest."""
    NEWEST = "newest"
    TITLE = "title"
    BAND = "band"
    """From closed to open, in each band the newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for; page 1 is the first."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Name of a facet -> values: see catalogue.facets.Facet. Names that are no facet do nothing."""
    sort: Sort = Sort.BEST
    page: int = 1
    size: int = 25
    most_values: int = MOST_VALUES
    """How many values of each facet are counted out, the most frequent ones; 0 for all."""
    with_access: bool = False
    """Also tell how the viewer comes to the data of each; asked at every look, and always where it is filtered by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer to a query, as far as the viewer may know."""

    total: int
    hits: tuple[Hit, ...]
    facets: Counts
    page: int
    pages: int
    corrected: str = ""
    """The query that was answered, when a word of it had to be corrected."""
    did_you_mean: str = ""
    """A query that would find more."""


def find(visit: Visit, query: Query) -> Found:
    """One page of results with the exact total and the exact counts of every facet."""
    look = _look(visit, query)
    matched = _matched(look, query.text)
    access = _access(visit, look, query)
    narrowed = _narrowed(look, matched, query, today=visit.today, access=access)
    total = len(narrowed.rows)
    size = min(max(query.size, 1), 500)
    pages = max(1, -(-total // size))
    page = min(max(query.page, 1), pages)
    start = (page - 1) * size
    order = _order(visit, look, matched=matched, narrowed=narrowed, query=query, until=start + size)
    return Found(
        total=total,
        hits=hits.read(visit, order[start:].tolist(), matched.parts if matched else (), access=access),
        facets=narrowed.counts,
        page=page,
        pages=pages,
        corrected=matched.corrected if matched else "",
        did_you_mean=matched.meant if matched else "",
    )


def more(visit: Visit, query: Query) -> tuple[Hit, ...]:
    """The page after this one, in the same order; empty after the last."""
    found = find(visit, replace(query, page=query.page + 1))
    return found.hits if found.page == query.page + 1 else ()


def count(visit: Visit, query: Query) -> int:
    """How many datasets the query finds, without reading any."""
    return len(numbers(visit, query))


def numbers(visit: Visit, query: Query) -> Numbers:
    """The numbers of all datasets the query finds: for rooms' own joins, never for a page."""
    look = _look(visit, query)
    matched, access = _matched(look, query.text), _access(visit, look, query)
    return _narrowed(look, matched, query, today=visit.today, access=access).rows


def _look(visit: Visit, query: Query) -> Look:
    session = visit.read()
    snapshot = arrays.current(session)
    return Look(session=session, snapshot=snapshot, viewer=visit.viewer, filters=query.filters)


def _matched(look: Look, text: str) -> Matched | None:
    if not text.strip():
        return None
    known = _synonyms(look.session)
    viewer = look.viewer
    states = tuple(sorted(look.filters.get(Facet.STATE.value, ())))
    key = (text, known, states, viewer.sees_all or viewer.organisation_id)
    if search_index.newest_change(look.session) != look.snapshot.seq:
        # The arrays are ahead of what this session reads: an answer of now would be kept for later.
        return matching.match(look, text, known)
    found: Matched | None = look.snapshot.remember(key, lambda: matching.match(look, text, known))
    return found


def _access(visit: Visit, look: Look, query: Query) -> Column | None:
    """How the viewer comes to each dataset, where anybody asks: never kept beyond this look."""
    asked = query.with_access or query.filters.get(Facet.ACCESS.value)
    return allowed.column(visit, look.snapshot) if asked else None


def _narrowed(look: Look, matched: Matched | None, query: Query, *, today: date, access: Column | None) -> Narrowed:
    return narrow(
        look.snapshot,
        matched.rows if matched else None,
        filters=query.filters,
        viewer=look.viewer,
        today=today,
        most=query.most_values,
        access=access,
    )


# Order -------------------------------------------------------------------------------------------------------


def _order(
    visit: Visit, look: Look, *, matched: Matched | None, narrowed: Narrowed, query: Query, until: int
) -> Numbers:
    """The first `until` numbers in the order asked for: always the same one, whatever page is read."""
    rows = narrowed.rows
    if query.sort is Sort.TITLE:
        return _by_title(visit, look.snapshot, rows, until=until)
    asks_access = bool(query.filters.get(Facet.ACCESS.value))
    kept = until <= _KEPT_PAGES * 25 and matched is None and not asks_access
    if not kept:
        return _first(rows, _keys(look.snapshot, rows, sort=query.sort, matched=matched), until)
    # The rows of an empty query are kept with the snapshot, so their identity names them.
    key = ("order", query.sort, id(rows))
    _, order = look.snapshot.keep(
        key, lambda: (rows, _first(rows, _keys(look.snapshot, rows, sort=query.sort, matched=None), _KEPT_PAGES * 25))
    )
    first: Numbers = order[:until]
    return first


def _keys(snapshot: Snapshot, rows: Numbers, *, sort: Sort, matched: Matched | None) -> npt.NDArray[np.int64]:
    """One number a row, larger is earlier: score or band, then the day, then the number; 18, 17 and 28 bits."""
    day = snapshot.day[rows].astype(np.int64)
    newest = np.where(day == NO_DAY, 0, np.clip(day + 25_567, 1, 2**17 - 1))
    first: npt.NDArray[np.int64] = np.zeros(len(rows), dtype=np.int64)
    if sort is Sort.BAND:
        band = snapshot.columns[Facet.BAND]
        places = {value: len(Band) - place for place, value in enumerate(Band)}
        by_code = np.zeros(max(len(band.known), 1), dtype=np.int64)
        for code, member in zip(band.owners, band.members, strict=True):
            by_code[code] = places.get(Band(band.values[member]), 0)
        first = by_code[band.codes[rows]]
    elif sort is Sort.BEST and matched is not None:
        scores = matched.scores[np.searchsorted(matched.rows, rows)]
        first = np.minimum((scores * 256).astype(np.int64), 2**18 - 1)
    return (first << 45) | (newest << 28) | rows


def _first(rows: Numbers, keys: npt.NDArray[np.int64], until: int) -> Numbers:
    if len(rows) > 4 * until:
        least = np.partition(keys, len(keys) - until)[len(keys) - until]
        chosen = keys >= least
        rows, keys = rows[chosen], keys[chosen]
    ordered: Numbers = rows[np.argsort(-keys, kind="stable")][:until]
    return ordered


def _by_title(visit: Visit, snapshot: Snapshot, rows: Numbers, *, until: int) -> Numbers:
    """Sixteen letters decide in the arrays; titles that begin alike are read and compared whole."""
    key = snapshot.title_key[rows]
    if len(rows) > 4 * until:
        least = np.partition(key[:, 0], until)[until]
        chosen = key[:, 0] <= least
        rows, key = rows[chosen], key[chosen]
    order = np.lexsort((rows, key[:, 1], key[:, 0]))
    rows, key = rows[order], key[order]
    if not len(rows):
        return rows
    last = min(until, len(rows)) - 1
    end = last + 1 + int(np.argmin(np.append((key[last + 1 :] == key[last]).all(axis=1), False)))
    begins = np.flatnonzero(np.append(True, (key[1:end] != key[: end - 1]).any(axis=1)))
    blocks = [(a, b) for a, b in zip(begins, [*begins[1:], end], strict=True) if 1 < b - a <= _TITLES_ALIKE]
    alike = [number for a, b in blocks for number in rows[a:b].tolist()]
    titles = _titles(visit, alike)
    for a, b in blocks:
        rows[a:b] = sorted(rows[a:b].tolist(), key=lambda number: (titles.get(number, ""), number))
    return rows[:until]


def _titles(visit: Visit, numbers: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(numbers), 10_000):
        some = select(DatasetRow.number, DatasetRow.title).where(DatasetRow.number.in_(numbers[start : start + 10_000]))
        found |= {number: words.fold(title) for number, title in visit.read().execute(some).tuples()}
    return found


# Suggestions -------------------------------------------------------------------------------------------------


def suggest(visit: Visit, typed: str, *, limit: int = 8) -> tuple[str, ...]:
    """Ways to end the last word being typed, the most frequent in what the viewer may know of first."""
    ended = words.tokens(typed[-words.LONGEST_QUERY :])
    if not ended or typed[-1:].isspace() or len(ended[-1]) < words.SHORTEST_PREFIX:
        return ()
    look = _look(visit, Query())
    best: list[tuple[int, str]] = []
    for word, at_most in search_index.beginning(look.session, ended[-1]):
        # No later word can be in more datasets than `at_most`, hidden ones included, so the answer is exact.
        if len(best) >= limit and -best[limit - 1][0] > at_most:
            break
        frequency = look.frequency(Term(words=(word,)))
        if frequency and word != ended[-1]:
            best = sorted([*best, (-frequency, word)])[:limit]
    before = typed[: len(typed) - len(typed.split()[-1])]
    return tuple(f"{before}{word}" for _, word in best)


def similar(visit: Visit, dataset_id: str, *, limit: int = 5) -> tuple[Hit, ...]:
    """Datasets with a title like this one's, without itself; empty when the viewer may not know of it."""
    wanted = select(DatasetRow.number, DatasetRow.title).where(DatasetRow.id == dataset_id)
    found = visit.read().execute(wanted).one_or_none()
    if found is None:
        return ()
    close = _alike(visit, found.title, least=55)
    return hits.read(visit, [number for number, _ in close if number != found.number][:limit])


def already_held(visit: Visit, title: str, description: str = "", *, limit: int = 5) -> tuple[Hit, ...]:
    """Datasets that may be the one somebody is about to register; the most alike first."""
    close = _alike(visit, title, least=60) if title.strip() else []
    if len(close) < limit and description.strip():
        known = {number for number, _ in close}
        beginning = words.first_line(description, 120)
        close += [each for each in _alike(visit, beginning, least=75) if each[0] not in known]
    return hits.read(visit, [number for number, _ in close[:limit]])


def _alike(visit: Visit, title: str, *, least: float) -> list[tuple[int, float]]:
    """Numbers of datasets with a title at least this alike (0 to 100), the most alike first."""
    look = _look(visit, Query())
    said = [word for word in dict.fromkeys(words.tokens(title)) if word not in words.STOP_WORDS][:12]
    if not said:
        return []
    weight = np.zeros(look.snapshot.size)
    visible = int(look.snapshot.visible(visit.viewer).sum())
    for word in said:
        forms = [Term(words=(each,)) for each in (word, *words.other_numbers(word))]
        found = look.live(look.find([forms], Within.TITLE))
        weight[found] += np.log1p(visible / (1 + len(found)))
    weight /= 4 + look.snapshot.title_length
    rows = np.flatnonzero(weight)
    rows = rows[np.lexsort((rows, -weight[rows]))][:60]
    titles = _titles(visit, rows.tolist())
    mine = " ".join(words.tokens(title))
    scored = [(number, fuzz.token_sort_ratio(mine, " ".join(words.tokens(other)))) for number, other in titles.items()]
    return sorted([each for each in scored if each[1] >= least], key=lambda each: (-each[1], each[0]))


# Synonyms ----------------------------------------------------------------------------------------------------


def synonyms(visit: Visit) -> tuple[tuple[str, ...], ...]:
    """The groups of words that mean the same; a starter set until the collaboration saves its own."""
    return _synonyms(visit.read())


_STORED = select(SynonymRow.__table__.c.words).order_by(SynonymRow.__table__.c.id)


def _synonyms(session: Session) -> tuple[tuple[str, ...], ...]:
    stored = guarded(session, _STORED, "search words of the collaboration are open to all").scalars().all()
    return tuple(tuple(group) for group in stored if group) if stored else words.STARTER_SYNONYMS


def save_synonyms(visit: Visit, groups: Sequence[Sequence[str]]) -> None:
    """Put these groups in place of all that were known. Raises Invalid for a group that says nothing."""
    cleaned = [_group(group) for group in groups]
    grant = require(visit, Action.SYNONYMS_CHANGED, "synonyms", groups=len(cleaned))
    with visit.change(grant) as session:
        session.execute(delete(SynonymRow))
        # An empty row says that there are none by choice, so that the starter set does not come back.
        for place, group in enumerate(cleaned or [()]):
            id = f"{place:05}{secrets.token_hex(8)}"
            session.add(SynonymRow(id=id, words=list(group), by=visit.viewer.username, at=visit.now))


def _group(group: Sequence[str]) -> tuple[str, ...]:
    cleaned = tuple(dict.fromkeys(" ".join(each.split()) for each in group if each.strip()))
    if len({tuple(words.tokens(each)) for each in cleaned} - {()}) < 2:
        raise Invalid(f"A group of synonyms needs two different words or more: “{', '.join(group)}”.", field="words")
    if any(len(each) > 80 for each in cleaned):
        raise Invalid("A synonym has at most 80 letters.", field="words")
    return cleaned


__all__ = [
    "Found",
    "Hit",
    "Query",
    "Sort",
    "already_held",
    "count",
    "find",
    "more",
    "numbers",
    "save_synonyms",
    "similar",
    "suggest",
    "synonyms",
]
