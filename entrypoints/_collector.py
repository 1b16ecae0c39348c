"""How often Python looks for garbage: seldom, since what our processes load and read lives long.

Imported before everything else, so that the imports themselves are not looked through again and again. With Python's
own 700 a first harvest spends an eighth of its time there, and a command a fifth of its start (measured with perf).
"""

from __future__ import annotations

import gc

OBJECTS = 50_000
"""New objects after which the youngest are looked through: some 5 MB."""

gc.set_threshold(OBJECTS, 20, 20)
