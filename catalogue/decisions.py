"""Licence decisions for a whole source: one click settles every dataset that carries the very same raw value."""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from catalogue import licences
from catalogue.curation import reason_given
from catalogue.effective import corrected, decode
from catalogue.history import record_happening
from catalogue.signals import raw_licence
from catalogue.spectrum import Band
from catalogue.standing import corrections_of, stand
from catalogue.tables import DatasetRow, DecisionRow, DocumentRow, SourceRow
from governance import Action, Grant, Invalid, NotFound, Visit, machinery, require
from store.sessions import GuardedSession

EXAMPLES = 3
_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A dataset by name, to show what a decision would cover."""

    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceGroup:
    """Datasets of one source that stand at "licence unclear" with the very same raw licence value."""

    source_id: str
    source_name: str
    licence_value: str
    """As the source writes it; "" when it states none."""
    datasets: int
    """Those the viewer may know of."""
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDecision:
    """A decision in force."""

    id: str
    source_id: str
    source_name: str
    licence_value: str
    band: str
    licence: str
    licence_title: str
    by: str
    at: datetime
    reason: str


@dataclass(slots=True)
class _Gathering:
    source_name: str
    datasets: int = 0
    examples: list[Example] = field(default_factory=list)

    def take(self, number: int, examples: list[Example]) -> None:
        """Count datasets and keep the first few names."""
        self.datasets += number
        self.examples = sorted([*self.examples, *examples], key=lambda one: (one.title, one.id))[:EXAMPLES]


def licence_groups(visit: Visit) -> list[LicenceGroup]:
    """What waits for a licence decision, the largest group first. Raises NotPermitted for who may not decide."""
    require(visit, Action.SOURCE_DECIDED)
    found: dict[tuple[str, str], _Gathering] = {}
    for source_id, name, value, number, examples in _stated_groups(visit):
        found.setdefault((source_id, value), _Gathering(name)).take(number, examples)
    for source_id, name, value, example in _without_a_statement(visit):
        found.setdefault((source_id, value), _Gathering(name)).take(1, [example])
    groups = [
        LicenceGroup(
            source_id=source_id,
            source_name=one.source_name,
            licence_value=value,
            datasets=one.datasets,
            examples=tuple(one.examples),
        )
        for (source_id, value), one in found.items()
    ]
    return sorted(groups, key=lambda one: (-one.datasets, one.source_name.casefold(), one.licence_value))


_UNCLEAR = (DatasetRow.band == Band.PUBLIC_UNCLEAR.value) & (DatasetRow.state != "withdrawn")


def _stated_groups(visit: Visit) -> Iterator[tuple[str, str, str, int, list[Example]]]:
    """(source id, its name, raw value, datasets, examples) where the dataset itself states something."""
    key = (DatasetRow.source_id, DatasetRow.source_name, DatasetRow.licence_raw)
    wanted = (
        select(*key, func.count(DatasetRow.number), func.min(DatasetRow.number))
        .where(_UNCLEAR, DatasetRow.source_id.is_not(None), func.trim(DatasetRow.licence_raw) != "")
        .group_by(*key)
    )
    groups = visit.read().execute(wanted).all()
    first = _raw_values(visit, [number for *_others, number in groups])
    for source_id, name, joined, count, number in groups:
        examples = (
            select(DatasetRow.id, DatasetRow.title)
            .where(_UNCLEAR, DatasetRow.source_id == source_id, DatasetRow.licence_raw == joined)
            .order_by(DatasetRow.title, DatasetRow.id)
            .limit(EXAMPLES)
        )
        shown = [Example(id=id, title=title) for id, title in visit.read().execute(examples)]
        yield source_id or "", name, first[number], count, shown


def _raw_values(visit: Visit, numbers: list[int]) -> dict[int, str]:
    """The value that a decision would cover, of each of these datasets."""
    found: dict[int, str] = {}
    for first in range(0, len(numbers), _CHUNK):
        part = numbers[first : first + _CHUNK]
        corrections = corrections_of(visit.read(), part)
        documents = select(DocumentRow.number, DocumentRow.record).where(DocumentRow.number.in_(part))
        for number, document in visit.read().execute(documents):
            found[number] = raw_licence(corrected(decode(document), corrections.get(number, {})))
    return found


_SAID_OF_A_FILE = re.compile(rb'"licence":"[^"]')


def _without_a_statement(visit: Visit) -> Iterator[tuple[str, str, str, Example]]:
    """Datasets that state nothing themselves: a file of theirs may, so each document is looked at."""
    wanted = (
        select(
            DatasetRow.number,
            DatasetRow.source_id,
            DatasetRow.source_name,
            DatasetRow.id,
            DatasetRow.title,
            DocumentRow.record,
        )
        .join(DocumentRow, DocumentRow.number == DatasetRow.number)
        .where(_UNCLEAR, DatasetRow.source_id.is_not(None), func.trim(DatasetRow.licence_raw) == "")
        .execution_options(yield_per=_CHUNK)
    )
    spoken: list[tuple[int, str, str, Example]] = []
    for number, source_id, name, id, title, document in visit.read().execute(wanted):
        # Decoding is ten times dearer than this look, and most documents name no licence at all.
        if _SAID_OF_A_FILE.search(document):
            spoken.append((number, source_id or "", name, Example(id=id, title=title)))
        else:
            yield source_id or "", name, "", Example(id=id, title=title)
    values = _raw_values(visit, [number for number, *_others in spoken])
    for number, source_id, name, example in spoken:
        yield source_id, name, values[number], example


def decisions(visit: Visit, *, source_id: str = "") -> list[SourceDecision]:
    """The decisions in force, the newest first."""
    wanted = (
        select(DecisionRow, SourceRow.name)
        .join(SourceRow, SourceRow.id == DecisionRow.source_id)
        .order_by(DecisionRow.at.desc(), DecisionRow.id)
    )
    if source_id:
        wanted = wanted.where(DecisionRow.source_id == source_id)
    return [_shown(row, name) for row, name in visit.read().execute(wanted)]


def _shown(row: DecisionRow, source_name: str) -> SourceDecision:
    found = licences.licence(row.licence) if row.licence else None
    return SourceDecision(
        id=row.id,
        source_id=row.source_id,
        source_name=source_name,
        licence_value=row.licence_value or "",
        band=row.band,
        licence=row.licence,
        licence_title=found.title if found else "",
        by=row.by,
        at=row.at,
        reason=row.reason,
    )


def decide(
    visit: Visit,
    source_id: str,
    licence_value: str,
    *,
    licence: str = "",
    band: str = "",
    reason: str,
) -> int:
    """Say what one raw licence value of a source means; returns how many datasets moved, of those the viewer may see.

    Either the licence it stands for, and the rules place each dataset by it, or a band. Later harvests follow it.
    Raises: Invalid, NotFound, NotPermitted.
    """
    grant = require(
        visit,
        Action.SOURCE_DECIDED,
        f"source:{source_id}",
        licence_value=licence_value[:500],
        licence=licence,
        band=band,
        reason=reason[:500],
    )
    why = reason_given(reason, "decide so")
    _check(licence, band)
    if visit.read().get(SourceRow, source_id) is None:
        raise NotFound("There is no such source here.")
    made = DecisionRow(
        id=secrets.token_hex(8),
        source_id=source_id,
        licence_value=licence_value,
        licence=licence,
        band=band,
        by=visit.viewer.username,
        at=visit.now,
        reason=why,
    )
    return _moved(visit, grant, source_id, value=licence_value, made=made)


def undecide(visit: Visit, decision_id: str) -> int:
    """Take a decision back: the rules decide again; returns how many datasets moved, of those the viewer may see."""
    row = visit.read().get(DecisionRow, decision_id)
    if row is None:
        raise NotFound("This decision is not in force any more.")
    value = row.licence_value or ""
    grant = require(visit, Action.SOURCE_DECIDED, f"source:{row.source_id}", licence_value=value[:500], undone=True)
    return _moved(visit, grant, row.source_id, value=value, made=None)


def _check(licence: str, band: str) -> None:
    if bool(licence) == bool(band):
        raise Invalid("Choose either the licence it stands for, or a place on the spectrum.", field="licence")
    if licence and licences.licence(licence) is None:
        raise Invalid("This licence is not in the registry.", field="licence")
    if band == Band.OPEN.value:
        raise Invalid("Open needs an open licence: choose the licence that the value stands for instead.", field="band")
    if band and band not in {each.value for each in Band} - {Band.UNKNOWN.value}:
        raise Invalid("Choose one of the bands from closed to open.", field="band")


def _moved(visit: Visit, grant: Grant, source_id: str, *, value: str, made: DecisionRow | None) -> int:
    """Replace the decision on one raw value and place everything it covers anew, also what the viewer cannot see."""
    seen = set(visit.read().execute(_candidates(source_id, value).with_only_columns(DatasetRow.number)).scalars())
    with machinery("a decision covers every dataset of its source") as all_seeing, all_seeing.change(grant) as session:
        for old in session.execute(_decisions_on(source_id, value)).scalars():
            session.delete(old)
        session.flush()
        if made is not None:
            session.add(made)
            session.flush()
        moved = _place_anew(session, visit, source_id, value=value, reason=made.reason if made else "")
    visit.refresh()
    return len(moved & seen)


def _decisions_on(source_id: str, value: str) -> Select[DecisionRow]:
    return select(DecisionRow).where(DecisionRow.source_id == source_id, DecisionRow.licence_value == value)


def _candidates(source_id: str, value: str) -> Select[DatasetRow]:
    """Every dataset that may carry the value, in its own statement or in a file's."""
    return select(DatasetRow).where(
        DatasetRow.source_id == source_id,
        or_(DatasetRow.licence_raw.contains(value, autoescape=True), func.trim(DatasetRow.licence_raw) == ""),
    )


def _place_anew(session: GuardedSession, visit: Visit, source_id: str, *, value: str, reason: str) -> set[int]:
    rows = list(session.execute(_candidates(source_id, value)).scalars())
    before = {row.number: (row.band, row.rule) for row in rows}
    stand(session, rows)
    moved = [row for row in rows if before[row.number] != (row.band, row.rule)]
    by_change: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in moved:
        row.changed_at = visit.now
        by_change[(before[row.number][0], row.band)].append(row.number)
    for (was, now), numbers in by_change.items():
        detail = {"from": was, "to": now, "reason": reason, "by_decision": True}
        record_happening(session, visit, numbers, kind="placed", detail=detail)
    return {row.number for row in moved}
