"""Tidy tables: one row per value under headings of any usual name, or a column per indicator or per year.

A column whose heading is not known becomes a breakdown when, and only when, rows that would be the same series and
period differ in it. Where several columns could tell them apart the file is refused with the question.
"""

from __future__ import annotations

import re

import polars as pl

from reportcards.formats import file_format, shown
from reportcards.formats._apart import is_numeric, told_apart
from reportcards.formats._columns import Columns, laid_out
from reportcards.formats._layout import Faults, Job, Layout
from reportcards.formats._observation import FileError
from reportcards.formats._statuses import are_statuses
from reportcards.formats._table import ROW, Table
from reportcards.formats.headers import is_breakdown, judgement, normalised, role_of
from reportcards.formats.mapping import ColumnMapping, Role
from reportcards.formats.periods import PeriodUnknown, parse_period

_PLAIN_VALUES = ("value", "obs_value", "observation", "figure", "indicator_value", "data_value", "values")
_FIRST_PERIODS = ("period", "time_period", "timeperiod", "reporting_period")
_IDENTIFIER = re.compile(r"(?:^|_)(?:id|code|no|number|index|x|y|lat|long|latitude|longitude|easting|northing)$")
_LATER = frozenset({Role.PERIOD, Role.PERIOD_PART, Role.VALUE})
"""Roles that depend on the other columns."""
_SAMPLED = 3_000


def fits(table: Table, mapping: ColumnMapping) -> int:
    """Any table may be tidy; every other format is surer of its own."""
    return 1


@file_format(
    "tidy",
    title="Tidy table",
    about="Rows of area, period, indicator and value, under any of the usual headings.",
    fits=fits,
)
def lay_out(table: Table, job: Job, faults: Faults) -> Layout | None:
    """Tell the columns of a table apart by their headings, the mapping, and what the rows need."""
    columns = sorted_columns(table, job.mapping)
    if not (columns.periods or {Role.PERIOD, Role.PERIOD_START} & set(columns.one)):
        missing(faults, table, what="period", role=Role.PERIOD)
    if table.height == 0:
        return None
    known, sure = faults.count, set(columns.dimensions)
    if Role.PERIOD in columns.one or Role.PERIOD_START in columns.one:
        told_apart(table, columns, faults)
    found = [heading for heading in columns.dimensions if heading not in sure]
    if not (columns.values or columns.periods or Role.COUNT in columns.one):
        _values_by_content(table, columns)
    if not (columns.values or columns.periods or Role.COUNT in columns.one):
        missing(faults, table, what="values", role=Role.VALUE)
    if faults.count > known or not (columns.periods or {Role.PERIOD, Role.PERIOD_START} & set(columns.one)):
        return None
    explain(table, columns)
    return laid_out(table, columns, job, faults=faults, warnings=_blank_groups(table, found))


def _blank_groups(table: Table, found: list[str]) -> tuple[str, ...]:
    """Blank groups of a breakdown that nobody named are taken as everyone, and that is said."""
    blank = table.frame.filter(pl.all_horizontal(pl.col(heading) == "" for heading in found)) if found else None
    if blank is None or blank.is_empty():
        return ()
    named = " and ".join(found)
    return (f"{blank.height:,} rows have nothing in {named} and are taken as everyone: first row {blank[ROW][0]}.",)


def missing(faults: Faults, table: Table, *, what: str, role: Role) -> None:
    """The error for a part without which a table cannot be read."""
    problem = f"no column is known to hold the {what}: say in the mapping which one does (role {role.value!r})"
    faults.add(FileError(row=table.line, column=shown(table.headings), problem=problem))


def sorted_columns(table: Table, mapping: ColumnMapping) -> Columns:
    """The columns by their headings, the mapping first."""
    columns = Columns()
    for heading in table.headings:
        if heading in mapping.columns:
            columns.put(heading, mapping.columns[heading])
    said = set(columns.one) | ({Role.VALUE} if columns.values else set())
    rest = [heading for heading in table.headings if heading not in mapping.columns]
    found = {heading: role_of(heading) for heading in rest}
    _periods(table, columns, {heading: role for heading, role in found.items() if role not in said})
    taken = {*columns.one.values(), *columns.periods}
    for heading in rest:
        role = found[heading]
        if heading in taken:
            continue
        if role is None and is_breakdown(heading) and not judgement(heading):
            columns.dimensions.append(heading)
        elif role is None or role in _LATER or role in said or not _is_such(table, heading, role, columns=columns):
            columns.left.append(heading)
        else:
            columns.put(heading, role)
    if Role.VALUE not in said:
        _values(columns, found)
    _breakdowns(table, columns)
    columns.dimensions.sort(key=table.headings.index)
    columns.left.sort(key=table.headings.index)
    return columns


def _is_such(table: Table, heading: str, role: Role, *, columns: Columns) -> bool:
    """Whether a column holds what its heading says: a status may be a colour, a code that of something else."""
    if role is Role.OBS_STATUS:
        return are_statuses(table.frame[heading].unique())
    return not (role is Role.AREA_CODE and normalised(heading) == "code" and columns.area_codes)


def _periods(table: Table, columns: Columns, found: dict[str, Role | None]) -> None:
    """The column of the period: by its heading, else by its content; a year may have its month beside it."""
    if {Role.PERIOD, Role.PERIOD_START} & set(columns.one):
        return
    roles = set(found.values())
    if Role.PERIOD_START in roles and Role.PERIOD_END in roles:
        return
    named = [heading for heading, role in found.items() if role is Role.PERIOD]
    parts = [heading for heading, role in found.items() if role is Role.PERIOD_PART]
    sound = [heading for heading in named if _are_periods(table.frame[heading])] or named
    if not sound:
        sound = [heading for heading in parts if _are_periods(table.frame[heading])]
        sound = sound or _by_content(table, found)
    if not sound:
        columns.periods += _period_headings(table, found)
        return
    first = [heading for heading in sound if normalised(heading) in _FIRST_PERIODS]
    chosen = (first or sorted(sound, key=lambda heading: -table.frame[heading].n_unique()))[0]
    columns.one[Role.PERIOD] = chosen
    others = [heading for heading in parts if heading != chosen]
    is_year = bool(table.frame[chosen].str.contains(r"^[0-9]{4}([/-][0-9]{2})?$").all())
    if is_year and len(others) == 1 and normalised(others[0]) != "term":
        columns.one[Role.PERIOD_PART] = others[0]


def _by_content(table: Table, found: dict[str, Role | None]) -> list[str]:
    unknown = [heading for heading, role in found.items() if role is None]
    sound = [heading for heading in unknown if table.height and _are_periods(table.frame[heading])]
    return sound if len(sound) == 1 else []


def _are_periods(column: pl.Series) -> bool:
    texts = column.unique().head(_SAMPLED)
    return len(texts) > 0 and all(_is_period(text) for text in texts)


def _is_period(text: str) -> bool:
    try:
        parse_period(text)
    except PeriodUnknown as unknown:
        return "say in the mapping" in unknown.sentence
    return True


def _period_headings(table: Table, found: dict[str, Role | None]) -> list[str]:
    """Headings that are periods over columns of numbers: a table with a column per year."""
    named = [heading for heading, role in found.items() if role is None and _is_period(heading)]
    if len(named) < 2 or not any(is_numeric(table.frame[heading]) for heading in named):
        return []
    return [heading for heading in named if is_numeric(table.frame[heading], or_none=True)]


def _values(columns: Columns, found: dict[str, Role | None]) -> None:
    """The column of values; several where none is called just that."""
    named = [heading for heading in columns.left if found.get(heading) is Role.VALUE]
    plain = [heading for heading in named if normalised(heading) in _PLAIN_VALUES]
    prefixed = [heading for heading in columns.left if normalised(heading).startswith("value_")]
    if columns.periods:
        return
    for heading in plain[:1] or prefixed or named:
        columns.left.remove(heading)
        columns.values.append(heading)


def _breakdowns(table: Table, columns: Columns) -> None:
    """The name of a breakdown needs its groups and they need it; either alone is a breakdown of its own name."""
    if (Role.BREAKDOWN in columns.one) != (Role.GROUP in columns.one):
        alone = columns.take(Role.BREAKDOWN) or columns.take(Role.GROUP)
        if alone is not None:
            columns.dimensions.append(alone)


def _values_by_content(table: Table, columns: Columns) -> None:
    for heading in list(columns.left):
        is_value = not judgement(heading) and not _IDENTIFIER.search(normalised(heading))
        if is_value and role_of(heading) is None and is_numeric(table.frame[heading]):
            columns.left.remove(heading)
            columns.values.append(heading)


def explain(table: Table, columns: Columns) -> None:
    """Say of every column that is left why it is not read."""
    for heading in columns.left:
        column = table.frame[heading]
        if judgement(heading):
            why = "what the publisher made of the values: comparisons are made anew from the values"
        elif column.n_unique() <= 1:
            why = f"the same in every row ({column[0][:40]!r})" if len(column) and column[0] else "empty"
        elif is_numeric(column):
            why = "numbers beside the value: say 'value' in the mapping to read them as an indicator of their own"
        else:
            why = "its heading is not known, and no two rows of one series and period differ in it"
        columns.ignored[heading] = why
