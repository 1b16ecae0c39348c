"""Commands on agreements and holds: list them, show or export one, try them on paper, pause and go on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, Any

import click

from entrypoints._commands import as_json, at_work, say
from governance import Invalid, Visit
from governance.access import Decision, RoomDecision, Scope, decide, room
from governance.agreements.views import AgreementBrief, AgreementView


class WorldRefused(click.ClickException):
    """The file is written wrongly: exit status 2, and nothing is answered."""

    exit_code = 2


@click.group()
def agreements() -> None:
    """What organisations agreed: who may use which data for what, until when."""


@agreements.command("try")
@click.argument("world", type=click.File("rb"))
@as_json
def try_agreements(world: IO[bytes], as_json: bool) -> None:
    """Answer, on paper, what agreements would let whom see.

    WORLD is a JSON file with organisations, people, datasets, agreements, holds and questions; - reads it from the
    input. No data folder is opened and nothing is stored.
    """
    from governance.access.world_file import read

    try:
        trial = read(world.read())
    except Invalid as error:
        raise WorldRefused(error.sentence) from error
    for number, each in enumerate(trial.questions, 1):
        decision = decide(
            trial.world, each.username, use=each.use, dataset=each.dataset, purpose=each.purpose, now=each.at
        )
        _answer(number, decision, as_json=as_json)
    for number, asked in enumerate(trial.rooms, 1):
        shown = room(
            trial.world,
            asked.organisations,
            public=asked.public,
            dataset=asked.dataset,
            purpose=asked.purpose,
            now=asked.at,
        )
        _answer_room(number, shown, as_json=as_json)


def _answer(number: int, decision: Decision, *, as_json: bool) -> None:
    if as_json:
        say(
            {
                "question": number,
                "ok": decision.ok,
                "why": decision.why,
                "agreement": decision.agreement,
                "detail": decision.detail,
                "min_cell": decision.min_cell,
            }
        )
        return
    words = decision.why.sentence
    if decision.item:
        words += f" Agreement: {decision.item.agreement}, version {decision.item.version.label}."
    if decision.ok:
        words += f" Detail: {decision.detail}; smallest count: {decision.min_cell}."
    click.echo(f"question {number}: {'yes' if decision.ok else 'no'}. {words}")


def _answer_room(number: int, shown: RoomDecision, *, as_json: bool) -> None:
    if as_json:
        say({"room": number, "ok": shown.ok})
        return
    words = f" For {shown.organisation}: {shown.why.sentence}" if shown.organisation else ""
    click.echo(f"room {number}: {'yes' if shown.ok else 'no'}.{words}")


@agreements.command("list")
@as_json
def list_agreements(as_json: bool) -> None:
    """List every agreement with the version that counts."""
    from governance.agreements import reading

    with at_work("agreements list") as visit:
        found = reading.agreements(visit)
    for each in found:
        if as_json:
            say(_brief(each))
        else:
            days = f"{each.starts_on} to {each.ends_on}"
            click.echo(f"{each.name}  {each.title}  ({each.label}, {each.state}; {days}; {', '.join(each.parties)})")


def _brief(each: AgreementBrief) -> dict[str, Any]:
    return {
        "id": each.id,
        "name": each.name,
        "title": each.title,
        "kind": each.kind,
        "version": each.label,
        "state": each.state,
        "lead": each.lead,
        "parties": each.parties,
        "starts_on": each.starts_on,
        "ends_on": each.ends_on,
        "datasets": each.datasets,
        "signed": each.signed,
        "to_sign": each.to_sign,
        "in_preparation": each.in_preparation,
    }


@agreements.command("show")
@click.argument("identifier", metavar="ID")
@click.option("--version", default="", metavar="N.M", help="Another version than the one that counts.")
@as_json
def show_agreement(identifier: str, version: str, as_json: bool) -> None:
    """Show one agreement, by its id or its number (A-7): what it says, who signed it, what waits."""
    from governance.agreements import reading

    with at_work("agreements show") as visit:
        found = reading.agreement(visit, identifier, version=version)
        document = json.loads(reading.written(visit, found.version.id)) if as_json else {}
    if as_json:
        say(_whole(found, document))
        return
    click.echo(f"{found.name}  {found.document.title}, version {found.version.label}: {found.version.state}")
    click.echo(f"  {found.document.starts_on} to {found.document.ends_on}; {found.document.terms.purpose}")
    for party in found.parties:
        signed = f"signed by {party.signatory}" if party.signed_at else ("waits" if party.signs else "need not sign")
        click.echo(f"  {party.name} ({party.role}): {signed}")
    for line in found.document.schedule:
        click.echo(f"  {line.title}: {line.detail}, smallest count {line.min_cell}; {', '.join(line.uses)}")
    for sentence in (*found.next_step, *found.damage):
        click.echo(f"  {sentence}")


def _whole(found: AgreementView, document: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "version": found.version.label,
        "state": found.version.state,
        "content_hash": found.version.content_hash,
        "terms_hash": found.version.terms_hash,
        "frozen_at": found.version.frozen_at,
        "activated_at": found.version.activated_at,
        "closed_at": found.version.closed_at,
        "close_reason": found.version.close_reason,
        "adviser": found.version.adviser,
        "adviser_comment": found.version.adviser_comment,
        "parties": found.parties,
        "versions": [{"version": each.label, "state": each.state} for each in found.versions],
        "damage": found.damage,
        "document": document,
    }


@agreements.command("export")
@click.argument("identifier", metavar="ID")
@click.option("--version", default="", metavar="N.M", help="Another version than the one that counts.")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Where to write it."
)
@as_json
def export_agreement(identifier: str, version: str, out: Path, as_json: bool) -> None:
    """Write the signed document of one version, exactly as it is kept: its SHA-256 is the hash that was signed."""
    from governance.agreements import reading

    with at_work("agreements export") as visit:
        found = reading.agreement(visit, identifier, version=version)
        out.write_bytes(reading.written(visit, found.version.id))
    told = {"file": str(out), "version": found.version.label, "content_hash": found.version.content_hash}
    if as_json:
        say({**told, "damage": found.damage})
    else:
        click.echo(f"{out}: {found.name}, version {found.version.label}, SHA-256 {found.version.content_hash}.")
        for sentence in found.damage:
            click.echo(f"  {sentence}")


@click.group()
def holds() -> None:
    """Pauses of a dataset, an agreement, an organisation or a person."""


@holds.command("place")
@click.argument("scope", type=click.Choice([each.value for each in Scope]))
@click.argument("identifier", metavar="ID")
@click.option("--organisation", default="", metavar="NAME", help="For which organisation; of a dataset its owner.")
@click.option("--reason", required=True, help="Why, in a sentence.")
@as_json
def place_hold(scope: str, identifier: str, organisation: str, reason: str, as_json: bool) -> None:
    """Pause it at once, for everybody but the data's owner. A person is named by username, an agreement also as A-7."""
    from governance import holds as room

    with at_work("holds place") as visit:
        object_id, owner = _paused(visit, Scope(scope), identifier, organisation=organisation)
        placed = room.place(visit, Scope(scope), object_id, organisation_id=owner, reason=reason)
    if as_json:
        say({"id": placed, "scope": scope, "object": object_id})
    else:
        click.echo(f"{placed}: paused.")


def _paused(visit: Visit, scope: Scope, identifier: str, *, organisation: str) -> tuple[str, str]:
    """The id of what is paused, and of the organisation for which. Raises Invalid, NotFound."""
    from catalogue import datasets
    from governance import people
    from governance.agreements import reading

    ids = {each.name: each.id for each in people.organisations(visit)}
    if organisation and organisation not in ids:
        raise Invalid(f"There is no organisation called {organisation!r} here.")
    owner = ids.get(organisation, "")
    if scope is Scope.PERSON:
        person = people.person(visit, identifier)
        return person.username, owner or person.organisation_id
    if scope is Scope.ORGANISATION:
        named = ids.get(identifier, identifier)
        return named, owner or named
    if scope is Scope.DATASET:
        dataset = datasets.dataset(visit, identifier)
        if not dataset.organisation_id or (owner and owner != dataset.organisation_id):
            raise Invalid("A dataset is paused by the organisation that owns it: name that one, or none.")
        return dataset.id, dataset.organisation_id
    if not owner:
        raise Invalid("Say for which giving party the agreement is paused: --organisation NAME.")
    return reading.agreement(visit, identifier).id, owner


@holds.command("lift")
@click.argument("identifier", metavar="ID")
@as_json
def lift_hold(identifier: str, as_json: bool) -> None:
    """End the hold ID: everything is as it was before."""
    from governance import holds as room

    with at_work("holds lift") as visit:
        room.lift(visit, identifier)
    if as_json:
        say({"id": identifier, "lifted": True})
    else:
        click.echo(f"{identifier}: lifted.")


@holds.command("list")
@click.option("--open", "open_only", is_flag=True, help="Only those in force.")
@as_json
def list_holds(open_only: bool, as_json: bool) -> None:
    """List the holds, newest first."""
    from governance import holds as room

    with at_work("holds list") as visit:
        found = room.holds(visit, open_only=open_only)
    for each in found:
        if as_json:
            say(each)
        else:
            state = f"lifted {each.lifted_at:%Y-%m-%d %H:%M}" if each.lifted_at else "in force"
            click.echo(f"{each.id}  {each.scope} {each.object_id}  ({each.organisation}: {each.reason}; {state})")


COMMANDS = (agreements, holds)
