"""Findings in words: what a series does, whether that is good, whether the target is met, how it compares.

Signal before comparison, and "no change", "similar" and "not enough data" are findings as good as any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from reportcards import words
from reportcards.methods._limits import Interval
from reportcards.methods.benchmark import against_reference
from reportcards.methods.polarity import Marker
from reportcards.methods.recent_trend import RecentTrend
from reportcards.methods.xmr import RUN, SHORTEST, Assurance, Rule, XmR
from reportcards.report import Judgement, Point, Polarity, State, Target
from reportcards.targets import Goal

_UP = (Marker.INCREASING, Marker.INCREASING_BETTER, Marker.INCREASING_WORSE)
_DOWN = (Marker.DECREASING, Marker.DECREASING_BETTER, Marker.DECREASING_WORSE)
_BETTER = (Marker.INCREASING_BETTER, Marker.DECREASING_BETTER)
_WORSE = (Marker.INCREASING_WORSE, Marker.DECREASING_WORSE)


def judged(side: int, polarity: Polarity) -> Judgement:
    """Whether up (1) or down (-1) is good."""
    if side == 0:
        return Judgement.SIMILAR
    if polarity is Polarity.NONE:
        return Judgement.NO_JUDGEMENT
    return Judgement.BETTER if (side > 0) == (polarity is Polarity.HIGH) else Judgement.WORSE


@dataclass(frozen=True, slots=True, kw_only=True)
class Special:
    """A rule that the last value follows, its direction, and how many periods long."""

    rule: Rule
    up: bool
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A series and what statistics say of it, to be put into words."""

    setting_name: str
    unit: str
    decimals: int
    polarity: Polarity
    period_type: str
    points: Sequence[Point]
    chart: XmR | None
    """None when there are too few points for a usual range."""
    trend: RecentTrend | None

    @property
    def last(self) -> int | None:
        """The place of the last value."""
        found = [place for place, point in enumerate(self.points) if point.value is not None]
        return found[-1] if found else None

    @property
    def valued(self) -> int:
        """How many points have a value."""
        return sum(point.value is not None for point in self.points)

    def moved(self) -> int:
        """Rises (above zero) or falls (below) in a row up to the last value."""
        assert self.last is not None
        values = [point.value for point in self.points[: self.last + 1]]
        steps = [0 if a is None or b is None else (b > a) - (b < a) for a, b in pairwise(values)]
        run = 0
        for step in reversed(steps):
            if step == 0 or step * run < 0:
                break
            run += step
        return run

    def beside_mean(self) -> int:
        """Values in a row on the side of the mean on which the last one lies."""
        assert self.chart is not None and self.last is not None
        found = zip(self.points[: self.last + 1], self.chart.mean[: self.last + 1], strict=True)
        sides = [0 if p.value is None or mean is None else (p.value > mean) - (p.value < mean) for p, mean in found]
        return next((n for n, side in enumerate(reversed(sides)) if side != sides[-1]), len(sides))

    def special(self) -> Special | None:
        """Why the last value is more than ordinary variation, told by the rule that says most; None when it is not.

        A long run of rises that has left the usual range is told as the run.
        """
        assert self.chart is not None and self.last is not None
        signal = self.chart.signals[self.last]
        if signal is None or signal.side == 0:
            return None
        run = self.moved()
        if abs(run) >= RUN - 1 and run * signal.side > 0:
            return Special(rule=Rule.TREND, up=run > 0, length=abs(run))
        length = self.beside_mean() if signal.rule is Rule.SHIFT else 1
        return Special(rule=signal.rule, up=signal.side > 0, length=length)

    def sentence(self) -> str:
        """What it does, without its name: "has risen for seven months in a row"."""
        if self.last is None:
            return "has no value that can be shown"
        if self.chart is not None:
            return self._by_chart()
        if self.trend is not None and self.trend.reason is None:
            return self._by_trend()
        if self.valued == 1:
            return "has one value so far: too few to call a trend"
        return f"has too few values to call a trend: {self.valued} of {SHORTEST}"

    def _by_chart(self) -> str:
        assert self.chart is not None and self.last is not None
        special = self.special()
        if special is None:
            return "goes up and down within its usual range"
        up = special.up
        spoken = f"{words.in_words(special.length)} {words.each(self.period_type, special.length)}"
        match special.rule:
            case Rule.TREND:
                return f"has {'risen' if up else 'fallen'} for {spoken} in a row"
            case Rule.SHIFT:
                return f"has been {'above' if up else 'below'} its average for {spoken} in a row"
            case Rule.BEYOND:
                return f"is {'higher' if up else 'lower'} than its usual range"
            case Rule.TWO_OF_THREE:
                return f"comes close to the {'upper' if up else 'lower'} end of its usual range"

    def _by_trend(self) -> str:
        assert self.trend is not None
        if self.trend.marker in _UP:
            return "has risen over the last five years, by more than chance"
        if self.trend.marker in _DOWN:
            return "has fallen over the last five years, by more than chance"
        return "shows no real change in five years"

    def finding(self) -> str:
        """The sentence of a tile, beginning with a capital; says it when the direction is not judged."""
        said = self.sentence()
        said = said[0].upper() + said[1:] + "."
        moved = signal_of(self).judgement is Judgement.NO_JUDGEMENT
        return f"{said} We do not judge the direction." if moved else said

    def headline(self, target: Target | None) -> str:
        """The sentence of a page: name, what it does, and what that means for the target."""
        said = f"{self.setting_name} {self.sentence()}"
        if target is None or self.last is None:
            return said
        outcome = {
            "Will be missed": "the target will be missed without change",
            "Missed": "the target is missed",
            "Met": "the target is met",
            "Consistently met": "the target is met, and will be",
            "Hit and miss": "the target will be hit and missed without change",
        }.get(target.state.word, "")
        return f"{said}; {outcome}" if outcome else said


def signal_of(told: Told) -> State:
    """Whether the last value is more than ordinary variation."""
    if told.last is None:
        return State(judgement=Judgement.NOT_ENOUGH, word="Not enough data", why="No value can be shown")
    if told.chart is not None:
        special = told.special()
        if special is None:
            return State(judgement=Judgement.SIMILAR, word="No change", why="Within its usual range")
        why = {
            Rule.TREND: f"{special.length} {'rises' if special.up else 'falls'} in a row",
            Rule.SHIFT: f"{special.length} in a row {'above' if special.up else 'below'} its average",
            Rule.BEYOND: "Outside its usual range",
            Rule.TWO_OF_THREE: "2 of 3 close to a limit",
        }[special.rule]
        return _state(judged(1 if special.up else -1, told.polarity), up=special.up, why=why)
    if told.trend is not None and told.trend.reason is None:
        side = (told.trend.marker in _UP) - (told.trend.marker in _DOWN)
        if side == 0:
            return State(judgement=Judgement.SIMILAR, word="No change", why="No trend in five years")
        return _state(judged(side, told.polarity), up=side > 0, why="Trend of five years")
    return State(judgement=Judgement.NOT_ENOUGH, word="Not enough data", why=f"{told.valued} of {SHORTEST} values")


def _state(judgement: Judgement, *, up: bool, why: str) -> State:
    word = {Judgement.BETTER: "Improvement", Judgement.WORSE: "Concern"}.get(judgement, "Higher" if up else "Lower")
    return State(judgement=judgement, word=word, why=why)


def target_of(told: Told, goal: Goal | None) -> Target | None:
    """Whether the target is met; by the usual range where there is one, so that one lucky month is not a promise.

    A forecast never decides it: a line carried on is drawn, not judged.
    """
    if goal is None:
        return None
    last = told.points[told.last] if told.last is not None else None
    state = _target_state(told, goal, last)
    by = f"{goal.by.day} {goal.by:%B %Y}" if goal.by else ""
    return Target(value=goal.value, upper=goal.upper, by=by, set_by=goal.set_by, source=goal.source, state=state)


def _target_state(told: Told, goal: Goal, last: Point | None) -> State:
    if last is None or last.value is None:
        return State(judgement=Judgement.NOT_ENOUGH, word="Not known", why="No value can be shown")
    if goal.upper is not None:
        inside = goal.value <= last.value < goal.upper
        word = "Met" if inside else "Missed"
        return State(judgement=Judgement.BETTER if inside else Judgement.WORSE, word=word, why="Latest value")
    if told.polarity is Polarity.NONE:
        side = "above" if last.value > goal.value else "below" if last.value < goal.value else "at"
        return State(judgement=Judgement.NO_JUDGEMENT, word=f"Is {side}", why="Nobody has said which side is good")
    met = last.value >= goal.value if told.polarity is Polarity.HIGH else last.value <= goal.value
    assurance = told.chart.assurance if told.chart is not None else None
    match assurance:
        case Assurance.PASS:
            return State(judgement=Judgement.BETTER, word="Consistently met", why="Beyond its usual range")
        case Assurance.FAIL if met:
            return State(judgement=Judgement.BETTER, word="Met", why="Latest value")
        case Assurance.FAIL:
            why = "Its usual range does not reach it"
            return State(judgement=Judgement.WORSE, word=_missed(goal, last), why=why)
        case Assurance.INCONSISTENT:
            why = "Its usual range lies on both sides"
            return State(judgement=Judgement.SIMILAR, word="Hit and miss", why=why)
        case _:
            word = "Met" if met else "Missed"
            return State(judgement=Judgement.BETTER if met else Judgement.WORSE, word=word, why="Latest value")


def _missed(goal: Goal, last: Point) -> str:
    return "Will be missed" if goal.by is not None and goal.by > last.end else "Missed"


def compared_state(last: Point, reference: float, polarity: Polarity) -> State:
    """How a value compares with a reference by its 95 % limits; without limits nothing is compared."""
    if last.value is None or last.lower is None or last.upper is None:
        return State(judgement=Judgement.NOT_ENOUGH, word="Not compared", why="It has no confidence interval")
    frame = pl.DataFrame(
        {"value": [last.value], "lower": [last.lower], "upper": [last.upper], "reference": [reference]}
    )
    area = Interval(value=pl.col("value"), lower=pl.col("lower"), upper=pl.col("upper"))
    side = int(frame.select(against_reference(area, pl.col("reference"))).item() or 0)
    judgement = judged(side, polarity)
    if side == 0:
        return State(judgement=Judgement.SIMILAR, word="Similar", why="The interval holds the other value")
    word = {Judgement.BETTER: "Better", Judgement.WORSE: "Worse"}.get(judgement, "Higher" if side > 0 else "Lower")
    return State(judgement=judgement, word=word, why="By more than chance")
