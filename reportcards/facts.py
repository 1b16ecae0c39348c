"""From the observations of a file to the facts of a revision: everyone and groups told apart, intervals worked out.

Pure: frames in, frames out. `OBSERVATIONS` of reportcards.formats becomes `FACTS` of reportcards.observations.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from reportcards.codes import ObsStatus
from reportcards.formats._observation import DIMENSION_MARK
from reportcards.methods._limits import Interval
from reportcards.methods.crude_rate import crude_rate
from reportcards.methods.wilson import wilson
from reportcards.observations import FACTS, KEY

NOT_STATED = "not stated by the source"
_EVERYONE_SEX = ["", "persons", "both", "all"]
_ALL_AGES = ["", "all ages", "all", "total"]
_RATE = re.compile(r"per ([\d,. ]+)|/ ?([\d,. ]+)", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What the numbers of a new indicator look like, to begin with; a steward can say otherwise."""

    value_type: str
    multiplier: float
    decimals: int
    unit: str


def grouped(observations: pl.DataFrame) -> pl.DataFrame:
    """Sex and age become groups where an indicator tells them apart; one that is always the same says nothing."""
    lower_age = pl.col("age").str.to_lowercase().str.strip_chars()
    told_apart = lower_age.n_unique().over("indicator") > 1
    by_sex = ~pl.col("sex").str.to_lowercase().is_in(_EVERYONE_SEX)
    by_age = told_apart & ~lower_age.is_in(_ALL_AGES)

    def joined(column: str, sex: pl.Expr, age: pl.Expr) -> pl.Expr:
        parts = pl.concat_list(
            pl.when(pl.col(column) != "").then(pl.col(column)),
            pl.when(by_sex).then(sex),
            pl.when(by_age).then(age),
        )
        return parts.list.drop_nulls().list.join(DIMENSION_MARK).alias(column)

    return observations.with_columns(
        joined("breakdown", pl.lit("Sex"), pl.lit("Age")),
        joined("group", pl.col("sex").str.to_titlecase(), pl.col("age")),
        area_code=pl.when(pl.col("area_code") != "").then(pl.col("area_code")).otherwise(pl.col("area_name")),
    )


def twice(facts: pl.DataFrame) -> pl.DataFrame:
    """Rows that are there more than once: no revision may hold them."""
    return facts.filter(pl.struct(KEY).is_duplicated())


def guessed(observations: pl.DataFrame) -> dict[str, Guess]:
    """What each indicator of a file looks like, by its code."""
    rate = pl.col("value") / (pl.col("count") / pl.col("denominator"))
    found = observations.group_by("indicator").agg(
        unit=pl.col("unit").mode().sort().first(),
        measure=pl.col("measure").mode().sort().first(),
        name=pl.col("indicator_name").first(),
        decimals=_decimals(),
        multiplier=rate.filter(rate.is_finite()).median(),
    )
    return {row["indicator"]: _guess(row) for row in found.to_dicts()}


def _decimals() -> pl.Expr:
    """The fewest decimals that show every value, two at most."""
    value = pl.col("value").drop_nulls()
    exact = [((value.round(places) - value).abs() < 1e-9).all() for places in (0, 1)]
    return pl.when(exact[0]).then(0).when(exact[1]).then(1).otherwise(2).cast(pl.Int32)


def _guess(row: Mapping[str, object]) -> Guess:
    told = f"{row['measure'] or ''} {row['unit'] or ''} {row['name'] or ''}".lower()
    multiplier = _nearest(row["multiplier"]) or _stated_rate(told)
    if "standardis" in told or "dsr" in told.split():
        kind = "dsr"
    elif "%" in told or "percent" in told or "proportion" in told:
        kind, multiplier = "proportion", multiplier if multiplier in (1.0, 100.0) else 100.0
    elif "rate" in told or " per " in told:
        kind = "crude_rate"
    elif any(word in told for word in ("count", "number", "persons", "people", "frequency")):
        kind = "count"
    elif any(word in told for word in ("mean", "average", "median", "score")):
        kind = "mean"
    elif "ratio" in told:
        kind = "ratio"
    elif row["decimals"] == 0 and row["multiplier"] is None:
        # Whole numbers may count people: where nothing says otherwise they are protected as if they did.
        kind = "count"
    else:
        kind = "other"
    unit = str(row["unit"] or "")
    if kind == "proportion" and (not unit or "percent" in unit.lower() or "proportion" in unit.lower()):
        unit = "%"
    return Guess(value_type=kind, multiplier=multiplier or 1.0, decimals=int(str(row["decimals"])), unit=unit)


def _nearest(found: object) -> float:
    """The round number that a rate is per; 0 when the numbers do not bear one out."""
    if not isinstance(found, float):
        return 0.0
    return next((each for each in (1.0, 100.0, 1e3, 1e4, 1e5, 1e6) if abs(found / each - 1) < 0.02), 0.0)


def _stated_rate(told: str) -> float:
    said = _RATE.search(told)
    digits = re.sub(r"[^\d]", "", (said.group(1) or said.group(2) or "") if said else "")
    return float(digits) if digits else 0.0


def facts(observations: pl.DataFrame, *, ids: Mapping[str, str], kinds: Mapping[str, Guess]) -> pl.DataFrame:
    """FACTS of a grouped frame; `ids` and `kinds` are by the indicator's code in the file."""
    codes = pl.DataFrame(
        {
            "code": list(ids),
            "id": list(ids.values()),
            "value_type": [kinds[code].value_type for code in ids],
            "multiplier": [kinds[code].multiplier for code in ids],
        },
        schema={"code": pl.String, "id": pl.String, "value_type": pl.String, "multiplier": pl.Float64},
    )
    told = observations.join(codes, left_on="indicator", right_on="code", how="left")
    counted = (pl.col("value_type") == "count") & pl.col("count").is_null()
    told = told.with_columns(
        indicator=pl.col("id"),
        count=pl.when(counted).then(pl.col("value")).otherwise(pl.col("count")),
        held=_held(),
    )
    return _with_intervals(told).select(pl.col(name).cast(kind) for name, kind in FACTS.items())


def _held() -> pl.Expr:
    """Why there is no value, in words."""
    meanings = {each.value: f"[c] {each.meaning.lower()}" for each in ObsStatus if each is ObsStatus.MISSING_SUPPRESSED}
    said = pl.col("obs_status").replace_strict(meanings, default=NOT_STATED, return_dtype=pl.String)
    return pl.when(pl.col("value").is_not_null()).then(pl.lit("")).otherwise(said)


def _with_intervals(told: pl.DataFrame) -> pl.DataFrame:
    """95 % limits where the source gives none and the numbers they follow from are there."""
    count, denominator, scale = pl.col("count"), pl.col("denominator"), pl.col("multiplier")
    share = wilson(count, denominator)
    rate = crude_rate(count, denominator)
    told = told.with_columns(_filled("proportion", share, scale))
    return told.with_columns(_filled("crude_rate", rate, scale))


def _filled(kind: str, made: Interval, scale: pl.Expr) -> list[pl.Expr]:
    """The interval is taken only where it holds the value: else the value is not the count over the denominator."""
    lower, upper = made.lower * scale, made.upper * scale
    missing = pl.col("lower95").is_null() & pl.col("upper95").is_null() & pl.col("value").is_not_null()
    fits = (lower <= pl.col("value")) & (pl.col("value") <= upper)
    where = (pl.col("value_type") == kind) & missing & fits
    return [
        pl.when(where).then(lower).otherwise(pl.col("lower95")).alias("lower95"),
        pl.when(where).then(upper).otherwise(pl.col("upper95")).alias("upper95"),
    ]
