"""What an owner sees and does: who may see its data, who looked, pausing, lifting, what waits at home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from catalogue import holding
from catalogue.spectrum import Band, Stated
from governance import access, holds, looks, people, standing
from governance.access import Detail, PartyRole, Use
from governance.agreements import drafting, reading, signing
from governance.agreements.checks import Subject
from governance.agreements.document import Document, PartyLine, ScheduleLine, Terms
from governance.agreements.signing import Signature
from governance.commitments import CommitmentDraft, CommitmentKind, make
from governance.concerns import About, ConcernKind, Worry, agree, answer, concerns, raise_concern, restate
from meetings import planning
from pages.share import _pausing
from pages.shell import again
from tests.catalogue.made import NOW, TODAY, Collaboration, collaboration, harvested, record, source
from tests.pages.drawn import draw, markup, refused, text

pytestmark = pytest.mark.usefixtures("home")
USE, HOLDS, DATASET, OURS, HOME, PEOPLE = (
    "pages.share.dataset_use",
    "pages.share.holds",
    "pages.browse.dataset",
    "pages.share.organisation_data",
    "pages.home.home",
    "pages.steward.people",
)
PURPOSE = "warm homes"
SOON = NOW + timedelta(minutes=5)


@dataclass
class Ground:
    """Tidewater Homes owns Repairs; Harbour Council may see its counts under A-1 when it is in force."""

    made: Collaboration
    dataset_id: str
    agreement_id: str = ""

    def drawn(self, module: str, username: str, **query: str) -> AppTest:
        shown = draw(module, self.made.viewers[username], now=SOON, last_here=None, **query)
        assert not shown.exception, shown.exception
        return shown

    def subject(self) -> access.Dataset:
        owner = self.made.organisations["Tidewater Homes"]
        return access.Dataset(id=self.dataset_id, owner=owner, band=access.Band.GROUP)


@pytest.fixture
def ground() -> Ground:
    made = collaboration()
    stated = Stated(band=Band.GROUP, by="Tidewater Homes", on=TODAY, reason="For partners.")
    owner = made.organisations["Tidewater Homes"]
    dataset_id = harvested(record("Repairs"), source_id=source(), organisation_id=owner, stated=stated)
    return Ground(made=made, dataset_id=dataset_id)


@pytest.fixture
def jonas(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> str:
    """Tidewater's steward: a dialog, which checks the session anew, finds him too."""
    monkeypatch.setattr(again, "visiting", lambda *_session, **_touch: ground.made.as_("jonas", now=SOON))
    return "jonas"


def document(ground: Ground) -> Document:
    council, tidewater = (ground.made.organisations[each] for each in ("Harbour Council", "Tidewater Homes"))
    return Document(
        title="Repairs and health",
        lead=council,
        starts_on=TODAY,
        ends_on=date(2026, 12, 10),
        review_on=date(2026, 12, 1),
        parties=(
            PartyLine(organisation=council, role=PartyRole.RECEIVES, stakes="Trust."),
            PartyLine(organisation=tidewater, role=PartyRole.GIVES),
        ),
        terms=Terms(
            who="Two organisations.",
            purpose="To see where damp homes make people ill.",
            purposes=(PURPOSE,),
            how="Monthly, as a table.",
            access="The council sees counts.",
            privacy="Counts only.",
            breach_contact="data@tidewater.example",
        ),
        schedule=(
            ScheduleLine(
                dataset=ground.dataset_id,
                title="Repairs",
                owner=tidewater,
                channel="here",
                format="CSV",
                frequency="monthly",
                detail=Detail.AGGREGATE,
                min_cell=10,
                uses=(Use.VIEW, Use.PRESENT),
                purposes=(PURPOSE,),
                receivers=(council,),
            ),
        ),
    )


def talked_through(ground: Ground) -> str:
    """An agreement that waits for what Tidewater has at stake; the id of its version."""
    with ground.made.as_("priya") as visit:
        ground.agreement_id = drafting.draft(visit, document(ground))
        version_id = reading.agreement(visit, ground.agreement_id).version.id
        drafting.for_review(visit, version_id)
    return version_id


def opened(ground: Ground) -> str:
    """The agreement open for signature; the id of its version."""
    version_id = talked_through(ground)
    with ground.made.as_("jonas") as visit:
        drafting.say_stakes(visit, version_id, stakes="No family may be found out.")
    subject = Subject(
        id=ground.dataset_id,
        title="Repairs",
        owner=ground.made.organisations["Tidewater Homes"],
        band=access.Band.GROUP,
        person_level="none",
    )
    with ground.made.as_("priya") as visit:
        signing.open_for_signature(visit, version_id, subjects={ground.dataset_id: subject})
    return version_id


def in_force(ground: Ground) -> None:
    version_id = opened(ground)
    for username in ("priya", "jonas"):
        with ground.made.as_(username) as visit:
            seen = reading.agreement(visit, ground.agreement_id).version
            signing.sign(visit, version_id, Signature(signatory=username.title()), content_hash=seen.content_hash)


def look(ground: Ground, username: str, use: Use, *, hours: int = 0) -> None:
    """What a page does when somebody looks: ask the rule, note the look."""
    owner, moment = ground.made.organisations["Tidewater Homes"], SOON + timedelta(hours=hours)
    with ground.made.as_(username, now=moment) as visit:
        world = standing.facts(visit, [ground.subject()])
        found = access.decide(world, username, use=use, dataset=ground.dataset_id, purpose=PURPOSE, now=moment)
        looked = looks.Look(
            dataset=ground.dataset_id, owner=owner, use=use, decision=found, purpose=PURPOSE, place="card homes"
        )
        assert looks.note(visit, [looked]) == ()


def _dialog(choices):  # type: ignore[no-untyped-def]  # Streamlit runs its text, without our names
    from pages.share import _pausing

    _pausing.ask(choices)


def pause(choices: tuple[_pausing.What, ...], what: str, why: str) -> AppTest:
    """Fill the dialog and send it; it is drawn by itself, as AppTest runs a whole page again and not a fragment."""
    shown = AppTest.from_function(_dialog, default_timeout=60, args=(choices,)).run()
    shown.selectbox(key="pause-what").set_value(next(each for each in choices if each.words == what))
    shown.text_area(key="pause-why").set_value(why)
    shown.button[0].click().run()
    assert not shown.exception, shown.exception
    return shown


def test_only_the_owners_people_find_the_page(ground: Ground) -> None:
    for username in ("hanna", "jonas"):
        assert "Who may see it" in text(ground.drawn(USE, username, id=ground.dataset_id))
    said = {refused(ground.drawn(USE, each, id=ground.dataset_id)) for each in ("miriam", "priya", "ada")}
    said.add(refused(ground.drawn(USE, "priya", id="there-is-none")))
    assert len(said) == 1
    assert said.pop().startswith("NotFound")


def test_before_anything_is_agreed_the_owner_reads_that_nobody_sees_it(ground: Ground) -> None:
    words = text(ground.drawn(USE, "hanna", id=ground.dataset_id))
    assert "Nobody outside Tidewater Homes may see the data." in words
    assert "Nobody outside your organisation has looked at it yet" in words
    assert "Nobody has told of any harm." in words


def test_the_owner_sees_who_may_under_what_for_what_and_until_when(ground: Ground) -> None:
    in_force(ground)
    page = ground.drawn(USE, "hanna", id=ground.dataset_id)
    words = text(page)
    for said in ("Harbour Council", "A-1 Repairs and health", "Counts, none under 10", f"for {PURPOSE}", "10 Dec 2026"):
        assert said in words
    assert f"/agreement?id={ground.agreement_id}" in markup(page)


def test_the_owner_sees_who_looked_and_who_was_refused_and_why(ground: Ground) -> None:
    in_force(ground)
    look(ground, "miriam", Use.VIEW)
    look(ground, "priya", Use.DOWNLOAD)
    words = text(ground.drawn(USE, "hanna", id=ground.dataset_id))
    assert "MiriamHarbour Council" in words
    assert "A-1, version 1.0" in words
    assert "Refused: download it" in words
    assert "The agreement does not allow this use." in words
    only = text(ground.drawn(USE, "hanna", id=ground.dataset_id, what="refused"))
    assert "Priya" in only
    assert "Miriam" not in only
    assert "None of these." in text(ground.drawn(USE, "hanna", id=ground.dataset_id, what="present"))


def test_more_looks_than_fit_on_a_page_are_turned_over(ground: Ground) -> None:
    in_force(ground)
    for hours in range(30):
        look(ground, "miriam", Use.VIEW, hours=hours)
    first = ground.drawn(USE, "hanna", id=ground.dataset_id)
    second = ground.drawn(USE, "hanna", id=ground.dataset_id, page="2")
    assert markup(first).count("Looked at it") == 25
    assert markup(second).count("Looked at it") == 5


def test_a_steward_pauses_with_a_reason_and_lifts_again(ground: Ground, jonas: str) -> None:
    in_force(ground)
    page = ground.drawn(USE, jonas, id=ground.dataset_id)
    page.button(key="pause").click().run()
    assert page.selectbox(key="pause-what").options[0] == "Repairs"
    choices = (_pausing.dataset(ground.dataset_id, "Repairs"),)
    assert "Say why" in text(pause(choices, "Repairs", " "))
    pause(choices, "Repairs", "We check the repairs codes.")
    with ground.made.as_("jonas") as visit:
        [placed] = holds.holds(visit, open_only=True)
    assert (placed.object_id, placed.reason) == (ground.dataset_id, "We check the repairs codes.")
    ground.drawn(USE, jonas, id=ground.dataset_id).button(key="lift").click().run()
    with ground.made.as_("jonas") as visit:
        assert holds.holds(visit, open_only=True) == ()


def test_a_paused_dataset_says_so_to_its_owner_and_to_everybody_who_knows_it(ground: Ground) -> None:
    in_force(ground)
    with ground.made.as_("jonas") as visit:
        holding.hold(visit, ground.dataset_id, "We check the repairs codes.")
    owner = ground.drawn(USE, "jonas", id=ground.dataset_id)
    assert "This dataset is paused since 21 Nov 2026." in text(owner)
    assert "Paused; else until 10 Dec 2026" in text(owner)
    other = ground.drawn(DATASET, "miriam", id=ground.dataset_id)
    assert "Paused by Tidewater Homes since 21 Nov 2026." in text(other)
    assert "We check the repairs codes." in text(other)
    assert not [each for each in other.button if each.key in ("lift", "pause")]
    assert "Paused" in text(ground.drawn(OURS, "hanna"))


def test_a_member_of_the_owner_reads_everything_and_changes_nothing(ground: Ground) -> None:
    with ground.made.as_("jonas") as visit:
        holding.hold(visit, ground.dataset_id, "We check the repairs codes.")
    for page in (USE, DATASET, HOLDS):
        shown = ground.drawn(page, "hanna", id=ground.dataset_id)
        assert "We check the repairs codes." in text(shown)
        assert not [each for each in shown.button if each.label.startswith(("Lift", "Pause"))]


def test_the_list_of_pauses_offers_ones_own_organisation_agreements_and_people(ground: Ground, jonas: str) -> None:
    in_force(ground)
    page = ground.drawn(HOLDS, jonas)
    assert "Nothing is paused" in text(page)
    page.button(key="pause").click().run()
    offered = page.selectbox(key="pause-what").options
    assert offered[0].startswith("Everything of Tidewater Homes")
    assert "Agreement A-1, Repairs and health" in offered
    assert any(each.startswith("Hanna:") for each in offered)
    assert not any(each.startswith("Miriam:") for each in offered)
    with ground.made.as_("jonas") as visit:
        pause(_pausing.all_but_datasets(visit), "Agreement A-1, Repairs and health", "A leak.")
    assert "Agreement A-1, Repairs and health, since 21 Nov 2026" in text(ground.drawn(HOLDS, jonas))
    with ground.made.as_("jonas") as visit:
        assert "Agreement A-1, Repairs and health" not in {each.words for each in _pausing.all_but_datasets(visit)}
    assert text(ground.drawn(HOLDS, "priya")).count("A leak.") == 0


def test_the_dataset_page_names_the_viewers_own_agreements_only(ground: Ground) -> None:
    in_force(ground)
    assert "Agreements that cover it" in text(ground.drawn(DATASET, "miriam", id=ground.dataset_id))
    assert "A-1, Repairs and health" in text(ground.drawn(DATASET, "hanna", id=ground.dataset_id))
    ground.made.organisation("Saltmarsh Trust")
    ground.made.person("sam", "Saltmarsh Trust", "steward")
    stranger = ground.drawn(DATASET, "sam", id=ground.dataset_id)
    assert "Repairs and health" not in text(stranger)
    assert "Who may see it, who looked" not in text(stranger)


def test_an_incident_is_a_concern_of_harm_about_the_dataset(ground: Ground) -> None:
    about = About(kind="dataset", id=ground.dataset_id, title="Repairs")
    for kind, words in ((ConcernKind.HARM, "A family was found out."), (ConcernKind.WORKLOAD, "Too much work.")):
        with ground.made.as_("miriam") as visit:
            raise_concern(visit, Worry(about=about, words=words, felt=2, kind=kind))
    words = text(ground.drawn(USE, "hanna", id=ground.dataset_id))
    assert "A family was found out." in words
    assert "Too much work." not in words


def test_home_asks_for_stakes_and_signatures_whom_they_concern(ground: Ground) -> None:
    version_id = talked_through(ground)
    assert "asks what is at stake for you" in text(ground.drawn(HOME, "hanna"))
    assert "at stake" not in text(ground.drawn(HOME, "priya"))
    with ground.made.as_("jonas") as visit:
        drafting.say_stakes(visit, version_id, stakes="Nothing to add.")
    assert "at stake" not in text(ground.drawn(HOME, "hanna"))


def test_home_asks_stewards_to_sign_and_tells_them_of_an_ending(ground: Ground) -> None:
    opened(ground)
    page = ground.drawn(HOME, "jonas")
    assert "A-1, Repairs and health waits for your signature" in text(page)
    assert f"/agreement?id={ground.agreement_id}" in markup(page)
    assert "signature" not in text(ground.drawn(HOME, "hanna"))
    for username in ("priya", "jonas"):
        with ground.made.as_(username) as visit:
            seen = reading.agreement(visit, ground.agreement_id).version
            signing.sign(visit, seen.id, Signature(signatory=username.title()), content_hash=seen.content_hash)
    after = text(ground.drawn(HOME, "jonas"))
    assert "signature" not in after
    assert "A-1, Repairs and health ends in 19 days" in after


def test_home_brings_a_concern_to_the_owner_and_each_answer_back_to_who_raised_it(ground: Ground) -> None:
    about = About(kind="dataset", id=ground.dataset_id, title="Repairs")
    with ground.made.as_("miriam") as visit:
        raised = raise_concern(visit, Worry(about=about, words="It may be misread.", felt=2))
    assert "A concern about Repairs waits to be said back" in text(ground.drawn(HOME, "hanna"))
    assert "concern" not in text(ground.drawn(HOME, "priya"))
    with ground.made.as_("hanna") as visit:
        restate(visit, raised.id, "You fear a league table.")
    assert "Your concern was said back to you" in text(ground.drawn(HOME, "miriam"))
    with ground.made.as_("miriam") as visit:
        agree(visit, raised.id)
    assert "A concern about Repairs waits for an answer" in text(ground.drawn(HOME, "hanna"))
    with ground.made.as_("hanna") as visit:
        answer(visit, raised.id, "We never rank.")
        assert concerns(visit)[0].answer == "We never rank."
    assert "Your concern was answered" in text(ground.drawn(HOME, "miriam"))
    assert "A concern about Repairs" not in text(ground.drawn(HOME, "hanna"))


def test_home_reminds_of_late_promises_and_of_what_is_paused(ground: Ground) -> None:
    about = About(kind="dataset", id=ground.dataset_id, title="Repairs")
    with ground.made.as_("jonas") as visit:
        due = TODAY + timedelta(days=2)
        make(visit, CommitmentDraft(kind=CommitmentKind.PROMISE, what="Describe the codes", about=about, due=due))
        holding.hold(visit, ground.dataset_id, "We check the repairs codes.")
    today = text(ground.drawn(HOME, "jonas"))
    assert "Promised and late" not in today
    assert "Your organisation has paused Repairs" in today
    later = draw(HOME, ground.made.viewers["jonas"], now=NOW + timedelta(days=3))
    assert "Promised and late: Describe the codes" in text(later)
    assert "paused" not in text(ground.drawn(HOME, "hanna"))


def test_an_administrator_pauses_any_person_and_lifts_it_on_the_page_of_people(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_force(ground)
    monkeypatch.setattr(again, "visiting", lambda *_session, **_touch: ground.made.as_("ada", now=SOON))
    with ground.made.as_("ada") as visit:
        what = _pausing.person(people.person(visit, "hanna"))
    pause((what,), what.words, "The laptop is lost.")
    page = ground.drawn(PEOPLE, "ada")
    assert "paused since 21 Nov 2026: “The laptop is lost.”" in text(page)
    assert not [each for each in page.button if each.key == "pause-hanna"]
    page.button(key="lift-hanna").click().run()
    assert "paused since" not in text(ground.drawn(PEOPLE, "ada"))


def test_home_shows_the_next_meeting_with_one_button(ground: Ground) -> None:
    assert "Next meeting" not in text(ground.drawn(HOME, "hanna"))
    with ground.made.as_("priya") as visit:
        draft = planning.MeetingDraft(title="Warm homes", starts_at=NOW + timedelta(days=3), place="Quay Room")
        name = planning.plan(visit, draft)
    page = ground.drawn(HOME, "hanna")
    assert "Warm homes" in text(page)
    assert "Tue 24 Nov 2026 09:30, Quay Room, Priya chairs" in text(page)
    assert f"/meeting?name={name}" in markup(page)
    over = draw(HOME, ground.made.viewers["hanna"], now=NOW + timedelta(days=5))
    assert "Next meeting" not in text(over)
