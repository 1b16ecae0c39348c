"""Tables of the way to sharing: a file for each noun; only this room imports them."""

from sharing.tables.candidates import BarrierRow, DiagnosisRow, ReadinessRow, ScreeningRow, WeighingRow
from sharing.tables.charter import CharterRow, UseCheckRow
from sharing.tables.uses import UseDatasetRow, UseRow

__all__ = [
    "BarrierRow",
    "CharterRow",
    "DiagnosisRow",
    "ReadinessRow",
    "ScreeningRow",
    "UseCheckRow",
    "UseDatasetRow",
    "UseRow",
    "WeighingRow",
]
