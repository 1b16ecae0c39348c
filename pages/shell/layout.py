"""Parts of a page: header, surfaces, aside, rows of facts, tables, result rows, steps of a process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from pages.shell.spectrum import band_badge
from pages.shell.text import esc, icon, link, show

Words = str | Markup
"""A `str` is escaped, a `Markup` (a link, a badge) is taken as it is."""


def page_header(
    title: Words,
    lede: Words = "",
    *,
    eyebrow: Words = "",
    breadcrumbs: Sequence[tuple[str, str]] = (),
    serif_lede: bool = False,
) -> DeltaGenerator:
    """Breadcrumbs, title and lede; answers the place at the right for one or two buttons: `with page_header(...):`.

    `breadcrumbs` are pairs (word, address); an address "" is plain text. `serif_lede` for a vision or a finding.
    """
    crumbs = Markup(" / ").join(link(word, address) if address else esc(word) for word, address in breadcrumbs)
    parts = [
        Markup('<nav class="ct-crumbs" aria-label="Where this page is">{}</nav>').format(crumbs) if crumbs else "",
        Markup('<p class="ct-eyebrow">{}</p>').format(eyebrow) if eyebrow else "",
        Markup("<h1>{}</h1>").format(title),
        Markup('<p class="ct-lede{}">{}</p>').format(" ct-voice" if serif_lede else "", lede) if lede else "",
    ]
    with st.container(key="pageheader", horizontal=True, vertical_alignment="bottom", gap="medium"):
        show(Markup('<div class="ct-header">{}</div>').format(Markup("").join(parts)))
        return st.container(key="pageactions", horizontal=True, gap="small", width="content")


def surface(key: str) -> DeltaGenerator:
    """A white surface with a hairline; `key` is unique on the page: `with surface("files"):`."""
    return st.container(border=True, key=f"surface-{key}")


def heading(words: Words, *, number: int | None = None, note: Words = "") -> None:
    """A section's heading, with a count in a lozenge or a quiet note after it."""
    counted = Markup(' <span class="ct-count">{}</span>').format(f"{number:,}") if number is not None else ""
    quiet = Markup(" <small>{}</small>").format(note) if note else ""
    show(Markup('<h2 class="ct-h2">{}{}{}</h2>').format(words, counted, quiet))


def finding(words: Words, detail: Words = "") -> None:
    """A sentence in the serif voice: a rule, a finding, a decision; `detail` under it in muted sans."""
    below = Markup('<p class="ct-muted">{}</p>').format(detail) if detail else ""
    show(Markup('<p class="ct-finding">{}</p>{}').format(words, below))


def quote(words: Words, who: Words, detail: Words = "") -> None:
    """Somebody's own words, in the serif voice, with who said them."""
    below = Markup("<span>{}</span>").format(detail) if detail else ""
    show(Markup('<blockquote class="ct-quote">{}<footer><b>{}</b>{}</footer></blockquote>').format(words, who, below))


def key_values(rows: Sequence[tuple[str, Words]]) -> Markup:
    """Names at the left of what they are, above it where it is narrow; rows whose value is "" are left out."""
    lines = [Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, value) for name, value in rows if value]
    return Markup('<dl class="ct-facts">{}</dl>').format(Markup("").join(lines))


def aside_block(title: str, *lines: Words) -> Markup:
    """One block of an aside: a small heading, then lines; the first line may be bold by `strong`."""
    body = Markup("").join(Markup("<p>{}</p>").format(line) for line in lines if line)
    return Markup('<section class="ct-aside"><h2 class="ct-label">{}</h2>{}</section>').format(title, body)


def strong(words: Words) -> Markup:
    """The words in bold ink."""
    return Markup("<b>{}</b>").format(words)


def muted(words: Words) -> Markup:
    """The words in muted ink."""
    return Markup('<span class="ct-muted">{}</span>').format(words)


def with_icon(name: str, words: Words) -> Markup:
    """An icon and words on one line: "9 days late", "Waits for signature"."""
    return Markup('<span class="ct-with">{}<span>{}</span></span>').format(icon(name), words)


def source_line(*parts: Words, label: str = "Source") -> Markup:
    """Where something comes from, in one quiet line: publisher, dataset, period, licence, received, revision."""
    said = Markup(", ").join(esc(part) for part in parts if part)
    return Markup('<p class="ct-source"><b>{}</b> {}</p>').format(label, said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a `table`."""

    title: str
    align: Literal["left", "right"] = "left"
    strong: bool = False
    """The column that names the row: it is drawn bold and read as the row's header."""


def table(columns: Sequence[Column], rows: Sequence[Sequence[Words]], *, caption: str) -> Markup:
    """A quiet table, ruled by hairlines, that prints; `caption` is for screen readers. One row is one tuple of cells.

    It scrolls sideways by itself on a narrow screen.
    """
    heads = Markup("").join(
        Markup('<th scope="col" class="ct-{}">{}</th>').format(column.align, column.title) for column in columns
    )
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(_cell(column, words) for column, words in zip(columns, row, strict=True))
        )
        for row in rows
    )
    return Markup(
        '<div class="ct-scroll" tabindex="0" role="region" aria-label="{}"><table class="ct-table">'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(caption, heads, body)


def _cell(column: Column, words: Words) -> Markup:
    if column.strong:
        return Markup('<th scope="row" class="ct-{}">{}</th>').format(column.align, words)
    return Markup('<td class="ct-{}">{}</td>').format(column.align, words)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """One dataset in a list."""

    title: Words
    address: str
    """From `pages.href`."""
    description: str
    """One line; give `text.plain(...)` of a harvested one."""
    publisher: Words
    facts: Sequence[Words] = ()
    """Freshness, formats, "Found in title": short phrases."""
    band: str
    reason: Words
    """Why it stands on this band, in short."""
    feeds: Words = ""
    """ "Feeds 3 indicators"; "" leaves the line out."""


def result_row(row: ResultRow) -> Markup:
    """One row: title, line and facts at the left; band, reason and what it feeds at the right."""
    facts = Markup("").join(Markup("<li>{}</li>").format(fact) for fact in (strong(row.publisher), *row.facts) if fact)
    feeds = Markup('<p class="ct-feeds">{}{}</p>').format(icon("monitoring"), row.feeds) if row.feeds else ""
    return Markup(
        '<li class="ct-result"><div><h2>{}</h2>{}<ul class="ct-inline" role="list">{}</ul></div>'
        "<div>{}<p>{}</p>{}</div></li>"
    ).format(
        link(row.title, row.address),
        Markup("<p>{}</p>").format(row.description) if row.description else "",
        facts,
        band_badge(row.band),
        row.reason,
        feeds,
    )


def result_list(rows: Sequence[ResultRow], *, label: str = "Datasets") -> None:
    """All rows in one surface, drawn as one element: a page of 25 costs one message."""
    body = Markup("").join(result_row(row) for row in rows)
    show(Markup('<ul class="ct-results" role="list" aria-label="{}">{}</ul>').format(label, body))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a process."""

    name: Words
    detail: Words = ""
    """A date or a count."""
    state: Literal["done", "current", "held", "later"] = "later"


_STEP_ICONS = {"done": "check", "held": "back_hand"}
_STEP_WORDS = {"done": "done", "current": "now", "held": "held", "later": "later"}


def status_strip(steps: Sequence[Step], *, label: str) -> Markup:
    """A process from left to right, each step under its rule: done and current teal, held orange, later pale."""
    lines = [
        Markup('<li class="ct-{}"{}><b>{}{}<span class="ct-hide"> ({})</span></b><span>{}</span></li>').format(
            step.state,
            Markup(' aria-current="step"') if step.state in {"current", "held"} else Markup(""),
            icon(_STEP_ICONS[step.state]) if step.state in _STEP_ICONS else "",
            step.name,
            _STEP_WORDS[step.state],
            step.detail,
        )
        for step in steps
    ]
    return Markup('<ol class="ct-steps" role="list" aria-label="{}">{}</ol>').format(label, Markup("").join(lines))


def results_bar(words: Words) -> DeltaGenerator:
    """The line over a list: how many for what; answers the place at the right for "Clear" and the order."""
    with st.container(key="resultsbar", horizontal=True, vertical_alignment="center", gap="small"):
        show(Markup('<p class="ct-resultwords" role="status">{}</p>').format(words))
        return st.container(key="resultsactions", horizontal=True, vertical_alignment="center", width="content")


def main_and_side() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Two columns of surfaces, two thirds and one third; one under the other on a narrow screen."""
    left, right = st.columns([752, 352], gap="small")
    return left, right


def main_and_aside() -> tuple[DeltaGenerator, DeltaGenerator]:
    """A wide column and a quiet aside behind a hairline, without a surface of its own."""
    with st.container(key="withaside"):
        left, right = st.columns([660, 396], gap="large")
    return left, right


def go(words: Words, address: str) -> Markup:
    """A link that leads on, with an arrow: "Browse the catalogue"."""
    return Markup('<p class="ct-onward">{}</p>').format(
        link(Markup("{}{}").format(words, icon("arrow_forward")), address)
    )


def two_lines(first: Words, second: Words) -> Markup:
    """A bold line and a muted one, for a cell of a table."""
    return Markup('<span class="ct-two"><b>{}</b><span>{}</span></span>').format(first, second)


def tally(rows: Sequence[tuple[str, Words, int, Words]]) -> Markup:
    """Counts by kind: icon, words, number, a link ("" for none)."""
    lines = Markup("").join(
        Markup("<li>{}<span>{}</span><b>{}</b><span>{}</span></li>").format(icon(symbol), words, f"{number:,}", more)
        for symbol, words, number, more in rows
    )
    return Markup('<ul class="ct-tally" role="list">{}</ul>').format(lines)


def item(key: str, words: Words, *, symbol: str, detail: Words = "") -> DeltaGenerator:
    """One line that waits for somebody: icon, sentence, detail; answers the place at the right for its button.

    `symbol` is an icon's name or a number in digits. `key` is unique on the page.
    """
    below = Markup("<span>{}</span>").format(detail) if detail else ""
    mark = Markup('<b class="ct-number">{}</b>').format(symbol) if symbol.isdigit() else icon(symbol)
    with st.container(key=f"item-{key}", horizontal=True, vertical_alignment="center", gap="medium"):
        show(Markup('<div class="ct-item">{}<p>{}</p>{}</div>').format(mark, words, below))
        return st.container(key=f"itemaction-{key}", horizontal=True, width="content")


def change(kind: str, words: Words, *, symbol: str, when: str, tone: Literal["", "worse", "better"] = "") -> Markup:
    """One line of what has changed: kind with its icon, sentence, day; `changes` puts several together."""
    return Markup('<li><b class="{}">{}{}</b><span>{}</span><time>{}</time></li>').format(
        f"ct-{tone}" if tone else "", icon(symbol), kind, words, when
    )


def changes(lines: Sequence[Markup], *, label: str) -> Markup:
    """The lines of `change` as one list."""
    return Markup('<ul class="ct-changes" role="list" aria-label="{}">{}</ul>').format(label, Markup("").join(lines))


def meter(share: float, words: Words) -> Markup:
    """How far a long task is, 0 to 1, with the words that say it."""
    percent = round(100 * min(max(share, 0.0), 1.0))
    return Markup(
        '<p class="ct-meterwords">{}</p><div class="ct-meter" role="progressbar" aria-valuenow="{}" aria-valuemin="0" '
        'aria-valuemax="100" aria-label="{}"><span style="width:{}%"></span></div>'
    ).format(words, percent, words if not isinstance(words, Markup) else words.striptags(), percent)


def numbered(lines: Sequence[Words]) -> Markup:
    """What happens next, as numbers in the serif voice."""
    body = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    return Markup('<ol class="ct-numbered">{}</ol>').format(body)
