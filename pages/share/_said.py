"""A registration as it is read: where it would stand and why, every answer, who sees it."""

from __future__ import annotations

from catalogue import registering
from catalogue.answers import FREQUENCIES, Answers
from catalogue.licences import licence
from catalogue.registering import Registration
from governance import Visit
from pages.browse import _standing
from pages.share import _history, _words
from pages.shell import widgets as w

_OPEN_QUESTION = "Not answered yet"


def standing(visit: Visit, found: Registration) -> None:
    """The scale, the sentence of the rule, one step more open."""
    placed = registering.preview(visit, found.answers)
    with w.surface("standing"):
        w.show(w.spectrum_scale(placed.band.value))
        w.finding(_words.stands(placed))
        ruled = "As its owner says" if placed.rule == "C1" else _standing.RULE_TITLES.get(placed.rule, placed.rule)
        rule = w.Markup("{} ({})").format(ruled, w.link(f"rule {placed.rule}", w.href("spectrum", rule=placed.rule)))
        w.show(w.key_values([("Rule", rule), ("One step more open", placed.next_step)]))


def answers(visit: Visit, found: Registration) -> None:
    """The six answers, then whatever else was said."""
    said = found.answers
    with w.surface("answers"):
        w.heading("What was answered")
        rows = [(question, answer or w.muted(_OPEN_QUESTION)) for question, answer in _six(visit, said)]
        w.show(w.key_values(rows))
        besides = [(name, value) for name, value in _besides(said) if value]
        if besides:
            w.heading("Said besides")
            w.show(w.key_values(besides))


def _six(visit: Visit, said: Answers) -> list[tuple[str, w.Markup | str]]:
    return [
        ("Name", said.title),
        ("What is in it", _words.lines(said.description)),
        ("Facts about people", _words.PEOPLE.get(said.people, "")),
        ("Who answers for it", _words.name_of(visit, said.answers_for)),
        ("How often it changes", FREQUENCIES.get(said.frequency, "")),
        ("Who may know of it", _words.listing_words(visit, said)),
    ]


def _besides(said: Answers) -> list[tuple[str, w.Markup | str]]:
    terms = licence(said.licence)
    return [
        ("Who decides", said.approver),
        ("How to ask", _words.lines(said.how_to_ask)),
        ("Usually decided in", w.count(said.usual_days, "working day") if said.usual_days is not None else ""),
        ("Web address", w.outside(said.link, said.link) if said.link else ""),
        ("Licence", terms.title if terms else said.licence),
        ("Formats", ", ".join(said.formats)),
        ("Columns", ", ".join(said.columns)),
        ("Rows", f"about {said.row_count:,}" if said.row_count is not None else ""),
        ("Covers", _period(said)),
        ("Area", said.area),
        ("Keywords", ", ".join(said.keywords)),
        ("Themes", ", ".join(said.themes)),
        ("Life events", ", ".join(said.life_events)),
        ("What people were told", _words.lines(said.told_people)),
        ("How they see their own", _words.lines(said.self_access)),
        ("Legal basis", _words.lines(said.legal_basis)),
        ("How sensitive", _words.SENSITIVITY.get(said.sensitivity, "") if said.sensitivity is not None else ""),
    ]


def _period(said: Answers) -> str:
    if said.period_from and said.period_to:
        return f"{said.period_from} to {said.period_to}"
    return f"from {said.period_from}" if said.period_from else f"until {said.period_to}" if said.period_to else ""


def aside(visit: Visit, found: Registration) -> w.Markup:
    """Who sees it now, who will, who decides, what happened."""
    said = found.answers
    later = _words.listing_words(visit, said) or _OPEN_QUESTION
    is_there = found.state == registering.APPROVED
    blocks = [w.aside_block("Who may know of it" if is_there else "Who sees it once it is in the catalogue", later)]
    if not is_there:
        blocks.insert(0, w.aside_block("Who sees it now", f"The people of {found.organisation}, nobody else"))
    who = said.approver or _words.name_of(visit, said.answers_for)
    if who:
        days = f"usually in {w.count(said.usual_days, 'working day')}" if said.usual_days is not None else ""
        blocks.append(w.aside_block("Who decides on requests", w.strong(who), w.muted(days)))
    blocks.append(_history.block(visit, found))
    return w.Markup('<div class="ct-sideblocks">{}</div>').format(w.Markup("").join(blocks))
