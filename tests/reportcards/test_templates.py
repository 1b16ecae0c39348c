"""Templates of report cards: each is whole, and its words find what people call their indicators."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportcards.indicators import IndicatorBrief
from reportcards.report import Polarity
from reportcards.templates import Ask, Template, suggested, templates


def named(name: str, *, id: str = "") -> IndicatorBrief:
    """An indicator of which only the name matters."""
    return IndicatorBrief(
        id=id or name,
        name=name,
        code=name,
        dataset_id="",
        dataset_title="",
        publisher="",
        band="open",
        unit="",
        polarity=Polarity.NONE,
        revision=1,
        observations=1,
        first="",
        last="",
    )


def answering(name: str) -> set[str]:
    """The templates that have a question for an indicator of this name."""
    return {each.name for each in templates() if any(suggested(ask, [named(name)]) for ask in each.asks)}


@pytest.mark.parametrize("template", templates(), ids=lambda each: each.name)
def test_a_template_is_an_outcome_for_people_with_questions_about_it(template: Template) -> None:
    assert template.outcome.endswith(".") and template.population and template.title
    assert 3 <= len(template.asks) <= 8
    for ask in template.asks:
        assert ask.question.endswith("?") and ask.words
        assert all(ask.fits(phrase) for phrase in ask.words), "a name made of the phrase itself fits it"


def test_names_and_questions_are_told_apart() -> None:
    assert (
        len({each.name for each in templates()}) == len({each.title for each in templates()}) == len(templates()) >= 6
    )
    for each in templates():
        assert len({ask.question for ask in each.asks}) == len(each.asks)


@pytest.mark.parametrize(
    ("name", "template"),
    [
        ("School readiness: percentage achieving a good level of development", "ready-for-school"),
        ("Low birth weight of term babies", "ready-for-school"),
        ("MMR vaccination coverage for two doses (5 years old)", "ready-for-school"),
        ("16 to 17 year olds not in education, employment or training (NEET)", "learning-and-working"),
        ("Pupil absence", "learning-and-working"),
        ("Permanent exclusions (rate per 10,000)", "learning-and-working"),
        ("Households in temporary accommodation", "warm-and-secure-homes"),
        ("Fuel poverty (low income, low energy efficiency)", "warm-and-secure-homes"),
        ("Violent crime: hospital admissions for violence", "safe-streets"),
        ("Killed and seriously injured (KSI) casualties on roads", "safe-streets"),
        ("Emergency hospital admissions due to falls, people aged 65 and over", "healthy-later-life"),
        ("Healthy life expectancy at 65", "healthy-later-life"),
        ("Claimant count, aged 16 to 64", "good-work"),
        ("Percentage of people in employment", "good-work"),
        ("Emergency admissions for intentional self-harm", "good-mental-health"),
    ],
)
def test_what_people_call_their_indicators_is_found(name: str, template: str) -> None:
    assert template in answering(name)


@pytest.mark.parametrize("name", ["Bathing water quality", "Household waste recycled", "Bus journeys", ""])
def test_what_no_outcome_asks_about_is_suggested_nowhere(name: str) -> None:
    assert not answering(name)


def test_a_word_is_found_at_the_beginning_of_a_word_only() -> None:
    ask = Ask(question="?", words=("rent",))
    assert ask.fits("Rents of homes") and not ask.fits("Children with a parent") and not ask.fits("")


def test_the_best_fitting_comes_first_and_equals_go_by_name() -> None:
    ask = Ask(question="?", words=("homeless", "homeless prevent", "evic"))
    known = [named("Zoo"), named("Homeless people"), named("Evictions"), named("Homelessness prevented")]
    told = [each.name for each in suggested(ask, known)]
    assert told == ["Homelessness prevented", "Evictions", "Homeless people"]


@settings(max_examples=60)
@given(st.sampled_from([ask for each in templates() for ask in each.asks]), st.text(max_size=40))
def test_capitals_accents_and_what_stands_around_a_phrase_change_nothing(ask: Ask, around: str) -> None:
    for phrase in ask.words:
        assert ask.fits(f"{around} {phrase.upper()} {around}") >= ask.fits(phrase.replace("e", "é")) >= 1


def test_every_indicator_is_suggested_once_for_a_question() -> None:
    ask = templates()[0].asks[0]
    twins = [named("Ready for school", id="a"), named("Ready for school", id="b")]
    assert [each.id for each in suggested(ask, [*twins, replace(twins[0], id="c", name="Other")])] == ["a", "b"]
