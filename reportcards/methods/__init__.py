"""How every figure is made: one file a method, found by a scan of this folder.

A method file exports `METHOD` and the functions the product uses: statistics of rows as polars expressions, rules on
series as functions of plain sequences. A new method is one file and one test.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from reportcards.methods._method import Checked, Method, Refused, answered, checked, same

__all__ = ["Checked", "Method", "Refused", "answered", "checked", "registry", "same"]


@cache
def registry() -> dict[str, Method]:
    """Every method by name, in alphabetical order. Raises ValueError when two files claim a name."""
    found: dict[str, Method] = {}
    for each in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{each.name}")
        method = getattr(module, "METHOD", None)
        if not isinstance(method, Method):
            continue
        if method.name in found:
            raise ValueError(f"two methods are called {method.name!r}; the second is in {each.name}.py")
        found[method.name] = method
    return dict(sorted(found.items()))
