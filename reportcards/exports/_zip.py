"""Office files without a clock: the same content gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

_FIRST = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP entry can carry."""
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def steady(content: bytes, at: datetime) -> bytes:
    """The archive with fixed entry times and `at` in its properties, workbooks inside it too."""
    stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            if name.endswith(".xlsx"):
                body = steady(body, at)
            elif name == "docProps/core.xml":
                body = _STAMP.sub(rb"\g<1>" + stamp + rb"\g<3>", body)
            new.writestr(entry(name), body)
    return out.getvalue()


def entry(name: str) -> zipfile.ZipInfo:
    """An entry of an archive, without the time of day and readable by everyone."""
    made = zipfile.ZipInfo(name, _FIRST)
    made.compress_type = zipfile.ZIP_DEFLATED
    made.external_attr = 0o644 << 16
    return made
