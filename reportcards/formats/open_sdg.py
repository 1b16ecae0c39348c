"""Open SDG tables: Year, any number of breakdowns, status, unit and GeoCode, Value; blank is everyone.

Source: the Open SDG data format, and the SDMX-like column names of the UK's SDG platform.
"""

from __future__ import annotations

import re

from reportcards.formats import file_format
from reportcards.formats._columns import Columns, laid_out
from reportcards.formats._layout import Faults, Job, Layout
from reportcards.formats._table import Table
from reportcards.formats.headers import normalised
from reportcards.formats.mapping import ColumnMapping, Role
from reportcards.formats.tidy import missing

_ROLES = {
    "year": Role.PERIOD,
    "series": Role.INDICATOR,
    "units": Role.UNIT,
    "unit_measure": Role.UNIT,
    "unit_multiplier": Role.MULTIPLIER,
    "observation_status": Role.OBS_STATUS,
    "obs_status": Role.OBS_STATUS,
    "geocode": Role.AREA_CODE,
    "value": Role.VALUE,
    "sex": Role.SEX,
    "gender": Role.SEX,
    "age": Role.AGE,
    "country": Role.AREA_NAME,
    "region": Role.AREA_NAME,
    "geography": Role.AREA_NAME,
    "local_authority": Role.AREA_NAME,
    "county": Role.AREA_NAME,
    "city": Role.AREA_NAME,
    "district": Role.AREA_NAME,
    "comment_obs": Role.NOTE,
    "footnote": Role.NOTE,
}
_SIGNS = frozenset(
    {"geocode", "observation_status", "obs_status", "unit_multiplier", "unit_measure", "series", "units"}
)
_FILE = re.compile(r"indicator_\d+-\w+-\w+")


def fits(table: Table, mapping: ColumnMapping) -> int:
    """A Year and a Value with a column that only Open SDG has, or the file name that it asks for."""
    names = {normalised(heading) for heading in table.headings}
    if "year" not in names or "area_code" in names:
        return 0
    if "value" in names and (_FILE.search(table.name) or len(names & _SIGNS) > 1 or "Year" in table.headings[:1]):
        return 60
    return 30 if _FILE.search(table.name) else 0


@file_format(
    "open-sdg",
    title="Open SDG",
    about="The table of an indicator as Open SDG platforms keep it, with its file of metadata if there is one.",
    fits=fits,
)
def lay_out(table: Table, job: Job, faults: Faults) -> Layout | None:
    """Every column that is not the format's own is a breakdown; without Value each is an indicator."""
    columns = Columns()
    named = {normalised(heading): heading for heading in table.headings}
    for heading in table.headings:
        role = job.mapping.columns.get(heading) or _ROLES.get(normalised(heading))
        default = Role.DIMENSION if "value" in named or Role.VALUE in job.mapping.columns.values() else Role.VALUE
        columns.put(heading, role or default)
    if Role.PERIOD not in columns.one:
        missing(faults, table, what="period", role=Role.PERIOD)
    if not columns.values:
        missing(faults, table, what="values", role=Role.VALUE)
    if table.height == 0 or not columns.values or Role.PERIOD not in columns.one:
        return None
    for heading in columns.left:
        columns.dimensions.append(heading)
    columns.left = []
    return laid_out(table, columns, job, faults=faults)
