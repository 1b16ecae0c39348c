"""What waits by the catalogue: held readings, registrations, corrections, concerns, late data, licences, pauses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalogue import curation, knowing, overview, registering, runs, search
from catalogue.facets import Facet
from catalogue.freshness import State as Freshness
from catalogue.search import Query
from governance import Action, Visit, may
from governance.access import Scope
from governance.agreements import reading
from governance.concerns import Concern, ShowAs, State, concerns
from governance.holds import holds
from governance.notices import Kind, Notice, day, offered

MOST = 3
"""Late datasets that are named; the others are told as a number."""
_MINE: Mapping[State, tuple[str, str]] = {
    State.RESTATED: ("Your concern was said back to you: “{}”", "Agree"),
    State.ANSWERED: ("Your concern was answered: “{}”", "Say what became of it"),
}
_THEIRS: Mapping[State, tuple[str, str]] = {
    State.RAISED: ("A concern about {} waits to be said back", "Say it back"),
    State.AGREED: ("A concern about {} waits for an answer", "Answer"),
}


@offered
def held_readings(visit: Visit) -> Iterator[Notice]:
    """Readings of sources that wait for somebody who may release them."""
    if not may(visit, Action.RUN_RELEASED):
        return
    for run in runs.waiting(visit):
        yield Notice(
            kind=Kind.HELD_RUN,
            key=f"{Kind.HELD_RUN}:{run.id}",
            words="A reading of {} is held",
            subject=run.source_name,
            detail=f"{run.reason} Nothing has been changed.",
            action="Settle",
            page="run",
            query={"id": run.id},
        )


@offered
def registrations(visit: Visit) -> Iterator[Notice]:
    """Those a steward decides, and those that went back to who drafted them."""
    for each in registering.waiting(visit):
        asked = each.state == registering.CHANGES_ASKED
        yield Notice(
            kind=Kind.REGISTRATION,
            key=f"{Kind.REGISTRATION}:{each.id}:{each.state}",
            words="Changes are asked for in {}" if asked else "{} asks to be registered",
            subject=each.answers.title or "A dataset without a name yet",
            detail=each.note if asked else f"By {each.by}, {day(each.changed_at)}.",
            action="Change" if asked else "Decide",
            page="register" if asked else "registration",
            query={"id": each.id},
        )


@offered
def corrections(visit: Visit) -> Iterator[Notice]:
    """Corrections that others suggest, for those who may take them."""
    if not may(visit, Action.DATASET_CORRECTED):
        return
    for each in curation.suggestions(visit):
        if each.may_settle:
            yield Notice(
                kind=Kind.CORRECTION,
                key=f"{Kind.CORRECTION}:{each.id}",
                words="A correction is suggested for {}",
                subject=each.title,
                detail=f"{each.by}: {each.reason}",
                action="Answer",
                page="suggestions",
            )


@offered
def asked_by_concerns(visit: Visit) -> Iterator[Notice]:
    """What one's own concerns wait for, then those about the data and the agreements of one's organisation."""
    every = concerns(visit, open_only=True)
    for each in every:
        if each.is_mine and each.state in _MINE:
            yield _mine(each)
    about = [each for each in every if not each.is_mine and each.state in _THEIRS]
    ours = _ours(visit, about)
    for each in about:
        if (each.about.kind, each.about.id) in ours:
            yield _theirs(each)


def _mine(each: Concern) -> Notice:
    words, action = _MINE[each.state]
    said = (each.restated_by, each.restated) if each.state is State.RESTATED else (each.answered_by, each.answer)
    return Notice(
        kind=Kind.AGREE,
        key=f"{Kind.AGREE}:{each.id}:{each.state}",
        words=words,
        subject=each.words,
        detail="{}: “{}”".format(*said),
        action=action,
        page="concern",
        query={"id": each.id},
    )


def _ours(visit: Visit, about: list[Concern]) -> frozenset[tuple[str, str]]:
    """The datasets that the viewer's organisation owns and the agreements it leads, as (kind, id)."""
    owner = visit.viewer.organisation_id
    if not (owner and about):
        return frozenset()
    datasets = knowing.briefs(visit, [each.about.id for each in about if each.about.kind == "dataset"])
    led = reading.agreements(visit) if any(each.about.kind == "agreement" for each in about) else ()
    return frozenset(
        [("dataset", each.id) for each in datasets.values() if each.organisation_id == owner]
        + [("agreement", each.id) for each in led if each.lead_id == owner]
    )


def _theirs(each: Concern) -> Notice:
    words, action = _THEIRS[each.state]
    who = each.organisation or ("A partner" if each.show_as is ShowAs.PARTNER else "Somebody")
    return Notice(
        kind=Kind.ANSWER,
        key=f"{Kind.ANSWER}:{each.id}:{each.state}",
        words=words,
        subject=each.about.title,
        detail=f"{who}: “{each.words}”",
        action=action,
        page="concern",
        query={"id": each.id},
    )


@offered
def late_data(visit: Visit) -> Iterator[Notice]:
    """Data of one's organisation that are later than their own rhythm promises: one news, however many they are."""
    name = visit.viewer.organisation
    if not name:
        return
    filters = {Facet.ORGANISATION.value: (name,), Facet.FRESHNESS.value: (Freshness.LATE.value,)}
    late = search.find(visit, Query(filters=filters, size=MOST))
    for hit in late.hits:
        yield Notice(
            kind=Kind.LATE,
            key=f"{Kind.LATE}:{visit.viewer.organisation_id}",
            words="{}: " + hit.freshness.words.lower(),
            subject=hit.title,
            detail=hit.freshness.detail,
            page="dataset",
            query={"id": hit.id},
        )
    if rest := late.total - len(late.hits):
        yield Notice(
            kind=Kind.LATE,
            key=f"{Kind.LATE}:{visit.viewer.organisation_id}",
            words="{} of " + name,
            subject=f"{rest:,} more late dataset{'' if rest == 1 else 's'}",
            detail="Later than their own rhythm promises.",
            action="See all",
            page="catalogue",
            query=filters,
            number=rest,
        )


@offered
def licences(visit: Visit) -> Iterator[Notice]:
    """That datasets stand at "licence unclear", for those who may decide: one news, however many they are."""
    if not may(visit, Action.SOURCE_DECIDED):
        return
    unclear = overview.headline(visit).counts.get("public-unclear", 0)
    if unclear:
        yield Notice(
            kind=Kind.LICENCE,
            key=Kind.LICENCE.value,
            words="{} at “Licence unclear”",
            subject=f"{unclear:,} dataset{'' if unclear == 1 else 's'}",
            detail="Published, but no licence we can rely on. One decision settles a whole source.",
            action="Decide",
            page="licences",
        )


@offered
def paused(visit: Visit) -> Iterator[Notice]:
    """The datasets that one's organisation has paused, for those who can lift it."""
    ours = visit.viewer.organisation_id
    if not ours or not may(visit, Action.HOLD_LIFTED, organisation_id=ours):
        return
    found = [each for each in holds(visit, open_only=True) if each.organisation_id == ours]
    named = knowing.briefs(visit, [each.object_id for each in found if each.scope is Scope.DATASET])
    for each in found:
        if each.scope is Scope.DATASET:
            yield Notice(
                kind=Kind.HELD,
                key=f"{Kind.HELD}:{each.id}",
                words="Your organisation has paused {}",
                subject=named[each.object_id].title if each.object_id in named else "a dataset",
                detail=f"Since {day(each.placed_at)}: “{each.reason}”",
                page="holds",
            )
