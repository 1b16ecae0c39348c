"""The words of concerns and commitments: how strongly, what may be lost, how far it is, what can be offered."""

from __future__ import annotations

from collections.abc import Mapping

from governance import Visit
from governance.commitments import CommitmentKind, CommitmentState
from governance.concerns import Concern, ConcernKind, Evidence, Loss, Nature, ShowAs, State
from pages.shell import widgets as w

FELT: Mapping[int, str] = {1: "A little", 2: "Strongly", 3: "Very strongly"}
STATES: Mapping[State, tuple[str, str]] = {
    State.RAISED: ("Waits to be said back", "hearing"),
    State.RESTATED: ("Waits for “yes, that is it”", "question_answer"),
    State.AGREED: ("Waits for an answer", "hourglass_empty"),
    State.ANSWERED: ("Answered", "reply"),
    State.EASED: ("Eased", "check_circle"),
    State.CARRIED: ("Carried", "anchor"),
    State.CLOSED: ("Closed", "inventory_2"),
}
"""State -> its words and its icon."""
KINDS: Mapping[ConcernKind, str] = {
    ConcernKind.HARM: "Somebody comes to harm",
    ConcernKind.LOSS: "We lose something",
    ConcernKind.LEGAL: "It may not be lawful",
    ConcernKind.QUALITY: "The data are not good enough",
    ConcernKind.WORKLOAD: "It is too much work",
    ConcernKind.OTHER: "Something else",
}
LOSSES: Mapping[Loss, str] = {
    Loss.CONTROL: "Saying what happens with our data",
    Loss.POWER: "Our say in decisions",
    Loss.STATUS: "Our standing with others",
    Loss.RESOURCES: "Money or staff",
    Loss.BLAME: "Being blamed for what it shows",
    Loss.MISREADING: "That it is read wrongly",
    Loss.MEDIA: "A bad story in the news",
    Loss.LEAGUE_TABLE: "Being ranked against others",
    Loss.RELATIONSHIP: "The trust of those we work with",
    Loss.PRIVACY: "That somebody is recognised",
}
EVIDENCE: Mapping[Evidence, str] = {
    Evidence.NOT_KNOWN: "Not known",
    Evidence.SUPPORTED: "Something speaks for it",
    Evidence.NOT_SUPPORTED: "Nothing speaks for it so far",
}
NATURE: Mapping[Nature, str] = {
    Nature.TECHNICAL: "A measure can settle it",
    Nature.ADAPTIVE: "People have to talk about it",
    Nature.BOTH: "Both",
}
COMMITMENTS: Mapping[CommitmentKind, str] = {
    CommitmentKind.OFFER: "An offer",
    CommitmentKind.MITIGATION: "A safeguard",
    CommitmentKind.ACTION: "An action",
    CommitmentKind.PROMISE: "A promise",
    CommitmentKind.DESTROY: "Data will be destroyed",
}
OFFERS = (
    "We share fewer fields",
    "We share in coarser detail",
    "We share at a later date",
    "Nothing is published before an agreed day",
    "We share first",
    "Our staff help with the work",
)
"""What is offered often; other words are as good."""
TALK = "We sit down with those it concerns and talk it through"
"""What an adaptive concern asks for: no control answers it."""
BECOMES: Mapping[CommitmentState, tuple[str, str]] = {
    CommitmentState.OFFERED: ("Offered", "redeem"),
    CommitmentState.ACCEPTED: ("Accepted", "handshake"),
    CommitmentState.OPEN: ("To be done", "radio_button_unchecked"),
    CommitmentState.KEPT: ("Kept", "check_circle"),
    CommitmentState.BROKEN: ("Broken", "heart_broken"),
    CommitmentState.DROPPED: ("Dropped", "cancel"),
}


def shows(visit: Visit) -> Mapping[ShowAs, str]:
    """What others may see of who raises it, as labels."""
    named = {ShowAs.ORGANISATION: w.as_label(visit.viewer.organisation)} if visit.viewer.organisation_id else {}
    return {**named, ShowAs.PARTNER: "“A partner”", ShowAs.NOBODY: "Nobody: no name is kept"}


def who(found: Concern) -> str:
    """Who raised it, in the form they allow."""
    if found.show_as is ShowAs.ORGANISATION:
        return found.organisation
    return "A partner" if found.show_as is ShowAs.PARTNER else "Somebody, without a name"


def felt(found: Concern) -> str:
    """ "felt very strongly"."""
    return f"felt {FELT[found.felt].lower()}"


def state(found: Concern) -> w.Markup:
    """How far it is, as word and shape."""
    words, symbol = STATES[found.state]
    return w.with_icon(symbol, "Said back, but not quite" if found.not_quite else words)


def said(words: str) -> w.Markup:
    """Somebody's words between quotation marks, with their line breaks."""
    return w.Markup("“{}”").format(w.Markup("<br>").join(w.esc(line) for line in words.splitlines()))
