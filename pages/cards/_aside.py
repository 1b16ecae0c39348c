"""What the people round the table say about a figure: the story behind the curve, actions, partners, how to read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import streamlit as st

from governance import Visit
from pages.cards import _acts
from pages.shell import widgets as w
from reportcards.report import ActionItem, Measurement, Story

_STATUS_ICONS: Mapping[str, str] = MappingProxyType(
    {"not started": "radio_button_unchecked", "under way": "pending", "done": "check_circle", "dropped": "cancel"}
)


def aside(visit: Visit, shown: Measurement) -> None:
    """Story, actions, partners, what works; who may change them finds the buttons beside."""
    with st.container(key="told-story", gap="xsmall"):
        w.show(_story(shown.story))
        _acts.story_button(visit, shown)
    with st.container(key="told-actions", gap="xsmall"):
        w.show(_actions(shown.actions))
        _acts.action_buttons(visit, shown)
    if shown.partners:
        w.show(_told("Partners", w.Markup("<p>{}</p>").format(", ".join(shown.partners))))
    if shown.what_works:
        w.show(_told("What works", _dashes(shown.what_works)))


def _told(title: str, *body: w.Markup) -> w.Markup:
    return w.Markup('<section class="ct-told"><h2>{}</h2>{}</section>').format(title, w.Markup("").join(body))


def _dashes(lines: Sequence[str]) -> w.Markup:
    said = w.Markup("").join(w.Markup("<li>{}</li>").format(line) for line in lines)
    return w.Markup('<ul class="ct-dashes" role="list">{}</ul>').format(said)


def _story(story: Story) -> w.Markup:
    title = "Story behind the curve"
    if not story.lines:
        asked = "Nobody has told it yet: what do the people round the table think moves it?"
        return _told(title, w.Markup("<p>{}</p>").format(asked))
    who = ", ".join(each for each in (story.by, story.organisation, w.day(story.on, otherwise="")) if each)
    return _told(title, _dashes(story.lines), w.Markup('<p class="ct-source">{}</p>').format(who))


def _actions(actions: Sequence[ActionItem]) -> w.Markup:
    if not actions:
        return _told("Actions", w.Markup("<p>{}</p>").format("None agreed yet."))
    lines = w.Markup("").join(
        w.Markup("<li><b>{}</b><span>{}</span></li>").format(each.what, _progress(each)) for each in actions
    )
    return _told("Actions", w.Markup('<ul class="ct-actions" role="list">{}</ul>').format(lines))


def _progress(action: ActionItem) -> w.Markup:
    due = f"{action.who}, by {w.day(action.due)}" if action.due else action.who
    if action.days_late:
        return w.Markup("{} {}").format(due, w.with_icon("schedule", w.count(action.days_late, "day") + " late"))
    return w.Markup("{} {}").format(due, w.with_icon(_STATUS_ICONS.get(action.status, "circle"), action.status))


def reading_note(shown: Measurement) -> None:
    """How not to read it, in its owner's words; nothing hides it."""
    if shown.definition.reading_note:
        w.show(w.Markup('<p class="ct-readingnote">{}</p>').format(in_full(shown.definition.reading_note)))


def in_full(note: str) -> w.Markup:
    """The owner's words as a sentence: they may begin with "Do not read it as", with "Do not", or after it."""
    said = note.strip()
    for start in ("Do not read it as", "Do not read", "Do not"):
        if said.lower().startswith(start.lower()):
            return w.Markup("<b>{}</b>{}").format(said[: len(start)], said[len(start) :])
    return w.Markup("<b>Do not read it as</b> {}").format(said)
