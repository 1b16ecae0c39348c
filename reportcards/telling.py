"""The words people write beside a figure: another headline, the story behind the curve, and what will be done."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from governance import Action, Invalid, NotFound, Visit, require
from reportcards.cards import item_row
from reportcards.report import ActionItem, Story
from reportcards.tables import ActionRow

STATUSES = ("not started", "under way", "done", "dropped")
LONGEST_HEADLINE = 200


def _name(visit: Visit) -> str:
    return visit.viewer.display or visit.viewer.username


def set_headline(visit: Visit, item: str, words: str) -> None:
    """Word the headline; it is shown as edited, with the name. "" lets the figures speak again.

    Raises: Invalid, NotFound, NotPermitted.
    """
    said = " ".join(words.split())
    if len(said) > LONGEST_HEADLINE:
        raise Invalid(f"A headline has at most {LONGEST_HEADLINE} letters: say the finding in one sentence.")
    with visit.change(require(visit, Action.CARD_WORDED, item, headline=said)) as session:
        row = item_row(session, item)
        row.headline, row.headline_by = said, _name(visit) if said else ""
    visit.refresh()


def tell_story(visit: Visit, item: str, lines: Sequence[str]) -> None:
    """Say what the table thinks moves the figure, with name, organisation and day; no lines take it away.

    Raises: NotFound, NotPermitted.
    """
    kept = [line.strip() for line in lines if line.strip()]
    told = {"lines": kept, "by": _name(visit), "organisation": visit.viewer.organisation, "on": visit.today.isoformat()}
    with visit.change(require(visit, Action.CARD_WORDED, item, story=len(kept))) as session:
        item_row(session, item).story = told if kept else {}
    visit.refresh()


def story(kept: dict[str, object]) -> Story:
    """The story as it is shown."""
    if not kept:
        return Story()
    lines = kept["lines"]
    assert isinstance(lines, list)
    return Story(
        lines=tuple(map(str, lines)),
        by=str(kept["by"]),
        organisation=str(kept["organisation"]),
        on=date.fromisoformat(str(kept["on"])),
    )


def add_action(visit: Visit, item: str, given: ActionItem) -> ActionItem:
    """Note what somebody will do about a figure. Raises Invalid, NotFound, NotPermitted."""
    if not given.what.strip() or not given.who.strip():
        raise Invalid("An action needs what will be done and who does it.")
    made = replace(given, id=uuid.uuid4().hex, what=given.what.strip(), who=given.who.strip())
    with visit.change(require(visit, Action.CARD_ACTION_CHANGED, item, added=made.id)) as session:
        item_row(session, item)
        session.add(
            ActionRow(
                id=made.id,
                item_id=item,
                what=made.what,
                who=made.who,
                due=made.due,
                status=_status(made.status),
                by=visit.viewer.username,
                at=visit.now,
            )
        )
    visit.refresh()
    return made


def change_action(visit: Visit, action: str, *, status: str, due: date | None) -> None:
    """Say how far an action is. Raises Invalid, NotFound, NotPermitted."""
    with visit.change(require(visit, Action.CARD_ACTION_CHANGED, action, status=status)) as session:
        row = session.get(ActionRow, action)
        if row is None:
            raise NotFound("There is no such action, or you may not know of it.")
        row.status, row.due, row.at = _status(status), due, visit.now
    visit.refresh()


def _status(given: str) -> str:
    if given not in STATUSES:
        raise Invalid(f"“{given}” is not how far an action can be: say one of {', '.join(STATUSES)}.")
    return given


def actions(visit: Visit, items: Iterable[str]) -> dict[str, tuple[ActionItem, ...]]:
    """The actions of these items, those due first at the top."""
    wanted = select(ActionRow).where(ActionRow.item_id.in_(set(items))).order_by(ActionRow.due, ActionRow.at)
    found: dict[str, list[ActionItem]] = {}
    for row in visit.read().execute(wanted).scalars():
        over = row.status in ("done", "dropped") or row.due is None
        late = 0 if over or row.due is None else max(0, (visit.today - row.due).days)
        made = ActionItem(id=row.id, what=row.what, who=row.who, due=row.due, status=row.status, days_late=late)
        found.setdefault(row.item_id, []).append(made)
    return {item: tuple(each) for item, each in found.items()}
