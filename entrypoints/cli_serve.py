"""Commands that stay: `init`, `serve`, `worker`."""

from __future__ import annotations

import signal
import threading

import click

from entrypoints import background
from entrypoints._commands import prepare


@click.command()
@click.option("--demo", is_flag=True, help="Fill an empty data folder with the made-up collaboration.")
def init(demo: bool) -> None:
    """Set the data folder up; can be repeated. Prints the first administrator's one-time set-up link."""
    if demo:
        from entrypoints.demo import fill

        click.echo(fill())
        return
    link = prepare()
    click.echo(
        f"First administrator, one-time link: {link}" if link else "Set up already: an administrator can sign in."
    )


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8501, show_default=True, type=int, help="Port to listen at.")
def serve(host: str, port: int) -> None:
    """Serve the app, with its background work, in one process."""
    click.echo(f"Serving at http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}")  # noqa: S104
    from entrypoints.api import serve as serve_app

    serve_app(host, port)


@click.command()
def worker() -> None:
    """Do background work (harvests, schedules) beside the app; on PostgreSQL on any number of machines."""
    prepare()
    from store import jobs

    background.load()
    jobs.launch(work=True)
    done = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: done.set())
    click.echo("Working; Ctrl-C ends it after the step under way.")
    done.wait()
    jobs.stop()


COMMANDS = (init, serve, worker)
