"""What several cards tell together that none of them tells alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Any

from reportcards.disclosure.attack import audit
from reportcards.disclosure.cells import ANY, Relation, Span
from reportcards.disclosure.ledger import Need
from reportcards.disclosure.rules import Rule
from reportcards.disclosure.system import system
from reportcards.methods._inputs import items, mapping, number
from reportcards.methods._method import Case, Method, Refused
from reportcards.methods._tables import threshold, whole

_RATE = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_SPACED, _TIGHT = re.compile(r"\s+([+\-−])\s+"), re.compile(r"\s*([+\-−])\s*")


def check(inputs: Case) -> dict[str, Any]:
    """What a reader works out from cards with a relation, from a total with groups, or from a rate. Raises Refused."""
    rule = Rule(threshold=threshold(inputs), zeros_disclosive=bool(inputs.get("zeros_are_disclosive", False)))
    if "cards" in inputs:
        return _cards(inputs, rule)
    if "groups" in inputs:
        return _groups(inputs, rule)
    if "population" in inputs:
        return _rate(inputs, rule)
    raise Refused("neither cards, groups nor a rate with its population are given")


def _cards(inputs: Case, rule: Rule) -> dict[str, Any]:
    """Counts under the threshold that are told exactly, and whether any is told too closely to publish."""
    cards = items(inputs, "cards")
    if not all(isinstance(card, Mapping) and "card" in card for card in cards):
        raise Refused("cards are not names with their counts")
    counts = {str(card["card"]): whole(card.get("count")) for card in cards}
    said = inputs.get("relations", inputs.get("relation"))
    relations = items({"relations": [said] if isinstance(said, str) else said}, "relations")
    sums = [relation for each in relations for relation in _sums(str(each), counts)]
    spans = _spans(counts, sums)
    disclosed = {each: span.low for each, span in spans.items() if span.exact and rule.small(span.low)}
    close = [each for each, span in spans.items() if span.low < rule.threshold and _tight(span, rule)]
    none = [each for each, span in spans.items() if span.exact and not rule.small(span.low)]
    return {"disclosed": disclosed, "must_block": bool(set(close) - set(none))}


def _groups(inputs: Case, rule: Rule) -> dict[str, Any]:
    """Hidden groups that the total gives away, and whether others have to be hidden with them."""
    counts = {f"group {group}": whole(count) for group, count in mapping(inputs, "groups").items()}
    relation = Relation(total="the total", parts=tuple(counts))
    spans = _spans({**counts, "the total": whole(inputs.get("total"))}, [relation])
    hidden = {each.removeprefix("group "): spans[each] for each in counts if each in spans}
    return {
        "recovered": {group: span.low for group, span in hidden.items() if span.exact},
        "needs_secondary": any(_tight(span, rule) for span in hidden.values()),
    }


def _rate(inputs: Case, rule: Rule) -> dict[str, Any]:
    """The count behind a rate as it is shown, None when several fit."""
    population, multiplier = whole(inputs.get("population")), number(inputs, "multiplier", default=1)
    if population is None or multiplier is None or multiplier <= 0:
        raise Refused("a rate needs its population and a multiplier above 0")
    span = counts_behind(_shown(inputs), multiplier=multiplier, population=population)
    suppressed = bool(inputs.get("suppressed_count", True))
    return {"recovered_count": span.low if span.exact else None, "must_block": suppressed and _tight(span, rule)}


def _shown(inputs: Case) -> str:
    """The rate as it is written, with the decimals it is shown with. Raises Refused for what is no number."""
    written = inputs.get("value")
    if isinstance(written, str) and _RATE.fullmatch(written):
        return written
    value = number(inputs, "value")
    if value is None:
        raise Refused("value is missing")
    return str(written)


def counts_behind(shown: str, *, multiplier: float, population: int) -> Span:
    """The counts whose rate reads `shown`, rounded to its decimals; the nearest one when none does exactly."""
    value = Decimal(shown)
    exponent = value.as_tuple().exponent
    half = Fraction(1, 2) / 10 ** max(0, -exponent if isinstance(exponent, int) else 0)
    scale = Fraction(population) / Fraction(str(multiplier))
    low, high = (Fraction(value) - half) * scale, (Fraction(value) + half) * scale
    first, last = max(0, ceil(low)), floor(high)
    if first > last:
        first = last = max(0, round(Fraction(value) * scale))
    return Span(low=first, high=last)


def _tight(span: Span, rule: Rule) -> bool:
    return span.values is not None and span.values < max(rule.threshold, 1)


def _spans(counts: Mapping[str, int | None], relations: list[Relation]) -> dict[str, Span]:
    """What can be worked out about every number that no card shows. Raises Refused when the cards contradict."""
    ranges = {each: ANY if count is None else Span(low=count, high=count) for each, count in counts.items()}
    unknowns = {each for relation in relations for each, _ in relation.terms() if counts.get(each) is None}
    unknowns |= {each for each, count in counts.items() if count is None}
    whole_system = system(ranges, relations)
    found = audit(whole_system, {each: Need(values=1) for each in sorted(unknowns)})
    if any(not finding.safe for finding in found.values()):
        raise Refused("the cards contradict each other: a part is larger than its whole")
    return {each: finding.span for each, finding in found.items()}


def _sums(relation: str, counts: dict[str, int | None]) -> list[Relation]:
    """Each equals sign of a line such as "A = B + W3 - C" as a sum; bare numbers stand for themselves."""
    sides = [_terms(side, counts) for side in relation.split("=")]
    if len(sides) < 2 or not all(sides):
        raise Refused(f"the relation {relation!r} does not say what equals what")
    found = []
    for left, right in pairwise(sides):
        terms = [*left, *((each, -sign) for each, sign in right)]
        total = next((each for each, sign in terms if sign > 0), None)
        if total is None:
            raise Refused(f"the relation {relation!r} only takes away")
        terms.remove((total, 1))
        found.append(
            Relation(
                total=total,
                parts=tuple(each for each, sign in terms if sign < 0),
                less=tuple(each for each, sign in terms if sign > 0),
            )
        )
    return found


def _terms(side: str, counts: dict[str, int | None]) -> list[tuple[str, int]]:
    text = side.strip()
    pieces = [text] if text in counts else _SPACED.split(text)
    if len(pieces) == 1 and text not in counts:
        pieces = _TIGHT.split(text)
    pieces = pieces[1:] if pieces and not pieces[0] else ["+", *pieces]
    terms = []
    for sign, each in zip(pieces[::2], pieces[1::2], strict=True):
        label = each.strip()
        if not label:
            raise Refused(f"a term is missing in {side.strip()!r}")
        if label.isdecimal() and label not in counts:
            counts[label] = int(label)
        terms.append((label, 1 if sign == "+" else -1))
    return terms


METHOD = Method(
    name="sdc_cross_card_differencing",
    title="Cards judged together",
    what=(
        "Two cards that are harmless alone can tell a small number together: everybody less everybody but one ward, a "
        "total less all groups but one, a rate times its population. Every card is judged with all that its audience "
        "has been shown before."
    ),
    formula="what the shown numbers and their sums leave possible for each number not shown",
    source="Hundepool and others, Statistical Disclosure Control, Wiley 2012, section 5.1: disclosure by differencing.",
    example={
        "cards": [{"card": "All", "count": 112}, {"card": "Without one ward", "count": 109}],
        "relation": "All = Without one ward + That ward",
        "threshold": 10,
    },
    check=check,
)
