"""Finding an indicator by a word of what it is called or where it comes from."""

from __future__ import annotations

from reportcards.indicators import IndicatorBrief


def matches(each: IndicatorBrief, asked: str) -> bool:
    """Whether every word that was typed is somewhere in its name, code, dataset or publisher."""
    told = f"{each.name} {each.code} {each.dataset_title} {each.publisher}".casefold()
    return all(word in told for word in asked.casefold().split())
