"""An SDMX-CSV message: which component each column is, and codes and names apart however they were asked for.

Source: SDMX-CSV field guide, versions 1.0 and 2.0: labels=both writes "ID: name" in headings and cells, labels=name
gives each component a second column, "[;]" behind a heading says by what several values of a cell are parted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from reportcards.formats._layout import Faults
from reportcards.formats._observation import FileError
from reportcards.formats._table import ROW, Table, each

FRAME = frozenset(
    (
        *("DATAFLOW", "DATAFLOW_NAME", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION"),
        *("SERIES_KEY", "OBS_KEY", "LAST UPDATE"),
    )
)
"""Columns of the message itself."""
_LABEL = re.compile(r"^(_?[A-Za-z0-9][\w\-+.@$|]*): .*$", re.S)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_ID = re.compile(r"[A-Z0-9_@$.\-]+|[a-z0-9_@$.\-]+")
_NAME = " (name)"
_TAKEN = frozenset({"", "I", "A", "R", "M", "INFORMATION", "APPEND", "REPLACE", "MERGE"})
_DELETED = frozenset({"D", "DELETE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message whose cells hold codes alone."""

    table: Table
    ids: Mapping[str, str]
    """Heading -> component, in capitals; columns of names are left out."""
    names: Mapping[str, str]
    """Heading of a component -> heading of the column of its names."""
    attributes: int = 0
    """Rows that say something of a whole series, and no value: they are left out."""


def code(text: str) -> str:
    """The code of a cell that may carry its label (`A: Annual`)."""
    found = _LABEL.match(text)
    return found[1] if found else text


def component(heading: str) -> str:
    """The component that a heading names: `DIM_1: Dimension 1`, `STRUCTURE[;]` and `ATTR[en;fr]` without the rest."""
    bare = _BRACKETS.sub("", heading.partition(": ")[0]).strip()
    return bare.upper()


def message(table: Table, faults: Faults, *, free: frozenset[str]) -> Message:
    """Tell codes and names apart; `free` are components whose cells are words of their own and hold no code."""
    names = _name_columns(table)
    ids = {heading: component(heading) for heading in table.headings if heading not in names.values()}
    frame = _first_of_several(table, ids)
    for heading, name in ids.items():
        texts = frame[heading].unique()
        if name in free or name == "OBS_VALUE" or not any(_LABEL.match(text) for text in texts):
            continue
        if heading not in names and f"{heading}{_NAME}" not in frame.columns:
            names[heading] = f"{heading}{_NAME}"
            frame = frame.with_columns(each(frame, heading, _label).alias(names[heading]))
        frame = frame.with_columns(each(frame, heading, code))
    _actions(frame, ids, faults)
    frame, attributes = _observations(frame, ids)
    told = replace(table, headings=tuple(frame.columns[1:]), frame=frame)
    return Message(table=told, ids=ids, names=names, attributes=attributes)


def _label(text: str) -> str:
    """The name behind the code, the code itself where there is none."""
    return text.partition(": ")[2] if _LABEL.match(text) else text


def _name_columns(table: Table) -> dict[str, str]:
    """Where each component has a second column with names, as labels=name gives it: component -> names."""
    if not {component(heading) for heading in table.headings} & {"STRUCTURE_NAME", "DATAFLOW_NAME"}:
        return {}
    found: dict[str, str] = {}
    behind = ""
    for heading in table.headings:
        if component(heading) in FRAME:
            continue
        if behind and not _ID.fullmatch(heading):
            found[behind], behind = heading, ""
        else:
            behind = heading
    return found


def _first_of_several(table: Table, ids: Mapping[str, str]) -> pl.DataFrame:
    """The first of several values of a cell, where the heading says that there may be several."""
    by = next((found[1][:1] for heading in ids if (found := re.match(r"\w+\[(.+)\]", heading))), "")
    several = [heading for heading in ids if heading.partition(": ")[0].endswith("[]")]
    if not by or not several:
        return table.frame
    return table.frame.with_columns(each(table.frame, heading, lambda text: text.split(by)[0]) for heading in several)


def _actions(frame: pl.DataFrame, ids: Mapping[str, str], faults: Faults) -> None:
    """A revision is what is given: a message that asks to delete is refused, as is one that asks for the unknown."""
    for heading in (heading for heading, name in ids.items() if name == "ACTION"):
        told = frame.filter(~pl.col(heading).str.to_uppercase().is_in(list(_TAKEN))).select(ROW, heading)
        for row, value in told.iter_rows():
            if value.upper() in _DELETED:
                problem = "asks to delete an observation: give the whole table as it now stands"
            else:
                problem = "is no action of SDMX: I, A, R or M is read, each as the table that now stands"
            faults.add(FileError(row=row, column=heading, value=value[:80], problem=problem))


def _observations(frame: pl.DataFrame, ids: Mapping[str, str]) -> tuple[pl.DataFrame, int]:
    """Rows with a period or a value: others tell an attribute of a whole series."""
    told = [heading for heading, name in ids.items() if name in ("TIME_PERIOD", "OBS_VALUE")]
    if len(told) < 2:
        return frame, 0
    kept = frame.filter(pl.any_horizontal(pl.col(heading) != "" for heading in told))
    return kept, frame.height - kept.height
