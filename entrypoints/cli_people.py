"""Commands on people and organisations."""

from __future__ import annotations

from pathlib import Path

import click

from entrypoints._commands import as_json, at_work, first_line, say, set_up_link
from governance import Visit
from governance import people as people_room
from governance.people import Newcomer, Person


@click.group()
def people() -> None:
    """People, their organisations and roles."""


def _organisation(visit: Visit, name: str) -> str:
    same = [each for each in people_room.organisations(visit) if each.name.casefold() == name.strip().casefold()]
    return (same[0] if same else people_room.save_organisation(visit, name)).id


def _told(person: Person) -> dict[str, object]:
    return {
        "username": person.username,
        "display": person.display,
        "organisation": person.organisation,
        "roles": sorted(person.roles),
        "active": person.active,
    }


def _password(password_file: str) -> str:
    return first_line(Path(password_file), "the password") if password_file else ""


@people.command("add")
@click.argument("username")
@click.option("--organisation", required=True, help="Name of their organisation; it is added when it is new.")
@click.option(
    "--roles", default="member", help="Roles separated by commas: member, steward, chair, facilitator, admin."
)
@click.option("--name", "display", default="", help="Name as shown to others.")
@click.option("--contact", default="", help="Their e-mail address.")
@click.option(
    "--password-file", type=click.Path(exists=True, dir_okay=False), help="File whose first line is the password."
)
@as_json
def add(**given: str | bool | None) -> None:
    """Add a person; without a password file, prints their one-time link."""
    with at_work("people add") as visit:
        newcomer = Newcomer(
            username=str(given["username"]),
            organisation_id=_organisation(visit, str(given["organisation"])),
            display=str(given["display"]),
            roles=tuple(str(given["roles"]).split(",")),
            contact=str(given["contact"]),
        )
        password = _password(str(given["password_file"] or ""))
        person, token = people_room.invite(visit, newcomer, password=password)
    link = set_up_link(token) if token else ""
    if given["as_json"]:
        say({**_told(person), "link": link})
    else:
        click.echo(f"{person.username} was added." + (f" One-time link: {link}" if link else ""))


@people.command("list")
@as_json
def list_people(as_json: bool) -> None:
    """Everybody, by organisation."""
    with at_work("people list") as visit:
        for person in people_room.people(visit):
            told = _told(person)
            state = "" if person.active else "  (disabled)"
            if as_json:
                say(told)
            else:
                click.echo(f"{person.username:24} {person.organisation:32} {', '.join(sorted(person.roles))}{state}")


@people.command("disable")
@click.argument("username")
@as_json
def disable(username: str, as_json: bool) -> None:
    """Close an account at once; its sessions end."""
    with at_work("people disable") as visit:
        person = people_room.disable(visit, username)
    if as_json:
        say(_told(person))
    else:
        click.echo(f"{username} is disabled.")


@people.command("password")
@click.argument("username")
@click.option(
    "--password-file", type=click.Path(exists=True, dir_okay=False), help="File whose first line is the password."
)
@as_json
def password(username: str, password_file: str | None, as_json: bool) -> None:
    """Set a new password from a file, or print a one-time link to choose one; sessions end."""
    with at_work("people password") as visit:
        link = ""
        if password_file:
            people_room.give_password(visit, username, _password(password_file or ""))
        else:
            link = set_up_link(people_room.new_link(visit, username))
    if as_json:
        say({"username": username, "link": link})
    else:
        click.echo(f"One-time link: {link}" if link else f"The password of {username} was set.")


COMMANDS = (people,)
