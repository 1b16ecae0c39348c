"""The cells of a frame of observations, and the sums a reader can draw between them.

Groups add up to everyone, child areas to their parent, ages and periods to those that contain them. A total whose
parts leave something over tells of people in none of them: that remainder becomes a cell nobody publishes, and is
protected like the others. Sums are taken where the true numbers bear them out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from reportcards.disclosure.cells import Cell, Relation
from reportcards.disclosure.stretches import Stretch, sums_along, told

_KEY = ["indicator", "area_code", "breakdown", "group", "period_start", "period_end", "period_type"]
_ALL = {"all", "all ages", "all persons", "both", "both sexes", "everyone", "persons", "total"}
_FREE = {"", "F"}
"""SDMX CONF_STATUS of numbers whose source does not keep them back."""
_SUPPRESSED = "Q"
_AGE = re.compile(
    r"(?:aged?s? )?(?:(?P<under>under|<) ?(?P<below>\d+)|(?P<from>\d+) ?(?:-|–|to) ?(?P<to>\d+)"
    r"|(?P<open>\d+) ?(?:\+|and over|or over|plus))(?: ?(?:years?|yrs))?"
)
_OLDEST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """How the numbers of a frame hang together."""

    relations: tuple[Relation, ...]
    implied: tuple[Cell, ...]
    """Numbers nobody publishes that others tell: remainders, and pieces between overlapping periods or ages."""


def cell_ids() -> pl.Expr:
    """The cell id of each row: the same in every revision."""
    return pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in _KEY], separator="|")


def cells_of(facts: pl.DataFrame, *, published: bool = True) -> tuple[Cell, ...]:
    """One cell for each row with a count, and for each that its source suppressed; other rows have nothing to hide."""
    counted = pl.col("count").is_not_null() & pl.col("count").is_finite()
    withheld = (pl.col("obs_status") == _SUPPRESSED) | ~pl.col("conf_status").fill_null("").is_in(list(_FREE))
    rows = facts.filter(counted | (withheld & pl.col("value").is_null())).select(
        cell_ids(), pl.col("count").round(), pl.col("denominator").round()
    )
    return tuple(
        Cell(id=cell_id, count=_whole(count), denominator=_whole(denominator), published=published)
        for cell_id, count, denominator in rows.iter_rows()
    )


def relations_of(facts: pl.DataFrame, *, parents: Mapping[str, str] | None = None, rounded_to: int = 0) -> Structure:
    """Every sum between the rows of the frame.

    `facts` has at least the columns indicator, area_code, breakdown, group ("" for everyone), period_start,
    period_end, period_type and count. `parents` is the parent of each area. `rounded_to` is the base to which the
    *source* rounds its counts, so that its sums hold only nearly.
    """
    rows = facts.select(*_KEY, pl.col("count").cast(pl.Float64).round(), id=cell_ids())
    relations: list[Relation] = []
    implied: dict[str, Cell] = {}
    finders = (
        _groups(rows, rounded_to),
        _areas(rows, parents or {}, rounded_to),
        _ages(rows, rounded_to),
        _periods(rows, rounded_to),
    )
    for found in finders:
        for sums, cells in found:
            relations.extend(sums)
            implied.update((cell.id, cell) for cell in cells)
    return Structure(relations=tuple(dict.fromkeys(relations)), implied=tuple(implied.values()))


Sums = tuple[Sequence[Relation], Sequence[Cell]]


def _groups(rows: pl.DataFrame, rounded_to: int) -> Iterator[Sums]:
    """Groups of one breakdown beside everyone, male and female beside persons."""
    key = ["indicator", "area_code", "period_start", "period_end"]
    everyone = rows.filter(pl.col("breakdown") == "").select(*key, total="id", whole="count")
    grouped = rows.filter(pl.col("breakdown") != "").group_by(*key, "breakdown", maintain_order=True)
    found = grouped.agg("group", "id", "count").join(everyone, on=key, how="inner")
    for row in found.iter_rows(named=True):
        kept: list[tuple[str, int | None]] = []
        for group, cell_id, count in zip(row["group"], row["id"], row["count"], strict=True):
            if _is_all(group):
                yield [Relation(total=row["total"], parts=(cell_id,))], ()
            else:
                kept.append((cell_id, _whole(count)))
        # Bands of ages may overlap: they are laid along the line of ages instead.
        if kept and not all(_age(group) for group in row["group"] if not _is_all(group)):
            rest = f"{row['total']}|rest of {row['breakdown']}"
            yield _sum((row["total"], _whole(row["whole"])), kept, rest=rest, rounded_to=rounded_to)


def _areas(rows: pl.DataFrame, parents: Mapping[str, str], rounded_to: int) -> Iterator[Sums]:
    """Child areas beside their parent."""
    if not parents:
        return
    key = ["indicator", "breakdown", "group", "period_start", "period_end"]
    parent = pl.col("area_code").replace_strict(dict(parents), default=None, return_dtype=pl.String)
    children = rows.with_columns(parent=parent).filter(pl.col("parent").is_not_null())
    grouped = children.group_by("parent", *key, maintain_order=True).agg("id", "count")
    totals = rows.select(*key, parent="area_code", total="id", whole="count")
    for row in grouped.join(totals, on=["parent", *key], how="inner").iter_rows(named=True):
        parts = [(cell_id, _whole(count)) for cell_id, count in zip(row["id"], row["count"], strict=True)]
        rest = f"{row['total']}|rest of the area"
        yield _sum((row["total"], _whole(row["whole"])), parts, rest=rest, rounded_to=rounded_to)


def _sum(total: tuple[str, int | None], parts: Sequence[tuple[str, int | None]], *, rest: str, rounded_to: int) -> Sums:
    """The total as the sum of its parts, with a remainder where they leave one; nothing where parts overlap."""
    name, whole = total
    ids = tuple(cell_id for cell_id, _ in parts)
    tolerance = _tolerance(len(parts), rounded_to)
    left = None if whole is None else whole - sum(count for _, count in parts if count is not None)
    if left is not None and left < -tolerance:
        return (), ()
    if left is None or left <= tolerance or any(count is None for _, count in parts):
        return [Relation(total=name, parts=ids, slack=tolerance)], ()
    return [Relation(total=name, parts=(*ids, rest))], [Cell(id=rest, count=left, published=False)]


def _tolerance(parts: int, rounded_to: int) -> int:
    return math.ceil((parts + 1) * rounded_to / 2)


def _ages(rows: pl.DataFrame, rounded_to: int) -> Iterator[Sums]:
    """Ages within ages; everyone is of any age."""
    key = ["indicator", "area_code", "period_start", "period_end"]
    everyone = rows.filter(pl.col("breakdown") == "").select(*key, total="id", whole="count")
    aged = rows.filter(pl.col("group").map_elements(_banded, return_dtype=pl.Boolean, skip_nulls=False))
    grouped = aged.group_by(*key, "breakdown", maintain_order=True).agg("group", "id", "count")
    for row in grouped.join(everyone, on=key, how="left").iter_rows(named=True):
        stretches = [
            Stretch(start=ages[0], end=ages[1], cell_id=cell_id, count=_whole(count))
            for group, cell_id, count in zip(row["group"], row["id"], row["count"], strict=True)
            if (ages := _age(group))
        ]
        tolerance = _tolerance(len(stretches), rounded_to)
        if row["total"] is not None:
            stretches.append(_everyone((row["total"], _whole(row["whole"])), stretches, tolerance=tolerance))
        name = "|".join(str(row[each]) for each in (*key, "breakdown")) + "|ages"
        yield sums_along(stretches, name=name, tolerance=tolerance)


def _everyone(total: tuple[str, int | None], stretches: Sequence[Stretch], *, tolerance: int) -> Stretch:
    """The ages everyone stands for: those of the bands when their numbers fit, as for pupils, and any age otherwise."""
    name, whole = total
    start, end = min(each.start for each in stretches), max(each.end for each in stretches)
    within = told(stretches, start, end, tolerance=tolerance)
    if whole is None or within is None or abs(whole - within) <= tolerance:
        return Stretch(start=start, end=end, cell_id=name, count=whole)
    return Stretch(start=0, end=_OLDEST, cell_id=name, count=whole)


def _periods(rows: pl.DataFrame, rounded_to: int) -> Iterator[Sums]:
    """Periods within periods: cumulative, pooled, quarters of years."""
    key = ["indicator", "area_code", "breakdown", "group"]
    dated = rows.filter(pl.col("period_start").is_not_null() & pl.col("period_end").is_not_null())
    grouped = dated.group_by(key, maintain_order=True).agg("period_start", "period_end", "id", "count")
    for row in grouped.iter_rows(named=True):
        stretches = [
            Stretch(start=_day(start), end=_day(end) + 1, cell_id=cell_id, count=_whole(count))
            for start, end, cell_id, count in zip(
                row["period_start"], row["period_end"], row["id"], row["count"], strict=True
            )
        ]
        name = "|".join(str(row[each]) for each in key) + "|days"
        yield sums_along(stretches, name=name, tolerance=_tolerance(len(stretches), rounded_to))


def _day(when: date) -> int:
    return when.toordinal()


def _whole(count: Any) -> int | None:
    return None if count is None or not math.isfinite(count) else round(count)


def _is_all(group: str) -> bool:
    return group.casefold().strip() in _ALL


def _banded(group: str | None) -> bool:
    return _age(group or "") is not None


def _age(group: str) -> tuple[int, int] | None:
    """From the first age up to but without the end; None for what is no age."""
    said = _AGE.fullmatch(group.casefold().strip())
    if said is None:
        return None
    if said["under"]:
        return 0, int(said["below"])
    if said["from"]:
        return (int(said["from"]), int(said["to"]) + 1) if int(said["to"]) >= int(said["from"]) else None
    return int(said["open"]), _OLDEST
