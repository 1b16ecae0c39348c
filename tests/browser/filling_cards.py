"""Fill a home for the report cards: two datasets with numbers, one of them closed, and a card that shows both.

COMMONTABLE_HOME=... python -m tests.browser.filling_cards
"""

from __future__ import annotations

import json
import math
from dataclasses import replace

import store
from governance import Visit, operator
from governance import people as people_room
from reportcards import cards, importing, indicators, targets, watching
from reportcards.cards import CardBrief, CardDraft, ItemDraft
from reportcards.recording import Order
from reportcards.report import Comparison, Polarity
from reportcards.targets import Goal
from reportcards.watching import Watch
from store import jobs
from tests.browser.filling import people
from tests.catalogue import made

SECRET = 40_961
"""Every value of the closed dataset begins with it: it may reach nobody of another organisation."""
AREAS = (("E01", "Linden Vale"), ("E02", "Saltmarsh"), ("E03", "Northgate"))
_FIRST_YEAR, _FIRST_MONTH = 2023, 10


def months(count: int) -> list[str]:
    """Months from October 2023 on, as a file writes them."""
    places = (_FIRST_YEAR * 12 + _FIRST_MONTH - 1 + index for index in range(count))
    return [f"{place // 12}-{place % 12 + 1:02}" for place in places]


def table(name: str, *, level: float, count: int = 36, rise: float = 0.0, corrected: float = 0.0) -> bytes:
    """A tidy table of one indicator; the last eight months rise, `corrected` is added to the first value.

    Each value has a count beside it: without one nothing of data that are not open would be kept.
    """
    lines = ["Indicator,Area code,Area name,Sex,Period,Value,Lower 95,Upper 95,Count,Unit"]
    for shift, (code, area) in enumerate(AREAS):
        for off, sex in ((0.0, "Persons"), (0.2, "Female"), (-0.2, "Male")):
            for place, month in enumerate(months(count)):
                value = level + shift * 0.4 + off + 0.2 * math.sin(place * 2.3) + max(0, place - 28) * rise
                value += corrected if place == 0 else 0.0
                interval = f"{value - 0.5:.1f},{value + 0.5:.1f}"
                lines.append(f"{name},{code},{area},{sex},{month},{value:.1f},{interval},{value * 100:.0f},%")
    return "\n".join(lines).encode()


def taken(visit: Visit, dataset_id: str, data: bytes, *, note: str = "") -> str:
    """Import a table; answers the id of its one indicator."""
    found = importing.commit(visit, Order(data=data, file_name="figures.csv", dataset_id=dataset_id, note=note))
    if found.status != "committed":
        raise SystemExit(f"not taken: {found.errors[:3]}")
    return found.indicator_ids[0]


def datasets(owner: str) -> tuple[str, str]:
    """An open dataset, and a closed one that only its owner may see; their ids."""
    source_id = made.source("Linden Vale Open Data")
    open_one = made.record("Client caseload", licence=("cc-by-4.0",))
    closed = made.record("Family files", access_right="non-public", approver="The head of families")
    return (
        made.harvested(open_one, source_id=source_id, organisation_id=owner),
        made.harvested(closed, source_id=source_id, organisation_id=owner),
    )


def card(visit: Visit, *, open_id: str, closed_id: str) -> CardBrief:
    """Two revisions of a rising indicator, one of a closed one, and the card with both."""
    rising = taken(visit, open_id, table("Not in education or work", level=5.0, count=35, rise=0.3))
    found = indicators.indicator(visit, rising)
    named = replace(found, polarity=Polarity.LOW, comparison=Comparison.NAMED, unit="%", parent_area="E02")
    named = replace(named, reading_note="a measure of schools.", also_explains="Older pupils move away.")
    indicators.save(visit, named)
    targets.set_target(visit, rising, Goal(value=4.5, set_by="The board"))
    taken(visit, open_id, table("Not in education or work", level=5.0, rise=0.3, corrected=0.7), note="One corrected")
    hidden = taken(visit, closed_id, table("Children in care", level=SECRET))
    items = (ItemDraft(indicator_id=rising), ItemDraft(indicator_id=hidden))
    draft = CardDraft(title="Children and young people", outcome="Children thrive.", area_code="E01", items=items)
    saved = cards.save(visit, draft)
    first = cards.draft(visit, saved.name).items[0].id
    watching.add_watch(visit, first, Watch(kind="above", value=6, owner="Dele Adeyemi"))
    return saved


def main() -> None:
    """Fill the home the environment names; says the ids."""
    store.upgrade()
    jobs.launch()
    try:
        with operator("a test fills a home with cards") as visit:
            owners = people(visit)
            open_id, closed_id = datasets(owners["Linden Vale Council"])
            with people_room.seen_as(visit, "steward") as steward:
                saved = card(steward, open_id=open_id, closed_id=closed_id)
                found = cards.draft(steward, saved.name)
    finally:
        jobs.stop()
    told = {"card": saved.name, "open": found.items[0].id, "closed": found.items[1].id, "dataset": open_id}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
