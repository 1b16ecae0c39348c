"""Two databases that differ only in what is hidden answer alike, to the letter, to those who may not know of it.

The same story is told twice, the second time with hidden datasets put between the visible ones: in the middle, so
that every internal number behind them differs too. Then every verb of the room is asked by everyone who may not
know of them, and the answers are compared as text. Times and random ids are fixed, so nothing has to be left out.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import store
from catalogue import (
    arrays,
    curation,
    datasets,
    decisions,
    fields,
    history,
    overview,
    publishing,
    registering,
    saved,
    search,
)
from catalogue.answers import Answers
from catalogue.facets import Facet
from catalogue.search import Query, Sort
from governance import CommonTableError, Visit, audit
from governance import people as people_room
from store.settings import Settings
from tests import conftest
from tests.catalogue.made import CSV, NOW, Collaboration, collaboration, harvested, harvested_again, record, source

HIDDEN = "h1dden0000000000"
NAMED = "h1dden0000000001"
NEVER = "0" * 16
OUTSIDERS = ("miriam", "priya", "ada")
TERMS = "https://portal.example/terms"
COUNTS = Answers(
    title="Tenancies by ward",
    description="How many homes are let in each ward.",
    people="counts",
    answers_for="miriam",
    frequency="monthly",
    listing="everyone",
)
QUERIES = [
    Query(),
    Query(text="hospital"),
    Query(text="zyzzyva"),
    Query(text="zyz"),
    Query(text="zyzzyvas admissions"),
    Query(text="hopsital"),
    Query(text="air quality"),
    Query(text="air qualty"),
    Query(text="number", sort=Sort.TITLE),
    Query(text="number", sort=Sort.NEWEST, page=2, size=3),
    Query(sort=Sort.BAND),
    Query(sort=Sort.TITLE, size=4, page=2),
    Query(filters={"band": ("closed",)}),
    Query(filters={"theme": ("Health",)}),
    Query(filters={"organisation": ("Quiet Office",)}),
    Query(filters={"state": ("withdrawn",)}),
    *(Query(text="children", filters={facet.value: ("x",)}) for facet in Facet),
]


def _hide(made: Collaboration, portal: str) -> None:
    """Everything that the outsiders may not know of: datasets, what happened to them, and a registration."""
    tidewater = made.organisations["Tidewater Homes"]
    closed = record(
        "Zyzzyva hospital admissions of children",
        publisher="Quiet Office",
        keywords=("air", "number", "zyzzyva"),
        themes=("Health", "Secret theme"),
        licence=(TERMS,),
        modified="2026-11-20",
        distributions=(replace(CSV, format="Parquet"),),
        spatial="Nowhere",
    )
    harvested(closed, source_id=portal, listing="owner", organisation_id=tidewater, identifier=HIDDEN)
    # A second one, with the very words of a visible dataset, and listed for an organisation none of them is in.
    twin = record("Air quality", identity="twin", keywords=("air",), licence=(TERMS,), modified="2026-11-21")
    harvested(
        twin,
        source_id=portal,
        listing="organisations",
        organisation_id=tidewater,
        listed_for=(made.organisations["Third Sector"],),
        identifier=NAMED,
    )
    with made.as_("jonas") as visit:
        curation.correct(visit, HIDDEN, "title", value="Zyzzyva hospital admissions", reason="Shorter")
        curation.place_dataset(visit, HIDDEN, "closed", reason="Ours")
        saved.follow(visit, HIDDEN)
        draft = registering.save_draft(visit, replace(COUNTS, title="Secret tenancies", answers_for="hanna"))
        registering.submit(visit, draft.id)
        own = replace(COUNTS, title="Secret homes", answers_for="hanna", listing="owner")
        registering.submit(visit, registering.save_draft(visit, own).id, approve_now=True)
    with made.as_("hanna") as visit:
        curation.suggest_correction(visit, HIDDEN, "title", value="Zyzzyva", reason="Even shorter")


def _story(home: Path, url: str, monkeypatch: pytest.MonkeyPatch, *, hides: bool) -> Collaboration:
    """A database with visible datasets, and hidden ones among them if `hides`; `url` is emptied first, "" is SQLite."""
    if url:
        conftest.make_database(url, url.rpartition("/")[2])
    store.use_settings(Settings(home=home, database_url=url, public_url="https://table.example"))
    arrays.forget()
    plain, aside = itertools.count(), itertools.count(10**9)
    source_of_ids = [plain]

    def token(size: int = 32) -> str:
        return f"{next(source_of_ids[0]):0{2 * size}x}"

    monkeypatch.setattr(secrets, "token_hex", token)
    store.upgrade()
    made = collaboration()
    made.organisation("Third Sector")
    portal = source()
    for place in range(5):
        terms = (TERMS,) if place % 2 else ()
        harvested(record(f"Number {place} of children", themes=("Health",), licence=terms), source_id=portal)
    if hides:
        source_of_ids[0] = aside
        _hide(made, portal)
        source_of_ids[0] = plain
    visible = harvested(record("Air quality", keywords=("air",), licence=("CC-BY-4.0",)), source_id=portal)
    harvested(record("Hospital beds", publisher="Loud Office", themes=("Health",)), source_id=portal)
    harvested(record("Old counts"), source_id=portal, state="withdrawn")
    harvested(
        record("Ours alone"),
        source_id=portal,
        listing="owner",
        organisation_id=made.organisations["Harbour Council"],
    )
    with made.as_("priya") as visit:
        curation.correct(visit, visible, "title", value="Air quality, hourly", reason="It says so inside")
        registering.submit(visit, registering.save_draft(visit, COUNTS).id, approve_now=True)
    with made.as_("miriam") as visit:
        curation.suggest_correction(visit, visible, "title", value="Air", reason="Shorter")
        saved.save_search(visit, "Hospitals", Query(text="hospital"))
        saved.follow(visit, visible)
        registering.submit(visit, registering.save_draft(visit, replace(COUNTS, title="Handed in")).id)
    harvested_again(visible, record("Air quality 2", identity="air-quality", keywords=("air",)))
    return made


def _told(ask: Callable[[], Any]) -> str:
    try:
        answer = ask()
    except CommonTableError as fault:
        return f"{type(fault).__name__}: {fault.sentence}"
    return repr(list(answer) if isinstance(answer, Iterator) else answer)


def _answers(visit: Visit) -> Iterator[tuple[str, str]]:
    """Every question of the room with its answer as text."""
    lines = list(datasets.datasets(visit))
    yield "datasets", repr(lines)
    yield "datasets after", repr(list(datasets.datasets(visit, after=lines[2].id, limit=3)))
    for line in lines:
        for about in (datasets.dataset, fields.fields_and_sources, datasets.raw, history.history, search.similar):
            yield f"{about.__name__} {line.title}", _told(lambda about=about, line=line: about(visit, line.id))  # type: ignore[misc]
    for query in QUERIES:
        yield f"find {query}", repr(search.find(visit, query))
        yield f"count {query}", repr(search.count(visit, query))
    for typed in ("z", "zy", "zyzz", "hosp", "air q", "numb", "secr", "ho", "chi"):
        yield f"suggest {typed}", repr(search.suggest(visit, typed))
    for title in ("Zyzzyva hospital admissions", "Secret tenancies", "Air quality", "Number of children"):
        yield f"already held {title}", repr(search.already_held(visit, title, "About hospitals"))
    yield "overview", repr(overview.overview(visit))
    yield "headline", repr(overview.headline(visit, since=NOW.replace(year=2025)))
    yield "latest", repr(history.latest(visit))
    yield "publishers", repr(datasets.publishers(visit))
    for name in ("Quiet Office", "Loud Office", "Nobody"):
        yield f"publisher {name}", _told(lambda name=name: datasets.publisher(visit, name))  # type: ignore[misc]
    for each in people_room.organisations(visit):
        yield f"organisation {each.name}", repr(datasets.organisation_page(visit, each.id))
    for ask in (
        decisions.licence_groups,
        decisions.decisions,
        curation.suggestions,
        registering.registrations,
        registering.waiting,
        saved.saved_searches,
        saved.following,
        saved.news,
        search.synonyms,
    ):
        yield ask.__name__, _told(lambda ask=ask: ask(visit))  # type: ignore[misc]
    for name, make in publishing.FILES.items():
        yield name, repr(b"".join(make(visit)))
    for action in ("package_list", "package_search"):
        yield action, repr(publishing.answer(visit, action, {"rows": "100"}))


def _refusals(visit: Visit, dataset_id: str) -> list[str]:
    """What everything that takes a dataset's id says of this one."""
    asks: list[Callable[[], Any]] = [
        lambda: datasets.dataset(visit, dataset_id),
        lambda: datasets.raw(visit, dataset_id),
        lambda: fields.fields_and_sources(visit, dataset_id),
        lambda: history.history(visit, dataset_id),
        lambda: search.similar(visit, dataset_id),
        lambda: list(datasets.datasets(visit, after=dataset_id, limit=1)),
        lambda: curation.correct(visit, dataset_id, "title", value="x", reason="y"),
        lambda: curation.correct(visit, dataset_id, "nonsense", value="x", reason="y"),
        lambda: curation.undo_correction(visit, dataset_id, "title"),
        lambda: curation.place_dataset(visit, dataset_id, "open", reason="y"),
        lambda: curation.set_listing(visit, dataset_id, "owner"),
        lambda: curation.suggest_correction(visit, dataset_id, "title", value="x", reason="y"),
        lambda: curation.suggestions(visit, dataset_id=dataset_id),
        lambda: registering.answers_of(visit, dataset_id),
        lambda: registering.change_registered(visit, dataset_id, COUNTS),
        lambda: saved.follow(visit, dataset_id),
        lambda: saved.unfollow(visit, dataset_id),
        lambda: saved.follows(visit, dataset_id),
        lambda: publishing.answer(visit, "package_show", {"id": dataset_id}),
    ]
    return [_told(ask) for ask in asks]


def _verbs(made: Collaboration) -> Iterator[tuple[str, str]]:
    """What changes say and leave behind, when those who may not know change something."""
    with made.as_("priya") as visit:
        portal = next(each for each in decisions.licence_groups(visit) if each.licence_value == TERMS).source_id
        yield "decide", _told(lambda: decisions.decide(visit, portal, TERMS, licence="CC-BY-4.0", reason="The terms"))
        yield "undecide", _told(lambda: decisions.undecide(visit, decisions.decisions(visit)[0].id))
        waiting = registering.waiting(visit)[0]
        yield "approve", _told(lambda: replace(registering.approve(visit, waiting.id)))
        suggestion = curation.suggestions(visit)[0]
        yield "settle", _told(lambda: curation.settle_suggestion(visit, suggestion.id, take=True))
        visit.refresh()
        for question, answer in _answers(visit):
            yield f"after: {question}", answer


@pytest.fixture(scope="module", params=conftest._databases())
def transcripts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[bool, dict[str, str]]]:
    """Every question and answer, without and with hidden datasets; the refusals by id are among them."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    found: dict[bool, dict[str, str]] = {}
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.delenv("COMMONTABLE_DATABASE_URL", raising=False)
        for hides in (False, True):
            made = _story(tmp_path_factory.mktemp("home"), url, monkeypatch, hides=hides)
            told: dict[str, str] = {}
            for username in OUTSIDERS:
                with made.as_(username) as visit:
                    told |= {f"{username}: {question}": answer for question, answer in _answers(visit)}
                    for target in (HIDDEN, NAMED, NEVER):
                        for place, answer in enumerate(_refusals(visit, target)):
                            told[f"{username}: refusal {place} of {target}"] = answer
            with made.as_("jonas") as visit:
                told["jonas sees"] = str(len(list(datasets.datasets(visit))))
            told |= dict(_verbs(made))
            found[hides] = told
    yield found
    store.use_settings(None)
    arrays.forget()


def test_every_answer_is_the_same_to_the_letter(transcripts: dict[bool, dict[str, str]]) -> None:
    without, with_hidden = transcripts[False], transcripts[True]
    assert list(without) == list(with_hidden)
    different = {
        question: (answer, with_hidden[question])
        for question, answer in without.items()
        if answer != with_hidden[question] and question != "jonas sees"
    }
    assert different == {}


def test_the_comparison_is_of_two_different_databases(transcripts: dict[bool, dict[str, str]]) -> None:
    assert int(transcripts[True]["jonas sees"]) == int(transcripts[False]["jonas sees"]) + 3
    assert len(transcripts[True]) > 500


def test_no_answer_names_what_is_hidden(transcripts: dict[bool, dict[str, str]]) -> None:
    for question, answer in transcripts[True].items():
        if "zyz" in question.lower() or "secret" in question.lower():
            continue
        for word in ("zyzzyva", "secret", "parquet", "nowhere", HIDDEN, NAMED):
            assert word not in answer.lower().replace("('quiet office',)", ""), (question, word)


def test_a_hidden_id_is_refused_as_one_that_never_was(transcripts: dict[bool, dict[str, str]]) -> None:
    told = transcripts[True]
    for username in OUTSIDERS:
        for target in (HIDDEN, NAMED):
            for place in range(19):
                if place == 5:
                    continue  # An id is also a place in the order of ids, where both stand apart.
                said = told[f"{username}: refusal {place} of {target}"]
                assert said == told[f"{username}: refusal {place} of {NEVER}"], (username, place)


def test_the_audit_of_a_steward_holds_nothing_of_another_organisation(home: Path) -> None:
    made, portal = collaboration(), source()
    tidewater = made.organisations["Tidewater Homes"]
    harvested(record("Hidden"), source_id=portal, listing="owner", organisation_id=tidewater, identifier=HIDDEN)
    with made.as_("jonas") as visit:
        curation.correct(visit, HIDDEN, "title", value="Still hidden", reason="Shorter")
    with made.as_("priya") as visit:
        assert audit.events(visit, target="dataset:") == []
