"""Watch rules: what an indicator must do to call somebody, and the warnings that came of it, each with its answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import Action, Invalid, NotFound, Visit, require
from reportcards.cards import item_row
from reportcards.report import Judgement, Point, State, Warning
from reportcards.tables import WarningRow, WatchRow

KINDS = {
    "signal": "something unusual happens to it",
    "above": "it rises above a value",
    "below": "it falls below a value",
    "change": "it changes by more than a value between two periods",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One rule; `value` is in the unit of the indicator and not needed for a signal."""

    id: str = ""
    kind: str
    value: float | None = None
    owner: str
    """Who is called: an organisation or a person, in words."""

    @property
    def words(self) -> str:
        """The rule as a sentence's end."""
        return KINDS[self.kind] if self.value is None else f"{KINDS[self.kind]} ({self.value:g})"


def add_watch(visit: Visit, item: str, given: Watch) -> Watch:
    """Watch an item. Raises Invalid, NotFound, NotPermitted."""
    if given.kind not in KINDS:
        raise Invalid(f"“{given.kind}” is not something that can be watched: say one of {', '.join(KINDS)}.")
    if given.kind != "signal" and given.value is None:
        raise Invalid("Say the value at which somebody is to be called.")
    if not given.owner.strip():
        raise Invalid("Say who is called: a rule without an owner warns nobody.")
    identifier = uuid.uuid4().hex
    with visit.change(require(visit, Action.CARD_WORDED, item, watch=given.kind)) as session:
        item_row(session, item)
        session.add(
            WatchRow(
                id=identifier,
                item_id=item,
                kind=given.kind,
                value=None if given.kind == "signal" else given.value,
                owner=given.owner.strip(),
                by=visit.viewer.username,
                at=visit.now,
            )
        )
    visit.refresh()
    return Watch(id=identifier, kind=given.kind, value=given.value, owner=given.owner)


def stop_watching(visit: Visit, watch: str) -> None:
    """Take a rule away, its warnings with it. Raises NotFound, NotPermitted."""
    with visit.change(require(visit, Action.CARD_WORDED, watch, watch="stopped")) as session:
        row = session.get(WatchRow, watch)
        if row is None:
            raise NotFound("There is no such rule, or you may not know of it.")
        session.delete(row)
    visit.refresh()


def watches(visit: Visit, item: str) -> tuple[Watch, ...]:
    """The rules of one item."""
    found = visit.read().execute(select(WatchRow).where(WatchRow.item_id == item).order_by(WatchRow.at)).scalars()
    return tuple(Watch(id=row.id, kind=row.kind, value=row.value, owner=row.owner) for row in found)


def respond(visit: Visit, warning: str, words: str) -> None:
    """Answer a warning: what was found, what will be done. Raises Invalid, NotFound, NotPermitted."""
    if not words.strip():
        raise Invalid("An answer needs words: what was found, and what will be done.")
    with visit.change(require(visit, Action.WARNING_ANSWERED, warning)) as session:
        row = session.get(WarningRow, warning)
        if row is None:
            raise NotFound("There is no such warning, or you may not know of it.")
        row.response, row.responded_at = words.strip(), visit.now
        row.responded_by = visit.viewer.display or visit.viewer.username
    visit.refresh()


def warnings(visit: Visit, items: Iterable[str]) -> dict[str, tuple[Warning, ...]]:
    """The warnings of these items, the newest first."""
    wanted = (
        select(WarningRow, WatchRow.owner)
        .join(WatchRow, WatchRow.id == WarningRow.watch_id)
        .where(WarningRow.item_id.in_(set(items)))
        .order_by(WarningRow.period_end.desc(), WarningRow.id)
    )
    found: dict[str, list[Warning]] = {}
    for row, owner in visit.read().execute(wanted).all():
        made = Warning(
            id=row.id,
            what=row.words,
            owner=owner,
            since=row.fired_at.date(),
            response=row.response,
            responded_by=row.responded_by,
        )
        found.setdefault(row.item_id, []).append(made)
    return {item: tuple(each) for item, each in found.items()}


def fired(watch: Watch, points: tuple[Point, ...], signal: State | None) -> str:
    """What a rule says of a series, "" when it is silent."""
    valued = [point for point in points if point.value is not None]
    if not valued:
        return ""
    last = valued[-1]
    assert last.value is not None
    if watch.kind == "signal":
        unusual = signal is not None and signal.judgement in (Judgement.WORSE, Judgement.BETTER, Judgement.NO_JUDGEMENT)
        return f"{signal.word}: {signal.why}".removesuffix(": ") if unusual and signal is not None else ""
    assert watch.value is not None
    if watch.kind == "above":
        return f"Above {watch.value:g} in {last.period}" if last.value > watch.value else ""
    if watch.kind == "below":
        return f"Below {watch.value:g} in {last.period}" if last.value < watch.value else ""
    if len(valued) < 2 or valued[-2].value is None:
        return ""
    change = last.value - valued[-2].value
    return f"Changed by {change:+g} in {last.period}" if abs(change) > watch.value else ""


def look(session: Session, visit: Visit, item: str, *, found: tuple[tuple[Point, ...], State | None]) -> int:
    """Raise the warnings of one item after a new revision; how many there were.

    A rule that fired for a period is silent about it from then on, whatever revision brings it again.
    """
    points, signal = found
    valued = [point for point in points if point.value is not None]
    raised = 0
    for row in session.execute(select(WatchRow).where(WatchRow.item_id == item)).scalars():
        words = fired(Watch(id=row.id, kind=row.kind, value=row.value, owner=row.owner), points, signal)
        if not words:
            continue
        end = valued[-1].end
        told = select(WarningRow.id).where(WarningRow.watch_id == row.id, WarningRow.period_end == end)
        if session.execute(told).first() is None:
            raised += 1
            session.add(
                WarningRow(
                    id=uuid.uuid4().hex,
                    watch_id=row.id,
                    item_id=item,
                    period_end=end,
                    fired_at=visit.now,
                    words=words,
                )
            )
    return raised
