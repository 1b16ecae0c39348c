"""Why a document cannot be opened for signature, in sentences its drafters can act on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from governance.access import Band
from governance.agreements.channels import LEVELS, channels, fitting, sensitivity
from governance.agreements.document import Document, ScheduleLine, terms_hash

KINDS = ("standard", "emergency", "pilot")
EMERGENCY = timedelta(days=30)
LARGEST_CELL = 1_000_000
_PARTS = {
    "who": "1, who takes part",
    "purpose": "2, the purpose",
    "how": "3, how and in what format",
    "access": "4, who gets access and for what use",
    "privacy": "5, privacy",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the checks need to know of a dataset; the catalogue's words."""

    id: str
    title: str
    owner: str
    """Id of the organisation that owns it, "" for none here."""
    band: Band
    person_level: str = ""
    """none, aggregate, de-identified, identifiable; "" not stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What a document is checked against."""

    subjects: Mapping[str, Subject]
    """The datasets of the schedule by id; one that is missing is a problem."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Organisations' names by id."""
    today: date
    adviser_comment: str = ""
    change_note: str = ""
    in_force: Document | None = None
    """The version that this one would end; None when none is in force."""
    schedule_only: bool = False
    """Whether it is a schedule amendment, n.m."""
    renews: bool = False
    """Whether it brings new terms after others were in force."""

    def name(self, organisation_id: str) -> str:
        """An organisation as people call it."""
        return self.names.get(organisation_id, "an organisation that is not known here")


def problems(document: Document, background: Background) -> tuple[str, ...]:
    """Every reason, in the order of the page; empty when it can be opened."""
    found = [
        *_dates(document, background),
        *_parties(document, background),
        *_terms(document, background),
        *_amendment(document, background),
    ]
    for line in document.schedule:
        found += _line(document, line, background)
    return tuple(found)


def touched(before: Document, after: Document) -> tuple[ScheduleLine, ...]:
    """The schedule rows that were added, changed or taken out, as they were and as they are."""
    old, new = Counter(before.schedule), Counter(after.schedule)
    return (*(old - new).elements(), *(new - old).elements())


def _dates(document: Document, background: Background) -> Iterator[str]:
    first, last, review = document.starts_on, document.ends_on, document.review_on
    if document.kind not in KINDS:
        yield f"Choose what kind of agreement it is: {', '.join(KINDS)}."
    if last < first:
        yield "The last day lies before the first: change one of them."
    elif last < background.today:
        yield "The last day has passed already: choose a later one."
    if review is None or not first <= review <= last:
        yield "Choose a day of review between the first and the last day."
    if document.kind == "emergency" and last > first + EMERGENCY:
        yield "An emergency agreement lasts 30 days at most: choose an earlier last day."
    if document.kind == "emergency" and background.renews and not background.change_note.strip():
        yield "An emergency agreement is renewed with a note on what the review found: add it."
    now = background.in_force
    if now and now.starts_on <= background.today <= now.ends_on and first > background.today:
        yield "The version in force ends when this one is signed: let this one start today, so that there is no gap."


def _parties(document: Document, background: Background) -> Iterator[str]:
    parties = document.parties
    if not parties or parties[0].organisation != document.lead:
        yield f"Put {background.name(document.lead)} first: it leads the agreement."
    if len({each.organisation for each in parties}) != len(parties):
        yield "Name each party once."
    givers = {each.organisation for each in parties if each.role.gives}
    takers = {each.organisation for each in parties if each.role.receives}
    if not givers:
        yield "No party gives data: say who does."
    if not takers:
        yield "No party receives data: say who does."
    elif givers and len(givers | takers) < 2:
        yield "Somebody else than who gives the data has to receive them: add a party."
    for each in parties:
        if each.organisation not in background.names:
            yield "One of the parties is no organisation here: choose it again."
        if not each.stakes.strip():
            yield (
                f"{background.name(each.organisation)} has not said yet what is at stake: "
                "ask it to; “Nothing to add.” is an answer too."
            )


def _terms(document: Document, background: Background) -> Iterator[str]:
    terms = document.terms
    for name, part in _PARTS.items():
        if not getattr(terms, name).strip():
            yield f"Part {part}, is empty: write it in plain words."
    if not terms.purposes or any(not each.strip() or len(each) > 80 for each in terms.purposes):
        yield "Name at least one purpose in a few words: the rows of the schedule choose among them."
    if not terms.breach_contact.strip():
        yield "Say in part 5 whom to call when data leak."
    if terms.person_level not in LEVELS:
        yield "Say in part 5 how closely the data tell of persons."
    elif terms.person_level != "none" and not background.adviser_comment.strip():
        yield "The data are about people: ask the privacy adviser for a comment first."


def _amendment(document: Document, background: Background) -> Iterator[str]:
    if not document.schedule:
        yield "The schedule is empty: add at least one dataset."
    if any(many > 1 for many in Counter(document.schedule).values()):
        yield "A row of the schedule stands there twice: take one out."
    if not background.schedule_only:
        return
    before = background.in_force
    if before is None:
        yield "No version is in force whose schedule could be amended: begin new terms."
    elif terms_hash(before) != terms_hash(document):
        yield "This version changes the schedule only, yet its terms differ: begin new terms."
    elif not touched(before, document):
        yield "Nothing differs from the version in force: there is nothing to sign."


def _line(document: Document, line: ScheduleLine, background: Background) -> Iterator[str]:
    subject, row = background.subjects.get(line.dataset), f"“{line.title}”"
    roles = {each.organisation: each.role for each in document.parties}
    if subject is None:
        yield f"{row} is no dataset that you may know of: choose it again."
    elif subject.owner != line.owner:
        yield f"{row} does not belong to {background.name(line.owner)}: choose its row anew."
    if line.owner not in roles or not roles[line.owner].gives:
        yield f"{row} belongs to {background.name(line.owner)}, which gives no data here: let it give, or take it out."
    if not line.receivers:
        yield f"Nobody receives {row}: choose who does."
    for each in line.receivers:
        if each not in roles or not roles[each].receives:
            yield f"{background.name(each)} is to receive {row}, yet it receives no data here: change one of them."
    yield from _leave(document, line)
    if subject is not None:
        if subject.band == Band.NAMED and not line.people:
            yield f"{row} is for named people: name them."
        yield from _travel(document, line, subject)


def _leave(document: Document, line: ScheduleLine) -> Iterator[str]:
    row = f"“{line.title}”"
    if not line.uses:
        yield f"Say what {row} may be used for: view, present, retain, download, link, publish."
    if not line.purposes:
        yield f"Say for which purposes {row} may be used."
    for each in line.purposes:
        if each not in document.terms.purposes:
            yield f"The purpose “{each}” of {row} is not one of part 2: add it there, or choose another."
    first, last = line.first or document.starts_on, line.last or document.ends_on
    if first > last:
        yield f"{row} ends before it begins: change one of its days."
    elif first < document.starts_on or last > document.ends_on:
        yield f"{row} goes beyond the days of the agreement: bring its days inside them."
    if not 0 <= line.min_cell <= LARGEST_CELL:
        yield f"The smallest count of {row} has to be a number from 0 to {LARGEST_CELL}."


def _travel(document: Document, line: ScheduleLine, subject: Subject) -> Iterator[str]:
    row, is_open = f"“{line.title}”", subject.band == Band.OPEN
    level = subject.person_level or document.terms.person_level
    if sensitivity(level) > sensitivity(document.terms.person_level):
        yield f"{row} tells more of persons ({level}) than part 5 says: correct part 5."
    best = fitting(level, is_open=is_open)
    channel = channels().get(line.channel)
    if channel is None:
        yield f"Say by which channel {row} travels: “{best.name}” would do."
    elif channel.only_open and not is_open:
        yield f"{row} is not open data, so it does not travel by “{channel.name}”: “{best.name}” would do."
    elif not channel.takes(level, is_open=is_open):
        yield f"{row} is too sensitive ({level}) for “{channel.name}”: “{best.name}” would do."
