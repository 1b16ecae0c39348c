"""The rows of one use: found under the viewer's eyes or whole for the machinery, and its words as they are kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.knowing import Brief, briefs
from governance import Invalid, NotFound, Role, Visit, machinery
from governance.access import Band, Use
from governance.agreements.keeping import line, words
from governance.agreements.purposes import purpose
from governance.visit import Kind
from sharing.tables import UseDatasetRow, UseRow
from sharing.uses.values import LONGEST, LONGEST_TITLE, MOST_GROUPS, Decision, Group, Proposal, State

_STEWARDING = frozenset({Role.STEWARD, Role.ADMIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One dataset of a use, with what the catalogue says of it now."""

    row: UseDatasetRow
    brief: Brief

    @property
    def owner(self) -> str:
        """Id of the organisation that owns it now, "" for none here."""
        return self.brief.organisation_id

    @property
    def band(self) -> Band:
        """Its place on the spectrum."""
        return Band(self.brief.band)

    def needs_a_word(self, asking: str) -> bool:
        """Whether its owner has to decide: not for open data, and nobody asks themselves."""
        return self.band is not Band.OPEN and self.owner != asking

    @property
    def decision(self) -> Decision | None:
        """What its owner of today decided; None while it waits."""
        counts = self.row.decision and self.row.decided_for == self.owner
        return Decision(self.row.decision) if counts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A use with all its datasets, whoever may know of them: for decisions, never for a screen."""

    row: UseRow
    parts: tuple[Part, ...]

    @property
    def state(self) -> State:
        """How far it is."""
        return state(self.row, self.parts)


def state(row: UseRow, parts: Iterable[Part]) -> State:
    """How far a use is, as far as these datasets tell: one word that is missing, then one no, decides."""
    if row.state != "submitted":
        return State(row.state)
    said = [each.decision for each in parts if each.needs_a_word(row.organisation_id)]
    if None in said:
        return State.WAITING
    return next((State(each.value) for each in (Decision.NOT_NOW, Decision.GO_IF) if each in said), State.GO)


def found(session: Session, use_id: str) -> UseRow:
    """The row; in a writing transaction others wait for their turn. Raises NotFound."""
    wanted = select(UseRow).where(UseRow.id == use_id)
    row = session.execute(wanted.with_for_update() if session.info["grant"] else wanted).scalar_one_or_none()
    if row is None:
        raise NotFound("There is no request of that name here.")
    return row


def parts(visit: Visit, use_ids: Iterable[str]) -> dict[str, list[Part]]:
    """The datasets of these uses that the viewer may know of, by use."""
    wanted = sorted(set(use_ids))
    rows = visit.read().execute(select(UseDatasetRow).where(UseDatasetRow.use_id.in_(wanted))).scalars().all()
    known = briefs(visit, [each.dataset_id for each in rows])
    kept: dict[str, list[Part]] = {each: [] for each in wanted}
    for row in rows:
        if row.dataset_id in known:
            kept[row.use_id].append(Part(row=row, brief=known[row.dataset_id]))
    return {each: sorted(these, key=lambda one: (one.brief.title, one.row.dataset_id)) for each, these in kept.items()}


def wholes(visit: Visit, use_ids: Iterable[str]) -> dict[str, Whole]:
    """These uses with every dataset they name: what is covered, and whether all agreed, is asked of all of them."""
    with machinery("asks what a use rests on", now=visit.now) as own:
        these = parts(own, use_ids)
        rows = own.read().execute(select(UseRow).where(UseRow.id.in_(list(these)))).scalars()
        return {row.id: Whole(row=row, parts=tuple(these[row.id])) for row in rows}


def stewards(visit: Visit, organisation_id: str) -> bool:
    """Whether the viewer looks after what this organisation does: one of its stewards, or an operator."""
    if visit.viewer.kind is not Kind.PERSON:
        return True
    own = bool(organisation_id) and organisation_id == visit.viewer.organisation_id
    return own and bool(visit.viewer.roles & _STEWARDING)


def tidy(said: Proposal) -> Proposal:
    """The answers as they are kept. Raises Invalid with the first that cannot be."""
    if len(said.groups) > MOST_GROUPS:
        raise Invalid(f"Name at most {MOST_GROUPS} groups of people: put some together.", field="groups")
    kept = Proposal(
        title=line(said.title, field="title", most=LONGEST_TITLE),
        summary=words(said.summary, field="summary", most=LONGEST),
        purpose=purpose(line(said.purpose, field="purpose", most=80)),
        datasets=tuple(dict.fromkeys(each for each in said.datasets if each)),
        value=words(said.value, field="value", most=LONGEST),
        groups=tuple(each for each in map(_group, said.groups) if each is not None),
        legal_basis=words(said.legal_basis, field="legal_basis", most=LONGEST),
        uses=tuple(use for use in Use if use in said.uses),
        until=said.until,
    )
    _say_enough(kept)
    return kept


def _group(said: Group) -> Group | None:
    """None for a row that was left empty. Raises Invalid for one without a name."""
    kept = Group(
        name=line(said.name, field="groups", most=120),
        benefit=words(said.benefit, field="groups", most=1_000),
        risk=words(said.risk, field="groups", most=1_000),
        answer=words(said.answer, field="groups", most=1_000),
    )
    if not kept.name and (kept.benefit or kept.risk or kept.answer):
        raise Invalid("Say of which people you speak: name the group.", field="groups")
    return kept if kept.name else None


def _say_enough(kept: Proposal) -> None:
    if not kept.title:
        raise Invalid("Give it a title.", field="title")
    if not kept.summary:
        raise Invalid("Say in plain words why you need the data and what you do with them.", field="summary")
    names = [each.name.casefold() for each in kept.groups]
    if len(set(names)) != len(names):
        raise Invalid("Name each group of people once.", field="groups")
    if not kept.datasets:
        return
    if not kept.purpose:
        raise Invalid("Name the purpose in a few words.", field="purpose")
    if not kept.value:
        raise Invalid("Say what it is worth, and to whom.", field="value")
    if not kept.uses:
        raise Invalid("Say what you would do with the data: at least look at them.", field="uses")


def groups_as(groups: Iterable[Group]) -> list[dict[str, str]]:
    """As they are stored."""
    return [asdict(each) for each in groups]


def groups_of(row: UseRow) -> tuple[Group, ...]:
    """As they were stored."""
    return tuple(Group(**each) for each in row.groups)
