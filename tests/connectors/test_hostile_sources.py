"""Every hostile source that developers may see, read as the product reads it, against its own oracle."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.hostile import HostileServer, hostile_server, read_apart

ATTACKS = Path(__file__).resolve().parents[3] / "shared" / "attacks"
WAITING = {"availability", "fault"}
"""Classes whose cases mostly wait, so they are begun first and side by side."""
DATA_JSON = {"rdf-billion-laughs", "rdf-xxe-file", "rdf-xxe-canary", "jsonld-context-canary", "jsonld-context-file"}
"""Documents, so they are also given to the reader of documents."""


def _cases() -> list[dict[str, Any]]:
    manifest = ATTACKS / "dev" / "manifest.json"
    return list(json.loads(manifest.read_text())["server"]) if manifest.is_file() else []


def _reads(case: dict[str, Any]) -> list[tuple[str, str]]:
    paths = case["oracle"].get("paths", [])
    return [("ckan", ""), *(("data_json", path) for path in paths if case["id"] in DATA_JSON)]


SINGLE = [case for case in _cases() if "prior" not in case["oracle"]]
SECOND_RUNS = [case["id"] for case in _cases() if "prior" in case["oracle"]]
"""Cases that need what an earlier run left in the catalogue: tested where the catalogue is."""
READINGS = [(case["id"], kind, path) for case in SINGLE for kind, path in _reads(case)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one reading came to, and what the server saw of its case."""

    told: dict[str, Any]
    served: dict[str, Any]


@pytest.fixture(scope="module")
def hostile(shared: Path) -> Iterator[HostileServer]:
    """One hostile server for the module."""
    with hostile_server(shared) as server:
        yield server


@pytest.fixture(scope="module")
def outcomes(hostile: HostileServer, shared: Path) -> dict[tuple[str, str, str], Outcome]:
    """Every single-run case read once, each in a process of its own."""
    order = sorted(READINGS, key=lambda one: next(c["class"] for c in SINGLE if c["id"] == one[0]) not in WAITING)
    jobs = [
        {"id": json.dumps(one), "url": hostile.url(one[0], one[2]), "kind": one[1], "allow": hostile.allow}
        for one in order
    ]
    found = {}
    for told in read_apart(shared, jobs):
        case, kind, path = json.loads(told["id"])
        found[case, kind, path] = Outcome(told=told, served=hostile.control("stats")["cases"].get(case, {}))
    return found


@pytest.fixture
def outcome(request: pytest.FixtureRequest, outcomes: dict[tuple[str, str, str], Outcome]) -> Outcome:
    """The outcome of the reading that a test is about."""
    return outcomes[request.param]


def _oracle(told: dict[str, Any]) -> dict[str, Any]:
    case = json.loads(told["id"])[0]
    return next(dict(one["oracle"]) for one in SINGLE if one["id"] == case)


def _each(readings: list[tuple[str, str, str]]) -> pytest.MarkDecorator:
    names = [f"{case}-{kind}{path.replace('/', '-')}" for case, kind, path in readings]
    return pytest.mark.parametrize("outcome", readings, indirect=True, ids=names)


def test_every_single_run_case_of_the_folder_is_read(shared: Path) -> None:
    assert len(SINGLE) + len(SECOND_RUNS) == 59
    assert len(SECOND_RUNS) == 6


@_each(READINGS)
def test_a_hostile_source_ends_as_it_must(outcome: Outcome) -> None:
    told, status = outcome.told, _oracle(outcome.told)["status"]
    assert told["status"] in (status if isinstance(status, list) else [status]), told["reason"]


@_each(READINGS)
def test_no_record_of_a_hostile_source_is_lost_or_doubled(outcome: Outcome) -> None:
    told, wanted = outcome.told, _oracle(outcome.told).get("records", [0, 10**9])
    low, high = wanted if isinstance(wanted, list) else (wanted, wanted)
    assert low <= told["records"] <= high, told["reason"]
    assert told["distinct"] == told["read"]


@_each(READINGS)
def test_a_hostile_source_gets_no_more_of_us_than_it_may(outcome: Outcome) -> None:
    told, oracle = outcome.told, _oracle(outcome.told)
    assert told["requests"] <= oracle["max_requests"]
    assert told["rss_mb"] <= oracle["max_rss_mb"]
    assert told["seconds"] <= oracle["max_seconds"]


@_each(READINGS)
def test_a_hostile_source_says_in_one_sentence_what_is_wrong(outcome: Outcome) -> None:
    reason = outcome.told["reason"]
    assert reason.endswith(".")
    assert "Traceback" not in reason
    assert "Error(" not in reason


@_each(READINGS)
def test_no_hostile_source_makes_us_open_what_is_not_its_own(outcome: Outcome) -> None:
    assert outcome.told["blocked"] == []
    assert outcome.told["opened"] == []


def test_the_service_behind_the_wall_was_never_touched(
    outcomes: dict[tuple[str, str, str], Outcome], hostile: HostileServer
) -> None:
    assert len(outcomes) == len(READINGS)
    assert hostile.control("stats")["canary_hits"] == []


def test_a_source_that_caps_its_pages_is_asked_by_what_it_gave(
    outcomes: dict[tuple[str, str, str], Outcome],
) -> None:
    assert outcomes["good-cap10", "ckan", ""].served["requests"] <= 30


def test_at_most_four_questions_are_put_to_a_host_at_a_time(
    outcomes: dict[tuple[str, str, str], Outcome],
) -> None:
    assert max(one.served.get("max_parallel", 0) for one in outcomes.values()) <= 4


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("html-200", "web page, not data"),
        ("html-as-json", "web page, not data"),
        ("cookie-wall", "asks for a log-in"),
        ("429-forever-huge", "come back in 1 day"),
        ("success-false", "Access denied"),
        ("count-lies-empty", "contradicts itself"),
        ("500-json-on-page-3", "page 3"),
        ("same-page-forever", "nothing new"),
        ("endless-pages", "grows with every page"),
        ("drip-headers", "within 60 seconds"),
        ("gzip-bomb", "larger than"),
        ("gzip-double", "packed as"),
        ("short-body", "breaks off"),
    ],
)
def test_the_sentence_names_the_cause(outcomes: dict[tuple[str, str, str], Outcome], case: str, words: str) -> None:
    assert words in outcomes[case, "ckan", ""].told["reason"]


@pytest.mark.parametrize(
    ("case", "reason", "times"),
    [
        ("private-and-deleted", "Deleted at the source", 20),
        ("private-and-deleted", "Draft at the source", 10),
        ("dup-ids-same-page", "Same id as another dataset", 1),
        ("missing-ids", "No id", 7),
        ("deep-nesting", "Cannot be read", 1),
        ("list-only-show-403", "Refused by the source", 25),
    ],
)
def test_what_is_not_taken_is_named(
    outcomes: dict[tuple[str, str, str], Outcome], case: str, reason: str, times: int
) -> None:
    assert outcomes[case, "ckan", ""].told["rejections"][reason] == times


def test_nothing_private_or_gone_is_read_as_public(outcomes: dict[tuple[str, str, str], Outcome]) -> None:
    assert outcomes["private-and-deleted", "ckan", ""].told["public"] == 190
