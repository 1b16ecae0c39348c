"""What exists is named in the docs, and what the README tells to type exists."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from connectors import registry
from entrypoints.cli import commands
from pages import all_pages
from store.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def command_names(group: click.Group, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from command_names(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


@pytest.mark.parametrize(("name", "command"), list(command_names(commands)), ids=lambda each: str(each))
def test_every_command_and_option_is_documented(name: str, command: click.Command) -> None:
    told = text("docs/commands.md")
    assert f"`commontable {name}" in told, name
    section = told.split(f"`commontable {name}", 1)[1]
    for option in command.params:
        if isinstance(option, click.Option) and option.opts[-1] not in {"--json", "--help"}:
            assert option.opts[-1] in section, f"{name} {option.opts[-1]}"


@pytest.mark.parametrize("name", [each.name for each in fields(Settings)])
def test_every_setting_is_documented(name: str) -> None:
    assert f"`COMMONTABLE_{name.upper()}`" in text("docs/settings.md")


@pytest.mark.parametrize("name", list(registry()))
def test_every_connector_is_documented(name: str) -> None:
    assert f"`{name}`" in text("docs/sources.md")


@pytest.mark.parametrize("page", all_pages(), ids=lambda page: page.path)
def test_every_page_is_in_a_guide(page: object) -> None:
    guides = "".join(path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("guide-*.md")))
    assert f"**{page.title}**" in guides, page.title  # type: ignore[attr-defined]


def test_every_dependency_says_what_it_is_for() -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    named = [*project["dependencies"], *(each for extra in project["optional-dependencies"].values() for each in extra)]
    told = text("docs/dependencies.md")
    for each in named:
        name = re.split(r"[\[<>=]", each)[0]
        assert f"`{name}`" in told, name


def test_the_readme_tells_the_commands_that_there_are() -> None:
    readme, makefile = text("README.md"), text("Makefile")
    for target in re.findall(r"`?make ([a-z]+)`?", readme):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    known = {name for name, _command in command_names(commands)}
    for line in re.findall(r"^\s*(?:\.venv/bin/)?commontable ([a-z]+(?: [a-z]+)?)", readme, re.MULTILINE):
        assert line in known or line.split()[0] in known, line


def test_links_between_documents_lead_somewhere() -> None:
    for path in [ROOT / "README.md", *DOCS.glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.name} -> {target}"
