"""Commands on sources and runs."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import click

from catalogue import runs as runs_room
from catalogue import sources as sources_room
from catalogue.licences import resolve
from catalogue.records import Completeness, Ending, Record, Rejection, SourceAddress
from catalogue.spectrum import place
from entrypoints._commands import as_json, at_work, first_line, say, working
from governance import Invalid, SourceError, Visit

allow_option = click.option(
    "--allow", multiple=True, metavar="HOST:PORT", help="Let the address guard through to this."
)
token_option = click.option(
    "--token-file", type=click.Path(exists=True, dir_okay=False), help="File with the API token."
)
EXIT = {"applied": 0, "held": 3, "failed": 1}


def _token(token_file: str | None) -> str:
    return first_line(Path(token_file), "the token").strip() if token_file else ""


@click.group()
def sources() -> None:
    """Portals, feeds and registers that are read."""


@sources.command("kinds")
@as_json
def kinds(as_json: bool) -> None:
    """The kinds of source there are."""
    from connectors import registry

    for each in registry().values():
        if as_json:
            say({"name": each.name, "title": each.title, "about": each.about})
        else:
            click.echo(f"{each.name:12} {each.title}. {each.about}")


def _record_line(record: Record) -> dict[str, Any]:
    placement = place(record)
    return {
        "type": "record",
        "remote_id": record.remote_id,
        "title": record.title,
        "publisher": record.publisher,
        "band": placement.band.value,
        "rule": placement.rule,
        "licence": found.id if (found := resolve(record.licence).licence) else "",
        "licence_raw": record.licence[0] if record.licence else "",
        "access_right": record.access_right,
        "modified": record.modified,
        "landing_page": record.landing_page,
        "formats": sorted({each.format for each in record.distributions if each.format}),
        "keywords": list(record.keywords),
        "distributions": len(record.distributions),
    }


def _rejection_line(each: Rejection) -> dict[str, Any]:
    return {"type": "rejection", "remote_id": each.remote_id, "field": each.field, "reason": each.reason}


def _read(address: SourceAddress, counts: Counter[str]) -> Ending:
    from connectors import registry
    from connectors._web import Web

    if address.kind not in registry():
        raise Invalid(f"There is no kind of source called {address.kind!r}: choose from {', '.join(registry())}.")
    web = Web(allow=address.allow, token=address.token)
    ending = Ending(completeness=Completeness.UNKNOWN, reason="the reading stopped without an ending")
    try:
        for page in registry()[address.kind].read(address, web, "", lambda _identity, _fingerprint: False):
            for item in page.items:
                if isinstance(item, Record):
                    counts["records"] += 1
                    say(_record_line(item))
                elif isinstance(item, Rejection):
                    counts["rejections"] += 1
                    say(_rejection_line(item))
            ending = page.ending or ending
    finally:
        counts["requests"] = web.requests
    return ending


@sources.command("read")
@click.argument("kind")
@click.argument("location")
@allow_option
@token_option
@click.option("--option", "options", multiple=True, metavar="NAME=VALUE", help="A choice of this kind of source.")
@as_json
def read(**given: Any) -> None:
    """Read a source without storing anything: each record, each rejection, and how the reading ended."""
    counts: Counter[str] = Counter()
    chosen = dict(each.split("=", 1) for each in given["options"] if "=" in each)
    address = SourceAddress(
        name="",
        kind=given["kind"],
        location=given["location"],
        allow=given["allow"],
        token=_token(given["token_file"]),
        options=chosen,
    )
    told: dict[str, Any] = {"type": "ending", "status": "ok"}
    try:
        ending = _read(address, counts)
        told |= {"completeness": ending.completeness.value, "reason": ending.reason}
    except (SourceError, Invalid) as error:
        told |= {"status": "failed", "completeness": "unknown", "reason": error.sentence}
    say({**told, "records": counts["records"], "rejections": counts["rejections"], "requests": counts["requests"]})
    sys.exit(0 if told["status"] == "ok" else 1)


@sources.command("add")
@click.argument("name")
@click.argument("kind")
@click.argument("location")
@allow_option
@token_option
@click.option("--organisation", default="", help="Organisation that answers for it, and owns what is not public.")
@click.option("--schedule", default="manual", help="manual, hourly, daily or weekly.")
@click.option("--option", "options", multiple=True, metavar="NAME=VALUE", help="A choice of this kind of source.")
@as_json
def add(**given: Any) -> None:
    """Add a source; nothing is read before `harvest`."""
    from connectors import registry
    from entrypoints.cli_people import _organisation

    with at_work("sources add") as visit:
        new = sources_room.NewSource(
            name=given["name"],
            kind=given["kind"],
            location=given["location"],
            allow=given["allow"],
            token=_token(given["token_file"]),
            organisation_id=_organisation(visit, given["organisation"]) if given["organisation"] else "",
            schedule=given["schedule"],
            options=dict(each.split("=", 1) for each in given["options"] if "=" in each),
        )
        made = sources_room.add(visit, new, kinds=tuple(registry()))
    if given["as_json"]:
        say(_source_line(made))
    else:
        click.echo(f"{made.name} was added. Read it with: commontable harvest {made.name!r}")


def _source_line(source: sources_room.Source) -> dict[str, Any]:
    names = ("id", "name", "kind", "location", "schedule", "state")
    return {name: str(getattr(source, name)) for name in names}


@sources.command("list")
@as_json
def list_sources(as_json: bool) -> None:
    """Every source."""
    with at_work("sources list") as visit:
        for each in sources_room.sources(visit):
            if as_json:
                say(_source_line(each))
            else:
                click.echo(f"{each.name:32} {each.kind:12} {each.state:10} {each.schedule:8} {each.location}")


@click.command()
@click.argument("name", required=False)
@click.option("--all", "every", is_flag=True, help="Every active source, one after another.")
@as_json
def harvest(name: str | None, every: bool, as_json: bool) -> None:
    """Read a source and apply, or hold, what changed. Exit status: 0 applied, 3 held, 1 failed."""
    if not name and not every:
        raise click.UsageError("Give the name of a source, or --all.")
    with at_work("harvest") as visit, working():
        names = [each.name for each in sources_room.sources(visit) if each.state == "active"] if every else [name or ""]
        statuses = [_harvest_one(visit, each, as_json=as_json) for each in names]
    sys.exit(max((EXIT.get(status, 1) for status in statuses), default=0))


def _harvest_one(visit: Visit, name: str, *, as_json: bool) -> str:
    from connectors._harvest import harvest as harvest_source

    result = harvest_source(visit, name)
    if as_json:
        say(result)
    else:
        click.echo(f"{name}: {result.status}. {result.reason}")
    return result.status


@click.group()
def runs() -> None:
    """Harvests done, held and failed."""


def _run_line(run: runs_room.Run) -> dict[str, Any]:
    return {
        "run": run.id,
        "source": run.source_name,
        "number": run.number,
        "state": run.state,
        "completeness": run.completeness,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "reason": run.reason,
        **run.counts,
    }


@runs.command("list")
@click.option("--source", default="", help="Only the runs of this source.")
@as_json
def list_runs(source: str, as_json: bool) -> None:
    """The latest runs, newest first."""
    with at_work("runs list") as visit:
        for each in runs_room.runs(visit, source or None):
            if as_json:
                say(_run_line(each))
            else:
                click.echo(f"{each.id}  {each.source_name:28} {each.state:10} {each.reason}")


@runs.command("show")
@click.argument("run")
@as_json
def show_run(run: str, as_json: bool) -> None:
    """One run, with what it changed or would change, by name."""
    with at_work("runs show") as visit:
        found = runs_room.run(visit, run)
        diff = runs_room.diff(visit, run, limit=1000)
    if as_json:
        say({**_run_line(found), "diff": diff})
        return
    click.echo(f"{found.source_name}, run {found.number}: {found.state}. {found.reason}")
    for each in diff:
        click.echo(f"  {each.kind:10} {each.title}")


@runs.command("release")
@click.argument("run")
@click.option("--reason", required=True, help="Why this is right: kept with the run.")
@as_json
def release(run: str, reason: str, as_json: bool) -> None:
    """Apply a held run after all."""
    with at_work("runs release") as visit, working():
        result = runs_room.release(visit, run, reason=reason).result
    if as_json:
        say(result)
    else:
        click.echo(f"Released: {result.added} added, {result.changed} changed, {result.missing} now count as missing.")


@runs.command("reject")
@click.argument("run")
@click.option("--reason", required=True, help="Why this is wrong: kept with the run.")
@as_json
def reject(run: str, reason: str, as_json: bool) -> None:
    """Throw a held run away; the catalogue stays as it is."""
    with at_work("runs reject") as visit:
        found = runs_room.reject(visit, run, reason=reason)
    if as_json:
        say(_run_line(found))
    else:
        click.echo("Rejected: the catalogue stays as it is.")


COMMANDS = (sources, harvest, runs)
