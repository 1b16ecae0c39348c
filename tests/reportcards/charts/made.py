"""Made-up series and measurements: the bricks of the example cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from reportcards.report import (
    Comparison,
    Definition,
    Freshness,
    Judgement,
    Measurement,
    Origin,
    Point,
    Polarity,
    Series,
    State,
)

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NO_CHANGE = State(judgement=Judgement.SIMILAR, word="No change", why="within its usual range")


def monthly(first: date, values: Sequence[float | None], *, spread: float = 0.0) -> tuple[Point, ...]:
    """Months from `first` on; None is a month without a value."""
    points = []
    for index, value in enumerate(values):
        month = first.year * 12 + first.month - 1 + index
        start = date(month // 12, month % 12 + 1, 1)
        after = date((month + 1) // 12, (month + 1) % 12 + 1, 1)
        points.append(
            Point(
                period=f"{_MONTHS[start.month - 1]} {start.year}",
                start=start,
                end=after - timedelta(days=1),
                value=value,
                lower=None if value is None or not spread else value - spread,
                upper=None if value is None or not spread else value + spread,
                held="" if value is not None else "not stated by the source",
            )
        )
    return tuple(points)


def yearly(first: int, values: Sequence[float | None], *, spread: float = 0.0) -> tuple[Point, ...]:
    """School years "2019/20" from September on."""
    return tuple(
        Point(
            period=f"{first + index}/{(first + index + 1) % 100:02d}",
            start=date(first + index, 9, 1),
            end=date(first + index + 1, 8, 31),
            value=value,
            lower=None if value is None or not spread else value - spread,
            upper=None if value is None or not spread else value + spread,
        )
        for index, value in enumerate(values)
    )


def ranged(points: Sequence[Point], mean: float, low: float, high: float) -> tuple[Point, ...]:
    """The points with one usual range."""
    return tuple(replace(point, mean=mean, low=low, high=high) for point in points)


def signalled(points: Sequence[Point], last: int, judgement: Judgement, rule: str) -> tuple[Point, ...]:
    """The last few points found special."""
    return (*points[:-last], *(replace(point, signal=judgement, rule=rule) for point in points[-last:]))


def provisional(points: Sequence[Point], last: int) -> tuple[Point, ...]:
    """The last few points marked as provisional."""
    return (*points[:-last], *(replace(point, status="P") for point in points[-last:]))


def origin(
    title: str = "Client caseload", *, publisher: str = "Harbour District Council", band: str = "group"
) -> Origin:
    """One made-up source."""
    return Origin(
        dataset_id="d-1",
        title=title,
        publisher=publisher,
        licence="OGL v3.0",
        band=band,
        agreement="A-07",
        received=date(2026, 11, 12),
        revision=7,
        url="https://example.org/data",
    )


def measurement(item: str, name: str, points: Sequence[Point] = (), **changes: object) -> Measurement:
    """A plain measurement of one series; `changes` are its other fields."""
    series = Series(area_code="E07000999", area="Harbour District", points=tuple(points))
    latest = series.latest
    first, last = (points[0].period, points[-1].period) if points else ("", "")
    plain = Measurement(
        item=item,
        indicator=f"indicator-{item}",
        name=name,
        unit="%",
        decimals=1,
        polarity=Polarity.LOW,
        comparison=Comparison.UNNAMED,
        headline=f"{name}: no real change.",
        latest=latest,
        signal=NO_CHANGE,
        series=series if points else None,
        freshness=Freshness(words="received 12 Nov 2026"),
        definition=Definition(
            definition=f"What {name.lower()} counts, among everyone who lives here.",
            method="95 % interval after Wilson; usual range from the XmR chart.",
            disclosure="Counts below 10 are not shown.",
        ),
        origins=(origin(),),
        source_short="Council, client caseload, r7\nA-07, received 12 Nov 2026",
        source_line=(
            f"Harbour District Council, Client caseload ({item}), {first} to {last}, partner use under A-07, received "
            "12 Nov 2026, revision 7. Population: ONS mid-2025, OGL v3.0. Calculated by Harbour District Partnership."
        ),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def groups() -> tuple[Series, ...]:
    """Two breakdowns, one group hidden, one judged worse."""

    def one(breakdown: str, group: str, value: float | None, judgement: Judgement | None = None) -> Series:
        point = Point(
            period="Sep 2026",
            start=date(2026, 9, 1),
            end=date(2026, 9, 30),
            value=value,
            lower=None if value is None else value - 1.1,
            upper=None if value is None else value + 1.3,
            held="" if value is not None else "[c] suppressed to protect people (fewer than 10)",
        )
        words = {Judgement.WORSE: "Worse", Judgement.SIMILAR: "Similar", Judgement.BETTER: "Better"}
        state = State(judgement=judgement, word=words[judgement]) if judgement else None
        return Series(
            area_code="E07000999",
            area="Harbour District",
            breakdown=breakdown,
            group=group,
            points=(point,),
            state=state,
        )

    return (
        one("Sex", "Female", 6.1, Judgement.SIMILAR),
        one("Sex", "Male", 7.4, Judgement.SIMILAR),
        one("Deprivation quintile", "1, most deprived", 10.9, Judgement.WORSE),
        one("Deprivation quintile", "2", 7.2, Judgement.SIMILAR),
        one("Deprivation quintile", "3", 6.4, Judgement.SIMILAR),
        one("Deprivation quintile", "4", None),
        one("Deprivation quintile", "5, least deprived", 3.2, Judgement.BETTER),
    )


def areas() -> tuple[Series, ...]:
    """Six wards in the order of their names, one hidden."""
    values = {"Castle": 5.9, "Fleet": 7.2, "Harbour": None, "Northgate": 6.6, "Saltmarsh": 10.4, "Tidewater": 3.9}
    found = []
    for index, (name, value) in enumerate(values.items()):
        point = Point(
            period="Sep 2026",
            start=date(2026, 9, 1),
            end=date(2026, 9, 30),
            value=value,
            lower=None if value is None else value - 1.2,
            upper=None if value is None else value + 1.5,
            held="" if value is not None else "[c] suppressed to protect people (fewer than 10)",
        )
        judgement = Judgement.WORSE if name == "Saltmarsh" else Judgement.SIMILAR
        state = State(judgement=judgement, word="Worse" if name == "Saltmarsh" else "Similar")
        found.append(
            Series(area_code=f"W{index:02d}", area=name, points=(point,), state=state if value is not None else None)
        )
    return tuple(found)
