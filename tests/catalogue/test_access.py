"""Access statements of every vocabulary are read; what is not understood is unknown, never public."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.access import Hint, Level, read_access, read_notes

READ = [
    ("public", Level.PUBLIC, Hint.NONE),
    ("http://publications.europa.eu/resource/authority/access-right/PUBLIC", Level.PUBLIC, Hint.NONE),
    ("http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC", Level.NON_PUBLIC, Hint.NONE),
    ("http://publications.europa.eu/resource/authority/access-right/RESTRICTED", Level.RESTRICTED, Hint.NONE),
    ("SENSITIVE", Level.NON_PUBLIC, Hint.NONE),
    ("CONFIDENTIAL", Level.NON_PUBLIC, Hint.FINAL),
    ("NORMAL", Level.UNKNOWN, Hint.NONE),
    ("restricted public", Level.RESTRICTED, Hint.NONE),
    ("non-public", Level.NON_PUBLIC, Hint.NONE),
    ("Restricted - Fully", Level.NON_PUBLIC, Hint.NONE),
    ("Restricted - Partly", Level.RESTRICTED, Hint.NONE),
    ("Restricted - Possibly", Level.RESTRICTED, Hint.NONE),
    ("Unrestricted", Level.PUBLIC, Hint.NONE),
    ("Undetermined", Level.UNKNOWN, Hint.NONE),
    ("http://purl.org/coar/access_right/c_abf2", Level.PUBLIC, Hint.NONE),
    ("http://purl.org/coar/access_right/c_16ec", Level.RESTRICTED, Hint.NONE),
    ("http://purl.org/coar/access_right/c_14cb", Level.RESTRICTED, Hint.ASK),
    ("http://purl.org/eprint/accessRights/ClosedAccess", Level.NON_PUBLIC, Hint.FINAL),
    ("info:eu-repo/semantics/embargoedAccess", Level.RESTRICTED, Hint.NONE),
    ("INSPIRE_Directive_Article13_1e", Level.NON_PUBLIC, Hint.NONE),
    (
        "http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/noLimitations",
        Level.PUBLIC,
        Hint.NONE,
    ),
    ("open_with_account", Level.PUBLIC, Hint.ACCOUNT),
    ("Trusted Research Environment", Level.RESTRICTED, Hint.ASK),
    ("TRE/SDE", Level.RESTRICTED, Hint.ASK),
    ("Registered users", Level.RESTRICTED, Hint.GROUP),
    ("Restricted to partner agencies under the agreement", Level.RESTRICTED, Hint.GROUP),
    ("Available on request from the information team", Level.RESTRICTED, Hint.ASK),
    ("Protected by the Privacy Act", Level.NON_PUBLIC, Hint.NONE),
    ("Contains personal data. Access on request.", Level.NON_PUBLIC, Hint.ASK),
    ("The POC for this report has stated it is Restricted.", Level.RESTRICTED, Hint.NONE),
    ("There are no public access constraints to this data.", Level.PUBLIC, Hint.NONE),
    ("Login required", Level.PUBLIC, Hint.ACCOUNT),
    ("acceso restringido", Level.RESTRICTED, Hint.NONE),
    ("Sur demande", Level.RESTRICTED, Hint.ASK),
    ("nicht öffentlich", Level.NON_PUBLIC, Hint.NONE),
    ("Riservato", Level.NON_PUBLIC, Hint.NONE),
    ("não público", Level.NON_PUBLIC, Hint.NONE),
    ("Accès ouvert", Level.PUBLIC, Hint.NONE),
    ("", Level.UNKNOWN, Hint.NONE),
    ("true", Level.UNKNOWN, Hint.NONE),
    ("N/A", Level.UNKNOWN, Hint.NONE),
    ("otherRestrictions", Level.UNKNOWN, Hint.NONE),
    ("(c) Crown Copyright", Level.UNKNOWN, Hint.NONE),
]


@pytest.mark.parametrize(("stated", "level", "hint"), READ, ids=[stated[-40:] for stated, _, _ in READ])
def test_a_statement_is_read(stated: str, level: Level, hint: Hint) -> None:
    found = read_access(stated)
    assert (found.level, found.hint) == (level, hint)


def test_sentences_that_only_sound_restrictive_restrict_nothing() -> None:
    for stated in (
        "This dataset does not contain personal data",
        "No registration required",
        "Non-confidential extract",
        "Available under the Open Government Licence",
        "Data is classified by local authority",
    ):
        assert read_access(stated).level is Level.UNKNOWN, stated


def test_a_description_counts_only_where_it_speaks_of_access() -> None:
    assert read_notes("Case notes of the team. Contains personal data: access on request.").hint is Hint.ASK
    assert read_notes("The dataset is available on request from the team").level is Level.RESTRICTED
    for talk in (
        "Other formats are available on request.",
        "To protect confidentiality, counts under five are suppressed.",
        "Parking in restricted zones, by street.",
        "Requests for repairs, by ward.",
        "It does not contain personal data.",
        "Publicly available everywhere.",
    ):
        assert read_notes(talk).level is Level.UNKNOWN, talk


@given(st.text(max_size=200))
def test_any_text_can_be_read(stated: str) -> None:
    assert read_access(stated).level in Level
    assert read_notes(stated).level in Level


@given(st.sampled_from(["Open data.", "Public.", "Free for everyone"]), st.sampled_from(["restricted", "confidential"]))
def test_the_most_closed_reading_wins(kind: str, strict: str) -> None:
    assert read_access(f"{kind} Some parts are {strict}").level in (Level.RESTRICTED, Level.NON_PUBLIC)
