"""The sign-in door: sessions die when they should, guesses are slowed, links work once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from entrypoints.gate import session_is_valid
from governance import Invalid, NotPermitted, Role, clock, machinery, operator, visiting
from governance import people as people_room
from governance import sign_in as door
from governance.passwords import check, encoded, hashed, matches
from governance.people import Newcomer
from governance.policy import Housekeeping
from governance.sign_in import FORGET_AFTER, LONGEST_WAIT
from pages.shell import frame

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PASSWORD = "quiet river lantern seven"


@pytest.fixture
def ada(home: Path) -> str:
    with operator("test", now=NOW) as visit:
        agency = people_room.save_organisation(visit, "Harbour District Council")
        for name in ("ada", "root"):
            newcomer = Newcomer(username=name, organisation_id=agency.id, roles=("admin",) if name == "root" else ())
            people_room.invite(visit, newcomer, password=PASSWORD)
    return "ada"


def signed_in(username: str, now: datetime = NOW) -> str:
    sid = door.redeem(door.ticket(username, "10.0.0.1", now=now), "10.0.0.1", now=now)
    assert sid
    return sid


def is_valid(sid: str, now: datetime = NOW) -> bool:
    with visiting(sid, now=now) as visit:
        return visit is not None


def test_a_session_carries_who_it_is(ada: str) -> None:
    with visiting(signed_in(ada), now=NOW) as visit:
        assert visit is not None
        assert (visit.viewer.username, visit.viewer.organisation) == ("ada", "Harbour District Council")
        assert visit.viewer.roles == {Role.MEMBER}


def test_a_ticket_works_once_and_for_half_a_minute(ada: str) -> None:
    used = door.ticket(ada, "x", now=NOW)
    assert door.redeem(used, now=NOW)
    assert door.redeem(used, now=NOW) is None
    late = door.ticket(ada, "x", now=NOW)
    assert door.redeem(late, now=NOW + timedelta(seconds=31)) is None


def test_a_copied_session_is_dead_after_log_out(ada: str) -> None:
    sid = signed_in(ada)
    door.sign_out(sid)
    assert not is_valid(sid)


def test_a_copied_session_is_dead_after_a_password_change(ada: str) -> None:
    sid, other = signed_in(ada), signed_in(ada)
    with visiting(sid, now=NOW) as visit:
        assert visit is not None
        door.change_password(visit, PASSWORD, "another long quiet phrase")
    assert not is_valid(sid)
    assert not is_valid(other)


def test_a_copied_session_is_dead_after_a_role_change_and_after_disabling(ada: str) -> None:
    for change in ("roles", "disable"):
        sid = signed_in(ada)
        with operator("test", now=NOW) as visit:
            if change == "roles":
                people_room.change_person(visit, ada, roles=["steward"])
            else:
                people_room.disable(visit, ada)
        assert not is_valid(sid)


def test_a_disabled_person_cannot_sign_in(ada: str) -> None:
    with operator("test", now=NOW) as visit:
        people_room.disable(visit, ada)
    with pytest.raises(NotPermitted):
        door.ticket(ada, "x", now=NOW)


def test_an_idle_session_ends_and_so_does_an_old_one(ada: str) -> None:
    sid = signed_in(ada)
    assert is_valid(sid, NOW + timedelta(minutes=29))
    assert not is_valid(sid, NOW + timedelta(minutes=62))
    kept, moment = signed_in(ada), NOW
    while moment < NOW + timedelta(hours=11, minutes=45):
        assert is_valid(kept, moment)
        moment += timedelta(minutes=20)
    assert not is_valid(kept, NOW + timedelta(hours=12, minutes=1))


def test_an_unknown_name_gets_a_credential_of_the_same_shape(ada: str) -> None:
    known, unknown = door.credential(ada), door.credential("nobody")
    assert known.password_hash[:7] == unknown.password_hash[:7]
    assert len(known.password_hash) == len(unknown.password_hash)


@pytest.mark.parametrize("names", ["one", "many"])
def test_ten_thousand_guesses_an_hour_from_one_address_evaluate_at_most_a_hundred(home: Path, names: str) -> None:
    evaluated = 0
    for second in range(0, 3600, 2):
        name = "ada" if names == "one" else f"name-{second}"
        for _ in range(6 if second % 10 == 0 else 1):
            evaluated += door.wait_before(name, "10.9.9.9", now=NOW + timedelta(seconds=second)) == 0
    assert 3 <= evaluated <= 100


def test_guesses_at_one_name_from_many_addresses_are_slowed_too(home: Path) -> None:
    evaluated = sum(
        door.wait_before("ada", f"10.1.{second // 250}.{second % 250}", now=NOW + timedelta(seconds=second)) == 0
        for second in range(0, 3600, 3)
    )
    assert evaluated <= 100


def test_waiting_is_forgotten_after_an_hour_and_after_a_right_password(ada: str) -> None:
    for _ in range(8):
        door.wait_before(ada, "10.0.0.2", now=NOW)
    assert 0 < door.wait_before(ada, "10.0.0.2", now=NOW) <= LONGEST_WAIT
    assert door.wait_before(ada, "10.0.0.2", now=NOW + FORGET_AFTER + timedelta(minutes=2)) == 0
    door.ticket(ada, "10.0.0.2", now=NOW + FORGET_AFTER + timedelta(minutes=2))
    assert door.wait_before(ada, "10.0.0.2", now=NOW + FORGET_AFTER + timedelta(minutes=2)) == 0


def test_an_invitation_sets_a_password_once(ada: str) -> None:
    with operator("test", now=NOW) as visit:
        link = people_room.new_link(visit, ada)
    assert door.invitation(link, now=NOW) is not None
    with pytest.raises(Invalid, match="15 characters"):
        door.accept(link, "short", now=NOW)
    assert door.redeem(door.accept(link, "a long new pass phrase", now=NOW), now=NOW)
    assert door.invitation(link, now=NOW) is None
    with pytest.raises(Invalid, match="used already"):
        door.accept(link, "a long new pass phrase", now=NOW)
    assert door.invitation("made up", now=NOW) is None


def test_the_set_up_link_is_offered_until_it_was_used(home: Path) -> None:
    with operator("init", now=NOW) as visit:
        first, second = people_room.first_administrator(visit), people_room.first_administrator(visit)
    assert first and second
    door.accept(first, "a long new pass phrase", now=NOW)
    with operator("init", now=NOW) as visit:
        assert people_room.first_administrator(visit) == ""


def test_the_only_administrator_stays(ada: str) -> None:
    with operator("test", now=NOW) as visit:
        with pytest.raises(Invalid, match="only administrator"):
            people_room.disable(visit, "root")
        with pytest.raises(Invalid, match="only administrator"):
            people_room.change_person(visit, "root", roles=["member"])


def test_no_password_or_token_is_kept_as_it_is(ada: str, home: Path) -> None:
    sid = signed_in(ada)
    with machinery("test") as visit, visit.change(Housekeeping(reason="test")) as session:
        raw = session.connection().connection.driver_connection
        dump = "\n".join(raw.iterdump()) if hasattr(raw, "iterdump") else ""
    assert PASSWORD not in dump
    assert sid not in dump


def test_a_tab_that_only_checks_by_itself_keeps_no_session_alive(ada: str) -> None:
    sid = signed_in(ada)
    for minute in range(1, 30):
        with visiting(sid, now=NOW + timedelta(minutes=minute), touch=False) as visit:
            assert visit is not None
    with visiting(sid, now=NOW + timedelta(minutes=31), touch=False) as visit:
        assert visit is None


def test_blanks_at_the_ends_of_a_password_do_not_count() -> None:
    kept = hashed("  quiet river lantern seven\n")
    assert matches("quiet river lantern seven", kept)
    assert not matches("quietriverlanternseven", kept)
    assert encoded(f"\t{'long walk ' * 9}") == encoded(f"{'long walk ' * 9}".strip())


def test_blanks_do_not_make_a_password_longer_or_rarer() -> None:
    for weak in ("short" + " " * 20, " correct horse battery staple "):
        with pytest.raises(Invalid):
            check(weak)
    check(" " * 200 + "quiet river lantern seven")


def test_neither_the_gate_nor_the_open_tab_keeps_a_session_alive(ada: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock()
    sid = signed_in(ada, now - timedelta(minutes=20))
    assert session_is_valid(sid)
    monkeypatch.setattr(frame, "session_id", lambda: sid)
    monkeypatch.setattr(frame, "RECHECK_SECONDS", 0)
    tab = AppTest.from_string("from pages.shell import frame\nframe._recheck()").run()
    assert not tab.exception
    with visiting(sid, now=now + timedelta(minutes=11), touch=False) as visit:
        assert visit is None
