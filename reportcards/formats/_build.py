"""Read a table whose columns are told apart into observations, and say row and column of all that is wrong."""

from __future__ import annotations

import re
from pathlib import PurePath

import polars as pl

from reportcards.formats._groups import grouped
from reportcards.formats._layout import Faults, Job, Layout
from reportcards.formats._measured import measured
from reportcards.formats._observation import OBSERVATIONS, SERIES, FoundIndicator, Read
from reportcards.formats._table import ROW
from reportcards.formats._when import dated
from reportcards.formats.mapping import ColumnMapping

_TEXTS = (
    *("indicator", "indicator_name", "area_code", "area_name", "area_type", "sex", "age"),
    *("period", "unit", "measure", "note"),
)
_KEY = (*(name for name in SERIES if not name.startswith("area_")), "period_start", "period_end", "period_type")
_AREA = pl.when(pl.col("area_code") != "").then("area_code").otherwise("area_name")
_NO_VALUE = "no row of the file has a value: nothing in this column can be read as a number"


def observations(layout: Layout, job: Job, faults: Faults) -> Read:
    """The file as observations; refused when `faults` is not empty at the end."""
    rows = layout.frame[ROW].n_unique()
    frame = layout.frame.rename({ROW: "row"})
    frame = frame.with_columns(pl.lit("").alias(name) for name in _TEXTS if name not in frame.columns)
    frame = grouped(measured(frame, layout, faults), layout, job.meta)
    frame = dated(frame, layout, job, faults=faults)
    if faults.count == 0:
        frame = _once_each(frame, layout, faults)
    if faults.count == 0 and frame["value"].null_count() == frame.height:
        told = frame.head(1).select("row", value=pl.lit(""), problem=pl.lit(_NO_VALUE))
        faults.rows(layout.heading("value"), told)
    found = OBSERVATIONS.to_frame()
    if faults.count == 0:
        code = (
            pl.when(pl.col("indicator") != "").then("indicator").otherwise(pl.lit(job.meta.code or _numbered(job.name)))
        )
        found = frame.with_columns(indicator=code).select(OBSERVATIONS.names()).cast(dict(OBSERVATIONS))  # type: ignore[arg-type]
    return Read(
        format=job.format,
        observations=found,
        rows=rows,
        errors=faults.in_order(),
        error_count=faults.count,
        indicators=_indicators(found, job),
        flags=dict(sorted(found.group_by("obs_status").len().iter_rows())),
        missing=found["value"].null_count(),
        series=found.select(SERIES).unique().height,
        areas=found.select(_AREA.n_unique()).item(),
        periods=_span(found),
        ignored=layout.ignored,
        warnings=(*layout.warnings, *_withheld(frame), *_odd(found)),
        mapping=ColumnMapping(
            columns=layout.roles,
            format=job.format,
            sheet=job.mapping.sheet,
            period_type=job.mapping.period_type,
            decimal=job.mapping.decimal,
        ),
    )


def _once_each(frame: pl.DataFrame, layout: Layout, faults: Faults) -> pl.DataFrame:
    """One row per series and period; a second one is an error that names both."""
    key = [*_KEY, "area"]
    frame = frame.with_columns(area=_AREA)
    if layout.once:
        frame = frame.unique([*key, "value", "count", "denominator"], keep="first", maintain_order=True)
    doubled = frame.filter(pl.struct(key).is_duplicated())
    if doubled.height:
        first = pl.col("row").min().over(key)
        told = doubled.with_columns(first=first).filter(pl.col("row") != first)
        # Two values of one row can only clash when a column is read twice; the row is named all the same.
        told = told if told.height else doubled.with_columns(first=first)
        problem = pl.format(
            "is given again for the indicator, area and group of row {}: take one out, or say in the mapping "
            "which column tells the two apart",
            "first",
        )
        heading = layout.heading("period") or layout.heading("period_start")
        faults.rows(heading, told.select("row", value="period", problem=problem))
    return frame


_NUMBER = re.compile(r"indicator_(\d+-[0-9A-Za-z]+-[0-9A-Za-z]+)(?![0-9A-Za-z])")
_STAMP = re.compile(
    r"[ _.-]+(?:(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])(?:[-_.]?[0-3]\d)?|v\d+|\(\d+\)|copy|(?=[a-f]*\d)[0-9a-f]{7,64})$",
    re.I,
)
"""A day or month, a version, or a check sum at the end of a file's name."""


def _indicators(found: pl.DataFrame, job: Job) -> tuple[FoundIndicator, ...]:
    kept = found.group_by("indicator", maintain_order=True).agg(pl.col("indicator_name", "unit").first())
    meta = job.meta
    return tuple(
        FoundIndicator(
            code=code,
            name=name or meta.name or _unstamped(PurePath(job.name).stem),
            unit=unit or meta.unit,
            definition=meta.definition,
            method=meta.method,
            caveats=meta.caveats,
            geography=meta.geography,
            sources=meta.sources,
        )
        for code, name, unit in kept.iter_rows()
    )


def _span(found: pl.DataFrame) -> tuple[str, str]:
    if found.is_empty():
        return "", ""
    first, last = found.select(pl.col("period_start").min(), pl.col("period_end").max()).row(0)
    return first.isoformat(), last.isoformat()


def _withheld(frame: pl.DataFrame) -> tuple[str, ...]:
    found = frame.filter("withheld")["row"] if "withheld" in frame.columns else pl.Series(dtype=pl.UInt32)
    if found.is_empty():
        return ()
    return (
        f"{len(found):,} rows are marked as suppressed and hold a number, which is not read: first row {found[0]}.",
    )


def _odd(found: pl.DataFrame) -> tuple[str, ...]:
    """What looks wrong in numbers that are taken as they are."""
    said = []
    for lower, upper, level in (("lower95", "upper95", "95"), ("lower998", "upper998", "99.8")):
        crossed = found.filter(pl.col(lower) > pl.col(upper))
        if crossed.height:
            first = crossed["row"][0]
            said.append(f"{crossed.height:,} rows have a lower {level} % limit above the upper one: first row {first}.")
    return tuple(said)


def _numbered(file_name: str) -> str:
    """The number that Open SDG writes into the name of a file, as its metadata has it: 3.2.1; "" for other names."""
    found = _NUMBER.search(file_name)
    return found[1].replace("-", ".") if found else ""


def _unstamped(stem: str) -> str:
    """The name of a file without the day, version or check sum of this copy: the next copy tells of the same thing."""
    bare = stem
    while (shorter := _STAMP.sub("", bare)) != bare:
        bare = shorter
    return bare or stem
