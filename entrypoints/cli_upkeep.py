"""Commands that keep the product: `audit`, `backup`, `restore`, `verify`, `publish`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import store
from entrypoints._commands import as_json, at_work, say
from governance import Housekeeping, Visit, audit, machinery, upkeep
from store import backup as keeping


@click.group("audit")
def audit_group() -> None:
    """The append-only record of who did what."""


@audit_group.command("verify")
@click.option("--head", default="", help="A hash noted earlier that must still be in the chain.")
@as_json
def verify_audit(head: str, as_json: bool) -> None:
    """Recompute the whole chain; exit status 1 when an event was changed, moved or cut off."""
    with at_work("audit verify") as visit:
        found = audit.verify(visit, head=head)
        problems = [*([found.problem] if found.problem else []), *_not_as_signed(visit)]
    told = {"ok": not problems, "events": found.rows, "head": found.head, "broken_at": found.broken_at}
    if as_json:
        say({**told, "problem": found.problem, "problems": problems})
    else:
        click.echo("\n".join(problems) or f"{found.rows} events, all in order. Latest hash: {found.head}")
    sys.exit(1 if problems else 0)


def _not_as_signed(visit: Visit) -> tuple[str, ...]:
    """Agreements and holds that are not what the audit tells of them."""
    from governance import holds
    from governance.agreements import verifying
    from sharing import charter

    return (*verifying.verify(visit), *holds.verify(visit), *charter.verify(visit))


@click.command("backup")
@click.argument("target", required=False)
@as_json
def backup(target: str | None, as_json: bool) -> None:
    """Write everything into one file (default: backups/ in the data folder) and check it."""
    with at_work("backup") as visit:
        path, made = upkeep.back_up(visit, Path(target) if target else None)
    rows = sum(made.rows.values())
    if as_json:
        say({"file": str(path), "rows": rows, "files": len(made.files), "revision": made.revision})
    else:
        click.echo(f"{path}: {rows} rows and {len(made.files)} files, checked.")


@click.command("restore")
@click.argument("source", type=click.Path(exists=True, dir_okay=False))
@as_json
def restore(source: str, as_json: bool) -> None:
    """Take a backup into an empty data folder (COMMONTABLE_HOME), and check that nothing is missing."""
    made = keeping.restore(Path(source))
    from catalogue import search_index

    with machinery("restore") as visit, visit.change(Housekeeping(reason="the index is made anew")) as session:
        search_index.rebuild(session)
    rows = sum(made.rows.values())
    if as_json:
        say({"rows": rows, "files": len(made.files), "revision": made.revision})
    else:
        click.echo(f"{rows} rows and {len(made.files)} files restored.")


@click.command("verify")
@click.argument("source", required=False, type=click.Path(exists=True, dir_okay=False))
@as_json
def verify(source: str | None, as_json: bool) -> None:
    """Check the database and its audit, or a backup file; with both, whether they are equal."""
    from reportcards import revisions

    problems: list[str] = []
    told = keeping.read(Path(source)) if source else None
    with at_work("verify") as visit:
        problems += keeping.integrity()
        chain = audit.verify(visit)
        problems += [chain.problem] if chain.problem else []
        problems += _not_as_signed(visit)
        problems += [f"The numbers of {each} are not those that were written." for each in revisions.damaged(visit)]
        now = keeping.content()
    differs = sorted(name for name in told.hashes if now.hashes.get(name) != told.hashes[name]) if told else []
    if as_json:
        say({"ok": not problems, "problems": problems, "rows": sum(now.rows.values()), "differs": differs})
    else:
        click.echo("\n".join(problems) or f"{sum(now.rows.values())} rows, all in order.")
        if told:
            click.echo(f"The backup is whole. Tables that changed since: {', '.join(differs) or 'none'}.")
    sys.exit(1 if problems else 0)


@click.command("publish")
@click.argument("folder", required=False)
@as_json
def publish(folder: str | None, as_json: bool) -> None:
    """Write what everyone may know of as DCAT, DCAT-US, Atom and CSV (default: published/ in the data folder)."""
    from catalogue import publishing

    target = Path(folder) if folder else store.settings().home / "published"
    with at_work("publish") as visit:
        made = publishing.publish(visit, target)
    for path in made:
        if as_json:
            say({"file": str(path), "bytes": path.stat().st_size})
        else:
            click.echo(str(path))


COMMANDS = (audit_group, backup, restore, verify, publish)
