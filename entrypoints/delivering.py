"""Telling people what waits, by mail and webhook: a turn every quarter of an hour, where the settings ask for it.

A turn is one durable job: it puts in the book what is new to whom, then sends what is due, a step each. Killed, it
goes on with the step it was at; what a step had begun to hand over is not handed over twice (`outbox`).
"""

from __future__ import annotations

import logging
from datetime import datetime

from entrypoints import _letters, _mailing, _posting
from governance import Visit, machinery
from governance.notices import outbox, preparing
from governance.notices.outbox import Letter, Way
from store import jobs
from store.settings import settings

WORKFLOW = "tell-what-waits"
_QUARTER = 15

log = logging.getLogger(__name__)


@jobs.workflow(WORKFLOW)
def tell(prepares: bool) -> None:
    """Put in the book what is new, when it is time for that, and send what is due."""
    if prepares:
        jobs.step(prepare)
    for delivery_id in jobs.step(due):
        jobs.step(deliver, delivery_id)


def prepare(*, now: datetime | None = None) -> None:
    """The step that decides who is told of what."""
    with machinery("tells people what waits for them", now=now) as visit:
        preparing.prepare(visit)


def due(*, now: datetime | None = None) -> list[str]:
    """The step that looks what is to be sent."""
    with machinery("sends what people are to be told", now=now) as visit:
        return list(outbox.due(visit))


def deliver(delivery_id: str, *, now: datetime | None = None) -> None:
    """The step that sends one."""
    with machinery("sends what people are to be told", now=now) as visit:
        try:
            if letter := outbox.letter(visit, delivery_id):
                _post(visit, letter) if letter.way is Way.WEBHOOK else _mail(visit, letter)
        except _mailing.PerhapsTaken:
            outbox.unknown(visit, delivery_id)
        except _mailing.NotTaken as error:
            outbox.failed(
                visit, delivery_id, error.problem, for_good=error.for_good, no_such_address=error.no_such_address
            )
        except Exception:
            # One that cannot be written must not stand in the way of all that come after it.
            log.exception("the delivery %s could not be sent", delivery_id)
            outbox.broken(visit, delivery_id)


def _mail(visit: Visit, letter: Letter) -> None:
    message = _letters.mail(letter, now=visit.now)
    if _mailing.send(message, letter.address, last_word=lambda: outbox.handing(visit, letter)):
        outbox.sent(visit, letter.id)


def _post(visit: Visit, letter: Letter) -> None:
    _posting.post(_letters.post(letter), letter.id, now=visit.now)
    outbox.sent(visit, letter.id)


def is_set_up() -> bool:
    """Whether the settings ask for anything to be sent."""
    return bool(settings().mail_host or settings().webhook_url)


@jobs.on_tick
def _tick() -> None:
    """Begin the turn of this quarter of an hour; between two turns one that only sends, when something is due."""
    if not is_set_up():
        return
    with machinery("looks whether anybody is to be told") as visit:
        turn = visit.now.replace(minute=visit.now.minute // _QUARTER * _QUARTER, second=0, microsecond=0)
        key = f"{WORKFLOW}:{turn.isoformat()}"
        state = jobs.state(key)
        if state is None:
            jobs.start(WORKFLOW, key, True)
        elif state.over and outbox.due(visit):
            jobs.start(WORKFLOW, f"{WORKFLOW}:{visit.now.replace(second=0, microsecond=0).isoformat()}:due", False)
