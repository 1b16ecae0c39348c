"""Run one source: the readers of this folder meet the durable loop of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from catalogue import runs, sources
from catalogue.records import Known, Page, Probe, SourceAddress
from catalogue.runs import Run, RunResult
from connectors import Connector, registry
from connectors._pace import Pace
from connectors._web import Web
from governance import Invalid, Visit


@dataclass(slots=True, kw_only=True)
class ConnectorReading:
    """One reading of one source by its connector."""

    source: SourceAddress
    kind: Connector
    web: Web

    def pages(self, after: str, known: Known) -> Iterator[Page]:
        """Its pages, from behind the cursor `after`."""
        return self.kind.read(self.source, self.web, after, known)

    def probe(self, remote_id: str) -> Probe:
        """Ask for one record by its id."""
        assert self.kind.probe is not None
        return self.kind.probe(self.source, self.web, remote_id)

    @property
    def can_ask(self) -> bool:
        """Whether there is somebody to ask: not for a file, nor for a kind that has no such question."""
        return self.kind.probe is not None and "://" in self.source.location

    @property
    def requests(self) -> int:
        """Requests sent so far, repeated ones and redirects included."""
        return self.web.requests

    def close(self) -> None:
        """Let go of the connections."""
        self.web.close()


def harvest(visit: Visit, source_name: str, *, wait: bool = True) -> RunResult:
    """Read a source now and, unless told otherwise, wait until it is applied, held or failed.

    Jobs must have been launched. Raises: NotFound; NotPermitted; Invalid; Busy when it is being read already.
    """
    begun = start(visit, source_name)
    return runs.finish(visit, begun.id) if wait else begun.result


def start(visit: Visit, source_name: str) -> Run:
    """Begin reading a source in the background; raises as `harvest`."""
    return runs.start(visit, source_name)


def due(visit: Visit) -> list[Run]:
    """Begin reading every source whose time has come; called by itself every half minute."""
    return runs.due(visit)


def open_reading(source: SourceAddress) -> ConnectorReading:
    """A reading of this source. Raises Invalid when no connector of its kind is installed."""
    kind = registry().get(source.kind)
    if kind is None:
        raise Invalid(f"No connector for {source.kind} is installed: {source.name} cannot be read.")
    web = Web(allow=source.allow, token=source.token, pace=_pace(sources.pace()))
    return ConnectorReading(source=source, kind=kind, web=web)


@cache
def _pace(per_second: float) -> Pace:
    """One for all readings of this process, so that two sources on one host share its patience."""
    return Pace(per_second=per_second)


runs.install(open_reading)
