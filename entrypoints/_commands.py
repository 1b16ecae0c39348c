"""What the commands share: a prepared data folder, an operator's visit, JSON lines."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

import click

import store
from entrypoints import background
from governance import Invalid, Visit, operator
from governance import people as people_room

as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON, one object a line.")


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    return sorted(value, key=str) if isinstance(value, set | frozenset) else str(value)


def say(values: object) -> None:
    """One JSON object on a line of its own; a dataclass is told by its fields."""
    click.echo(json.dumps(values, ensure_ascii=True, default=_plain))


def first_line(file: Path, what: str) -> str:
    """The first line of a file that holds a secret. Raises Invalid when it is empty or no text."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise Invalid(f"{file.name} is not text in UTF-8: its first line should be {what}.") from None
    if not lines or not lines[0].strip():
        raise Invalid(f"The first line of {file.name} is empty: it should be {what}.")
    return lines[0]


def set_up_link(token: str, *, port: int = 8501) -> str:
    """The address a person opens to choose a password."""
    base = (store.settings().public_url or f"http://localhost:{port}").rstrip("/")
    return f"{base}/?invitation={token}"


def prepare(*, port: int = 8501) -> str:
    """Bring the data folder up to date; the first administrator's one-time link while nobody used one, else ""."""
    store.upgrade()
    with operator("init") as visit:
        token = people_room.first_administrator(visit)
    return set_up_link(token, port=port) if token else ""


@contextlib.contextmanager
def at_work(reason: str) -> Iterator[Visit]:
    """An operator's visit; a data folder that is new is set up first, and the link is told on the error stream."""
    new = not store.ready()
    if new:
        link = prepare()
        if link:
            click.echo(f"A new data folder was set up. First administrator: {link}", err=True)
    with operator(reason) as visit:
        yield visit


@contextlib.contextmanager
def working() -> Iterator[None]:
    """Jobs launched in this process: it works itself when no other living process does."""
    from store import jobs

    background.load()
    jobs.launch(work=None)
    try:
        yield
    finally:
        jobs.stop()
