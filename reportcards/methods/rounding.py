"""Move counts to multiples of a base, nearest or at random."""

from __future__ import annotations

from typing import Any

from reportcards.disclosure.rules import Rounding, Rule, round_count, rounded
from reportcards.methods._inputs import number, numbers, word
from reportcards.methods._method import Case, Method, Refused

_KEY = b"published cases hold no secrets"


def check(inputs: Case) -> dict[str, Any]:
    """Each value rounded, None for a missing one. With mode "random", `cells` and `key` fix the way of each value."""
    base = number(inputs, "base")
    if base is None or base < 1 or base != int(base):
        raise Refused("base is not a whole number from 1")
    said = word(inputs, "mode", default="nearest")
    if said not in set(Rounding):
        raise Refused(f"the mode {said!r} is neither nearest nor random")
    values = numbers(inputs, "values")
    if any(value is not None and value < 0 for value in values):
        raise Refused("negative count")
    cells = inputs.get("cells") or [str(place) for place in range(len(values))]
    key = word(inputs, "key").encode() or _KEY
    return {
        "values": [
            None if value is None else _rounded(value, int(base), mode=Rounding(said), drawn=(key, str(cell)))
            for value, cell in zip(values, cells, strict=True)
        ]
    }


def _rounded(value: float, base: int, *, mode: Rounding, drawn: tuple[bytes, str]) -> int:
    if value != int(value):
        raise Refused("a count is not a whole number")
    if base == 1 or mode is Rounding.NEAREST:
        return rounded(int(value), base=base, mode=Rounding.NEAREST)
    rule = Rule(threshold=base, round_to=base, rounding=mode)
    return round_count(int(value), rule, key=drawn[0], cell_id=drawn[1])


METHOD = Method(
    name="rounding",
    title="Counts are rounded",
    what=(
        "Shown counts of closed data are moved to multiples of a base, after small ones were hidden. At random it "
        "adds nothing on average, and the way of each cell is fixed by a key, so that showing it again tells no more. "
        "Halves go up. Sums of rounded counts need not match."
    ),
    formula="nearest: base · ⌊count/base + 1/2⌋; random: up with the chance (count mod base)/base, down otherwise",
    source="Hundepool and others, Statistical Disclosure Control, Wiley 2012, section 5.4.",
    example={"values": [7, 11, 149], "base": 5, "mode": "nearest"},
    check=check,
)
