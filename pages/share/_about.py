"""What a concern is about: read from `?about=dataset:ID`, with its title, and where its own page is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from catalogue import datasets
from governance import NotFound, Visit
from governance.agreements import reading as agreements
from governance.concerns import About
from meetings import reading as meetings
from pages.shell import widgets as w
from pages.shell.place import here
from reportcards import cards, feeding, indicators

TABLE = "collaboration"
KINDS: Mapping[str, tuple[str, str]] = {
    "dataset": ("Dataset", "dataset"),
    "indicator": ("Indicator", "monitoring"),
    "card": ("Report card", "dashboard"),
    "agreement": ("Agreement", "handshake"),
    "meeting": ("Meeting", "event"),
    TABLE: ("The collaboration as a whole", "groups"),
}
"""Kind -> its word and its icon."""


def named(visit: Visit, asked: str) -> About | None:
    """The thing of `kind:id`, with the title the viewer knows it by; None for "". Raises NotFound."""
    kind, _, identifier = asked.partition(":")
    if not asked:
        return None
    if kind not in _TITLES or bool(identifier) == (kind == TABLE):
        raise NotFound("There is nothing of that name here.")
    return About(kind=kind, id=identifier, title=_TITLES[kind](visit, identifier))


def _card_title(visit: Visit, name: str) -> str:
    found = [each.title for each in cards.cards(visit, retired=True) if each.name == name]
    if not found:
        raise NotFound("There is no report card of that name here.")
    return found[0]


_TITLES: Mapping[str, Callable[[Visit, str], str]] = {
    "dataset": lambda visit, identifier: datasets.dataset(visit, identifier).title,
    "indicator": lambda visit, identifier: indicators.indicator(visit, identifier).name,
    "card": _card_title,
    "agreement": lambda visit, identifier: agreements.agreement(visit, identifier).document.title,
    "meeting": lambda visit, name: meetings.meeting(visit, name).brief.title,
    TABLE: lambda _visit, _none: here().title,
}


def choices(visit: Visit) -> tuple[About, ...]:
    """What may be chosen without having come from its page: the whole, report cards, agreements, meetings."""
    return (
        About(kind=TABLE, title=here().title),
        *(About(kind="card", id=each.name, title=each.title) for each in cards.cards(visit)),
        *(About(kind="agreement", id=each.id, title=each.title) for each in agreements.agreements(visit)),
        *(About(kind="meeting", id=each.name, title=each.title) for each in meetings.meetings(visit)),
    )


def words(about: About) -> str:
    """One line: "Dataset: Tenancies"."""
    kind = KINDS[about.kind][0]
    return kind if about.kind == TABLE else f"{kind}: {w.plain(about.title, 120)}"


def address(visit: Visit, about: About) -> str:
    """Its own page, "" when there is none for this viewer."""
    match about.kind:
        case "dataset" | "agreement":
            return w.href(about.kind, id=about.id)
        case "card" | "meeting":
            return w.href(about.kind, name=about.id)
        case "indicator":
            return _indicator(visit, about.id)
    return ""


def _indicator(visit: Visit, identifier: str) -> str:
    """The first card that shows it."""
    try:
        fed = feeding.feeds(visit, indicators.indicator(visit, identifier).dataset_id)
    except NotFound:
        return ""
    shown = [each for each in fed if each.indicator == identifier and each.card]
    return w.href("indicator", card=shown[0].card, item=shown[0].item) if shown else ""


def raise_one(kind: str, identifier: str) -> w.Markup:
    """The way to a concern from the page of what it is about."""
    address = w.href("raise-concern", about=f"{kind}:{identifier}")
    return w.with_icon("sentiment_worried", w.link("Raise a concern", address))
