"""What a column of a table of figures can hold, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from reportcards.formats import Role

ROLES: Mapping[Role, str] = MappingProxyType(
    {
        Role.INDICATOR: "Indicator (its code)",
        Role.INDICATOR_NAME: "Indicator (its name)",
        Role.AREA_CODE: "Place (its code)",
        Role.AREA_NAME: "Place (its name)",
        Role.AREA_TYPE: "Kind of place",
        Role.PERIOD: "Period",
        Role.PERIOD_PART: "Month, quarter or week of the period",
        Role.PERIOD_START: "First day of the period",
        Role.PERIOD_END: "Last day of the period",
        Role.PERIOD_TYPE: "Kind of period",
        Role.BREAKDOWN: "Name of a breakdown",
        Role.GROUP: "Group of that breakdown",
        Role.DIMENSION: "Groups, by this column’s own name",
        Role.SEX: "Sex",
        Role.AGE: "Age",
        Role.VALUE: "Value",
        Role.COUNT: "Count (numerator)",
        Role.DENOMINATOR: "Out of (denominator)",
        Role.LOWER95: "Lower limit, 95 %",
        Role.UPPER95: "Upper limit, 95 %",
        Role.LOWER998: "Lower limit, 99.8 %",
        Role.UPPER998: "Upper limit, 99.8 %",
        Role.UNIT: "Unit",
        Role.MULTIPLIER: "Multiplier of the values",
        Role.MEASURE: "Kind of measure",
        Role.OBS_STATUS: "Status (provisional, estimated ...)",
        Role.CONF_STATUS: "Confidentiality",
        Role.NOTE: "Note",
        Role.IGNORE: "Nothing: do not read it",
    }
)


def in_words(role: Role | None) -> str:
    """A role, or that the column is not read."""
    return ROLES.get(role, role.value) if role is not None else "Not read"
