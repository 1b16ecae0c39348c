"""What every file says of an indicator, in words: one place, so that slide, page and workbook agree."""

from __future__ import annotations

from dataclasses import dataclass

from reportcards.charts._words import figure, interval, number, polarity_words, status_words, target_figure
from reportcards.report import Judgement, Measurement, Origin, Point, ReportCard, State

BANDS = {
    "closed": "Closed",
    "named": "Named access",
    "group": "Group access",
    "public-limited": "Public, limited",
    "public-unclear": "Public, licence unclear",
    "open": "Open",
    "unknown": "Not stated",
}
FILLS = {
    "closed": "#133047",
    "named": "#0D556C",
    "group": "#1C7D86",
    "public-limited": "#4AA79C",
    "public-unclear": "#93D1AF",
    "open": "#E5F2C2",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One of the answers under a headline: "Signal", "Concern", "7 rises in a row"."""

    label: str
    words: str
    why: str = ""
    judgement: Judgement | None = None


def value_words(item: Measurement) -> str:
    """ "6.8 %", or the reason why there is none."""
    point = item.latest
    if item.held is not None:
        return "Held"
    if point is None:
        return "No value yet"
    return figure(point.value, item, long=True) if point.value is not None else status_words(point)


def facts(item: Measurement) -> tuple[Fact, ...]:
    """Latest, change, signal, target, peers: those that are known."""
    point = item.latest
    found = [Fact(label="Latest", words=value_words(item), why=_when(item, point))]
    if item.change is not None:
        arrow = "↑ " if item.change > 0 else "↓ " if item.change < 0 else ""
        words = f"{arrow}{number(abs(item.change), item.decimals)}"
        found.append(Fact(label="Change", words=words, why=polarity_words(item.polarity)))
    if item.signal is not None:
        found.append(_fact("Signal", item.signal))
    if item.target is not None:
        by = f"by {item.target.by}" if item.target.by else ""
        found.append(_fact(f"Target {target_figure(item.target, item)}", item.target.state, by))
    if item.benchmark is not None:
        value = figure(item.benchmark.value, item, long=True) if item.benchmark.value is not None else "no value"
        found.append(_fact(item.benchmark.name, item.benchmark.state, f"{value}, {item.benchmark.period}"))
    return tuple(found)


def _fact(label: str, state: State, why: str = "") -> Fact:
    return Fact(label=label, words=state.word, why=why or state.why, judgement=state.judgement)


def _when(item: Measurement, point: Point | None) -> str:
    if point is None or item.held is not None:
        return ""
    limits = interval(point, item) if point.value is not None else ""
    parts = [f"{limits} (95 %)" if limits else "", point.period, "provisional" if point.is_provisional else ""]
    return ", ".join(part for part in parts if part)


def hidden_words(item: Measurement) -> str:
    """Which periods are not shown, and why; "" when all are."""
    reasons: dict[str, list[str]] = {}
    for point in item.series.points if item.series else ():
        if point.value is None:
            reasons.setdefault(status_words(point), []).append(point.period)
    return " ".join(f"{reason}: {_listed(periods)}." for reason, periods in reasons.items())


def _listed(periods: list[str]) -> str:
    return ", ".join(periods) if len(periods) <= 6 else f"{', '.join(periods[:5])} and {len(periods) - 5} more"


def origin_words(origin: Origin) -> str:
    """Everything known of a source, in one line."""
    span = " to ".join(part for part in (origin.period_first, origin.period_last) if part)
    parts = (
        f"{origin.publisher}, {origin.title}",
        origin.citation,
        span,
        f"licence {origin.licence}" if origin.licence else "no licence stated",
        f"agreement {origin.agreement}" if origin.agreement else "",
        BANDS.get(origin.band, origin.band),
        f"received {origin.received:%-d %b %Y}" if origin.received else "",
        f"revision {origin.revision}" if origin.revision else "",
        f"{origin.provisional} provisional" if origin.provisional else "",
        "denominator" if origin.is_denominator else "",
        origin.url,
    )
    return "; ".join(part for part in parts if part)


def audience_words(card: ReportCard) -> str:
    """ "Partners only. Two tiles use data shared under A-07."."""
    return f"{card.audience.word} {card.audience.why}".strip()


def as_at(card: ReportCard) -> str:
    """ "As at 21 Nov 2026, 09:12 UTC"; a card of a whole day says the day alone."""
    if (card.as_of.hour, card.as_of.minute) == (0, 0):
        return f"As at {card.as_of:%-d %b %Y}"
    zone = card.as_of.tzname() or ""
    return f"As at {card.as_of:%-d %b %Y, %H:%M}{f' {zone}' if zone else ''}"
