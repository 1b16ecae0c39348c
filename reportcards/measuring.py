"""What one series says: usual range, signals, target, comparison, forecast. Worked out at import, never on a page.

Everything here is pure: facts and a setting in, a `Measured` out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import polars as pl

from reportcards import words
from reportcards.findings import Told, compared_state, signal_of, target_of
from reportcards.formats.periods import PeriodType
from reportcards.methods.forecast import if_nothing_changes
from reportcards.methods.polarity import Polarity as MethodPolarity
from reportcards.methods.recent_trend import RecentTrend, TrendPoint, recent_trend
from reportcards.methods.xmr import SHORTEST, XmR, xmr
from reportcards.methods.xmr import Judgement as Cause
from reportcards.report import Benchmark, Forecast, Judgement, Point, Polarity, State, Target
from reportcards.targets import Goal

AHEAD = 3
"""Periods that a forecast looks ahead."""
_SIGNALS = {
    Cause.IMPROVEMENT: Judgement.BETTER,
    Cause.CONCERN: Judgement.WORSE,
    Cause.HIGH: Judgement.NO_JUDGEMENT,
    Cause.LOW: Judgement.NO_JUDGEMENT,
}
_RATES = {"proportion", "crude_rate", "dsr"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """What a series is compared with: values by the last day of their period."""

    name: str
    values: Mapping[date, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a series is to be read."""

    name: str
    unit: str
    decimals: int
    polarity: Polarity
    value_type: str
    goal: Goal | None = None
    rebases: tuple[date, ...] = ()
    peers: Peers | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A series with everything that is said about it: what a card value keeps."""

    points: tuple[Point, ...]
    period_type: str
    finding: str
    headline: str
    change: float | None
    signal: State
    target: Target | None
    benchmark: Benchmark | None
    forecast: Forecast
    methods: tuple[str, ...]
    """Names of the methods that were used."""
    provisional: int = 0
    """How many of the points may still be changed by their source."""
    first_period: str = ""
    last_period: str = ""
    """Of all its points, in words."""

    @property
    def latest(self) -> Point | None:
        """The last observation that has a value."""
        return next((point for point in reversed(self.points) if point.value is not None), None)


def measure(facts: pl.DataFrame, setting: Setting, *, before: Mapping[date, float | None] | None = None) -> Measured:
    """One series, its rows of FACTS in order of time; `before` are the values of the revision before, by period end."""
    rows = facts.sort("period_end").to_dicts()
    values = [row["value"] for row in rows]
    kind = rows[-1]["period_type"] if rows else PeriodType.RANGE.value
    rebases = _places(rows, setting.rebases)
    chart = xmr(values, polarity=MethodPolarity(setting.polarity.value), target=_limit(setting.goal), rebases=rebases)
    usable = sum(value is not None for value in values) >= SHORTEST and _is_single(kind)
    trend = _trend(rows, setting, kind)
    points = tuple(_point(row, place, chart if usable else None) for place, row in enumerate(rows))
    points = tuple(_revised(point, before or {}) for point in points)
    forecast = _forecast(rows, rebases, kind) if _is_single(kind) else _no_forecast("Its periods overlap.")
    told = Told(
        setting_name=setting.name,
        unit=setting.unit,
        decimals=setting.decimals,
        polarity=setting.polarity,
        period_type=kind,
        points=points,
        chart=chart if usable else None,
        trend=trend,
    )
    signal = signal_of(told)
    target = target_of(told, setting.goal)
    valued = [point.value for point in points if point.value is not None]
    return Measured(
        points=points,
        period_type=kind,
        finding=told.finding(),
        headline=told.headline(target),
        change=valued[-1] - valued[-2] if len(valued) > 1 else None,
        signal=signal,
        target=target,
        benchmark=_benchmark(points, setting),
        forecast=forecast,
        methods=_methods(setting, usable=usable, trend=trend, forecast=forecast),
        provisional=sum(point.is_provisional for point in points),
        first_period=points[0].period if points else "",
        last_period=points[-1].period if points else "",
    )


def _is_single(kind: str) -> bool:
    """Pooled years and rolling years share most of their data with their neighbours: runs in them mean nothing."""
    return kind not in (PeriodType.POOLED_YEARS.value, PeriodType.ROLLING_YEAR.value, PeriodType.RANGE.value)


def _limit(goal: Goal | None) -> float | None:
    return goal.value if goal is not None and goal.upper is None else None


def _places(rows: Sequence[Mapping[str, Any]], rebases: Sequence[date]) -> list[int]:
    """The index at which each new beginning falls; one after the last observation has not begun yet."""
    found = (next((place for place, row in enumerate(rows) if row["period_end"] >= day), None) for day in rebases)
    return sorted({place for place in found if place})


def _point(row: Mapping[str, Any], place: int, chart: XmR | None) -> Point:
    cause = chart.judgements[place] if chart is not None else Cause.COMMON_CAUSE
    rule = chart.signals[place] if chart is not None else None
    return Point(
        period=words.period(row["period_start"], row["period_end"], row["period_type"]),
        start=row["period_start"],
        end=row["period_end"],
        value=row["value"],
        lower=row["lower95"],
        upper=row["upper95"],
        status=row["obs_status"],
        held=row["held"] or "",
        signal=_SIGNALS.get(cause),
        rule=rule.rule.value if rule is not None and cause is not Cause.COMMON_CAUSE else "",
        mean=chart.mean[place] if chart is not None else None,
        low=chart.lower[place] if chart is not None else None,
        high=chart.upper[place] if chart is not None else None,
        count=row["count"],
        denominator=row["denominator"],
    )


def _revised(point: Point, before: Mapping[date, float | None]) -> Point:
    """The point with the value it had in the revision before, when that was another one."""
    was = before.get(point.end)
    return point if was is None or was == point.value else replace(point, was=was)


def _trend(rows: Sequence[Mapping[str, Any]], setting: Setting, kind: str) -> RecentTrend | None:
    yearly = (PeriodType.CALENDAR_YEAR.value, PeriodType.FINANCIAL_YEAR.value, PeriodType.SCHOOL_YEAR.value)
    if kind not in yearly:
        return None
    points = [
        TrendPoint(
            year=row["period_start"].year,
            value=row["value"],
            count=row["count"],
            denominator=row["denominator"],
            lower=row["lower95"],
            upper=row["upper95"],
        )
        for row in rows
    ]
    found = recent_trend(points, value_type=setting.value_type, polarity=MethodPolarity(setting.polarity.value))
    return found


def _forecast(rows: Sequence[Mapping[str, Any]], rebases: Sequence[int], kind: str) -> Forecast:
    found = if_nothing_changes([row["value"] for row in rows], AHEAD, rebases=rebases)
    if found.withheld:
        return _no_forecast(found.withheld.value)
    start, end = rows[-1]["period_start"], rows[-1]["period_end"]
    spacing = _spacing(rows)
    points = []
    for step in found.ahead:
        start, end = _next((start, end), spacing, kind)
        points.append(
            Point(
                period=words.period(start, end, kind),
                start=start,
                end=end,
                value=step.value,
                lower=step.lower,
                upper=step.upper,
                status="F",
            )
        )
    said = f"If nothing changes, from the last {words.in_words(found.points)} values"
    return Forecast(points=tuple(points), words=said)


def _no_forecast(why: str) -> Forecast:
    return Forecast(points=(), words="", why_not=why)


def _spacing(rows: Sequence[Mapping[str, Any]]) -> timedelta:
    """Days from one period to the next, as most of the last ones are."""
    ends = [row["period_end"] for row in rows[-9:]]
    gaps = sorted(later - earlier for earlier, later in pairwise(ends))
    return gaps[len(gaps) // 2] if gaps else timedelta(days=1)


def _next(last: tuple[date, date], spacing: timedelta, kind: str) -> tuple[date, date]:
    """The first and last day of the period that follows."""
    start, end = last
    months = {
        PeriodType.MONTH: 1,
        PeriodType.QUARTER: 3,
        PeriodType.CALENDAR_YEAR: 12,
        PeriodType.FINANCIAL_YEAR: 12,
        PeriodType.SCHOOL_YEAR: 12,
    }.get(PeriodType(kind))
    if months is None:
        return start + spacing, end + spacing
    following = end + timedelta(days=1)
    after = _plus(following, months)
    return following, after - timedelta(days=1)


def _plus(day: date, months: int) -> date:
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, day.day)


def _benchmark(points: Sequence[Point], setting: Setting) -> Benchmark | None:
    if setting.peers is None:
        return None
    shared = [point for point in points if point.value is not None and point.end in setting.peers.values]
    drawn = tuple((end, value) for end, value in sorted(setting.peers.values.items()))
    if not shared:
        why = "There is no value for the same period."
        state = State(judgement=Judgement.NOT_ENOUGH, word="Not compared", why=why)
        return Benchmark(name=setting.peers.name, value=None, period="", points=drawn, state=state)
    last = shared[-1]
    value = setting.peers.values[last.end]
    return Benchmark(
        name=setting.peers.name,
        value=value,
        period=last.period,
        points=drawn,
        state=compared_state(last, value, setting.polarity),
    )


def _methods(setting: Setting, *, usable: bool, trend: RecentTrend | None, forecast: Forecast) -> tuple[str, ...]:
    names = []
    if setting.value_type == "proportion":
        names.append("wilson_proportion_ci")
    elif setting.value_type == "crude_rate":
        names.append("crude_rate_ci")
    if usable:
        names.append("spc_xmr")
    if trend is not None and trend.reason is None:
        names.append("recent_trend")
    if setting.peers is not None:
        names.append("benchmark_comparison")
    if setting.goal is not None:
        names.append("target_comparison")
    if forecast.points:
        names.append("forecast_if_nothing_changes")
    return tuple(names)
