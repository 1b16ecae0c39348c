"""What a person types is read as words, phrases and exclusions, and never as anything else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import words
from catalogue.words import Also, Parsed, Term


def _terms(parsed: Parsed) -> list[tuple[str, ...]]:
    return [part.terms[0].words for part in parsed.parts]


def _others(query: str, why: Also, synonyms: tuple[tuple[str, ...], ...] = ()) -> list[set[str]]:
    parsed = words.with_synonyms(words.joined(words.parse(query)), synonyms)
    return [{" ".join(each.term.words) for each in part.others if each.why is why} for part in parsed.parts]


@pytest.mark.parametrize(
    ("query", "terms", "excluded"),
    [
        ("Young PEOPLE", [("young",), ("people",)], []),
        ("población", [("poblacion",)], []),
        ('"child care" costs', [("child", "care"), ("costs",)], []),
        ("“child care” costs", [("child", "care"), ("costs",)], []),
        ('"never closed', [("never", "closed")], []),
        ("A&E", [("a", "e")], []),
        ("anti-social", [("anti", "social")], []),
        ("housing -council", [("housing",)], [("council",)]),
        ('housing -"council tax"', [("housing",)], [("council", "tax")]),
        ("the state of the roads", [("state",), ("roads",)], []),
        ("the who", [("the",), ("who",)], []),
        ("COVID-19", [("covid", "19")], []),
        ("", [], []),
        ("- * \" ' ( ) : ^", [], []),
        ("a OR b AND NOT c NEAR(d)", [("b",), ("not",), ("c",), ("near", "d")], []),
    ],
)
def test_a_query_is_read_as_words_phrases_and_exclusions(
    query: str, terms: list[tuple[str, ...]], excluded: list[tuple[str, ...]]
) -> None:
    parsed = words.parse(query)

    assert _terms(parsed) == terms
    assert [term.words for term in parsed.excluded] == excluded


def test_a_star_asks_for_every_word_with_that_beginning() -> None:
    (part,) = words.parse("educ*").parts

    assert part.terms[0] == Term(words=("educ",), prefix=True)


def test_only_the_last_word_may_still_be_being_typed() -> None:
    assert [part.unfinished for part in words.parse("child ca").parts] == [False, True]
    assert [part.unfinished for part in words.parse("child care ").parts] == [False, False]
    assert [part.unfinished for part in words.parse('"child care"').parts] == [False]


@given(st.text(max_size=600))
def test_anything_at_all_can_be_read(query: str) -> None:
    parsed = words.with_synonyms(words.joined(words.parse(query)), words.STARTER_SYNONYMS)

    assert len(parsed.parts) <= words.MOST_PARTS
    for term in (*parsed.excluded, *(term for part in parsed.parts for term in part.all_terms)):
        assert term.words
        assert all(word and words.tokens(word) == [word] for word in term.words)


def test_a_long_query_is_read_to_a_bound() -> None:
    parsed = words.parse("word " * 10_000)

    assert len(parsed.parts) == words.MOST_PARTS


def test_one_word_may_be_written_as_two_and_two_as_one() -> None:
    assert "child care" in _others("childcare", Also.COMPOUND)[0]
    assert _others("child care", Also.COMPOUND) == [{"childcare"}, {"childcare"}]
    assert "antisocial" in _others("anti-social", Also.COMPOUND)[0]
    assert _others("bus of care", Also.COMPOUND) == [set(), set()]


def test_synonyms_work_both_ways_and_only_for_the_whole_of_them() -> None:
    known = (("NEET", "not in education, employment or training"),)

    assert _others("neet", Also.SYNONYM, known) == [{"not in education employment or training"}]
    assert _others("not in education employment or training", Also.SYNONYM, known) == [{"neet"}] * 4
    assert _others("young NEET people", Also.SYNONYM, known)[1] == {"not in education employment or training"}
    assert _others("education and training", Also.SYNONYM, known) == [set(), set()]


def test_a_synonym_keeps_the_writing_people_know() -> None:
    (part,) = words.with_synonyms(words.parse("emergency*"), [("A&E", "emergency")]).parts

    assert [other.said for other in part.others if other.why is Also.SYNONYM] == ["A&E"]


@pytest.mark.parametrize(
    ("one", "many"),
    [
        *(("school", "schools"), ("bus", "bus"), ("city", "cities"), ("day", "days"), ("church", "churches")),
        *(("child", "children"), ("person", "people"), ("tax", "taxes"), ("crisis", "crisis"), ("loss", "losses")),
    ],
)
def test_singular_and_plural_find_each_other(one: str, many: str) -> None:
    if one != many:
        assert one in words.other_numbers(many)
        assert many in words.other_numbers(one) or one == "loss"
    else:
        assert words.other_numbers(one) == ()


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=12), st.data())
def test_every_slip_of_one_letter_can_be_undone(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    slips = {
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[:at] + "x" + word[at:],
        word[:at] + "x" + word[at + 1 :],
    } - {word}

    assert all(word in words.edits(slip) for slip in slips)


def test_a_swap_is_likelier_meant_than_another_letter() -> None:
    assert words.likeness("raod", "road") > words.likeness("raod", "rand")
    assert words.likeness("comittee", "committee") > words.likeness("comittee", "comittie")


def test_the_beginning_of_a_description_is_one_line_without_markup() -> None:
    assert words.first_line("<p>Bus\n stops</p> <br>in   Leeds") == "Bus stops in Leeds"
    assert words.first_line("word " * 100).endswith("word…")
    assert len(words.first_line("word " * 100)) <= 181


@given(
    st.lists(st.sampled_from(["a", "é", "is", "longer", " ", "\n", "\t   ", "<b>", "<", ">", ", ", "of"]), max_size=400)
)
def test_the_beginning_of_any_description_is_that_of_its_text_without_markup(pieces: list[str]) -> None:
    text = "".join(pieces)
    plain = " ".join(re.sub(r"<[^>]{0,300}>", " ", text[:1080]).split())
    line = words.first_line(text)
    assert line == plain if len(plain) <= 180 else plain.startswith(line.removesuffix("…"))
    assert len(line) > 160 or line == plain
