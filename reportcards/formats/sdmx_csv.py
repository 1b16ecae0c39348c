"""SDMX-CSV, versions 1.0 and 2.0: a dataflow, its dimensions, TIME_PERIOD, OBS_VALUE and attributes.

The file alone does not say which columns are dimensions: those before TIME_PERIOD are, by the standard's order, and
those behind OBS_VALUE are attributes. Source: SDMX-CSV 2.0 field guide.
"""

from __future__ import annotations

import re

import polars as pl

from reportcards.formats import file_format
from reportcards.formats._columns import Columns, laid_out
from reportcards.formats._layout import Faults, Job, Layout
from reportcards.formats._observation import FileError
from reportcards.formats._table import ROW, Table
from reportcards.formats.mapping import ColumnMapping, Role
from reportcards.formats.tidy import missing

_ROLES = {
    "TIME_PERIOD": Role.PERIOD,
    "OBS_VALUE": Role.VALUE,
    "REF_AREA": Role.AREA_CODE,
    "GEO": Role.AREA_CODE,
    "REPORTING_COUNTRY": Role.AREA_CODE,
    "INDICATOR": Role.INDICATOR,
    "SERIES": Role.INDICATOR,
    "SUBJECT": Role.INDICATOR,
    "SEX": Role.SEX,
    "AGE": Role.AGE,
    "UNIT_MEASURE": Role.UNIT,
    "UNIT": Role.UNIT,
    "MEASURE": Role.MEASURE,
    "UNIT_MULT": Role.MULTIPLIER,
    "UNIT_MULTIPLIER": Role.MULTIPLIER,
    "OBS_STATUS": Role.OBS_STATUS,
    "OBS_FLAG": Role.OBS_STATUS,
    "CONF_STATUS": Role.CONF_STATUS,
    "OBS_CONF": Role.CONF_STATUS,
    "COMMENT_OBS": Role.NOTE,
    "NOTE": Role.NOTE,
}
_FRAME = frozenset({"DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "LAST UPDATE", "FREQ"})
_TECHNICAL = frozenset(
    (
        *("ADJUST", "ADJUSTMENT", "SEASONAL_ADJUST", "S_ADJ", "PRICES", "PRICE_BASE", "TRANSFORMATION", "METHODOLOGY"),
        *("COLLECTION", "REPORTING_TYPE", "NATURE", "TIME_FORMAT", "COUNTERPART_AREA", "ACCOUNTING_ENTRY"),
    )
)
"""Dimensions of how a series is made; with one code in the whole file they part nothing."""
_LABEL = re.compile(r"^(_?[A-Za-z0-9][\w\-+.@]*): .*$")


def code(text: str) -> str:
    """The code of a cell that may carry its label (`A: Annual`)."""
    found = _LABEL.match(text)
    return found[1] if found else text


def fits(table: Table, mapping: ColumnMapping) -> int:
    """OBS_VALUE and TIME_PERIOD by the names of the standard."""
    names = {code(heading).upper() for heading in table.headings}
    if not {"TIME_PERIOD", "OBS_VALUE"} <= names:
        return 0
    return 90 if names & {"DATAFLOW", "STRUCTURE"} else 40


@file_format(
    "sdmx-csv",
    title="SDMX-CSV",
    about="What statistical offices answer when asked for SDMX data as CSV.",
    fits=fits,
)
def lay_out(table: Table, job: Job, faults: Faults) -> Layout | None:
    """Columns by the standard's names; what stands before TIME_PERIOD and has no role is a breakdown."""
    names = {heading: code(heading).upper() for heading in table.headings}
    place = {name: at for at, name in enumerate(names.values())}
    for what, needed in (("TIME_PERIOD", Role.PERIOD), ("OBS_VALUE", Role.VALUE)):
        if what not in place and needed not in job.mapping.columns.values():
            missing(faults, table, what=what, role=needed)
            return None
    columns = Columns()
    last = place.get("TIME_PERIOD", len(names))
    for heading, name in names.items():
        role = job.mapping.columns.get(heading) or _ROLES.get(name)
        if role is not None:
            columns.put(heading, role)
        elif name in _FRAME:
            columns.ignored[heading] = "part of the message, not of the data"
        elif name in _TECHNICAL and table.frame[heading].n_unique() == 1:
            columns.ignored[heading] = f"the same in every row ({table.frame[heading][0]!r})"
        elif place[name] < last:
            columns.dimensions.append(heading)
        else:
            columns.ignored[heading] = "an attribute that the standard leaves to the publisher"
    columns.dimensions += columns.left
    columns.left = []
    _deletions(table, names, faults)
    return laid_out(_with_codes(table, columns), columns, job, faults=faults)


def _with_codes(table: Table, columns: Columns) -> Table:
    """The table with the codes alone where cells carry code and label; periods and values have none."""
    kept = {columns.one.get(Role.PERIOD), *columns.values, *columns.notes}
    changed = []
    for heading in table.headings:
        texts = table.frame[heading].unique()
        if heading not in kept and any(_LABEL.match(text) for text in texts):
            changed.append(pl.col(heading).replace({text: code(text) for text in texts}))
    frame = table.frame.with_columns(changed)
    return Table(
        name=table.name,
        headings=table.headings,
        frame=frame,
        line=table.line,
        delimiter=table.delimiter,
        sheet=table.sheet,
        sheets=table.sheets,
        faults=table.faults,
    )


def _deletions(table: Table, names: dict[str, str], faults: Faults) -> None:
    """A message may ask to delete observations; a revision is what is given, so it is refused."""
    for heading, name in names.items():
        if name == "ACTION":
            found = table.frame.filter(pl.col(heading).str.to_uppercase().is_in(["D", "DELETE"]))
            for row, value in found.select(ROW, heading).iter_rows():
                problem = "asks to delete an observation: give the whole table as it now stands"
                faults.add(FileError(row=row, column=heading, value=value, problem=problem))
