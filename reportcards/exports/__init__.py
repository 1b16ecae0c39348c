"""Files made of report cards. A format is one module of this package with a `FORMAT`; nothing else lists them."""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import lru_cache
from importlib.metadata import version
from types import MappingProxyType

import orjson

from reportcards.exports._format import Format
from reportcards.report import ReportCard

__all__ = ["Format", "fingerprint", "formats"]

_DRAWERS = ("typst", "vl-convert-python", "python-pptx", "xlsxwriter", "fontpkg-figtree", "fontpkg-source-serif-4")
_DRAWING = "1"
"""Change it when the same card should give other files."""


@lru_cache(maxsize=1)
def formats() -> Mapping[str, Format]:
    """Every format by its short name, in the order of the names."""
    found: dict[str, Format] = {}
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            one = importlib.import_module(f"{__name__}.{module.name}").FORMAT
            assert isinstance(one, Format) and one.name not in found
            found[one.name] = one
    return MappingProxyType(dict(sorted(found.items())))


def fingerprint(card: ReportCard, format: str) -> str:
    """Names the file that this card gives: the same as long as the card and what draws it are the same.

    Raises:
        KeyError: there is no such format.
    """
    drawn_by = [formats()[format].name, _DRAWING, *(version(name) for name in _DRAWERS)]
    content = orjson.dumps(
        [drawn_by, asdict(replace(card, pinned=dict(card.pinned)))],
        option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS,
        default=str,
    )
    return hashlib.sha256(content).hexdigest()
