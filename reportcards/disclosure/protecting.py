"""Before a release: hide what is small, hide what gives it away, then prove that nobody can work it out.

The proof is over everything the audience has been shown before, and over every audience that will see the release.
What cannot be made safe is refused with a sentence; nothing of it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from governance.errors import Invalid
from reportcards.disclosure.cells import Cell, Relation, Span
from reportcards.disclosure.ledger import Ledger, Need, Release, cell_of, unknown, unsaid
from reportcards.disclosure.reader import Draft, Reader, reader
from reportcards.disclosure.rules import Reason, Rule

NOTHING = Ledger()
"""The ledger of an audience that has been shown nothing yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """A release that is safe to show, by cell id."""

    shown: Mapping[str, int]
    """The values to display: rounded where the rule says so."""
    hidden: Mapping[str, Reason]
    """Not to be displayed: value, count, interval, trend and rank alike."""
    refused: Mapping[str, str]
    """Not to be displayed, because no choice of hidden numbers could make them safe; with the sentence why."""
    exposed: Mapping[str, str]
    """Hidden numbers that earlier releases already give away; with the sentence what to do."""
    intervals: Mapping[str, Span]
    """What the best-informed audience can still work out about each hidden number."""
    releases: tuple[Release, ...]
    """What the ledger of each audience has to keep, in the order in which they were given."""

    @property
    def release(self) -> Release:
        """What the ledger of the audience itself has to keep."""
        return self.releases[0]


def protect(
    cells: Iterable[Cell],
    relations: Iterable[Relation],
    rule: Rule,
    *,
    key: bytes,
    released: Ledger | Sequence[Ledger] = NOTHING,
    exact: bool = True,
) -> Protected:
    """Decide what of the cells an audience may see, after what it has been shown.

    `relations` are sums between cell ids; an id that is no cell is a number nobody shows, or one of an earlier
    release. `released` is the ledger of the audience, followed by those of every other audience that will see this
    release as well. `key` is the secret that names hidden values and fixes the rounding; it must stay the same.
    Without `exact` the intervals told are those proven on the way: no wider than the truth, and sooner done.

    Raises Invalid for two cells with one id or a negative count.
    """
    ledgers = (released,) if isinstance(released, Ledger) else tuple(released) or (NOTHING,)
    draft = _draft(cells, relations, rule, key=key)
    for cell in draft.cells.values():
        reason = rule.reason(cell)
        if reason is not None:
            draft.hidden[cell.id] = reason
        elif any(_hidden_before(draft.names[cell.id], ledger) for ledger in ledgers):
            draft.hidden[cell.id] = Reason.SECONDARY
        if cell.beside is not None and cell.id in draft.hidden:
            draft.hidden.setdefault(cell.beside, Reason.SECONDARY)
    by_name = {name: cell_id for cell_id, name in draft.names.items()}
    # The last round starts afresh, finds nothing to hide any more, and so is the proof for what is published.
    while True:
        readers = [reader(draft, ledger, inner=place > 0) for place, ledger in enumerate(ledgers)]
        if not _secure(draft, readers, by_name):
            return _protected(draft, readers, exact=exact)


def _draft(cells: Iterable[Cell], relations: Iterable[Relation], rule: Rule, *, key: bytes) -> Draft:
    by_id: dict[str, Cell] = {}
    for cell in cells:
        if cell.id in by_id:
            raise Invalid(f"Two numbers are given for {cell.id}; keep one of them.", field=cell.id)
        if cell.count is not None and cell.count < 0:
            raise Invalid(f"The count for {cell.id} is below zero; correct it at the source.", field=cell.id)
        by_id[cell.id] = cell
    sums = tuple(relations)
    names = {cell.id: unknown(key, cell.id, cell.count) for cell in by_id.values()}
    names.update(_unsaid(by_id, sums, key=key))
    beside: dict[str, tuple[str, ...]] = {}
    for cell in by_id.values():
        if cell.beside is not None:
            beside[cell.beside] = (*beside.get(cell.beside, ()), cell.id)
    return Draft(cells=by_id, relations=sums, rule=rule, key=key, names=names, beside=beside)


def _unsaid(cells: Mapping[str, Cell], relations: Iterable[Relation], *, key: bytes) -> dict[str, str]:
    """The names of numbers that no row tells of: of all that hang together, by what is told around them."""
    nobodys = {cell.id for cell in cells.values() if cell.count is None and not cell.published}
    if not nobodys:
        return {}
    group: dict[str, set[str]] = {}
    around: dict[str, set[tuple[str, int]]] = {}
    for relation in relations:
        terms = [name for name, _ in relation.terms()]
        if found := [name for name in terms if name in nobodys]:
            together = set[str]().union(*({name} | group.get(name, set()) for name in found))
            told = {(name, count) for name in terms if name in cells and (count := cells[name].count) is not None}
            told |= set().union(*(around.get(name, set()) for name in together))
            for name in together:
                group[name], around[name] = together, told
    return {name: unsaid(key, name, around.get(name, ())) for name in nobodys}


def _hidden_before(name: str, ledger: Ledger) -> bool:
    """A number once hidden stays hidden while its value is the same: showing it later would undo other hiding."""
    need = ledger.hidden.get(name)
    return need is not None and need.values > 1 and name not in ledger.shown


def _secure(draft: Draft, readers: Sequence[Reader], by_name: Mapping[str, str]) -> bool:
    """Hide and refuse until no attack succeeds; returns whether anything had to be taken out."""
    before = len(draft.hidden) + len(draft.refused)
    while True:
        failing = [(each, name) for each in readers for name in each.failing()]
        if not failing:
            return len(draft.hidden) + len(draft.refused) > before
        start = len(draft.hidden) + len(draft.refused)
        for each, name in failing:
            _cover(draft, (each, readers), name, by_name=by_name, start=start)


def _cover(
    draft: Draft,
    audience: tuple[Reader, Sequence[Reader]],
    name: str,
    *,
    by_name: Mapping[str, str],
    start: int,
) -> None:
    """Hide what lets the number vary enough; what is wanted may have been hidden for another number meanwhile."""
    own, readers = audience
    place = own.places[name]
    found = own.board.cover(place, own.needs[name].values)
    if found is not None and not len(found):
        if len(draft.hidden) + len(draft.refused) > start:
            return
        found = own.board.beside(place)
    if found is not None and len(found):
        for each in found.tolist():
            _hide(draft, readers, by_name[own.board.system.names[each]])
        return
    _refuse(draft, (own, readers), name, by_name=by_name)


def _hide(draft: Draft, readers: Sequence[Reader], cell_id: str) -> None:
    owner, *beside = draft.displayed_with(cell_id)
    draft.hidden.setdefault(owner, Reason.SECONDARY)
    for each in readers:
        each.hide(draft.names[owner], draft.need(draft.cells[owner], inner=each.inner))
        for other in beside:
            each.hide(draft.names[other], None)


def _refuse(draft: Draft, audience: tuple[Reader, Sequence[Reader]], name: str, *, by_name: Mapping[str, str]) -> None:
    """Nothing helps: all that has to do with the number stays unpublished, or it was lost before."""
    own, readers = audience
    around = own.board.around(own.places[name])
    left = around[own.board.hideable()[around]]
    if not len(left):
        own.lost.add(name)
        return
    for place in left.tolist():
        cell_id, *beside = draft.displayed_with(by_name[own.board.system.names[place]])
        draft.refused[cell_id] = (
            "Not published: with what this audience has already been shown, it would let a number that protects "
            f"people be worked out ({cell_of(name)})."
        )
        for each in readers:
            for one in (cell_id, *beside):
                each.hide(draft.names[one], None)


def _protected(draft: Draft, readers: Sequence[Reader], *, exact: bool) -> Protected:
    own = readers[0]
    shown = {cell.id: draft.value(cell) for cell in draft.cells.values() if draft.shows(cell)}
    lost = {name for each in readers for name in each.lost}
    known = {draft.names[each] for each in draft.hidden if own.ledger.knows(draft.names[each])}
    told = {draft.names[cell_id]: draft.rule.told(value) for cell_id, value in shown.items()}
    return Protected(
        shown=shown,
        hidden=dict(draft.hidden),
        refused=dict(draft.refused),
        exposed={cell_of(name): _exposed(cell_of(name)) for name in (*lost, *known)},
        intervals=_intervals(draft, readers, exact=exact),
        releases=tuple(
            Release(shown=told, hidden=_kept(draft, each), relations=_telling(each, told)) for each in readers
        ),
    )


def _kept(draft: Draft, audience: Reader) -> dict[str, Need]:
    names = [draft.names[cell_id] for cell_id in draft.hidden]
    return {name: audience.needs[name] for name in names if name in audience.needs and name not in audience.lost}


def _telling(own: Reader, told: Mapping[str, Span]) -> tuple[Relation, ...]:
    """The sums that say something about a number not shown; the others never will, for their values are known."""

    def known(name: str) -> bool:
        span = told.get(name) or own.ledger.shown.get(name)
        return span is not None and span.exact

    return tuple(each for each in own.relations if not all(known(name) for name, _ in each.terms()))


def _exposed(cell_id: str) -> str:
    return (
        f"{cell_id} can be worked out from what was shown before; hiding it now does not undo that. "
        "Tell the data owner, and withdraw the earlier release if you can."
    )


def _intervals(draft: Draft, readers: Sequence[Reader], *, exact: bool) -> dict[str, Span]:
    """By cell id, what the audience that can work out most knows of each hidden number."""
    names = [draft.names[cell_id] for cell_id in draft.hidden]
    found: dict[str, list[Span]] = {}
    for each in readers:
        spans = each.spans(names) if exact else {name: each.safe[name].span for name in names if name in each.safe}
        for name, span in spans.items():
            found.setdefault(name, []).append(span)
    widths = {name: min(spans, key=_width) for name, spans in found.items()}
    return {cell_id: widths[name] for cell_id, name in draft.names.items() if name in widths}


def _width(span: Span) -> float:
    return float("inf") if span.values is None else span.values
