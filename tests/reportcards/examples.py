"""Made-up report cards for tests and benchmarks: eight that differ in every state, and any number."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from reportcards.report import (
    ActionItem,
    Annotation,
    Audience,
    Benchmark,
    Comparison,
    Definition,
    Forecast,
    Held,
    Judgement,
    Measurement,
    Polarity,
    ReportCard,
    State,
    Story,
    Target,
    Warning,
)
from tests.reportcards.charts.made import (
    areas,
    groups,
    measurement,
    monthly,
    origin,
    provisional,
    ranged,
    signalled,
    yearly,
)

__all__ = [
    "HOSTILE",
    "SECRET",
    "areas",
    "card",
    "eight",
    "groups",
    "held",
    "hit_and_miss",
    "hostile",
    "improvement",
    "last_provisional",
    "many",
    "measurement",
    "monthly",
    "no_polarity",
    "origin",
    "shift_up",
    "suppressed",
    "too_few",
]


def shift_up() -> Measurement:
    """A concern: seven rises in a row, two of them provisional, with every part of a card filled."""
    values = [5.1, 4.8, 5.2, 5.0, 4.7, 4.9, 5.3, 5.1, 4.8, 5.0, 5.4, 5.2, 4.9, 4.6, 4.8, 5.1, 5.0, 5.3, 5.2, 4.9, 4.7]
    values += [4.8, 5.0, 5.1, 4.9, 5.2, 5.0, 4.8, 4.9, 5.1, 5.3, 5.6, 5.9, 6.2, 6.5, 6.8]
    points = ranged(monthly(date(2023, 10, 1), values, spread=0.45), 5.0, 4.3, 5.7)
    points = provisional(signalled(points, 7, Judgement.WORSE, "7 rises in a row"), 2)
    points = (*points[:-3], replace(points[-3], was=6.0), *points[-2:])
    return measurement(
        "neet",
        "Not in education, work or training, age 16 and 17",
        points,
        headline="NEET has risen for seven months in a row; the target will be missed without change",
        change=0.3,
        signal=State(judgement=Judgement.WORSE, word="Concern", why="7 rises in a row"),
        target=Target(
            value=4.5,
            by="July 2027",
            set_by="Children's Board",
            source="Plan 2024",
            state=State(judgement=Judgement.WORSE, word="Will be missed", why="below the usual range"),
        ),
        benchmark=Benchmark(
            name="Peers",
            value=5.2,
            period="Sep 2026",
            state=State(judgement=Judgement.WORSE, word="Worse than peers", why="5.2 %, 14 places"),
        ),
        annotations=(
            Annotation(on=date(2026, 2, 1), text="Bus 14 cut, two apprenticeship schemes closed", by="M. Okafor"),
        ),
        story=Story(
            lines=(
                "Bus 14 stopped in February; the college is now 70 minutes from Saltmarsh.",
                "Two apprenticeship schemes closed in March, 46 places in all.",
                "Year 11 follow-up calls ended when the grant ran out.",
            ),
            by="Dele Adeyemi",
            organisation="Northgate Schools",
            on=date(2026, 11, 14),
        ),
        partners=("Harbour College", "Northgate Schools", "Tidewater Homes"),
        actions=(
            ActionItem(
                id="a1",
                what="Restart follow-up calls with two schools",
                who="Northgate",
                due=date(2026, 12, 15),
                status="under way",
            ),
            ActionItem(
                id="a2",
                what="Ask county about an early 14 bus",
                who="Council",
                due=date(2026, 11, 20),
                status="not started",
                days_late=1,
            ),
        ),
        groups=groups(),
        areas=areas(),
        warnings=(
            Warning(id="w1", what="Above its usual range", owner="Dele Adeyemi", since=date(2026, 4, 30), response=""),
        ),
        definition=Definition(
            definition="Young people aged 16 and 17 who are known not to be in education, work or training.",
            method="95 % interval after Wilson; usual range from the XmR chart.",
            disclosure="Counts below 10 are not shown.",
            reading_note="Do not read it as a measure of schools. It counts where young people live.",
            also_explains="Older pupils move to the city; the count follows the address.",
        ),
        origins=(origin(), replace(origin("Mid-year estimates", publisher="ONS", band="open"), is_denominator=True)),
    )


def improvement() -> Measurement:
    """Below its usual range, counted in homes, target met, no intervals."""
    values = [402.0, 410, 398, 405, 412, 400, 396, 404, 390, 381, 372, 360, 351, 344, 338, 333, 329]
    points = ranged(monthly(date(2025, 4, 1), values), 399, 372, 426)
    return measurement(
        "homes",
        "Families in temporary homes",
        signalled(points, 6, Judgement.BETTER, "beyond the usual range"),
        unit="homes",
        decimals=0,
        headline="Below its usual range since April’s lettings pledge.",
        change=-4.0,
        signal=State(judgement=Judgement.BETTER, word="Improvement", why="6 months beyond the usual range"),
        target=Target(value=340, by="", state=State(judgement=Judgement.BETTER, word="Met")),
        benchmark=Benchmark(
            name="14 statistical neighbours (2025)",
            value=365,
            period="Aug 2026",
            state=State(judgement=Judgement.BETTER, word="Better than peers"),
        ),
        origins=(origin("Lettings", publisher="Tidewater Homes", band="public-limited"),),
        source_short="Tidewater, lettings, r9\nCC BY-NC 4.0, 3 Nov 2026",
        source_line="Tidewater Homes, Lettings, Apr 2025 to Aug 2026, CC BY-NC 4.0, received 3 Nov 2026, revision 9.",
    )


def hit_and_miss() -> Measurement:
    """A target inside the usual range, with two annotations a month apart."""
    values = [212.0 + 28 * math.sin(index * 1.9) for index in range(26)]
    points = ranged(monthly(date(2024, 9, 1), values), 210, 140, 280)
    return measurement(
        "waits",
        "Children waiting over 18 weeks",
        points,
        unit="children",
        decimals=0,
        headline="Up and down within its usual range.",
        change=-11.0,
        target=Target(
            value=200, upper=230, by="March 2027", state=State(judgement=Judgement.SIMILAR, word="Hit and miss")
        ),
        annotations=(
            Annotation(on=date(2025, 3, 10), text="Second clinic opened"),
            Annotation(on=date(2025, 4, 10), text="Waiting list checked and cleaned by the Trust"),
        ),
        origins=(origin("Waits", publisher="Hospital Trust", band="named"),),
    )


def no_polarity() -> Measurement:
    """Rising, and nobody has said whether that is good; with an outlook."""
    values = [610.0, 640, 655, 700, 690, 720, 735, 790, 810, 840, 870, 905, 960, 1001, 1048]
    points = ranged(monthly(date(2025, 8, 1), values), 700, 600, 800)
    ahead = tuple(
        replace(point, status="F", lower=(point.value or 0) - 60, upper=(point.value or 0) + 60)
        for point in monthly(date(2026, 11, 1), [1075.0, 1106, 1138, 1169, 1200, 1232])
    )
    return measurement(
        "bills",
        "Help with energy bills",
        signalled(points, 5, Judgement.NO_JUDGEMENT, "beyond the usual range"),
        unit="requests",
        decimals=0,
        polarity=Polarity.NONE,
        comparison=Comparison.NONE,
        headline="More people are asking. We do not judge the direction.",
        change=47.0,
        signal=State(judgement=Judgement.NO_JUDGEMENT, word="Higher", why="beyond the usual range"),
        forecast=Forecast(points=ahead, words="About 1,232 by Apr 2027 if nothing changes."),
        origins=(origin("Advice log", publisher="Saltmarsh Community Trust", band="open"),),
    )


def too_few() -> Measurement:
    """Four surveys: no trend can be called."""
    points = yearly(2021, [8.2, 6.9, 8.6, 7.9], spread=2.3)
    return measurement(
        "lonely",
        "Young people often lonely",
        points,
        headline="Too few surveys to call a trend: 4 of 13.",
        signal=State(judgement=Judgement.NOT_ENOUGH, word="Not enough data", why="4 of 13 points"),
        benchmark=Benchmark(
            name="England", value=7.1, period="2024/25", state=State(judgement=Judgement.SIMILAR, word="Similar")
        ),
        origins=(origin("Survey", publisher="Hospital Trust", band="open"),),
    )


def last_provisional() -> Measurement:
    """Flat for years, the last of them provisional, a target above."""
    points = provisional(yearly(2017, [67.8, 68.9, 68.2, 67.7, 68.8, 68.1, 68.5, 68.3], spread=1.4), 1)
    return measurement(
        "school",
        "Ready for school at five",
        ranged(points, 68.2, 66.9, 69.5),
        polarity=Polarity.HIGH,
        headline="No real change in four years.",
        change=-0.2,
        target=Target(value=72, by="2028", state=State(judgement=Judgement.WORSE, word="Will be missed")),
        benchmark=Benchmark(
            name="England",
            value=67.9,
            period="2024/25",
            points=tuple((date(2018 + index, 8, 31), 66.0 + 0.28 * index) for index in range(8)),
            state=State(judgement=Judgement.SIMILAR, word="Similar to England"),
        ),
        origins=(origin("Early years profile", band="open"),),
    )


SECRET = 40_961.0
"""A value that may be seen in nothing that is made of a card."""


def suppressed() -> Measurement:
    """Three quarters hidden to protect people, one not stated."""
    words = "[c] suppressed to protect people (fewer than 10)"
    points = list(monthly(date(2024, 1, 1), [38, 36, 41, 33, None, None, 29, 31, None, 34, 30, 28, 27, None, 26, 24.0]))
    for index in (4, 5, 13):
        points[index] = replace(points[index], held=words, status="Q")
    return measurement(
        "justice",
        "New to youth justice",
        ranged(points, 32, 22, 42),
        unit="per 10,000",
        decimals=0,
        headline="Lower than a year ago; some months are hidden to protect people.",
        signal=State(judgement=Judgement.BETTER, word="Improvement"),
        target=Target(value=33, by="", state=State(judgement=Judgement.BETTER, word="Met")),
        benchmark=Benchmark(
            name="Peers", value=32, period="2025", state=State(judgement=Judgement.SIMILAR, word="Similar")
        ),
        origins=(origin("First entrants", publisher="Police", band="public-limited"),),
    )


def held() -> Measurement:
    """Not shared with this viewer: no number anywhere."""
    return replace(
        measurement("care", "Leaving care without a home"),
        held=Held(
            reason="Not shared with your organisation",
            what_changes_it="Ask Dele Adeyemi at Northgate Schools about agreement A-09.",
        ),
        latest=None,
        signal=None,
        headline="",
        source_line="",
        source_short="",
        origins=(),
    )


def card(items: Sequence[Measurement], **changes: object) -> ReportCard:
    """A card of these measurements."""
    plain = ReportCard(
        name="children-and-young-people",
        title="Children and young people",
        outcome="Children and young people are ready for life",
        population="Everyone under 25 who lives in Harbour District",
        area="Harbour District",
        as_of=datetime(2026, 11, 21, 9, 12, tzinfo=UTC),
        audience=Audience(band="group", word="Partners only.", why="Two tiles use data shared under A-07."),
        items=tuple(items),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def eight() -> ReportCard:
    """Every state once."""
    return card(
        (
            shift_up(),
            suppressed(),
            last_provisional(),
            improvement(),
            hit_and_miss(),
            no_polarity(),
            too_few(),
            held(),
        )
    )


def many(count: int = 20) -> ReportCard:
    """A large card: series of 40 months with seeded noise."""
    made = [shift_up()]
    for index in range(1, count):
        noise = random.Random(index)
        level = noise.uniform(5, 400)
        values = [level * (1 + noise.gauss(0, 0.06)) for _ in range(40)]
        points = ranged(monthly(date(2023, 6, 1), values, spread=level * 0.08), level, level * 0.85, level * 1.15)
        made.append(measurement(f"item-{index}", f"Indicator number {index} of this card", points))
    return card(made, title="Everything at once")


HOSTILE = (
    '#import "@preview/evil:0.1.0"; #panic("x")',
    '=cmd|"/c calc"!A1',
    "</script><script>alert(1)</script>",
    "\u202eתפוח\u200f مرحبا \u2066",
    "Families 👨‍👩‍👧 🧒🏽 and ☃",
    "long " * 60,
    "$x^2$ *bold* _it_ @ref <label> \\ `raw` // /* ~ [c] ]]",
    "tab\tnul\x00bell\x07 line\nbreak \ud7ff",
)
"""Titles that mean something to a compiler, a spreadsheet, a browser or a terminal."""


def hostile() -> ReportCard:
    """A card whose every text is hostile."""
    items = []
    for index, words in enumerate(HOSTILE):
        full = shift_up()
        items.append(
            replace(
                full,
                item=f"h{index}",
                name=words,
                headline=words,
                unit=words[:40],
                source_line=words,
                source_short=words,
                story=Story(lines=(words, words), by=words, organisation=words),
                annotations=(Annotation(on=date(2026, 2, 1), text=words),),
                benchmark=replace(full.benchmark, name=words) if full.benchmark else None,
                partners=(words,),
                actions=(ActionItem(id="a", what=words, who=words, due=None, status=words),),
                definition=Definition(definition=words, reading_note=words, caveats=words, also_explains=words),
                groups=tuple(replace(one, group=words) for one in full.groups[:2]),
                origins=(replace(origin(words, publisher=words), licence=words, url=words, citation=words),),
            )
        )
    return card(
        items,
        title=HOSTILE[0],
        outcome=HOSTILE[1],
        population=HOSTILE[2],
        area=HOSTILE[3],
        audience=Audience(band="group", word=HOSTILE[4], why=HOSTILE[6]),
    )
