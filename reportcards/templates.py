"""Templates of report cards: common outcomes, with what a table asks about each and the words that find indicators."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reportcards.indicators import IndicatorBrief


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question of an outcome, which an indicator may answer."""

    question: str
    words: tuple[str, ...]
    """Phrases: a name fits one when each of its words begins a word of the name."""

    def fits(self, name: str) -> int:
        """How many of the phrases an indicator of this name fits; 0 when it does not answer the question."""
        named = _words(name)
        return sum(all(any(each.startswith(word) for each in named) for word in _words(one)) for one in self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A beginning of a card: its words, and what it asks."""

    name: str
    title: str
    outcome: str
    population: str
    asks: tuple[Ask, ...]


@lru_cache(maxsize=1)
def templates() -> tuple[Template, ...]:
    """Every template, in the order of its file."""
    data = tomllib.loads(Path(__file__).with_name("templates.toml").read_text(encoding="utf-8"))
    return tuple(
        Template(
            name=each["name"],
            title=each["title"],
            outcome=each["outcome"],
            population=each["population"],
            asks=tuple(Ask(question=ask["question"], words=tuple(ask["words"])) for ask in each["asks"]),
        )
        for each in data["template"]
    )


def suggested(ask: Ask, known: Iterable[IndicatorBrief]) -> tuple[IndicatorBrief, ...]:
    """Those of these indicators that may answer the question by their name, the best fitting first."""
    found = ((ask.fits(each.name), each) for each in known)
    ranked = sorted(((fit, each) for fit, each in found if fit), key=lambda pair: (-pair[0], pair[1].name, pair[1].id))
    return tuple(each for _, each in ranked)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[^\W_]+", "".join(each for each in plain if not unicodedata.combining(each)))
