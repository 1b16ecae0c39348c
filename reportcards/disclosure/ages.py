"""Ages as people write them, laid on one line."""

from __future__ import annotations

import re

OLDEST = 1_000
"""The end of an age without one: beyond everybody."""
_YEARS = r"(?: ?(?:years?|yrs?)(?: olds?| of age)?)?"
_FORMS = (
    r"(?:aged?s? )?(?:"
    r"(?:under|below|younger than|<|y_lt|ylt) ?(?P<below>\d{1,3})s?"
    r"|up to (?P<upto>\d{1,3})"
    r"|(?:over|older than|>) ?(?P<over>\d{1,3})s?"
    r"|(?:y_ge|yge) ?(?P<least>\d{1,3})"
    rf"|(?P<open>\d{{1,3}}){_YEARS} ?(?:\+|and over|and older|and above|or over|or older|or more|plus)"
    rf"|y?(?P<from>\d{{1,3}}){_YEARS} ?(?:-|–|to|t) ?(?P<to>\d{{1,3}})"
    r"|(?P<year>\d{1,3})(?= ?(?:years?|yrs?))"
    rf"){_YEARS}"
)
AGES = _FORMS
"""A pattern of ages in lower case, to be found within other words."""
_WHOLE = re.compile(_FORMS)
_YEAR = re.compile(r"y?(\d{1,3})")


def age(said: str, *, bare: bool = False) -> tuple[int, int] | None:
    """From the first age up to but without the end; None for what is no age. `bare` takes a mere number for a year."""
    text = " ".join(said.casefold().split())
    if bare and (year := _YEAR.fullmatch(text)):
        return int(year[1]), int(year[1]) + 1
    found = _WHOLE.fullmatch(text)
    if found is None:
        return None
    told = {name: int(number) for name, number in found.groupdict().items() if number is not None}
    match told:
        case {"below": end}:
            return 0, end
        case {"upto": oldest}:
            return 0, oldest + 1
        case {"over": under}:
            return under + 1, OLDEST
        case {"from": first, "to": to}:
            return (first, to + 1) if to >= first else None
        case {"year": single}:
            return single, single + 1
    return (told["least"] if "least" in told else told["open"]), OLDEST
