"""The words of requests and uses: how far one is, whom it waits for, what an owner said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pages.share import _agreement_words
from pages.shell import widgets as w
from sharing.uses import Asked, Decision, Group, Owner, State, UseCase

STATES: Mapping[State, tuple[str, str]] = {
    State.IDEA: ("An idea", "lightbulb"),
    State.WAITING: ("Waiting", "hourglass_empty"),
    State.GO: ("Yes", "check_circle"),
    State.GO_IF: ("Yes, if", "rule"),
    State.NOT_NOW: ("Not now", "event_busy"),
    State.LIVE: ("Begun", "play_circle"),
    State.FINISHED: ("Finished", "flag"),
    State.WITHDRAWN: ("Withdrawn", "undo"),
}
"""State -> its words and its icon."""
DECISIONS: Mapping[Decision, str] = {
    Decision.GO_IF: "Yes, if …",
    Decision.GO: "Yes",
    Decision.NOT_NOW: "Not now",
}
BASES = (
    "A public task or official duty",
    "A legal obligation",
    "Consent of the people in the data",
    "A contract with the people in the data",
    "Legitimate interests that outweigh theirs",
    "Saving life or health",
    "Not needed: the data are not about people",
)
"""What is named often; other words are as good."""


def state(use: UseCase) -> w.Markup:
    """How far it is, as word and shape."""
    words, symbol = STATES[use.state]
    return w.with_icon(symbol, waits(use) or words)


def waits(use: UseCase) -> str:
    """ "Waiting for Northbank Trust, 4 days"; "" when nobody is waited for."""
    found = use.waiting
    if not found:
        return ""
    return f"Waiting for {_agreement_words.listed(each.name for each in found)}, {days(use.days)}"


def days(number: int) -> str:
    """ "4 days", "since today"."""
    return w.count(number, "day") if number else "since today"


def who_decides(owner: Owner) -> str:
    """Who decides, and who writes it down here: the way a request goes at this owner."""
    approvers, stewards = (_agreement_words.listed(each) for each in (owner.approvers, owner.stewards))
    if approvers:
        written = f" {stewards} can write it down here." if stewards and stewards != approvers else ""
        return f"{approvers} decides.{written}"
    if stewards:
        return f"{_agreement_words.listed(owner.stewards, last='or')} decides."
    return "Nobody of it can decide here yet: an administrator can name a steward."


def who_asks(use: UseCase) -> str:
    """ "Linden Vale Council, Leila Haddad"."""
    return ", ".join(each for each in (use.organisation, use.asked_by) if each)


def titles(use: UseCase) -> str:
    """The names of its datasets in one line, the first three."""
    names = [each.title for each in use.datasets]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def data(asked: Sequence[Asked]) -> w.Markup:
    """The datasets with their owners, each leading to its page; quietly, when the viewer may know of none."""
    if not asked:
        return w.muted("Data that are not listed for you.")
    lines = [
        w.Markup("{}{}").format(
            w.link(each.title, w.href("dataset", id=each.dataset_id)),
            w.muted(f", {each.owner}") if each.owner else "",
        )
        for each in asked
    ]
    return w.Markup("<br>").join(lines)


def groups(found: Sequence[Group]) -> w.Markup:
    """Who benefits and who carries the risk, a row for each group."""
    columns = [w.Column(title="Who gains what"), w.Column(title="At what risk")]
    rows = [(w.two_lines(each.name, each.benefit or "No gain is named"), _risk(each)) for each in found]
    return w.table(columns, rows, caption="Who benefits, who carries the risk")


def _risk(group: Group) -> w.Markup | str:
    if not group.risk:
        return w.muted("No risk is named")
    if group.answer:
        return w.two_lines(group.risk, group.answer)
    return (
        w.two_lines(group.risk, "No benefit, and nothing is done about it yet") if group.is_unanswered else group.risk
    )
