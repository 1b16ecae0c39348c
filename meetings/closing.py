"""Close a meeting: minutes and attendance are required, and the audit's latest hash is kept with them."""

from __future__ import annotations

from governance import Action, Invalid, Visit, audit, require
from meetings.rows import open_row, presence_rows

LONGEST = 100_000
"""Letters of the minutes."""


def close(visit: Visit, name: str, *, minutes: str) -> None:
    """End the meeting for good. Raises Invalid without minutes or attendance, NotFound, NotPermitted."""
    words = minutes.strip()
    if not words:
        raise Invalid("Write the minutes first: what was talked about, in a few sentences.", field="minutes")
    if len(words) > LONGEST:
        raise Invalid(f"Minutes have at most {LONGEST:,} letters.", field="minutes")
    grant = require(visit, Action.MEETING_CLOSED, f"meeting:{name}")
    with visit.change(grant) as session:
        row = open_row(session, name, held=True)
        if not any(each.here for each in presence_rows(session, row.id)):
            raise Invalid("Say first who was in the room.", field="here")
        row.audit_head = audit.head()
        row.state, row.minutes, row.closed_at, row.changed_at = "closed", words, visit.now, visit.now
    visit.refresh()
