"""The ground of the tests of report cards: two organisations, datasets of every band, and small files of numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from catalogue.placement import Band, Stated
from governance import Visit
from reportcards import cards, composing, importing, indicators
from reportcards.cards import CardDraft, ItemDraft
from reportcards.importing import Imported, Order
from reportcards.indicators import Indicator
from reportcards.report import Measurement
from tests.catalogue import made
from tests.catalogue.made import NOW, Collaboration

HEAD = "Indicator,Area code,Area name,Period,Breakdown,Group,Value,Count,Denominator,Status"
OGL = ("uk-ogl", "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A collaboration and the source that its datasets are read from."""

    people: Collaboration
    source: str

    def dataset(self, title: str, band: str = "open", *, owner: str = "", listing: str = "everyone") -> str:
        """Put a dataset into the catalogue; its id. `owner` is the name of an organisation."""
        stated = None if band == "open" else Stated(band=Band(band), by="priya", on=date(2026, 1, 5), reason="a test")
        said = made.record(
            title,
            publisher=owner or "Harbour Council",
            licence=OGL if band == "open" else (),
            landing_page=f"https://data.example/{title.lower().replace(' ', '-')}",
        )
        return made.harvested(
            said,
            source_id=self.source,
            listing=listing,
            organisation_id=self.people.organisations[owner] if owner else "",
            stated=stated,
        )

    def take(
        self, dataset: str, rows: Iterable[str], *, by: str = "priya", at: datetime = NOW, **more: str
    ) -> Imported:
        """Import rows below the usual headings as a revision."""
        with self.people.as_(by, now=at) as visit:
            return importing.commit(visit, order(dataset, rows, **more))

    def indicator(self, dataset: str, name: str, rows: Iterable[str], **more: object) -> Indicator:
        """An indicator with its first revision; `rows` are those of `years` or `months`."""
        with self.people.as_("priya") as visit:
            saved = indicators.save(visit, Indicator(code=name, name=name, dataset_id=dataset, **more))  # type: ignore[arg-type]
        done = self.take(dataset, rows)
        assert done.status == "committed", done.errors
        return saved

    def card(self, title: str, *items: Indicator | ItemDraft, area: str = "V", by: str = "priya") -> str:
        """A card of these indicators; its name."""
        drafts = tuple(each if isinstance(each, ItemDraft) else ItemDraft(indicator_id=each.id) for each in items)
        with self.people.as_(by) as visit:
            return cards.save(visit, CardDraft(title=title, area_code=area, items=drafts)).name


def ground() -> Ground:
    """Two organisations (see tests.catalogue.made) and an open data portal."""
    people = made.collaboration()
    people.person("carl", "Tidewater Homes", "chair")
    return Ground(people=people, source=made.source())


def order(dataset: str, rows: Iterable[str], *, file_name: str = "numbers.csv", note: str = "") -> Order:
    """A file with these rows below the usual headings."""
    data = "\n".join((HEAD, *rows)).encode()
    return Order(data=data, file_name=file_name, dataset_id=dataset, note=note)


def years(
    name: str, values: Iterable[float | None], *, first: int = 2008, area: str = "V", group: str = ""
) -> list[str]:
    """One row a calendar year; `group` is "Sex: Girls"."""
    kind, _, which = group.partition(": ")
    return [
        f"{name},{area},{'Vale' if area == 'V' else area},{first + place},{kind},{which},"
        f"{'' if value is None else value},,,"
        for place, value in enumerate(values)
    ]


def months(name: str, values: Iterable[float], *, first: int = 2024, area: str = "V", status: str = "A") -> list[str]:
    """One row a month from January on; `status` is that of the last one."""
    told = list(values)
    return [
        f"{name},{area},{'Vale' if area == 'V' else area},{first + place // 12}-{place % 12 + 1:02},,,{value},,,"
        f"{status if place == len(told) - 1 else 'A'}"
        for place, value in enumerate(told)
    ]


def counts(
    name: str, told: Iterable[tuple[int, int]], *, first: int = 2008, area: str = "V", group: str = ""
) -> list[str]:
    """One row a year of counts over denominators, as a percentage."""
    kind, _, which = group.partition(": ")
    return [
        f"{name},{area},{'Vale' if area == 'V' else area},{first + place},{kind},{which},"
        f"{100 * count / of:.6f},{count},{of},"
        for place, (count, of) in enumerate(told)
    ]


def look(visit: Visit, name: str) -> dict[str, Measurement]:
    """The items of a card by the names of their indicators."""
    return {each.name: each for each in composing.report_card(visit, name).items}
