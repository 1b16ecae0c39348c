"""The guarded child process for rooms that may not know the ground: a refused file is an Invalid with one sentence."""

from __future__ import annotations

from collections.abc import Generator, Mapping

from governance.errors import Invalid
from store import guard
from store.guard import Limits, Parsed, Parser, Streamer

__all__ = ["Limits", "Parsed", "Parser", "Streamer", "parse", "stream"]


def parse(parser: Parser, data: bytes, options: Mapping[str, str], *, limits: Limits | None = None) -> Parsed:
    """Run a parser in a child process. Raises Invalid, and nothing worse, whatever the file does to the child."""
    try:
        return guard.parse(parser, data, options, limits=limits)
    except guard.GuardRefused as refused:
        raise Invalid(refused.sentence) from None


def stream(
    parser: Streamer, data: bytes, options: Mapping[str, str], *, limits: Limits | None = None
) -> Generator[bytes, None, Parsed]:
    """Yield the pieces of a parser's answer as they come. Raises Invalid like `parse`, possibly after some pieces."""
    try:
        return (yield from guard.stream(parser, data, options, limits=limits))
    except guard.GuardRefused as refused:
        raise Invalid(refused.sentence) from None
