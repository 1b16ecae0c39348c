"""HTTP routes beside the pages: sessions, health, fonts, the mark; later feeds and the API."""

from __future__ import annotations

import asyncio
import gc
import importlib
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import click
import orjson
import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

import store
from entrypoints import background, stopping
from entrypoints._commands import prepare
from entrypoints.gate import COOKIE, session_cookie
from entrypoints.provider import IDENTITY
from governance import sign_in
from store import jobs

LONGEST_BODY = 2000
"""Bytes; a ticket has 43."""
LAUNCHER = Path(__file__).resolve().parents[1] / "app.py"
WEEK = "public, max-age=604800"
FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the pages want served: handed over by app.py, for neither side imports the other."""

    font_file: Callable[[Path, str], Path]
    """The packed font of this name, made in the given folder when it is not there; KeyError for an unknown name."""
    prepare_fonts: Callable[[Path], None]
    stylesheet: tuple[str, bytes]
    """The address it is asked for at, which changes with its content, and the sheet."""
    mark: bytes
    """The product's mark as SVG."""
    warm: Callable[[], object]
    """Imports every page, so that the first visitor does not."""


def _secure(request: Request) -> bool:
    return request.url.scheme == "https" or store.settings().public_url.startswith("https://")


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


async def _ticket(request: Request) -> str:
    body = await request.body()
    if len(body) > LONGEST_BODY:
        return ""
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    return str(given.get("ticket", "")) if isinstance(given, dict) else ""


def _forget_identity(request: Request, answer: Response) -> None:
    """Streamlit's own identity cookies have done what they are for, or are of a session that ends."""
    for name in request.cookies:
        if name.startswith(IDENTITY):
            answer.delete_cookie(name, path="/", secure=_secure(request), httponly=True, samesite="lax")


async def start_session(request: Request) -> Response:
    """Exchange a one-use ticket for the session cookie; the session the browser had before ends."""
    sid = await asyncio.to_thread(sign_in.redeem, await _ticket(request), _address(request))
    if sid is None:
        return JSONResponse({"started": False}, status_code=403)
    before = session_cookie(request.scope)
    if before:
        await asyncio.to_thread(sign_in.sign_out, before)
    answer = JSONResponse({"started": True})
    answer.set_cookie(COOKIE, sid, path="/", secure=_secure(request), httponly=True, samesite="strict")
    _forget_identity(request, answer)
    return answer


async def end_session(request: Request) -> Response:
    """End the session of this browser and forget its cookie; safe to ask twice."""
    sid = session_cookie(request.scope)
    if sid:
        await asyncio.to_thread(sign_in.sign_out, sid)
    answer = JSONResponse({"ended": True})
    answer.delete_cookie(COOKIE, path="/", secure=_secure(request), httponly=True, samesite="strict")
    _forget_identity(request, answer)
    return answer


async def healthz(_request: Request) -> Response:
    """200 once the database is at the newest migration, else 503."""
    ready = await asyncio.to_thread(store.ready)
    return JSONResponse({"ready": ready}, status_code=200 if ready else 503)


def routes(look: Look) -> list[Route]:
    """Every route of ours; they win over Streamlit's."""

    async def font(request: Request) -> Response:
        try:
            path = await asyncio.to_thread(look.font_file, store.settings().home / "fonts", request.path_params["name"])
        except KeyError:
            return PlainTextResponse("Not found", status_code=404)
        return FileResponse(path, media_type="font/woff2", headers={"cache-control": WEEK})

    async def mark(_request: Request) -> Response:
        return Response(look.mark, media_type="image/svg+xml", headers={"cache-control": WEEK})

    async def stylesheet(_request: Request) -> Response:
        return Response(look.stylesheet[1], media_type="text/css", headers={"cache-control": FOR_GOOD})

    return [
        Route(look.stylesheet[0], stylesheet, methods=["GET"]),
        Route("/session/start", start_session, methods=["POST"]),
        Route("/session/end", end_session, methods=["POST"]),
        Route("/healthz", healthz, methods=["GET"]),
        Route("/fonts/{name}", font, methods=["GET"]),
        Route("/favicon.png", mark, methods=["GET"]),
        *stopping.routes(),
    ]


def warm() -> None:
    """Import what the first chart would import, and draw one: the first visitor does not wait for it."""
    import altair
    import polars

    for name in ("pandas", "pyarrow"):
        importlib.import_module(name)

    altair.Chart(polars.DataFrame({"x": [1], "y": [1]})).mark_line().encode(x="x:Q", y="y:Q").to_dict()


def prepare_home() -> None:
    """Bring the data folder up to date; while nobody can sign in, tell the first administrator's one-time link."""
    link = prepare(port=st.get_option("server.port"))
    if link:
        click.echo(f"First administrator, one-time link: {link}")


def start_jobs() -> None:
    """Start the background jobs of this process: harvests and schedules."""
    background.load()
    jobs.launch()


def serve(host: str, port: int) -> NoReturn:
    """Become the server: this process turns into `streamlit run app.py` on that address."""
    command = [sys.executable, "-m", "streamlit", "run", str(LAUNCHER)]
    os.execv(sys.executable, [*command, f"--server.address={host}", f"--server.port={port}"])  # noqa: S606


def lifespan(look: Look) -> Callable[[Any], AbstractAsyncContextManager[dict[str, Any] | None]]:
    """What happens before the first answer and after the last one."""

    @asynccontextmanager
    async def alive(_app: Any) -> AsyncIterator[dict[str, Any] | None]:
        await asyncio.to_thread(prepare_home)
        await asyncio.gather(
            asyncio.to_thread(look.prepare_fonts, store.settings().home / "fonts"),
            asyncio.to_thread(warm),
            asyncio.to_thread(look.warm),
        )
        await asyncio.to_thread(start_jobs)
        # Streamlit collects garbage after every rerun: what lives for ever need not be looked at each time.
        gc.collect()
        gc.freeze()
        try:
            yield None
        finally:
            await asyncio.to_thread(jobs.stop)

    return alive
