"""A made-up catalogue of any size, the same for the same seed, put straight into our tables.

Words are invented but follow Zipf's law as real ones do: 60,000 of them, titles of 4 to 11 words, descriptions of
50 to 200. 2,000 publishers, 25 themes, 15 licences, 25 formats, 400 areas. One dataset in twenty is not for
everyone.
"""

from __future__ import annotations

import itertools
import random
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np

from catalogue import search_index
from catalogue.spectrum import Band
from catalogue.tables import ChangeRow, DatasetRow
from governance import machinery
from governance.policy import Housekeeping
from store import bulk_insert

VOCABULARY = 60_000
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
_CHUNK = 10_000
_SYLLABLES = [
    a + b for a in ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "tr", "st") for b in "aeiou"
]
_FORMATS = ["CSV", "JSON", "XLSX", "PDF", "GeoJSON", "XML", "SHP", "WMS", "KML", "ZIP", *(f"F{n}" for n in range(15))]
_LICENCES = ["", "ogl-uk-3.0", "cc-by-4.0", "cc0-1.0", "odbl-1.0", *(f"licence-{n}" for n in range(10))]
_PERIODS = ["", "daily", "weekly", "monthly", "quarterly", "annual", "irregular"]


@cache
def vocabulary() -> tuple[str, ...]:
    """The invented words, the most frequent first."""
    drawn = random.Random(7)
    known: dict[str, None] = {}
    while len(known) < VOCABULARY:
        known["".join(drawn.choices(_SYLLABLES, k=drawn.choice((2, 3, 3, 4))))] = None
    return tuple(known)


def _draw(rng: np.random.Generator, number: int) -> np.ndarray[Any, Any]:
    return np.asarray(np.searchsorted(_zipf(), rng.random(number)), dtype=np.int64)


@cache
def _zipf() -> np.ndarray[Any, Any]:
    weights = 1 / (np.arange(VOCABULARY) + 8.0) ** 1.05
    summed: np.ndarray[Any, Any] = np.cumsum(weights / weights.sum())
    return summed


def _texts(rng: np.random.Generator, number: int, *, words: tuple[int, int]) -> list[str]:
    lengths = rng.integers(words[0], words[1] + 1, number)
    drawn = np.array(vocabulary(), dtype=object)[_draw(rng, int(lengths.sum()))].tolist()
    ends = list(itertools.accumulate(lengths.tolist(), initial=0))
    return [" ".join(drawn[start:end]) for start, end in itertools.pairwise(ends)]


def _some(rng: np.random.Generator, number: int, values: list[str], most: int) -> list[list[str]]:
    ranks = np.minimum((rng.random((number, most)) ** 2 * len(values)).astype(int), len(values) - 1)
    lengths = rng.integers(1, most + 1, number)
    return [
        list(dict.fromkeys(values[place] for place in row[:length]))
        for row, length in zip(ranks.tolist(), lengths.tolist(), strict=True)
    ]


def datasets(size: int, *, seed: int = 1) -> Iterator[list[dict[str, Any]]]:
    """The rows of DatasetRow in chunks."""
    tags = [f"{word} {vocabulary()[place % 977]}" for place, word in enumerate(vocabulary()[500:20_500])]
    for start in range(0, size, _CHUNK):
        rng = np.random.default_rng((seed, start))
        number = min(_CHUNK, size - start)
        yield [dict(zip(_NAMES, row, strict=True)) for row in zip(*_columns(rng, start, number, tags), strict=True)]


_NAMES = (
    *("number", "id", "identity", "title", "description", "publisher", "keywords", "themes", "formats"),
    *("licence", "spatial", "band", "source_name", "accrual_periodicity", "updated_on", "modified"),
    *("listing", "organisation_id", "life_events", "state", "rule", "placement", "stated", "added_at", "changed_at"),
)


def _columns(rng: np.random.Generator, start: int, number: int, tags: list[str]) -> list[Any]:
    def pick(values: list[str], power: float = 2) -> list[str]:
        return [values[place] for place in (rng.random(number) ** power * len(values)).astype(int).tolist()]

    numbers = list(range(start + 1, start + number + 1))
    days = [date(2026, 11, 20) - timedelta(days=int(back)) for back in rng.random(number) ** 2 * 3_000]
    themes = [f"{word.capitalize()} and {other}" for word, other in itertools.pairwise(vocabulary()[100:126])]
    publishers = [f"{vocabulary()[200 + n].capitalize()} {vocabulary()[9_000 + n]}" for n in range(2_000)]
    areas = [vocabulary()[3_000 + n].capitalize() for n in range(400)]
    hidden = (rng.random(number) < 0.05).tolist()
    return [
        numbers,
        [f"{n:032x}" for n in numbers],
        [f"i{n}" for n in numbers],
        [text.capitalize() for text in _texts(rng, number, words=(4, 11))],
        _texts(rng, number, words=(50, 200)),
        pick(publishers),
        _some(rng, number, tags, 6),
        _some(rng, number, themes, 2),
        _some(rng, number, _FORMATS, 4),
        pick(_LICENCES),
        pick(areas),
        pick([band.value for band in Band], 1),
        pick([f"Portal {n}" for n in range(30)]),
        pick(_PERIODS, 1),
        days,
        [day.isoformat() for day in days],
        ["owner" if each else "everyone" for each in hidden],
        [f"organisation-{n % 20}" if each else "" for n, each in zip(numbers, hidden, strict=True)],
        [["Being born", "Growing up"] if n % 9 == 0 else [] for n in numbers],
        ["live" if n % 50 else "missing" for n in numbers],
        ["R1"] * number,
        [{"short": "As the licence says"}] * number,
        [{}] * number,
        [NOW] * number,
        [NOW] * number,
    ]


def fill(size: int, *, seed: int = 1) -> None:
    """Put `size` made-up datasets into an empty, upgraded database, and make the search index."""
    with machinery("a made-up catalogue", now=NOW) as visit:
        for chunk in datasets(size, seed=seed):
            with visit.change(Housekeeping(reason="a made-up catalogue")) as session:
                bulk_insert(session, DatasetRow, chunk)
        print(f"{size:,} datasets in the tables", file=sys.stderr, flush=True)
        with visit.change(Housekeeping(reason="a made-up catalogue")) as session:
            search_index.rebuild(session)
            bulk_insert(session, ChangeRow, [{"number": 1}])


def words_by_frequency() -> dict[str, list[str]]:
    """Words to search for: common ones (about 7 in 100 datasets), middling and rare ones."""
    known = vocabulary()
    return {"common": list(known[60:120]), "middling": list(known[600:660]), "rare": list(known[9_000:9_060])}
