"""The durable reading of one source: killed, it goes on behind the last page it kept, here or elsewhere.

The loop knows no connector: whoever brings the readers gives them to `install`. Its steps are read (as many pages
as come within a second), ask (for single records that were not seen) and conclude.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from catalogue import intake, settling, sources, staging
from catalogue.records import Completeness, Ending, Known, Page, Probe, ProbeAnswer, Rejection, SourceAddress
from catalogue.run_reports import RunState
from catalogue.tables import RunRow
from catalogue.withdrawal import to_ask
from governance import CommonTableError, Housekeeping, SourceError, Visit, machinery
from governance.visit import clock
from store import jobs

WORKFLOW = "harvest"
STEP_SECONDS = 1.0
"""Pages that come within so long are one step: a step is a write of its own."""
DEAF = 5
"""After so many questions without an answer in a row the source is not asked any further."""
UNEXPECTED = "The reading stopped on an unexpected error; the log of the server says which."

log = logging.getLogger(__name__)


class Reading(Protocol):
    """One reading of one source, as a connector does it."""

    def pages(self, after: str, known: Known) -> Iterator[Page]:
        """Its pages, from behind the cursor `after` ("" for the beginning)."""

    def probe(self, remote_id: str) -> Probe:
        """Ask for one record by its id."""

    @property
    def can_ask(self) -> bool:
        """Whether a source of this kind can be asked for one record."""

    def close(self) -> None:
        """Let go of the connections."""


Opener = Callable[[SourceAddress], Reading]


@dataclass(slots=True, kw_only=True)
class _Live:
    """A reading that goes on in this process between the steps of its run."""

    reading: Reading
    held: intake.Holdings
    pages: int
    """How many pages of the run are kept."""
    stream: Iterator[Page] | None = None
    found: intake.Assessment | None = None


@dataclass(slots=True, kw_only=True)
class _Trade:
    opener: Opener | None = None
    live: dict[str, _Live] = field(default_factory=dict)


_trade = _Trade()


def install(opener: Opener) -> None:
    """Say how sources are opened; the connectors do it when they are imported."""
    _trade.opener = opener


@jobs.workflow(WORKFLOW)
def harvest(run_id: str) -> dict[str, Any]:
    """The durable run: also called plainly, where nothing has to survive the process."""
    try:
        while not jobs.step(_read_on, run_id, name="read"):
            pass
        asked = jobs.step(_ask, run_id, name="ask")
        return jobs.step(_conclude, run_id, asked, name="conclude", retries=2)
    except CommonTableError as error:
        return jobs.step(_give_up, run_id, error.sentence, name="give up")
    except Exception:
        log.exception("the run %s stopped", run_id)
        return jobs.step(_give_up, run_id, UNEXPECTED, name="give up")
    finally:
        _let_go(run_id)


def _now(row: RunRow) -> datetime:
    """The clock, but never before the run began: a visit may have its own time."""
    return max(clock(), row.started_at)


@contextlib.contextmanager
def _visiting(run_id: str) -> Iterator[tuple[Visit, RunRow]]:
    with machinery("carries out a run") as own:
        row = own.read().get_one(RunRow, run_id)
    with machinery("", now=_now(row)) as own:
        yield own, row


def _read_on(run_id: str) -> bool:
    """Keep the pages that come within a second; True when the reading has ended."""
    with _visiting(run_id) as (visit, row):
        if row.state != RunState.READING:
            return True
        live = _open(visit, row)
        until = time.monotonic() + STEP_SECONDS
        while True:
            page = _next(row, live)
            if _keep(visit, run_id, page, live=live):
                return True
            if time.monotonic() > until or jobs.cancelled():
                return False


def _open(visit: Visit, row: RunRow) -> _Live:
    live = _trade.live.get(row.id)
    if live is None or live.pages != row.pages:
        _let_go(row.id)
        if _trade.opener is None:
            raise RuntimeError("no connectors are installed in this process")
        reading = _trade.opener(sources.address_of(row.source_id))
        held = intake.holdings(visit.read(), row.source_id)
        live = _trade.live[row.id] = _Live(reading=reading, held=held, pages=row.pages)
    return live


def _let_go(run_id: str) -> None:
    if (live := _trade.live.pop(run_id, None)) is not None:
        with contextlib.suppress(Exception):
            live.reading.close()


def _next(row: RunRow, live: _Live) -> Page:
    """The next page; a reading that cannot go on gives one without records and with an honest ending."""
    try:
        if live.stream is None:
            live.stream = iter(live.reading.pages(row.cursor, _known(live.held.fingerprints)))
        page = next(live.stream, None)
    except SourceError as error:
        memory = {"retry_after": str(int(wait))} if (wait := getattr(error, "retry_after", None)) else {}
        return _broken_off(error.sentence, **memory)
    except Exception:
        log.exception("the connector of run %s stopped", row.id)
        return _broken_off(UNEXPECTED)
    return page or _broken_off("The reading stopped without saying how it ended.")


def _broken_off(reason: str, **memory: str) -> Page:
    ending = Ending(completeness=Completeness.PARTIAL, reason=reason, memory={"broken": "1", **memory})
    return Page(items=(), ending=ending)


def _known(fingerprints: Mapping[str, str]) -> Known:
    def known(identity: str, fingerprint: str) -> bool:
        return fingerprints.get(staging.bounded(identity)) == fingerprint

    return known


def _keep(visit: Visit, run_id: str, page: Page, *, live: _Live) -> bool:
    """Keep one page in one transaction; True when it was the last, or when the run was ended meanwhile."""
    with visit.change(Housekeeping(reason="half-read material of a run")) as session:
        row = session.get_one(RunRow, run_id, with_for_update=True)
        if row.state != RunState.READING or row.pages != live.pages:
            return row.state != RunState.READING
        rejected = staging.stage(session, row, page, known=live.held.fingerprints)
        read = sum(not isinstance(item, Rejection) for item in page.items)
        told = {
            "read": row.counts.get("read", 0) + read,
            "rejected": row.counts.get("rejected", 0) + rejected,
            "total": page.total if page.total is not None else row.counts.get("total"),
        }
        row.counts = {**row.counts, **told}
        row.cursor, row.pages = page.cursor or row.cursor, row.pages + 1
        if page.ending is not None:
            _note_ending(row, page.ending)
    live.pages += 1
    return page.ending is not None


def _note_ending(row: RunRow, ending: Ending) -> None:
    row.completeness, row.reason, row.state = ending.completeness.value, ending.reason, RunState.WEIGHING.value
    row.counts = {**row.counts, "ending": ending.reason}
    if "broken" not in ending.memory:
        row.memory = dict(ending.memory)
    elif wait := ending.memory.get("retry_after"):
        row.counts = {**row.counts, "retry_after": int(wait)}


def _ask(run_id: str) -> dict[str, Any]:
    """What the source answers for the single records that a complete reading did not see."""
    answers: dict[str, list[str]] = {}
    with _visiting(run_id) as (visit, row):
        if row.state != RunState.WEIGHING:
            return {"can_ask": True, "answers": answers}
        live = _open(visit, row)
        _, live.found = settling.weigh(visit, row, live.held)
        if not live.reading.can_ask or live.found.hold:
            return {"can_ask": live.reading.can_ask, "answers": answers}
        deaf, wanted = 0, to_ask(live.found.absent, visit.now)
        visit.refresh()
        for absent in wanted:
            if deaf >= DEAF or jobs.cancelled():
                break
            probe = _probe(live.reading, absent.remote_id)
            deaf = deaf + 1 if probe.answer is ProbeAnswer.UNKNOWN else 0
            answers[absent.identity] = [probe.answer.value, probe.sentence]
            jobs.tell({"asked": len(answers), "of": len(wanted)})
    return {"can_ask": True, "answers": answers}


def _probe(reading: Reading, remote_id: str) -> Probe:
    try:
        return reading.probe(remote_id)
    except SourceError as error:
        return Probe(answer=ProbeAnswer.UNKNOWN, sentence=error.sentence)
    except Exception:
        log.exception("asking for one record failed")
        return Probe(answer=ProbeAnswer.UNKNOWN, sentence="Asking for it by itself failed.")


def _conclude(run_id: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    with _visiting(run_id) as (visit, _):
        probes = {
            identity: Probe(answer=ProbeAnswer(answer), sentence=sentence)
            for identity, (answer, sentence) in asked["answers"].items()
        }
        live = _trade.live.get(run_id)
        weighed = (live.held, live.found) if live is not None and live.found is not None else None
        settling.conclude(visit, run_id, probes=probes, can_ask=asked["can_ask"], weighed=weighed)
        return {"run": run_id}


def _give_up(run_id: str, sentence: str) -> dict[str, Any]:
    with _visiting(run_id) as (visit, _):
        settling.fail(visit, run_id, sentence)
        return {"run": run_id}
