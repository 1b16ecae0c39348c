"""One list of what waits for a person, who is told of it, and what the book of mails keeps."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import store
from catalogue import curation, holding, registering
from catalogue.answers import Answers
from entrypoints import background
from governance import Invalid, NotFound, NotPermitted, Role, audit, holds, machinery, operator, people
from governance.access import Scope
from governance.agreements import signing
from governance.commitments import CommitmentDraft, CommitmentKind, make
from governance.concerns import About, Worry, agree, concerns, raise_concern, restate
from governance.concerns import State as Step
from governance.notices import COUNTED, Kind, Notice, choosing, counted, outbox, overseeing, preparing, waiting
from governance.notices.choosing import Pace
from governance.notices.outbox import Letter, State, Way
from governance.tables import DeliveryRow, MailChoiceRow, ToldRow
from pages.home import _waiting
from store.settings import Settings, SettingWrong
from tests.catalogue import made
from tests.catalogue.made import NOW, Collaboration
from tests.governance.tables_of_four import NAMES, Table, seated
from tests.governance.tables_of_four import NOW as FOUR_NOW

background.load()
REPAIRS = Answers(
    title="Repairs",
    description="Repairs done, by kind and day, with the time they took.",
    people="no",
    answers_for="miriam",
    frequency="monthly",
    listing="everyone",
)
POST = {"mail_host": "127.0.0.1", "mail_security": "none", "mail_from": "table@town.example"}
WEBHOOK = {"webhook_url": "https://chat.example/in", "webhook_secret": "a secret"}


@pytest.fixture
def table(home: Path) -> Collaboration:
    return made.collaboration()


@pytest.fixture
def with_mail(table: Collaboration) -> Iterator[Collaboration]:
    """The same table with a mail server in the settings (nothing is sent by these tests)."""
    found = store.settings()
    store.use_settings(dataclasses.replace(found, **POST))
    yield table
    store.use_settings(found)


def kinds(table: Collaboration, username: str, *, now: datetime = NOW) -> dict[str, int]:
    with table.as_(username, now=now) as visit:
        return {str(kind): number for kind, number in counted(waiting(visit)).items()}


def submitted(table: Collaboration, title: str = "Repairs") -> str:
    with table.as_("miriam") as visit:
        drafted = registering.save_draft(visit, dataclasses.replace(REPAIRS, title=title))
        return registering.submit(visit, drafted.id).id


def code_of(username: str, *, now: datetime = NOW) -> str:
    """The code in the mail that is due to this person's address; the mail counts as sent."""
    with machinery("test", now=now) as visit:
        found = [outbox.letter(visit, each) for each in outbox.due(visit)]
        letter = next(each for each in found if each and each.way is Way.CONFIRM and each.name == username.title())
        assert outbox.handing(visit, letter)
        outbox.sent(visit, letter.id)
    return letter.code


def wants(table: Collaboration, username: str, pace: Pace = Pace.SOON) -> None:
    with table.as_(username) as visit:
        choosing.choose(visit, f"{username}@post.example", pace)
        choosing.confirm(visit, code_of(username))


def letters(*, now: datetime = NOW) -> list[Letter]:
    """What the next turn would send; nothing is handed over."""
    with machinery("test", now=now) as visit:
        preparing.prepare(visit)
        found = [outbox.letter(visit, each) for each in outbox.due(visit)]
    return [each for each in found if each is not None]


def send_all(*, now: datetime = NOW) -> list[Letter]:
    """A turn in which everything is taken."""
    found = letters(now=now)
    with machinery("test", now=now) as visit:
        for each in found:
            assert outbox.handing(visit, each)
            outbox.sent(visit, each.id)
    return found


def test_every_kind_can_be_counted_in_words() -> None:
    assert list(COUNTED) == list(Kind)
    assert list(_waiting._SYMBOLS) == list(Kind)


def test_the_subject_of_a_notice_is_never_read_as_a_format() -> None:
    odd = Notice(kind=Kind.HELD, key="k", words="{} is paused", subject="{0.__class__} {} %s", page="holds")
    assert odd.around == ("", " is paused")


def test_what_waits_is_in_the_order_of_the_kinds_and_then_of_the_days(table: Collaboration) -> None:
    about = About(kind="collaboration")
    with table.as_("jonas") as visit:
        for days in (3, 1, 2):
            due = visit.today + timedelta(days=days)
            make(visit, CommitmentDraft(kind=CommitmentKind.PROMISE, what=f"{days}", about=about, due=due))
    with table.as_("jonas", now=NOW + timedelta(days=9)) as visit:
        found = waiting(visit)
    assert [each.subject for each in found] == ["1", "2", "3"]
    order = list(Kind)
    assert [order.index(each.kind) for each in found] == sorted(order.index(each.kind) for each in found)


def test_a_registration_and_a_correction_wait_for_stewards(table: Collaboration) -> None:
    unclear = made.harvested(made.record("Play areas"), source_id=made.source())
    submitted(table)
    with table.as_("hanna") as visit:
        curation.suggest_correction(visit, unclear, "title", value="Playgrounds", reason="Their name")
    assert kinds(table, "priya") == {"registration": 1, "correction": 1, "licence": 1}
    assert kinds(table, "miriam") == {}


def test_nobody_is_told_of_a_concern_about_what_they_may_not_know_of(table: Collaboration) -> None:
    tidewater = table.organisations["Tidewater Homes"]
    hidden = made.harvested(
        made.record("Tenancy files"), source_id=made.source(), listing="owner", organisation_id=tidewater
    )
    with table.as_("hanna") as visit:
        raise_concern(visit, Worry(about=About(kind="dataset", id=hidden, title="Tenancy files"), words="No.", felt=2))
    assert kinds(table, "jonas")["answer"] == 1
    assert "answer" not in kinds(table, "priya")
    assert "answer" not in kinds(table, "miriam")


def test_a_concern_goes_to_and_fro_between_owner_and_who_raised_it(table: Collaboration) -> None:
    owned = made.harvested(
        made.record("Repairs", licence=("cc-by-4.0",)),
        source_id=made.source(),
        organisation_id=table.organisations["Tidewater Homes"],
    )
    with table.as_("miriam") as visit:
        raised = raise_concern(
            visit, Worry(about=About(kind="dataset", id=owned, title="Repairs"), words="Hm.", felt=2)
        )
    before = kinds(table, "hanna")
    with table.as_("hanna") as visit:
        restate(visit, raised.id, "You fear a league table.")
    assert (before["answer"], "answer" in kinds(table, "hanna"), kinds(table, "miriam")["agree"]) == (1, False, 1)
    with table.as_("miriam") as visit:
        agree(visit, raised.id)
    assert kinds(table, "hanna")["answer"] == 1


def test_a_paused_dataset_waits_for_those_who_can_lift_the_pause(table: Collaboration) -> None:
    owned = made.harvested(
        made.record("Repairs", licence=("cc-by-4.0",)),
        source_id=made.source(),
        organisation_id=table.organisations["Tidewater Homes"],
    )
    with table.as_("jonas") as visit:
        holding.hold(visit, owned, "We check the codes.")
    assert kinds(table, "jonas")["held"] == 1
    assert "held" not in kinds(table, "hanna")
    assert "held" not in kinds(table, "priya")


def asked(four: Table, name: str, *, days: int = 0, **other: Any) -> list[tuple[str, str, str]]:
    with four.visit(name, now=FOUR_NOW + timedelta(days=days, hours=1), **other) as visit:
        return [(str(each.kind), each.words, each.subject) for each in waiting(visit)]


def test_an_agreement_asks_its_parties_for_each_of_its_steps(home: Path) -> None:
    four = seated()
    said = "A-1, Young people's pathways"
    agreement, version = four.in_review(four.document(ends_on=date(2027, 1, 5), review_on=date(2026, 12, 1)))
    with four.visit("Council") as visit:
        signing.open_for_signature(visit, version, subjects=four.subjects())
    signature = ("signature", "{} waits for your signature", said)
    assert all(asked(four, name) == [signature] for name in NAMES)
    assert asked(four, "Trust", roles=(Role.MEMBER,)) == []
    for name in NAMES:
        four.sign(name, agreement, version)
    assert asked(four, "Trust") == []
    assert asked(four, "Trust", days=9) == [("review", "{} is due for its review", said)]
    assert asked(four, "Trust", days=38) == [
        ("review", "{} is due for its review", said),
        ("ending", "{} ends in 6 days", said),
    ]
    assert asked(four, "Trust", days=45) == []


def test_an_agreement_that_a_party_pauses_is_told_to_its_parties_alone(home: Path) -> None:
    four = seated()
    agreement, _version = four.in_force()
    with operator("test", now=FOUR_NOW) as visit:
        stranger = people.save_organisation(visit, "Stranger")
    with four.visit("Housing", now=FOUR_NOW + timedelta(minutes=9)) as visit:
        holds.place(
            visit, Scope.AGREEMENT, agreement, organisation_id=four.ids["Housing"], reason="We check the codes."
        )
    said = "A-1, Young people's pathways"
    assert asked(four, "Housing") == [("held", "Your organisation has paused {}", said)]
    assert asked(four, "Trust") == [("held", "{} is paused by Housing", said)]
    assert asked(Table(ids={**four.ids, "Stranger": stranger.id}), "Stranger") == []


def test_without_a_mail_server_nobody_can_choose_and_nothing_is_prepared(table: Collaboration) -> None:
    submitted(table)
    with table.as_("priya") as visit:
        with pytest.raises(NotPermitted):
            choosing.choose(visit, "priya@post.example", Pace.SOON)
        assert choosing.choice(visit) is None
    assert letters() == []
    with operator("test") as visit:
        assert overseeing.sending(visit) is None


def test_nobody_is_told_who_has_not_chosen_it_and_confirmed_the_address(with_mail: Collaboration) -> None:
    submitted(with_mail)
    assert letters() == []
    with with_mail.as_("priya") as visit:
        choosing.choose(visit, "priya@post.example", Pace.SOON)
    (only,) = letters()
    assert (only.way, only.address, dict(only.waiting)) == (Way.CONFIRM, "priya@post.example", {})
    with with_mail.as_("priya") as visit:
        with pytest.raises(Invalid):
            choosing.confirm(visit, "0000-0000-0000-0000-0000-0000")
        choosing.confirm(visit, code_of("priya").lower().replace("-", " "))
        found = choosing.choice(visit)
    assert found is not None and found.confirmed
    (told,) = letters()
    assert (told.way, told.new) == (Way.MAIL, {Kind.REGISTRATION: 1})


def test_a_code_of_somebody_else_or_too_old_confirms_nothing(with_mail: Collaboration) -> None:
    for username in ("priya", "jonas"):
        with with_mail.as_(username) as visit:
            choosing.choose(visit, f"{username}@post.example", Pace.SOON)
    code = code_of("priya")
    with with_mail.as_("jonas") as visit, pytest.raises(Invalid):
        choosing.confirm(visit, code)
    with with_mail.as_("priya", now=NOW + timedelta(days=8)) as visit, pytest.raises(Invalid, match="too old"):
        choosing.confirm(visit, code)


def test_another_address_is_confirmed_anew_and_the_old_one_gets_nothing(with_mail: Collaboration) -> None:
    wants(with_mail, "priya")
    submitted(with_mail)
    assert len(letters()) == 1
    with with_mail.as_("priya") as visit:
        choosing.choose(visit, "new@post.example", Pace.SOON)
    assert [(each.way, each.address) for each in letters()] == [(Way.CONFIRM, "new@post.example")]


def test_nobodys_mailbox_is_flooded_with_codes(with_mail: Collaboration) -> None:
    with with_mail.as_("priya") as visit:
        for number in range(choosing.CODES_A_DAY):
            choosing.choose(visit, f"somebody{number}@post.example", Pace.SOON)
        with pytest.raises(Invalid, match="come back tomorrow"):
            choosing.choose(visit, "more@post.example", Pace.SOON)
    assert [each.address for each in letters()] == ["somebody2@post.example"]


NO_ADDRESSES = (
    "",
    "priya",
    "a@b@c.example",
    "a b@c.example",
    "a@b.example\r\nBcc: x@y.example",
    "Priya <a@b.example>",
    "é@b.example",
    "a@-b.example",
    "a@b..example",
    f"{'a' * 65}@b.example",
    "a@b.example,c@d.example",
)


def test_what_is_no_single_plain_address_is_refused(with_mail: Collaboration) -> None:
    with with_mail.as_("priya") as visit:
        for address in NO_ADDRESSES:
            with pytest.raises(Invalid):
                choosing.choose(visit, address, Pace.SOON)
        assert choosing.choice(visit) is None


def test_each_thing_is_told_once_and_again_only_when_it_has_come_back(with_mail: Collaboration) -> None:
    wants(with_mail, "priya")
    first = submitted(with_mail)
    assert [dict(each.new) for each in send_all()] == [{Kind.REGISTRATION: 1}]
    assert send_all() == []
    submitted(with_mail, "Visits")
    (second,) = send_all()
    assert (dict(second.new), dict(second.waiting)) == ({Kind.REGISTRATION: 1}, {Kind.REGISTRATION: 2})
    with with_mail.as_("priya") as visit:
        registering.ask_changes(visit, first, note="Name the wards.")
    assert send_all() == []
    with with_mail.as_("miriam") as visit:
        registering.submit(visit, first)
    assert [dict(each.new) for each in send_all()] == [{Kind.REGISTRATION: 1}]


def test_a_daily_digest_is_made_up_once_a_day_and_not_before_seven(with_mail: Collaboration) -> None:
    wants(with_mail, "priya", Pace.DAILY)
    early = NOW.replace(hour=6, minute=59)
    submitted(with_mail)
    assert letters(now=early) == []
    assert len(send_all(now=NOW.replace(hour=7, minute=0))) == 1
    submitted(with_mail, "Visits")
    assert letters(now=NOW.replace(hour=12)) == []
    assert len(send_all(now=NOW + timedelta(days=1))) == 1
    assert letters(now=NOW + timedelta(days=2)) == []


def test_what_was_settled_or_hidden_before_it_was_sent_is_not_told(with_mail: Collaboration) -> None:
    wants(with_mail, "priya")
    waits = submitted(with_mail)
    assert len(letters()) == 1
    with with_mail.as_("priya") as visit:
        registering.decline(visit, waits, reason="It is there already.")
    assert letters() == []
    with machinery("test") as visit:
        assert {each.state for each in visit.read().query(DeliveryRow)} == {State.SENT, State.DROPPED}


def test_who_is_disabled_gets_nothing_any_more(with_mail: Collaboration) -> None:
    wants(with_mail, "priya")
    submitted(with_mail)
    assert len(letters()) == 1
    with operator("test") as visit:
        people.disable(visit, "priya")
    assert letters() == []
    submitted(with_mail, "Visits")
    assert letters() == []


def test_ending_the_mails_forgets_the_address_and_takes_back_what_was_not_sent(with_mail: Collaboration) -> None:
    wants(with_mail, "priya")
    submitted(with_mail)
    assert len(letters()) == 1
    with with_mail.as_("priya") as visit:
        choosing.end(visit)
        assert choosing.choice(visit) is None
    assert letters() == []
    with machinery("test") as visit:
        assert visit.read().query(MailChoiceRow).count() == visit.read().query(ToldRow).count() == 0


def test_the_token_of_a_mail_that_was_sent_ends_all_mails_without_signing_in(with_mail: Collaboration) -> None:
    wants(with_mail, "priya")
    submitted(with_mail)
    (told,) = send_all()
    with pytest.raises(NotFound):
        choosing.stop("another", now=NOW)
    with pytest.raises(NotFound):
        choosing.stop("", now=NOW)
    choosing.stop(told.token, now=NOW)
    choosing.stop(told.token, now=NOW)
    with with_mail.as_("priya") as visit:
        assert choosing.choice(visit) is None
    with operator("test") as visit:
        events = [each for each in audit.events(visit) if each.action.startswith("person.mails")]
    assert [each.action for each in events] == ["person.mails_stopped", "person.mails_confirmed", "person.mails_chosen"]
    assert "post.example" not in str(events)


def test_while_the_mail_server_is_away_one_mail_gathers_what_is_new(with_mail: Collaboration) -> None:
    wants(with_mail, "priya")
    submitted(with_mail)
    (first,) = letters()
    submitted(with_mail, "Visits")
    (both,) = letters(now=NOW + timedelta(minutes=15))
    assert (both.id, dict(both.new)) == (first.id, {Kind.REGISTRATION: 2})
    with machinery("test", now=NOW) as visit:
        assert not outbox.handing(visit, first), "an older reading of it must not be sent"
        assert outbox.handing(visit, both)
        assert not outbox.handing(visit, both), "nor the same one twice"


def test_it_is_tried_again_later_each_time_and_then_given_up_with_a_line(with_mail: Collaboration) -> None:
    wants(with_mail, "priya")
    submitted(with_mail)
    now, pauses = NOW, []
    for _ in range(outbox.TRIES):
        (found,) = letters(now=now)
        with machinery("test", now=now) as visit:
            outbox.failed(visit, found.id, "The mail server cannot be reached.")
            row = visit.read().get(DeliveryRow, found.id)
            assert row is not None
            pauses.append(row.next_at - now)
            now = max(now, row.next_at)
            assert outbox.due(visit) == ()
    assert pauses[:-1] == sorted(pauses[:-1]) and pauses[0] == outbox.FIRST_PAUSE
    assert letters(now=now + timedelta(days=1)) == []
    with operator("test", now=now) as visit:
        found_out = overseeing.sending(visit)
    assert found_out is not None
    assert [(each.given_up, each.problem) for each in found_out.troubles] == [
        (True, "The mail server cannot be reached.")
    ]
    with with_mail.as_("jonas") as visit, pytest.raises(NotPermitted):
        overseeing.sending(visit)


def test_an_address_that_does_not_exist_gets_nothing_until_it_is_entered_anew(with_mail: Collaboration) -> None:
    wants(with_mail, "priya")
    submitted(with_mail)
    (found,) = letters()
    with machinery("test", now=NOW) as visit:
        outbox.failed(visit, found.id, "The mail server answered 550.", for_good=True, no_such_address=True)
    submitted(with_mail, "Visits")
    assert letters() == []
    with with_mail.as_("priya") as visit:
        kept = choosing.choice(visit)
        assert kept is not None and kept.refused


def test_a_mail_whose_sender_was_killed_in_the_middle_is_not_sent_twice(with_mail: Collaboration) -> None:
    wants(with_mail, "priya")
    submitted(with_mail)
    (found,) = letters()
    with machinery("test", now=NOW) as visit:
        assert outbox.handing(visit, found)
        assert outbox.letter(visit, found.id) is None
        row = visit.read().get(DeliveryRow, found.id)
        assert row is not None and row.state == State.UNKNOWN
        assert outbox.due(visit) == ()


def test_the_webhook_is_told_of_each_thing_once_whoever_it_waits_for(table: Collaboration) -> None:
    found = store.settings()
    store.use_settings(dataclasses.replace(found, **WEBHOOK))
    submitted(table)
    for username in ("petra", "paul"):
        table.person(username, "Harbour Council", "steward")
    (told,) = letters()
    assert (told.way, told.address, told.name) == (Way.WEBHOOK, "", "")
    assert (dict(told.new), dict(told.waiting)) == ({Kind.REGISTRATION: 1}, {Kind.REGISTRATION: 1})
    send_all()
    assert letters() == []
    store.use_settings(found)


@pytest.mark.parametrize(
    ("wrong", "names"),
    [
        ({"mail_security": "ssl"}, "COMMONTABLE_MAIL_SECURITY"),
        ({"mail_host": "mail.example"}, "COMMONTABLE_MAIL_FROM"),
        ({"mail_host": "mail.example", "mail_from": "a@b.example\nBcc: c@d.example"}, "COMMONTABLE_MAIL_FROM"),
        ({**POST, "mail_password": "secret"}, "COMMONTABLE_MAIL_PASSWORD"),
        ({"webhook_url": "https://chat.example"}, "COMMONTABLE_WEBHOOK_SECRET"),
    ],
)
def test_settings_that_do_not_go_together_are_named(wrong: dict[str, str], names: str) -> None:
    with pytest.raises(SettingWrong, match=names):
        Settings(**wrong)  # type: ignore[arg-type]


STEPS = ("register", "ask changes", "hand in again", "worry", "say back", "turn")


@dataclasses.dataclass
class Watched:
    """A table that goes on from example to example, and what each of its people was told."""

    table: Collaboration
    owned: str
    told: dict[str, set[str]] = dataclasses.field(default_factory=dict)
    now: datetime = NOW


@pytest.fixture
def watched(with_mail: Collaboration) -> Watched:
    owner = with_mail.organisations["Harbour Council"]
    said = made.record("Visits", licence=("cc-by-4.0",))
    for username in ("priya", "miriam", "hanna"):
        wants(with_mail, username)
    return Watched(table=with_mail, owned=made.harvested(said, source_id=made.source(), organisation_id=owner))


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), min_size=3, max_size=9))
def test_whatever_happens_the_mails_tell_what_home_counts_and_each_thing_once(
    watched: Watched, steps: list[str]
) -> None:
    for step in [*steps, "turn"]:
        watched.now += timedelta(hours=1)
        _take(watched.table, watched.owned, step)
        if step == "turn":
            _check(watched.table, watched.told, now=watched.now)


def _take(table: Collaboration, owned: str, step: str) -> None:
    with table.as_("miriam") as visit:
        mine = registering.registrations(visit)
    match step:
        case "register":
            submitted(table)
        case "ask changes" if [each for each in mine if each.state == registering.SUBMITTED]:
            first = next(each for each in mine if each.state == registering.SUBMITTED)
            with table.as_("priya") as visit:
                registering.ask_changes(visit, first.id, note="Name the wards.")
        case "hand in again" if [each for each in mine if each.state == registering.CHANGES_ASKED]:
            first = next(each for each in mine if each.state == registering.CHANGES_ASKED)
            with table.as_("miriam") as visit:
                registering.submit(visit, first.id)
        case "worry":
            about = About(kind="dataset", id=owned, title="Visits")
            with table.as_("hanna") as visit:
                raise_concern(visit, Worry(about=about, words="It may be misread.", felt=2))
        case "say back":
            with table.as_("priya") as visit:
                for each in concerns(visit):
                    if each.state is Step.RAISED:
                        restate(visit, each.id, "You fear a league table.")


def _check(table: Collaboration, told: dict[str, set[str]], *, now: datetime) -> None:
    sent = {each.name: each for each in send_all(now=now)}
    for username in ("priya", "miriam", "hanna"):
        with table.as_(username, now=now) as visit:
            home = waiting(visit)
        keys = {each.key for each in home}
        new = keys - told.get(username, set())
        letter = sent.get(username.title())
        assert (letter is not None) == bool(new)
        if letter is not None:
            assert dict(letter.waiting) == dict(counted(home))
            assert dict(letter.new) == dict(counted(each for each in home if each.key in new))
        told[username] = keys


def test_what_is_seen_in_the_background_is_what_the_person_sees(table: Collaboration) -> None:
    submitted(table)
    with machinery("test", now=NOW) as all_seeing:
        for username in table.viewers:
            with people.seen_as(all_seeing, username) as eyes, table.as_(username) as own:
                assert waiting(eyes) == waiting(own)
