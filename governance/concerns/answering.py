"""The steps after a concern was raised: said back, agreed to, answered, settled by who raised it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.concerns import receipts
from governance.concerns.raising import leave
from governance.concerns.values import LONGEST, ShowAs, State
from governance.errors import Invalid, NotFound, NotPermitted
from governance.policy import PERMISSIONS, Action, require
from governance.tables import ConcernRow
from governance.visit import Kind, Visit

_OVER = (State.EASED, State.CLOSED)
_NOWHERE = "There is no concern of that name here."


def restate(visit: Visit, concern_id: str, words: str) -> None:
    """Say it back in one's own words; who raised it then says whether that is it.

    Raises: Invalid without words or once they agreed; NotPermitted for who raised it.
    """
    said = _written(words, "Say in your own words what you understood.")
    grant = require(visit, Action.CONCERN_RESTATED, f"concern:{concern_id}")
    with visit.change(grant) as session:
        row = _held(session, concern_id)
        _somebody_else(visit, row, "You raised it: somebody else says back what they understood.")
        if row.state not in (State.RAISED, State.RESTATED):
            raise Invalid("Who raised it has agreed to the words already: answer it now.")
        row.restated, row.restated_by, row.state = said, visit.viewer.username, State.RESTATED.value


def agree(visit: Visit, concern_id: str, *, receipt: str = "") -> None:
    """ "Yes, that is it", from who raised it. Raises: Invalid before it was said back; NotPermitted for others."""
    with _as_raiser(visit, concern_id, Action.CONCERN_AGREED, receipt=receipt) as row:
        _must_be_said_back(row)
        row.state, row.agreed_on = State.AGREED.value, visit.today


def not_quite(visit: Visit, concern_id: str, *, receipt: str = "") -> None:
    """ "No, not quite", from who raised it: somebody says it back once more."""
    with _as_raiser(visit, concern_id, Action.CONCERN_AGREED, receipt=receipt, agreed=False) as row:
        _must_be_said_back(row)
        row.state = State.RAISED.value


def answer(visit: Visit, concern_id: str, words: str) -> None:
    """Answer it, with one's name; a further answer takes the place of the one before.

    Raises: Invalid before who raised it agreed to how it was said back; NotPermitted for who raised it.
    """
    said = _written(words, "Write the answer.")
    grant = require(visit, Action.CONCERN_ANSWERED, f"concern:{concern_id}")
    with visit.change(grant) as session:
        row = _held(session, concern_id)
        _somebody_else(visit, row, "You raised it: somebody else answers it.")
        if row.state in (State.RAISED, State.RESTATED):
            raise Invalid("Say it back first: an answer comes after “yes, that is it” from who raised it.")
        if row.state in _OVER:
            raise Invalid("Who raised it has closed it.")
        row.answer, row.answered_by, row.answered_on = said, visit.viewer.username, visit.today
        row.state = State.ANSWERED.value


def settle(visit: Visit, concern_id: str, state: State, *, receipt: str = "") -> None:
    """Who raised it says what became of it: eased or carried after an answer, closed (taken back) at any time.

    Raises: Invalid for another state or too early; NotPermitted for others.
    """
    if state not in (State.EASED, State.CARRIED, State.CLOSED):
        raise Invalid("A concern is eased, carried or closed.", field="state")
    with _as_raiser(visit, concern_id, Action.CONCERN_SETTLED, receipt=receipt, state=state.value) as row:
        if row.state in _OVER:
            raise Invalid("It is closed already.")
        if state is not State.CLOSED and row.state not in (State.ANSWERED, State.CARRIED):
            raise Invalid("Nobody has answered it yet.")
        row.state, row.settled_on = state.value, visit.today


@contextmanager
def _as_raiser(visit: Visit, concern_id: str, action: Action, *, receipt: str, **detail: Any) -> Iterator[ConcernRow]:
    """The concern, to be changed by who raised it; where they have no name, the change leaves none either."""
    grant = require(visit, action, f"concern:{concern_id}", **detail)
    show_as = visit.read().execute(select(ConcernRow.show_as).where(ConcernRow.id == concern_id)).scalar_one_or_none()
    if show_as is None:
        raise NotFound(_NOWHERE)
    with visit.change(leave(grant, show_as)) as session:
        row = _held(session, concern_id)
        if not is_raiser(visit, row, receipt):
            raise NotPermitted(f"You may not {PERMISSIONS[action].says}.")
        yield row
        row.told = row.told and show_as == ShowAs.ORGANISATION


def is_raiser(visit: Visit, row: ConcernRow, receipt: str = "") -> bool:
    """Whether the viewer raised it: by the receipt code of one without a name, else by who they are."""
    if row.receipt_hash:
        return receipts.fits(receipt, row.receipt_hash)
    return bool(row.raised_by) and row.raised_by == visit.viewer.username and visit.viewer.kind is Kind.PERSON


def _somebody_else(visit: Visit, row: ConcernRow, sentence: str) -> None:
    if is_raiser(visit, row):
        raise NotPermitted(sentence)


def _must_be_said_back(row: ConcernRow) -> None:
    if row.state != State.RESTATED:
        raise Invalid("Nobody has said it back yet.")


def _held(session: Session, concern_id: str) -> ConcernRow:
    wanted = select(ConcernRow).where(ConcernRow.id == concern_id).with_for_update()
    row = session.execute(wanted).scalar_one_or_none()
    if row is None:
        raise NotFound(_NOWHERE)
    return row


def _written(words: str, sentence: str) -> str:
    said = words.strip()
    if not said:
        raise Invalid(sentence, field="words")
    if len(said) > LONGEST:
        raise Invalid(f"Say it in at most {LONGEST:,} characters.", field="words")
    return said
