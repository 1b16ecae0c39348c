"""Of whom an observation is: sex, age, breakdown and group; and of what: its indicator, told apart by its unit."""

from __future__ import annotations

import polars as pl

from reportcards.formats._layout import Layout, Meta
from reportcards.formats._observation import DIMENSION_MARK
from reportcards.formats.mapping import Role

EVERYONE = frozenset(
    (
        *("", "all", "total", "totals", "everyone", "overall", "_t", "_z", "na", "n/a", "-", "not applicable"),
        *("all people", "all persons", "all ages", "all groups", "all categories", "total population"),
        *("all residents", "not disaggregated", "all pupils"),
    )
)
"""What is written in a column of groups for the whole, in lower case."""
_SEXES = {
    **dict.fromkeys(("male", "males", "m", "boys", "boy", "men", "man"), "male"),
    **dict.fromkeys(("female", "females", "f", "girls", "girl", "women", "woman"), "female"),
    **dict.fromkeys(("persons", "person", "people", "all", "total", "both", "both sexes", "all persons"), "persons"),
    **dict.fromkeys(("_t", "t", "p", "all people", "all sexes", "everyone", "male and female"), "persons"),
    **dict.fromkeys(("", "not applicable", "na", "n/a", "-", "_z", "-1"), ""),
}


def are_sexes(texts: pl.Series) -> bool:
    """Whether a column holds sexes and nothing else."""
    said = {text.lower() for text in texts.unique()}
    return said <= set(_SEXES) and any(_SEXES[text] in {"male", "female"} for text in said)


def everyone(column: str) -> pl.Expr:
    """A column of groups with "" for every way to write everyone."""
    return pl.when(pl.col(column).str.to_lowercase().is_in(list(EVERYONE))).then(pl.lit("")).otherwise(column)


def grouped(frame: pl.DataFrame, layout: Layout, meta: Meta) -> pl.DataFrame:
    """The frame with `sex`, `age`, `breakdown` and `group` settled, and areas and indicators that are not stated."""
    frame, dimensions = _sexes(frame, layout)
    frame = frame.with_columns(age=everyone("age"))
    name, group = pl.lit(""), pl.lit("")
    if layout.has(Role.GROUP):
        given = everyone(Role.GROUP)
        name = pl.when(given == "").then(name).otherwise(pl.col(Role.BREAKDOWN))
        group = given
    frame = frame.with_columns(name.alias("breakdown"), group.alias("group"))
    for said, column in dimensions:
        frame = _joined(frame, said, column)
    frame = frame.with_columns(
        area_name=pl.when((pl.col("area_code") == "") & (pl.col("area_name") == ""))
        .then(pl.lit(meta.geography))
        .otherwise("area_name")
    )
    return _indicators(frame)


def _joined(frame: pl.DataFrame, said: str, column: str) -> pl.DataFrame:
    """One more dimension behind those that a row has."""
    given = everyone(column)
    is_first = pl.col("breakdown") == ""
    return frame.with_columns(
        breakdown=pl.when(given == "")
        .then("breakdown")
        .otherwise(pl.when(is_first).then(pl.lit(said)).otherwise(pl.col("breakdown") + DIMENSION_MARK + said)),
        group=pl.when(given == "")
        .then("group")
        .otherwise(pl.when(is_first).then(given).otherwise(pl.col("group") + DIMENSION_MARK + given)),
    )


def _sexes(frame: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, tuple[tuple[str, str], ...]]:
    """Sex in three words; a blank beside them is everyone; another group than these is a breakdown of its own."""
    said = {text: _SEXES.get(text.lower()) for text in frame["sex"].unique()}
    words = set(said.values())
    blank = "persons" if words & {"male", "female"} and "persons" not in words else ""
    dimensions = layout.dimensions
    if None in words:
        others = [text for text, sex in said.items() if sex is None]
        is_other = pl.col("sex").is_in(others)
        frame = frame.with_columns(other_sex=pl.when(is_other).then("sex").otherwise(pl.lit("")))
        dimensions = (*dimensions, (layout.heading("sex") or "Sex", "other_sex"))
    sexes = {text: "" if sex is None else (sex or blank) for text, sex in said.items()}
    return frame.with_columns(sex=pl.col("sex").replace_strict(sexes, return_dtype=pl.String)), dimensions


def _indicators(frame: pl.DataFrame) -> pl.DataFrame:
    """An indicator given in two measures or units is two indicators, each called after its own."""
    is_unnamed = pl.col("indicator_name") == ""
    frame = frame.with_columns(indicator_name=pl.when(is_unnamed).then("indicator").otherwise("indicator_name"))
    is_uncoded = pl.col("indicator") == ""
    frame = frame.with_columns(indicator=pl.when(is_uncoded).then("indicator_name").otherwise("indicator"))
    for column in ("measure", "unit"):
        used = frame.select("indicator", column, folded=pl.col(column).str.to_lowercase()).filter(pl.col(column) != "")
        several = used.group_by("indicator").agg(pl.col("folded").n_unique()).filter(pl.col("folded") > 1)["indicator"]
        if several.is_empty():
            continue
        is_several = pl.col("indicator").is_in(several.implode()) & (pl.col(column) != "")
        named = [
            pl.when(is_several & (pl.col(name) != ""))
            .then(pl.format("{} ({})", name, column))
            .when(is_several)
            .then(column)
            .otherwise(name)
            .alias(name)
            for name in ("indicator", "indicator_name")
        ]
        frame = frame.with_columns(named)
    return frame
