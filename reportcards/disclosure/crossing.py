"""What a group of people is: its place along each dimension, however a file writes that it crosses several.

A file joins dimensions by a mark, by a word, or by nothing ("Male | 0-4", "Sex by age: Males aged 65 and over"). Where
it leaves one out, it tells of everybody along it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from reportcards.disclosure.ages import AGES, age

Place = tuple[tuple[str, str], ...]
"""(dimension, value) pairs in order of the dimension; () is everybody."""
EVERYBODY: Place = ()
AGE = "age"
_SEX = "sex"
_MARK = " | "
_ALL = {
    *("", "all", "all ages", "all categories", "all groups", "all people", "all persons", "all sexes", "both"),
    *("both sexes", "everyone", "overall", "people", "person", "persons", "total", "_t"),
}
_SEXES = {
    **dict.fromkeys(("male", "males", "m", "man", "men", "boy", "boys"), "male"),
    **dict.fromkeys(("female", "females", "f", "woman", "women", "girl", "girls"), "female"),
}
_SEX_WORD = "|".join(sorted((word for word in _SEXES if len(word) > 1), key=len, reverse=True))
_JOINED = (_MARK, " x ", " × ", "; ", ": ", " / ", "/", " – ", " - ", ", ", " & ", " by ", " and ")
"""Between the parts of a group or of the name of a breakdown, the surest first."""
_EDGES = {
    _SEX: re.compile(
        rf"(?:(?P<first>{_SEX_WORD})\b[ ,:-]*(?P<after>.+)|(?P<before>.+?)[ ,:-]*\b(?P<last>{_SEX_WORD}))"
    ),
    AGE: re.compile(
        rf"(?:(?P<first>{re.sub(r'[?]P<[a-z]+>', '?:', AGES)})(?=[ ,:-])[ ,:-]*(?P<after>.+)"
        rf"|(?P<before>.+?)[ ,:(-]+(?P<last>{re.sub(r'[?]P<[a-z]+>', '?:', AGES)})\)?)"
    ),
}
_OF_AGE = re.compile(r"age|ages|age (?:group|band|range)s?|by age(?: group| band)?")
MOST = 6
"""Dimensions at once up to which sums are drawn: each doubles the groups that hold a group."""
_FEWEST_ALIKE = 3
"""So many equal values make two names one dimension; yes and no do not."""


def places(groups: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Place]:
    """The place of each (breakdown, group) of one indicator."""
    by_breakdown: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for breakdown, group in groups:
        by_breakdown[breakdown][group] = None
    found: dict[tuple[str, str], dict[str, str]] = {}
    for breakdown, named in by_breakdown.items():
        mark = _mark(named) if breakdown else None
        for group in named:
            found[breakdown, group] = _along(breakdown, group, mark) if breakdown else {}
    alike = _alike(found.values())
    return {key: _place(told, alike) for key, told in found.items()}


def _place(told: dict[str, str], alike: dict[str, str]) -> Place:
    return tuple(sorted((alike.get(name, name), value) for name, value in told.items()))


def _mark(groups: Iterable[str]) -> str | None:
    """What stands between the parts of every group of a breakdown; None where nothing does."""
    texts = [text for text in groups if not _is_all(text) and age(text) is None]
    for mark in _JOINED[:-2]:
        parts = [text.split(mark) for text in texts]
        if parts and len({len(each) for each in parts}) == 1 and len(parts[0]) > 1 and all(map(all, parts)):
            return mark
    return None


def _along(breakdown: str, group: str, mark: str | None) -> dict[str, str]:
    """The dimensions of a group, each with its value; everybody along a dimension leaves it out."""
    if _is_all(group):
        return {}
    parts = group.split(mark) if mark is not None and age(group) is None else [group]
    told: dict[str, str] = {}
    for name, part in zip(_names(breakdown, len(parts)), parts, strict=True):
        for dimension, value in _values(name, part):
            told[dimension if dimension not in told else f"{dimension} of {name}"] = value
    return told


def _names(breakdown: str, parts: int) -> Sequence[str]:
    """What the parts of a group are called; numbered where the name of the breakdown does not say."""
    if parts == 1:
        return [_folded(breakdown)]
    for mark in _JOINED:
        names = [_folded(each) for each in breakdown.split(mark)]
        if len(names) == parts and all(names):
            return names
    return [f"{_folded(breakdown)}/{place}" for place in range(parts)]


def _values(name: str, part: str) -> Iterable[tuple[str, str]]:
    """The values that a part holds: one, or a sex or an age beside another with nothing between."""
    text = _folded(part)
    if _is_all(text):
        return
    if text in _SEXES:
        yield _SEX, _SEXES[text]
        return
    of_age = bool(_OF_AGE.fullmatch(name))
    if (years := age(text, bare=of_age)) is not None:
        yield (AGE if of_age or not re.search(r"\bage", name) or _mixed(name) else name), f"{years[0]}..{years[1]}"
        return
    for dimension, pattern in _EDGES.items():
        if (found := pattern.fullmatch(text)) is None:
            continue
        word = found["first"] or found["last"]
        rest = (found["after"] or found["before"] or "").strip(" ,:()-")
        if rest:
            yield from _values(dimension, word)
            yield from _values(_rest_of(name), rest)
            return
    yield name, text


def _mixed(name: str) -> bool:
    return any(mark in name for mark in _JOINED)


def _rest_of(name: str) -> str:
    """The name of a breakdown without the sex and age that were taken out of its groups."""
    words = [each for mark in (" by ", " and ", " x ", ", ", "/") for each in name.split(mark) if mark in name]
    kept = [each for each in words if not _OF_AGE.fullmatch(each) and each not in {_SEX, "gender"}]
    return kept[0] if kept else name


def _alike(told: Iterable[dict[str, str]]) -> dict[str, str]:
    """Names of one and the same dimension: those of the same values, of which no group has both and none is doubled."""
    values: defaultdict[str, set[str]] = defaultdict(set)
    crossed: set[tuple[str, str]] = set()
    others: defaultdict[str, set[frozenset[tuple[str, str]]]] = defaultdict(set)
    for each in told:
        crossed.update((one, other) for one in each for other in each)
        for name, value in each.items():
            values[name].add(value)
            others[name].add(frozenset((("", value), *((one, its) for one, its in each.items() if one != name))))
    alike: dict[str, str] = {}
    names = sorted(values)
    for place, name in enumerate(names):
        for known in names[:place]:
            shared = values[name] & values[known]
            within = shared in (values[name], values[known]) and len(shared) >= _FEWEST_ALIKE
            if (
                within
                and (name, known) not in crossed
                and known not in alike
                and others[name].isdisjoint(others[known])
            ):
                alike[name] = known
                break
    return alike


def _is_all(text: str) -> bool:
    return _folded(text) in _ALL


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
