"""Commands on the methods: what they are, and whether they agree with published cases."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from entrypoints._commands import as_json, say
from reportcards.methods import Checked, Method, checked, registry


class NotCases(click.ClickException):
    """The file is not a file of published cases."""

    exit_code = 2


@click.group()
def methods() -> None:
    """How the figures on the cards are made."""


@methods.command("list")
@as_json
def list_methods(as_json: bool) -> None:
    """The methods there are."""
    for each in registry().values():
        if as_json:
            say({"name": each.name, "title": each.title, "formula": each.formula, "source": each.source})
        else:
            click.echo(f"{each.name:30} {each.title}")


@methods.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def check(file: Path, as_json: bool) -> None:
    """Compare a method with a file of published cases; status 1 when one fails, 2 when the file cannot be read."""
    method, cases = _read(file)
    failed = passed = 0
    for case in cases:
        result = checked(method, case)
        passed, failed = passed + (result.ok is True), failed + (result.ok is False)
        _tell(result, case, as_json=as_json)
    if as_json:
        say({"method": method.name, "passed": passed, "failed": failed})
    else:
        click.echo(f"{method.name}: {passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


def _tell(result: Checked, case: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        say({"id": result.id, "ok": result.ok, "got": result.got})
    elif result.ok is None:
        click.echo(f"computed  {result.id}: {json.dumps(result.got)}")
    elif result.ok:
        click.echo(f"ok        {result.id}")
    else:
        click.echo(f"FAILED    {result.id}: expected {json.dumps(case['expected'])}, got {json.dumps(result.got)}")


def _read(file: Path) -> tuple[Method, list[Mapping[str, Any]]]:
    """The method of a file and its cases. Raises NotCases with what is wrong in one sentence."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise NotCases(f"{file.name} is not a JSON file of cases: {_why(error)}.") from None
    if not isinstance(content, Mapping) or not isinstance(content.get("cases"), list):
        raise NotCases(f'{file.name} has no cases: it has to be {{"method": NAME, "cases": [...]}}.')
    method = registry().get(str(content.get("method")))
    if method is None:
        raise NotCases(f"There is no method called {content.get('method')!r}: choose from {', '.join(registry())}.")
    for place, case in enumerate(content["cases"], start=1):
        if wrong := _wrong(case):
            raise NotCases(f"Case {place} of {file.name} {wrong}.")
    return method, content["cases"]


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not text in UTF-8"
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno} is not JSON"
    return "its brackets are too deep" if isinstance(error, RecursionError) else "a number in it is too long"


def _wrong(case: Any) -> str:
    """What keeps a case from being computed, or ""."""
    if not isinstance(case, Mapping) or not isinstance(case.get("inputs"), Mapping):
        return "has no inputs"
    if not isinstance(case.get("id"), str):
        return "has no id"
    if not isinstance(case.get("expected"), Mapping | None):
        return "expects something that is not an object"
    tolerance = case.get("rel_tol", 0.0)
    if isinstance(tolerance, bool) or not isinstance(tolerance, int | float) or not 0 <= tolerance < 1:
        return "has a rel_tol that is not a number from 0 to 1"
    return ""


COMMANDS = [methods]
