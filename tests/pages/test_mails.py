"""Choosing on the account page to be told by mail, and what an administrator sees of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import store
from governance import machinery
from governance.notices import choosing, outbox
from governance.notices.choosing import Pace
from tests.catalogue import made
from tests.catalogue.made import NOW, Collaboration
from tests.pages.drawn import draw, text

ACCOUNT, HEALTH = "pages.account.account", "pages.steward.health"


@pytest.fixture
def table(home: Path) -> Collaboration:
    return made.collaboration()


@pytest.fixture
def with_mail(table: Collaboration) -> Iterator[Collaboration]:
    found = store.settings()
    store.use_settings(dataclasses.replace(found, mail_host="mail.example", mail_from="table@town.example"))
    yield table
    store.use_settings(found)


def account(table: Collaboration, username: str = "priya") -> AppTest:
    return draw(ACCOUNT, table.viewers[username], now=NOW)


def press(app: AppTest, words: str) -> AppTest:
    return next(each for each in app.button if each.label == words).click().run()


def test_where_no_mails_are_sent_no_page_speaks_of_them(table: Collaboration) -> None:
    for page, username in ((ACCOUNT, "priya"), (HEALTH, "ada")):
        drawn = draw(page, table.viewers[username], now=NOW)
        said = text(drawn) + " ".join(each.label for each in (*drawn.button, *drawn.text_input, *drawn.radio))
        assert "mail" not in said.lower() and "webhook" not in said.lower()


def test_a_person_chooses_confirms_and_ends_on_the_account_page(with_mail: Collaboration) -> None:
    first = account(with_mail)
    assert "Told by mail" in text(first)
    first.text_input[0].set_value("priya@post.example")
    first.radio[0].set_value(Pace.SOON)
    second = press(first, "Send me a code")
    assert "A code is sent to priya@post.example" in text(second)
    with machinery("test", now=NOW) as visit:
        letter = outbox.letter(visit, outbox.due(visit)[0])
        assert letter is not None and outbox.handing(visit, letter)
    wrong = second.text_input[0].set_value("1111")
    assert wrong is not None
    refused = press(second, "Confirm the address")
    assert "This is not the code" in text(refused)
    refused.text_input[0].set_value(letter.code)
    third = press(refused, "Confirm the address")
    assert "Within a quarter of an hour" in text(third)
    assert "Send me a code" not in [each.label for each in third.button]
    press(third, "End the mails")
    with with_mail.as_("priya") as visit:
        assert choosing.choice(visit) is None


def test_the_link_in_the_mail_brings_the_code_and_confirms_nothing_by_itself(with_mail: Collaboration) -> None:
    with with_mail.as_("priya") as visit:
        choosing.choose(visit, "priya@post.example", Pace.DAILY)
    with machinery("test", now=NOW) as visit:
        letter = outbox.letter(visit, outbox.due(visit)[0])
        assert letter is not None and outbox.handing(visit, letter)
    brought = draw(ACCOUNT, with_mail.viewers["priya"], now=NOW, code=letter.code)
    with with_mail.as_("priya") as visit:
        chosen = choosing.choice(visit)
    assert chosen is not None and not chosen.confirmed
    assert "Another address" in press(brought, "Confirm the address").expander[0].label
    with with_mail.as_("priya") as visit:
        chosen = choosing.choice(visit)
    assert chosen is not None and chosen.confirmed


def test_an_address_that_is_refused_is_said_on_the_account_page(with_mail: Collaboration) -> None:
    with with_mail.as_("priya") as visit:
        choosing.choose(visit, "nobody@post.example", Pace.DAILY)
    with machinery("test", now=NOW) as visit:
        (only,) = outbox.due(visit)
        outbox.failed(visit, only, "The mail server answered 550 to the address.", for_good=True, no_such_address=True)
    assert "there is no nobody@post.example" in text(account(with_mail))


def test_an_administrator_is_told_what_was_not_taken_and_never_to_whom(with_mail: Collaboration) -> None:
    with with_mail.as_("priya") as visit:
        choosing.choose(visit, "nobody@post.example", Pace.DAILY)
    with machinery("test", now=NOW) as visit:
        outbox.failed(visit, outbox.due(visit)[0], "The mail server cannot be reached.")
    said = text(draw(HEALTH, with_mail.viewers["ada"], now=NOW))
    assert "Tried again" in said and "The mail server cannot be reached." in said
    assert "post.example" not in said and "Priya" not in said
