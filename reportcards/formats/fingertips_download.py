"""The CSV that Fingertips gives for download: indicators, areas, sexes, ages, categories and four limits."""

from __future__ import annotations

from reportcards.formats import file_format
from reportcards.formats._columns import Columns, laid_out
from reportcards.formats._layout import Faults, Job, Layout
from reportcards.formats._table import Table
from reportcards.formats.headers import normalised
from reportcards.formats.mapping import ColumnMapping, Role
from reportcards.formats.tidy import missing

_ROLES = {
    "indicator_id": Role.INDICATOR,
    "indicator_name": Role.INDICATOR_NAME,
    "area_code": Role.AREA_CODE,
    "area_name": Role.AREA_NAME,
    "area_type": Role.AREA_TYPE,
    "sex": Role.SEX,
    "age": Role.AGE,
    "category_type": Role.BREAKDOWN,
    "category": Role.GROUP,
    "time_period": Role.PERIOD,
    "value": Role.VALUE,
    "lower_ci_95_0_limit": Role.LOWER95,
    "upper_ci_95_0_limit": Role.UPPER95,
    "lower_ci_99_8_limit": Role.LOWER998,
    "upper_ci_99_8_limit": Role.UPPER998,
    "lower_ci_limit": Role.LOWER95,
    "upper_ci_limit": Role.UPPER95,
    "count": Role.COUNT,
    "denominator": Role.DENOMINATOR,
    "value_note": Role.NOTE,
    "unit": Role.UNIT,
}
_NEEDED = ("indicator_id", "area_code", "time_period", "value")
_WHY = "what Fingertips made of the values, or how it sorts and nests them"


def fits(table: Table, mapping: ColumnMapping) -> int:
    """The headings that a Fingertips download always has."""
    names = {normalised(heading) for heading in table.headings}
    own = {"time_period_sortable", "parent_code", "parent_name", "recent_trend", "category_type"}
    return 95 if set(_NEEDED) <= names and len(names & own) > 1 else 0


@file_format(
    "fingertips-download",
    title="Fingertips download",
    about="The CSV that the public health profiles at Fingertips give away.",
    fits=fits,
)
def lay_out(table: Table, job: Job, faults: Faults) -> Layout | None:
    """Columns by Fingertips' own headings; an area that is listed under two parents is taken once."""
    columns = Columns()
    for heading in table.headings:
        role = job.mapping.columns.get(heading) or _ROLES.get(normalised(heading))
        if role is None:
            columns.ignored[heading] = _WHY
        else:
            columns.put(heading, role)
    for name, role in (("time period", Role.PERIOD), ("indicators", Role.INDICATOR)):
        if role not in columns.one:
            missing(faults, table, what=name, role=role)
    if not columns.values:
        missing(faults, table, what="values", role=Role.VALUE)
    if table.height == 0 or not columns.values or not {Role.PERIOD, Role.INDICATOR} <= set(columns.one):
        return None
    if Role.GROUP not in columns.one:
        columns.take(Role.BREAKDOWN)
    return laid_out(table, columns, job, faults=faults, once=True)
