"""The ground of the whole loop: five organisations with their people, and the numbers of two of their datasets.

    COMMONTABLE_HOME=... python -m tests.browser.filling_loop                     people, and a dataset of the college
    COMMONTABLE_HOME=... python -m tests.browser.filling_loop DATASET...          numbers for both datasets, and a card

Everything else the story does itself, in the browser.
"""

from __future__ import annotations

import json
import sys

import store
from governance import Visit, operator
from governance import people as people_room
from governance.people import Newcomer
from reportcards import cards, indicators
from reportcards.cards import CardDraft, ItemDraft
from store import jobs
from tests.browser.filling_cards import table, taken
from tests.catalogue import made
from tests.pages.conftest import PASSWORD

COUNCIL, TRUST, COLLEGE = "Linden Vale Council", "Saltmarsh Trust", "Northgate College"
HOMES, RELIEF = "Tidewater Homes", "Eastmere Relief"
PEOPLE = (
    ("dele", "Dele Adeyemi", COUNCIL, "steward"),
    ("ana", "Ana Prior", COUNCIL, "chair"),
    ("ida", "Ida Holm", TRUST, "steward"),
    ("noor", "Noor Aziz", COLLEGE, "steward"),
    ("hanna", "Hanna Brandt", HOMES, "member"),
    ("sol", "Sol Reyes", RELIEF, "member"),
)
"""Username, name, organisation, role."""
NAMES = ("Young people without a place", "Places in training")
"""Of the two indicators: the first is the trust's, the second the college's."""
STARTS = (61_250, 48_550)
WRITTEN = (r"61,?2\d\d", r"48,?5\d\d")
"""How every value of the one and of the other is written, whatever it is rounded to; nothing else looks so."""
COLLEGE_DATASET = "places0000000001"
PURPOSE = "pathways"
CARD = "pathways"


def people(visit: Visit) -> dict[str, str]:
    """Everybody, each of one organisation; answers the organisations' ids by name."""
    ids: dict[str, str] = {}
    for username, display, organisation, role in PEOPLE:
        if organisation not in ids:
            ids[organisation] = people_room.save_organisation(visit, organisation).id
        newcomer = Newcomer(username=username, display=display, organisation_id=ids[organisation], roles=(role,))
        people_room.invite(visit, newcomer, password=PASSWORD)
    return ids


def ground(visit: Visit) -> None:
    """People, and one dataset that the college has had for long."""
    owners = people(visit)
    said = made.record("Training places by month", access_right="non-public", publisher=COLLEGE)
    source_id = made.source("College register")
    made.harvested(said, source_id=source_id, organisation_id=owners[COLLEGE], identifier=COLLEGE_DATASET)


def numbers(visit: Visit, trust_dataset: str) -> list[str]:
    """What each owner imports, and a card of the council with both; answers the ids of its items."""
    found = []
    given = zip(("ida", "noor"), (trust_dataset, COLLEGE_DATASET), NAMES, STARTS, strict=True)
    for username, dataset, name, level in given:
        with people_room.seen_as(visit, username) as owner:
            found.append(taken(owner, dataset, table(name, level=level)))
    with people_room.seen_as(visit, "ana") as chair:
        items = tuple(ItemDraft(indicator_id=each) for each in found)
        draft = CardDraft(title="Pathways", area_code="E01", purpose=PURPOSE, items=items)
        saved = cards.draft(chair, cards.save(chair, draft).name)
        names = {each: indicators.indicator(chair, each).name for each in found}
    assert saved.name == CARD and tuple(names.values()) == NAMES
    return [each.id for each in saved.items]


def main(given: list[str]) -> None:
    """Fill the home the environment names; says the ids of the card's items."""
    store.upgrade()
    jobs.launch()
    try:
        with operator("a test prepares the ground of the whole loop") as visit:
            if not given:
                ground(visit)
            else:
                print(json.dumps(numbers(visit, given[0])))
    finally:
        jobs.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
