"""Commands on datasets: `datasets`, `search`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import click

from entrypoints._commands import as_json, at_work, say
from governance import Visit
from governance import people as people_room


@click.group()
def datasets() -> None:
    """What the catalogue holds."""


@datasets.command("list")
@click.option("--source", default="", help="Only datasets of this source.")
@click.option("--state", type=click.Choice(["live", "missing", "withdrawn"]), help="Only datasets in this state.")
@as_json
def list_datasets(source: str, state: str | None, as_json: bool) -> None:
    """Every dataset, one a line."""
    from catalogue.datasets import datasets as every

    with at_work("datasets list") as visit:
        for each in every(visit, source=source, state=state or ""):
            if as_json:
                say(each)
            else:
                click.echo(f"{each.id}  {each.band:14} {each.state:10} {each.title}")


@datasets.command("show")
@click.argument("identifier")
@as_json
def show_dataset(identifier: str, as_json: bool) -> None:
    """One dataset: where it stands and why, who answers for it, how to get it."""
    from catalogue.datasets import dataset

    with at_work("datasets show") as visit:
        found = dataset(visit, identifier)
    if as_json:
        say(found)
        return
    click.echo(f"{found.title}\n{found.publisher}\n{found.placement.sentence}\n{found.placement.next_step}")


@contextlib.contextmanager
def eyes(reason: str, username: str | None) -> Iterator[Visit]:
    """An operator's visit, or with `--as` what that person would see."""
    with at_work(reason) as visit:
        if not username:
            yield visit
            return
        with people_room.seen_as(visit, username) as seen:
            yield seen


@click.command()
@click.argument("query")
@click.option("--as", "username", help="Answer what this person would see.")
@click.option("--facet", "facets", multiple=True, metavar="NAME=VALUE", help="Narrow by a facet; can be repeated.")
@click.option("--limit", default=25, show_default=True, type=click.IntRange(1, 1000), help="Results at most.")
@as_json
def search(**given: Any) -> None:
    """Search the catalogue, with exact facet counts."""
    from catalogue.search import Query, find

    filters: dict[str, tuple[str, ...]] = {}
    for each in given["facets"]:
        name, _, value = each.partition("=")
        filters[name] = (*filters.get(name, ()), value)
    with eyes("search", given["username"]) as visit:
        found = find(visit, Query(text=given["query"], filters=filters, size=given["limit"]))
    if given["as_json"]:
        results = [{"id": hit.id, "title": hit.title, "band": hit.band, "why": hit.why} for hit in found.hits]
        counts = {name: {each.value: each.count for each in values} for name, values in found.facets.items()}
        say({"total": found.total, "corrected": found.corrected, "results": results, "facets": counts})
        return
    click.echo(f"{found.total} datasets")
    for hit in found.hits:
        click.echo(f"{hit.id}  {hit.band:14} {hit.title}")


COMMANDS = (datasets, search)
