"""Keeps a rerun cheap: Streamlit collects garbage after every run, over everything that is not set aside.

The lifespan sets aside what it imported; what only the first real runs bring in is set aside here.
"""

from __future__ import annotations

import gc
import itertools

_runs = itertools.count(1)
_AT = frozenset({1, 10, 100})


def after_run() -> None:
    """Count a run; after the first, the tenth and the hundredth, set aside what is alive."""
    if next(_runs) in _AT:
        gc.collect()
        gc.freeze()
