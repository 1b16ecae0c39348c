"""A mapping made by hand: which column of a file holds what. The caller remembers it per dataset."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

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
    def from_json(cls, text: str | bytes) -> ColumnMapping:
        """A stored mapping, or one written by hand. Raises MappingUnreadable with a sentence when it is none."""
        try:
            said: Any = json.loads(text)
        except (ValueError, RecursionError):
            raise MappingUnreadable("The mapping is not a JSON text: choose the columns again.") from None
        columns = said.get("columns", {}) if isinstance(said, dict) else None
        if not isinstance(columns, dict):
            raise MappingUnreadable(f"A mapping is a JSON object of {', '.join(_FIELDS)}, its columns one of headings.")
        if unknown := sorted(said.keys() - set(_FIELDS)):
            raise MappingUnreadable(f"A mapping has no field {unknown[0][:40]!r}: it has {', '.join(_FIELDS)}.")
        words = {name: said.get(name) or "" for name in _FIELDS[1:]}
        if wrong := [name for name, word in words.items() if not isinstance(word, str)]:
            raise MappingUnreadable(f"The {wrong[0]} of a mapping is not a word.")
        if words["decimal"] not in {"", ",", "."}:
            raise MappingUnreadable("The decimal mark of a mapping is a comma or a full stop.")
        return cls(
            columns={column: _one_of(Role, role, "what a column holds") for column, role in columns.items()},
            format=words["format"],
            sheet=words["sheet"],
            period_type=_one_of(PeriodType, words["period_type"], "a kind of period") if words["period_type"] else None,
            decimal=words["decimal"],
        )


_FIELDS = ("columns", "format", "sheet", "period_type", "decimal")


_Word = TypeVar("_Word", bound=StrEnum)


def _one_of(kind: type[_Word], said: object, what: str) -> _Word:
    try:
        return kind(str(said))
    except ValueError:
        known = ", ".join(kind)
        raise MappingUnreadable(f"{str(said)[:40]!r} is not {what}: choose one of {known}.") from None
