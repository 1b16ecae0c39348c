"""The pages of report cards: what a tile says in every state, whom it says it to, and what never leaves the server."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest
from streamlit.testing.v1 import AppTest

from governance import Viewer
from pages import all_pages
from pages.cards import _aside, _figures, _roles, _slide, _tile, _words
from pages.shell import slides
from reportcards import cards, composing, importing, indicators, targets, telling
from reportcards.cards import CardDraft, ItemDraft
from reportcards.formats import Role
from reportcards.recording import Order
from reportcards.report import Comparison, Freshness, Judgement, Measurement, State, Target
from reportcards.targets import Event
from reportcards.words import number
from tests.browser.filling_cards import SECRET, months
from tests.catalogue import made
from tests.catalogue.made import NOW, Collaboration
from tests.pages.conftest import ROOT, environment, start_server, stop_server
from tests.pages.drawn import draw, markup, refused, text
from tests.pages.wsclient import Talk, ask
from tests.reportcards import examples

CARDS, CARD, INDICATOR = "pages.cards.cards", "pages.cards.card", "pages.cards.indicator"
COMPOSE, PRESENT = "pages.cards.compose", "pages.cards.present"
STATES = (
    examples.shift_up,
    examples.improvement,
    examples.hit_and_miss,
    examples.no_polarity,
    examples.too_few,
    examples.last_provisional,
    examples.suppressed,
)


def drawn_tile(shown: Measurement) -> AppTest:
    """One tile, drawn alone."""

    def script(shown: object) -> None:
        from pages.cards import _tile

        _tile.draw(shown, "/indicator")  # type: ignore[arg-type]

    test = AppTest.from_function(script, default_timeout=60, kwargs={"shown": shown}).run()
    assert not test.exception, test.exception
    return test


@pytest.mark.parametrize("made_up", STATES, ids=lambda each: each.__name__)
def test_a_tile_says_value_period_finding_states_and_source(made_up: Callable[[], Measurement]) -> None:
    shown = made_up()
    said = text(drawn_tile(shown))
    assert shown.latest is not None and shown.latest.value is not None and shown.signal is not None
    told = [shown.name, number(shown.latest.value, shown.decimals), shown.latest.period, shown.headline]
    told += [shown.signal.word, *shown.source_short.splitlines()]
    for words in told:
        assert words in said, words


@pytest.mark.parametrize("made_up", STATES, ids=lambda each: each.__name__)
def test_every_judgement_is_a_shape_and_a_word(made_up: Callable[[], Measurement]) -> None:
    found = re.findall(r'<span class="ct-verdict ct-([a-z-]+)">(.*?)<b>(.*?)</b>', markup(drawn_tile(made_up())))
    assert found
    for judgement, shape, word in found:
        assert judgement in set(Judgement) and "ct-shape" in shape and word


def test_what_is_not_agreed_is_said_and_not_left_out() -> None:
    said = text(drawn_tile(examples.no_polarity()))
    assert "No comparison" in said and "No target agreed" in said
    assert "No peers to compare with" in text(drawn_tile(replace(examples.improvement(), benchmark=None)))


def test_a_held_tile_shows_its_reason_and_not_one_figure() -> None:
    test = drawn_tile(examples.held())
    assert "Not shared with your organisation" in text(test) and "Ask Dele Adeyemi" in text(test)
    assert "ct-tilefigure" not in markup(test) and not test.get("vega_lite_chart")


def test_a_provisional_and_a_late_value_are_paler_and_say_so() -> None:
    provisional = _tile.as_tile(examples.last_provisional(), "/x")
    assert provisional.is_pale and "2024/25, provisional" in provisional.beside
    late = replace(examples.improvement(), freshness=Freshness(words="9 days late", is_stale=True))
    assert _tile.as_tile(late, "/x").is_pale and _tile.as_tile(late, "/x").source[-1].endswith("9 days late")
    assert not _tile.as_tile(examples.improvement(), "/x").is_pale


def test_nothing_of_a_hostile_card_runs() -> None:
    for shown in examples.hostile().items:
        body = markup(drawn_tile(shown))
        assert "<script>" not in body and "</script>" not in body


def test_money_stands_before_its_figure_and_a_range_has_two_ends() -> None:
    shown = replace(examples.improvement(), unit="£")
    assert _words.parts(1048, shown) == ("£1,048", "")
    state = State(judgement=Judgement.BETTER, word="Met")
    ranged = replace(examples.too_few(), target=Target(value=4, upper=5, state=state))
    assert _words.to_target(ranged) == "Target 4 to 5 %: met"


def test_a_direction_is_ink_and_a_judgement_is_coloured() -> None:
    body = str(_figures.strip(examples.shift_up()))
    assert "arrow_upward" in body and "ct-worse" in body
    assert "ct-worse" not in str(_words.change(examples.shift_up()))


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("a measure of schools.", "Do not read it as a measure of schools."),
        ("Do not read it as a measure of schools.", "Do not read it as a measure of schools."),
        ("Do not read a rise as bad.", "Do not read a rise as bad."),
    ],
)
def test_an_owners_warning_is_one_sentence_however_it_begins(note: str, said: str) -> None:
    assert _aside.in_full(note).striptags() == said


def test_a_slide_leaves_the_plot_less_where_words_need_more() -> None:
    short, long = "It has risen.", "It has risen for seven months in a row; the target will be missed without change"
    source = "Harbour Council, attendance, r2, received 22 Nov 2026"
    roomy = slides.plot_height(short, (source,), small=False)
    tight = slides.plot_height(long, (source * 3, "Do not read it as a measure of schools. " * 2), small=True)
    assert 200 <= tight < roomy - 60


def test_a_larger_window_gives_all_it_has_more_to_the_plot() -> None:
    headline, lines = "It has risen for seven months in a row; the target will be missed", ("Source " * 24,)
    small, high, wide = (
        slides.plot_height(headline, lines, small=False, size=size) for size in ((1280, 720), (1280, 900), (1920, 1080))
    )
    assert high == small + 180 and wide >= small + 360
    assert slides.plot_height(headline, lines, small=False) == small


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ("", (1280, 720)),
        ("1920x1080", (1920, 1080)),
        ("390x844", (1280, 844)),
        ("99999x99999", (7680, 4320)),
        ("123456x1", (1280, 720)),
        ("-1x-1", (1280, 720)),
        ("1x2x3", (1280, 720)),
        ("²x²", (1280, 720)),
    ],
)
def test_a_window_is_what_the_address_says_within_reason(said: str, size: tuple[int, int]) -> None:
    assert slides.window(said) == size


def test_a_slide_says_the_whole_source_where_it_takes_two_lines_and_the_short_one_where_it_does_not() -> None:
    shown = replace(examples.improvement(), source_short="A council, A table, r1\nOGL v3.0")
    fits = replace(shown, source_line="A council, a table of 150 letters " * 4)
    assert _slide.source(fits, 1200) == fits.source_line
    longer = replace(shown, source_line="A council, a table of 150 letters " * 9)
    assert _slide.source(longer, 1200) == "A council, A table, r1, OGL v3.0"
    assert _slide.source(longer, 1840) == longer.source_line, "a wider window has room for it"
    assert _slide.source(replace(longer, source_short=""), 1200) == longer.source_line, "a source is never left out"


# ---- Pages over the real rooms ----


@dataclass(slots=True, kw_only=True)
class Table:
    """Two organisations, and a card of ten tiles of one open indicator."""

    people: Collaboration
    card: str
    items: list[str] = field(default_factory=list)
    revisions: list[str] = field(default_factory=list)

    def viewer(self, username: str) -> Viewer:
        """Somebody of the two."""
        return self.people.viewers[username]


def figures(count: int) -> bytes:
    lines = ["Indicator,Area code,Area name,Period,Value,Lower 95,Upper 95,Unit"]
    lines += [
        f"Absence,A{area},Area {area},{month},{20 + area + place % 3},{19 + area},{24 + area},%"
        for area in range(10)
        for place, month in enumerate(months(count))
    ]
    return "\n".join(lines).encode()


@pytest.fixture
def table(home: Path) -> Table:
    people = made.collaboration()
    people.person("carol", "Harbour Council", "chair")
    dataset = made.harvested(made.record("Attendance", licence=("cc-by-4.0",)), source_id=made.source())
    with people.as_("priya") as visit:
        for count in (14, 15):
            taken = importing.commit(visit, Order(data=figures(count), file_name="a.csv", dataset_id=dataset))
            assert taken.status == "committed", taken.errors
        drafts = tuple(ItemDraft(indicator_id=taken.indicator_ids[0], area_code=f"A{area}") for area in range(10))
        saved = cards.save(visit, CardDraft(title="School days", outcome="Every child is there.", items=drafts))
        items = [each.id for each in cards.draft(visit, saved.name).items]
        seen = composing.measurement(visit, saved.name, items[0])
    return Table(people=people, card=saved.name, items=items, revisions=[each.id for each in seen.revisions])


def test_a_card_shows_eight_tiles_a_screen_and_the_others_on_the_next(table: Table) -> None:
    first = draw(CARD, table.viewer("miriam"), now=NOW, name=table.card)
    assert markup(first).count("ct-tilefigure") == 8
    rest = draw(CARD, table.viewer("miriam"), now=NOW, name=table.card, page="2")
    assert markup(rest).count("ct-tilefigure") == 2
    assert markup(draw(CARD, table.viewer("miriam"), now=NOW, name=table.card, page="99")) == markup(rest)


def test_a_card_says_for_whom_it_is_and_that_nothing_is_ranked(table: Table) -> None:
    said = text(draw(CARD, table.viewer("miriam"), now=NOW, name=table.card))
    assert "Open. Every figure comes from open data." in said and "never ranked" in said and "As at 21 Nov 2026" in said


def test_only_those_who_may_change_a_card_find_the_way_to_it(table: Table) -> None:
    assert "/compose" not in markup(draw(CARD, table.viewer("miriam"), now=NOW, name=table.card))
    assert "/compose" in markup(draw(CARD, table.viewer("carol"), now=NOW, name=table.card))


def test_the_list_says_what_to_do_when_there_is_no_card(home: Path) -> None:
    people = made.collaboration()
    member, steward = (draw(CARDS, people.viewers[each], now=NOW) for each in ("miriam", "priya"))
    assert "A chair or a steward puts the first one together" in text(member) and "/catalogue" in markup(member)
    assert "/compose" in markup(steward) and "/import-numbers" in markup(steward)


def test_a_card_put_away_can_be_taken_out_again(table: Table) -> None:
    with table.people.as_("carol") as visit:
        cards.retire(visit, table.card, "The plan has ended.")
    page = draw(CARDS, table.viewer("carol"), now=NOW)
    assert "The plan has ended." in text(page)
    page.button(key=f"back-{table.card}").click().run()
    assert table.card in markup(draw(CARDS, table.viewer("miriam"), now=NOW))


def test_an_unknown_card_and_an_unknown_indicator_are_not_found(table: Table) -> None:
    viewer = table.viewer("miriam")
    assert refused(draw(CARD, viewer, now=NOW, name="nothing")).startswith("NotFound")
    assert refused(draw(INDICATOR, viewer, now=NOW, card=table.card, item="nothing")).startswith("NotFound")
    asked = {"card": table.card, "item": table.items[0], "revision": "nothing"}
    assert refused(draw(INDICATOR, viewer, now=NOW, **asked)).startswith("NotFound")


@pytest.mark.parametrize("tab", ["trend", "groups", "areas", "table", "method", "revisions", "nonsense"])
def test_every_view_of_an_indicator_keeps_its_source(table: Table, tab: str) -> None:
    page = draw(INDICATOR, table.viewer("miriam"), now=NOW, card=table.card, item=table.items[0], tab=tab)
    assert not refused(page) and not page.exception
    assert "Harbour Council, Attendance" in text(page) or tab in {"groups", "revisions"}


def test_other_places_are_named_only_where_that_was_agreed(table: Table) -> None:
    asked = {"card": table.card, "item": table.items[0], "tab": "areas"}
    alone = draw(INDICATOR, table.viewer("miriam"), now=NOW, **asked)
    assert "tab=areas" not in markup(alone) and "Area 3" not in text(alone)
    with table.people.as_("priya") as visit:
        found = indicators.indicators(visit)[0]
        named = replace(indicators.indicator(visit, found.id), comparison=Comparison.NAMED)
        indicators.save(visit, named)
    together = draw(INDICATOR, table.viewer("miriam"), now=NOW, **asked)
    assert "Area 3" in text(together) and "never ranked" in text(together)


def test_an_old_revision_says_so_and_shows_what_was_known_then(table: Table) -> None:
    newest, oldest = table.revisions[0], table.revisions[-1]
    asked = {"card": table.card, "item": table.items[0]}
    old = draw(INDICATOR, table.viewer("miriam"), now=NOW, **asked, revision=oldest)
    assert "This is revision 1." in text(old) and "Nov 2024" in text(old) and "Dec 2024" not in text(old)
    new = draw(INDICATOR, table.viewer("miriam"), now=NOW, **asked)
    assert "This is revision" not in text(new) and "Dec 2024" in text(new)
    differing = draw(INDICATOR, table.viewer("miriam"), now=NOW, **asked, tab="revisions")
    assert f"revision={oldest}" in markup(differing) and f"revision={newest}" not in markup(differing)


def test_a_pinned_card_says_that_it_is_not_the_newest(table: Table) -> None:
    pin = f"{table.items[0]}:{table.revisions[-1]}"
    said = text(draw(CARD, table.viewer("miriam"), now=NOW, name=table.card, pin=pin))
    assert "Not the newest figures." in said and "Nov 2024" in said


def test_an_edited_headline_names_its_editor(table: Table) -> None:
    with table.people.as_("carol") as visit:
        telling.set_headline(visit, table.items[0], "Absence is back where it was")
    page = draw(INDICATOR, table.viewer("miriam"), now=NOW, card=table.card, item=table.items[0])
    assert "Absence is back where it was" in text(page) and "Headline edited by Carol" in text(page)


def test_what_happened_stands_in_the_note_and_the_warning_of_reading_is_never_hidden(table: Table) -> None:
    with table.people.as_("priya") as visit:
        found = indicators.indicator(visit, indicators.indicators(visit)[0].id)
        indicators.save(visit, replace(found, reading_note="Do not read it as a measure of schools."))
        event = Event(id="", kind="note", on=NOW.date(), words="A strike", by="")
        targets.add_event(visit, found.id, event)
    for tab in ("trend", "groups", "table", "method", "revisions"):
        page = draw(INDICATOR, table.viewer("miriam"), now=NOW, card=table.card, item=table.items[0], tab=tab)
        assert "Do not read it as a measure of schools." in text(page)
    assert "Do not read it as a measure" in text(draw(PRESENT, table.viewer("miriam"), now=NOW, card=table.card))


def test_a_slide_names_its_keys_and_stays_within_the_card(table: Table) -> None:
    page = markup(draw(PRESENT, table.viewer("miriam"), now=NOW, card=table.card, i="10"))
    assert "10 of 10" in page and 'data-ct-keys="ArrowRight PageDown Space"' in page
    assert f'href="/present?card={table.card}&amp;i=10" data-ct-keys="ArrowRight' in page
    beyond = markup(draw(PRESENT, table.viewer("miriam"), now=NOW, card=table.card, i="4096"))
    assert "10 of 10" in beyond


def test_composing_changes_the_order_and_keeps_what_was_typed(table: Table) -> None:
    page = draw(COMPOSE, table.viewer("carol"), now=NOW, name=table.card)
    page.text_input(key="compose-title").input("School days, every day")
    down = next(each for each in page.button if each.label == "Move Absence down")
    down.click().run()
    assert page.text_input(key="compose-title").value == "School days, every day"
    next(each for each in page.button if each.label == "Save the card").click().run()
    with table.people.as_("carol") as visit:
        kept = cards.draft(visit, table.card)
    assert kept.title == "School days, every day"
    assert [each.area_code for each in kept.items[:3]] == ["A1", "A0", "A2"]


def test_a_slide_keeps_the_window_it_is_drawn_for_from_one_to_the_next(table: Table) -> None:
    page = markup(draw(PRESENT, table.viewer("miriam"), now=NOW, card=table.card, i="2", window="1920x1080"))
    assert 'data-ct-window="1920x1080"' in page
    assert f'href="/present?card={table.card}&amp;i=3&amp;window=1920x1080"' in page
    assert 'data-ct-window="1280x720"' in markup(draw(PRESENT, table.viewer("miriam"), now=NOW, card=table.card))


def with_groups(table: Table) -> str:
    """An indicator of two areas with girls and boys apart; its id."""
    lines = ["Indicator,Area code,Area name,Sex,Period,Value,Unit"]
    lines += [
        f"Ready for school,{area},Area {area[1:]},{sex},{month},{60 + place % 3},%"
        for area in ("A1", "A2")
        for sex in ("Persons", "Female", "Male")
        for place, month in enumerate(months(14))
    ]
    dataset = made.harvested(made.record("Early years", licence=("cc-by-4.0",)), source_id=made.source("Another"))
    with table.people.as_("priya") as visit:
        order = Order(data="\n".join(lines).encode(), file_name="b.csv", dataset_id=dataset)
        taken = importing.commit(visit, order)
    assert taken.status == "committed", taken.errors
    return taken.indicator_ids[0]


def test_place_and_group_are_chosen_from_what_the_newest_figures_hold(table: Table) -> None:
    found = with_groups(table)
    with table.people.as_("carol") as visit:
        gone = ItemDraft(indicator_id=found, area_code="A7", breakdown="Age", group="Under 5")
        saved = cards.save(visit, CardDraft(title="Early days", items=(ItemDraft(indicator_id=found), gone)))
    page = draw(COMPOSE, table.viewer("carol"), now=NOW, name=saved.name)
    who = [each for each in page.selectbox if each.label == "Who"]
    places = [each for each in page.selectbox if each.label == "Place"]
    assert who[0].options == ["Everyone", "Sex: Female", "Sex: Male"]
    assert places[0].options == ["The card’s own place", "Area 1", "Area 2"]
    assert "Age: Under 5 (no figures now)" in who[1].options and "A7 (no figures now)" in places[1].options
    who[0].select_index(1)
    places[0].select_index(2)
    next(each for each in page.button if each.label == "Save the card").click().run()
    with table.people.as_("carol") as visit:
        first, second = cards.draft(visit, saved.name).items
    assert (first.area_code, first.breakdown, first.group) == ("A2", "Sex", "Female")
    assert (second.area_code, second.breakdown, second.group) == ("A7", "Age", "Under 5")


def test_a_new_card_begins_with_a_template_and_its_indicators_come_with_one_click(table: Table) -> None:
    found = with_groups(table)
    page = draw(COMPOSE, table.viewer("carol"), now=NOW)
    assert page.selectbox(key="compose-template").value == ""
    page.text_input(key="compose-population").input("Children of the harbour")
    page.selectbox(key="compose-template").select("ready-for-school").run()
    assert page.text_input(key="compose-title").value == "Ready for school"
    assert page.text_input(key="compose-population").value == "Children of the harbour", "what was typed stays"
    said = text(page)
    assert "Do children begin school well developed?" in said and "No indicator here is called so yet." in said
    page.button(key=f"ask-0-add-{found}").click().run()
    assert "On the card" in text(page) and not [each for each in page.button if each.key == f"ask-0-add-{found}"]
    next(each for each in page.button if each.label == "Save the card").click().run()
    with table.people.as_("carol") as visit:
        kept = cards.draft(visit, "ready-for-school")
    assert kept.outcome.startswith("Every child is ready") and [each.indicator_id for each in kept.items] == [found]


def test_another_template_takes_back_the_words_of_the_first(table: Table) -> None:
    page = draw(COMPOSE, table.viewer("carol"), now=NOW)
    page.selectbox(key="compose-template").select("safe-streets").run()
    page.text_input(key="compose-title").input("Safe harbour")
    page.selectbox(key="compose-template").select("good-work").run()
    assert page.text_input(key="compose-title").value == "Safe harbour"
    assert "work" in str(page.text_input(key="compose-outcome").value)
    page.selectbox(key="compose-template").select("").run()
    assert page.text_input(key="compose-outcome").value == "" and "What to ask" not in text(page)


def test_a_card_that_exists_begins_with_nothing_else(table: Table) -> None:
    page = draw(COMPOSE, table.viewer("carol"), now=NOW, name=table.card)
    assert not [each for each in page.selectbox if each.label == "Begin with"]


def test_every_role_of_a_column_has_words_of_its_own() -> None:
    assert set(_roles.ROLES) == set(Role)
    assert len({_roles.in_words(role) for role in Role}) == len(Role)


# ---- What reaches a browser ----


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A server with a closed figure on a card."""

    url: str
    home: Path
    ids: dict[str, str]

    def cookie(self, username: str) -> str:
        """A session of this person."""
        ticket = _run(self.home, f"from governance import sign_in; print(sign_in.ticket({username!r}, '127.0.0.1'))")
        with httpx.Client(base_url=self.url, headers={"sec-fetch-site": "same-origin"}) as client:
            client.post("/session/start", json={"ticket": ticket}).raise_for_status()
            return str(client.cookies["commontable"])


def _run(home: Path, program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment(home), check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("cards")
    told = _run(home, "from tests.browser.filling_cards import main; main()")
    process, url = start_server(home)
    yield Served(url=url, home=home, ids=json.loads(told.splitlines()[-1]))
    stop_server(process)


def _addresses(ids: dict[str, str]) -> Iterator[tuple[str, str]]:
    card = ids["card"]
    yield from (("cards", ""), ("card", f"name={card}"), ("numbers", ""), ("compose", f"name={card}"))
    yield from (("present", f"card={card}&i={place}") for place in (1, 2))
    for item in (ids["open"], ids["closed"]):
        for tab in ("trend", "groups", "areas", "table", "method", "revisions"):
            yield "indicator", f"card={card}&item={item}&tab={tab}"


def test_no_frame_of_any_card_page_carries_a_value_that_is_held(served: Served) -> None:
    theirs, ours = served.cookie("other"), served.cookie("steward")
    secret = re.compile(rf"{SECRET}|{SECRET:,}")
    seen = {asked: ask(served.url, asked[0], cookie=ours, query=asked[1]).text for asked in _addresses(served.ids)}
    assert secret.search(seen["card", f"name={served.ids['card']}"]), "its owners do see it"
    for path, query in _addresses(served.ids):
        told = ask(served.url, path, cookie=theirs, query=query).text
        assert not secret.search(told), f"/{path}?{query}"
    told = ask(served.url, "card", cookie=theirs, query=f"name={served.ids['card']}").text
    assert "Not shared with your organisation" in told and "Client caseload" in told


def test_drawing_the_save_button_puts_no_file_at_any_address(served: Served) -> None:
    """The file is asked for at the click, and the click of a session that ended gets none."""
    cookie = served.cookie("steward")
    with Talk(base=served.url, cookie=cookie, page="card", query=f"name={served.ids['card']}") as talk:
        talk.run()
        drawn = talk.run(pressed="export-xlsx")
        button = next(each for each in drawn.downloads if each.id.endswith("saveexport"))
        assert button.deferred_file_id and not button.url and "/media/" not in drawn.text
        address = talk.download(button.deferred_file_id)
        assert address.startswith("/media/")
        assert httpx.get(served.url + address).status_code == 401, "nobody without a session"
        with httpx.Client(base_url=served.url, headers={"sec-fetch-site": "same-origin"}) as client:
            client.cookies["commontable"] = cookie
            assert client.get(address).content.startswith(b"PK"), "the click gives the workbook"
            client.post("/session/end", json={}).raise_for_status()
        assert not talk.download(button.deferred_file_id), "the session has ended"


def test_every_page_of_the_cards_is_looked_at() -> None:
    looked_at = {path for path, _ in _addresses({"card": "", "open": "", "closed": ""})}
    own = {page.path for page in all_pages() if page.section == "cards"}
    assert own - looked_at == {"import-numbers", "define-indicator"}, "these two show no figure of a revision"
