"""Figures, states and directions in words, the same on every page of the report cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from pages.shell import widgets as w
from reportcards.report import Benchmark, Comparison, Judgement, Measurement, Point, Polarity, Target
from reportcards.words import number

DIRECTIONS: Mapping[Polarity, str] = MappingProxyType(
    {
        Polarity.HIGH: "higher is better",
        Polarity.LOW: "lower is better",
        Polarity.NONE: "direction is not judged",
    }
)
_TO_PEERS: Mapping[Judgement, str] = MappingProxyType(
    {Judgement.BETTER: "{} than {}", Judgement.WORSE: "{} than {}", Judgement.NO_JUDGEMENT: "{} than {}"}
    | {Judgement.SIMILAR: "{} to {}", Judgement.NOT_ENOUGH: "Peers: {}"}
)
_SHORT_NAME = 14
_BEFORE = frozenset({"£", "€", "$"})


def parts(value: float, shown: Measurement) -> tuple[str, str]:
    """The number and the unit behind it; money stands before: ("6.8", "%"), ("£1,048", "")."""
    said = number(value, shown.decimals)
    return (f"{shown.unit}{said}", "") if shown.unit in _BEFORE else (said, shown.unit)


def with_unit(value: float, shown: Measurement) -> str:
    """The number, with its unit where that is a sign: "4.5 %", "£1,048", "340"."""
    said, unit = parts(value, shown)
    return f"{said} {unit}" if unit == "%" else said


def interval(point: Point, shown: Measurement) -> str:
    """The confidence limits, "6.1 to 7.6"; "" without any."""
    if point.lower is None or point.upper is None:
        return ""
    return f"{number(point.lower, shown.decimals)} to {number(point.upper, shown.decimals)}"


def period(point: Point) -> str:
    """The period, and that the source may still change the value."""
    return f"{point.period}, provisional" if point.is_provisional else point.period


def target_value(target: Target, shown: Measurement) -> str:
    """What is to be reached: "4.5 %", "4 to 5 %"; round ones without decimals, as people agree them."""
    levels = [level for level in (target.value, target.upper) if level is not None]
    round_ones = replace(shown, decimals=0) if all(level == int(level) for level in levels) else shown
    if target.upper is None:
        return with_unit(target.value, round_ones)
    return f"{number(target.value, round_ones.decimals)} to {with_unit(target.upper, round_ones)}"


def to_target(shown: Measurement) -> str:
    """One line of a tile: "Target 4.5 %: will be missed"."""
    if shown.target is None:
        return "No target agreed"
    word = shown.target.state.word
    return f"Target {target_value(shown.target, shown)}: {word[:1].lower()}{word[1:]}"


def to_peers(shown: Measurement) -> str | w.Markup:
    """One line of a tile: "Worse than peers", or why it is not compared."""
    if shown.benchmark is None:
        alone = shown.comparison in {Comparison.NONE, Comparison.OWN_TREND}
        return "No comparison" if alone else "No peers to compare with"
    state = shown.benchmark.state
    if state.judgement is Judgement.NOT_ENOUGH:
        return w.verdict(state.judgement, state.word)
    if " " in state.word:
        return w.verdict(state.judgement, state.word)
    return w.verdict(state.judgement, _TO_PEERS[state.judgement].format(state.word, _name_of(shown.benchmark)))


def _name_of(benchmark: Benchmark) -> str:
    """A single area that is compared with has a short name; a group is "peers"."""
    is_short = len(benchmark.name) <= _SHORT_NAME and not any(letter.isdigit() for letter in benchmark.name)
    return benchmark.name if is_short else "peers"


def signal(shown: Measurement) -> w.Markup:
    """Shape and word of the signal; that there is not enough to tell is a state of its own."""
    if shown.signal is None:
        return w.verdict(Judgement.NOT_ENOUGH, "Not enough data")
    return w.verdict(shown.signal.judgement, shown.signal.word)


def is_pale(shown: Measurement) -> bool:
    """Whether the value is drawn quieter: the source may still change it, or a newer one should be here."""
    is_stale = shown.freshness is not None and shown.freshness.is_stale
    return is_stale or (shown.latest is not None and shown.latest.is_provisional)


def change(shown: Measurement) -> str | w.Markup:
    """The change since the observation before, with an arrow in ink: a direction is no judgement."""
    if shown.change is None:
        return "Nothing before it"
    said = number(abs(shown.change), shown.decimals)
    if not said.strip("0.,"):
        return "None"
    up = shown.change > 0
    arrow = w.icon("arrow_upward" if up else "arrow_downward")
    return w.Markup('<span class="ct-change">{}<span class="ct-hide">{} </span><b>{}</b></span>').format(
        arrow, "up" if up else "down", said
    )
