"""The sentence that stands for a picture: the finding first, then what it rests on."""

from __future__ import annotations

from reportcards.charts._words import figure, interval, plain, target_figure
from reportcards.report import Measurement, State


def sentence(*parts: str) -> str:
    """One sentence of the parts that say something."""
    words = [part.strip().rstrip(".;") for part in parts if part.strip()]
    return "; ".join(words) + "." if words else ""


def state_words(state: State | None) -> str:
    """ "Concern, 7 rises in a row"."""
    if state is None:
        return ""
    return plain(f"{state.word}, {state.why}" if state.why else state.word)


def latest_words(measurement: Measurement) -> str:
    """ "6.8 % in Sep 2026 (95 % interval 6.1 to 7.6), provisional"."""
    point = measurement.latest or (measurement.series.latest if measurement.series else None)
    if point is None or point.value is None:
        return "no value can be shown"
    limits = interval(point, measurement)
    return (
        f"{figure(point.value, measurement, long=True)} in {plain(point.period)}"
        + (f" (95 % interval {limits})" if limits else "")
        + (", provisional" if point.is_provisional else "")
    )


def trend_sentence(measurement: Measurement, first: str, last: str) -> str:
    """What the trend shows, for `alt`."""
    target, benchmark = measurement.target, measurement.benchmark
    return sentence(
        f"{plain(measurement.name)}: {plain(measurement.headline) or 'line'}",
        latest_words(measurement),
        f"line from {plain(first)} to {plain(last)}" if first else "",
        state_words(measurement.signal),
        f"target {target_figure(target, measurement)}: {state_words(target.state)}" if target else "",
        f"{plain(benchmark.name)}: {state_words(benchmark.state)}" if benchmark else "",
    )
