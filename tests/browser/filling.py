"""Fill the home of a test server through the real rooms: `python -m tests.browser.filling [CASE_URL...]`.

Without addresses: the made-up portal and register of the demo, one hidden dataset, one with many files. With
addresses: each is harvested as a CKAN portal.
"""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit

import store
from catalogue import sources
from catalogue.records import Distribution
from connectors import registry
from connectors._harvest import harvest
from governance import Visit, operator
from governance import people as people_room
from governance.people import Newcomer
from store import jobs
from tests.catalogue import made
from tests.pages.conftest import PASSWORD

DEMO = Path(__file__).resolve().parents[2] / "entrypoints" / "demo"
HIDDEN, MANY = "hidden00hidden00", "many0000many0000"
"""Ids of the dataset that only the Saltmarsh Trust knows of, and of the one with many files."""
FILES = 2_000
PEOPLE = (
    ("member", "Miriam Okafor", "Linden Vale Council"),
    ("steward", "Dele Adeyemi", "Linden Vale Council"),
    ("chair", "Ana Prior", "Linden Vale Council"),
    ("facilitator", "Jo Hale", "Linden Vale Council"),
    ("admin", "Priya Nair", "Linden Vale Council"),
    ("other", "Hanna Brandt", "Saltmarsh Trust"),
)


def people(visit: Visit) -> dict[str, str]:
    """One person of each role and one of another organisation; answers the organisations' ids by name."""
    ids: dict[str, str] = {}
    for username, display, organisation in PEOPLE:
        if organisation not in ids:
            ids[organisation] = people_room.save_organisation(visit, organisation).id
        roles = ("member",) if username == "other" else (username,)
        newcomer = Newcomer(username=username, display=display, organisation_id=ids[organisation], roles=roles)
        people_room.invite(visit, newcomer, password=PASSWORD)
    return ids


def read(visit: Visit, name: str, kind: str, *, location: str, allow: tuple[str, ...] = ()) -> None:
    """Add a source and harvest it, as the command line does."""
    new = sources.NewSource(name=name, kind=kind, location=location, allow=allow)
    sources.add(visit, new, kinds=registry())
    result = harvest(visit, name)
    if result.status != "applied":
        raise SystemExit(f"{name}: {result.status}: {result.reason}")


def demo(visit: Visit, owners: dict[str, str]) -> None:
    """The made-up portal and register, and two datasets of special kinds."""
    read(visit, "Linden Vale Open Data", "ckan", location=str(DEMO / "portal.json"))
    read(visit, "Hospital register", "inventory", location=str(DEMO / "register.csv"))
    source_id = sources.source(visit, "Linden Vale Open Data").id
    trust = owners["Saltmarsh Trust"]
    secret = made.record("Lanternfish sightings", publisher="Saltmarsh Trust")
    made.harvested(secret, source_id=source_id, listing="owner", organisation_id=trust, identifier=HIDDEN)
    files = tuple(
        Distribution(title=f"Part {n}", download_url=f"https://data.example/{n}.csv", format="CSV")
        for n in range(1, FILES + 1)
    )
    made.harvested(made.record("A long series", distributions=files), source_id=source_id, identifier=MANY)


def main(addresses: list[str]) -> None:
    """Fill the home the environment names."""
    store.upgrade()
    jobs.launch()
    try:
        with operator("a test fills a home") as visit:
            owners = people(visit)
            if not addresses:
                demo(visit, owners)
            for place, address in enumerate(addresses):
                read(visit, f"Portal {place}", "ckan", location=address, allow=(urlsplit(address).netloc,))
    finally:
        jobs.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
