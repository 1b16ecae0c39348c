"""Whom a provider speaks of, and for how long its word counts."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import store
from governance import Invalid, NotPermitted, audit, oidc, operator, people, sign_in
from governance.people import Newcomer
from store.settings import Settings

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ISSUER = "https://id.harbour.example/realm"
SET_UP = {
    "oidc_issuer": ISSUER + "/",
    "oidc_client_id": "common-table",
    "oidc_client_secret": "kept",
    "public_url": "https://table.example/",
}


def claims(**more: Any) -> dict[str, Any]:
    issued = {"iss": ISSUER, "aud": "common-table", "sub": "7", "nonce": "n-1", "iat": int(NOW.timestamp())}
    return issued | {"email": "ana@harbour.example", "email_verified": True} | more


@pytest.fixture
def set_up(home: Path) -> Iterator[Path]:
    """Three people; ana and ben are told apart by their contact, cleo's username is an e-mail."""
    store.use_settings(Settings(home=home, database_url=store.settings().database_url, **SET_UP))  # type: ignore[arg-type]
    with operator("test", now=NOW) as visit:
        council = people.save_organisation(visit, "Harbour District Council")
        for username, contact in (
            ("ana", " Ana@Harbour.example "),
            ("ben", "ben@harbour.example"),
            ("cleo@harbour.example", "switchboard@harbour.example"),
            ("dora", "switchboard@harbour.example"),
            ("emil", "emil@strasse.example"),
        ):
            people.invite(visit, Newcomer(username=username, organisation_id=council.id, contact=contact))
    yield home


def events() -> list[audit.Event]:
    with operator("looks") as visit:
        return [each for each in audit.events(visit, limit=20) if each.action.startswith("login.")]


def test_a_verified_e_mail_is_a_contact_or_a_username_whatever_its_case(set_up: Path) -> None:
    assert oidc.person_for({"email": "ANA@harbour.example", "email_verified": True}) == "ana"
    assert oidc.person_for({"email": "cleo@harbour.EXAMPLE", "email_verified": True}) == "cleo@harbour.example"


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_e_mail_that_nobody_vouches_for_is_nobody(set_up: Path, verified: object) -> None:
    assert oidc.person_for({"email": "ana@harbour.example", "email_verified": verified}) is None
    unverified = {"email": "cleo@harbour.example", "preferred_username": "cleo@harbour.example"}
    assert oidc.person_for({**unverified, "email_verified": False}) is None


def test_a_preferred_username_is_a_username_and_never_a_contact(set_up: Path) -> None:
    assert oidc.person_for({"preferred_username": "Ben"}) == "ben"
    assert oidc.person_for({"preferred_username": "ben@harbour.example"}) is None


def test_of_two_people_it_is_neither(set_up: Path) -> None:
    assert oidc.person_for({"email": "switchboard@harbour.example", "email_verified": True}) is None
    both = {"email": "ana@harbour.example", "email_verified": True, "preferred_username": "ben"}
    assert oidc.person_for(both) is None


def test_nothing_but_the_whole_name_is_compared(set_up: Path) -> None:
    for given in ("ana@harbour", "%", "", None, ["ana"], "a" * 500, "ana@harbour.example.evil.example"):
        assert oidc.person_for({"email": given, "email_verified": True, "preferred_username": given}) in (None, "ana")
        assert oidc.person_for({"email": given, "email_verified": True}) is None
    assert oidc.person_for({"email": "emil@straße.example", "email_verified": True}) is None, "another domain"


def test_a_closed_account_is_nobody(set_up: Path) -> None:
    with operator("test", now=NOW) as visit:
        people.disable(visit, "ana")
    assert oidc.person_for(claims()) is None
    with pytest.raises(NotPermitted, match="not known here"):
        oidc.ticket(claims(), "10.0.0.1", now=NOW)


def test_what_the_provider_said_counts_once(set_up: Path) -> None:
    token = oidc.ticket(claims(), "10.0.0.1", now=NOW)
    assert sign_in.redeem(token, now=NOW)
    assert oidc.ticket(claims(), "10.0.0.1", now=NOW + timedelta(minutes=1)) == ""
    assert [(each.action, each.object, each.detail["by"]) for each in events()] == [
        ("login.succeeded", "person:ana", "organisation's account")
    ]


def test_what_the_provider_said_is_remembered_longer_than_it_counts(set_up: Path) -> None:
    ahead = claims(iat=int((NOW + oidc.COUNTS_FOR).timestamp()))
    assert oidc.ticket(ahead, "10.0.0.1", now=NOW)
    last = NOW + 2 * oidc.COUNTS_FOR
    sign_in.wait_before("somebody", "10.0.0.2", now=last)
    assert oidc.ticket(ahead, "10.0.0.1", now=last) == ""


@pytest.mark.parametrize("minutes", [-6, 6])
def test_what_is_old_or_of_the_future_opens_nothing_and_is_no_attempt(set_up: Path, minutes: int) -> None:
    other = claims(iat=int((NOW + timedelta(minutes=minutes)).timestamp()))
    assert oidc.ticket(other, "10.0.0.1", now=NOW) == ""
    assert oidc.ticket(claims(nonce=None), "10.0.0.1", now=NOW) == ""
    assert oidc.ticket(claims(iat="soon"), "10.0.0.1", now=NOW) == ""
    assert events() == []


@pytest.mark.parametrize("wrong", [{"iss": "https://evil.example"}, {"aud": "another"}, {"aud": ["another"]}])
def test_what_is_meant_for_another_or_said_by_another_is_refused_and_audited(
    set_up: Path, wrong: dict[str, Any]
) -> None:
    with pytest.raises(NotPermitted, match="ask the administrator to invite you"):
        oidc.ticket(claims(**wrong), "10.0.0.1", now=NOW)
    assert [(each.action, each.object) for each in events()] == [("login.failed", "unknown name")]


def test_a_refused_identity_does_not_fill_the_audit(set_up: Path) -> None:
    for number in range(300):
        oidc.unconfirmed("10.0.0.1", now=NOW + timedelta(seconds=number))
    assert 3 <= len(events()) <= 20


def test_a_refused_organisations_account_slows_no_password_of_others(set_up: Path) -> None:
    for number in range(8):
        with pytest.raises(NotPermitted):
            oidc.ticket(claims(email="x@y.example", nonce=str(number)), "10.0.0.1", now=NOW)
    assert sign_in.wait_before("ana", "10.0.0.9", now=NOW) == 0


@pytest.mark.parametrize("missing", list(SET_UP))
def test_it_is_off_unless_everything_is_set(empty_home: Path, missing: str) -> None:
    store.use_settings(Settings(home=empty_home, **(SET_UP | {missing: ""})))  # type: ignore[arg-type]
    assert not oidc.offered()
    assert oidc.configuration() is None
    assert not empty_home.exists()


def test_streamlit_is_told_where_the_provider_is_and_where_to_come_back(empty_home: Path) -> None:
    store.use_settings(Settings(home=empty_home, **SET_UP))  # type: ignore[arg-type]
    told = oidc.configuration()
    assert told is not None
    assert told["auth"]["redirect_uri"] == "https://table.example/oauth2callback"
    assert told["auth"]["server_metadata_url"] == f"{ISSUER}/.well-known/openid-configuration"


def test_the_cookie_secret_is_made_once_and_for_the_owners_eyes_only(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = oidc.cookie_secret(home)
    kept = home / oidc.SECRET_FILE
    assert len(first) >= 64
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    kept.chmod(0o644)
    assert oidc.cookie_secret(home) == first
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert oidc.cookie_secret(tmp_path / "other") != first
    assert [each.name for each in home.iterdir()] == [oidc.SECRET_FILE]


@pytest.mark.parametrize(
    "address", ["http://id.harbour.example", "id.harbour.example", "http://localhost.evil.example"]
)
def test_a_provider_in_the_clear_is_refused_at_the_start(empty_home: Path, address: str) -> None:
    store.use_settings(Settings(home=empty_home, **(SET_UP | {"oidc_issuer": address})))  # type: ignore[arg-type]
    with pytest.raises(Invalid, match="COMMONTABLE_OIDC_ISSUER must begin with https"):
        oidc.configuration()
