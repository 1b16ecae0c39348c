"""Flag counts so small that a person might be recognised, as a warning at import."""

from __future__ import annotations

import operator
import re
from typing import Any

import polars as pl

from reportcards.methods._inputs import computed, number, word
from reportcards.methods._method import Case, Method, Refused

_SIGNS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "==": operator.eq}
_PART = re.compile(r"<=|>=|==|=|<|>|-?\d+(?:\.\d+)?|[^\W\d]\w*|\$|\S")
DEFAULT = "0<count<=5"


def small(count: pl.Expr, *, formula: str = DEFAULT) -> pl.Expr:
    """Whether a count is in the range of the formula; null for a missing count. Raises Refused.

    A formula compares `count` (or `$`) with whole numbers: "0<count<=5", "count<10", "($ > 0) AND ($ <= 5)".
    """
    conditions = [_compared(each, count) for each in re.split(r"(?i)\band\b|&+", formula)]
    return pl.all_horizontal(conditions) if len(conditions) > 1 else conditions[0]


def _compared(text: str, count: pl.Expr) -> pl.Expr:
    parts = _PART.findall(text.strip().replace("(", "").replace(")", ""))
    terms, signs = [_term(each, count) for each in parts[::2]], parts[1::2]
    if len(terms) != len(signs) + 1 or not signs or any(each not in _SIGNS for each in signs):
        raise Refused(f"the formula {text.strip()!r} does not compare a count with numbers")
    links = [_SIGNS[sign](left, right) for sign, left, right in zip(signs, terms, terms[1:], strict=False)]
    condition: pl.Expr = links[0]
    for each in links[1:]:
        condition = condition & each
    return condition


def _term(part: str, count: pl.Expr) -> pl.Expr:
    if part in {"$", "count", "x", "n"}:
        return count
    try:
        return pl.lit(float(part))
    except ValueError:
        raise Refused(f"the formula names {part!r}, which is neither count nor a number") from None


def check(inputs: Case) -> dict[str, Any]:
    """Whether one count is flagged."""
    flag = small(pl.col("count"), formula=word(inputs, "formula", default=DEFAULT) or DEFAULT)
    return computed({"count": number(inputs, "count")}, {"flag": flag})


METHOD = Method(
    name="small_number_flag",
    title="Small-number flag",
    what=(
        "A warning at import that a count is small enough for somebody to be recognised. It hides nothing by itself: "
        "what is hidden is decided by the disclosure rules. None is not small, and a missing count is not flagged."
    ),
    formula="0 < count ≤ 5, or the agency's own range",
    source="Office for National Statistics, policy on protecting confidentiality in tables; Fingertips upload checks.",
    example={"count": 3, "formula": "0<count<=5"},
    check=check,
)
