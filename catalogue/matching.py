"""From a query to the datasets it finds and how well each fits, for one viewer.

Only what the viewer may know of counts, in everything: whether a word is known, which correction is offered, how
rare a word is. FTS5's and PostgreSQL's own ranking weigh words by how often *all* datasets use them, which would
let hidden datasets move visible ones about; so the rank is made here, from where the words stand and from counts
over the visible datasets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from catalogue import search_index, words
from catalogue.arrays import Snapshot
from catalogue.facets import Filters, eligible
from catalogue.search_index import Numbers, Within
from catalogue.words import Also, Other, Parsed, Part, Term
from governance import Viewer

Scores = npt.NDArray[np.float64]
PAGE = 25
_IN_TITLE, _IN_KEYWORDS, _ANYWHERE, _SIDE_BY_SIDE = 5.0, 2.0, 1.0, 3.0
_USUAL_TITLE = 8
_WEAKER = 0.5
"""What a synonym or the beginning of a longer word weighs beside the word itself."""
Synonyms = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What a query finds, in every state of datasets."""

    rows: Numbers
    scores: Scores
    parts: tuple[Part, ...]
    corrected: str = ""
    """The query as it was searched, when a word had to be corrected."""
    meant: str = ""
    """A query that finds more, when this one finds next to nothing: "did you mean"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Whose search it is and over what."""

    session: Session
    snapshot: Snapshot
    viewer: Viewer
    filters: Filters

    def live(self, rows: Numbers) -> Numbers:
        """Those the viewer may know of, in the states asked for."""
        return eligible(self.snapshot, rows, filters=self.filters, viewer=self.viewer)

    def find(self, groups: Sequence[Sequence[Term]], within: Within = Within.ANYWHERE) -> Numbers:
        """Those the viewer may know of, in any state."""
        found = search_index.find(self.session, groups, within)
        mask = self.snapshot.visible(self.viewer)
        known = found[: np.searchsorted(found, len(mask))]
        seen: Numbers = known[mask[known]]
        return seen

    def frequency(self, term: Term) -> int:
        """In how many datasets the term is found."""
        return len(self.live(self.find([[term]])))


def match(look: Look, query: str, synonyms: Synonyms) -> Matched | None:
    """What the query finds; None when it asks for nothing, so that everything is shown."""
    parsed = _read(query, synonyms)
    if not parsed.parts and not parsed.excluded:
        return None
    parsed, rows = _completed(look, parsed, _rows(look, parsed))
    corrected = meant = ""
    found = len(look.live(rows))
    if not found:
        corrected = _corrected(look, parsed, query)
        if corrected:
            parsed = _read(corrected, synonyms)
            rows = _rows(look, parsed)
    elif found < 3:
        meant = _meant(look, parsed, query)
    return Matched(rows=rows, scores=_scores(look, parsed, rows), parts=parsed.parts, corrected=corrected, meant=meant)


def _read(query: str, synonyms: Synonyms) -> Parsed:
    return words.with_synonyms(words.joined(words.parse(query)), synonyms)


def _rows(look: Look, parsed: Parsed) -> Numbers:
    if parsed.parts:
        rows = look.find([part.all_terms for part in parsed.parts])
    else:
        rows = np.flatnonzero(look.snapshot.visible(look.viewer))
    for term in parsed.excluded:
        rows = np.setdiff1d(rows, look.find([[term]]), assume_unique=True)
    return rows


def _completed(look: Look, parsed: Parsed, rows: Numbers) -> tuple[Parsed, Numbers]:
    """When the last word finds less than a page, it may be the beginning of a longer one."""
    if not parsed.parts or not parsed.parts[-1].unfinished:
        return parsed, rows
    last = parsed.parts[-1]
    if len(last.word) < words.SHORTEST_PREFIX or len(look.live(rows)) >= PAGE:
        return parsed, rows
    longer = Other(term=Term(words=(last.word,), prefix=True), why=Also.BEGINNING, said=last.word)
    parsed = replace(parsed, parts=(*parsed.parts[:-1], replace(last, others=(*last.others, longer))))
    return parsed, _rows(look, parsed)


def _corrected(look: Look, parsed: Parsed, query: str) -> str:
    """The query with each word that finds nothing replaced by the likeliest one that does; "" when there is none."""
    corrected = query
    for part in parsed.parts:
        if part.word and not len(look.live(look.find([part.all_terms]))):
            better, _ = _likeliest(look, part.word)
            if better:
                corrected = corrected.replace(part.typed, better, 1)
    return corrected if corrected != query else ""


def _meant(look: Look, parsed: Parsed, query: str) -> str:
    """The query with a rare word replaced by one a slip away that is at least ten times as frequent."""
    for part in parsed.parts:
        if part.word and len(part.word) > words.SHORTEST_TO_CORRECT:
            own = len(look.live(look.find([part.terms])))
            better, number = _likeliest(look, part.word)
            if own < 3 and better and number >= 10 * max(own, 1) and better not in words.other_numbers(part.word):
                return query.replace(part.typed, better, 1)
    return ""


def _likeliest(look: Look, word: str) -> tuple[str, int]:
    """The word one slip away that was most likely meant, and its frequency; ("", 0) when there is none."""
    if not words.SHORTEST_TO_CORRECT <= len(word) <= words.LONGEST_WORD or not word.isalpha():
        return "", 0
    known = search_index.known(look.session, words.edits(word))
    by_likeness: dict[int, list[str]] = {}
    for each in known:
        by_likeness.setdefault(words.likeness(word, each), []).append(each)
    for likeness in sorted(by_likeness, reverse=True):
        counted = [(look.frequency(Term(words=(each,))), each) for each in by_likeness[likeness]]
        number, best = max(counted, key=lambda each: (each[0], [-ord(letter) for letter in each[1]]))
        if number:
            return best, number
    return "", 0


# Ranking -----------------------------------------------------------------------------------------------------


def _scores(look: Look, parsed: Parsed, rows: Numbers) -> Scores:
    """How well each row fits: words in the title, in the keywords, side by side; rare words weigh more."""
    scores: Scores = np.zeros(len(rows), dtype=np.float64)
    if not len(rows) or not parsed.parts:
        return scores
    here = np.zeros(look.snapshot.size, dtype=np.float64)
    shortness = 1 / (0.6 + 0.4 * look.snapshot.title_length[rows] / _USUAL_TITLE)
    visible = int(look.snapshot.visible(look.viewer).sum())
    for part in parsed.parts:
        strong = [*part.terms, *(other.term for other in part.others if other.why is Also.COMPOUND)]
        weak = [other.term for other in part.others if other.why is not Also.COMPOUND]
        in_title = look.find([strong], Within.TITLE)
        rarity = float(np.log1p(visible / (1 + len(in_title))))
        fits = _IN_TITLE * _gathered(here, in_title, rows) * shortness
        fits += _IN_KEYWORDS * _gathered(here, look.find([strong], Within.KEYWORDS), rows)
        if weak:
            fits += _ANYWHERE * _gathered(here, look.find([strong]), rows)
            less = _IN_TITLE * _gathered(here, look.find([weak], Within.TITLE), rows) * shortness
            less += _IN_KEYWORDS * _gathered(here, look.find([weak], Within.KEYWORDS), rows)
            fits = np.maximum(fits, _WEAKER * less)
        scores += rarity * fits
    if len(parsed.parts) > 1:
        together = Term(words=tuple(word for word, _ in parsed.running), prefix=False)
        scores += _SIDE_BY_SIDE * _gathered(here, look.find([[together]], Within.TITLE), rows)
    return scores


def _gathered(here: Scores, found: Numbers, rows: Numbers) -> Scores:
    """1.0 for the rows that are among the found ones; `here` is lent zeros and given back zero."""
    here[found] = 1.0
    gathered: Scores = here[rows]
    here[found] = 0.0
    return gathered
