"""The whole text of a version, word for word what is signed: to read before signing, and to print for a lawyer."""

from __future__ import annotations

from collections.abc import Mapping

from governance import Visit
from governance.agreements.channels import channels
from governance.agreements.document import Document, ScheduleLine
from governance.agreements.reading import AgreementView
from governance.people import organisations, people
from pages.share import _agreement_terms as terms
from pages.share import _agreement_words as words
from pages.shell import widgets as w


def whole(visit: Visit, found: AgreementView) -> None:
    """Title, days, the five parts, what is at stake, and every row of the schedule with all it says."""
    document, names = found.document, {each.id: each.name for each in organisations(visit)}
    display = {each.username: f"{each.display} ({each.username})" for each in people(visit)}
    w.finding(document.title, f"{found.name}, version {found.version.label}. {_days(document)}")
    terms.terms(document, names, all_roles=True)
    with w.surface("textstakes"):
        w.heading("What is at stake")
        w.show(w.key_values([(names.get(each.organisation, ""), terms.said(each)) for each in document.parties]))
    with w.surface("textschedule"):
        w.heading("Schedule: what is shared", number=len(document.schedule))
        for number, line in enumerate(document.schedule, start=1):
            w.show(_line(number, line, (names, display)))
    digits = found.version.content_hash
    w.show(w.Markup('<p class="ct-source"><b>Fingerprint of this text (SHA-256)</b> {}</p>').format(_broken(digits)))


def _days(document: Document) -> str:
    kind = words.KINDS.get(document.kind, document.kind)
    review = f" Review on {w.day(document.review_on)}." if document.review_on else ""
    return f"{kind}. From {w.day(document.starts_on)} to {w.day(document.ends_on)}, the last day included.{review}"


def _broken(digits: str) -> str:
    """In groups, so that a narrow screen can break it."""
    return " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))


def _line(number: int, line: ScheduleLine, known: tuple[Mapping[str, str], Mapping[str, str]]) -> w.Markup:
    names, display = known
    channel = channels().get(line.channel)
    facts: list[tuple[str, w.Markup | str]] = [
        ("Owner", names.get(line.owner, line.owner)),
        ("Dataset’s number", line.dataset),
        ("Who gets it", words.listed(names.get(each, each) for each in line.receivers)),
        ("Named people", words.listed(display.get(each, each) for each in line.people)),
        ("How closely", words.DETAILS[line.detail]),
        ("Smallest count shown", str(line.min_cell)),
        ("What for", words.used_for(line.uses)),
        ("Purposes", ", ".join(line.purposes)),
        ("Channel", channel.name if channel else line.channel),
        ("Format", line.format),
        ("How often", line.frequency),
        ("From", w.day(line.first) if line.first else ""),
        ("Until", w.day(line.last) if line.last else ""),
        ("Accepted before the first look", words.lines(line.acknowledgement) if line.acknowledgement else ""),
        ("How the source is named", line.source_line),
        ("Note on privacy", words.lines(line.privacy_note) if line.privacy_note else ""),
    ]
    return w.Markup("<div><h3 class='ct-label'>{}. {}</h3>{}</div>").format(number, line.title, w.key_values(facts))
