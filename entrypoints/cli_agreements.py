"""Commands on agreements: `agreements try`."""

from __future__ import annotations

from typing import IO

import click

from entrypoints._commands import as_json, say
from governance import Invalid
from governance.access import Decision, RoomDecision, decide, room


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


COMMANDS = (agreements,)
