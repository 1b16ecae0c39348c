"""The pages of concerns over real rooms: three fields, a code shown once, a step for whoever may take it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from governance import NotFound, Visit, commitments, concerns
from governance.commitments import CommitmentDraft, CommitmentKind
from governance.concerns import About, ConcernKind, Evidence, Nature, ShowAs, State, Worry
from pages.share import _about
from reportcards import indicators
from reportcards.indicators import Indicator
from tests.catalogue.made import NOW, TODAY, Collaboration, collaboration, harvested, record, source

pytestmark = pytest.mark.usefixtures("home")

WORRY = Worry(about=About(kind="collaboration", title="The table"), words="They will rank our wards.", felt=3)


@pytest.fixture
def made() -> Collaboration:
    return collaboration()


def _script(path, opened):  # type: ignore[no-untyped-def]  # Streamlit runs its text, without this file's names
    import importlib

    from governance import CommonTableError

    with opened() as visit:
        try:
            importlib.import_module(f"pages.share.{path}").render(visit)
        except CommonTableError as error:
            import streamlit

            streamlit.text(error.sentence)


def opened(made: Collaboration, path: str, username: str, *, later: int = 0, **query: Any) -> AppTest:
    """The page as this person sees it, run once."""

    @contextmanager
    def visit() -> Iterator[Visit]:
        with made.as_(username, now=NOW + timedelta(days=later)) as one:
            yield one

    test = AppTest.from_function(_script, default_timeout=60, args=(path, visit))
    test.query_params.update(query)
    test.run()
    assert not test.exception, test.exception
    return test


def words(test: AppTest) -> str:
    """Everything the page draws itself, as text with markup."""
    return "\n".join(str(getattr(each, "value", "")) for each in test.get("html"))


def press(test: AppTest, label: str) -> AppTest:
    """The button with these words."""
    next(each for each in test.button if each.label == label).click()
    return test.run()


def buttons(test: AppTest) -> set[str]:
    return {each.label for each in test.button}


def kept(test: AppTest) -> str:
    """Everything that the server keeps for this tab."""
    values = test.session_state._state.filtered_state.values()
    return str([asdict(each) if isinstance(each, concerns.Raised) else each for each in values])


def raised(made: Collaboration, worry: Worry = WORRY, *, by: str = "hanna") -> concerns.Raised:
    with made.as_(by) as visit:
        return concerns.raise_concern(visit, worry)


def state(made: Collaboration, identifier: str) -> State:
    with made.as_("miriam") as visit:
        return concerns.concern(visit, identifier).state


def dataset(made: Collaboration, title: str = "Air quality", **more: str) -> str:
    return harvested(record(title), source_id=source(), **more)  # type: ignore[arg-type]


def filled(made: Collaboration, username: str, *, show_as: ShowAs = ShowAs.ORGANISATION, **query: Any) -> AppTest:
    test = opened(made, "raise_concern", username, **query)
    test.text_area(key="worry-words").set_value(WORRY.words)
    test.radio(key="worry-felt").set_value(3)
    test.radio(key="worry-show").set_value(show_as)
    return test


def test_three_fields_are_enough_and_what_it_is_about_comes_with_the_address(
    made: Collaboration, went: list[tuple[str, dict[str, str]]]
) -> None:
    air = dataset(made)
    test = press(filled(made, "hanna", about=f"dataset:{air}"), "Raise it")
    [(path, query)] = went
    assert path == "concern"
    with made.as_("miriam") as visit:
        found = concerns.concern(visit, query["id"])
    assert found.about == About(kind="dataset", id=air, title="Air quality")
    assert (found.words, found.felt, found.organisation) == (WORRY.words, 3, "Tidewater Homes")
    unsaid = (found.kind, found.loss, found.nature, found.evidence, found.evidence_basis)
    assert unsaid == (ConcernKind.OTHER, None, None, Evidence.NOT_KNOWN, ""), "what was not said is not made up"
    assert "worry" not in str(dict(test.query_params)) and WORRY.words not in str(dict(test.query_params))


def test_nothing_typed_is_lost_when_something_is_missing(made: Collaboration) -> None:
    test = opened(made, "raise_concern", "hanna", about="collaboration")
    test.text_area(key="worry-words").set_value(WORRY.words)
    press(test, "Raise it")
    assert "Say how strongly you feel it." in words(test)
    assert test.text_area(key="worry-words").value == WORRY.words
    with made.as_("hanna") as visit:
        assert concerns.concerns(visit) == ()


def test_what_one_may_not_know_of_cannot_be_asked_about(made: Collaboration) -> None:
    council = made.organisations["Harbour Council"]
    hidden = dataset(made, "Heron census", listing="owner", organisation_id=council)
    unknown = {words(opened(made, "raise_concern", "hanna", about=f"dataset:{each}")) for each in (hidden, "nothing")}
    assert len(unknown) == 1, "hidden and missing look the same"
    with made.as_("hanna") as visit:
        for odd in (f"dataset:{hidden}", "dataset:", "weather:9", "collaboration:9", "indicator:x", "card:x"):
            with pytest.raises(NotFound):
                _about.named(visit, odd)


def test_without_a_name_the_code_is_shown_once_and_brings_them_back(
    made: Collaboration, went: list[tuple[str, dict[str, str]]]
) -> None:
    test = press(filled(made, "hanna", show_as=ShowAs.NOBODY, about="collaboration"), "Raise it")
    [code] = [each.value for each in test.code]
    assert went == [] and not test.text_area, "the code stands alone until it is written down"
    assert code in kept(test)
    assert WORRY.words not in words(test) + kept(test)
    test = press(test, "I have written it down")
    [(path, query)] = went
    assert path == "concern" and code not in kept(test)
    assert not opened(made, "raise_concern", "hanna", about="collaboration").code
    test = opened(made, "concerns", "jonas")
    test.text_input(key="receipt-code").set_value(code)
    press(test, "Find it")
    assert went[-1] == ("concern", {"id": query["id"]})
    test = opened(made, "concern", "jonas", id=query["id"])
    test.text_input(key="code").set_value("0000")
    press(test, "Do it")
    assert "only who raised it does" in words(test)
    test.text_input(key="code").set_value(code)
    press(test, "Do it")
    assert state(made, query["id"]) is State.CLOSED
    assert code not in kept(test) + str(dict(test.query_params))


def test_the_steps_are_offered_to_those_who_may_take_them_and_to_nobody_else(made: Collaboration) -> None:
    identifier = raised(made).id
    assert buttons(opened(made, "concern", "hanna", id=identifier)) >= {"I close it"}
    test = opened(made, "concern", "miriam", id=identifier)
    assert "I close it" not in buttons(test) and "Answer it" not in buttons(test)
    test.text_area(key="say-raised").set_value("You fear a league table.")
    press(test, "Say it back")
    test = opened(made, "concern", "hanna", id=identifier)
    assert "You fear a league table." in words(test) and "Say it back" not in buttons(test)
    press(test, "Yes, that is it")
    test = opened(made, "concern", "priya", id=identifier)
    test.text_area(key="say-agreed").set_value("Only averages are shown.")
    press(test, "Answer it")
    test = opened(made, "concern", "hanna", id=identifier)
    assert "Priya, Harbour Council" in words(test)
    press(test, "It eases my worry")
    assert state(made, identifier) is State.EASED
    assert buttons(opened(made, "concern", "miriam", id=identifier)) == {"Offer or promise something"}


def test_words_are_quoted_as_they_were_said_and_never_as_markup(made: Collaboration) -> None:
    odd = replace(WORRY, words="<b>We</b>\nwill be *blamed*.")
    page = words(opened(made, "concern", "miriam", id=raised(made, odd).id))
    assert "“&lt;b&gt;We&lt;/b&gt;<br>will be *blamed*.”" in page


def test_others_see_of_who_raised_it_what_was_allowed(made: Collaboration) -> None:
    shown = {
        ShowAs.ORGANISATION: "Tidewater Homes",
        ShowAs.PARTNER: "A partner",
        ShowAs.NOBODY: "Somebody, without a name",
    }
    for show_as, who in shown.items():
        page = words(opened(made, "concern", "miriam", id=raised(made, replace(WORRY, show_as=show_as)).id))
        assert f"<b>{who}</b>" in page
        assert ("Tidewater" in page) == (show_as is ShowAs.ORGANISATION) and "anna" not in page


def test_an_adaptive_one_asks_for_a_conversation(made: Collaboration) -> None:
    adaptive = raised(made, replace(WORRY, nature=Nature.ADAPTIVE)).id
    technical = raised(made, replace(WORRY, nature=Nature.TECHNICAL)).id
    asks = [words(opened(made, "concern", "miriam", id=each)) for each in (adaptive, technical)]
    assert ["It asks for a conversation" in each for each in asks] == [True, False]


def test_the_register_is_narrowed_by_its_address(made: Collaboration) -> None:
    air = dataset(made)
    raised(made, replace(WORRY, about=About(kind="dataset", id=air, title="Air quality"), words="About air", felt=1))
    raised(made)
    whole = words(opened(made, "concerns", "miriam"))
    assert whole.index(WORRY.words) < whole.index("About air"), "felt strongly first"
    narrowings: list[tuple[dict[str, Any], str]] = [
        ({"about": "dataset"}, "About air"),
        ({"felt": "3"}, WORRY.words),
        ({"state": "eased"}, ""),
    ]
    for query, held in narrowings:
        page = words(opened(made, "concerns", "miriam", **query))
        assert [each for each in ("About air", WORRY.words) if each in page] == ([held] if held else [])
    assert "No concern is like that" in page


def test_an_empty_register_says_what_to_do(made: Collaboration) -> None:
    assert "Raise the first one" in words(opened(made, "concerns", "hanna"))


def test_an_offer_is_made_beside_the_concern_and_its_end_is_told(made: Collaboration) -> None:
    identifier = raised(made).id
    with made.as_("priya") as visit:
        draft = CommitmentDraft(kind=CommitmentKind.ACTION, what="We ask the wards.", concern_id=identifier, due=TODAY)
        commitments.make(visit, draft)
    assert "by 21 Nov 2026: late" in words(opened(made, "concern", "miriam", later=2, id=identifier))
    test = opened(made, "concerns", "hanna", later=2)
    assert "We ask the wards." in words(test) and "Say what became of it" not in buttons(test)
    assert "Say what became of it" in buttons(opened(made, "concerns", "miriam"))


def test_a_dataset_leads_to_its_concern_in_two_clicks(made: Collaboration) -> None:
    air = dataset(made)

    def script(identifier, opened):  # type: ignore[no-untyped-def]
        from catalogue.datasets import dataset
        from pages.browse import _acts

        with opened() as visit:
            _acts.acts(visit, dataset(visit, identifier))

    test = AppTest.from_function(script, args=(air, lambda: made.as_("hanna"))).run()
    assert f'href="/raise-concern?about=dataset%3A{air}"' in words(test)
    assert "Air quality" in words(opened(made, "raise_concern", "hanna", about=f"dataset:{air}"))


def test_an_indicator_is_as_hidden_as_its_dataset(made: Collaboration) -> None:
    council = made.organisations["Harbour Council"]
    hidden = dataset(made, "Heron census", listing="owner", organisation_id=council)
    with made.as_("priya") as visit:
        herons = indicators.save(visit, Indicator(code="herons", name="Herons", dataset_id=hidden))
        about = _about.named(visit, f"indicator:{herons.id}")
        assert about == About(kind="indicator", id=herons.id, title="Herons")
        concerns.raise_concern(visit, replace(WORRY, about=about))
    assert "Herons" in words(opened(made, "concerns", "miriam"))
    assert "Herons" not in words(opened(made, "concerns", "hanna"))
    with made.as_("hanna") as visit, pytest.raises(NotFound):
        _about.named(visit, f"indicator:{herons.id}")
    with made.as_("hanna") as visit, pytest.raises(NotFound):
        concerns.raise_concern(visit, replace(WORRY, about=about))
