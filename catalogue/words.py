"""What a person typed, as terms: words, phrases, exclusions, and the other ways in which they may be written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

LONGEST_QUERY = 400
"""Letters of a query that are read; what follows is left out."""
MOST_PARTS = 12
LONGEST_WORD = 30
"""Letters of a word that is split or corrected; a longer one is searched as it is."""
SHORTEST_PREFIX = 3
SHORTEST_TO_CORRECT = 4
STOP_WORDS = frozenset(
    [
        *("a", "an", "and", "are", "as", "at", "be", "by", "data", "dataset", "datasets", "for", "from", "has"),
        *("have", "how", "in", "into", "is", "it", "its", "of", "on", "or", "per", "s", "that", "the", "their"),
        *("this", "to", "was", "were", "what", "where", "which", "who", "with"),
    ]
)
"""Words that say nothing about which dataset is meant; searched only inside quotes or when nothing else is left."""
_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f]+")
_PIECE = re.compile(r"""(-?)(?:["“”„«»]([^"“”„«»]*)["“”„«»]?|([^\s"“”„«»]+))""")
_IRREGULAR: Mapping[str, str] = MappingProxyType(
    {"child": "children", "person": "people", "man": "men", "woman": "women", "life": "lives", "index": "indices"}
)
_SINGULAR: Mapping[str, str] = MappingProxyType({many: one for one, many in _IRREGULAR.items()})

STARTER_SYNONYMS: tuple[tuple[str, ...], ...] = (
    ("NEET", "not in education, employment or training", "not in education, work or training"),
    ("looked-after children", "children in care", "children looked after", "CLA"),
    ("ASB", "antisocial behaviour", "anti-social behaviour"),
    ("SEND", "special educational needs", "special needs", "SEN", "additional support needs"),
    ("A&E", "accident and emergency", "emergency department", "emergency room"),
    ("GP", "general practice", "general practitioner", "family doctor"),
    ("CAMHS", "child and adolescent mental health services"),
    ("EHCP", "education, health and care plan"),
    ("FSM", "free school meals"),
    ("EYFS", "early years foundation stage"),
    ("DV", "domestic violence", "domestic abuse"),
    ("VAWG", "violence against women and girls"),
    ("young people", "youth", "adolescents", "teenagers"),
    ("older people", "elderly", "pensioners", "seniors"),
    ("homelessness", "rough sleeping"),
    ("social housing", "council housing", "public housing"),
    ("IMD", "index of multiple deprivation", "indices of deprivation"),
    ("deprivation", "poverty"),
    ("joblessness", "unemployment", "out of work"),
    ("crime", "offences"),
    ("ambulance", "999 calls"),
    ("voluntary sector", "VCSE", "charities", "third sector"),
    ("obesity", "overweight"),
    ("rubbish", "refuse", "waste", "garbage"),
    ("bus stops", "public transport stops", "NaPTAN"),
    ("road casualties", "road accidents", "road traffic collisions", "RTC"),
    ("green space", "parks", "open space"),
    ("foodbank", "food bank", "food parcels"),
    ("vaccination", "immunisation", "immunization"),
    ("neighbourhood", "neighborhood"),
)
"""Until the collaboration edits its own: terms of community data in English."""


class Also(StrEnum):
    """Why another writing stands beside what was typed."""

    SYNONYM = "synonym"
    COMPOUND = "compound"
    BEGINNING = "beginning"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Words that stand side by side; with `prefix` the last one is only the beginning of a word."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another writing of a part of the query, and why it counts."""

    term: Term
    why: Also
    said: str
    """As a person would write it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that has to be found: as typed, in the singular and plural, and in other writings."""

    typed: str
    terms: tuple[Term, ...]
    others: tuple[Other, ...] = ()
    unfinished: bool = False
    """The last word, which may still be being typed."""
    quoted: bool = False

    @property
    def word(self) -> str:
        """The one word it is, "" for a phrase."""
        return self.terms[0].words[0] if len(self.terms[0].words) == 1 and not self.quoted else ""

    @property
    def all_terms(self) -> tuple[Term, ...]:
        """Every writing that counts, each once."""
        return tuple(dict.fromkeys((*self.terms, *(other.term for other in self.others))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A query, read."""

    parts: tuple[Part, ...] = ()
    excluded: tuple[Term, ...] = ()
    running: tuple[tuple[str, int], ...] = field(default=())
    """Every word in order with the index of its part, -1 for a word left out: where synonyms are looked for."""


def fold(text: str) -> str:
    """Small letters without accents, as the index folds them."""
    return text.lower() if text.isascii() else _MARKS.sub("", unicodedata.normalize("NFD", text)).lower()


def tokens(text: str) -> list[str]:
    """The words of a text as the index knows them."""
    return _WORD.findall(fold(text))


def parse(query: str) -> Parsed:
    """Read a query: words, "phrases", -exclusions, a* beginnings. Anything at all can be read; no text is an error."""
    said = query[:LONGEST_QUERY]
    pieces = [piece for piece in _pieces(said) if piece.words]
    excluded = tuple(Term(words=piece.words, prefix=piece.starred) for piece in pieces if piece.excluded)
    kept = [piece for piece in pieces if not piece.excluded]
    worded = [piece for piece in kept if piece.quoted or not set(piece.words) <= STOP_WORDS] or kept
    worded = worded[:MOST_PARTS]
    parts: list[Part] = []
    running: list[tuple[str, int]] = []
    for piece in kept:
        place = len(parts) if piece in worded else -1
        running += [(word, place) for word in piece.words]
        if place >= 0:
            last = piece is kept[-1] and not said[-1:].isspace() and not excluded
            parts.append(_part(piece, unfinished=last))
    return Parsed(parts=tuple(parts), excluded=excluded[:MOST_PARTS], running=tuple(running))


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    text: str
    words: tuple[str, ...]
    excluded: bool
    quoted: bool
    starred: bool


def _pieces(said: str) -> Iterator[_Piece]:
    for found in _PIECE.finditer(said):
        minus, phrase, bare = found.groups()
        piece = phrase if bare is None else bare
        words = tuple(tokens(piece)[:MOST_PARTS])
        yield _Piece(piece.strip(), words, bool(minus), bare is None, piece.endswith("*"))


def _part(piece: _Piece, *, unfinished: bool) -> Part:
    term = Term(words=piece.words, prefix=piece.starred)
    one = len(piece.words) == 1 and not piece.quoted
    terms = (term, *(Term(words=(word,)) for word in other_numbers(piece.words[0]))) if one else (term,)
    others: tuple[Other, ...] = ()
    if one:
        others = tuple(_compound(split) for split in splits(piece.words[0]))
    elif not piece.quoted:
        others = (_compound(Term(words=("".join(piece.words),))),)
    typed = piece.text.strip("*")
    return Part(typed=typed, terms=terms, others=others, unfinished=unfinished and one, quoted=piece.quoted)


def _compound(term: Term) -> Other:
    return Other(term=term, why=Also.COMPOUND, said=" ".join(term.words))


def other_numbers(word: str) -> tuple[str, ...]:
    """The plural of a singular and the other way round, by the common rules of English."""
    if word in _IRREGULAR or word in _SINGULAR:
        return (_IRREGULAR.get(word) or _SINGULAR[word],)
    if len(word) < 3 or not word.isalpha() or not word.isascii():
        return ()
    if word.endswith("ies") and len(word) > 4:
        return (word[:-3] + "y",)
    if word.endswith(("ches", "shes", "sses", "xes")):
        return (word[:-2],)
    if word.endswith("s"):
        return () if word.endswith(("ss", "us", "is")) else (word[:-1],)
    if word.endswith("y") and word[-2] not in "aeiou":
        return (word[:-1] + "ies",)
    return (word + ("es" if word.endswith(("ch", "sh", "x")) else "s"),)


def splits(word: str) -> tuple[Term, ...]:
    """A word as two that stand side by side: "childcare" may be written "child care"."""
    if not 6 <= len(word) <= LONGEST_WORD or not word.isalpha():
        return ()
    halves = ((word[:at], word[at:]) for at in range(3, len(word) - 2))
    return tuple(Term(words=pair) for pair in halves if not STOP_WORDS.intersection(pair))


def joined(parsed: Parsed) -> Parsed:
    """Let two words that follow each other also be one: "child care" may be written "childcare".

    (a or ab) and (b or ab) is what "a and b, or ab" means, so each of the two parts takes the joined word.
    """
    parts = list(parsed.parts)
    for (first, at), (second, then) in zip(parsed.running, parsed.running[1:], strict=False):
        both = at >= 0 and then == at + 1 and parts[at].word and parts[then].word
        if both and len(first) >= 3 and len(second) >= 3:
            other = _compound(Term(words=(first + second,)))
            for place in (at, then):
                parts[place] = replace(parts[place], others=(*parts[place].others, other))
    return replace(parsed, parts=tuple(parts))


def with_synonyms(parsed: Parsed, synonyms: Iterable[Sequence[str]]) -> Parsed:
    """Let each part that is one of a group of synonyms, or a piece of one, also be the others of the group."""
    running = [word for word, _ in parsed.running]
    parts = list(parsed.parts)
    for group in synonyms:
        members = _members(tuple(group))
        for member in members:
            for place in _places(member, parsed, running):
                others = (
                    Other(term=Term(words=words), why=Also.SYNONYM, said=said)
                    for words, said in members.items()
                    if words != member
                )
                parts[place] = replace(parts[place], others=(*parts[place].others, *others))
    return replace(parsed, parts=tuple(parts))


@lru_cache(maxsize=5_000)
def _members(group: tuple[str, ...]) -> dict[tuple[str, ...], str]:
    members = {tuple(tokens(each)): each for each in group}
    members.pop((), None)
    return members


def _places(member: tuple[str, ...], parsed: Parsed, running: list[str]) -> set[int]:
    """Which parts the words of a synonym cover, wherever they stand in the query in this order."""
    found: set[int] = set()
    for start in range(len(running) - len(member) + 1):
        if tuple(running[start : start + len(member)]) == member:
            found |= {place for _, place in parsed.running[start : start + len(member)]}
    return found - {-1}


def edits(word: str) -> set[str]:
    """Every word one slip away: two letters swapped, one left out, one too many, one wrong."""
    letters = "abcdefghijklmnopqrstuvwxyz" + "".join(sorted({each for each in word if each > "z"}))
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    shorter = {head + tail[1:] for head, tail in cuts if tail}
    wrong = {head + letter + tail[1:] for head, tail in cuts if tail for letter in letters}
    longer = {head + letter + tail for head, tail in cuts for letter in letters}
    return (swapped | shorter | wrong | longer) - {word}


def likeness(word: str, candidate: str) -> int:
    """How likely `candidate` was meant, of words one slip away: swaps, doubled letters and first letters that agree."""
    swap = sorted(word) == sorted(candidate)
    doubled = _undoubled(word) == _undoubled(candidate)
    return 2 * (swap or doubled) + (word[0] == candidate[0])


def _undoubled(word: str) -> str:
    return re.sub(r"(.)\1", r"\1", word)


def first_line(text: str, length: int = 180) -> str:
    """The beginning of a description as one line without markup, cut at a word."""
    plain = " ".join(text[: length * 2].split())
    if len(plain) <= length or "<" in plain:
        plain = " ".join(re.sub(r"<[^>]{0,300}>", " ", text[: length * 6]).split())
    if len(plain) <= length:
        return plain
    return plain[:length].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"
