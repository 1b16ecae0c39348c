"""Cards as they are composed: order, words, actions, watch rules; what an editor may not know of stays."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from pathlib import Path

import pytest

from governance import Invalid, NotFound, NotPermitted
from reportcards import cards, composing, telling, watching
from reportcards.cards import CardDraft, ItemDraft
from reportcards.report import ActionItem, Measurement, Polarity
from reportcards.watching import Watch
from tests.catalogue.made import NOW
from tests.reportcards import ground
from tests.reportcards.ground import Ground, months, years

STEADY = [50, 52, 49, 51, 50, 48, 51, 52, 49, 50, 51, 49, 50, 51, 49, 50]


@pytest.fixture
def table(home: Path) -> Ground:
    return ground.ground()


@pytest.fixture
def three(table: Ground) -> list[ItemDraft]:
    dataset = table.dataset("Absence")
    return [ItemDraft(indicator_id=table.indicator(dataset, each, years(each, [5, 6])).id) for each in "ABC"]


def names(table: Ground, name: str, username: str = "carl") -> list[str]:
    with table.people.as_(username) as visit:
        return [each.name for each in composing.report_card(visit, name).items]


def only(table: Ground, name: str, username: str = "miriam", days: int = 0) -> Measurement:
    with table.people.as_(username, now=NOW + timedelta(days=days)) as visit:
        (item,) = composing.report_card(visit, name).items
        return composing.measurement(visit, name, item.item)


def test_a_card_keeps_its_own_order_and_what_is_taken_off_is_gone(table: Ground, three: list[ItemDraft]) -> None:
    name = table.card("Every child", *three, by="carl")
    assert name == "every-child" and names(table, name) == ["A", "B", "C"]
    with table.people.as_("carl") as visit:
        told = cards.draft(visit, name)
        cards.save(visit, dataclasses.replace(told, items=told.items[::-1], outcome="  Better  "))
    assert names(table, name) == ["C", "B", "A"]
    with table.people.as_("carl") as visit:
        told = cards.draft(visit, name)
        assert told.outcome == "Better"
        brief = cards.save(visit, dataclasses.replace(told, items=told.items[1:]))
    assert brief.items == 2 and names(table, name) == ["B", "A"]


def test_an_item_keeps_its_words_when_the_card_is_saved_again(table: Ground, three: list[ItemDraft]) -> None:
    name = table.card("Every child", three[0])
    item = only(table, name).item
    with table.people.as_("carl") as visit:
        telling.set_headline(visit, item, "Fewer  are\nmissing")
        telling.tell_story(visit, item, ["Buses", " ", "Illness"])
    with table.people.as_("priya") as visit:
        cards.save(visit, cards.draft(visit, name))
    shown = only(table, name)
    assert (shown.item, shown.headline, shown.headline_edited_by) == (item, "Fewer are missing", "Carl")
    assert (shown.story.lines, shown.story.by) == (("Buses", "Illness"), "Carl")
    assert (shown.story.organisation, shown.story.on) == ("Tidewater Homes", date(2026, 11, 21))
    with table.people.as_("carl") as visit:
        telling.set_headline(visit, item, "")
        telling.tell_story(visit, item, [])
    spoken = only(table, name)
    assert spoken.headline.startswith("A has too few") and not spoken.headline_edited_by and not spoken.story.lines


def test_what_an_editor_may_not_know_of_stays_on_the_card(table: Ground, three: list[ItemDraft]) -> None:
    hidden = table.dataset("Reviews", "closed", owner="Harbour Council", listing="owner")
    secret = ItemDraft(indicator_id=table.indicator(hidden, "Secret", years("Secret", [5, 6])).id)
    name = table.card("Every child", three[0], secret, three[1])
    with table.people.as_("carl") as visit:
        told = cards.draft(visit, name)
        assert len(told.items) == 2
        cards.save(visit, dataclasses.replace(told, items=told.items[1:]))
    assert names(table, name, "carl") == ["B"]
    assert names(table, name, "priya") == ["B", "Secret"]


def test_a_card_of_what_nobody_may_know_is_refused(table: Ground, three: list[ItemDraft]) -> None:
    hidden = table.dataset("Reviews", "closed", owner="Harbour Council", listing="owner")
    secret = table.indicator(hidden, "Secret", years("Secret", [5, 6])).id
    with table.people.as_("carl") as visit:
        for unknown in (secret, "f" * 32):
            with pytest.raises(Invalid, match="1 of the indicators chosen do not exist, or you may not know of them"):
                cards.save(visit, CardDraft(title="T", items=(ItemDraft(indicator_id=unknown),)))
        with pytest.raises(Invalid, match="needs a title"):
            cards.save(visit, CardDraft(title="  "))
        with pytest.raises(NotFound):
            cards.draft(visit, "no-such-card")


def test_names_are_plain_and_unique(table: Ground) -> None:
    made = [table.card(title) for title in ("Été & école", "Ete ecole", "Ete ecole", "子ども", "子ども", "x" * 90)]
    assert made == ["ete-ecole", "ete-ecole-2", "ete-ecole-3", "card", "card-2", "x" * 60]


def test_members_read_and_act_but_do_not_compose(table: Ground, three: list[ItemDraft]) -> None:
    name = table.card("Every child", three[0])
    item = only(table, name).item
    with table.people.as_("miriam") as visit:
        for act in (
            lambda: cards.save(visit, CardDraft(title="Mine")),
            lambda: cards.retire(visit, name, "no"),
            lambda: telling.set_headline(visit, item, "Mine"),
            lambda: telling.tell_story(visit, item, ["Mine"]),
            lambda: watching.add_watch(visit, item, Watch(kind="signal", owner="Me")),
        ):
            with pytest.raises(NotPermitted, match="ask a chair or a steward"):
                act()
        telling.add_action(visit, item, ActionItem(id="", what="Ring", who="Us", due=None, status="not started"))
    assert [each.what for each in only(table, name).actions] == ["Ring"]


def test_a_card_is_put_away_with_a_reason_and_taken_out_again(table: Ground) -> None:
    name = table.card("Every child")
    with table.people.as_("carl") as visit:
        with pytest.raises(Invalid, match="Say why"):
            cards.retire(visit, name, " ")
        cards.retire(visit, name, "Merged")
        assert cards.cards(visit) == ()
        assert [each.retired_why for each in cards.cards(visit, retired=True)] == ["Merged"]
        cards.bring_back(visit, name)
        assert [each.name for each in cards.cards(visit)] == [name]


def test_a_card_may_say_otherwise_which_direction_is_good(table: Ground) -> None:
    dataset = table.dataset("Absence")
    made = table.indicator(dataset, "A", months("A", [*STEADY, 60]), polarity=Polarity.LOW)
    name = table.card("Every child", ItemDraft(indicator_id=made.id, polarity="high"))
    shown = only(table, name)
    assert shown.signal is not None
    assert (shown.polarity, shown.signal.word) == (Polarity.HIGH, "Improvement")


def test_an_action_is_late_until_it_is_done(table: Ground, three: list[ItemDraft]) -> None:
    name = table.card("Every child", three[0])
    item = only(table, name).item
    with table.people.as_("carl") as visit:
        for what, day in (("Later", 28), ("Late", 12), ("Some day", 0)):
            due = date(2026, 11, day) if day else None
            given = ActionItem(id="", what=what, who="Us", due=due, status="not started")
            telling.add_action(visit, item, given)
        for wrong in ("nothing", ""):
            with pytest.raises(Invalid):
                telling.add_action(visit, item, ActionItem(id="", what="W", who="", due=None, status=wrong or "done"))
    shown = {each.what: each for each in only(table, name).actions}
    assert {what: each.days_late for what, each in shown.items()} == {"Late": 9, "Later": 0, "Some day": 0}
    with table.people.as_("carl") as visit:
        with pytest.raises(Invalid, match="is not how far an action can be"):
            telling.change_action(visit, shown["Late"].id, status="nearly", due=None)
        telling.change_action(visit, shown["Late"].id, status="done", due=shown["Late"].due)
    assert {each.what: each.days_late for each in only(table, name).actions}["Late"] == 0


def watched(table: Ground, *rules: Watch) -> tuple[str, str]:
    """A card with one watched monthly indicator; the dataset and the card's name."""
    dataset = table.dataset("Absence")
    made = table.indicator(dataset, "A", months("A", STEADY), polarity=Polarity.LOW)
    name = table.card("Every child", made)
    item = only(table, name).item
    with table.people.as_("carl") as visit:
        for rule in rules:
            watching.add_watch(visit, item, rule)
    return dataset, name


def test_a_rule_fires_once_for_a_period_and_is_answered(table: Ground) -> None:
    dataset, name = watched(table, Watch(kind="above", value=55, owner="Priya"))
    table.take(dataset, months("A", [*STEADY, 60]), at=NOW + timedelta(days=1))
    table.take(dataset, months("A", [*STEADY, 61]), at=NOW + timedelta(days=2))
    shown = only(table, name, days=3)
    assert [(each.what, each.owner, each.response) for each in shown.warnings] == [
        ("Above 55 in May 2025", "Priya", "")
    ]
    with table.people.as_("carl") as visit:
        assert cards.cards(visit)[0].warnings == 1
        with pytest.raises(Invalid, match="needs words"):
            watching.respond(visit, shown.warnings[0].id, " ")
        watching.respond(visit, shown.warnings[0].id, "A school was closed.")
        assert cards.cards(visit)[0].warnings == 0
    answered = only(table, name, days=3).warnings
    assert [(each.response, each.responded_by) for each in answered] == [("A school was closed.", "Carl")]
    table.take(dataset, months("A", [*STEADY, 61, 62]), at=NOW + timedelta(days=30))
    assert [each.what for each in only(table, name, days=31).warnings] == [
        "Above 55 in Jun 2025",
        "Above 55 in May 2025",
    ]


@pytest.mark.parametrize(
    ("rule", "last", "said"),
    [
        (Watch(kind="signal", owner="P"), 60, "Concern: Outside its usual range"),
        (Watch(kind="signal", owner="P"), 51, ""),
        (Watch(kind="above", value=60, owner="P"), 60, ""),
        (Watch(kind="below", value=45, owner="P"), 44, "Below 45 in May 2025"),
        (Watch(kind="below", value=45, owner="P"), 45, ""),
        (Watch(kind="change", value=5, owner="P"), 56, "Changed by +6 in May 2025"),
        (Watch(kind="change", value=6, owner="P"), 44, ""),
    ],
)
def test_what_calls_somebody(table: Ground, rule: Watch, last: float, said: str) -> None:
    dataset, name = watched(table, rule)
    assert only(table, name).warnings == (), "a rule is silent about what was there before it"
    table.take(dataset, months("A", [*STEADY, last]), at=NOW + timedelta(days=1))
    assert [each.what for each in only(table, name, days=2).warnings] == ([said] if said else [])


def test_warnings_come_first_then_concerns_then_the_cards_own_order(table: Ground) -> None:
    dataset = table.dataset("Absence")
    made = {
        each: table.indicator(dataset, each, months(each, values), polarity=Polarity.LOW)
        for each, values in (("Calm", STEADY), ("Bad", [*STEADY, 60]), ("Calm too", STEADY), ("Watched", STEADY))
    }
    name = table.card("Every child", *made.values())
    assert names(table, name) == ["Bad", "Calm", "Calm too", "Watched"]
    with table.people.as_("carl") as visit:
        item = next(each.item for each in composing.report_card(visit, name).items if each.name == "Watched")
        watching.add_watch(visit, item, Watch(kind="above", value=1, owner="Carl"))
    table.take(dataset, months("Watched", STEADY), at=NOW + timedelta(days=1))
    assert names(table, name) == ["Watched", "Bad", "Calm", "Calm too"]


def test_a_rule_can_be_taken_away_and_needs_all_its_parts(table: Ground) -> None:
    _, name = watched(table, Watch(kind="above", value=55, owner="Priya"))
    item = only(table, name).item
    with table.people.as_("carl") as visit:
        for wrong in (Watch(kind="odd", owner="P"), Watch(kind="above", owner="P"), Watch(kind="signal", owner=" ")):
            with pytest.raises(Invalid):
                watching.add_watch(visit, item, wrong)
        (rule,) = watching.watches(visit, item)
        assert rule.words == "it rises above a value (55)"
        watching.stop_watching(visit, rule.id)
        assert watching.watches(visit, item) == ()
        with pytest.raises(NotFound):
            watching.stop_watching(visit, rule.id)
