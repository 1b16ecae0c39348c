"""All meetings: the next first, then what was decided in the past ones."""

from __future__ import annotations

from collections.abc import Sequence

from governance import Visit
from meetings.first_use import FirstUse, first_uses
from meetings.reading import MeetingBrief, State, meetings
from pages import EVERYONE, Page
from pages.meet import _who, _words
from pages.shell import widgets as w

PAGE = Page(title="Meetings", role=EVERYONE, icon="event", order=10)


def render(visit: Visit) -> None:
    """The list, or what to do so that there is one."""
    found = meetings(visit)
    with w.page_header("Meetings", "Who is in the room decides what may be shown; what is decided keeps its evidence."):
        if found and _who.may_plan(visit):
            w.show(w.to_page("Plan a meeting", w.href("plan-meeting"), symbol="add", first=True))
    if not found:
        _none(visit)
        return
    uses = first_uses(visit)
    _list(visit, "Next", _coming(visit, found), uses=uses)
    _not_used_yet([each for each in uses if not each.meeting])
    _list(visit, "Past", [each for each in found if each.state is State.CLOSED], uses=uses)


def _coming(visit: Visit, found: Sequence[MeetingBrief]) -> list[MeetingBrief]:
    """What is being held, what is to come, the soonest first, and last what was planned and never held."""
    open_ones = [each for each in found if each.state is not State.CLOSED]
    return sorted(open_ones, key=lambda each: (each.state is not State.HELD, _is_over(visit, each), each.starts_at))


def _is_over(visit: Visit, brief: MeetingBrief) -> bool:
    return brief.state is State.PLANNED and brief.ends_at <= visit.now


def _list(visit: Visit, title: str, shown: Sequence[MeetingBrief], *, uses: Sequence[FirstUse]) -> None:
    if not shown:
        return
    w.heading(title, number=len(shown))
    rows = w.Markup("").join(_row(visit, each, uses) for each in shown)
    w.show(w.Markup('<ul class="ct-results" role="list" aria-label="{}">{}</ul>').format(title, rows))


def _row(visit: Visit, brief: MeetingBrief, uses: Sequence[FirstUse]) -> w.Markup:
    used = [each for each in uses if each.meeting == brief.name]
    chair = f"Chair: {brief.chair_name}" if brief.chair_name else ""
    facts = w.Markup("").join(w.Markup("<span>{}</span>").format(each) for each in (chair, brief.made_up) if each)
    return w.Markup(
        '<li class="ct-result ct-cardrow"><div><h2>{}</h2><p>{}</p><p class="ct-inline">{}</p></div>'
        '<div><p class="ct-band"><b>{}</b></p><p>{}</p></div></li>'
    ).format(
        w.link(brief.title, w.href("meeting", name=brief.name)),
        _words.when(brief),
        facts,
        _stands(visit, brief),
        _first_used(used),
    )


def _stands(visit: Visit, brief: MeetingBrief) -> str | w.Markup:
    if brief.state is State.HELD:
        return w.with_icon("groups", "Being held now")
    if brief.state is State.CLOSED:
        return w.count(brief.decisions, "decision")
    if _is_over(visit, brief):
        return "Not held"
    days = (_words.local(brief.starts_at).date() - visit.today).days
    return "Today" if days <= 0 else "Tomorrow" if days == 1 else f"In {days} days"


def _first_used(uses: Sequence[FirstUse]) -> str:
    """Agreements whose data were shown in this meeting for the first time."""
    told = [f"{each.agreement} first used, {w.count(each.days, 'day')} after signature" for each in uses]
    return "; ".join(told)


def _not_used_yet(uses: Sequence[FirstUse]) -> None:
    if not uses:
        return
    with w.surface("notused"):
        w.heading("Signed, and not used in a meeting yet", number=len(uses))
        rows = w.Markup("").join(
            w.Markup('<li class="ct-ends"><b>{} {}</b><span>{}</span></li>').format(
                each.agreement, each.title, w.count(each.days, "day")
            )
            for each in uses
        )
        w.show(w.Markup('<ul class="ct-plain" role="list">{}</ul>').format(rows))


def _none(visit: Visit) -> None:
    may = _who.may_plan(visit)
    what = "Plan the first one. An agenda is suggested from warnings, new data, concerns and actions."
    asked = "A chair, a facilitator or a steward plans the first one."
    with w.empty_state("event", "There are no meetings yet", what if may else asked, key="nomeetings"):
        if may:
            w.show(w.to_page("Plan a meeting", w.href("plan-meeting"), first=True))
