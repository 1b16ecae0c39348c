"""What a file of metadata beside the data says: Open SDG's fields, in the words of a card."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from reportcards.formats import _front_matter
from reportcards.formats._layout import Meta
from store.guard import Limits, parse

_LIMITS = Limits(memory_mb=512, cpu_seconds=10, wall_seconds=30)
_YEARS = re.compile(r"\b(?:academic|school|financial) year", re.I)
_MOST_SOURCES = 20
_NAMES = ("indicator_available", "national_indicator_available", "graph_title", "title", "indicator_name")
_DEFINITIONS = (
    *("national_indicator_description", "computation_definitions"),
    *("indicator_definition", "STAT_CONC_DEF"),
)
_KEY = re.compile(r"^[a-z_]+\.[\w.-]+$")
"""A name that stands for a translation elsewhere, such as `global_indicators.4-2-1-title`."""


def meta(data: bytes) -> Meta:
    """The metadata of an indicator. Raises GuardRefused with a sentence when the file cannot be read."""
    said: Mapping[str, str] = parse(_front_matter.read, data, {}, limits=_LIMITS).value
    text = {name: plain(value) for name, value in said.items()}
    return Meta(
        code=_first(text, "indicator_number", "indicator"),
        name=_first(text, *_NAMES),
        unit=_first(text, "computation_units", "UNIT_MEASURE"),
        definition=_first(text, *_DEFINITIONS),
        method=_first(text, "computation_calculations", "DATA_COMP"),
        caveats=_first(text, "other_info", "data_footnote", "COMPARABILITY"),
        geography=_first(text, "national_geographical_coverage", "REF_AREA_COVERAGE"),
        sources=_sources(text),
        years=" ".join(_YEARS.findall(text.get("data_footnote", ""))),
    )


def plain(value: str) -> str:
    """Text without mark-up, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^<>]{0,500}>", " ", value)).split())[:5_000]


def _first(text: Mapping[str, str], *names: str) -> str:
    return next((text[name] for name in names if text.get(name) and not _KEY.match(text[name])), "")


def _sources(text: Mapping[str, str]) -> tuple[str, ...]:
    """One line per active source: who, what, when, where."""
    found = []
    for number in range(1, _MOST_SOURCES + 1):
        parts = ("source_organisation", "source_url_text", "source_release_date", "source_url")
        said = [text.get(f"{part}_{number}", "") for part in parts]
        if any(said) and text.get(f"source_active_{number}", "true") != "false":
            found.append(", ".join(filter(None, said)))
    return tuple(dict.fromkeys(found))
