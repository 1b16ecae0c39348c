"""Connections that know where they lead and when they end: the part of the client that touches sockets."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
from collections.abc import Collection, Iterator
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.poolmanager import PoolManager

from connectors._address import allowed, closed, refused_address

CONNECTIONS = 4
"""Connections to one host at a time."""


class Watch:
    """Ends a request when its time is up, whatever the source is doing: headers a byte at a time, too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self.fired = False

    def hold(self, sock: socket.socket) -> None:
        """Take charge of the socket that the request uses now."""
        with self._lock:
            self._sockets = [sock]
            late = self.fired
        if late:
            _shut(sock)

    def fire(self) -> None:
        """Shut the socket down: whoever reads from it gets an error at once."""
        with self._lock:
            self.fired = True
            sockets = list(self._sockets)
        for sock in sockets:
            _shut(sock)


class Guard:
    """What the connections of one client share: the exceptions to the address rules, and the watch."""

    def __init__(self, allow: Collection[str]) -> None:
        self.allow = frozenset(allow)
        self._running = threading.local()

    @contextlib.contextmanager
    def watching(self, seconds: float) -> Iterator[Watch]:
        """Every connection this thread makes or uses meanwhile is shut after so many seconds."""
        watch = Watch()
        timer = threading.Timer(max(seconds, 0.01), watch.fire)
        timer.daemon = True
        self._running.watch = watch
        timer.start()
        try:
            yield watch
        finally:
            timer.cancel()
            self._running.watch = None

    def hold(self, sock: socket.socket | None) -> None:
        """Give a socket to the watch of this thread, if there is one."""
        watch: Watch | None = getattr(self._running, "watch", None)
        if watch is not None and sock is not None:
            watch.hold(sock)

    def connect(self, connection: HTTPConnection) -> socket.socket:
        """Connect to an address of the host that may be asked; checked is the very IP connected to.

        Raises: SourceRefused when every address of the host is closed to us.
        """
        host, port = connection.host.strip("[]").removesuffix("."), int(connection.port or 0)
        try:
            found = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            gone = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
            raise NameResolutionError(host, connection, gone) from error
        reason, failure = "", None
        for family, kind, protocol, _, address in found:
            refusal = "" if allowed(self.allow, host, port) else _closed(str(address[0]))
            if refusal:
                reason = reason or refusal
                continue
            try:
                return self._open(connection, (family, kind, protocol), address)
            except OSError as error:
                failure = error
        if failure is None:
            raise refused_address(f"{host}:{port}", reason or "it leads nowhere")
        if isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(connection, f"{host} did not answer in time") from failure
        raise NewConnectionError(connection, f"{host} cannot be reached: {failure}") from failure

    def _open(self, connection: HTTPConnection, how: tuple[int, int, int], address: Any) -> socket.socket:
        sock = socket.socket(*how)
        try:
            for option in connection.socket_options or ():
                sock.setsockopt(*option)
            if isinstance(connection.timeout, (int, float)):
                sock.settimeout(connection.timeout)
            self.hold(sock)
            sock.connect(address)
        except BaseException:
            sock.close()
            raise
        return sock


class GuardedAdapter(HTTPAdapter):
    """Lets requests connect only through the guard, never through a proxy, with no tries of its own."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        super().__init__(max_retries=0, pool_connections=8, pool_maxsize=CONNECTIONS, pool_block=True)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:
        """Build the pools from connections that ask the guard."""
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self._guard)

    def proxy_manager_for(self, proxy: Any, **proxy_kwargs: Any) -> Any:
        """Refuse: a proxy would connect for us to where the guard cannot see."""
        raise requests.exceptions.InvalidProxyURL("sources are read without a proxy")


def _pools(guard: Guard) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return guard.connect(self)

        def request(self, *args: Any, **kwargs: Any) -> None:
            guard.hold(self.sock)
            super().request(*args, **kwargs)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return guard.connect(self)

        def request(self, *args: Any, **kwargs: Any) -> None:
            guard.hold(self.sock)
            super().request(*args, **kwargs)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _closed(address: str) -> str:
    try:
        return closed(ipaddress.ip_address(address.split("%")[0]))
    except ValueError:
        return "its address cannot be read"


def _shut(sock: socket.socket) -> None:
    # A TLS socket is shut below the encryption: SSLSocket.shutdown() is not safe while another thread reads.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
