"""The tables of report cards: imported by this room alone."""

from reportcards.tables.cards import ActionRow, CardRow, ItemRow, ValueRow, WarningRow, WatchRow
from reportcards.tables.imports import ImportRow
from reportcards.tables.indicators import (
    AreaRow,
    EventRow,
    IndicatorRow,
    KeyRow,
    MappingRow,
    PeerGroupRow,
    ReleaseRow,
    RevisedRow,
    RevisionRow,
    TargetRow,
)

__all__ = [
    "ActionRow",
    "AreaRow",
    "CardRow",
    "EventRow",
    "ImportRow",
    "IndicatorRow",
    "ItemRow",
    "KeyRow",
    "MappingRow",
    "PeerGroupRow",
    "ReleaseRow",
    "RevisedRow",
    "RevisionRow",
    "TargetRow",
    "ValueRow",
    "WarningRow",
    "WatchRow",
]
