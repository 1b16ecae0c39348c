"""Who says so: the origins of a figure and the lines that name them, computed from revisions and datasets, never typed.

An observation belongs to a revision, the revision to a dataset; denominators have origins of their own. A publisher
that dictates its words is named in them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from catalogue.knowing import Brief
from reportcards.indicators import Indicator
from reportcards.report import Origin, RevisionBrief

CALCULATED = "Calculated by {us}."


def origins(
    indicator: Indicator,
    known: Mapping[str, Brief],
    revision: RevisionBrief | None,
    *,
    provisional: int = 0,
    periods: tuple[str, str] = ("", ""),
) -> tuple[Origin, ...]:
    """Every origin of an indicator's figures, its own dataset first; () when there is none: no origin, no figure."""
    found: list[Origin] = []
    own = known.get(indicator.dataset_id)
    if own is not None:
        found.append(_of(own))
    if not found:
        return ()
    found[0] = replace(
        found[0],
        period_first=periods[0],
        period_last=periods[1],
        received=revision.received if revision else None,
        revision=revision.number if revision else 0,
        provisional=provisional,
    )
    found += [replace(_of(known[each]), is_denominator=True) for each in indicator.denominators if each in known]
    return tuple(found)


def _of(dataset: Brief) -> Origin:
    return Origin(
        dataset_id=dataset.id,
        title=dataset.title,
        publisher=dataset.publisher or "publisher not stated",
        licence=dataset.licence_words,
        url=dataset.landing_page,
        citation=dataset.acknowledgement,
        band=dataset.band,
    )


def source_line(found: Sequence[Origin], *, calculated_by: str = "") -> str:
    """The whole line that stands on every chart, table and file; every origin is named, however many there are."""
    if not found:
        return ""
    lines = [_named(found[0])]
    lines += [f"Denominator: {_named(each)}" for each in found[1:]]
    if calculated_by:
        lines.append(CALCULATED.format(us=calculated_by))
    return " ".join(lines)


def _named(origin: Origin) -> str:
    parts = [origin.publisher, origin.title, _periods(origin), origin.licence]
    if origin.agreement:
        parts.append(f"under {origin.agreement}")
    if origin.received:
        parts.append(f"received {day(origin.received)}")
    if origin.revision:
        parts.append(f"revision {origin.revision}")
    line = ", ".join(part for part in parts if part)
    if origin.provisional:
        line += f"; {origin.provisional} provisional" if origin.provisional > 1 else "; the last value is provisional"
    dictated = f" {origin.citation}" if origin.citation else ""
    return f"{line}.{dictated}"


def _periods(origin: Origin) -> str:
    if origin.period_first == origin.period_last:
        return origin.period_last
    return f"{origin.period_first} to {origin.period_last}"


def source_short(found: Sequence[Origin]) -> str:
    """Two lines for a tile, parted by a line break: who and what; licence and when."""
    if not found:
        return ""
    first = found[0]
    more = " and others" if len(found) > 1 else ""
    second = [first.agreement or _initials(first.licence), f"received {day(first.received)}" if first.received else ""]
    return f"{first.publisher}, {first.title}, r{first.revision}{more}\n{', '.join(part for part in second if part)}"


_NAMED_LICENCE = re.compile(r"((?:[A-Z][a-z]+ ){2,})(v?\d[\d.]*)")


def _initials(licence: str) -> str:
    """A licence in the letters it is known by: "Open Government Licence v3.0" is "OGL v3.0"; others stay."""
    found = _NAMED_LICENCE.fullmatch(licence)
    if found is None:
        return licence
    return f"{''.join(word[0] for word in found[1].split())} {found[2]}"


def day(moment: date) -> str:
    """A day as people write it: 12 Nov 2026."""
    return f"{moment.day} {moment:%b %Y}"
