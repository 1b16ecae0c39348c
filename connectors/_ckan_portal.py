"""A CKAN portal's action API: where it is, how it wants to be asked, and what it answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import msgspec
import requests

from connectors._address import shown_url
from connectors._answers import Answer, failure, log_in, web_page
from connectors._ckan_keys import Key, keys_of
from connectors._text import Unreadable, integer, members, parse_json, shown, split_items
from connectors._web import PAGE, USER_AGENT, Web
from governance.errors import SourceError, SourceRefused, SourceUnreachable, SourceUnreadable

PATHS = ("api/3/action/", "api/action/")
FOLDERS = ("", "data", "opendata", "catalog", "catalogue", "ckan")
"""Where portals hide their API: data.gov.uk /api/action, Canada /data, Italy /opendata (seen 2026)."""
SMALL = 4 << 20
"""Bytes of an answer that holds no page of datasets."""


class PortalSaysNo(SourceUnreadable):
    """The portal itself answered, in JSON, that this action failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One page of package_search, still undecoded."""

    packages: Sequence[bytes]
    keys: Sequence[Key | None]
    """Of each package, what it is told apart by."""
    count: int | None


class _List(msgspec.Struct, gc=False):
    results: list[msgspec.Raw]
    count: msgspec.Raw = msgspec.Raw(b"null")


class _Page(msgspec.Struct, gc=False):
    success: bool
    result: _List


_page = msgspec.json.Decoder(_Page).decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What a portal wants: the address of its API, and GET or POST."""

    base: str
    path: str = PATHS[0]
    method: str = "GET"


class Portal:
    """Asks one portal through the one HTTP client."""

    def __init__(self, web: Web, door: Door, token: str) -> None:
        self.door = door
        self._web, self._token = web, token

    def action(self, name: str, **params: Any) -> Any:
        """One action through ckanapi: its own errors (NotFound, NotAuthorized, ...) are raised."""
        from ckanapi import RemoteCKAN  # its import alone costs seconds of CPU, so never at the top

        remote = RemoteCKAN(
            self.door.base,
            apikey=self._token or None,
            user_agent=USER_AGENT,
            get_only=self.door.method == "GET",
            session=self._web.session,
        )
        remote.base_url = self.door.path
        return remote.call_action(name, params)

    def result(self, name: str, params: Mapping[str, Any], *, limit: int = SMALL) -> bytes:
        """The undecoded result of an action.

        Raises: PortalSaysNo when the portal answered that it failed; another SourceError otherwise.
        """
        return result(self._asked(name, params, limit))

    def page(self, params: Mapping[str, Any]) -> Fetched:
        """One page of package_search."""
        answer = self._asked("package_search", params, PAGE)
        try:
            packages, number = _listed(answer)
            count = parse_json(number).value
        except (Unreadable, KeyError) as error:
            where = shown_url(answer.url)
            said = f"The list of datasets at {where} is not what CKAN answers: {_why(error)}."
            raise SourceUnreadable(said, url=where, status=answer.status) from error
        return Fetched(packages=packages, keys=keys_of(packages), count=integer(count)[0])

    def _asked(self, name: str, params: Mapping[str, Any], limit: int) -> Answer:
        from ckanapi.common import prepare_action

        get = self.door.method == "GET"
        address, body, headers = prepare_action(
            name, {} if get else dict(params), apikey=self._token or None, base_url=self.door.path
        )
        request = requests.Request(
            self.door.method, f"{self.door.base}/{address}", headers={**headers, "Accept": "application/json"}
        )
        if get:
            request.params, request.headers = dict(params), _without(request.headers, "Content-Type")
        else:
            request.data = body
        answer = self._web.exchange(request, limit=limit)
        self._settle(answer.url, f"/{address}")
        return answer

    def _settle(self, url: str, address: str) -> None:
        """Where the portal sent us within its site (to https, to www.) is where it is asked from now on."""
        base, found, _ = url.partition(address)
        if found and base != self.door.base:
            self.door = replace(self.door, base=base)


def result(answer: Answer) -> bytes:
    """The undecoded `result` of an action's answer, if its shape and `success` are what CKAN promises."""
    where = shown_url(answer.url)
    try:
        parts = members(answer.body)
    except Unreadable as error:
        if refusal := failure(answer):
            raise refusal from error
        if answer.is_web_page:
            raise web_page(answer) from error
        said = f"The answer at {where} cannot be read: {error}."
        raise SourceUnreadable(said, url=where, status=answer.status) from error
    if parts.get("success") != b"true":
        raise _said_no(answer, parts)
    if parts.get("result", b"null") == b"null":
        said = f"The answer at {where} says it succeeded but holds no result."
        raise PortalSaysNo(said, url=where, status=answer.status)
    return parts["result"]


def _listed(answer: Answer) -> tuple[Sequence[bytes], bytes]:
    """The packages of a list and its count, undecoded; a sound answer is gone through only once.

    Raises: as `result`; Unreadable or KeyError when the result is no list of datasets.
    """
    try:
        found = _page(answer.body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        found = None
    if found is None or not found.success:
        parts = members(result(answer))
        return split_items(parts["results"]), parts.get("count", b"null")
    return [bytes(raw) for raw in found.result.results], bytes(found.result.count)


def doors(location: str) -> list[Door]:
    """Every place where the portal's API may be, the likeliest first."""
    parts = urlsplit(location)
    path = parts.path.rstrip("/")
    for mark in ("/api/", "/dataset", "/organization", "/group"):
        at = (path + "/").find(mark)
        if at >= 0:
            path = path[:at]
    folders = [path] + [f"{path}/{folder}" for folder in FOLDERS if folder]
    if path:
        folders.append("")
    bases = [urlunsplit((parts.scheme, parts.netloc, folder, "", "")) for folder in dict.fromkeys(folders)]
    tried = [Door(base=base, path=way) for base in bases for way in PATHS]
    return [tried[0], Door(base=bases[0], method="POST"), *tried[1:]]


def find(web: Web, location: str, token: str) -> Portal:
    """The portal behind an address, by asking for its status in every place where an API may be.

    Raises: the error of the first place, when none of them answers as CKAN does.
    """
    first: SourceError | None = None
    for door in doors(location):
        portal = Portal(web, door, token)
        try:
            if _answers(portal):
                return portal
        except (SourceUnreachable, SourceRefused) as error:
            if _final(error):
                raise
            first = first or error
        except SourceUnreadable as error:
            if error.status is None:
                raise
            first = first or error
    if first is None:
        first = SourceUnreadable(f"There is no CKAN portal at {shown_url(location)}.", url=shown_url(location))
    raise first


def _answers(portal: Portal) -> bool:
    """Whether CKAN answers here; a portal may hide or break its status and still list its datasets."""
    try:
        portal.result("status_show", {})
    except PortalSaysNo:
        return True
    except SourceError as error:
        if error.status is None or error.status < 500 or _final(error):
            raise
        try:
            portal.result("package_search", {"rows": 0})
        except PortalSaysNo:
            return True
    return True


def _final(error: SourceError) -> bool:
    """Whether asking elsewhere on the same host is no use: no connection, a wall, or "come back later"."""
    return error.status is None or error.status in (401, 407, 429, 502, 503, 504) or "log-in" in error.sentence


def _said_no(answer: Answer, parts: Mapping[str, bytes]) -> SourceError:
    where, status = shown_url(answer.url), answer.status
    if "success" not in parts:
        if refusal := failure(answer):
            return refusal
        said = f"The answer at {where} is JSON, but not what CKAN answers."
        return SourceUnreadable(said, url=where, status=status)
    try:
        error = parse_json(parts.get("error", b"null")).value
    except Unreadable:
        error = None
    kind, message = "", ""
    if isinstance(error, dict):
        kind, message = shown(error.get("__type", "")), shown(error.get("message", ""))
    told = ": ".join(filter(None, (kind, message))) or "it gives no reason"
    if answer.asks_log_in:
        return log_in(answer)
    said = f"The portal says at {where} that it failed ({status}): {told}."
    return PortalSaysNo(said, url=where, status=status)


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, Unreadable) else "its list of results is missing"


def _without(headers: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in headers.items() if key != name}
