"""How fast one host may be asked, and how long a reading may wait for it."""

from __future__ import annotations

import email.utils
import ipaddress
import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

PER_SECOND = 2.0
BURST = 10
LONGEST_WAIT = 120.0
"""Seconds waited in all for one answer; a source that asks for more is left alone until later."""


class Pace:
    """A token bucket for each host, and the only place of the client that sleeps."""

    def __init__(
        self,
        *,
        per_second: float = PER_SECOND,
        burst: int = BURST,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._per_second, self._burst = per_second, float(burst)
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._hosts: dict[str, tuple[float, float]] = {}

    def turn(self, host: str) -> None:
        """Wait until the host may be asked once more; a loopback host is this machine and never waits."""
        if _loopback(host):
            return
        with self._lock:
            now = self._clock()
            tokens, last = self._hosts.get(host, (self._burst, now))
            tokens = min(self._burst, tokens + (now - last) * self._per_second) - 1
            self._hosts[host] = (tokens, now)
        if tokens < 0:
            self._sleep(-tokens / self._per_second)

    def wait(self, seconds: float) -> None:
        """Wait as a source asked."""
        self._sleep(seconds)


def backoff(attempt: int) -> float:
    """Seconds before try number `attempt` + 1 when the source gave none: 0.5, 1, 2, ... with jitter."""
    return float(0.5 * 2**attempt * random.uniform(1.0, 1.5))  # noqa: S311  jitter guards no secret


def retry_after(headers: Mapping[str, str]) -> float | None:
    """What `Retry-After` asks for in seconds, be it seconds or a date; None when it says nothing."""
    said = (headers.get("Retry-After") or "").strip()
    if not said:
        return None
    if said.isascii() and said.isdigit():
        return float(said[:12])
    try:
        then = email.utils.parsedate_to_datetime(said)
        here = headers.get("Date")
        now = email.utils.parsedate_to_datetime(here) if here else datetime.now(UTC)
        return max(0.0, (then.astimezone(UTC) - now.astimezone(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def spoken(seconds: float) -> str:
    """A waiting time as a person says it ("24 hours")."""
    for size, name in ((86400.0, "day"), (3600.0, "hour"), (60.0, "minute")):
        if seconds >= 2 * size or seconds == size:
            count = round(seconds / size)
            return f"{count} {name}{'' if count == 1 else 's'}"
    return f"{max(1, round(seconds))} seconds"


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
