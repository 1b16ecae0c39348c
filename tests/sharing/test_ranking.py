"""The ranking on one card: points that add up, and properties that hold whatever is answered."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharing.ranking import (
    COUNTED,
    QUESTIONS,
    Band,
    Barrier,
    Candidate,
    Comfort,
    People,
    Permission,
    Ranked,
    order,
    rank,
    ranked,
)

KNOWN = Candidate(
    id="a",
    name="Air quality",
    needed=2,
    asked=2,
    decision=True,
    finding=False,
    people=People.AGGREGATE,
    worst=0,
    permission=Permission.CLEAR,
    surprise=True,
    barriers={each: each is Barrier.FORMAT for each in COUNTED},
    comfort=Comfort.READY,
)
RISKIER: dict[str, Callable[[Candidate], Candidate | None]] = {
    "people": lambda one: _next(one, "people", list(People)),
    "permission": lambda one: _next(one, "permission", list(Permission)),
    "worst": lambda one: _next(one, "worst", [0, 1, 2, 3, 4, 6, 9]),
    "surprise": lambda one: _next(one, "surprise", [False, True]),
}
WORTH_LESS: dict[str, Callable[[Candidate], Candidate | None]] = {
    "needed": lambda one: _next(one, "needed", [5, 4, 3, 2, 1, 0]),
    "asked": lambda one: _next(one, "asked", [5, 4, 3, 2, 1, 0]),
    "decision": lambda one: _next(one, "decision", [True, False]),
    "finding": lambda one: _next(one, "finding", [True, False]),
    "comfort": lambda one: _next(one, "comfort", list(reversed(Comfort))),
}
BLANKS = ("needed", "asked", "decision", "finding", "people", "worst", "permission", "surprise", "comfort")


def _next(one: Candidate, name: str, scale: list[object]) -> Candidate | None:
    said = getattr(one, name)
    place = scale.index(said) + 1 if said in scale else len(scale)
    return replace(one, **{name: scale[place]}) if place < len(scale) else None  # type: ignore[arg-type]


def maybe(values: object) -> st.SearchStrategy[object]:
    return st.none() | st.sampled_from(values)  # type: ignore[arg-type]


@st.composite
def candidates(draw: st.DrawFn, identifier: str = "x") -> Candidate:
    given = {
        "needed": draw(st.none() | st.integers(0, 5)),
        "asked": draw(st.none() | st.integers(0, 5)),
        "decision": draw(maybe([True, False])),
        "finding": draw(maybe([True, False])),
        "people": draw(maybe(list(People))),
        "worst": draw(maybe([0, 1, 2, 3, 4, 6, 9])),
        "permission": draw(maybe(list(Permission))),
        "surprise": draw(maybe([True, False])),
        "barriers": draw(st.dictionaries(st.sampled_from(list(Barrier)), st.booleans())),
        "comfort": draw(maybe(list(Comfort))),
        "comfort_told": draw(st.booleans()),
        "serious": draw(st.sampled_from([False, False, True])),
    }
    return Candidate(id=identifier, name=draw(st.sampled_from(["Air", "Birds", "air"])), **given)  # type: ignore[arg-type]


def never_higher(worse: Candidate, better: Candidate) -> bool:
    """Whether `worse` does not stand before `better`, names being equal."""
    return order(ranked(worse)) >= order(ranked(better))


def test_the_sum_is_printed_so_that_it_can_be_added_up_on_paper() -> None:
    assert ranked(KNOWN).sum == (
        "A: V 6 = 2 needed + 2 asked + 2 decision; R 2 = 1 aggregate + 1 surprise; B 1 = 1 format; "
        "owner: ready; 13 of 13 answered"
    )


def test_nothing_answered_is_the_worst_and_says_so() -> None:
    found = ranked(Candidate(id="a", name="Air"))
    assert (found.band, found.v, found.r, found.b, found.answered) == (Band.CARE, 0, 10, 5, 0)
    assert found.sum == (
        "C: V 0; R 10 = 10 not known; B 5 = 5 not known; owner: not said; stop: too little is known; 0 of 13 answered"
    )


@pytest.mark.parametrize(("count", "points"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (40, 3)])
def test_indicators_are_counted_in_steps(count: int, points: int) -> None:
    assert ranked(replace(KNOWN, needed=count)).value[0].points == points


@pytest.mark.parametrize(("product", "points"), [(0, 0), (1, 1), (2, 1), (3, 2), (4, 2), (6, 3), (9, 3)])
def test_likelihood_times_impact_makes_three_steps(product: int, points: int) -> None:
    assert ranked(replace(KNOWN, worst=product)).risk[1].points == points


@pytest.mark.parametrize(
    "stop",
    [
        {"people": People.IDENTIFIABLE},
        {"permission": Permission.REFUSED},
        {"serious": True},
        {"comfort": Comfort.NOT_READY},
    ],
)
def test_each_stop_sign_alone_moves_the_best_to_the_end(stop: dict[str, object]) -> None:
    found = ranked(replace(KNOWN, **stop))  # type: ignore[arg-type]
    assert found.band is Band.CARE and len(found.stops) == 1 and f"stop: {found.stops[0]};" in found.sum


def test_an_owner_with_conditions_comes_next_and_a_risk_of_seven_with_care() -> None:
    assert ranked(replace(KNOWN, comfort=Comfort.CONDITIONS)).band is Band.NEXT
    middling = replace(KNOWN, people=People.DE_IDENTIFIED, worst=3)
    assert (ranked(middling).r, ranked(middling).band) == (6, Band.NEXT)
    high = replace(middling, permission=Permission.UNSURE)
    assert (ranked(high).r, ranked(high).band) == (7, Band.CARE)


def test_whoever_may_not_know_the_comfort_finds_nothing_of_it_in_the_row() -> None:
    def shown(comfort: Comfort | None) -> tuple[object, ...]:
        found = ranked(replace(KNOWN, comfort=comfort, comfort_told=False))
        return found.band, found.sum, found.stops, order(found)

    assert len({shown(each) for each in (None, *Comfort)}) == 1
    assert shown(None)[0] is Band.NEXT and "owner" not in str(shown(None))


@given(candidates())
@settings(max_examples=150)
def test_the_points_add_up_within_their_bounds(one: Candidate) -> None:
    found = ranked(one)
    for points, total, most in ((found.value, found.v, 10), (found.risk, found.r, 10), (found.barriers, found.b, 5)):
        assert sum(each.points for each in points) == total <= most == sum(each.most for each in points)
        assert all(0 <= each.points <= each.most for each in points)
    assert 0 <= found.answered <= QUESTIONS == 13


@given(candidates(), st.sampled_from([*RISKIER, *WORTH_LESS]))
@settings(max_examples=300)
def test_less_risk_or_more_value_never_lowers_the_rank(better: Candidate, what: str) -> None:
    worse = {**RISKIER, **WORTH_LESS}[what](better)
    assert worse is None or never_higher(worse, better)


@given(candidates(), st.sampled_from(list(Barrier)))
@settings(max_examples=150)
def test_a_barrier_removed_never_lowers_the_rank(one: Candidate, which: Barrier) -> None:
    stands, gone = ({**one.barriers, which: each} for each in (True, False))
    assert never_higher(replace(one, barriers=stands), replace(one, barriers=gone))


@given(candidates(), st.sampled_from([*BLANKS, *Barrier]))
@settings(max_examples=400)
def test_leaving_an_answer_out_never_raises_the_rank(one: Candidate, what: str | Barrier) -> None:
    if isinstance(what, Barrier):
        kept = {each: stands for each, stands in one.barriers.items() if each is not what}
        blank = replace(one, barriers=kept)
    else:
        blank = replace(one, **{what: None})  # type: ignore[arg-type]
    assert never_higher(blank, one) and ranked(blank).answered <= ranked(one).answered


def _stopped(found: Ranked) -> bool:
    one = found.candidate
    return (
        one.people is People.IDENTIFIABLE
        or one.permission is Permission.REFUSED
        or one.serious
        or (one.comfort_told and one.comfort is Comfort.NOT_READY)
    )


@given(st.lists(candidates(), max_size=8), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_a_stop_sign_is_always_care_and_the_order_never_depends_on_the_order_given(
    several: list[Candidate], chance: random.Random
) -> None:
    named = [replace(each, id=str(number)) for number, each in enumerate(several)]
    found = rank(named)
    assert all(each.band is Band.CARE for each in found if _stopped(each))
    assert [each.band for each in found] == sorted(each.band for each in found), "bands first"
    chance.shuffle(named)
    assert [each.candidate.id for each in rank(named)] == [each.candidate.id for each in found]


def test_every_answer_can_be_left_out() -> None:
    assert {each.name for each in fields(Candidate)} == {
        "id",
        "name",
        *BLANKS,
        "barriers",
        "comfort_told",
        "serious",
    }
