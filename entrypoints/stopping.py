"""The link in every mail that ends all mails: a page with one button for people, one post for mail programs.

Opening the link changes nothing, for programs that look for harmful mails open every link. Source: RFC 8058.
"""

from __future__ import annotations

import asyncio
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from entrypoints._letters import STOP
from governance import CommonTableError, clock
from governance.notices import choosing
from store.settings import settings

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{title}</title>
<style>:root{{color-scheme:light dark}}body{{font:1.125rem/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;
padding:0 1.25rem}}
button{{font:inherit;padding:.6rem 1.2rem;border-radius:.5rem;border:2px solid;cursor:pointer}}</style>
</head><body><main><h1>{title}</h1><p>{words}</p>{button}</main></body></html>"""
_BUTTON = '<form method="post"><button type="submit">End the mails</button></form>'


def _page(title: str, words: str, *, button: str = "", status: int = 200) -> Response:
    made = _PAGE.format(title=escape(title), words=escape(words), button=button)
    return HTMLResponse(made, status_code=status, headers={"cache-control": "no-store"})


async def ask(_request: Request) -> Response:
    """The page that a person sees who follows the link."""
    words = f"{settings().title} will send you no more mails. What waits for you still stands on your home page."
    return _page("End the mails?", words, button=_BUTTON)


async def stop(request: Request) -> Response:
    """End the mails of whoever got the link, by the page's button or by a mail program's one click."""
    try:
        await asyncio.to_thread(choosing.stop, request.query_params.get("token", ""), now=clock())
    except CommonTableError as error:
        return _page("Not done", error.sentence, status=404)
    return _page("Done", "No more mails will come. On your account page you can choose them again.")


def routes() -> list[Route]:
    """The routes of the link."""
    return [Route(STOP, ask, methods=["GET"]), Route(STOP, stop, methods=["POST"])]
