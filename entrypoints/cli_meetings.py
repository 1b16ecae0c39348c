"""Commands for meetings: list them, show one, take its minutes or its calendar entry away as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrypoints._commands import as_json, at_work, say
from entrypoints.cli_catalogue import eyes
from store import settings

if TYPE_CHECKING:
    from meetings.reading import AgendaItem, Meeting, MeetingBrief, Record


@click.group()
def meetings() -> None:
    """Meetings: agendas, what was decided, minutes."""


@meetings.command("list")
@as_json
def list_meetings(as_json: bool) -> None:
    """List the meetings, the latest first."""
    from meetings import reading

    with at_work("meetings list") as visit:
        found = reading.meetings(visit)
    for each in found:
        if as_json:
            say(_brief(each))
        else:
            decided = "1 decision" if each.decisions == 1 else f"{each.decisions} decisions"
            click.echo(f"{each.name}  {each.title}  ({_local(each)}, {each.state.value}, {decided})")


def _local(brief: MeetingBrief) -> str:
    return f"{brief.starts_at.astimezone(settings().zone):%-d %b %Y, %H:%M}"


def _brief(brief: MeetingBrief) -> dict[str, Any]:
    return {
        "name": brief.name,
        "title": brief.title,
        "starts_at": brief.starts_at.isoformat(),
        "length": brief.length,
        "place": brief.place,
        "chair": brief.chair,
        "card": brief.card_name,
        "state": brief.state.value,
        "decisions": brief.decisions,
    }


@meetings.command("show")
@click.argument("name")
@as_json
def show_meeting(name: str, as_json: bool) -> None:
    """Show the meeting NAME: its agenda, who was there, what was recorded."""
    from meetings import reading

    with at_work("meetings show") as visit:
        found = reading.meeting(visit, name)
    if as_json:
        say(_whole(found))
        return
    click.echo(f"{found.brief.title}, {_local(found.brief)} ({found.state.value})")
    for number, item in enumerate(found.agenda, start=1):
        click.echo(f"  {number}. {item.title} ({item.length} min){_shown(item)}")
    there = [f"{each.organisation} {each.here}" for each in found.here]
    there += ["the public"] if found.public else []
    click.echo(f"  In the room: {', '.join(there) or 'nobody noted'}")
    for each in found.records:
        click.echo(f"  {each.label} {each.words}")
    if found.minutes:
        click.echo(f"  Minutes: {found.minutes}")


def _shown(item: AgendaItem) -> str:
    return f", shown with SHA-256 {item.seen.hash}" if item.seen else ""


def _whole(found: Meeting) -> dict[str, Any]:
    return {
        **_brief(found.brief),
        "public": found.public,
        "agenda": [_item(each) for each in found.agenda],
        "presence": [{"organisation": each.organisation, "here": each.here} for each in found.presence],
        "records": [_record(each) for each in found.records],
        "minutes": found.minutes,
        "audit_head": found.audit_head,
    }


def _item(item: AgendaItem) -> dict[str, Any]:
    shown = {"at": item.seen.at.isoformat(), "hash": item.seen.hash} if item.seen else None
    return {"kind": item.kind.value, "title": item.title, "length": item.length, "done": item.done, "shown": shown}


def _record(record: Record) -> dict[str, Any]:
    return {
        "label": record.label,
        "kind": record.kind.value,
        "words": record.words,
        "organisation": record.organisation,
        "who": record.who,
        "due": record.due.isoformat() if record.due else None,
        "state": record.state,
        "happened": record.happened,
    }


@meetings.command("export")
@click.argument("name")
@click.option("--format", "wanted", required=True, type=click.Choice(["pdf", "ics"]), help="Minutes or calendar entry.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where to write it.")
@click.option("--as", "username", metavar="USERNAME", help="What this person may take away.")
def export_meeting(name: str, wanted: str, out: Path, username: str | None) -> None:
    """Write the minutes of the meeting NAME as PDF, or its calendar entry as ICS."""
    from meetings import calendar, minutes_pdf

    with eyes("meetings export", username) as visit:
        made = minutes_pdf.pdf(visit, name) if wanted == "pdf" else calendar.calendar(visit, name)
    out.write_bytes(made)
    click.echo(f"{out} ({len(made):,} bytes)")


COMMANDS = (meetings,)
