"""Licences are matched by exact name or address, never by likeness."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catalogue.licences import Conformance, How, address_key, is_unstated, licence, licences, resolve, text_key

APPROVED = [
    ("cc-by", "CC-BY"),
    ("CC BY 4.0", "CC-BY-4.0"),
    ("cc_by_4_0", "CC-BY-4.0"),
    ("Creative Commons Attribution 4.0 International", "CC-BY-4.0"),
    ("Attribution 4.0 International (CC BY 4.0)", "CC-BY-4.0"),
    ("https://creativecommons.org/licenses/by/4.0/deed.fr", "CC-BY-4.0"),
    ("http://www.creativecommons.org/licenses/by/4.0/legalcode", "CC-BY-4.0"),
    ("HTTPS://CREATIVECOMMONS.ORG/LICENSES/BY/4.0", "CC-BY-4.0"),
    ("//creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
    ("http://creativecommons.org/licenses/by/3.0/au/", "CC-BY-3.0"),
    ("Creative Commons Attribution 3.0 Australia", "CC-BY-3.0"),
    ("Creative Commons Atribución 4.0 Internacional", "CC-BY-4.0"),
    ("Creative Commons Namensnennung 4.0", "CC-BY-4.0"),
    ("Creative Commons Attribution | Share Alike 3.0 Unported", "CC-BY-SA-3.0"),
    ("http://publications.europa.eu/resource/authority/licence/CC_BYSA_4_0", "CC-BY-SA-4.0"),
    ("https://spdx.org/licenses/CC0-1.0.html", "CC0-1.0"),
    ("cc-zero", "CC0-1.0"),
    ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
    ("http://opendefinition.org/licenses/cc-zero/", "CC0-1.0"),
    ("odc-odbl", "ODbL-1.0"),
    ("Open Data Commons Open Database License (ODbL)", "ODbL-1.0"),
    ("https://opendatacommons.org/licenses/by/1.0/", "ODC-By-1.0"),
    ("odc-pddl", "PDDL-1.0"),
    ("uk-ogl", "OGL-UK"),
    ("UK Open Government Licence (OGL)", "OGL-UK"),
    ("http://reference.data.gov.uk/id/open-government-licence", "OGL-UK"),
    ("Open Government Licence v3.0", "OGL-UK-3.0"),
    ("http://www.nationalarchives.gov.uk/doc/open-government-licence/version/2/", "OGL-UK-2.0"),
    ("Open Government Licence - Canada", "OGL-CANADA-2.0"),
    ("Licence Ouverte / Open Licence version 2.0", "ETALAB-2.0"),
    ("fr-lo", "ETALAB-1.0"),
    ("http://dcat-ap.de/def/licenses/dl-by-de/2_0", "DL-DE-BY-2.0"),
    ("https://www.govdata.de/dl-de/zero-2-0", "DL-DE-ZERO-2.0"),
    ("Norsk lisens for offentlige data (NLOD)", "NLOD-2.0"),
    ("http://www.usa.gov/publicdomain/label/1.0/", "US-PD"),
    ("Public Domain U.S. Government", "US-PD"),
    ("CDLA-Permissive-2.0", "CDLA-Permissive-2.0"),
    ("https://opensource.org/licenses/MIT-0", "MIT-0"),
]

NOT_OPEN = [
    "cc-by-nc",
    "cc-nc",
    "CC BY-NC-SA 4.0",
    "CC-BY-ND-4.0",
    "https://creativecommons.org/licenses/by-nc/4.0/",
    "http://publications.europa.eu/resource/authority/licence/CC_BYNC_4_0",
    "Creative Commons Attribution | No Derivative Works 3.0 Unported",
    "other-closed",
    "INSPIRE End User Licence",
    "Data held under the PSMA INSPIRE end user licence of the council",
    "All rights reserved.",
    "Tous droits réservés",
    "Für nicht-kommerzielle Zwecke: nicht kommerziell",
    "For non-commercial use only",
    "Open Government Licence, but not for commercial purposes",
    "CC-BY-4.0, except that it may not be redistributed",
    "Not licensed",
    "Personal use only",
]


def test_known_names_and_addresses_are_matched_exactly() -> None:
    found = {stated: resolve([stated]) for stated, _ in APPROVED}
    assert {stated: one.licence.id for stated, one in found.items() if one.licence} == dict(APPROVED)
    assert all(one.proven_open for one in found.values())


def test_what_limits_use_is_never_open() -> None:
    for stated in NOT_OPEN:
        found = resolve([stated])
        assert found.limits_use and not found.proven_open, stated


def test_a_licence_two_letters_away_is_another_licence() -> None:
    assert resolve(["cc-by-nc"]).licence == licence("CC-BY-NC")
    for near in ("cc-by-sq", "cc-bysa-x", "ogl-uq", "cc-by-5.0", "CC-BY-4.O", "odc-obl"):
        assert not resolve([near]).proven_open, near


def test_a_name_inside_a_longer_text_is_a_suggestion() -> None:
    found = resolve(["You may use this under the terms of the Open Government Licence v3.0, with our thanks."])
    assert (found.licence, found.how) == (licence("OGL-UK-3.0"), How.PHRASE)
    assert not found.proven_open


def test_words_that_allow_commercial_use_are_no_limit() -> None:
    assert resolve(["OGL: you may exploit it commercially and non-commercially"]).how is How.PHRASE


def test_a_link_in_html_counts_only_when_it_is_the_whole_statement() -> None:
    address = "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
    whole = resolve([f"<a href='{address}'>{address}</a>"])
    part = resolve([f"<p>Made by the council under an <a href='{address}'>OGL</a> as agreed</p>"])
    assert whole.proven_open and whole.licence == licence("OGL-UK-3.0")
    assert part.how is How.PHRASE and part.licence == licence("OGL-UK-3.0")


def test_when_statements_disagree_the_less_open_one_counts() -> None:
    assert resolve(["cc-by", "http://creativecommons.org/licenses/by-nc/2.0/"]).limits_use
    assert resolve(["CC-BY-4.0", "for non-commercial use only"]).limits_use


def test_when_statements_agree_the_version_is_kept() -> None:
    address = "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
    assert resolve(["uk-ogl", address, "UK Open Government Licence (OGL)"]).licence == licence("OGL-UK-3.0")


def test_a_claim_of_openness_without_a_licence_is_only_a_claim() -> None:
    for stated in ("other-open", "Other (Public Domain)", "Public Domain", "Open", "Datos abiertos"):
        found = resolve([stated])
        assert found.licence and found.licence.conformance is Conformance.CLAIMED, stated
        assert not found.proven_open


def test_words_that_only_fill_the_field_are_no_statement() -> None:
    for stated in ("", "  ", "notspecified", "License not specified", "N/A", "None", "custom", "See Terms of Use"):
        assert is_unstated(stated), stated
        assert resolve([stated]).licence is None
    assert not is_unstated("Open")


def test_the_registry_is_large_and_sound() -> None:
    assert len(licences()) >= 80
    for one in licences().values():
        assert one.title and one.short
        if one.conformance is Conformance.APPROVED:
            assert one.url.startswith("https://"), one.id


def test_every_licence_is_found_by_its_own_id_title_and_address() -> None:
    for one in licences().values():
        assert resolve([one.id]).licence == one
        assert resolve([one.title]).licence == one
        if one.url and "#" not in one.url and "?" not in one.url:
            assert resolve([one.url]).licence == one


@given(st.text(max_size=80))
def test_arbitrary_text_is_open_only_by_an_exact_key(stated: str) -> None:
    found = resolve([stated])
    if found.proven_open:
        known = [resolve([name]) for name in (stated.strip(), text_key(stated), address_key(stated))]
        assert any(one.proven_open for one in known)


@given(
    st.sampled_from([stated for stated, _ in APPROVED]),
    st.sampled_from(["not for commercial use", "All rights reserved", "research use only", "Non-commercial only"]),
    st.sampled_from([" - ", ", ", ". ", " (", "; "]),
)
def test_a_limit_beside_any_licence_wins(name: str, limit: str, joint: str) -> None:
    assert resolve([f"{name}{joint}{limit}"]).limits_use
    assert resolve([name, limit]).limits_use
