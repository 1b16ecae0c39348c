"""Indicators and report cards on the command line: import numbers, list and show cards, take them away as files."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrypoints._commands import as_json, at_work, say
from entrypoints.cli_catalogue import eyes
from governance import Invalid

if TYPE_CHECKING:
    from reportcards.formats import ColumnMapping
    from reportcards.importing import Imported
    from reportcards.places import Area
    from reportcards.report import Measurement

REFUSED = 2
"""Exit status when a file is refused."""
AREA_COLUMNS = ("code", "name", "kind", "parent", "valid_from", "valid_to")


@click.group()
def indicators() -> None:
    """Numbers: import them from files, and see what there is."""


@indicators.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "file_format", default="", metavar="F", help="The format, when it should not be guessed.")
@click.option("--dataset", default="", metavar="ID", help="The dataset of the catalogue that the numbers come from.")
@click.option("--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A mapping as JSON.")
@click.option(
    "--metadata", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Metadata in a file of its own."
)
@click.option("--note", default="", help="A remark that is kept with the revision.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and keep nothing.")
@as_json
def import_numbers(file: Path, as_json: bool, **given: Any) -> None:
    """Take FILE in as a revision, whole, or refuse it with rows and columns."""
    from reportcards import importing

    order = importing.Order(
        data=file.read_bytes(),
        file_name=file.name,
        dataset_id=given["dataset"],
        format=given["file_format"],
        mapping=_mapping(given["mapping"]),
        sidecar=given["metadata"].read_bytes() if given["metadata"] else None,
        note=given["note"],
    )
    with at_work("indicators import") as visit:
        done = importing.check(visit, order) if given["dry_run"] else importing.commit(visit, order)
    if as_json:
        say(_answer(done))
    else:
        _tell(done)
    if done.status == "refused":
        sys.exit(REFUSED)


def _mapping(file: Path | None) -> ColumnMapping | None:
    from reportcards.formats import ColumnMapping

    if file is None:
        return None
    try:
        return ColumnMapping.from_json(file.read_bytes())
    except ValueError as error:
        raise Invalid(str(error)) from None


def _answer(done: Imported) -> dict[str, Any]:
    first, last = done.periods
    return {
        "status": done.status,
        "format": done.format,
        "rows": done.rows,
        "observations": done.observations,
        "series": done.series,
        "indicators": done.indicators,
        "periods": {"first": first, "last": last},
        "areas": done.areas,
        "flags": dict(done.flags),
        "missing": done.missing,
        "errors": [
            {"row": each.row, "column": each.column, "value": each.value, "problem": each.problem}
            for each in done.errors
        ],
        "error_count": done.error_count,
        "warnings": list(done.warnings),
        "revision": done.revision,
        "changed": done.changed,
        "added": done.added,
        "removed": done.removed,
        "hidden": done.hidden,
        "explained": list(done.explained),
    }


def _tell(done: Imported) -> None:
    if done.status == "refused":
        click.echo(f"Refused, and nothing was kept: {done.error_count} problems in {done.rows} rows ({done.format}).")
        for each in done.errors:
            place = f"row {each.row}" + (f", {each.column}" if each.column else "") if each.row else "the file"
            value = f" “{each.value}”" if each.value else ""
            click.echo(f"  {place}{value}: {each.problem}")
        return
    said = "Taken in" if done.status == "committed" else "It can be taken in"
    click.echo(
        f"{said} ({done.format}): {done.observations} observations of {done.indicators} indicators in {done.areas} "
        f"places, {done.periods[0]} to {done.periods[1]}."
    )
    click.echo(f"  {done.changed} changed, {done.added} added, {done.removed} removed, {done.missing} without a value.")
    if done.hidden:
        click.echo(f"  {done.hidden} numbers are hidden to protect people.")
    for sentence in (*done.explained, *done.warnings):
        click.echo(f"  {sentence}")


@indicators.command("list")
@click.option("--dataset", default="", metavar="ID", help="Only those of this dataset.")
@as_json
def list_indicators(dataset: str, as_json: bool) -> None:
    """List the indicators and where their numbers come from."""
    from reportcards import indicators as room

    with at_work("indicators list") as visit:
        found = room.indicators(visit, dataset_id=dataset)
    for each in found:
        if as_json:
            say(each)
        else:
            source = f"{each.publisher}, {each.dataset_title}" if each.has_origin else "no source yet: shown nowhere"
            click.echo(f"{each.id}  {each.name}  (r{each.revision}, {each.first} to {each.last}; {source})")


@indicators.command("map")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", required=True, metavar="NAME", help="What the areas are: ward, district.")
@as_json
def keep_map(file: Path, kind: str, as_json: bool) -> None:
    """Keep the outlines of areas in FILE, a GeoJSON, in the place of those of the same kind."""
    from reportcards import maps

    with at_work("indicators map") as visit:
        kept = maps.keep(visit, kind, file.read_bytes())
    if as_json:
        say(kept)
    else:
        click.echo(
            f"The map of {kept.kind} is kept: {kept.outlines} outlines, {kept.known} of places with numbers "
            f"(codes read from “{kept.read_from}”)."
        )


@indicators.command("areas")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def keep_areas(file: Path, as_json: bool) -> None:
    """Keep the areas in FILE, a CSV with code, name, kind, parent, valid_from, valid_to."""
    from reportcards import places

    try:
        with file.open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.DictReader(handle))
    except (UnicodeDecodeError, csv.Error):
        raise Invalid(f"{file.name} is not a CSV file in UTF-8: save it as CSV UTF-8.") from None
    if not rows or not {"code", "name"} <= rows[0].keys():
        raise Invalid(
            "A file of areas has the headings code, name, kind, parent, valid_from, valid_to; code and name are needed."
        )
    with at_work("indicators areas") as visit:
        kept = places.save_areas(visit, [_area(row, line) for line, row in enumerate(rows, start=2)])
    if as_json:
        say({"areas": kept})
    else:
        click.echo(f"{kept} areas are kept.")


def _area(row: Mapping[str, str | None], line: int) -> Area:
    from reportcards.places import Area

    said = {
        name: (row.get(name) or "").strip() for name in ("code", "name", "kind", "parent", "valid_from", "valid_to")
    }
    try:
        first, last = (date.fromisoformat(said[name]) if said[name] else None for name in ("valid_from", "valid_to"))
    except ValueError:
        raise Invalid(f"Row {line}: a day is written as 2026-04-01.") from None
    return Area(
        code=said["code"], name=said["name"], kind=said["kind"], parent=said["parent"], valid_from=first, valid_to=last
    )


@click.group()
def cards() -> None:
    """Report cards: list them, show one, take it away as a file."""


@cards.command("list")
@as_json
def list_cards(as_json: bool) -> None:
    """List the report cards."""
    from reportcards import cards as room

    with at_work("cards list") as visit:
        found = room.cards(visit)
    for each in found:
        if as_json:
            say(
                {
                    "name": each.name,
                    "title": each.title,
                    "outcome": each.outcome,
                    "population": each.population,
                    "area": each.area,
                    "band": each.audience.band,
                    "indicators": each.items,
                    "warnings": each.warnings,
                }
            )
        else:
            click.echo(f"{each.name}  {each.title}  ({each.items} indicators, {each.warnings} warnings)")


@cards.command("show")
@click.argument("name")
@click.option("--as", "username", metavar="USERNAME", help="See it with this person's eyes.")
@as_json
def show_card(name: str, username: str | None, as_json: bool) -> None:
    """Show every value of the card NAME with its source."""
    from reportcards import composing

    with eyes("cards show", username) as visit:
        card = composing.whole_card(visit, name)
    if as_json:
        say({"name": card.name, "as_of": card.as_of.isoformat(), "indicators": [_item(each) for each in card.items]})
        return
    click.echo(card.title)
    for each in card.items:
        if each.held:
            click.echo(f"  {each.name}: {each.held.reason} {each.held.what_changes_it}".rstrip())
            continue
        value = each.latest.value if each.latest else None
        shown = f"{value:,.{each.decimals}f} {each.unit}".strip() if value is not None else "no value"
        click.echo(f"  {each.name}: {shown}. {each.finding}")
        click.echo(f"    {each.source_line}")


def _item(shown: Measurement) -> dict[str, Any]:
    series = [each for each in (shown.series, *shown.groups, *shown.areas) if each is not None]
    seen: dict[tuple[object, ...], dict[str, Any]] = {}
    for one in series:
        for point in one.points:
            key = (point.start, point.end, one.area_code, one.breakdown, one.group)
            seen[key] = {
                "period": point.period,
                "area": one.area,
                "group": one.group,
                "value": point.value,
                "lower": point.lower,
                "upper": point.upper,
                "status": point.status,
            }
    return {
        "name": shown.name,
        "held": shown.held.reason if shown.held else "",
        "values": list(seen.values()),
        "origins": [
            {"publisher": each.publisher, "title": each.title, "licence": each.licence, "url": each.url}
            for each in shown.origins
        ],
        "source_line": shown.source_line,
    }


@cards.command("export")
@click.argument("name")
@click.option("--format", "wanted", required=True, help="pdf, pptx, xlsx or png.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where to write it.")
@click.option("--as", "username", metavar="USERNAME", help="What this person may take away.")
def export_card(name: str, wanted: str, out: Path, username: str | None) -> None:
    """Write the card NAME as a file that carries its sources, licences and audience."""
    from reportcards import exporting

    with eyes("cards export", username) as visit:
        made = exporting.export(visit, name, wanted).data
    out.write_bytes(made)
    click.echo(f"{out} ({len(made):,} bytes)")


COMMANDS = (indicators, cards)
