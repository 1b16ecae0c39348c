"""The tables of the catalogue: imported by this room alone."""

from catalogue.tables.datasets import (
    AS_DATASET,
    AliasRow,
    ChangeRow,
    CorrectionRow,
    DatasetRow,
    DocumentRow,
    HistoryRow,
    ListedForRow,
    SuggestionRow,
    listed,
)
from catalogue.tables.harvest import (
    DecisionRow,
    DiffRow,
    RejectionRow,
    RunRow,
    SourceRow,
    SourceSecretRow,
    StagedPageRow,
    StagedRecordRow,
)
from catalogue.tables.people import FollowRow, RegistrationRow, SavedSearchRow, SynonymRow
from catalogue.tables.rules import OWN_ONLY, STEWARDING, STEWARDS_ONLY

__all__ = [
    "AS_DATASET",
    "OWN_ONLY",
    "STEWARDING",
    "STEWARDS_ONLY",
    "AliasRow",
    "ChangeRow",
    "CorrectionRow",
    "DatasetRow",
    "DecisionRow",
    "DiffRow",
    "DocumentRow",
    "FollowRow",
    "HistoryRow",
    "ListedForRow",
    "RegistrationRow",
    "RejectionRow",
    "RunRow",
    "SavedSearchRow",
    "SourceRow",
    "SourceSecretRow",
    "StagedPageRow",
    "StagedRecordRow",
    "SuggestionRow",
    "SynonymRow",
    "listed",
]
