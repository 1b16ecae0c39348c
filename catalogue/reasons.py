"""The words of a placement: its evidence, what is missing for open, and the next step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from catalogue.access import Level
from catalogue.formats import CONTAINERS, format_name
from catalogue.licences import Conformance, How, is_unstated
from catalogue.placement import Band, Evidence
from catalogue.records import Record
from catalogue.signals import Signals, is_link, raw_licence

NEXT_STEP = {
    Band.CLOSED: "Name who decides and how to ask; it can then be shared with named people.",
    Band.NAMED: "Agree on it with a group of organisations, so that each of them may use it.",
    Band.GROUP: "Publish a version that may be public, such as totals with small counts hidden, on stated conditions.",
    Band.PUBLIC_LIMITED: "Replace the terms that limit use by an open licence, such as CC BY 4.0.",
    Band.PUBLIC_UNCLEAR: "State a licence by its name or address, for this dataset or for the whole source.",
    Band.OPEN: "",
    Band.UNKNOWN: "State who may have it, under which licence, and give a link to the data or a way to ask.",
}
"""What moves a dataset one step more open, by where it stands."""

STEP_AFTER_RULE = {
    "R3": "Publish it at the source, or state who may ask for it.",
    "R7": "Add the same data as a file that programs can read, such as CSV, with its format stated.",
    "R8": "Offer the files without an account, a registration or a payment.",
    "R9": "Correct at the source whichever of the two is wrong.",
}
"""Where the rule knows better than the band."""

_HEADINGS = {Band.PUBLIC_UNCLEAR: "Public, licence unclear"}


def heading(band: Band) -> str:
    """The band as a sentence begins with it."""
    return _HEADINGS.get(band, band.label)


def quote(value: str, longest: int = 80) -> str:
    """A source's own words in quotation marks, cut to fit a sentence."""
    return f"“{cut(value, longest)}”"


def cut(value: str, longest: int) -> str:
    """Text on one line, at most so many characters long."""
    line = " ".join(value.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def day(when: date) -> str:
    """A date as people write it: "12 January 2026"."""
    return f"{when.day} {when:%B %Y}"


def names(items: Sequence[str], most: int = 4) -> str:
    """Different names in a sentence: "CSV, JSON and XLSX"."""
    different = list(dict.fromkeys(item for item in items if item))
    if len(different) > most:
        different = [*different[: most - 1], f"{len(different) - most + 1} more"]
    return " and ".join(filter(None, (", ".join(different[:-1]), *different[-1:])))


def evidence(record: Record, signals: Signals) -> tuple[Evidence, ...]:
    """Everything the record says that bears on its place, in the order a person would check it."""
    return tuple(_evidence(record, signals))


def _evidence(record: Record, signals: Signals) -> Iterator[Evidence]:
    if record.is_private:
        yield Evidence(field="private", value="true", says="seen only with a key")
    for said in signals.said:
        if not said.plain or said.access.level is not Level.UNKNOWN:
            yield Evidence(field=said.field, value=cut(said.value, 200), says=said.access.words)
    if not any(said.field == "access right" for said in signals.said):
        yield Evidence(field="access right", value="", says="not stated")
    yield _licence_evidence(record, signals)
    for limit in signals.limits:
        yield Evidence(field=limit.field, value=cut(limit.value, 200), says="reads as a limit on use")
    if record.person_level:
        yield Evidence(field="person level", value=record.person_level, says="as its owner states")
    if signals.has_page and not signals.has_link:
        yield Evidence(field="landing page", value=cut(record.landing_page, 200), says="a page, not the data")
    yield _file_evidence(signals)


def _licence_evidence(record: Record, signals: Signals) -> Evidence:
    found, files = signals.licence, len(record.distributions)
    value = cut(found.matched or raw_licence(record), 200)
    if found.licence is None:
        looked = f"the dataset and {files} file{'' if files == 1 else 's'}" if files else "the dataset"
        says = f"not stated (looked at {looked})" if is_unstated(value) else "names no licence we know"
    elif found.how is How.LIMIT:
        says = "limits use"
    elif found.how is How.PHRASE:
        says = f"mentions {found.licence.short}: to be confirmed"
    elif found.licence.conformance is Conformance.CLAIMED:
        says = "claims to be open without a licence that can be checked"
    elif found.limits_use:
        says = f"is {found.licence.short}, which limits use"
    else:
        says = f"is {found.licence.short}, an open licence"
    return Evidence(field="licence", value=value, says=says)


def _file_evidence(signals: Signals) -> Evidence:
    formats = names([format_name(file.distribution) for file in signals.files], most=6)
    if not signals.files:
        return Evidence(field="files", value="", says="none listed")
    if not signals.has_link:
        return Evidence(field="files", value=formats, says="none has a web address")
    readable = names([file.format.name for file in signals.files if file.format and file.format.open])
    if readable:
        return Evidence(field="files", value=formats, says=f"{readable}: machine readable in an open format")
    says = "none is machine readable in an open format" if formats else "no format is stated"
    return Evidence(field="files", value=formats, says=says)


def licence_gap(signals: Signals) -> tuple[str, str]:
    """Why the licence is not proven to be open: for a sentence, and in a few words."""
    found, stated = signals.licence, signals.licence.matched
    if found.proven_open:
        return (
            "its files carry a licence that cannot be checked",
            "The licence of its files cannot be checked",
        )
    if found.licence is None:
        return _no_licence(signals)
    if found.how is How.PHRASE:
        mention = f"the text mentions {found.licence.short}, which somebody has to confirm"
        return mention, f"Mentions {found.licence.short}, not confirmed"
    return (
        f"{quote(stated)} claims to be open but names no licence",
        f"{quote(stated, 40)}, but no licence is named",
    )


def _no_licence(signals: Signals) -> tuple[str, str]:
    stated = [*signals.statements, ""][0]
    if not stated:
        return "the page states no licence", "Published, but the page states no licence"
    if is_unstated(stated):
        return (
            f"the licence field only says {quote(stated)}",
            f"Published, but the licence says {quote(stated, 32)}",
        )
    return f"{quote(stated)} is no licence we know", "Published, but its licence cannot be checked"


def file_gap(signals: Signals) -> tuple[str, str]:
    """Why an openly licensed dataset fails on its files: for a sentence, and in a few words."""
    linked = [file for file in signals.files if is_link(file.distribution)]
    if not linked:
        instead = "a page is linked, not the data" if signals.has_page else "no link to the data is given"
        return instead, "Openly licensed, but no link to the data"
    formats = names([format_name(file.distribution) for file in linked])
    if not formats:
        return "no linked file states its format", "Openly licensed, but no format is stated"
    if all(file.format and file.format.name in CONTAINERS for file in linked):
        return f"what is inside the {formats} is not stated", f"Openly licensed, but only as {formats}"
    short = f"Openly licensed, but only as {formats}"
    if any(file.format and file.format.machine_readable for file in linked):
        return f"the data are in a proprietary format only ({formats})", short
    return f"no linked file is machine readable ({formats})", short
