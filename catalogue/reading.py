"""The durable reading of one source: killed, it goes on behind the last page it kept, here or elsewhere.

The loop knows no connector: whoever brings the readers gives them to `install`. Its steps are read (as many pages
as come within a second), ask (for single records that were not seen) and conclude. A run that was cancelled goes on
as another job while the first may still wait for an answer, so a reading belongs to its job, and a job touches the run
only as long as it is the run's own.
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

    @property
    def requests(self) -> int:
        """Requests sent to the source so far; 0 for a file."""

    def close(self) -> None:
        """Let go of the connections."""


Opener = Callable[[SourceAddress], Reading]


@dataclass(slots=True, kw_only=True)
class _Live:
    """A reading that goes on in this process between the steps of its run."""

    job: str
    reading: Reading
    held: intake.Holdings
    pages: int
    """How many pages of the run are kept."""
    noted: int = 0
    """How many requests of this reading the run counts already."""
    stream: Iterator[Page] | None = None
    found: intake.Assessment | None = None


@dataclass(slots=True, kw_only=True)
class _Trade:
    opener: Opener | None = None
    live: dict[str, _Live] = field(default_factory=dict)
    """By the key of the job."""


_trade = _Trade()


def install(opener: Opener) -> None:
    """Say how sources are opened; the connectors do it when they are imported."""
    _trade.opener = opener


@jobs.workflow(WORKFLOW)
def harvest(run_id: str) -> dict[str, Any]:
    """The durable run: also called plainly, where nothing has to survive the process."""
    job = jobs.current() or _job_of(run_id)
    try:
        while not jobs.step(_read_on, run_id, job, name="read"):
            pass
        asked = jobs.step(_ask, run_id, job, name="ask")
        return jobs.step(_conclude, run_id, job, asked, name="conclude", retries=2)
    except CommonTableError as error:
        return jobs.step(_give_up, run_id, job, error.sentence, name="give up")
    except Exception:
        log.exception("the run %s stopped", run_id)
        return jobs.step(_give_up, run_id, job, UNEXPECTED, name="give up")
    finally:
        _let_go(job)


def _job_of(run_id: str) -> str:
    """Whose turn it is, for a plain call."""
    with machinery("looks up the job of a run") as own:
        return own.read().get_one(RunRow, run_id).job


def _now(row: RunRow) -> datetime:
    """The clock, but never before the run began: a visit may have its own time."""
    return max(clock(), row.started_at)


@contextlib.contextmanager
def _visiting(run_id: str) -> Iterator[tuple[Visit, RunRow]]:
    with machinery("carries out a run") as own:
        row = own.read().get_one(RunRow, run_id)
    with machinery("", now=_now(row)) as own:
        yield own, row


def _read_on(run_id: str, job: str) -> bool:
    """Keep the pages that come within a second; True when the reading has ended."""
    with _visiting(run_id) as (visit, row):
        if row.job != job or row.state != RunState.READING:
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
    live = _trade.live.get(row.job)
    if live is None or live.pages != row.pages:
        _let_go(row.job)
        if _trade.opener is None:
            raise RuntimeError("no connectors are installed in this process")
        reading = _trade.opener(sources.address_of(row.source_id))
        held = intake.holdings(visit.read(), row.source_id)
        live = _trade.live[row.job] = _Live(job=row.job, reading=reading, held=held, pages=row.pages)
    return live


def _let_go(job: str) -> None:
    if (live := _trade.live.pop(job, None)) is not None:
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
    """Keep one page in one transaction; True when it was the last, or when the run ended or changed hands meanwhile."""
    with visit.change(Housekeeping(reason="half-read material of a run")) as session:
        row = session.get_one(RunRow, run_id, with_for_update=True)
        if row.job != live.job or row.state != RunState.READING:
            return True
        if row.pages != live.pages:
            return False
        rejected = staging.stage(session, row, page, known=live.held.fingerprints)
        read = sum(not isinstance(item, Rejection) for item in page.items)
        told = {
            "read": row.counts.get("read", 0) + read,
            "rejected": row.counts.get("rejected", 0) + rejected,
            "total": page.total if page.total is not None else row.counts.get("total"),
        }
        sent = live.reading.requests
        row.counts = {**row.counts, **told, **_requests(row, sent - live.noted)}
        row.cursor, row.pages = page.cursor or row.cursor, row.pages + 1
        if page.ending is not None:
            _note_ending(row, page.ending)
    live.pages, live.noted = live.pages + 1, sent
    return page.ending is not None


def _requests(row: RunRow, more: int) -> dict[str, int]:
    """The run's count of requests with these; those that a killed process had not noted are lost."""
    return {"requests": row.counts.get("requests", 0) + more} if more > 0 else {}


def _note_ending(row: RunRow, ending: Ending) -> None:
    row.completeness, row.reason, row.state = ending.completeness.value, ending.reason, RunState.WEIGHING.value
    row.counts = {**row.counts, "ending": ending.reason}
    if "broken" not in ending.memory:
        row.memory = dict(ending.memory)
    elif wait := ending.memory.get("retry_after"):
        row.counts = {**row.counts, "retry_after": int(wait)}


def _ask(run_id: str, job: str) -> dict[str, Any]:
    """What the source answers for the single records that a complete reading did not see."""
    answers: dict[str, list[str]] = {}
    with _visiting(run_id) as (visit, row):
        if row.job != job or row.state != RunState.WEIGHING:
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
        _note_requests(visit, run_id, live)
    return {"can_ask": True, "answers": answers}


def _note_requests(visit: Visit, run_id: str, live: _Live) -> None:
    sent = live.reading.requests
    if sent == live.noted:
        return
    with visit.change(Housekeeping(reason="how often a source was asked")) as session:
        row = session.get_one(RunRow, run_id, with_for_update=True)
        if row.job == live.job:
            row.counts = {**row.counts, **_requests(row, sent - live.noted)}
    live.noted = sent


def _probe(reading: Reading, remote_id: str) -> Probe:
    try:
        return reading.probe(remote_id)
    except SourceError as error:
        return Probe(answer=ProbeAnswer.UNKNOWN, sentence=error.sentence)
    except Exception:
        log.exception("asking for one record failed")
        return Probe(answer=ProbeAnswer.UNKNOWN, sentence="Asking for it by itself failed.")


def _conclude(run_id: str, job: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    with _visiting(run_id) as (visit, _):
        probes = {
            identity: Probe(answer=ProbeAnswer(answer), sentence=sentence)
            for identity, (answer, sentence) in asked["answers"].items()
        }
        live = _trade.live.get(job)
        weighed = (live.held, live.found) if live is not None and live.found is not None else None
        settling.conclude(visit, run_id, job=job, probes=probes, can_ask=asked["can_ask"], weighed=weighed)
        return {"run": run_id}


def _give_up(run_id: str, job: str, sentence: str) -> dict[str, Any]:
    with _visiting(run_id) as (visit, _):
        settling.fail(visit, run_id, sentence, job=job)
        return {"run": run_id}
