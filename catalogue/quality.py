"""How good a description is, in words: what is there, what is missing, by where the dataset stands.

A closed dataset is not blamed for having no download: it has to say who answers for it, how to ask and what is in
it. The questions are those of the European metadata quality assessment (findable, accessible, interoperable,
reusable), without its sum of points. Source: data.europa.eu/mqa/methodology.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from catalogue.formats import format_of
from catalogue.freshness import Freshness, State
from catalogue.licences import is_unstated
from catalogue.placement import Band
from catalogue.reasons import names
from catalogue.records import Record
from catalogue.signals import is_link

_CLOSED = (Band.CLOSED, Band.NAMED, Band.GROUP)
_SHORT = 60
"""Characters below which a description says little more than the title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a description has or lacks."""

    say: str
    field: str
    good: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One thing across all datasets of a source."""

    say: str
    field: str
    good: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    field: str
    has: str
    lacks: str
    noun: str
    answer: Callable[[Record], bool]
    where: str = "everywhere"
    """everywhere, public or closed."""


_QUESTIONS = (
    _Question(
        field="description",
        has="It is described.",
        lacks="The description is missing or hardly longer than the title.",
        noun="a description",
        answer=lambda record: len(record.description.strip()) >= _SHORT,
    ),
    _Question(
        field="publisher",
        has="The publisher is named.",
        lacks="No publisher is named.",
        noun="a publisher",
        answer=lambda record: bool(record.publisher.strip()),
    ),
    _Question(
        field="contact",
        has="There is somebody to write to.",
        lacks="Nobody is named to write to.",
        noun="a contact",
        answer=lambda record: bool(record.contact_email.strip() or record.contact_name.strip()),
    ),
    _Question(
        field="keywords",
        has="It has keywords or a theme.",
        lacks="No keyword and no theme: it is hard to find.",
        noun="keywords or a theme",
        answer=lambda record: bool(record.keywords or record.themes),
    ),
    _Question(
        field="modified",
        has="The date of the last update is stated.",
        lacks="When it was last updated is not stated.",
        noun="the date of the last update",
        answer=lambda record: bool(record.modified.strip()),
    ),
    _Question(
        field="accrual_periodicity",
        has="How often it is updated is stated.",
        lacks="How often it is updated is not stated.",
        noun="how often it is updated",
        answer=lambda record: not is_unstated(record.accrual_periodicity),
    ),
    _Question(
        field="temporal",
        has="The period it covers is stated.",
        lacks="The period it covers is not stated.",
        noun="the period covered",
        answer=lambda record: bool(record.temporal_start.strip() or record.temporal_end.strip()),
    ),
    _Question(
        field="spatial",
        has="The area it covers is stated.",
        lacks="The area it covers is not stated.",
        noun="the area covered",
        answer=lambda record: bool(record.spatial.strip()),
    ),
    _Question(
        field="licence",
        has="A licence is stated.",
        lacks="No licence is stated.",
        noun="a licence",
        answer=lambda record: (
            not all(
                is_unstated(statement)
                for statement in (*record.licence, *(file.licence for file in record.distributions), record.rights)
            )
        ),
        where="public",
    ),
    _Question(
        field="files",
        has="The data are linked.",
        lacks="No file or service is linked.",
        noun="a link to the data",
        answer=lambda record: any(is_link(file) for file in record.distributions),
        where="public",
    ),
    _Question(
        field="format",
        has="Every file states its format.",
        lacks="Some files do not state their format.",
        noun="the format of every file",
        answer=lambda record: all(file.format.strip() or file.media_type.strip() for file in record.distributions),
        where="public",
    ),
    _Question(
        field="machine_readable",
        has="There is a file in an open, machine readable format.",
        lacks="No file is in an open, machine readable format.",
        noun="a file in an open, machine readable format",
        answer=lambda record: any((found := format_of(file)) and found.open for file in record.distributions),
        where="public",
    ),
    _Question(
        field="access_how",
        has="It says how to ask for it.",
        lacks="How to ask for it is not stated.",
        noun="how to ask for it",
        answer=lambda record: bool(record.access_how.strip()),
        where="closed",
    ),
    _Question(
        field="approver",
        has="It says who decides.",
        lacks="Who decides on a request is not stated.",
        noun="who decides",
        answer=lambda record: bool(record.approver.strip()),
        where="closed",
    ),
    _Question(
        field="rights",
        has="The reason it is not public is given.",
        lacks="Why it is not public is not stated.",
        noun="the reason it is not public",
        answer=lambda record: not is_unstated(record.rights),
        where="closed",
    ),
    _Question(
        field="person_level",
        has="It says whether it holds data about individual people.",
        lacks="Whether it holds data about individual people is not stated.",
        noun="whether it is about individual people",
        answer=lambda record: bool(record.person_level.strip()),
        where="closed",
    ),
    _Question(
        field="columns",
        has="Its columns are listed, so one can see what is in it.",
        lacks="What is in it cannot be seen: no columns are listed.",
        noun="its columns",
        answer=lambda record: bool(record.columns),
        where="closed",
    ),
)


def findings(record: Record, band: Band, *, freshness: Freshness | None = None) -> tuple[Finding, ...]:
    """What a description has and lacks, the questions that fit its band only; missing things come first."""
    kind = "closed" if band in _CLOSED else "public"
    found = [
        Finding(say=question.has if good else question.lacks, field=question.field, good=good)
        for question in _QUESTIONS
        if question.where in ("everywhere", kind) and _applies(question, record)
        for good in (question.answer(record),)
    ]
    if record.warnings:
        repaired = names([warning.field for warning in record.warnings])
        found.append(
            Finding(say=f"Some fields were cut or could not be read: {repaired}.", field="warnings", good=False)
        )
    if freshness and freshness.state in (State.FRESH, State.LATE):
        fresh = freshness.state is State.FRESH
        say = "It is as up to date as it promises." if fresh else f"It is {freshness.words}."
        say = f"{freshness.words}." if freshness.words.startswith("No ") else say
        found.append(Finding(say=say, field="freshness", good=fresh))
    return tuple(sorted(found, key=lambda finding: finding.good))


def _applies(question: _Question, record: Record) -> bool:
    return question.field not in ("format", "machine_readable") or bool(record.distributions)


def summary(found: Sequence[Finding]) -> str:
    """The findings in two sentences at most, for the side of a dataset's page."""
    if not found:
        return ""
    nouns = {question.field: question.noun for question in _QUESTIONS}
    missing = [nouns[finding.field] for finding in found if not finding.good and finding.field in nouns]
    others = [finding.say for finding in found if not finding.good and finding.field not in nouns]
    if not missing and not others:
        return "The description is complete."
    if len(missing) > len(found) / 2:
        first = [f"Little is stated. Missing: {names(missing, most=5)}."]
    else:
        first = (
            [f"Well described, except for {names(missing, most=4)}."] if missing else ["The description is complete."]
        )
    return " ".join([*first, *others])


def across(datasets: Iterable[Sequence[Finding]]) -> tuple[Tally, ...]:
    """The findings of all datasets of a source, the most often missing first."""
    nouns = {question.field: question.noun for question in _QUESTIONS}
    good: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for found in datasets:
        for finding in found:
            total[finding.field] += 1
            good[finding.field] += finding.good
    tallies = [
        Tally(
            say=f"{good[field]:,} of {total[field]:,} datasets state {noun}.",
            field=field,
            good=good[field],
            total=total[field],
        )
        for field, noun in nouns.items()
        if total[field]
    ]
    return tuple(sorted(tallies, key=lambda tally: tally.good / tally.total))
