"""Finding a dataset in a real browser: deep link, words, filters, keyboard, back, phone, axe."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.filling import FILES, HIDDEN, MANY
from tests.pages.conftest import Server, settled
from tests.pages.looked import Tab

pytestmark = pytest.mark.browser
Enter = Callable[..., None]
ADDRESSES = ("/catalogue?q=chidlcare&band=open", "/spectrum?rule=R6", f"/dataset?id={MANY}")
"""What the tests of every page, on the demo, do not come to."""
BOX = "Search the catalogue"


def words(page: Page) -> str:
    """The line over the results."""
    return page.locator(".ct-resultwords").inner_text()


def open_dataset(page: Page, title: str) -> None:
    page.get_by_role("link", name=title, exact=True).click()
    page.get_by_role("heading", level=1, name=title).wait_for()
    settled(page)


def test_a_deep_link_with_a_search_in_it_survives_signing_in(page: Page, enter: Enter) -> None:
    enter(page, "member", "/catalogue?q=children&theme=Health")
    assert page.url.endswith("/catalogue?q=children&theme=Health")
    expect(page.get_by_role("searchbox", name=BOX)).to_have_value("children")
    assert words(page) == "10 datasets for “children” in theme Health"


def test_the_list_follows_while_one_types_and_back_brings_the_earlier_search(page: Page, enter: Enter) -> None:
    enter(page, "member", "/catalogue")
    box = page.get_by_role("searchbox", name=BOX)
    box.press_sequentially("childcare", delay=30)
    page.get_by_text("for “childcare”").wait_for()
    settled(page)
    assert "q=childcare" in page.url
    expect(page.get_by_role("link", name="Childcare places and vacancies")).to_be_visible()
    page.get_by_role("link", name="Childcare places and vacancies").click()
    page.get_by_role("heading", name="How to get it").wait_for()
    page.go_back()
    page.get_by_text("for “childcare”").wait_for()
    expect(page.get_by_role("searchbox", name=BOX)).to_have_value("childcare")


def test_bands_and_facets_narrow_stand_in_the_address_and_can_be_cleared(page: Page, enter: Enter) -> None:
    enter(page, "member", "/catalogue")
    before = words(page)
    page.locator("[data-testid=stButtonGroup]").get_by_role("button", name="Open").click()
    page.get_by_text("in Open").wait_for()
    assert "band=open" in page.url
    page.get_by_role("button", name="Theme").click()
    page.get_by_text("Health", exact=False).locator("visible=true").first.wait_for()
    page.locator("[data-testid=stPopoverBody]").get_by_text(re.compile("^Health")).click()
    page.get_by_role("button", name="Theme · 1").wait_for()
    settled(page)
    assert "in Open in theme Health" in words(page)
    page.keyboard.press("Escape")
    page.go_back()
    page.get_by_role("button", name="Theme", exact=True).wait_for()
    settled(page)
    assert "theme=" not in page.url
    page.get_by_role("button", name="Clear", exact=True).click()
    page.get_by_text(before, exact=True).wait_for()
    assert "band=" not in page.url


def test_a_spelling_that_finds_nothing_is_corrected_and_says_so(page: Page, enter: Enter) -> None:
    enter(page, "member", "/catalogue?q=chidlcare")
    expect(page.get_by_text("Showing results for “childcare”.")).to_be_visible()
    expect(page.get_by_role("link", name="Childcare places and vacancies")).to_be_visible()


def test_a_search_without_results_says_what_to_do(page: Page, enter: Enter) -> None:
    enter(page, "member", "/catalogue?q=children&band=closed&format=PDF")
    expect(page.get_by_text("No dataset matches “children” in Closed as PDF")).to_be_visible()
    page.get_by_role("button", name="Search everywhere").click()
    page.get_by_text("for “children”").wait_for()
    assert "band=" not in page.url


def test_the_pages_of_the_results_are_addresses(page: Page, enter: Enter) -> None:
    enter(page, "member", "/catalogue?sort=title")
    first = page.locator(".ct-result h2").first.inner_text()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="2", exact=True).click()
    page.wait_for_url(re.compile("page=2"))
    page.locator(".ct-pager [aria-current=page]", has_text="2").wait_for()
    settled(page)
    assert page.locator(".ct-result h2").first.inner_text() != first
    page.go_back()
    page.locator(".ct-pager [aria-current=page]", has_text="1").wait_for()
    assert page.locator(".ct-result h2").first.inner_text() == first


def test_a_dataset_says_where_it_stands_why_who_answers_and_how_to_get_it(page: Page, enter: Enter) -> None:
    enter(page, "member", "/catalogue?q=self-harm")
    open_dataset(page, "Children seen for self-harm")
    main = page.locator("[data-testid=stMain]")
    for said in (
        "Named: access is limited",
        "One step more open",
        "Named nurse for safeguarding",
        "You are asking for Linden Vale Council.",
        "Write to information@linden-trust.example",
        "Who answers for it",
        "Freshness",
        "Everyone signed in",
    ):
        expect(main.get_by_text(said).first).to_be_visible()
    for tab, said in (
        ("Fields and sources", "Who says so"),
        ("History", "Added to the catalogue."),
        ("Cite it", "[data set]"),
        ("Similar elsewhere", "Children"),
    ):
        page.get_by_role("tab", name=tab).click()
        page.get_by_role("tabpanel").get_by_text(said).first.wait_for()


def test_the_main_path_works_by_keyboard_alone(page: Page, enter: Enter) -> None:
    enter(page, "member", "/catalogue")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == BOX:
            break
    page.keyboard.type("self-harm", delay=20)
    page.get_by_text("for “self-harm”").wait_for()
    settled(page)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Children seen for self-harm":
            break
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="How to get it").wait_for()
    assert "/dataset?id=" in page.url


def test_what_is_hidden_reads_like_what_never_was(page: Page, enter: Enter, server: Server) -> None:
    enter(page, "member", f"/dataset?id={HIDDEN}")
    hidden, title = page.locator("[data-testid=stMain]").inner_html(), page.title()
    page.goto(f"{server.url}/dataset?id=0123456789abcdef")
    page.locator(".ct-foot").wait_for()
    settled(page)
    assert page.locator("[data-testid=stMain]").inner_html() == hidden
    assert page.title() == title
    assert "Lanternfish" not in page.content()
    page.goto(f"{server.url}/catalogue?q=lanternfish")
    page.get_by_text("No dataset matches “lanternfish”").wait_for()
    page.goto(f"{server.url}/organisation?publisher=Saltmarsh+Trust")
    page.get_by_text("Not found, or not yours to see").wait_for()


def test_its_owner_finds_it(page: Page, enter: Enter) -> None:
    enter(page, "other", "/catalogue?q=lanternfish")
    open_dataset(page, "Lanternfish sightings")
    expect(page.get_by_text("Only its owner")).to_be_visible()


def test_of_very_many_files_a_screenful_is_shown_and_more_on_request(page: Page, enter: Enter) -> None:
    enter(page, "member", f"/dataset?id={MANY}")
    rows = page.get_by_role("tabpanel").locator("tbody tr")
    assert rows.count() == 50
    expect(page.get_by_text(f"50 of {FILES:,} files")).to_be_visible()
    page.get_by_role("button", name="Show more").click()
    page.get_by_text(f"250 of {FILES:,} files").wait_for()
    assert rows.count() == 250


def test_following_and_a_saved_search_come_back_on_the_home_page(page: Page, enter: Enter, server: Server) -> None:
    enter(page, "chair", f"/dataset?id={MANY}")
    page.get_by_role("button", name="Follow").click()
    page.get_by_role("button", name="Following: stop").wait_for()
    page.goto(f"{server.url}/catalogue?q=housing")
    page.get_by_role("button", name="Save this search").click()
    page.get_by_role("textbox", name="Name of this search").fill("Homes")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.", exact=True).wait_for()
    page.goto(server.url)
    page.get_by_role("link", name="A long series").wait_for()
    page.get_by_role("link", name="Homes").click()
    page.get_by_text("for “housing”").wait_for()


def test_a_member_suggests_and_a_steward_takes_the_correction(browser: Browser, page: Page, enter: Enter) -> None:
    enter(page, "member", f"/dataset?id={MANY}")
    page.get_by_role("button", name="Suggest a correction").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="What it should say").fill("A very long series")
    dialog.get_by_role("textbox", name="Why").fill("Its own web page calls it so")
    dialog.get_by_role("button", name="Suggest it").click()
    dialog.wait_for(state="detached")
    steward = browser.new_context().new_page()
    enter(steward, "steward", "/")
    steward.get_by_text("A correction is suggested for").wait_for()
    steward.get_by_role("link", name="Answer").click()
    steward.get_by_role("button", name="Take it").click()
    steward.get_by_text("No suggestion waits").wait_for()
    enter_again = steward.url.rpartition("/")[0]
    steward.goto(f"{enter_again}/dataset?id={MANY}")
    steward.get_by_role("heading", level=1, name="A very long series").wait_for()
    steward.get_by_role("tab", name="Fields and sources").click()
    steward.get_by_text("Corrected here").wait_for()
    steward.context.close()


def test_what_the_demo_has_no_address_for_is_accessible_wide_and_narrow(
    page: Page, enter: Enter, server: Server
) -> None:
    enter(page, "steward", "/")
    tab = Tab(page=page, url=server.url)
    tab.listen()
    wrong = [each for address in ADDRESSES for each in tab.look(address)]
    page.get_by_role("button", name="Correct a field").click()
    page.get_by_role("dialog").wait_for()
    assert "\n".join(wrong + tab.look_here("the dialog")) == ""


def test_paper_is_white_and_forced_colours_show_what_is_chosen(browser: Browser, enter: Enter) -> None:
    context = browser.new_context(color_scheme="dark", forced_colors="active")
    page = context.new_page()
    enter(page, "member", "/catalogue?band=open")
    style = "(each, what) => getComputedStyle(each)[what]"
    bands = page.locator("[data-testid=stButtonGroup] button")
    widths = {each.inner_text(): each.evaluate(style, "borderTopWidth") for each in bands.all()}
    assert {name for name, width in widths.items() if width == "2px"} == {each for each in widths if "Open" in each}
    page.emulate_media(media="print", forced_colors="none")
    assert page.locator("[data-testid=stApp]").evaluate(style, "backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("h1").evaluate(style, "color") == "rgb(19, 33, 43)"
    expect(page.locator(".ct-pager")).to_be_hidden()
    expect(page.get_by_role("searchbox", name=BOX)).to_be_hidden()
    context.close()
