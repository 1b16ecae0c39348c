"""A mapping made by hand: which column of a file holds what. The caller remembers it per dataset."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from reportcards.formats.periods import PeriodType


class Role(StrEnum):
    """What a column holds."""

    INDICATOR = "indicator"
    INDICATOR_NAME = "indicator_name"
    AREA_CODE = "area_code"
    AREA_NAME = "area_name"
    AREA_TYPE = "area_type"
    PERIOD = "period"
    PERIOD_PART = "period_part"
    """The month, quarter or week of the year that the column of the period names."""
    PERIOD_START = "period_start"
    PERIOD_END = "period_end"
    PERIOD_TYPE = "period_type"
    BREAKDOWN = "breakdown"
    """The name of a breakdown, whose groups another column holds."""
    GROUP = "group"
    DIMENSION = "dimension"
    """The groups of a breakdown that has the column's own name."""
    SEX = "sex"
    AGE = "age"
    VALUE = "value"
    """Several columns of values are several indicators."""
    COUNT = "count"
    DENOMINATOR = "denominator"
    LOWER95 = "lower95"
    UPPER95 = "upper95"
    LOWER998 = "lower998"
    UPPER998 = "upper998"
    UNIT = "unit"
    MULTIPLIER = "multiplier"
    """Thousands, millions: the values are multiplied by it."""
    MEASURE = "measure"
    OBS_STATUS = "obs_status"
    CONF_STATUS = "conf_status"
    NOTE = "note"
    IGNORE = "ignore"


MANY = frozenset({Role.DIMENSION, Role.VALUE, Role.IGNORE, Role.AREA_CODE, Role.AREA_NAME, Role.NOTE})
"""Roles that several columns may have."""


class MappingUnreadable(ValueError):
    """A mapping that is none; the message is a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """What a person said of the columns of a file; what is left out is found from the headings."""

    columns: Mapping[str, Role] = field(default_factory=dict)
    """Heading as in the file -> what the column holds."""
    format: str = ""
    sheet: str = ""
    period_type: PeriodType | None = None
    """What a year like 2017/18, or a date, stands for in this file."""
    decimal: str = ""
    """"," where 1,5 is one and a half."""

    def as_json(self) -> str:
        """The mapping as text to be stored; `from_json` gives it back."""
        return json.dumps(
            {
                "columns": dict(self.columns),
                "format": self.format,
                "sheet": self.sheet,
                "period_type": self.period_type,
                "decimal": self.decimal,
            },
            sort_keys=True,
        )

    @classmethod
    def from_json(cls, text: str) -> ColumnMapping:
        """A stored mapping. Raises MappingUnreadable with a sentence when it is none."""
        try:
            said: Any = json.loads(text)
            columns = {str(column): Role(role) for column, role in said.get("columns", {}).items()}
            kind = said.get("period_type")
            found = cls(
                columns=columns,
                format=str(said.get("format") or ""),
                sheet=str(said.get("sheet") or ""),
                period_type=PeriodType(kind) if kind else None,
                decimal=str(said.get("decimal") or ""),
            )
        except (ValueError, AttributeError) as fault:
            raise MappingUnreadable(f"The mapping cannot be read ({fault}): choose the columns again.") from None
        if found.decimal not in {"", ",", "."}:
            raise MappingUnreadable("The decimal mark of a mapping is a comma or a full stop.")
        return found
