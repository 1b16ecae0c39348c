"""Signing in by browser: deep links, refusals, invitations, delays, what dies with a session."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from streamlit.testing.v1 import AppTest
from streamlit_authenticator.utilities import Hasher

from governance import audit, operator, people, sign_in
from governance.people import Newcomer
from pages.shell import door
from tests.pages.conftest import PASSWORD, Server, fill_door, settled

Enter = Callable[[Page, str], None]
pytestmark = pytest.mark.browser


def test_a_deep_link_survives_signing_in_with_its_query(
    server: Server, context: BrowserContext, signed_in: Enter
) -> None:
    page = context.new_page()
    page.goto(f"{server.url}/account?from=letter")
    settled(page)
    signed_in(page, "member")
    assert page.url == f"{server.url}/account?from=letter"
    expect(page.locator("h1")).to_have_text("Member Person")


def test_every_refusal_says_the_same(server: Server, context: BrowserContext) -> None:
    said = set()
    for username in ("steward", "nobody-of-that-name"):
        page = context.new_page()
        page.goto(server.url)
        settled(page)
        fill_door(page, username, "not the right password")
        page.get_by_role("alert").wait_for()
        settled(page)
        said.add(page.get_by_role("alert").inner_text())
    assert len(said) == 1


def test_script_cannot_read_the_session_cookie(server: Server, context: BrowserContext, signed_in: Enter) -> None:
    page = context.new_page()
    signed_in(page, "member")
    assert "commontable" not in page.evaluate("document.cookie")
    cookie = next(each for each in context.cookies() if each["name"] == "commontable")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict"


def test_signing_out_ends_the_other_tab_too(server: Server, context: BrowserContext, signed_in: Enter) -> None:
    first, second = context.new_page(), context.new_page()
    signed_in(first, "chair")
    second.goto(f"{server.url}/account")
    second.locator(".ct-foot").wait_for()
    first.goto(f"{server.url}/account")
    first.get_by_role("button", name="Sign out").click()
    first.locator(".ct-door").wait_for()
    second.get_by_role("button", name="Sign out").click()
    second.locator(".ct-door").wait_for()


def test_an_invitation_is_used_once_and_signs_in(server: Server, context: BrowserContext) -> None:
    page = context.new_page()
    address = f"{server.url}/?invitation={server.invitation}"
    page.goto(address)
    page.get_by_role("textbox", name="Password or passphrase").fill("short")
    page.get_by_role("textbox", name="The same again").fill("short")
    page.get_by_role("button", name=re.compile("Set the password")).click()
    expect(page.get_by_role("alert")).to_contain_text("15 characters")
    page.get_by_role("textbox", name="Password or passphrase").fill("violet ladder under rain")
    page.get_by_role("textbox", name="The same again").fill("violet ladder under rain")
    page.get_by_role("button", name=re.compile("Set the password")).click()
    page.locator(".ct-foot").wait_for(timeout=60_000)
    assert page.url == f"{server.url}/"
    other = context.browser.new_context().new_page()  # type: ignore[union-attr]
    other.goto(address)
    expect(other.locator("h1")).to_have_text("This link is used or too old")
    other.context.close()


def test_nothing_violates_the_policy_and_nothing_leaves_the_house(
    server: Server, context: BrowserContext, signed_in: Enter
) -> None:
    page = context.new_page()
    complaints: list[str] = []
    elsewhere: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    page.on("request", lambda request: elsewhere.append(request.url) if _leaves(server.url, request.url) else None)
    page.goto(server.url)
    settled(page)
    signed_in(page, "admin")
    assert complaints == []
    assert elsewhere == []


def _leaves(home: str, url: str) -> bool:
    return not url.startswith((home, home.replace("http:", "ws:"), "data:", "blob:"))


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every hash the package evaluates from now on."""
    evaluated: list[str] = []
    real = Hasher.check_pw

    def check(password: str, kept: str) -> bool:
        evaluated.append(kept)
        return bool(real(password, kept))

    monkeypatch.setattr(Hasher, "check_pw", staticmethod(check))
    return evaluated


def _checked(username: str, address: str = "10.0.0.1") -> Any:
    return door._Checked(address), username


def test_known_and_unknown_names_cost_the_same_one_hash(home: Any, counted: list[str]) -> None:
    _somebody()
    for username in ("miriam", "nobody"):
        checked, name = _checked(username)
        assert not checked.check_credentials(name, "wrong wrong wrong")
    assert len(counted) == 2
    assert {kept[:7] for kept in counted} == {"$2b$12$"}, "the same algorithm and the same rounds"


def test_every_hostile_sign_in_costs_one_hash_is_audited_and_refused_like_a_wrong_password(
    home: Any, counted: list[str], shared: Path
) -> None:
    with operator("test") as visit:
        council = people.save_organisation(visit, "Council")
        people.invite(visit, Newcomer(username="admin", organisation_id=council.id), password=PASSWORD)
    pairs = json.loads((shared / "attacks" / "dev" / "files" / "logins.json").read_text(encoding="utf-8"))
    refused = []
    # From addresses of their own, so that none of them only waits.
    for place, (username, password) in enumerate([*pairs, ["admin\0", PASSWORD]]):
        checked = door._Checked(f"10.0.{place}.1")
        assert not checked.check_credentials(username, password), username[:40]
        refused.append((checked.refused, checked.wait > 0))
    waited = sum(waits for _, waits in refused)
    assert all(each for each, _ in refused)
    assert len(counted) + waited == len(refused) and waited < 4
    assert {kept[:7] for kept in counted} == {"$2b$12$"}
    with operator("test") as visit:
        told = audit.events(visit, action="login.failed")
        assert len(told) == len(counted)
        assert not any("script" in each.object or "\0" in each.object for each in told)
    assert door._Checked("10.1.0.1").check_credentials("admin", PASSWORD)


def test_who_must_wait_costs_no_hash(home: Any, counted: list[str]) -> None:
    _somebody()
    for _ in range(30):
        checked, name = _checked("miriam")
        checked.check_credentials(name, "wrong wrong wrong")
    assert checked.wait > 0
    assert len(counted) < 12


def test_a_long_passphrase_is_checked_whole(home: Any) -> None:
    with operator("test") as visit:
        council = people.save_organisation(visit, "Council")
        long = "a long walk by the harbour " * 5
        people.invite(visit, Newcomer(username="long", organisation_id=council.id), password=long.strip())
    checked, _ = _checked("long")
    assert checked.check_credentials("long", long.strip())
    assert not door._Checked("10.0.0.2").check_credentials("long", long.strip()[:-1])


def test_a_closed_account_is_refused_like_an_unknown_one(home: Any, counted: list[str]) -> None:
    _somebody()
    with operator("test") as visit:
        people.disable(visit, "miriam")
    assert not door._Checked("10.0.0.1").check_credentials("miriam", PASSWORD)
    assert len(counted) == 1


def test_the_form_leaves_nothing_of_the_package_in_the_session(home: Any) -> None:
    _somebody()
    form = AppTest.from_string(_FORM).run()
    form.text_input[0].input("miriam")
    form.text_input[1].input(PASSWORD)
    form.button[0].click().run(timeout=30)
    assert form.markdown[-1].value == "came in: miriam"
    assert not [name for name in door._LEFT_BEHIND if name in form.session_state]


_FORM = """
import streamlit as st
from pages.shell.door import Door
fields = {"Form name": "Sign in", "Username": "n", "Password": "p", "Login": "l"}
st.markdown("came in: " + Door("10.0.0.1").ask(fields))
"""


def _somebody() -> None:
    with operator("test") as visit:
        council = people.save_organisation(visit, "Council")
        people.invite(
            visit, Newcomer(username="admin2", organisation_id=council.id, roles=("admin",)), password=PASSWORD
        )
        people.invite(visit, Newcomer(username="miriam", organisation_id=council.id), password=PASSWORD)
    assert sign_in.credential("miriam").display == "miriam"
