"""The periods of a table: from words, from a first and a last day, or from a year and its part."""

from __future__ import annotations

import re

import polars as pl

from reportcards.formats._layout import Faults, Job, Layout
from reportcards.formats._times import together, year_hint
from reportcards.formats.mapping import Role
from reportcards.formats.periods import Period, PeriodType, PeriodUnknown, label, parse_period, spanning

_FOUND = {"period_start": pl.Date(), "period_end": pl.Date(), "found_type": pl.String(), "problem": pl.String()}
_TYPES = {
    **{kind.value: kind for kind in PeriodType},
    **dict.fromkeys(("calendar", "year", "yearly", "annual", "one_year"), PeriodType.CALENDAR_YEAR),
    **dict.fromkeys(("financial", "tax_year", "fiscal_year"), PeriodType.FINANCIAL_YEAR),
    **dict.fromkeys(("academic", "academic_year", "school"), PeriodType.SCHOOL_YEAR),
    **dict.fromkeys(("two_year", "three_year", "four_year", "five_year", "ten_year"), PeriodType.POOLED_YEARS),
    **dict.fromkeys(("two_years", "three_years", "five_years", "cumulative"), PeriodType.POOLED_YEARS),
    **dict.fromkeys(("quarterly", "financial_quarter", "calendar_quarter"), PeriodType.QUARTER),
    **dict.fromkeys(("monthly", "financial_month", "calendar_month"), PeriodType.MONTH),
    **dict.fromkeys(("rolling_12_months", "rolling_annual"), PeriodType.ROLLING_YEAR),
    **dict.fromkeys(("rolling", "financial_year_to_date", "financial_year_end_point"), PeriodType.RANGE),
    **dict.fromkeys(("weekly",), PeriodType.WEEK),
    **dict.fromkeys(("daily", "snapshot", "point_in_time"), PeriodType.DAY),
    **dict.fromkeys(("half_year", "six_months", "other"), PeriodType.RANGE),
}


def period_type(text: str) -> PeriodType | None:
    """The kind of period that a word names; None when it is not known."""
    return _TYPES.get(re.sub(r"[^0-9a-z]+", "_", text.lower()).strip("_"))


def dated(frame: pl.DataFrame, layout: Layout, job: Job, *, faults: Faults) -> pl.DataFrame:
    """The frame with `period`, `period_start`, `period_end` and `period_type`; an error for each row without."""
    if layout.has(Role.PERIOD_START) and layout.has(Role.PERIOD_END):
        return _between(frame, layout, faults)
    keys = ["indicator", "measure", "period", *([Role.PERIOD_TYPE.value] if layout.has(Role.PERIOD_TYPE) else [])]
    distinct = frame.select(keys).unique(maintain_order=True)
    read = pl.concat([_read(part, layout, job) for part in distinct.partition_by("indicator", "measure")])
    joined = frame.join(read, on=keys, how="left", maintain_order="left")
    wrong = joined.filter(pl.col("problem") != "")
    faults.rows(layout.heading("period"), wrong.select("row", "problem", value="period"))
    return joined.with_columns(period_type=pl.col("found_type"))


def _read(part: pl.DataFrame, layout: Layout, job: Job) -> pl.DataFrame:
    """The periods of one indicator, read together."""
    indicator, measure = part["indicator"][0], part["measure"][0]
    heading = layout.heading("period")
    words = " ".join((indicator, measure, heading.replace("_", " "), job.meta.years, _spaced(job.name)))
    stated = job.mapping.period_type or layout.stated
    if Role.PERIOD_TYPE.value in part.columns:
        rows = [_qualified(text, kind, words) for text, kind in part.select("period", Role.PERIOD_TYPE).iter_rows()]
    else:
        times = together(part["period"], words=words, heading=heading, stated=stated)
        rows = [times.periods.get(text) or times.problems[text] for text in part["period"]]
    found = [
        (row.start, row.end, row.type.value, "") if isinstance(row, Period) else (None, None, "", row) for row in rows
    ]
    return pl.concat([part, pl.DataFrame(found, schema=_FOUND, orient="row")], how="horizontal")


def _spaced(name: str) -> str:
    return re.sub(r"[_\W]+", " ", name.rsplit(".", 1)[0])


def _qualified(text: str, kind: str, words: str) -> Period | str:
    """A period whose kind stands in a column of its own: 202122 and Academic year, 2023 and Week 5."""
    kind = kind.strip()
    hint = period_type(kind) or year_hint(kind)
    split = re.fullmatch(r"(\d{4})(\d\d)", text)
    spelled = f"{split[1]}/{split[2]}" if split and int(split[2]) == (int(split[1]) + 1) % 100 else text
    tries = [text] if not kind or hint else [f"{kind} {spelled}", f"{spelled} {kind}"]
    if hint in {PeriodType.SCHOOL_YEAR, PeriodType.FINANCIAL_YEAR} and re.fullmatch(r"\d{4}", text):
        return f"{kind} {text} leaves open which two years it lies in: write it as {text}/{(int(text) + 1) % 100:02}"
    for words_of_it in tries:
        try:
            return parse_period(words_of_it, hint=hint or year_hint(words))
        except PeriodUnknown as unknown:
            problem = unknown.sentence
    return problem


def _between(frame: pl.DataFrame, layout: Layout, faults: Faults) -> pl.DataFrame:
    """Periods of a first and a last day, with the kind that is stated or that the days make."""
    for name in ("period_start", "period_end"):
        days = {text: _day(text) for text in frame[name].unique()}
        said = {text: day for text, day in days.items() if isinstance(day, Period)}
        problems = {text: day for text, day in days.items() if isinstance(day, str)}
        wrong = frame.filter(pl.col(name).is_in(list(problems)))
        told = wrong.select("row", value=name, problem=pl.col(name).replace_strict(problems, return_dtype=pl.String))
        faults.rows(layout.heading(name), told)
        starts = {text: day.start for text, day in said.items()}
        frame = frame.with_columns(pl.col(name).replace_strict(starts, default=None, return_dtype=pl.Date))
    late = frame.filter(pl.col("period_start") > pl.col("period_end"))
    problem = pl.lit("the period ends before it begins")
    told = late.select("row", value=pl.col("period_end").cast(pl.String), problem=problem)
    faults.rows(layout.heading("period_end"), told)
    frame = _kinds(frame, layout, faults)
    pairs = frame.select("period_start", "period_end").unique().drop_nulls()
    pairs = pairs.filter(pl.col("period_start") <= pl.col("period_end"))
    spans = [spanning(start, end) for start, end in pairs.iter_rows()]
    labels = pairs.with_columns(
        span_label=pl.Series([label(span) for span in spans], dtype=pl.String),
        span_type=pl.Series([span.type.value for span in spans], dtype=pl.String),
    )
    joined = frame.join(labels, on=["period_start", "period_end"], how="left", maintain_order="left")
    is_said = pl.col("period_type") != ""
    return joined.with_columns(
        period=pl.col("period") if layout.has(Role.PERIOD) else pl.col("span_label"),
        period_type=pl.when(is_said).then("period_type").otherwise("span_type"),
    )


def _kinds(frame: pl.DataFrame, layout: Layout, faults: Faults) -> pl.DataFrame:
    if not layout.has(Role.PERIOD_TYPE):
        return frame.with_columns(period_type=pl.lit(""))
    kinds = {text: period_type(text) if text else "" for text in frame["period_type"].unique()}
    unknown = [text for text, kind in kinds.items() if kind is None]
    found = frame.filter(pl.col("period_type").is_in(unknown))
    problem = pl.lit("is not a known kind of period")
    faults.rows(layout.heading("period_type"), found.select("row", value="period_type", problem=problem))
    known = {text: str(kind or "") for text, kind in kinds.items()}
    return frame.with_columns(period_type=pl.col("period_type").replace_strict(known, return_dtype=pl.String))


def _day(text: str) -> Period | str:
    try:
        found = parse_period(text)
    except PeriodUnknown as unknown:
        return unknown.sentence
    return found if found.type is PeriodType.DAY else f"{text[:40]!r} is not a day: write it as 2024-12-31"
