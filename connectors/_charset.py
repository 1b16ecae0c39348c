"""JSON that is not written in UTF-8, as some servers and files still send it, turned into UTF-8."""

from __future__ import annotations

import codecs
import re

from connectors._sheets import MARKS

_LABEL = re.compile(r"charset\s*=\s*[\"']?\s*([a-z0-9_-]{1,20})", re.IGNORECASE)
_READ = re.compile(
    r"iso-?8859-?\d{1,2}|latin-?[1-9]|windows-125\d|cp125\d|koi8-[ru]|utf-?(?:16|32)-?[lb]e", re.IGNORECASE
)


def in_utf8(body: bytes, content_type: str = "") -> bytes:
    """A JSON text in UTF-8, where its first bytes or its label say that it is written otherwise; else as it came.

    A label is believed only where the bytes are not UTF-8: servers label what they did not write. What has no place
    in the encoding becomes U+FFFD. `content_type` is the header of that name.
    """
    named = next((name for mark, name in MARKS if body.startswith(mark)), "") or _labelled(body, content_type)
    if not named or not body[:400].decode(named, "replace").lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return body
    return body.decode(named, "replace").encode()


def _labelled(body: bytes, content_type: str) -> str:
    label = _LABEL.search(content_type)
    if label is None or _READ.fullmatch(label[1]) is None:
        return ""
    try:
        name = codecs.lookup(label[1]).name
    except LookupError:
        return ""
    if name.startswith("utf-"):
        return name
    try:
        body.decode()
    except UnicodeDecodeError:
        # What is labelled Latin-1 is Windows-1252 in life: every browser reads it so.
        return "cp1252" if name == "iso8859-1" else name
    return ""
