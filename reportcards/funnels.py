"""Places in a funnel: which of them may be drawn, and whether their size alone could explain how they differ.

Pure: series of places in, a `Funnel` out. Source of the limits: reportcards.methods.funnel.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from reportcards.methods._limits import count_limits, z_of
from reportcards.methods.funnel import TOO_FEW, proportion_funnel, rate_funnel
from reportcards.report import Comparison, Funnel, FunnelLimit, FunnelPlace, Judgement, Polarity, Series, State

FEWEST = 5
"""Places that a funnel needs: the average of fewer is mostly the place itself."""
KINDS = frozenset({"proportion", "crude_rate", "isr", "dsr"})
"""Value types whose spread by chance follows from a count and its size."""
_LEVELS = (0.95, 0.998)
_STEP = 1.5
"""Sizes within this factor are about as large: places without a name are drawn at the middle of such a class."""
_ROUNDED = 0.02
"""How far a published value may lie from its count over its size, as a share: it was rounded."""
_MULTIPLIERS = (1.0, 100.0, 1_000.0, 10_000.0, 100_000.0)
_CURVE = 60
_GSS = re.compile(r"[EWSNK]\d{8}", re.I)
"""A code of the Government Statistical Service: its first three characters say what kind of place it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a funnel is drawn for: the indicator's nature, its policy, and what is known of the places."""

    value_type: str
    multiplier: float
    polarity: Polarity
    comparison: Comparison
    own: str
    """Code of the place that the card is about."""
    peers: Collection[str] = ()
    """Codes of the peer group; () compares with the places of the same kind."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Code -> kind of place: ward, district."""
    parents: Mapping[str, str] = field(default_factory=dict)
    """Code -> code of the place that it is a part of."""
    whole: str = ""
    """Code of the parent area that the indicator is compared with, "" when it is with none."""

    @property
    def is_permitted(self) -> bool:
        """Whether the policy lets other places be drawn at all, and chance can be reckoned with."""
        return self.comparison in (Comparison.UNNAMED, Comparison.NAMED) and self.value_type in KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    code: str
    area: str
    period: str
    events: float
    size: float
    value: float


def funnel(areas: Sequence[Series], ground: Ground) -> Funnel | None:
    """The funnel of these places at their latest period; None where none may or can be drawn."""
    if not ground.is_permitted:
        return None
    of_a_kind = _chosen(areas, ground)
    ground = replace(ground, multiplier=_multiplier(of_a_kind, ground))
    places = _without_total([place for one in of_a_kind if (place := _place(one, ground)) is not None])
    others = sum(place.code != ground.own for place in places)
    if len(places) < FEWEST or (ground.comparison is Comparison.UNNAMED and others < FEWEST):
        return None
    judged = _judged(places, ground)
    rate = sum(place.events for place in places) / sum(place.size for place in places)
    drawn = judged
    if ground.comparison is Comparison.UNNAMED:
        drawn = _without_names(places, judged, rate=rate, ground=ground)
        if not any(not each.is_own for each in drawn):
            return None
    return Funnel(
        places=tuple(sorted(drawn, key=lambda each: (each.area.casefold(), each.size, each.value))),
        limits=_limits([each.size for each in drawn], rate, ground),
        average=rate * ground.multiplier,
        period=places[0].period,
        compared=len(places),
        left_out=len(of_a_kind) - len(drawn),
        is_named=ground.comparison is Comparison.NAMED,
    )


def _chosen(areas: Sequence[Series], ground: Ground) -> list[Series]:
    """The peers and the own place; else its like, of the same kind and whole; of a whole its parts; else the most."""
    wholes = {*ground.parents.values(), ground.whole}
    parts = [one for one in areas if one.area_code not in wholes]
    is_nameless = ground.comparison is Comparison.UNNAMED
    if is_nameless and all(one.area_code != ground.own for one in parts):
        return []
    peers = {*ground.peers, ground.own}
    among = [one for one in areas if one.area_code in peers] if ground.peers else []
    if len(among) >= FEWEST or (among and is_nameless):
        return among
    alike: dict[tuple[str, str], list[Series]] = {}
    for one in parts:
        like = (_kind(one.area_code, ground), ground.parents.get(one.area_code, ""))
        alike.setdefault(like, []).append(one)
    groups = sorted(alike.values(), key=len, reverse=True)
    own = [each for each in groups if any(one.area_code == ground.own for one in each) and len(each) >= FEWEST]
    within = [each for each in groups if ground.parents.get(each[0].area_code) == ground.own]
    return next(iter([*own, *within, *groups]), [])


def _kind(code: str, ground: Ground) -> str:
    """What kind of place it is said to be, else what its code says: wards have other codes than districts."""
    if code in ground.kinds:
        return ground.kinds[code]
    if _GSS.fullmatch(code):
        return "local authority" if code[1:3] in ("06", "07", "08", "09") else code[:3]
    return re.sub("[a-z]", "a", re.sub(r"\d+", "9", code.lower())) if any(map(str.isdigit, code)) else ""


def _multiplier(areas: Sequence[Series], ground: Ground) -> float:
    """Per how many the values are, as they themselves say: percentages stay percentages whatever was stated."""
    if ground.value_type == "dsr":
        return ground.multiplier
    points = [point for one in areas if (point := one.latest) is not None and point.value and point.count]
    told = sorted((point.value or 0.0) * (point.denominator or 0.0) / (point.count or 1.0) for point in points)
    middle = told[len(told) // 2] if told else ground.multiplier
    found = next((each for each in _MULTIPLIERS if abs(middle - each) <= _ROUNDED * each), None)
    return found or ground.multiplier


def _place(one: Series, ground: Ground) -> _Place | None:
    """None where value, count or size is missing or they do not belong together."""
    point = one.latest
    if point is None or point.value is None or point.count is None or point.value < 0:
        return None
    size = point.denominator
    if ground.value_type == "dsr":
        size = point.count / point.value * ground.multiplier if point.value else None
    if not size or size <= 0 or point.count < 0:
        return None
    told = point.count / size * ground.multiplier
    if abs(told - point.value) > _ROUNDED * abs(point.value) + _ROUNDED * ground.multiplier / size:
        return None
    if ground.value_type == "proportion" and point.count > size:
        return None
    return _Place(
        code=one.area_code, area=one.area, period=point.period, events=point.count, size=size, value=point.value
    )


def _without_total(places: Sequence[_Place]) -> list[_Place]:
    """A place as large as all the others together is their whole, whatever the file calls it."""
    every = sum(place.size for place in places)
    return [place for place in places if place.size < (every - place.size) * (1 - 1e-9) or len(places) < 2]


def _judged(places: Sequence[_Place], ground: Ground) -> list[FunnelPlace]:
    frame = pl.DataFrame(
        {
            "events": [place.events for place in places],
            "size": [place.size for place in places],
            "rate": [place.events / place.size * ground.multiplier for place in places],
        },
        schema={"events": pl.Float64, "size": pl.Float64, "rate": pl.Float64},
    )
    events, size = pl.col("events"), pl.col("size")
    if ground.value_type == "proportion":
        asked = proportion_funnel(events, size)
    else:
        standardised = ground.value_type == "dsr"
        asked = rate_funnel(events, pl.col("rate"), size, multiplier=ground.multiplier, standardised=standardised)
    found = frame.select(found=asked.cast(pl.String))["found"]
    return [
        FunnelPlace(
            area=place.area,
            size=place.size,
            value=place.value,
            state=_state(significance, ground.polarity),
            is_own=place.code == ground.own,
        )
        for place, significance in zip(places, found, strict=True)
    ]


def _state(significance: str | None, polarity: Polarity) -> State:
    if significance is None or significance == TOO_FEW:
        return State(judgement=Judgement.NOT_ENOUGH, word="Too few to judge", why="fewer than 10 events")
    side, _, tail = significance.partition(" ")
    if side not in ("High", "Low"):
        return State(judgement=Judgement.SIMILAR, word="As expected", why="its size alone can explain it")
    word = "Higher" if side == "High" else "Lower"
    if tail == "(0.025)":
        return State(judgement=Judgement.SIMILAR, word=f"{word}, may be chance", why="one place in 20 is, by chance")
    if polarity is Polarity.NONE:
        judgement = Judgement.NO_JUDGEMENT
    else:
        good = (polarity is Polarity.HIGH) == (side == "High")
        judgement = Judgement.BETTER if good else Judgement.WORSE
    return State(judgement=judgement, word=f"{word} than its size explains", why="one place in 500 is, by chance")


def _without_names(
    places: Sequence[_Place], judged: Sequence[FunnelPlace], *, rate: float, ground: Ground
) -> list[FunnelPlace]:
    """The others as some place about as large, as far from the average as theirs; nobody who is alone in a class.

    The size of a place is known to many, and so would be its name. What is kept is what the picture is for: on which
    side of which line a place lies.
    """
    classes = [round(math.log(place.size, _STEP)) for place in places]
    counted = Counter(each for each, place in zip(classes, judged, strict=True) if not place.is_own)
    found = []
    for each, place in zip(classes, judged, strict=True):
        if place.is_own:
            found.append(place)
        elif counted[each] > 1:
            size = _STEP**each
            spread = _spread(size, rate, ground) / _spread(place.size, rate, ground)
            moved = rate * ground.multiplier + (place.value - rate * ground.multiplier) * spread
            most = ground.multiplier if ground.value_type == "proportion" else math.inf
            found.append(replace(place, area="", size=size, value=min(max(moved, 0.0), most)))
    return found


def _spread(size: float, rate: float, ground: Ground) -> float:
    """Standard error of a place of this size, in any unit."""
    variance = rate * (1 - rate) if ground.value_type == "proportion" else rate
    return math.sqrt(max(variance, 1e-12) / size)


def _limits(sizes: Sequence[float], rate: float, ground: Ground) -> tuple[FunnelLimit, ...]:
    low, high = min(sizes) * 0.9, max(sizes) * 1.05
    curve = _proportion_curve if ground.value_type == "proportion" else _rate_curve
    found = []
    for level in _LEVELS:
        for is_upper in (False, True):
            points = curve(rate, level, (low, high), is_upper=is_upper)
            scaled = tuple((size, value * ground.multiplier) for size, value in points)
            found.append(FunnelLimit(confidence=round(100 * level, 1), is_upper=is_upper, points=scaled))
    return tuple(found)


def _proportion_curve(
    rate: float, level: float, ends: tuple[float, float], *, is_upper: bool
) -> list[tuple[float, float]]:
    side = z_of(level) if is_upper else -z_of(level)
    steps = [ends[0] * (ends[1] / ends[0]) ** (place / _CURVE) for place in range(_CURVE + 1)]
    values = ((size, rate + side * math.sqrt(rate * (1 - rate) / size)) for size in steps)
    return [(size, min(max(value, 0.0), 1.0)) for size, value in values]


def _rate_curve(rate: float, level: float, ends: tuple[float, float], *, is_upper: bool) -> list[tuple[float, float]]:
    """Where a place lies whose own limits just reach the average: it would be expected to have as many events."""
    if not rate:
        return []
    most = ends[1] * rate * 2 + 20
    steps = [(most + 1) ** (place / (4 * _CURVE)) - 1 for place in range(4 * _CURVE + 1)]
    frame = pl.DataFrame({"events": steps}, schema={"events": pl.Float64})
    lower, upper = count_limits(pl.col("events"), confidence=level)
    expected = frame.select("events", expected=lower if is_upper else upper).drop_nulls()
    points = [(reached / rate, events / reached * rate) for events, reached in expected.iter_rows() if reached > 0]
    return _between(sorted(points), ends)


def _between(points: Sequence[tuple[float, float]], ends: tuple[float, float]) -> list[tuple[float, float]]:
    """The part of a line between two sizes, with its ends."""
    inside = [each for each in points if ends[0] <= each[0] <= ends[1]]
    before = [each for each in points if each[0] < ends[0]][-1:]
    after = [each for each in points if each[0] > ends[1]][:1]
    begun = [_at(before[0], inside[0], ends[0])] if before and inside else []
    over = [_at(inside[-1], after[0], ends[1])] if after and inside else []
    return [*begun, *inside, *over]


def _at(first: tuple[float, float], second: tuple[float, float], size: float) -> tuple[float, float]:
    share = (size - first[0]) / (second[0] - first[0])
    return size, first[1] + share * (second[1] - first[1])
