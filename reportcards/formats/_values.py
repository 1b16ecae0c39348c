"""Read numbers as publishers write them, with the signs that stand for a missing or an uncertain one."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import polars as pl

from reportcards.codes import ConfStatus, ObsStatus

_PLAIN = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
"""What polars reads as it stands. Digits of other scripts are digits to its expressions and no number to its parser."""
_NUMBER = re.compile(_PLAIN.replace("[0-9]", r"\d"))
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([, ])\d{3})(?:\1\d{3})*(?:\.\d+)?")
_GROUPED_COMMA = re.compile(r"[+-]?\d{1,3}(?:([. ])\d{3})(?:\1\d{3})*(?:,\d+)?")
_SIGN = re.compile(
    r"(?P<money>[£$€]?)\s*(?P<number>[+-]?[\d.,' ]*\d(?:[eE][+-]?\d+)?\.?)\s*(?P<share>%?)\s*(?P<flag>.*)"
)
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2009\u202f'"), " ") | {0x2212: "-", 0x2013: "-"}

TOO_LARGE = "is a larger number than can be kept"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of numbers, read."""

    value: float | None = None
    status: str = ""
    """SDMX observation status, "" when the cell does not say."""
    conf: str = ""
    unit: str = ""
    note: str = ""
    problem: str = ""


_SUPPRESSED = Cell(None, ObsStatus.MISSING_SUPPRESSED, ConfStatus.CONFIDENTIAL)
_MISSING = Cell(None, ObsStatus.MISSING)
_NOT_APPLICABLE = Cell(None, ObsStatus.MISSING_CANNOT_EXIST)
_UNRELIABLE = Cell(None, ObsStatus.MISSING, note="withheld by the publisher: too unreliable")
_NIL = Cell(None, ObsStatus.MISSING, note="none recorded, says the publisher")
_LOW = Cell(None, ObsStatus.MISSING, note="rounds to zero but is not zero, says the publisher")
_SIGNS = {
    **dict.fromkeys(("c", "*", "**", "***", "s", "!"), _SUPPRESSED),
    **dict.fromkeys(("suppressed", "confidential", "disclosive", "redacted"), _SUPPRESSED),
    **dict.fromkeys(("", "-", "--", ".", "..", "...", ":", "~", "x", "na", "n/a", "n.a.", "n.a", "nan"), _MISSING),
    **dict.fromkeys(("none", "null", "nil return", "no data", "not available", "missing", "unknown"), _MISSING),
    **dict.fromkeys(("#n/a", "n/k", "nk"), _MISSING),
    **dict.fromkeys(("not applicable", "z"), _NOT_APPLICABLE),
    **dict.fromkeys(("u", "unreliable"), _UNRELIABLE),
    "w": _NIL,
    **dict.fromkeys(("k", "low"), _LOW),
}
_FLAGS = {
    "p": (ObsStatus.PROVISIONAL, ""),
    "provisional": (ObsStatus.PROVISIONAL, ""),
    "e": (ObsStatus.ESTIMATED, ""),
    "est": (ObsStatus.ESTIMATED, ""),
    "estimate": (ObsStatus.ESTIMATED, ""),
    "estimated": (ObsStatus.ESTIMATED, ""),
    "r": ("", "revised, says the publisher"),
    "revised": ("", "revised, says the publisher"),
    "b": (ObsStatus.BREAK, ""),
    "d": (ObsStatus.DEFINITION_DIFFERS, ""),
    "f": (ObsStatus.FORECAST, ""),
    "u": (ObsStatus.LOW_RELIABILITY, ""),
    "n": (ObsStatus.NOT_SIGNIFICANT, ""),
    "i": (ObsStatus.IMPUTED, ""),
}
_FEWER = re.compile(
    r"(?:<|>|≤|≥|&lt;|less than|fewer than|under|more than|over)\s*=?\s*\d[\d,]*%?|\d+ or (?:fewer|less|more)", re.I
)


def cell(text: str, *, decimal: str = ".") -> Cell:
    """What one cell says; `problem` names what cannot be read. Missing is never zero."""
    words = " ".join(text.translate(_SPACES).split())
    bare = words.lower().strip("[]()") if re.fullmatch(r"[\[(].*[\])]", words) else words.lower()
    if bare in _SIGNS and not (words.startswith("(") and bare == ""):
        return _SIGNS[bare]
    if _FEWER.fullmatch(words):
        return Cell(None, ObsStatus.MISSING_SUPPRESSED, ConfStatus.CONFIDENTIAL, note=f"given as {words}")
    found = _SIGN.fullmatch(words)
    number = None if found is None else _number(found["number"], decimal)
    if found is None or number is None:
        return Cell(problem="is not a number and not a sign for a missing one")
    if not math.isfinite(number):
        return Cell(problem=TOO_LARGE)
    status, note = "", ""
    if flag := found["flag"].strip().lower().strip("[]()").strip():
        if flag not in _FLAGS:
            return Cell(problem=f"has {found['flag'].strip()[:20]!r} behind the number, and nothing says what it means")
        status, note = _FLAGS[flag]
    return Cell(number, status, unit=found["share"] or found["money"], note=note)


def _number(text: str, decimal: str) -> float | None:
    if decimal == ",":
        if _GROUPED_COMMA.fullmatch(text):
            text = text.replace(".", "").replace(" ", "")
        text = text.replace(",", ".") if text.count(",") == 1 else text
    elif _GROUPED.fullmatch(text):
        text = text.replace(",", "").replace(" ", "")
    return float(text) if _NUMBER.fullmatch(text) else None


def decimal_mark(texts: pl.Series, *, delimiter: str) -> str:
    """How a file writes one and a half: "." or ","; "" when its numbers could be read both ways.

    A comma can only be the mark where it does not part the columns (a semicolon, a tab or a workbook does).
    """
    if delimiter == ",":
        return "."
    numbers = texts.filter(texts.str.contains(r"^[+-]?[\d.,]*\d%?$")).unique()
    comma = numbers.filter(numbers.str.contains(",", literal=True))
    if comma.is_empty():
        return "."
    if comma.str.contains(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?%?$").all():
        is_point = numbers.str.contains(r"^[+-]?[\d,]*\.\d{1,2}%?$|^[+-]?\d*\.\d{4,}%?$|,\d{3},").any()
        return "." if is_point or comma.str.contains(r"\.\d").any() else ""
    return "," if comma.str.contains(r"^[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+%?$").all() else ""


def numbers(texts: pl.Series, *, decimal: str = ".") -> pl.DataFrame:
    """Every cell of a column read: `value`, `status`, `conf`, `unit`, `note`, `problem`, one row per cell."""
    fast = texts.cast(pl.Float64, strict=False)
    plain = texts.str.contains(_PLAIN) & fast.is_finite().fill_null(False)
    signs = texts.filter(~plain).unique()
    read = [cell(text, decimal=decimal) for text in signs]
    known = pl.DataFrame(
        {
            "text": signs,
            "value": pl.Series([one.value for one in read], dtype=pl.Float64),
            **{
                name: pl.Series([str(getattr(one, name)) for one in read], dtype=pl.String)
                for name in ("status", "conf", "unit", "note", "problem")
            },
        }
    )
    joined = pl.DataFrame({"text": texts, "fast": fast, "plain": plain}).join(
        known, on="text", how="left", maintain_order="left"
    )
    return joined.select(
        value=pl.when("plain").then("fast").otherwise("value"),
        status=pl.col("status").fill_null(""),
        conf=pl.col("conf").fill_null(""),
        unit=pl.col("unit").fill_null(""),
        note=pl.col("note").fill_null(""),
        problem=pl.col("problem").fill_null(""),
    )
