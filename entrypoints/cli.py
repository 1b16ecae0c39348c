"""The command line: the same rooms as the pages, for the operator of the server.

Names and `--json` answers are a contract that other tools rely on; `docs/commands.md` tells each.
"""

from __future__ import annotations

import sys

import click

from entrypoints import (
    _collector,  # noqa: F401  (before everything else: it makes the imports cheaper)
    cli_agreements,
    cli_cards,
    cli_catalogue,
    cli_meetings,
    cli_methods,
    cli_people,
    cli_serve,
    cli_sources,
    cli_upkeep,
)
from governance import CommonTableError
from store.backup import BackupRefused
from store.engine import DatabaseUnusable
from store.settings import SettingWrong


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Common Table: a data catalogue and report cards for collaborating agencies."""


for _module in (
    cli_serve,
    cli_sources,
    cli_catalogue,
    cli_cards,
    cli_methods,
    cli_agreements,
    cli_meetings,
    cli_people,
    cli_upkeep,
):
    for _command in _module.COMMANDS:
        commands.add_command(_command)


def main() -> None:
    """Run one command; what goes wrong is one sentence on the error stream and exit status 1."""
    for place, word in enumerate(sys.argv[1:], start=1):
        if not word.isascii() and word != word.encode("utf-8", "replace").decode():
            click.echo(f"Error: Word {place} of the command is not text in UTF-8.", err=True)
            sys.exit(2)
    try:
        commands(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except CommonTableError as error:
        click.echo(f"Error: {error.sentence}", err=True)
        sys.exit(1)
    except (BackupRefused, DatabaseUnusable, SettingWrong) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        if not error.filename:
            raise
        name = str(error.filename)
        click.echo(f"Error: {name if len(name) < 200 else f'{name[:200]}...'}: {error.strerror}.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
