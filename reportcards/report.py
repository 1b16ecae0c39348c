"""A report card as it is shown: frozen values that pages, charts and exports draw and nobody computes on.

A figure without an `Origin` cannot be made. What may not be shown is a `Held` with the reason, never an empty figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Judgement(StrEnum):
    """What a state says about how things are going: five words, five shapes, and only these have colours."""

    BETTER = "better"
    WORSE = "worse"
    SIMILAR = "similar"
    NO_JUDGEMENT = "no-judgement"
    """It is higher or lower, and the collaboration has not said which of the two is good."""
    NOT_ENOUGH = "not-enough"


class Polarity(StrEnum):
    """Which direction is good."""

    HIGH = "high"
    LOW = "low"
    NONE = "none"


class Comparison(StrEnum):
    """How far an indicator may be compared; the default never names another place."""

    NONE = "none"
    OWN_TREND = "own-trend"
    UNNAMED = "unnamed"
    """With the average of a named peer group or parent area, never with a single named place."""
    NAMED = "named"


class Part(StrEnum):
    """The three pictures of an indicator."""

    TREND = "trend"
    GROUPS = "groups"
    AREAS = "areas"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A judgement with its word and its reason: "Concern", "7 rises in a row"."""

    judgement: Judgement
    word: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One observation of a series, ready to be drawn."""

    period: str
    """As people say it: "Sep 2026", "2025/26", "Q2 2026"."""
    start: date
    end: date
    value: float | None
    """None when it is missing or suppressed: `held` says why."""
    lower: float | None = None
    upper: float | None = None
    """95 % confidence limits, in the unit of the value."""
    status: str = "A"
    """SDMX OBS_STATUS; P is provisional, F a forecast."""
    held: str = ""
    """"[c] suppressed to protect people (fewer than 10)", "not stated by the source", or ""."""
    signal: Judgement | None = None
    """Set on the points that statistical process control finds special."""
    rule: str = ""
    """Which of the four rules found it, in words."""
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    """Centre and limits of the usual range at this point: they step where a person rebased the series."""
    was: float | None = None
    """The value in the revision before, when it was another one."""
    count: float | None = None
    denominator: float | None = None

    @property
    def is_provisional(self) -> bool:
        """Whether the source may still change it."""
        return self.status == "P"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The observations of one area and group, in the order of time."""

    area_code: str
    area: str
    breakdown: str = ""
    """"" for everyone, else "Sex", "Deprivation quintile"."""
    group: str = ""
    points: tuple[Point, ...] = ()
    state: State | None = None
    """Its last value compared with everyone, or with the parent area."""

    @property
    def latest(self) -> Point | None:
        """The last observation that has a value."""
        return next((point for point in reversed(self.points) if point.value is not None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What was agreed to be reached, by whom, and whether it will be."""

    value: float
    upper: float | None = None
    """Set when the target is a range [value, upper)."""
    by: str = ""
    """"July 2027"; "" when no day was agreed."""
    set_by: str = ""
    source: str = ""
    state: State
    """"Met", "Will be missed", "Hit and miss", "Consistently met" ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """The peers or the parent area that the latest value is compared with."""

    name: str
    """"14 statistical neighbours (2025)", "England"."""
    value: float | None
    period: str
    points: tuple[tuple[date, float], ...] = ()
    """End of period and value, for drawing it beside the series."""
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelPlace:
    """One place in a funnel, and how many its value is of; without a name both are those of places about as large."""

    area: str
    size: float
    value: float
    state: State
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelLimit:
    """One line of a funnel: (size, value) from the smallest size on. Beyond 99.8 % lies one place in 500 by chance."""

    confidence: float
    is_upper: bool
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """Places by name, never ranked, against the average of all that are compared, and what chance allows each size."""

    places: tuple[FunnelPlace, ...]
    limits: tuple[FunnelLimit, ...]
    average: float
    period: str
    compared: int
    left_out: int = 0
    """Places that are not drawn: hidden, of no known size, or without a name the only one of their size."""
    is_named: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """Something that happened, written on the chart."""

    on: date
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Where the line leads if nothing changes; it is drawn, never judged."""

    points: tuple[Point, ...]
    """With status F; lower and upper are the 95 % prediction interval."""
    words: str
    why_not: str = ""
    """Why there is none, when `points` is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where numbers come from: one revision of one dataset, as its publisher wants it named."""

    dataset_id: str
    """"" when the dataset is known by the file's own statement only."""
    title: str
    publisher: str
    licence: str
    url: str = ""
    citation: str = ""
    """The sentence that the publisher dictates, "" when it dictates none."""
    band: str
    """Place on the spectrum: closed, named, group, public-limited, public-unclear, open, unknown."""
    agreement: str = ""
    period_first: str = ""
    period_last: str = ""
    received: date | None = None
    revision: int = 0
    provisional: int = 0
    """How many of the shown observations are provisional."""
    is_denominator: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How old the latest value is against how often it should come."""

    words: str
    """"received 12 Nov 2026", "9 days late", "next expected by 3 Jan 2027"."""
    is_stale: bool = False
    next_release: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The story behind the curve: what the people round the table think moves it."""

    lines: tuple[str, ...] = ()
    by: str = ""
    organisation: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionItem:
    """What somebody will do, by when, and how far it is."""

    id: str
    what: str
    who: str
    due: date | None
    status: str
    """"not started", "under way", "done", "dropped"."""
    days_late: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Why a figure is not shown: calmly worded, with what would change it."""

    reason: str
    """"Not shared with your organisation"."""
    what_changes_it: str = ""
    """Whom to ask, or what to wait for."""
    symbol: str = "lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Warning:
    """A watch rule that fired, its owner, and what was answered."""

    id: str
    what: str
    """"Above its usual range", "Changed by more than 10 % in a year"."""
    owner: str
    since: date
    response: str = ""
    responded_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What an indicator is, for the tab "Method and source"."""

    definition: str = ""
    rationale: str = ""
    numerator: str = ""
    denominator: str = ""
    method: str = ""
    """Names of the methods used, as in docs/methods.md."""
    caveats: str = ""
    disclosure: str = ""
    """The rule in words: "Counts below 10 are not shown"."""
    frequency: str = ""
    owner: str = ""
    reading_note: str = ""
    """"Do not read it as ..." in the owner's words; it cannot be hidden."""
    also_explains: str = ""
    """What else explains this? Shown before a gap between groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionBrief:
    """One revision of the numbers."""

    id: str
    number: int
    received: date
    by: str
    note: str
    changed: int
    added: int
    removed: int
    before: str = ""
    """Id of the revision before it, "" for the first."""
    protected: int = 0
    """Smaller counts are hidden in it and in the one before it, whose values are told beside; 0 hides none."""
    is_shown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One indicator on a card: everything a tile, a page, a slide or a row of a workbook says."""

    item: str
    """Id of the card's item, in addresses and element keys."""
    indicator: str
    name: str
    unit: str
    """"%", "per 10,000", "homes"; "" for a bare number."""
    decimals: int
    polarity: Polarity
    comparison: Comparison
    held: Held | None = None
    """Set when nothing may be shown; then there are no values anywhere below."""
    finding: str = ""
    """The short sentence of a tile: "Has risen for seven months in a row."."""
    headline: str = ""
    """The sentence of a page or slide, with the name in it; a person's own words when `headline_edited_by` is set."""
    headline_edited_by: str = ""
    latest: Point | None = None
    change: float | None = None
    """Latest minus the observation before, in the unit of the value."""
    signal: State | None = None
    target: Target | None = None
    benchmark: Benchmark | None = None
    freshness: Freshness | None = None
    series: Series | None = None
    groups: tuple[Series, ...] = ()
    areas: tuple[Series, ...] = ()
    """Only loaded where the page shows them; areas in the order of their names, never ranked."""
    has_areas: bool = False
    """Whether other places may be looked at: by name, or without names in a funnel, which is loaded with them."""
    funnel: Funnel | None = None
    annotations: tuple[Annotation, ...] = ()
    forecast: Forecast | None = None
    warnings: tuple[Warning, ...] = ()
    story: Story = Story()
    partners: tuple[str, ...] = ()
    actions: tuple[ActionItem, ...] = ()
    what_works: tuple[str, ...] = ()
    definition: Definition = Definition()
    revisions: tuple[RevisionBrief, ...] = ()
    origins: tuple[Origin, ...] = ()
    source_short: str = ""
    """Two lines of a tile."""
    source_line: str = ""
    """The whole line, on every chart, table and file."""

    def __post_init__(self) -> None:
        """No origin, no figure."""
        if self.held is None and not (self.origins and self.source_line):
            raise ValueError(f"{self.name} has no origin: it cannot be shown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """For whom the whole card is: as closed as its most closed figure."""

    band: str
    word: str
    """"Partners only.", "Open.", "Your organisation only."."""
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCard:
    """A card as one viewer sees it at one moment."""

    name: str
    """Short name in addresses and commands: "children-and-young-people"."""
    title: str
    outcome: str
    population: str
    area: str
    as_of: datetime
    audience: Audience
    items: tuple[Measurement, ...]
    """Warnings first, then the card's own order; never ranked."""
    pinned: Mapping[str, str] = field(default_factory=dict)
    """Item -> revision id, when the card shows what was seen at another time."""
    made_up: str = ""
    """Says that the numbers are a demonstration's, "" when they are real."""
