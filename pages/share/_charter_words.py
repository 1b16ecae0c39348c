"""The words of the charter: how a use stands to a clause, and whether it goes ahead."""

from __future__ import annotations

from collections.abc import Mapping

from pages.share import _agreement_words
from pages.shell import widgets as w
from sharing.charter import Charter
from sharing.uses import Answer, Check, Outcome

ANSWERS: Mapping[Answer, tuple[str, str]] = {
    Answer.MEETS: ("Meets it", "check_circle"),
    Answer.PARTLY: ("Partly", "rule"),
    Answer.DOES_NOT: ("Does not", "cancel"),
    Answer.NOT_APPLICABLE: ("Not applicable", "remove"),
}
"""Answer -> its words and its icon."""
OUTCOMES: Mapping[Outcome, tuple[str, str]] = {
    Outcome.GO_IF: ("Goes ahead, if …", "rule"),
    Outcome.GO: ("Goes ahead", "check_circle"),
    Outcome.DO_NOT_GO: ("Does not go ahead", "block"),
}


def outcome(made: Check) -> w.Markup:
    """Whether it goes ahead, as word and shape, with its condition."""
    words, symbol = OUTCOMES[made.finding.outcome]
    told = w.with_icon(symbol, w.strong(words.removesuffix(" …")))
    if not made.finding.conditions:
        return told
    return w.Markup("{}<br>{}").format(told, _agreement_words.lines(made.finding.conditions))


def who(made: Check) -> str:
    """ "Sam Whitlock on 3 Nov 2026, by version 2 of the charter"."""
    return f"{made.by} on {w.day(made.on)}, by version {made.charter} of the charter"


def answers(made: Check, charter: Charter) -> w.Markup:
    """Clause by clause, as answered; a clause that is new since has no answer."""
    columns = [w.Column(title="The charter asks, and why it was answered so", strong=True), w.Column(title="Answer")]
    rows = []
    for each in charter.clauses:
        said = made.finding.replies.get(each.code)
        if said is None:
            rows.append((each.question, w.muted("Not asked then")))
            continue
        words, symbol = ANSWERS[said.answer]
        rows.append((w.two_lines(each.question, said.why) if said.why else each.question, w.with_icon(symbol, words)))
    return w.table(columns, rows, caption="How it stands to the charter")
