"""The SDMX cross-domain codes for the state of an observation and for who may see it, with their meaning.

Source: SDMX Content-oriented Guidelines, code lists CL_OBS_STATUS 2.3 and CL_CONF_STATUS 1.3.
"""

from __future__ import annotations

from enum import StrEnum


class ObsStatus(StrEnum):
    """What is to be known of a value, or why there is none (CL_OBS_STATUS)."""

    NORMAL = "A"
    BREAK = "B"
    DEFINITION_DIFFERS = "D"
    ESTIMATED = "E"
    FORECAST = "F"
    EXPERIMENTAL = "G"
    MISSING_HOLIDAY = "H"
    IMPUTED = "I"
    DEROGATION = "J"
    INCLUDED_ELSEWHERE = "K"
    MISSING_NOT_COLLECTED = "L"
    MISSING_CANNOT_EXIST = "M"
    NOT_SIGNIFICANT = "N"
    MISSING = "O"
    PROVISIONAL = "P"
    MISSING_SUPPRESSED = "Q"
    SPECIAL_EVENT = "S"
    LOW_RELIABILITY = "U"
    UNVALIDATED = "V"
    INCLUDES_OTHERS = "W"
    UNKNOWN = "_U"

    @property
    def meaning(self) -> str:
        """The status in words, for a reader of the card."""
        return _OBS_MEANING[self]

    @property
    def is_missing(self) -> bool:
        """Whether the status itself says that there is no value."""
        return self in _NO_VALUE


class ConfStatus(StrEnum):
    """Who may see a value (CL_CONF_STATUS)."""

    PRIMARY_SMALL_COUNT = "A"
    CONFIDENTIAL = "C"
    SECONDARY_BY_SENDER = "D"
    EMBARGO = "E"
    FREE = "F"
    DOMINANCE_ONE_OR_TWO = "G"
    OTHER_CONCENTRATION = "M"
    NOT_FOR_PUBLICATION = "N"
    DOMINANCE_ONE = "O"
    SECONDARY_BY_RECEIVER = "S"
    DOMINANCE_TWO = "T"
    MILITARY = "X"

    @property
    def meaning(self) -> str:
        """The status in words, for a reader of the card."""
        return _CONF_MEANING[self]


_NO_VALUE = frozenset(
    {
        ObsStatus.MISSING,
        ObsStatus.MISSING_HOLIDAY,
        ObsStatus.MISSING_NOT_COLLECTED,
        ObsStatus.MISSING_CANNOT_EXIST,
        ObsStatus.MISSING_SUPPRESSED,
    }
)

_OBS_MEANING = {
    ObsStatus.NORMAL: "Normal value",
    ObsStatus.BREAK: "Time series break",
    ObsStatus.DEFINITION_DIFFERS: "Definition differs",
    ObsStatus.ESTIMATED: "Estimated value",
    ObsStatus.FORECAST: "Forecast value",
    ObsStatus.EXPERIMENTAL: "Experimental value",
    ObsStatus.MISSING_HOLIDAY: "Missing value; holiday or weekend",
    ObsStatus.IMPUTED: "Imputed value",
    ObsStatus.DEROGATION: "Derogation",
    ObsStatus.INCLUDED_ELSEWHERE: "Data included in another category",
    ObsStatus.MISSING_NOT_COLLECTED: "Missing value; data exist but were not collected",
    ObsStatus.MISSING_CANNOT_EXIST: "Missing value; data cannot exist",
    ObsStatus.NOT_SIGNIFICANT: "Not significant",
    ObsStatus.MISSING: "Missing value",
    ObsStatus.PROVISIONAL: "Provisional value",
    ObsStatus.MISSING_SUPPRESSED: "Missing value; suppressed",
    ObsStatus.SPECIAL_EVENT: "Strike or other special event",
    ObsStatus.LOW_RELIABILITY: "Low reliability",
    ObsStatus.UNVALIDATED: "Unvalidated value",
    ObsStatus.INCLUDES_OTHERS: "Includes data from another category",
    ObsStatus.UNKNOWN: "Status not known",
}

_CONF_MEANING = {
    ConfStatus.PRIMARY_SMALL_COUNT: "Confidential: small count",
    ConfStatus.CONFIDENTIAL: "Confidential",
    ConfStatus.SECONDARY_BY_SENDER: "Confidential: would give another value away (set by the sender)",
    ConfStatus.EMBARGO: "Not for publication until the embargo ends",
    ConfStatus.FREE: "Free for publication",
    ConfStatus.DOMINANCE_ONE_OR_TWO: "Confidential: one or two units make up most of it",
    ConfStatus.OTHER_CONCENTRATION: "Confidential: too concentrated",
    ConfStatus.NOT_FOR_PUBLICATION: "Not for publication: internal use only",
    ConfStatus.DOMINANCE_ONE: "Confidential: one unit makes up most of it",
    ConfStatus.SECONDARY_BY_RECEIVER: "Confidential: would give another value away (set by the receiver)",
    ConfStatus.DOMINANCE_TWO: "Confidential: two units make up most of it",
    ConfStatus.MILITARY: "Confidential: military",
}
