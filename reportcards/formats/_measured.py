"""The numbers of a table, and what is to be known of each: its status, who may see it, its unit, its notes."""

from __future__ import annotations

import polars as pl

from reportcards.codes import ConfStatus, ObsStatus
from reportcards.formats._layout import Faults, Layout
from reportcards.formats._observation import NUMBERS
from reportcards.formats._statuses import conf_status, multiplier, obs_status
from reportcards.formats._values import TOO_LARGE, numbers
from reportcards.formats.mapping import Role

_MISSING = [status.value for status in ObsStatus if status.is_missing]
_REVISED = "revised, says the publisher"
_WORD = {
    Role.MULTIPLIER: "multiplier (units, thousands, millions, or a power of ten)",
    Role.OBS_STATUS: "status of an observation (an SDMX code or its label)",
    Role.CONF_STATUS: "confidentiality status (an SDMX code or its label)",
}


def measured(frame: pl.DataFrame, layout: Layout, faults: Faults) -> pl.DataFrame:
    """The frame with its numbers as numbers and with `obs_status`, `conf_status`, `unit` and `note` settled."""
    said_of: dict[str, pl.Series] = {}
    for name in NUMBERS:
        if name not in frame.columns:
            frame = frame.with_columns(pl.lit(None, pl.Float64).alias(name))
            continue
        read = numbers(frame[name], decimal=layout.decimal)
        cells = pl.DataFrame({"row": frame["row"], "written": frame[name], **read.to_dict()})
        wrong = cells.filter(pl.col("problem") != "").select("row", "problem", value="written")
        faults.rows(layout.heading(name), wrong)
        frame = frame.with_columns(read["value"].alias(name))
        if name == "value":
            _one_sign(cells, layout, faults)
            said_of = {column: read[column] for column in ("status", "conf", "unit", "note")}
    frame = frame.with_columns(**{f"cell_{column}": series for column, series in said_of.items()})
    frame = frame.with_columns(
        unit=pl.when(pl.col("unit") == "").then("cell_unit").otherwise("unit"),
        note=_joined("note", "cell_note"),
    )
    return _multiplied(_statuses(frame, layout, faults), layout, faults)


def _joined(first: str, second: str) -> pl.Expr:
    both = (pl.col(first) != "") & (pl.col(second) != "")
    return pl.when(both).then(pl.format("{}; {}", first, second)).otherwise(pl.concat_str(first, second))


def _one_sign(cells: pl.DataFrame, layout: Layout, faults: Faults) -> None:
    """A column that is a percentage in one row and a bare number in the next cannot be trusted."""
    given = cells.filter(pl.col("value").is_not_null())
    counted = given["unit"].value_counts(sort=True)
    if counted.height > 1:
        odd = given.filter(pl.col("unit") == counted["unit"][-1]).head(1)
        problem = pl.lit("some values of this column have a sign (% or £) and others have none: write all alike")
        faults.rows(layout.heading("value"), odd.select("row", value="written", problem=problem))


def _coded(frame: pl.DataFrame, layout: Layout, faults: Faults, *, role: Role) -> pl.Series:
    """What a column of codes or labels says, as codes; "" where it has none, and an error where it is none of them."""
    if not layout.has(role):
        return pl.repeat("", frame.height, dtype=pl.String, eager=True)
    reading = obs_status if role is Role.OBS_STATUS else conf_status
    said = {text: reading(text) if text else "" for text in frame[role].unique()}
    unknown = [text for text, code in said.items() if code is None]
    _unknown(frame, layout, faults, role=role, texts=unknown)
    return frame[role].replace_strict({text: str(code or "") for text, code in said.items()}, return_dtype=pl.String)


def _unknown(frame: pl.DataFrame, layout: Layout, faults: Faults, *, role: Role, texts: list[str]) -> None:
    if texts:
        problem = pl.lit(f"is not a known {_WORD[role]}")
        found = frame.filter(pl.col(role).is_in(texts))
        faults.rows(layout.heading(role), found.select("row", value=pl.col(role), problem=problem))


def _statuses(frame: pl.DataFrame, layout: Layout, faults: Faults) -> pl.DataFrame:
    """One status per observation, out of the column of statuses and the value's own cell."""
    codes = _coded(frame, layout, faults, role=Role.OBS_STATUS)
    confs = _coded(frame, layout, faults, role=Role.CONF_STATUS)
    if layout.has(Role.OBS_STATUS):
        is_revised = pl.col(Role.OBS_STATUS).str.to_lowercase().str.strip_chars("[]").is_in(["r", "revised"])
        frame = frame.with_columns(said_revised=pl.when(is_revised).then(pl.lit(_REVISED)).otherwise(pl.lit("")))
        frame = frame.with_columns(note=_joined("note", "said_revised"))
        # What its publisher meant to hide is hidden; of any other kind of missing value one of the two is wrong.
        is_hidden = codes == ObsStatus.MISSING_SUPPRESSED.value
        frame = frame.with_columns(
            withheld=pl.col("value").is_not_null() & is_hidden,
            **{name: pl.when(is_hidden).then(None).otherwise(name) for name in NUMBERS},
        )
        hidden = frame.filter(pl.col("value").is_not_null() & codes.is_in(_MISSING))
        problem = pl.lit("has a value although its status says that there is none: take out one of the two")
        faults.rows(layout.heading(Role.OBS_STATUS), hidden.select("row", value=Role.OBS_STATUS, problem=problem))
    frame = frame.with_columns(codes.alias("said"), confs.alias("said_conf"))
    is_missing = pl.col("value").is_null()
    normal, missing = pl.lit(ObsStatus.NORMAL.value), pl.lit(ObsStatus.MISSING.value)
    status = (
        pl.when(is_missing & pl.col("said").is_in(_MISSING))
        .then("said")
        .when(is_missing & pl.col("cell_status").is_in(_MISSING))
        .then("cell_status")
        .when(is_missing)
        .then(missing)
        .when(pl.col("said").is_in(["", ObsStatus.NORMAL.value]) & (pl.col("cell_status") != ""))
        .then("cell_status")
        .when(pl.col("said") != "")
        .then("said")
        .otherwise(normal)
    )
    confidential, free = pl.lit(ConfStatus.CONFIDENTIAL.value), pl.lit(ConfStatus.FREE.value)
    conf = (
        pl.when(pl.col("said_conf") != "")
        .then("said_conf")
        .when(pl.col("cell_conf") != "")
        .then("cell_conf")
        .when(status == ObsStatus.MISSING_SUPPRESSED.value)
        .then(confidential)
        .otherwise(free)
    )
    return frame.with_columns(obs_status=status, conf_status=conf)


def _multiplied(frame: pl.DataFrame, layout: Layout, faults: Faults) -> pl.DataFrame:
    if not layout.has(Role.MULTIPLIER):
        return frame
    said = {text: multiplier(text) for text in frame[Role.MULTIPLIER].unique()}
    unknown = [text for text, by in said.items() if by is None]
    _unknown(frame, layout, faults, role=Role.MULTIPLIER, texts=unknown)
    by = pl.col(Role.MULTIPLIER).replace_strict(said, return_dtype=pl.Float64)
    scaled = [name for name in NUMBERS if name not in {"count", "denominator"}]
    frame = frame.with_columns(
        pl.when(by == 1).then(pl.col(name)).otherwise(pl.col(name) * by).alias(name) for name in scaled
    )
    for name in scaled:
        wrong = frame.filter(pl.col(name).is_infinite())
        problem = pl.lit(f"times the multiplier {TOO_LARGE}")
        faults.rows(layout.heading(name), wrong.select("row", value=Role.MULTIPLIER, problem=problem))
    return frame
