"""The ground of the tests of meetings: three organisations, open and shared numbers on a card, a signed agreement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from governance.access import Band, PartyRole, Use
from governance.agreements import drafting, reading, signing
from governance.agreements.checks import Subject
from governance.agreements.document import Document, PartyLine, ScheduleLine, Terms
from governance.agreements.signing import Signature
from meetings import closing, holding, planning, recording
from meetings.planning import MeetingDraft
from meetings.reading import AgendaItem, meeting
from reportcards import cards
from reportcards.cards import CardDraft, ItemDraft
from tests.catalogue.made import NOW
from tests.reportcards import ground as numbers
from tests.reportcards.ground import Ground, counts, months

HELD = datetime(2026, 11, 26, 10, 5, tzinfo=UTC)
LATER = datetime(2027, 1, 8, 9, 0, tzinfo=UTC)
"""After the last day of the agreement."""
PURPOSE = "review"
HOSTILE = '#panic("x") $1/0$ *b* _i_ <a> @ref \\ [x] "#set page(fill: red)'
ENDLESS = "w" * 400
RTL = "\u202eשלום"
EVERY = (Use.VIEW, Use.PRESENT)
WAITING = [(210, 5003), (229, 5009), (261, 5021), (287, 5023), (331, 5029), (347, 5039)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Who sits round the table, and the card that lies on it."""

    ground: Ground
    card: str
    free: str
    """Id of the dataset that is open."""
    shared: str
    """Id of the dataset that Harbour Council shares with Tidewater Homes."""

    def organisation(self, name: str) -> str:
        return self.ground.people.organisations[name]

    def everybody(self, *names: str) -> dict[str, int]:
        """So many are here: two of each, of the two parties when no names are given."""
        return {self.organisation(each): 2 for each in names or ("Harbour Council", "Tidewater Homes")}

    def agree(self, *, uses: tuple[Use, ...] = EVERY, at: datetime = NOW) -> str:
        """An agreement in force by which Harbour Council gives the shared dataset; its id."""
        people = self.ground.people
        with people.as_("priya", now=at) as visit:
            made = drafting.draft(visit, self._document(uses))
            version = reading.agreement(visit, made).version
            drafting.for_review(visit, version.id)
            subject = Subject(
                id=self.shared, title="Waiting list", owner=self.organisation("Harbour Council"), band=Band.GROUP
            )
            signing.open_for_signature(visit, version.id, subjects={self.shared: subject})
            content_hash = reading.agreement(visit, made).version.content_hash
        for username in ("priya", "jonas"):
            with people.as_(username, now=at) as visit:
                signing.sign(visit, version.id, Signature(signatory=username.title()), content_hash=content_hash)
        return made

    def _document(self, uses: tuple[Use, ...]) -> Document:
        harbour, tidewater = self.organisation("Harbour Council"), self.organisation("Tidewater Homes")
        return Document(
            title="Waiting list for the table",
            lead=harbour,
            starts_on=date(2026, 11, 1),
            ends_on=date(2026, 12, 31),
            review_on=date(2026, 12, 1),
            parties=(
                PartyLine(organisation=harbour, role=PartyRole.GIVES, stakes="Nothing to add."),
                PartyLine(organisation=tidewater, role=PartyRole.RECEIVES, stakes="Nothing to add."),
            ),
            terms=Terms(
                who="Two of us.",
                purpose="To look at waiting together.",
                purposes=(PURPOSE,),
                how="On this screen.",
                access="Those at the table.",
                privacy="Counts only.",
                breach_contact="The data desk.",
            ),
            schedule=(
                ScheduleLine(
                    dataset=self.shared,
                    title="Waiting list",
                    owner=harbour,
                    channel="here",
                    uses=uses,
                    purposes=(PURPOSE,),
                    receivers=(tidewater,),
                ),
            ),
        )

    def plan(self, *, at: datetime = HELD, title: str = "Children and young people", **more: object) -> str:
        """A planned meeting; its name."""
        draft = MeetingDraft(title=title, starts_at=at, card_name=self.card, **more)  # type: ignore[arg-type]
        with self.ground.people.as_("carl", now=NOW) as visit:
            return planning.plan(visit, draft)

    def begun(self, *here: str, public: bool = False, **more: object) -> str:
        """A meeting that is being held with these in the room."""
        name = self.plan(**more)  # type: ignore[arg-type]
        with self.ground.people.as_("carl", now=HELD) as visit:
            holding.open_meeting(visit, name)
            holding.say_who_is_here(visit, name, self.everybody(*here), public=public)
        return name

    def shown(self, name: str, *, by: str = "carl", at: datetime = HELD) -> dict[str, str]:
        """Each tile by its name: "" when it is shown, else why not."""
        with self.ground.people.as_(by, now=at) as visit:
            view = holding.on_the_table(visit, name)
        return {each.name: "" if each.figure is not None else each.why for each in view.tiles}

    def item(self, name: str, title: str, *, by: str = "carl", at: datetime = HELD) -> AgendaItem:
        """One item of the agenda by its title."""
        with self.ground.people.as_(by, now=at) as visit:
            return next(each for each in meeting(visit, name).agenda if each.title == title)


def hostile_meeting(table: Table) -> str:
    """A closed meeting that was shown every figure, in words that try to be more than words; its name."""
    name = table.begun(title=f"Children {HOSTILE}")
    with table.ground.people.as_("carl", now=HELD) as visit:
        for item in meeting(visit, name).agenda:
            if item.item_id:
                holding.show(visit, item.id)
        item = next(each for each in meeting(visit, name).agenda if each.title == "Absence")
        recording.decide(visit, name, f"Calls go on {HOSTILE}", agenda_id=item.id, rationale=ENDLESS, expected=RTL)
        closing.close(visit, name, minutes=f"First part.\n\n{HOSTILE}")
    return name


def table() -> Table:
    """Open numbers on absence beside shared ones on waiting; Saltmarsh Trust takes part in no agreement."""
    made = numbers.ground()
    made.people.organisation("Saltmarsh Trust")
    made.people.person("sam", "Saltmarsh Trust")
    free = made.dataset("Pupil absence")
    shared = made.dataset("Waiting list", "group", owner="Harbour Council")
    absence = made.indicator(free, "Absence", months("Absence", [5.1, 5.3, 5.2, 5.6, 5.4, 5.9]))
    waiting = made.indicator(shared, "Waiting", counts("Waiting", WAITING), value_type="proportion", unit="%")
    items = tuple(ItemDraft(indicator_id=each.id) for each in (absence, waiting))
    with made.people.as_("priya") as visit:
        card = cards.save(visit, CardDraft(title="Children", area_code="V", purpose=PURPOSE, items=items)).name
    return Table(ground=made, card=card, free=free, shared=shared)
