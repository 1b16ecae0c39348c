"""The Pholio workbook: many indicators by number, a year with its range, quarter and month, -1 for what is missing."""

from __future__ import annotations

import polars as pl

from reportcards.formats import file_format
from reportcards.formats._layout import Faults, Job, Layout
from reportcards.formats._observation import FileError
from reportcards.formats._table import ROW, Table
from reportcards.formats.headers import normalised
from reportcards.formats.mapping import ColumnMapping, Role
from reportcards.formats.periods import PeriodType

_NEEDED = ("indicatorid", "year", "yearrange", "quarter", "month", "ageid", "sexid", "areacode", "value")
_ALIASES = {
    "lowerci95": "lowerci95",
    "lowerci": "lowerci95",
    "upperci95": "upperci95",
    "upperci": "upperci95",
    "lowerci99_8": "lowerci99_8",
    "upperci99_8": "upperci99_8",
}
_NUMBERS = {
    "count": Role.COUNT,
    "value": Role.VALUE,
    "denominator": Role.DENOMINATOR,
    "lowerci95": Role.LOWER95,
    "upperci95": Role.UPPER95,
    "lowerci99_8": Role.LOWER998,
    "upperci99_8": Role.UPPER998,
}
_PLAIN_ROLES = {
    "indicatorid": Role.INDICATOR,
    "areacode": Role.AREA_CODE,
    "sexid": Role.SEX,
    "ageid": Role.AGE,
    "categorytypeid": Role.BREAKDOWN,
    "categoryid": Role.GROUP,
    "year": Role.PERIOD,
    "valuenoteid": Role.NOTE,
}
_SEXES = {"1": "male", "2": "female", "4": "persons", "-1": "", "": ""}
_NONE = ("-1", "")
_LONGEST = 50
_STARTS = {PeriodType.FINANCIAL_YEAR: "04", PeriodType.SCHOOL_YEAR: "09"}
_ASSUMED = (
    "The workbook does not say of what kind its years are: they are taken as calendar years. Say in the mapping if "
    "they are financial or school years."
)


def fits(table: Table, mapping: ColumnMapping) -> int:
    """The headings of the template."""
    names = {normalised(heading) for heading in table.headings}
    return 98 if len(set(_NEEDED) & names) >= len(_NEEDED) - 2 else 0


@file_format(
    "pholio",
    title="Pholio workbook",
    about="The workbook in which Fingertips takes data of several indicators.",
    fits=fits,
)
def lay_out(table: Table, job: Job, faults: Faults) -> Layout | None:
    """Codes into words, year and range and quarter and month into a period."""
    named = {_ALIASES.get(normalised(heading), normalised(heading)): heading for heading in reversed(table.headings)}
    for name in _NEEDED:
        if name not in named:
            faults.add(FileError(row=table.line, column=name, problem="this heading of the Pholio template is missing"))
    if table.height == 0 or not set(_NEEDED) <= set(named):
        return None
    frame = table.frame.select(ROW, *(pl.col(heading).alias(name) for name, heading in named.items()))
    _check(frame, named, faults)
    stated = job.mapping.period_type or PeriodType.CALENDAR_YEAR
    own = {*_NEEDED, *_NUMBERS, "categorytypeid", "categoryid", "valuenoteid"}
    has_categories = {"categorytypeid", "categoryid"} <= set(named)
    category = pl.col("categoryid").is_in(_NONE) if has_categories else pl.lit(True)
    return Layout(
        frame=frame.select(
            ROW,
            *(_or_none(name).alias(role.value) for name, role in _NUMBERS.items() if name in named),
            indicator=pl.col("indicatorid"),
            area_code=pl.col("areacode"),
            sex=pl.col("sexid").replace(_SEXES),
            age=pl.when(pl.col("ageid").is_in(_NONE)).then(pl.lit("")).otherwise(pl.format("age {}", "ageid")),
            breakdown=_coded("category type", "categorytypeid", category) if has_categories else pl.lit(""),
            group=_coded("category", "categoryid", category) if has_categories else pl.lit(""),
            note=_note() if "valuenoteid" in named else pl.lit(""),
            period=_period(stated),
        ),
        headings={
            **{role.value: named[name] for name, role in _NUMBERS.items() if name in named},
            "period": named["year"],
            "area_code": named["areacode"],
        },
        roles={named[name]: role for name, role in (_NUMBERS | _PLAIN_ROLES).items() if name in named},
        ignored={heading: "not part of an observation" for name, heading in named.items() if name not in own},
        warnings=() if job.mapping.period_type else (_ASSUMED,),
        stated=stated,
    )


def _check(frame: pl.DataFrame, named: dict[str, str], faults: Faults) -> None:
    year, length = pl.col("year"), pl.col("yearrange").cast(pl.Int32, strict=False)
    checks = (
        ("indicatorid", pl.col("indicatorid").str.contains(r"^[0-9]+$"), "is not the number of an indicator"),
        ("year", year.str.contains(r"^[12][0-9]{3}$"), "is not a year"),
        ("yearrange", length.is_between(1, _LONGEST).fill_null(False), "is not a number of years"),
        ("quarter", pl.col("quarter").is_in([*_NONE, "1", "2", "3", "4"]), "is not a quarter (1 to 4, or -1 for none)"),
        ("month", pl.col("month").str.contains(r"^(-1|[1-9]|1[0-2])?$"), "is not a month (1 to 12, or -1 for none)"),
        ("sexid", pl.col("sexid").is_in(list(_SEXES)), "is not a sex (1 male, 2 female, 4 persons, -1 none)"),
        ("ageid", pl.col("ageid").str.contains(r"^(-1|[0-9]+)?$"), "is not the number of an age band"),
        ("areacode", pl.col("areacode") != "", "an area needs its code"),
    )
    for name, is_sound, problem in checks:
        wrong = frame.filter(~is_sound)
        faults.rows(named[name], wrong.select(row=ROW, value=name, problem=pl.lit(problem)))


def _or_none(name: str) -> pl.Expr:
    is_none = pl.col(name).cast(pl.Float64, strict=False) == -1
    return pl.when(is_none.fill_null(False)).then(pl.lit("")).otherwise(name)


def _coded(said: str, name: str, is_none: pl.Expr) -> pl.Expr:
    return pl.when(is_none).then(pl.lit("")).otherwise(pl.format(f"{said} {{}}", name))


def _note() -> pl.Expr:
    is_none = pl.col("valuenoteid").is_in(["0", *_NONE])
    return pl.when(is_none).then(pl.lit("")).otherwise(pl.format("value note {}", "valuenoteid"))


def _period(kind: PeriodType) -> pl.Expr:
    """Fingertips' sortable period, or a run of years."""
    quarter, month = pl.col("quarter"), pl.col("month")
    return (
        pl.when(~month.is_in(_NONE))
        .then(pl.format("{}00{}", "year", month.str.zfill(2)))
        .when(~quarter.is_in(_NONE))
        .then(pl.format("{}{}00", "year", quarter.str.zfill(2)))
        .when(pl.col("yearrange") != "1")
        .then(pl.format("{}-{}-01/P{}Y", "year", pl.lit(_STARTS.get(kind, "01")), "yearrange"))
        .otherwise(pl.format("{}0000", "year"))
    )
