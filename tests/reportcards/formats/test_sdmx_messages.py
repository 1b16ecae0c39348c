"""SDMX-CSV as services write it: both versions, every option of labels and keys, any order, any separator.

The layouts follow the field guide of SDMX-CSV 1.0 and 2.0; the figures are made up.
"""

from __future__ import annotations

import itertools

import pytest

from reportcards.formats import Read, read

ONE = (
    "DATAFLOW,FREQ,REF_AREA,SECTOR,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS,UNIT_MEASURE\n"
    "ECB:HH(1.0),Q,IT,S1,2024-Q1,5.5,A,F,PC\n"
    "ECB:HH(1.0),Q,IT,S2,2024-Q1,6.5,P,F,PC\n"
    "ECB:HH(1.0),Q,FR,S1,2024-Q2,,M,N,PC\n"
)
TWO = (
    "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,SECTOR,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS,UNIT_MEASURE\n"
    "dataflow,ECB:HH(1.0),I,Q,IT,S1,2024-Q1,5.5,A,F,PC\n"
    "dataflow,ECB:HH(1.0),I,Q,IT,S2,2024-Q1,6.5,P,F,PC\n"
    "dataflow,ECB:HH(1.0),I,Q,FR,S1,2024-Q2,,M,N,PC\n"
)
BOTH = (
    "STRUCTURE[|];STRUCTURE_ID;ACTION;SERIES_KEY;OBS_KEY;FREQ: Frequency;REF_AREA: Area;SECTOR: Sector;"
    "TIME_PERIOD: Time;OBS_VALUE: Value;OBS_STATUS: Status;CONF_STATUS: Who may see it;UNIT_MEASURE: Unit\n"
    "dataflow;ECB:HH(1.0): Households: all;I;Q.IT.S1;Q.IT.S1.2024-Q1;Q: Quarterly;IT: Italy;S1: All: sectors;"
    "2024-Q1: 2024-Q1;5,5;A: Normal value;F: Free;PC: Percent\n"
    "dataflow;ECB:HH(1.0): Households: all;I;Q.IT.S2;Q.IT.S2.2024-Q1;Q: Quarterly;IT: Italy;S2: Firms;"
    "2024-Q1: 2024-Q1;6,5;P: Provisional value;F: Free;PC: Percent\n"
    "dataflow;ECB:HH(1.0): Households: all;I;Q.FR.S1;Q.FR.S1.2024-Q2;Q: Quarterly;FR: France;S1: All: sectors;"
    "2024-Q2: 2024-Q2;;M: Missing value;N: Not for publication;PC: Percent\n"
)
NAME = (
    "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,FREQ,Frequency,REF_AREA,Area,SECTOR,Sector,TIME_PERIOD,Time period,"
    "OBS_VALUE,Observation value,OBS_STATUS,Observation status,CONF_STATUS,Who,UNIT_MEASURE,Unit of it,"
    "UPDATED\n"
    "dataflow,ECB:HH(1.0),Households,I,Q,Quarterly,IT,Italy,S1,All,2024-Q1,,5.5,,A,Normal value,F,Free,PC,Percent,x\n"
    "dataflow,ECB:HH(1.0),Households,I,Q,Quarterly,IT,Italy,S2,Firms,2024-Q1,,6.5,,P,Provisional,F,Free,PC,Percent,x\n"
    "dataflow,ECB:HH(1.0),Households,I,Q,Quarterly,FR,France,S1,All,2024-Q2,,,,M,Missing,N,Not free,PC,Percent,x\n"
)


_READ = ("area_code", "breakdown", "group", "period", "value", "obs_status", "conf_status")


def told(text: str) -> Read:
    return read(text.encode(), "message.csv")


def rows(found: Read, *columns: str) -> list[tuple[object, ...]]:
    assert not found.is_refused, found.errors
    return found.observations.select(columns or found.observations.columns).rows()


def swapped(text: str, order: list[int]) -> str:
    """The columns in another order."""
    return "".join(",".join(line.split(",")[at] for at in order) + "\n" for line in text.strip().split("\n"))


@pytest.mark.parametrize("text", [ONE, TWO, BOTH, NAME], ids=["1.0", "2.0", "labels=both", "labels=name"])
def test_the_same_observations_are_read_however_they_were_asked_for(text: str) -> None:
    found = told(text)
    assert found.format == "sdmx-csv"
    assert [(row[0], row[1].partition(":")[0], *row[2:]) for row in rows(found, *_READ)] == [
        ("IT", "SECTOR", "S1", "2024-Q1", 5.5, "A", "F"),
        ("IT", "SECTOR", "S2", "2024-Q1", 6.5, "P", "F"),
        ("FR", "SECTOR", "S1", "2024-Q2", None, "M", "N"),
    ]
    assert {row[0] for row in rows(found, "period_type")} == {"quarter"}


@pytest.mark.parametrize("text", [BOTH, NAME], ids=["labels=both", "labels=name"])
def test_names_of_places_and_units_are_read_where_the_message_gives_them(text: str) -> None:
    assert [(row[0], row[1]) for row in rows(told(text), "area_code", "area_name")] == [
        ("IT", "Italy"),
        ("IT", "Italy"),
        ("FR", "France"),
    ]
    assert {row[0] for row in rows(told(text), "unit")} == {"Percent"}


def test_a_name_with_a_colon_of_its_own_does_not_break_its_code() -> None:
    assert {row[0] for row in rows(told(BOTH), "group")} == {"S1", "S2"}


def test_what_a_reader_remembers_of_a_message_reads_the_next_one() -> None:
    for text in (BOTH, NAME, TWO):
        first = told(text)
        again = read(text.encode(), "next.csv", mapping=first.mapping)
        assert not again.is_refused, again.errors
        assert again.observations.equals(first.observations)


def test_components_may_stand_in_any_order() -> None:
    width = len(TWO.split("\n")[0].split(","))
    plain = sorted(rows(told(TWO), "area_code", "group", "period", "value"), key=str)
    for order in itertools.islice(itertools.permutations(range(3, width)), 0, 40_000, 7_919):
        found = told(swapped(TWO, [0, 1, 2, *order]))
        assert sorted(rows(found, "area_code", "group", "period", "value"), key=str) == plain, order


def test_the_keys_of_a_message_say_which_columns_are_dimensions() -> None:
    text = (
        "STRUCTURE,STRUCTURE_ID,ACTION,OBS_KEY,REF_AREA,TIME_PERIOD,OBS_VALUE,HOUSING,COLLECTOR\n"
        "dataflow,X:Y(1.0),I,UK.OWN.2021,UK,2021,1,OWN,ONS\ndataflow,X:Y(1.0),I,UK.RENT.2021,UK,2021,2,RENT,NRS\n"
    )
    found = told(text)
    assert rows(found, "breakdown", "group", "value") == [("HOUSING", "OWN", 1.0), ("HOUSING", "RENT", 2.0)]
    assert "COLLECTOR" in found.ignored


def test_rows_about_whole_series_are_left_out_and_said() -> None:
    found = told(TWO + "dataflow,ECB:HH(1.0),A,,,S1,,,,,PC\n")
    assert found.observations.height == 3
    assert any("1 rows tell of whole series" in each for each in found.warnings)


@pytest.mark.parametrize("action", ["I", "A", "R", "M", "i", "Append", ""])
def test_every_action_that_gives_values_is_read(action: str) -> None:
    assert told(TWO.replace(",I,Q,", f",{action},Q,")).observations.height == 3


@pytest.mark.parametrize(("action", "said"), [("D", "delete"), ("Delete", "delete"), ("X", "no action")])
def test_a_message_that_deletes_or_asks_for_the_unknown_is_refused_by_row(action: str, said: str) -> None:
    found = told(TWO.replace(",I,Q,FR", f",{action},Q,FR").replace(",2024-Q2,,", ",2024-Q2,-,"))
    assert [(each.row, each.column) for each in found.errors][:1] == [(4, "ACTION")]
    assert said in found.errors[0].problem


def test_several_values_of_a_cell_are_read_by_the_first() -> None:
    text = TWO.replace("STRUCTURE,", "STRUCTURE[;],", 1).replace("OBS_STATUS", "OBS_STATUS[]").replace(",P,F", ",P;B,F")
    assert [row[0] for row in rows(told(text), "obs_status")] == ["A", "P", "M"]


def test_words_in_several_languages_are_no_dimension() -> None:
    text = TWO.replace("STRUCTURE,", "STRUCTURE[;],", 1).replace("UNIT_MEASURE", "UNIT_MEASURE,REMARK[en;fr]")
    text = text.replace(",PC\n", ",PC,en:One;fr:Un\n")
    assert rows(told(text), "value")[0] == (5.5,)


def test_several_dataflows_are_several_indicators() -> None:
    found = told(TWO.replace("I,Q,FR", "I,Q,FR").replace("ECB:HH(1.0),I,Q,FR", "ECB:FIRMS(2.0),I,Q,FR"))
    assert {row[0] for row in rows(found, "indicator")} == {"ECB:HH(1.0)", "ECB:FIRMS(2.0)"}


@pytest.mark.parametrize(
    ("flag", "status"),
    [("p", "P"), ("bp", "P"), ("b", "B"), ("be", "E"), ("b,e", "E"), ("u", "U"), ("r", "A"), ("s", "E"), ("du", "U")],
)
def test_flags_of_several_letters_say_how_the_value_is_to_be_taken(flag: str, status: str) -> None:
    head = "DATAFLOW,LAST UPDATE,freq,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
    text = f'{head}ESTAT:X(1.0),01/02/24,A,PC,IT,2021,1.5,"{flag}"\n'
    assert rows(told(text), "area_code", "value", "obs_status", "unit") == [("IT", 1.5, status, "PC")]


def test_letters_that_are_no_flags_are_refused() -> None:
    text = "DATAFLOW,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\nESTAT:X(1.0),IT,2021,1.5,pq\n"
    assert [(each.row, each.column) for each in told(text).errors] == [(2, "OBS_FLAG")]
