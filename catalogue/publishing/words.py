"""How the standards write what we know: access rights, frequencies, addresses."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from catalogue.freshness import read_period

_EU = "http://publications.europa.eu/resource/authority/"
ACCESS_RIGHTS = {
    "closed": f"{_EU}access-right/NON_PUBLIC",
    "named": f"{_EU}access-right/RESTRICTED",
    "group": f"{_EU}access-right/RESTRICTED",
    "public-limited": f"{_EU}access-right/PUBLIC",
    "public-unclear": f"{_EU}access-right/PUBLIC",
    "open": f"{_EU}access-right/PUBLIC",
}
"""The EU access-right table. PUBLIC says that anyone can reach it, not that anyone may use it for anything."""

ACCESS_LEVELS = {
    "closed": "non-public",
    "named": "restricted public",
    "group": "restricted public",
    "public-limited": "public",
    "public-unclear": "public",
    "open": "public",
}
"""DCAT-US 1.1 accessLevel; a dataset whose source does not say has none."""

_FREQUENCIES = {
    "hourly": ("HOURLY", "R/PT1H"),
    "twice a day": ("DAILY_2", "R/PT12H"),
    "daily": ("DAILY", "R/P1D"),
    "three times a week": ("WEEKLY_3", "R/P0.33W"),
    "twice a week": ("WEEKLY_2", "R/P3.5D"),
    "weekly": ("WEEKLY", "R/P1W"),
    "three times a month": ("MONTHLY_3", "R/P0.33M"),
    "every two weeks": ("BIWEEKLY", "R/P2W"),
    "twice a month": ("MONTHLY_2", "R/P0.5M"),
    "monthly": ("MONTHLY", "R/P1M"),
    "every two months": ("BIMONTHLY", "R/P2M"),
    "quarterly": ("QUARTERLY", "R/P3M"),
    "three times a year": ("ANNUAL_3", "R/P4M"),
    "twice a year": ("ANNUAL_2", "R/P6M"),
    "yearly": ("ANNUAL", "R/P1Y"),
    "every two years": ("BIENNIAL", "R/P2Y"),
    "every three years": ("TRIENNIAL", "R/P3Y"),
    "every four years": ("QUADRENNIAL", "R/P4Y"),
    "every five years": ("QUINQUENNIAL", "R/P5Y"),
    "every ten years": ("DECENNIAL", "R/P10Y"),
    "updated continuously": ("CONT", "R/PT1S"),
    "updated as needed": ("IRREG", "irregular"),
    "not updated any more": ("NEVER", ""),
}
"""The words of catalogue.freshness -> the EU frequency table, and ISO 8601 as DCAT-US asks for it."""


def eu_frequency(stated: str) -> str:
    """Its address in the EU frequency table, "" when the words are none of it."""
    found = _FREQUENCIES.get(read_period(stated).words)
    return f"{_EU}frequency/{found[0]}" if found else ""


def us_frequency(stated: str) -> str:
    """As DCAT-US writes it ("R/P1M"), or the source's own words."""
    found = _FREQUENCIES.get(read_period(stated).words)
    return (found[1] if found else "") or stated


_UNSAFE = re.compile(r"[\x00-\x20<>\"{}|\\^`]")


def address(stated: str) -> str:
    """An http(s) address that can stand in a document of links; "" for anything else."""
    text = stated.strip()
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return _UNSAFE.sub(lambda found: quote(found.group(0)), text) if fits else ""


def email_address(stated: str) -> str:
    """A mailto: address, "" when it is no e-mail address."""
    text = stated.strip()
    return f"mailto:{text}" if re.fullmatch(r"[^\s@<>:?&\"]+@[^\s@<>:?&\"]+", text) else ""


_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text without the characters that no XML document may hold."""
    return _NOT_XML.sub("", text)
