"""Read the columns of a file that say how a value is to be taken and who may see it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from reportcards.codes import ConfStatus, ObsStatus

_CODES = {status.value: status for status in ObsStatus}
_CONF_CODES = {status.value: status for status in ConfStatus}
_WORDS: Mapping[str, ObsStatus] = {
    **{status.meaning.lower(): status for status in ObsStatus},
    "": ObsStatus.NORMAL,
    "normal": ObsStatus.NORMAL,
    "final": ObsStatus.NORMAL,
    "actual": ObsStatus.NORMAL,
    "official": ObsStatus.NORMAL,
    "published": ObsStatus.NORMAL,
    "revised": ObsStatus.NORMAL,
    "r": ObsStatus.NORMAL,
    "na": ObsStatus.NORMAL,
    "none": ObsStatus.NORMAL,
    "undefined": ObsStatus.UNKNOWN,
    "unknown": ObsStatus.UNKNOWN,
    "provisional": ObsStatus.PROVISIONAL,
    "estimated": ObsStatus.ESTIMATED,
    "estimate": ObsStatus.ESTIMATED,
    "forecast": ObsStatus.FORECAST,
    "projected": ObsStatus.FORECAST,
    "imputed": ObsStatus.IMPUTED,
    "break": ObsStatus.BREAK,
    "break in series": ObsStatus.BREAK,
    "break in time series": ObsStatus.BREAK,
    "unreliable": ObsStatus.LOW_RELIABILITY,
    "unvalidated": ObsStatus.UNVALIDATED,
    "experimental": ObsStatus.EXPERIMENTAL,
    "missing": ObsStatus.MISSING,
    "not available": ObsStatus.MISSING,
    "x": ObsStatus.MISSING,
    ":": ObsStatus.MISSING,
    "..": ObsStatus.MISSING,
    "not applicable": ObsStatus.MISSING_CANNOT_EXIST,
    "z": ObsStatus.MISSING_CANNOT_EXIST,
    "suppressed": ObsStatus.MISSING_SUPPRESSED,
    "confidential": ObsStatus.MISSING_SUPPRESSED,
    "c": ObsStatus.MISSING_SUPPRESSED,
    "*": ObsStatus.MISSING_SUPPRESSED,
    "imputed value (ccsa definition)": ObsStatus.IMPUTED,
    "strike and other special events": ObsStatus.SPECIAL_EVENT,
}
_CONF_WORDS: Mapping[str, ConfStatus] = {
    **{status.meaning.lower(): status for status in ConfStatus},
    "": ConfStatus.FREE,
    "free": ConfStatus.FREE,
    "public": ConfStatus.FREE,
    "open": ConfStatus.FREE,
    "not for publication": ConfStatus.NOT_FOR_PUBLICATION,
    "confidential statistical information": ConfStatus.CONFIDENTIAL,
}


def _bare(text: str) -> str:
    """The words of a status without brackets and without the code's own label behind it (`A: Normal value`)."""
    return re.sub(r"^(\w\w?): .*$", r"\1", " ".join(text.split())).strip("[]")


def obs_status(text: str) -> ObsStatus | None:
    """The SDMX code that a code, a label or a flag names; None when it names none."""
    bare = _bare(text)
    if bare in _CODES:
        return _CODES[bare]
    if bare.lower() in _WORDS:
        return _WORDS[bare.lower()]
    if bare.lower() in set("befpudni"):
        return _CODES[bare.upper()]
    return _of_several(bare)


_FLAGS: Mapping[str, ObsStatus] = {
    "c": ObsStatus.MISSING_SUPPRESSED,
    "z": ObsStatus.MISSING_CANNOT_EXIST,
    "f": ObsStatus.FORECAST,
    "p": ObsStatus.PROVISIONAL,
    "e": ObsStatus.ESTIMATED,
    "s": ObsStatus.ESTIMATED,
    "i": ObsStatus.IMPUTED,
    "u": ObsStatus.LOW_RELIABILITY,
    "b": ObsStatus.BREAK,
    "d": ObsStatus.DEFINITION_DIFFERS,
    "n": ObsStatus.NOT_SIGNIFICANT,
    "r": ObsStatus.NORMAL,
}
"""Small letters that statistical offices set behind a value, the one that says most about how to take it first."""


def _of_several(flags: str) -> ObsStatus | None:
    """The flag that says most of several in one cell: `bp`, a provisional value after a break, is provisional."""
    letters = re.sub(r"[ ,;/]+", "", flags)
    if not letters or len(letters) > 4 or set(letters) - set(_FLAGS):
        return None
    return next(status for letter, status in _FLAGS.items() if letter in letters)


def conf_status(text: str) -> ConfStatus | None:
    """The SDMX code that a code or a label names; None when it names none."""
    bare = _bare(text)
    return _CONF_CODES.get(bare) or _CONF_WORDS.get(bare.lower())


def are_statuses(texts: Iterable[str]) -> bool:
    """Whether every word of a column is a status of a value: a column called status may hold colours or stages."""
    return all(obs_status(text) is not None for text in texts)


_MULTIPLIERS = {
    "units": 0,
    "unit": 0,
    "ones": 0,
    "tens": 1,
    "hundreds": 2,
    "thousands": 3,
    "thousand": 3,
    "ten thousands": 4,
    "tens of thousands": 4,
    "hundred thousands": 5,
    "hundreds of thousands": 5,
    "millions": 6,
    "million": 6,
    "tens of millions": 7,
    "ten millions": 7,
    "hundreds of millions": 8,
    "hundred millions": 8,
    "billions": 9,
    "billion": 9,
    "trillions": 12,
}


def multiplier(text: str) -> float | None:
    """What values are multiplied by: a word, or SDMX's power of ten; None when it is neither."""
    bare = _bare(text).lower()
    if not bare:
        return 1.0
    if bare in _MULTIPLIERS:
        return 10.0 ** _MULTIPLIERS[bare]
    return 10.0 ** int(bare) if re.fullmatch(r"-?\d{1,2}", bare) else None
