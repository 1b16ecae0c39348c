"""The cells of a frame of observations, and the sums a reader can draw between them.

Groups add up to those that hold them, up to everyone; child areas to their parent; ages and periods to those that
contain them; and each of these sums holds along all the others too. A total whose parts leave something over tells of
people in none of them: that remainder becomes a cell nobody publishes, and is protected like the others, as are
margins and cells of a crossed breakdown that have no row. Sums are taken where the true numbers bear them out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from reportcards.disclosure.cells import Cell, Relation
from reportcards.disclosure.crossing import Place, places
from reportcards.disclosure.lattice import Line, Node, Nodes, lattice, said
from reportcards.disclosure.settling import settled, tolerance
from reportcards.disclosure.stretches import Stretch, ends, sums_along, told

CELL_KEY = ["indicator", "area_code", "breakdown", "group", "period_start", "period_end", "period_type"]
_FREE = {"", "F"}
"""SDMX CONF_STATUS of numbers whose source does not keep them back."""
_SUPPRESSED = "Q"


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """How the numbers of a frame hang together."""

    relations: tuple[Relation, ...]
    implied: tuple[Cell, ...]
    """Numbers nobody publishes that others tell: remainders, margins and cells without a row, and pieces between
    overlapping periods or ages."""


def cell_ids() -> pl.Expr:
    """The cell id of each row: the same in every revision."""
    return pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in CELL_KEY], separator="|")


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


def relations_of(
    facts: pl.DataFrame,
    *,
    parents: Mapping[str, str] | None = None,
    rounded_to: int = 0,
    complement: bool = False,
) -> Structure:
    """Every sum between the rows of the frame.

    `facts` has at least the columns indicator, area_code, breakdown, group ("" for everyone), period_start,
    period_end, period_type and count, and may have denominator. `parents` is the parent of each area. `rounded_to` is
    the base to which the *source* rounds its counts, so that its sums hold only nearly. `complement` says that people
    who are not counted matter as well.
    """
    net = _net(facts)
    _along_time(net, rounded_to)
    _fill_areas(net, parents or {})
    lines: list[Line] = []
    for where, nodes in net.where.items():
        slack = tolerance(len(nodes), rounded_to)
        found, aged = lattice(nodes, _called(where), tolerance=slack)
        lines += found
        net.relations += aged
    lines += _area_lines(net, parents or {})
    summed, rests = settled(lines, rounded_to=rounded_to, complement=complement)
    relations = tuple(dict.fromkeys((*net.relations, *summed)))
    named = {name for relation in relations for name, _ in relation.terms()}
    implied = {node.id: _implied(node) for node in net.nodes() if not node.given and node.id in named}
    implied.update((cell.id, cell) for cell in rests)
    return Structure(relations=relations, implied=tuple(implied.values()))


Where = tuple[str, str, date | None, date | None]
"""Indicator, area, first and last day."""
NO_ROW = "~"
"""Begins the ids of numbers that no row tells of."""


@dataclass(slots=True, kw_only=True)
class _Net:
    """The numbers of a frame by where they are and of whom, with what was found about them."""

    where: defaultdict[Where, Nodes] = field(default_factory=lambda: defaultdict(dict))
    relations: list[Relation] = field(default_factory=list)

    def nodes(self) -> Iterator[Node]:
        return (node for nodes in self.where.values() for node in nodes.values())


def _implied(node: Node) -> Cell:
    """A number that has no row; where only that may keep it from being seen, it is as good as kept back."""
    kept_back = True if node.missing and node.count is None else None
    return Cell(id=node.id, count=node.count, denominator=node.denominator, published=False, sensitive=kept_back)


def _net(facts: pl.DataFrame) -> _Net:
    of = pl.col("denominator") if "denominator" in facts.columns else pl.lit(None, pl.Float64).alias("denominator")
    rows = facts.select(*CELL_KEY[:-1], pl.col("count").cast(pl.Float64), of.cast(pl.Float64), id=cell_ids())
    by_indicator = {
        str(key[0]): places(part.select("breakdown", "group").unique(maintain_order=True).iter_rows())
        for key, part in rows.partition_by("indicator", as_dict=True).items()
    }
    net = _Net()
    for indicator, area, breakdown, group, start, end, count, denominator, cell_id in rows.iter_rows():
        place = by_indicator[indicator][breakdown, group]
        node = Node(id=cell_id, count=_whole(count), denominator=_whole(denominator))
        nodes = net.where[indicator, area, start, end]
        if (twin := nodes.get(place)) is not None:
            if None in (twin.count, node.count) or twin.count == node.count:
                net.relations.append(Relation(total=twin.id, parts=(cell_id,)))
                continue
            place = tuple((f"{dimension} ({breakdown})", value) for dimension, value in place or ((breakdown, "all"),))
        nodes.setdefault(place, node)
    return net


def _along_time(net: _Net, rounded_to: int) -> None:
    """Periods within periods: cumulative, pooled, quarters of years; the periods between become numbers too."""
    series: defaultdict[tuple[str, str, Place], list[tuple[date, date, Node]]] = defaultdict(list)
    for (indicator, area, start, end), nodes in net.where.items():
        if start is not None and end is not None:
            for place, node in nodes.items():
                series[indicator, area, place].append((start, end, node))
    for (indicator, area, place), told_of in series.items():
        name = f"{_called((indicator, area, None, None))}|{said(place)}|days"
        found, pieces = sums_along(_stretches(told_of), name=name, tolerance=tolerance(len(told_of), rounded_to))
        net.relations += found
        of = _stretches(told_of, denominators=True) if pieces else []
        for piece in pieces:
            first, last = ends(piece.id)
            node = Node(id=piece.id, count=piece.count, denominator=told(of, first, last), given=False, piece=True)
            net.where[indicator, area, date.fromordinal(first), date.fromordinal(last - 1)].setdefault(place, node)


def _stretches(told_of: list[tuple[date, date, Node]], *, denominators: bool = False) -> list[Stretch]:
    return [
        Stretch(
            start=start.toordinal(),
            end=end.toordinal() + 1,
            cell_id=node.id,
            count=node.denominator if denominators else node.count,
        )
        for start, end, node in told_of
        if not denominators or node.denominator is not None
    ]


def _fill_areas(net: _Net, parents: Mapping[str, str]) -> None:
    """Groups that most children of an area tell of, and a child of it does not, though it tells of others."""
    children: defaultdict[Where, list[Where]] = defaultdict(list)
    for where in net.where:
        if where[1] in parents:
            children[where[0], parents[where[1]], where[2], where[3]].append(where)
    for parent, inside in children.items():
        for place in net.where.get(parent, {}):
            without = [where for where in inside if place not in net.where[where]]
            if 0 < 2 * len(without) <= len(inside):
                for where in without:
                    name = f"{_called(where)}|{said(place)}|missing"
                    net.where[where][place] = Node(id=name, given=False, missing=True)


def _area_lines(net: _Net, parents: Mapping[str, str]) -> Iterator[Line]:
    """Child areas beside their parent, also one of which nobody told while told of what holds it."""
    for where in list(net.where):
        for place in net.where[where]:
            _reach_up(net, (where, place), parents)
    parts: defaultdict[tuple[Where, Place], list[Node]] = defaultdict(list)
    for (indicator, area, start, end), nodes in net.where.items():
        above = net.where.get((indicator, parents[area], start, end)) if area in parents else None
        for place, node in nodes.items() if above else ():
            if above is not None and place in above:
                parts[(indicator, parents[area], start, end), place].append(node)
    for (where, place), inside in parts.items():
        total = net.where[where][place]
        yield Line(total=total, parts=tuple(inside), rest=f"{total.id}|rest of the area")


def _reach_up(net: _Net, number: tuple[Where, Place], parents: Mapping[str, str]) -> None:
    """Put the areas between a number and the nearest one that holds it where nobody told of them."""
    (indicator, area, start, end), place = number
    between: list[Where] = []
    while (area := parents.get(area, "")) and len(between) <= len(parents):
        above = (indicator, area, start, end)
        if above in net.where and place in net.where[above]:
            for each in between:
                net.where[each][place] = Node(id=f"{_called(each)}|{said(place)}|margin", given=False)
            return
        between.append(above)


def _called(where: Where) -> str:
    return NO_ROW + "|".join("" if each is None else str(each) for each in where)


def _whole(count: Any) -> int | None:
    return None if count is None or not math.isfinite(count) else round(count)
