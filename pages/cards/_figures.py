"""The strip over an indicator: value, change, signal, target, peers."""

from __future__ import annotations

from pages.cards import _words
from pages.shell import widgets as w
from reportcards.report import Measurement


def strip(shown: Measurement) -> w.Markup:
    """Signal before comparison; a state that is not there says why."""
    latest = shown.latest
    value = _words.parts(latest.value, shown) if latest and latest.value is not None else ("–", "")
    return w.figure_strip(value, detail(shown), (change(shown), signal(shown), target(shown), peers(shown)))


def detail(shown: Measurement) -> str:
    """Interval, period and how fresh it is."""
    if shown.latest is None:
        return "No value is stated yet"
    interval = _words.interval(shown.latest, shown)
    fresh = shown.freshness.words if shown.freshness else ""
    return ", ".join(
        each for each in (f"{interval} (95 %)" if interval else "", _words.period(shown.latest), fresh) if each
    )


def change(shown: Measurement) -> w.Fact:
    """How much since the observation before, and which direction is good."""
    return w.Fact(title="Change", words=_words.change(shown), detail=_words.DIRECTIONS[shown.polarity])


def signal(shown: Measurement) -> w.Fact:
    """Whether it is more than chance."""
    return w.Fact(title="Signal", words=_words.signal(shown), detail=shown.signal.why if shown.signal else "")


def target(shown: Measurement) -> w.Fact:
    """What was agreed, and whether it is reached."""
    if shown.target is None:
        return w.Fact(title="Target", words=w.muted("None agreed"))
    state = shown.target.state
    by = f"by {shown.target.by}" if shown.target.by else state.why
    words = w.verdict(state.judgement, state.word, of_target=True)
    return w.Fact(title=f"Target {_words.target_value(shown.target, shown)}", words=words, detail=by)


def peers(shown: Measurement) -> w.Fact:
    """How it compares with peers or the parent area; never with a single named place unless that was agreed."""
    if shown.benchmark is None:
        return w.Fact(title="Peers", words=w.muted(_words.to_peers(shown)))
    state = shown.benchmark.state
    value = _words.with_unit(shown.benchmark.value, shown) if shown.benchmark.value is not None else state.why
    name = "" if shown.benchmark.name.lower() == "peers" else shown.benchmark.name
    said = ", ".join(each for each in (value, name) if each)
    return w.Fact(title="Peers", words=w.verdict(state.judgement, state.word), detail=said)


def short_facts(shown: Measurement) -> tuple[w.Fact, ...]:
    """The same for a slide: what stands above the picture, without details."""
    told = []
    for fact in (signal(shown), target(shown), peers(shown)):
        value = shown.benchmark.value if fact.title == "Peers" and shown.benchmark else None
        title = f"Peers {_words.with_unit(value, shown)}" if value is not None else fact.title
        told.append(w.Fact(title=title, words=fact.words))
    return tuple(told)
