"""SDMX-CSV, versions 1.0 and 2.0: a dataflow, its dimensions, TIME_PERIOD, OBS_VALUE and attributes.

The file alone does not say which columns are dimensions. The keys do, where the message gives them; else those before
TIME_PERIOD are, by the order that the standard asks of a service, and behind OBS_VALUE stand attributes, unless rows
could not be told apart without one. Source: SDMX-CSV field guide, versions 1.0 and 2.0.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from reportcards.formats import file_format
from reportcards.formats._columns import Columns, laid_out
from reportcards.formats._layout import Faults, Job, Layout
from reportcards.formats._sdmx_message import FRAME, Message, component, message
from reportcards.formats._table import Table
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
_NAMED = {
    Role.AREA_CODE: Role.AREA_NAME,
    Role.INDICATOR: Role.INDICATOR_NAME,
}
"""Roles of codes, and those of their names where the message gives both."""
_WORDS = frozenset({"COMMENT_OBS", "NOTE", "TITLE", "TITLE_COMPL", "OBS_COM", "COMMENT_TS"})
_TECHNICAL = frozenset(
    (
        *("ADJUST", "ADJUSTMENT", "SEASONAL_ADJUST", "S_ADJ", "PRICES", "PRICE_BASE", "TRANSFORMATION", "METHODOLOGY"),
        *("COLLECTION", "REPORTING_TYPE", "NATURE", "TIME_FORMAT", "COUNTERPART_AREA", "ACCOUNTING_ENTRY"),
    )
)
"""Dimensions of how a series is made; with one code in the whole file they part nothing."""
_ATTRIBUTES = frozenset(
    (
        *("DECIMALS", "TITLE", "TITLE_COMPL", "SOURCE_AGENCY", "SOURCE_DETAIL", "COMPILATION", "UPDATED", "UPDATE"),
        *("PRE_BREAK_VALUE", "OBS_PRE_BREAK", "EMBARGO_TIME", "OBS_COM", "COMMENT_TS", "COMMENT_DSET", "BASE_PER"),
        *("REF_PERIOD_DETAIL", "UNIT_INDEX_BASE", "VALID_FROM", "VALID_TO", "LAST_UPDATE"),
    )
)
"""Attributes that part nothing, wherever they stand."""


def fits(table: Table, mapping: ColumnMapping) -> int:
    """OBS_VALUE and TIME_PERIOD by the names of the standard."""
    names = {component(heading) for heading in table.headings}
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
    """Columns by the standard's names; a dimension without a role is a breakdown."""
    told = message(table, faults, free=_WORDS)
    found = set(told.ids.values())
    for what, needed in (("TIME_PERIOD", Role.PERIOD), ("OBS_VALUE", Role.VALUE)):
        if what not in found and needed not in job.mapping.columns.values():
            missing(faults, table, what=what, role=needed)
            return None
    columns = Columns()
    for heading, name in told.ids.items():
        role = job.mapping.columns.get(heading) or _ROLES.get(name)
        if role is not None:
            columns.put(heading, role)
    _names(told, columns, job)
    _flows(told, columns)
    _others(told, columns)
    columns.dimensions += columns.left
    columns.left = []
    warnings = (f"{told.attributes:,} rows tell of whole series and hold no value: they are not read.",)
    layout = laid_out(told.table, columns, job, faults=faults, warnings=warnings if told.attributes else ())
    given = frozenset(table.headings)
    return replace(
        layout,
        roles={heading: role for heading, role in layout.roles.items() if heading in given},
        ignored={heading: why for heading, why in layout.ignored.items() if heading in given},
    )


def _names(told: Message, columns: Columns, job: Job) -> None:
    """Names of areas and indicators are read beside their codes, that of the unit in its place; others say nothing."""
    for heading, named in told.names.items():
        role = job.mapping.columns.get(named)
        if heading == columns.one.get(Role.UNIT) and role in (None, Role.UNIT):
            columns.one[Role.UNIT] = named
            columns.ignored[heading] = "its name is read"
        elif role is not None:
            columns.put(named, role)
        elif (of_name := _NAMED.get(columns.roles.get(heading, Role.IGNORE))) is not None:
            columns.put(named, of_name)
        else:
            columns.ignored[named] = f"the names of {heading}"


def _flows(told: Message, columns: Columns) -> None:
    """Several dataflows in one message are several indicators, where nothing else says which."""
    flow = next((heading for heading, name in told.ids.items() if name in ("STRUCTURE_ID", "DATAFLOW")), "")
    if flow and Role.INDICATOR not in columns.one and told.table.frame[flow].n_unique() > 1:
        columns.put(flow, Role.INDICATOR)


def _others(told: Message, columns: Columns) -> None:
    """The dimensions among what has no role yet: by the keys of the message, else by their place, else by need."""
    frame, ids = told.table.frame, told.ids
    free = [heading for heading in ids if heading not in columns.roles and heading not in columns.ignored]
    free = [heading for heading in free if heading not in columns.left]
    order = list(ids)
    period = next((order.index(heading) for heading, name in ids.items() if name == "TIME_PERIOD"), len(order))
    keyed = _in_keys(told)
    rest = []
    for heading in free:
        name = ids[heading]
        if name in FRAME or name == "FREQ":
            columns.ignored[heading] = "part of the message, not of the data"
        elif name in _TECHNICAL and frame[heading].n_unique() == 1:
            columns.ignored[heading] = f"the same in every row ({frame[heading][0]!r})"
        elif heading in keyed if keyed else order.index(heading) < period and name not in _ATTRIBUTES:
            columns.dimensions.append(heading)
        else:
            columns.ignored[heading] = "an attribute that the standard leaves to the publisher"
            rest.append(heading)
    if not keyed:
        _as_needed(frame, columns, [heading for heading in rest if ids[heading] not in _ATTRIBUTES])


def _in_keys(told: Message) -> frozenset[str]:
    """The columns whose codes are parts of each row's series key or observation key; empty without such a column."""
    keys = [heading for heading, name in told.ids.items() if name in ("OBS_KEY", "SERIES_KEY")]
    if not keys:
        return frozenset()
    parts = told.table.frame.select(pl.col(keys[0]).str.split("."), pl.exclude(keys[0]))
    inside = parts.select(
        pl.col(keys[0]).list.contains(pl.col(heading)).all().alias(heading)
        for heading, name in told.ids.items()
        if heading != keys[0] and name not in FRAME
    )
    return frozenset(heading for heading in inside.columns if inside[heading][0])


def _as_needed(frame: pl.DataFrame, columns: Columns, rest: list[str]) -> None:
    """Components may stand in any order: one behind the values is a dimension where rows are the same without it."""
    kept = list(columns.dimensions)
    for heading in rest:
        before = frame.select(columns.key).n_unique()
        if before == frame.height:
            return
        if frame.select(*columns.key, heading).n_unique() > before:
            columns.dimensions.append(heading)
            columns.ignored.pop(heading)
    if frame.select(columns.key).n_unique() < frame.height:
        for heading in columns.dimensions[len(kept) :]:
            columns.ignored[heading] = "an attribute that the standard leaves to the publisher"
        columns.dimensions = kept
