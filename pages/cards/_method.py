"""What an indicator is and where its numbers come from: definition, methods, and every dataset behind it."""

from __future__ import annotations

from pages.shell import widgets as w
from reportcards.methods import registry
from reportcards.report import Measurement, Origin


def method(shown: Measurement) -> None:
    """The definition as its owner gave it, then one block an origin."""
    about = shown.definition
    with w.surface("definition"):
        w.heading("What it is")
        rows = [
            ("Definition", about.definition or "Not stated yet"),
            ("Why it is here", about.rationale),
            ("Counted", about.numerator),
            ("Out of", about.denominator),
            ("Methods", _methods(about.method)),
            ("Caveats", about.caveats),
            ("Small numbers", about.disclosure),
            ("Comes", about.frequency),
            ("Answers for it", about.owner),
        ]
        w.show(w.key_values(rows))
    with w.surface("origins"):
        w.heading("Where it comes from", number=len(shown.origins))
        for each in shown.origins:
            w.show(_origin(each))
        w.show(w.Markup('<p class="ct-source"><b>Source</b> {}</p>').format(shown.source_line))


def _methods(names: str) -> str:
    """The methods by their titles; docs/methods.md tells each with its formula and source."""
    known = registry()
    return ", ".join(known[name].title if name in known else name for name in names.split(", "))


def _origin(each: Origin) -> w.Markup:
    title = w.link(each.title, w.href("dataset", id=each.dataset_id)) if each.dataset_id else w.esc(each.title)
    periods = " to ".join(dict.fromkeys(part for part in (each.period_first, each.period_last) if part))
    rows: list[tuple[str, str | w.Markup]] = [
        ("Dataset", title),
        ("Publisher", each.publisher),
        ("Licence", each.licence or "Not stated"),
        ("Who may see it", w.band_badge(each.band)),
        ("Agreement", each.agreement),
        ("Periods", periods),
        ("Received", w.day(each.received, otherwise="")),
        ("Revision", str(each.revision) if each.revision else ""),
        ("Provisional", w.count(each.provisional, "observation") if each.provisional else ""),
        ("Used as", "Population (out of)" if each.is_denominator else ""),
        ("Name it so", each.citation),
        ("On the web", w.outside("At its source", each.url) if each.url else ""),
    ]
    return w.Markup('<div class="ct-origin">{}</div>').format(w.key_values(rows))
