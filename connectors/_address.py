"""Which addresses may be asked: the rules for URLs, and for the IP address a name turned out to be."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from governance.errors import SourceRefused

_PORTS = {"http": 80, "https": 443}
_ODD = re.compile(r"[\x00-\x20\x7f\\]")
_NAME = re.compile(
    r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
_NUMBER = re.compile(r"(?:\d+|0x[0-9a-f]*)")
_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "localdomain")
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_COMPATIBLE = ipaddress.ip_network("::/96")

IP = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A web address that may be asked, taken apart."""

    scheme: str
    host: str
    port: int

    @property
    def site(self) -> str:
        """The host without `www.`, to tell a move within a site from one to a stranger."""
        return self.host.removeprefix("www.")


def allowed(allow: Collection[str], host: str, port: int) -> bool:
    """Whether exactly this host and port is on the list of exceptions."""
    name = f"[{host}]" if ":" in host else host
    return f"{name}:{port}" in allow or f"{host}:{port}" in allow


def target(url: str, allow: Collection[str]) -> Target:
    """Take a URL apart and check what can be checked before any name is looked up.

    Raises: SourceRefused with one sentence that names the address and what is wrong with it.
    """
    if not url or _ODD.search(url):
        raise _refused(url, "it holds spaces or characters that no web address has")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused(url, "it is not a web address") from None
    scheme = parts.scheme.lower()
    if scheme not in _PORTS:
        raise _refused(url, "only http and https addresses are read")
    if "@" in parts.netloc:
        raise _refused(url, "it carries a user name or a password; give a token instead")
    host = _host(url, parts)
    found = Target(scheme=scheme, host=host, port=_PORTS[scheme] if port is None else port)
    if allowed(allow, host, found.port):
        return found
    if reason := _literal(host) or _inside(host):
        raise _refused(url, reason)
    if found.port < 1024 and found.port not in _PORTS.values():
        raise _refused(url, f"port {found.port} is not a port for web pages")
    return found


def _host(url: str, parts: SplitResult) -> str:
    host = (parts.hostname or "").lower()
    if not host:
        raise _refused(url, "it names no host")
    if ":" in host:
        if "%" in host:
            raise _refused(url, "its host is written in an odd form")
        return host
    if not host.isascii():
        try:
            plain = host.encode("idna").decode("ascii")
        except UnicodeError:
            raise _refused(url, "its host name is not valid") from None
        if not plain.startswith("xn--") and ".xn--" not in plain:
            raise _refused(url, "its host is written in an odd form")
        host = plain
    host = host.removesuffix(".")
    if not _NAME.fullmatch(host):
        raise _refused(url, "its host name is not valid")
    last = host.rpartition(".")[2]
    if _NUMBER.fullmatch(last) and not _dotted(host):
        raise _refused(url, "its host is written in an odd form; write the four numbers of the address")
    return host


def _dotted(host: str) -> bool:
    try:
        return str(ipaddress.IPv4Address(host)) == host
    except ValueError:
        return False


def _literal(host: str) -> str:
    try:
        return closed(ipaddress.ip_address(host))
    except ValueError:
        return ""


def _inside(host: str) -> str:
    if host.rpartition(".")[2] in _INSIDE or "." not in host:
        return "it is the name of a machine inside this network"
    return ""


def closed(address: IP) -> str:
    """Why this IP address is not asked ("it leads into this machine"), "" when it is a public one."""
    if isinstance(address, ipaddress.IPv6Address) and (inner := _embedded(address)) is not None:
        return closed(inner)
    if address.is_unspecified or address.is_loopback:
        return "it leads into this machine"
    if address.is_link_local:
        return "it leads to an address that only this network knows"
    if address.is_multicast or address.is_reserved:
        return "it is not the address of one machine on the internet"
    if not address.is_global:
        return "it leads into a private network"
    return ""


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for: mapped, compatible, 6to4, Teredo or NAT64."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    low = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if any(address in network for network in _NAT64):
        return low
    return low if address in _COMPATIBLE and int(address) > 1 else None


def shown_url(url: str) -> str:
    """A URL as it may stand in a sentence: no password, no token, no more than 200 characters."""
    plain = re.sub(r"(?<=//)[^/@\s]*@", "", "".join(c if " " < c < "\x7f" else "?" for c in url))
    plain = re.sub(r"(?i)([?&](?:[a-z_-]*(?:key|token|secret|password))=)[^&#]*", r"\1...", plain)
    return plain if len(plain) <= 200 else plain[:197] + "..."


def refused_address(url: str, reason: str) -> SourceRefused:
    """The error for an address that is not asked: it names the address and the reason."""
    return SourceRefused(f"The address {shown_url(url)} is not asked: {reason}.", url=shown_url(url))


_refused = refused_address
