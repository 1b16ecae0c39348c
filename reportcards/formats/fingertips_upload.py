"""The sixteen columns in which Fingertips takes data: exact headings, in their order, one indicator a file."""

from __future__ import annotations

import polars as pl

from reportcards.formats import file_format
from reportcards.formats._groups import are_sexes
from reportcards.formats._layout import Faults, Job, Layout
from reportcards.formats._observation import FileError
from reportcards.formats._table import ROW, Table
from reportcards.formats.mapping import ColumnMapping, Role

HEADINGS = (
    *("area_code", "date_from", "date_to", "period_type", "sex", "age_from_years_inclusive", "age_to_years_inclusive"),
    *("deprivation_decile", "deprivation_category", "count", "value", "denominator"),
    *("lower_ci_95", "upper_ci_95", "lower_ci_99_8", "upper_ci_99_8"),
)
_ROLES = {
    "area_code": Role.AREA_CODE,
    "date_from": Role.PERIOD_START,
    "date_to": Role.PERIOD_END,
    "period_type": Role.PERIOD_TYPE,
    "sex": Role.SEX,
    "count": Role.COUNT,
    "value": Role.VALUE,
    "denominator": Role.DENOMINATOR,
    "lower_ci_95": Role.LOWER95,
    "upper_ci_95": Role.UPPER95,
    "lower_ci_99_8": Role.LOWER998,
    "upper_ci_99_8": Role.UPPER998,
}
_ENOUGH = 10
"""Headings of the sixteen that make a file one of this format, so that the others are named as missing."""
_WHOLE = r"^([0-9]{1,3})?$"
_CHECKS = (
    ("area_code", r"^\S+$", "an area needs its code"),
    ("date_from", r"^[0-9]{4}-[0-9][0-9]-[0-9][0-9]$", "is not a day written as 2024-01-31"),
    ("date_to", r"^[0-9]{4}-[0-9][0-9]-[0-9][0-9]$", "is not a day written as 2024-01-31"),
    ("period_type", r"^\S", "a row needs its kind of period"),
    ("age_from_years_inclusive", _WHOLE, "is not a whole number of years"),
    ("age_to_years_inclusive", _WHOLE, "is not a whole number of years"),
    ("deprivation_decile", r"^([1-9]|10)?$", "is not a decile from 1 to 10"),
)


def fits(table: Table, mapping: ColumnMapping) -> int:
    """Most of the sixteen headings, whatever is wrong with the rest."""
    return 100 if len(set(HEADINGS) & set(table.headings)) >= _ENOUGH else 0


@file_format(
    "fingertips-upload",
    title="Fingertips upload",
    about="The sixteen-column CSV that Fingertips takes for one indicator.",
    fits=fits,
)
def lay_out(table: Table, job: Job, faults: Faults) -> Layout | None:
    """Check headings, then every cell, and bring ages and deciles into words."""
    if _wrong_headings(table, faults) or table.height == 0:
        return None
    frame = table.frame
    for heading, pattern, problem in _CHECKS:
        wrong = frame.filter(~pl.col(heading).str.contains(pattern))
        faults.rows(heading, wrong.select(row=ROW, value=heading, problem=pl.lit(problem)))
    sexes = [text for text in frame["sex"].unique() if text and not are_sexes(pl.Series([text, "male"]))]
    odd = frame.filter(pl.col("sex").is_in(sexes))
    faults.rows("sex", odd.select(row=ROW, value="sex", problem=pl.lit("is not male, female or persons")))
    youngest, oldest = pl.col("age_from_years_inclusive"), pl.col("age_to_years_inclusive")
    crossed = frame.filter(youngest.cast(pl.Int32, strict=False) > oldest.cast(pl.Int32, strict=False))
    told = crossed.select(row=ROW, value=oldest, problem=pl.lit("is younger than the age from which the row begins"))
    faults.rows("age_to_years_inclusive", told)
    return Layout(
        frame=frame.select(
            ROW,
            *(pl.col(heading).alias(role.value) for heading, role in _ROLES.items()),
            age=_age(youngest, oldest),
            breakdown=_breakdown(),
            group=pl.col("deprivation_decile"),
        ),
        headings={role.value: heading for heading, role in _ROLES.items()},
        roles=_ROLES,
    )


def _wrong_headings(table: Table, faults: Faults) -> bool:
    """One error per heading that is missing, strange or in another's place."""
    found = list(table.headings)
    absent = [heading for heading in HEADINGS if heading not in found]
    strange = [heading for heading in found if heading not in HEADINGS]
    for heading in absent:
        problem = f"this heading is missing: the file needs the sixteen headings {', '.join(HEADINGS)}"
        faults.add(FileError(row=table.line, column=heading, problem=problem))
    for heading in strange:
        problem = "is not a heading of this format: take the column out"
        faults.add(FileError(row=table.line, column=heading, value=heading, problem=problem))
    if not absent and not strange:
        for place, (heading, wanted) in enumerate(zip(found, HEADINGS, strict=True), 1):
            if heading != wanted:
                problem = f"column {place} should be {wanted}: put the sixteen headings in their order"
                faults.add(FileError(row=table.line, column=heading, value=heading, problem=problem))
    return bool(absent or strange) or tuple(found) != HEADINGS


def _age(youngest: pl.Expr, oldest: pl.Expr) -> pl.Expr:
    return (
        pl.when((youngest == "") & (oldest == ""))
        .then(pl.lit(""))
        .when(oldest == "")
        .then(youngest + "+")
        .when(youngest == "")
        .then(pl.format("up to {}", oldest))
        .when(youngest == oldest)
        .then(youngest)
        .otherwise(pl.format("{}-{}", youngest, oldest))
    )


def _breakdown() -> pl.Expr:
    """Deciles, with the areas among which they were made: one code has several makings."""
    among = pl.col("deprivation_category").str.replace_all("_", " ")
    named = (
        pl.when(among == "").then(pl.lit("Deprivation decile")).otherwise(pl.format("Deprivation decile, {}", among))
    )
    return pl.when(pl.col("deprivation_decile") == "").then(pl.lit("")).otherwise(named)
