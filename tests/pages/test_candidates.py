"""The pages of candidates over real rooms: sums printed, comfort for the owner's people only, twelve clicks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from governance import Visit, concerns, visiting
from governance.concerns import About, Worry
from meetings import planning
from meetings.planning import MeetingDraft
from meetings.reading import ItemKind
from meetings.suggesting import AgendaDraft
from pages.share._candidate_demand import demand
from reportcards import indicators
from reportcards.indicators import Indicator
from sharing import barriers, diagnosis, readiness, risks, screening
from sharing.barriers import Standing
from sharing.candidates import Demand, candidate
from sharing.diagnosis import Changing, Kind, Place, Subject
from sharing.questions import questions
from sharing.ranking import Barrier, Comfort
from sharing.risks import Weight
from tests.catalogue.made import NOW, Collaboration, collaboration, harvested, record, source
from tests.sharing.table_of_uses import HARBOUR, seated

pytestmark = pytest.mark.usefixtures("home")
FINE = {code: each.fine.value for code, each in questions().items()}


@pytest.fixture
def made() -> Collaboration:
    return collaboration()


def owned(made: Collaboration, title: str, *, listing: str = "everyone", person_level: str = "aggregate") -> str:
    said = record(title, person_level=person_level, approver="Head of data")
    council = made.organisations["Harbour Council"]
    return harvested(said, source_id=source(f"Source of {title}"), organisation_id=council, listing=listing)


def screened(made: Collaboration, dataset_id: str, answers: dict[str, str] | None = None) -> None:
    with made.as_("priya") as visit:
        screening.answer(visit, dataset_id, {**FINE, **(answers or {})}, notes={"law": "By-laws, section 4"})
        screening.sign(visit, dataset_id)
        for each in Barrier:
            barriers.note(visit, dataset_id, Standing(barrier=each, stands=False))


def ready(made: Collaboration, dataset_id: str, comfort: Comfort = Comfort.READY, *, tell: bool = True) -> None:
    with made.as_("priya") as visit:
        readiness.say(visit, dataset_id, comfort, tell=tell)


def _script(path, opened):  # type: ignore[no-untyped-def]  # Streamlit runs its text, without this file's names
    import importlib

    from governance import CommonTableError

    with opened() as visit:
        try:
            importlib.import_module(f"pages.share.{path}").render(visit)
        except CommonTableError as error:
            import streamlit

            streamlit.text(error.sentence)


def opened(made: Collaboration, path: str, username: str, **query: Any) -> AppTest:
    """The page as this person sees it, run once."""

    @contextmanager
    def visit() -> Iterator[Visit]:
        with made.as_(username) as one:
            yield one

    test = AppTest.from_function(_script, default_timeout=60, args=(path, visit))
    test.query_params.update(query)
    test.run()
    assert not test.exception, test.exception
    return test


def _dialog(module, given, opened):  # type: ignore[no-untyped-def]
    import importlib

    setattr(importlib.import_module("pages.shell.again"), "visiting", lambda *_session, **_touch: opened())  # noqa: B010
    importlib.import_module(f"pages.share.{module}").ask(*given)


def dialog(made: Collaboration, module: str, username: str, *given: object) -> AppTest:
    """A dialog that stays open: its function is what a button of the page calls."""
    test = AppTest.from_function(_dialog, default_timeout=60, args=(module, given, lambda: made.as_(username)))
    test.run()
    assert not test.exception, test.exception
    return test


@pytest.fixture(autouse=True)
def _visiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dialogs check the session anew; here the page's own person is in it, and afterwards it is as it was."""
    monkeypatch.setattr("pages.shell.again.visiting", visiting)


def words(test: AppTest) -> str:
    """Everything the page draws itself, as text with markup."""
    return "\n".join(str(getattr(each, "value", "")) for each in [*test.get("html"), *test.text])


def press(test: AppTest, label: str) -> AppTest:
    """The button with these words."""
    next(each for each in test.button if each.label == label).click()
    return test.run()


def buttons(test: AppTest) -> set[str]:
    return {each.label for each in test.button}


def test_the_bands_stand_in_order_and_each_row_prints_its_sum(made: Collaboration) -> None:
    air, birds, names = owned(made, "Air"), owned(made, "Birds"), owned(made, "Names", person_level="identifiable")
    for each in (air, birds, names):
        screened(made, each)
    ready(made, air)
    page = words(opened(made, "candidates", "hanna"))
    places = [page.index(each) for each in ("A: Start here", "Air", "B: Next", "Birds", "C: With care", "Names")]
    assert places == sorted(places)
    with made.as_("hanna") as visit:
        for each in (air, birds, names):
            assert candidate(visit, each, demand(visit)).ranked.sum in page
    assert "stop: people can be recognised" in page


def test_open_concerns_stand_beside_the_sum_and_not_in_it(made: Collaboration) -> None:
    air = owned(made, "Air")
    before = words(opened(made, "candidates", "hanna"))
    with made.as_("hanna") as visit:
        about = About(kind="dataset", id=air, title="Air")
        concerns.raise_concern(visit, Worry(about=about, words="They will rank us.", felt=2))
        total = candidate(visit, air, Demand()).ranked.sum
    after = words(opened(made, "candidates", "hanna"))
    assert "No open concern" in before and "1 open concern" in after
    assert total in before and total in after


def test_the_picture_says_in_a_sentence_what_it_shows(made: Collaboration) -> None:
    air = owned(made, "Air")
    screened(made, air)
    ready(made, air)
    owned(made, "Birds")
    [chart] = opened(made, "candidates", "hanna").get("vega_lite_chart")
    assert "1 to start with: Air (value 4, risk 1); 0 next; 1 with care: Birds" in str(chart.proto)
    assert "Start here" in str(chart.proto)


def test_what_one_may_not_know_of_is_in_no_row_and_no_count(made: Collaboration) -> None:
    owned(made, "Air")
    heron = owned(made, "Heron nests", listing="owner")
    page = opened(made, "candidates", "hanna")
    assert "Heron" not in words(page) + str(page.get("vega_lite_chart")) and "1 dataset" in words(page)
    assert "2 datasets" in words(opened(made, "candidates", "miriam"))
    hidden = words(opened(made, "candidate", "hanna", id=heron))
    assert hidden == words(opened(made, "candidate", "hanna", id="nothing")) and "Heron" not in hidden


def test_the_list_is_narrowed_by_its_address(made: Collaboration) -> None:
    air = owned(made, "Air")
    screened(made, air)
    owned(made, "Birds")
    page = words(opened(made, "candidates", "hanna", band="B"))
    assert "Air" in page and ">Birds<" not in page and "1 dataset of 2" in page


def test_an_empty_list_says_what_to_do(made: Collaboration) -> None:
    assert "Nothing could be shared next" in words(opened(made, "candidates", "hanna"))


def test_only_the_owners_people_see_how_ready_it_is(made: Collaboration) -> None:
    air = owned(made, "Air")
    screened(made, air)
    ready(made, air, Comfort.CONDITIONS, tell=False)
    for username in ("hanna", "jonas"):
        test = opened(made, "candidate", username, id=air)
        assert "With conditions" not in words(test) and "How ready are we?" not in words(test)
        assert "owner:" not in words(test) and "What do you need to feel safe" not in words(test)
    member = opened(made, "candidate", "miriam", id=air)
    assert "With conditions" in words(member) and "comfort-said" not in {each.key for each in member.radio}
    test = opened(made, "candidate", "priya", id=air)
    test.radio(key="comfort-said").set_value(Comfort.NOT_READY)
    test.checkbox(key="comfort-tell").check()
    press(test, "Save")
    assert "Partners are told only that you are ready" in words(test)
    assert test.radio(key="comfort-said").value is Comfort.NOT_READY, "nothing is lost"
    test.checkbox(key="comfort-tell").uncheck()
    press(test, "Save")
    with made.as_("priya") as visit:
        assert readiness.readiness(visit)[air].comfort is Comfort.NOT_READY


def test_what_is_needed_to_feel_safe_becomes_a_concern(made: Collaboration) -> None:
    air = owned(made, "Air")
    test = opened(made, "candidate", "miriam", id=air)
    test.text_area(key="safe-words").set_value("That nobody ranks the streets.")
    press(test, "Write it down")
    assert "Nothing you typed is lost" in words(test)
    assert test.text_area(key="safe-words").value == "That nobody ranks the streets."
    test.radio(key="safe-felt").set_value(2)
    press(test, "Write it down")
    with made.as_("hanna") as visit:
        [found] = concerns.concerns(visit, about_kind="dataset", about_id=air)
    assert (found.words, found.organisation) == ("That nobody ranks the streets.", "Harbour Council")
    assert "That nobody ranks the streets." in words(opened(made, "candidate", "miriam", id=air))


def test_twelve_clicks_are_kept_by_a_member_and_signed_by_the_steward(made: Collaboration) -> None:
    air = owned(made, "Air")
    test = opened(made, "candidate", "miriam", id=air)
    clicks = [each for each in test.radio if str(each.key).startswith("answer-")]
    assert len(clicks) == 12 and all(each.value is None for each in clicks), "no answer is chosen for anybody"
    for code, each in questions().items():
        if code != "told":
            test.radio(key=f"answer-{code}").set_value(each.fine)
    test.text_input(key="note-law").set_value("By-laws, section 4")
    press(test, "Keep the answers")
    assert "Keep and sign for Harbour Council" not in buttons(test)
    test = opened(made, "candidate", "priya", id=air)
    assert "1 question to go." in words(test)
    press(test, "Keep and sign for Harbour Council")
    assert "1 question has no answer yet" in words(test)
    test.radio(key="answer-told").set_value(questions()["told"].fine)
    press(test, "Keep and sign for Harbour Council")
    page = words(opened(made, "candidate", "hanna", id=air))
    assert "Signed by Priya on 21 Nov 2026. It counts until 21 Nov 2027." in page
    assert "By-laws, section 4" in page and "answer-law" not in page


def test_an_answer_that_asks_for_more_says_what_would_help_and_is_weighed(made: Collaboration) -> None:
    air = owned(made, "Air")
    screened(made, air, {"misread": "yes"})
    page = words(opened(made, "candidate", "hanna", id=air))
    assert questions()["misread"].helps in page and questions()["quality"].helps not in page
    assert "Nobody has weighed it" in page
    assert "Weigh it" not in buttons(opened(made, "candidate", "hanna", id=air))
    assert "Weigh it" in buttons(opened(made, "candidate", "priya", id=air))
    with made.as_("priya") as visit:
        risks.weigh(visit, air, Weight(risk="question:misread", likelihood=2, impact=3, agreed="A note beside it"))
    page = words(opened(made, "candidate", "hanna", id=air))
    assert "Left: 6 of 9" in page and "A note beside it" in page


def test_where_every_answer_is_fine_the_owner_is_told_the_next_step_more_open(made: Collaboration) -> None:
    air, birds = owned(made, "Air"), owned(made, "Birds")
    screened(made, air, {"decision": "no"})
    screened(made, birds, {"harm": "uncertain"})

    def told(username: str, dataset_id: str) -> bool:
        return "One step more open" in words(opened(made, "candidate", username, id=dataset_id))

    assert told("miriam", air) and not told("miriam", birds), "what speaks for it is no risk"
    assert not told("hanna", air), "nobody else pushes"
    with made.as_("hanna") as visit:
        about = About(kind="dataset", id=air, title="Air")
        concerns.raise_concern(visit, Worry(about=about, words="They will rank us.", felt=1))
    assert not told("miriam", air)


def test_a_barrier_says_what_would_remove_it_and_who_would(made: Collaboration) -> None:
    air = owned(made, "Air")
    with made.as_("miriam") as visit:
        said = Standing(barrier=Barrier.COST, stands=True, remedy="Half a day a month", who="The desk")
        barriers.note(visit, air, said)
    page = words(opened(made, "candidate", "hanna", id=air))
    assert "It stands in the way. Would remove it: Half a day a month (The desk)" in page
    assert "It does not, says the catalogue." in page, "who can say yes is named there"
    assert "Say what does" not in buttons(opened(made, "candidate", "hanna", id=air))
    assert "Say what does" in buttons(opened(made, "candidate", "miriam", id=air))


def test_indicators_are_counted_with_what_they_are_divided_by_and_an_agenda_is_a_date(made: Collaboration) -> None:
    made.person("carl", "Harbour Council", "chair")
    air, people = owned(made, "Air"), owned(made, "People")
    with made.as_("priya") as visit:
        for code in ("a", "b"):
            given = Indicator(code=code, name=code, dataset_id=air, denominators=(people,))
            indicators.save(visit, given)
    for days, dataset in ((7, air), (-7, people)):
        item = AgendaDraft(kind=ItemKind.DATASET, about_id=dataset, title="Shall we share it?")
        with made.as_("carl", now=NOW - timedelta(days=8)) as visit:
            meeting = MeetingDraft(title=f"Meeting {days}", starts_at=NOW + timedelta(days=days))
            planning.put_agenda(visit, planning.plan(visit, meeting), [item])
    with made.as_("hanna") as visit:
        found = demand(visit)
    assert (found.needed[air], found.needed[people]) == (2, 2)
    assert set(found.waiting) == {air}, "a meeting that has been waits for nothing"


def test_weighing_a_risk_asks_how_likely_and_how_bad(made: Collaboration) -> None:
    air = owned(made, "Air")
    screened(made, air, {"misread": "yes"})
    with made.as_("priya") as visit:
        [risk] = risks.risks(visit, air)
    test = dialog(made, "_candidate_risks", "priya", air, risk)
    test.radio(key="weigh-likely").set_value(1)
    press(test, "Save")
    assert "Say how likely it is and how bad it would be." in words(test)
    assert test.radio(key="weigh-likely").value == 1, "nothing is lost"
    test.radio(key="weigh-bad").set_value(3)
    press(test, "Save")
    with made.as_("hanna") as visit:
        assert risks.weights(visit, air)[air]["question:misread"].product == 3


def test_naming_a_barrier_asks_what_would_remove_it(made: Collaboration) -> None:
    air = owned(made, "Air")
    test = dialog(made, "_candidate_barriers", "miriam", air, {})
    test.selectbox(key="barrier-which").set_value(Barrier.COST)
    test.run()
    press(test, "Save")
    assert "Say whether it stands in the way." in words(test)
    test.radio(key="stands-cost").set_value(True)
    test.text_input(key="who-cost").set_value("The desk")
    press(test, "Save")
    assert "It stands in the way. (The desk)" in words(opened(made, "candidate", "hanna", id=air))


def test_an_agreement_shows_side_by_side_where_its_parties_see_the_conflict() -> None:
    table = seated()
    about = Subject(kind=Kind.AGREEMENT, id=table.agree(HARBOUR, table.waiting))
    assert "Say how we see it" in buttons(opened(table.people, "agreement", "miriam", id=about.id))
    test = dialog(table.people, "_diagnosis", "miriam", about, None)
    test.radio(key="diagnosis-place").set_value(Place.VALUES)
    press(test, "Say it")
    assert "Answer both questions." in words(test)
    test.radio(key="diagnosis-changing").set_value(Changing.INSIDE)
    test.text_area(key="diagnosis-note").set_value("Who may decide?")
    press(test, "Say it")
    with table.people.as_("nora") as visit:
        diagnosis.say(visit, about, changing=Changing.OUTSIDE, place=Place.ROLES)
    page = words(opened(table.people, "agreement", "nils", id=about.id))
    assert "It is seen in 2 places: values and vision, roles." in page and "“Who may decide?”" in page
    diagnosed = page[page.index("Where the conflict lies") :]
    places = [diagnosed.index(each) for each in ("Values and vision", "Harbour Council", "Objectives", "Northbank")]
    assert places == sorted(places)
