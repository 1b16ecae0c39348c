"""Read JSON as sources really send it: fast when it is sound, tolerant and bounded when it is not."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import orjson

DEPTH = 200
"""Levels of nesting that are read; no catalogue needs more than twenty."""

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{},:]', re.DOTALL)
_CLOSED = re.compile(rb'"state"\s*:\s*"(?:draft|deleted)"', re.IGNORECASE)
_HIDDEN_KEY = re.compile(rb"\\u00[4567]", re.IGNORECASE)
_STRICTER = {
    "private": {True: 2, None: 1, False: 0},
    "state": {"deleted": 3, "draft": 2, None: 1, "active": 0},
}


class Unreadable(ValueError):
    """The bytes are no JSON that can be read; the text says where and why, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A decoded value and what had to be repaired on the way."""

    value: Any
    problems: tuple[str, ...] = ()


def parse_json(body: bytes) -> Parsed:
    """Decode one JSON text; NaN, Infinity and overflowing numbers become None, bad UTF-8 U+FFFD, each noted.

    Raises: Unreadable when it is no JSON or is nested deeper than 200 levels; never RecursionError.
    """
    if body.count(b"[") + body.count(b"{") > DEPTH and _depth(body) > DEPTH:
        raise Unreadable(f"it is nested more than {DEPTH} levels deep")
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _tolerant(body)
    if isinstance(value, dict) and _may_repeat(body, value):
        return _tolerant(body)
    return Parsed(value=value)


def members(body: bytes) -> dict[str, bytes]:
    """The members of a JSON object with undecoded values. Raises Unreadable when it is no object."""
    try:
        return {key: bytes(raw) for key, raw in msgspec.json.decode(body, type=dict[str, msgspec.Raw]).items()}
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        pieces = _pieces(body, b"{")
    found: dict[str, bytes] = {}
    for piece in pieces:
        token = _TOKEN.match(piece)
        if token is None or not token[0].startswith(b'"'):
            raise Unreadable("an object has a member without a name")
        rest = piece[token.end() :].lstrip()
        if not rest.startswith(b":"):
            raise Unreadable("an object has a member without a value")
        found[str(_tolerant(token[0]).value)] = rest[1:].strip()
    return found


def split_items(body: bytes) -> Sequence[bytes]:
    """The elements of a JSON array, each still undecoded, so that an unchanged record need not be mapped.

    An element that is itself broken does not spoil the others. Raises Unreadable when it is no array.
    """
    try:
        return [bytes(raw) for raw in msgspec.json.decode(body, type=list[msgspec.Raw])]
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return _pieces(body, b"[")


def _pieces(body: bytes, opener: bytes) -> list[bytes]:
    """What stands between the commas of the outermost array or object; a scan, so depth costs nothing."""
    body = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body.startswith(opener):
        begun = "".join(letter if letter.isprintable() else " " for letter in body[:40].decode("utf-8", "replace"))
        raise Unreadable(
            f"it begins with “{begun[:20].strip()}”, not with {opener.decode()}" if body else "it is empty"
        )
    pieces, depth, begin, end = [], 0, 1, -1
    for token in _TOKEN.finditer(body):
        mark = token[0]
        if mark in (b"[", b"{"):
            depth += 1
        elif mark in (b"]", b"}"):
            depth -= 1
            if depth == 0:
                end = token.start()
                break
        elif mark == b"," and depth == 1:
            pieces.append(body[begin : token.start()].strip())
            begin = token.end()
    if end < 0:
        raise Unreadable(f"it breaks off after {len(body):,} bytes")
    last = body[begin:end].strip()
    return [*pieces, last] if last or pieces else []


def _depth(body: bytes) -> int:
    depth = deepest = 0
    for token in _TOKEN.finditer(body):
        mark = token[0]
        if mark in (b"[", b"{"):
            depth += 1
            deepest = max(deepest, depth)
        elif mark in (b"]", b"}"):
            depth -= 1
    return deepest


def _may_repeat(body: bytes, value: dict[str, Any]) -> bool:
    """Whether `private` or `state` may stand twice: parsers take the last, which may be the laxer one."""
    laxly = value.get("private") is not True and "private" in value
    if laxly and (body.count(b'"private"') > 1 or _HIDDEN_KEY.search(body)):
        return True
    return value.get("state") == "active" and _CLOSED.search(body) is not None


def _tolerant(body: bytes) -> Parsed:
    problems: dict[str, None] = {}

    def number(text: str) -> float | int | None:
        if len(text) <= 19 and not any(mark in text for mark in ".eE"):
            return int(text)
        value = float(text)
        if math.isfinite(value):
            return value
        problems[f"the number {text[:20]}{'...' if len(text) > 20 else ''} is not finite"] = None
        return None

    def constant(text: str) -> None:
        problems[f"{text} is not a number"] = None

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in found:
            if key in made and key in _STRICTER and made[key] != value:
                problems[f"{key} is stated twice, the stricter one was taken"] = None
                value = max(made[key], value, key=lambda one: _strictness(key, one))
            made[key] = value
        return made

    text = _decoded(body, problems)
    if _depth(body) > DEPTH:
        raise Unreadable(f"it is nested more than {DEPTH} levels deep")
    try:
        value = json.loads(
            text,
            parse_int=number,
            parse_float=number,
            parse_constant=constant,
            object_pairs_hook=pairs,
            strict=False,
        )
    except json.JSONDecodeError as error:
        raise Unreadable(f"it is not JSON ({error.msg.lower()} at character {error.pos:,} of {len(text):,})") from None
    except (RecursionError, ValueError):
        raise Unreadable("it cannot be read as JSON") from None
    return Parsed(value=value, problems=tuple(problems))


def _strictness(key: str, value: Any) -> int:
    order: dict[Any, int] = _STRICTER[key]  # type: ignore[assignment]
    if isinstance(value, str) and key == "state":
        value = value.lower()
    try:
        return order.get(value, 1)
    except TypeError:
        return 1


def _decoded(body: bytes, problems: dict[str, None]) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems[f"byte {error.start:,} is not UTF-8"] = None
        return body.decode("utf-8-sig", "replace")
