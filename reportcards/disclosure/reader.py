"""One audience's knowledge while a release is being prepared: its ledger, and the release as it stands."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from reportcards.disclosure.attack import Finding, audit
from reportcards.disclosure.cells import ANY, Cell, Relation, Span
from reportcards.disclosure.ledger import Ledger, Need, unknown
from reportcards.disclosure.rules import Reason, Rule, round_count
from reportcards.disclosure.secondary import Board
from reportcards.disclosure.system import Floats, Places, System, members, parts, system

_FILLING_SECONDS = 10.0


@dataclass(slots=True, kw_only=True)
class Draft:
    """A release in the making."""

    cells: Mapping[str, Cell]
    relations: tuple[Relation, ...]
    """Between cells, by cell id."""
    rule: Rule
    key: bytes
    names: Mapping[str, str]
    """Cell id -> the unknown its value is."""
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Cell id -> the cells that are displayed beside it."""
    hidden: dict[str, Reason] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def shows(self, cell: Cell) -> bool:
        """Whether the cell is published as it stands."""
        unit = (cell.id, cell.beside)
        kept = any(each in self.hidden or each in self.refused for each in unit)
        return cell.published and cell.count is not None and not kept

    def displayed_with(self, cell_id: str) -> tuple[str, ...]:
        """The cells that are displayed and hidden as one with this one; the first is the one the others are beside."""
        owner = self.cells[cell_id].beside or cell_id
        return (owner, *self.beside.get(owner, ()))

    def value(self, cell: Cell) -> int:
        """What is shown of a shown cell: suppression first, rounding after."""
        assert cell.count is not None
        return round_count(cell.count, self.rule, key=self.key, cell_id=cell.id)

    def need(self, cell: Cell, *, inner: bool = False) -> Need:
        """What must stay possible of the cell once it is hidden."""
        covers = self.hidden.get(cell.id) is Reason.SECONDARY and (inner or not self.rule.wide_covers)
        values = 1 if covers else self.rule.width(cell)
        most = cell.denominator if self.rule.complement else None
        # A denominator under the threshold is a small number itself and not shown: it bounds nothing.
        ceiling = most if most is not None and most + 1 >= values else None
        safe_from = self.rule.threshold if cell.count is None else None
        return Need(values=values, at_most=ceiling, safe_from=safe_from)

    def span(self, cell: Cell) -> Span:
        """What the release itself tells of the cell."""
        if self.shows(cell):
            return self.rule.told(self.value(cell))
        return Span(low=0, high=self.need(cell).at_most)


@dataclass(slots=True, kw_only=True)
class Reader:
    """What one audience would know, and what must stay hidden from it."""

    ledger: Ledger
    relations: tuple[Relation, ...]
    """Those of the draft, by name of the unknown."""
    board: Board
    places: Mapping[str, int]
    needs: dict[str, Need]
    safe: dict[str, Finding] = field(default_factory=dict)
    """What was attacked without success: hiding more never makes it less safe."""
    inner: bool = False
    """Whether it also sees releases that are not for it alone: what those hide only as cover it may know already."""
    lost: set[str] = field(default_factory=set)
    """What no hiding can protect any more."""

    def failing(self) -> list[str]:
        """Attack all that is not known to be safe; returns what can be worked out, the tightest first."""
        asked = {name: need for name, need in self.needs.items() if name not in self.safe and name not in self.lost}
        found = audit(self.board.system, asked, truth=self.board.truth, exact=False)
        self.safe.update((name, finding) for name, finding in found.items() if finding.safe)
        unsafe = [(finding.span.values or 0, self.places[name], name) for name, finding in found.items()]
        return [name for _, _, name in sorted(unsafe) if name not in self.safe]

    def spans(self, names: Iterable[str]) -> dict[str, Span]:
        """Exactly what this audience can work out about hidden numbers it was never shown."""
        asked = {name: self.needs[name] for name in names if name in self.safe}
        found = audit(self.board.system, asked, truth=self.board.truth)
        return {name: finding.span for name, finding in found.items()}

    def hide(self, name: str, need: Need | None) -> None:
        """Take a number out of the release; `need` None when nobody must be kept from working it out."""
        if name not in self.ledger.shown:
            self.board.hide(np.array([self.places[name]], dtype=np.intp))
        if need is not None and not self.ledger.knows(name):
            self.needs[name] = need


def reader(draft: Draft, ledger: Ledger, *, inner: bool) -> Reader:
    """The audience with this ledger, as it would be after the draft."""
    relations = tuple(dict.fromkeys(_named(draft, ledger, relation) for relation in draft.relations))
    ranges: dict[str, Span] = {name: Span(low=0, high=need.at_most) for name, need in ledger.hidden.items()}
    ranges.update(ledger.shown)
    for cell in draft.cells.values():
        name = draft.names[cell.id]
        ranges[name] = draft.span(cell).within(ranges.get(name, ANY))
    whole = system(ranges, dict.fromkeys((*ledger.relations, *relations)))
    places = {name: place for place, name in enumerate(whole.names)}
    board = _board(draft, ledger, whole)
    return Reader(
        ledger=ledger,
        relations=relations,
        board=board,
        places=places,
        needs=_needs(draft, ledger, board, inner=inner),
        inner=inner,
    )


def _named(draft: Draft, ledger: Ledger, relation: Relation) -> Relation:
    """The relation between unknowns: of a cell outside the draft, the value shown or hidden that fits the sum."""
    absent = {cell_id for cell_id, _ in relation.terms() if cell_id not in draft.cells}
    sign = {cell_id: sign for cell_id, sign in relation.terms() if cell_id in absent}
    known = [(draft.cells[cell_id].count, sign) for cell_id, sign in relation.terms() if cell_id not in absent]
    total = sum(count * sign for count, sign in known if count is not None)
    complete = all(count is not None for count, _ in known)
    slack = max(relation.slack, abs(total)) if complete and not absent else relation.slack

    def name(cell_id: str) -> str:
        if cell_id in draft.names:
            return draft.names[cell_id]
        versions = ledger.versions.get(cell_id, ())
        if complete and len(absent) == 1 and not relation.slack:
            return unknown(draft.key, cell_id, -total * sign[cell_id])
        return versions[0] if versions else unknown(draft.key, cell_id, None)

    return Relation(
        total=name(relation.total),
        parts=tuple(name(each) for each in relation.parts),
        less=tuple(name(each) for each in relation.less),
        slack=slack,
    )


def _board(draft: Draft, ledger: Ledger, whole: System) -> Board:
    places = {name: place for place, name in enumerate(whole.names)}
    truth = np.where(whole.low == whole.high, whole.low, np.nan)
    cost = np.full(len(whole.names), np.inf)
    ceiling = np.full(len(whole.names), np.inf)
    sums = {relation.total for relation in draft.relations}
    for cell in draft.cells.values():
        place = places[draft.names[cell.id]]
        if cell.count is not None:
            truth[place] = cell.count
        need = draft.need(cell)
        ceiling[place] = np.inf if need.at_most is None else need.at_most
        # What was shown before cannot be taken back, and hiding it now would help nobody.
        if draft.shows(cell) and draft.names[cell.id] not in ledger.shown:
            cost[place] = _loss(cell, total=cell.id in sums)
    return Board(system=whole, truth=_filled(whole, truth), cost=cost, ceiling=ceiling)


def _loss(cell: Cell, *, total: bool) -> float:
    """What a reader loses with the number: totals matter most, then large numbers; a hidden zero misleads."""
    assert cell.count is not None
    return math.log2(2 + cell.count) * (3.0 if total else 1.0) * (2.0 if cell.count == 0 else 1.0)


def _filled(whole: System, truth: Floats) -> Floats:
    """Values for what we do not know ourselves that fit all we do; the lowest where nothing fits."""
    unknowns = np.isnan(truth)
    filled = np.where(unknowns, whole.low, truth)
    if not unknowns.any():
        return filled
    number, part = parts(whole, unknowns)
    for _, columns in members(part, range(number)):
        rows = np.unique(whole.sums[:, columns].nonzero()[0])
        if not len(rows):
            continue
        picked = whole.sums[rows]
        rest = filled.copy()
        rest[columns] = 0.0
        told = picked @ rest
        solved = milp(
            np.zeros(len(columns)),
            constraints=LinearConstraint(picked[:, columns], whole.least[rows] - told, whole.most[rows] - told),
            bounds=Bounds(whole.low[columns], whole.high[columns]),
            integrality=np.ones(len(columns)),
            options={"time_limit": _FILLING_SECONDS},
        )
        if solved.x is not None:
            filled[columns] = np.rint(solved.x)
    return filled


def _needs(draft: Draft, ledger: Ledger, board: Board, *, inner: bool) -> dict[str, Need]:
    """What this release hides, and what earlier ones hid in the parts that this one touches."""
    places = {name: place for place, name in enumerate(board.system.names)}
    needs = {
        draft.names[cell_id]: draft.need(draft.cells[cell_id], inner=inner)
        for cell_id in draft.hidden
        if not ledger.knows(draft.names[cell_id])
    }
    if ledger.hidden:
        _, part = parts(board.system, board.system.moving() | board.hideable())
        touched = _parts_of(part, (places[name] for name in draft.names.values()))
        for name, need in ledger.hidden.items():
            if int(part[places[name]]) in touched and not ledger.knows(name):
                needs[name] = need if name not in needs else _stricter_values(need, needs[name])
    return needs


def _parts_of(part: Places, places: Iterable[int]) -> set[int]:
    return {int(part[place]) for place in places} - {-1}


def _stricter_values(one: Need, other: Need) -> Need:
    return one if one.values >= other.values else other
