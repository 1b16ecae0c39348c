"""The normal form of an identifier, so that http/https or a new way of writing an id makes no new dataset."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any
from urllib.parse import unquote, urlsplit

LONGEST = 400
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_HEX32 = r"(?<![0-9a-fA-F])([0-9a-fA-F]{32})(?![0-9a-fA-F])"
_ARCGIS_BARE = re.compile(rf"{_HEX32}(?:[_/](\d{{1,4}}))?/?")
_ARCGIS_PATH = re.compile(
    rf"/(?:datasets|items|maps|apps|documents)/(?:[^/?#]*::)?{_HEX32}(?:[_/](\d{{1,4}}))?",
    re.IGNORECASE,
)
_ARCGIS_QUERY = re.compile(rf"[?&]id={_HEX32}", re.IGNORECASE)
_SUBLAYER = re.compile(r"[?&](?:sublayer|layer)=(\d{1,4})\b", re.IGNORECASE)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)(10\.\d{4,9}/\S+)", re.IGNORECASE)


def identity(raw_id: Any) -> str:
    """The normal form of a source's id; "" when it is none (not text, empty, a list, a bare zero).

    UUIDs and hosts are lower-cased, the scheme and the last slash of a URL go, needless percent signs are
    decoded, a DOI is one however it is written, and an ArcGIS item keeps its 32 hex digits and its layer.
    Anything longer than 400 characters is cut and told apart by a hash.
    """
    if isinstance(raw_id, str) and _UUID.fullmatch(raw_id):
        return raw_id.lower()
    if isinstance(raw_id, int) and not isinstance(raw_id, bool) and raw_id != 0:
        raw_id = str(raw_id)
    if not isinstance(raw_id, str):
        return ""
    if raw_id.isascii() and raw_id.isprintable():
        text = raw_id.strip()
    else:
        visible = "".join(c for c in raw_id if c >= " " and not "\ud800" <= c <= "\udfff")
        text = unicodedata.normalize("NFC", visible).strip()
    if not text:
        return ""
    normal = _normal(text)
    if len(normal) > LONGEST:
        normal = f"{normal[:300]}~{hashlib.blake2b(normal.encode(), digest_size=12).hexdigest()}"
    return normal


def fingerprint(raw: bytes, version: int) -> str:
    """Hash of the source's bytes and of the connector's version, to leave unchanged records unmapped."""
    return hashlib.blake2b(raw, digest_size=16, person=str(version).encode()).hexdigest()


def _normal(text: str) -> str:
    if _UUID.fullmatch(text):
        return text.lower()
    if doi := _DOI.fullmatch(text):
        return f"doi:{doi[1].lower()}"
    if item := _arcgis(text):
        return item
    scheme, colon, rest = text.partition("://")
    if colon and scheme.lower() in ("http", "https"):
        return _url(text, rest)
    return text


def _arcgis(text: str) -> str:
    if bare := _ARCGIS_BARE.fullmatch(text):
        return _item(bare[1], bare[2])
    if "://" not in text:
        return ""
    layer = _SUBLAYER.search(text)
    if found := _ARCGIS_PATH.search(text):
        return _item(found[1], found[2] or (layer[1] if layer else None))
    if found := _ARCGIS_QUERY.search(text):
        return _item(found[1], layer[1] if layer else None)
    return ""


def _item(item: str, layer: str | None) -> str:
    return item.lower() if layer is None else f"{item.lower()}_{int(layer)}"


def _url(text: str, rest: str) -> str:
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError:
        return rest.rstrip("/")
    where = host if port in (None, 80, 443) else f"{host}:{port}"
    tail = parts.path.rstrip("/") if not (parts.query or parts.fragment) else parts.path
    tail += f"?{parts.query}" if parts.query else ""
    tail += f"#{parts.fragment}" if parts.fragment else ""
    return where + _ESCAPE.sub(_decoded, tail)


def _decoded(match: re.Match[str]) -> str:
    character = unquote(match[0])
    return character if character in _UNRESERVED else match[0].upper()
