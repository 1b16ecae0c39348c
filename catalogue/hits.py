"""A row of results: what it shows of a dataset and why the query found it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select

from catalogue import allowed
from catalogue.allowed import Access
from catalogue.arrays import Column
from catalogue.freshness import Freshness, freshness, read_period
from catalogue.spectrum import Band
from catalogue.tables import DatasetRow
from catalogue.words import Also, Part, Term, first_line, fold
from governance import Visit

_SHOWN = (
    DatasetRow.number,
    DatasetRow.id,
    DatasetRow.title,
    DatasetRow.description,
    DatasetRow.publisher,
    DatasetRow.band,
    DatasetRow.placement["short"].as_string().label("short"),
    DatasetRow.updated_on,
    DatasetRow.modified,
    DatasetRow.accrual_periodicity,
    DatasetRow.keywords,
    DatasetRow.themes,
    DatasetRow.formats,
    DatasetRow.source_name,
    DatasetRow.state,
)
_WANTED = select(*_SHOWN).where(DatasetRow.number.in_(bindparam("numbers", expanding=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One dataset among the results."""

    id: str
    title: str
    description: str
    """The beginning, one line."""
    publisher: str
    band: Band
    short: str
    """Why it stands in its band, in a few words."""
    updated: date | None
    freshness: Freshness
    often: str
    """How often it is updated: "weekly", "" when not stated."""
    formats: tuple[str, ...]
    source_name: str
    """"" for what was registered here."""
    state: str
    why: str
    """Why the query found it: "Found in title and description"; "" without a query."""
    access: Access | None = None
    """How the viewer comes to its data at this moment; None where it was not asked."""


def read(
    visit: Visit, numbers: Sequence[int], parts: Sequence[Part] = (), *, access: Column | None = None
) -> tuple[Hit, ...]:
    """The datasets with these numbers, in this order, those the viewer may not know of left out."""
    if not len(numbers):
        return ()
    given = {"numbers": [int(number) for number in numbers]}
    found = {row.number: row for row in visit.read().execute(_WANTED, given)}
    there = [number for number in map(int, numbers) if number in found]
    ways = allowed.of(access, there)
    return tuple(_hit(found[number], parts, visit.today, access=ways.get(number)) for number in there)


def _hit(row: Any, parts: Sequence[Part], today: date, *, access: Access | None) -> Hit:
    return Hit(
        id=row.id,
        title=row.title,
        description=first_line(row.description),
        publisher=row.publisher,
        band=Band(row.band),
        short=row.short or "",
        updated=row.updated_on,
        freshness=freshness(row.modified, row.accrual_periodicity, today=today),
        often=read_period(row.accrual_periodicity).words,
        formats=tuple(row.formats),
        source_name=row.source_name,
        state=row.state,
        why=why(row, parts) if parts else "",
        access=access,
    )


def why(row: Any, parts: Sequence[Part]) -> str:
    """Why these parts of a query find this dataset, in a few words."""
    columns = {name: fold(getattr(row, name)) for name in ("title", "description", "publisher")}
    places: list[str] = []
    said: list[str] = []
    for part in parts:
        found = _places(columns, row, part.terms)
        for other in () if found else part.others:
            found = _places(columns, row, (other.term,))
            if found and other.why is Also.SYNONYM:
                said.append(f"“{other.said}” is a synonym")
                found = []
                break
            if found:
                break
        places += found
    places = [place for place in dict.fromkeys((*columns, *places)) if place in places]
    sentences = [*dict.fromkeys(said), *([f"Found in {_and(places)}"] if places else [])]
    return "; ".join(sentences) or "Found in its details"


def _places(columns: Mapping[str, str], row: Any, terms: Sequence[Term]) -> list[str]:
    """The columns that hold one of the terms; when none does, the theme, keyword or format that does."""
    found = [name for name, folded in columns.items() if any(_stands_in(term, folded) for term in terms)]
    if found:
        return found
    for name, values in (("theme", row.themes), ("keyword", row.keywords), ("format", row.formats)):
        for value in values:
            if any(_stands_in(term, fold(value)) for term in terms):
                return [f"{name}: {value}"]
    return []


def _stands_in(term: Term, folded: str) -> bool:
    # Most words are not in most texts: that is told without looking at the words around.
    return all(word in folded for word in term.words) and _pattern(term).search(folded) is not None


@lru_cache(maxsize=2_000)
def _pattern(term: Term) -> re.Pattern[str]:
    ends = "" if term.prefix else r"(?![^\W_])"
    return re.compile(r"(?<![^\W_])" + r"[\W_]+".join(map(re.escape, term.words)) + ends)


def _and(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
