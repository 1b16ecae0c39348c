"""Weigh a finished reading against what the catalogue holds: what is new, changed, back or not there any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Text, cast, func, or_, select
from sqlalchemy.orm import Session

from catalogue import brakes, identity, staging
from catalogue.records import Completeness
from catalogue.tables import DatasetRow, RunRow
from catalogue.withdrawal import Absent, State
from store import dialect_name, guarded


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """A dataset of the catalogue that is not plainly live."""

    number: int
    state: State
    agreed: bool
    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What the catalogue holds of one source; nobody but its one run changes that while the run is under way."""

    fingerprints: Mapping[str, str]
    """Identity -> fingerprint of every dataset, withdrawn ones too."""
    unsettled: Mapping[str, Unsettled]
    """By identity: those that are missing, withdrawn or carry a notice."""

    @property
    def not_live(self) -> set[str]:
        """Identities of those that are missing or withdrawn."""
        return {name for name, one in self.unsettled.items() if one.state is not State.LIVE}

    @property
    def live(self) -> int:
        """How many are live."""
        return len(self.fingerprints) - len(self.not_live)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What a reading would do to the catalogue."""

    complete: bool
    """Whether it may tell that something is missing."""
    added: tuple[str, ...]
    changed: tuple[str, ...]
    moves: tuple[identity.Move, ...]
    """Datasets seen under a new identity; not in `added`."""
    waiting: tuple[str, ...]
    """New records of an incomplete reading that may be datasets already here: they wait for a complete one."""
    restored: tuple[str, ...]
    """Seen again after having been missing or withdrawn; those that also say something new are in `changed` as well."""
    unchanged: int
    notices: Mapping[str, str]
    """Identity -> the notice it should carry from now on, "" for none, where that differs."""
    fingerprints: Mapping[str, str]
    """New fingerprints of unchanged records."""
    absent: tuple[Absent, ...]
    """Not seen by a complete reading."""
    hold: str
    """Why it waits for a person, "" when it does not."""

    @property
    def is_quiet(self) -> bool:
        """True when there is nothing to write about any dataset."""
        return not (
            self.added or self.changed or self.moves or self.restored or self.notices or self.absent or self.hold
        )


def holdings(session: Session, source_id: str) -> Holdings:
    """What the catalogue holds of a source."""
    columns = DatasetRow.__table__.c
    odd = select(
        DatasetRow.identity, DatasetRow.number, DatasetRow.state, DatasetRow.missing_agreed, DatasetRow.notice
    ).where(DatasetRow.source_id == source_id, or_(columns.state != "live", columns.notice != ""))
    return Holdings(
        fingerprints=_fingerprints(session, source_id),
        unsettled={
            name: Unsettled(number=number, state=State(state), agreed=agreed, notice=notice)
            for name, number, state, agreed, notice in session.execute(odd)
        },
    )


def _fingerprints(session: Session, source_id: str) -> dict[str, str]:
    """As one value that the database puts together: up to a million rows cost a third of what they cost one by one."""
    columns = DatasetRow.__table__.c
    together = func.json_group_object if dialect_name() == "sqlite" else func.json_object_agg
    wanted = select(cast(together(columns.identity, columns.fingerprint), Text)).where(columns.source_id == source_id)
    found = guarded(session, wanted, "what a run compares with is shown to nobody").scalar()
    return _pairs.decode(found) if found else {}


_pairs = msgspec.json.Decoder(dict[str, str])


def assess(session: Session, run: RunRow, held: Holdings) -> Assessment:
    """Weigh what a run has read; changes nothing."""
    read = staging.load(session, run)
    complete = run.completeness == Completeness.COMPLETE and not read.nameless
    unknown = [name for name in read.new if name not in held.fingerprints]
    found = identity.moves(
        session,
        run,
        unknown if held.fingerprints else (),
        reading=lambda name: name in read.new or name in read.seen or name in read.rejected,
    )
    moved = {move.new: move.old for move in found}
    present = {*read.seen, *read.new, *read.rejected, *(moved.values() if complete else ())}
    absent = _absent(session, run, held, present=present) if complete else ()
    away = held.not_live
    return Assessment(
        complete=complete,
        added=tuple(name for name in unknown if name not in moved),
        changed=tuple(name for name in read.new if name in held.fingerprints),
        moves=tuple(found) if complete else (),
        waiting=() if complete else tuple(moved),
        restored=tuple(name for name in away if name in present),
        unchanged=len((read.seen & held.fingerprints.keys()) - away),
        notices=_notices(held, read),
        fingerprints=read.fingerprints,
        absent=absent,
        hold=_hold(held, read=len(present), absent=absent) if complete else "",
    )


def _absent(session: Session, run: RunRow, held: Holdings, *, present: set[str]) -> tuple[Absent, ...]:
    gone = [
        name
        for name in held.fingerprints.keys() - present
        if name not in held.unsettled or held.unsettled[name].state is not State.WITHDRAWN
    ]
    found: list[Absent] = []
    for part in staging.chunks(sorted(gone)):
        wanted = select(
            DatasetRow.number,
            DatasetRow.identity,
            DatasetRow.remote_id,
            DatasetRow.title,
            DatasetRow.state,
            DatasetRow.missing_since.label("since"),
            DatasetRow.missing_runs.label("runs"),
            DatasetRow.state_reason.label("reason"),
        ).where(DatasetRow.source_id == run.source_id, DatasetRow.identity.in_(part))
        for row in session.execute(wanted.order_by(DatasetRow.identity)):
            values = dict(row._mapping)
            values["state"] = State(values["state"])
            found.append(Absent(**values))
    return tuple(found)


def _notices(held: Holdings, read: staging.Staged) -> dict[str, str]:
    wanted = {
        name: f"The source's latest version could not be taken: {_lower(reason)}."
        for name, reason in read.rejected.items()
        if name in held.fingerprints
    }
    for name, one in held.unsettled.items():
        if one.notice and name not in wanted and (name in read.seen or name in read.new):
            wanted[name] = ""
    return {
        name: notice
        for name, notice in wanted.items()
        if notice != (held.unsettled[name].notice if name in held.unsettled else "")
    }


def _lower(reason: str) -> str:
    return (reason[:1].lower() + reason[1:]).rstrip(".")


def _hold(held: Holdings, *, read: int, absent: Sequence[Absent]) -> str:
    odd = held.unsettled.items()
    withdrawn = sum(one.state is State.WITHDRAWN for _, one in odd)
    agreed = {name for name, one in odd if one.agreed and one.state is State.MISSING}
    shown = len(held.fingerprints) - withdrawn - len(agreed)
    missing = sum(one.identity not in agreed for one in absent)
    return brakes.hold(held=shown, seen=read, missing=missing)
