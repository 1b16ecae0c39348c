"""What a run came to, in words: used wherever runs are listed."""

from __future__ import annotations

from catalogue.runs import Run, RunState
from pages.shell import widgets as w

STATES: dict[RunState, tuple[str, str]] = {
    RunState.READING: ("sync", "Being read"),
    RunState.WEIGHING: ("sync", "Being checked"),
    RunState.APPLIED: ("check_circle", "Applied"),
    RunState.HELD: ("back_hand", "Held"),
    RunState.FAILED: ("error", "Failed"),
    RunState.CANCELLED: ("cancel", "Cancelled"),
    RunState.REJECTED: ("block", "Put aside"),
    RunState.SUPERSEDED: ("history", "Overtaken"),
}
"""State -> icon and words."""
_CHANGES = {
    "added": "new",
    "changed": "changed",
    "restored": "back again",
    "missing": "missing",
    "withdrawn": "withdrawn",
    "rejected": "rejected",
}


def state(run: Run) -> w.Markup:
    """Icon and word of how far it is; what waits for a person is orange."""
    symbol, words = STATES[run.state]
    said = w.with_icon(symbol, words)
    owed = run.state in (RunState.HELD, RunState.FAILED)
    return w.Markup('<b class="ct-owes">{}</b>').format(said) if owed else said


def changes(run: Run) -> str:
    """What it changed or, when held, would change: "12 new, 3 changed"."""
    told = [f"{run.counts[name]:,} {words}" for name, words in _CHANGES.items() if run.counts.get(name)]
    if told:
        return ", ".join(told)
    return "nothing changed" if run.state is RunState.APPLIED else ""


def seen(run: Run) -> int:
    """Records that came, those that could not be taken included."""
    return run.read + run.counts.get("rejected", 0)


def read_so_far(run: Run) -> str:
    """How much was read: "669 of 812 records"."""
    return f"{seen(run):,} of {run.total:,} records" if run.total else w.count(seen(run), "record")


def outcome(run: Run) -> str:
    """One sentence for a list."""
    if not run.state.is_over:
        return "under way."
    if run.state is RunState.APPLIED:
        told = changes(run)
        return told[:1].upper() + told[1:] + "."
    return run.decided_reason or run.reason


def times(run: Run) -> str:
    """When it was read: "Sat 21 Nov 2026 06:00 to 06:04"."""
    began = w.moment(run.started_at)
    if run.ended_at is None:
        return began
    ended = w.moment(run.ended_at)
    return began if ended == began else f"{began} to {ended[-5:] if ended[:-5] == began[:-5] else ended}"
