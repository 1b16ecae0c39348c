"""Where a dataset stands from closed to open, why, and what would move it one step."""

from __future__ import annotations

from collections.abc import Mapping

from catalogue.datasets import Dataset
from catalogue.history import word
from catalogue.spectrum import RULES, Confidence, Evidence
from pages.shell import widgets as w

RULE_TITLES: Mapping[str, str] = {rule.id: rule.title for rule in RULES}
_SURE: Mapping[Confidence, str] = {
    Confidence.STATED: "Somebody states it",
    Confidence.DERIVED: "Follows from what is stated",
    Confidence.INFERRED: "Understood from running text, not from a field made for it",
    Confidence.NONE: "Nothing to go by",
}
_OURS = frozenset({"band", "decision"})
"""Evidence that is a person's word and no field of the record."""


def standing(found: Dataset) -> None:
    """The scale, the sentence of the rule, its evidence, one step more open."""
    placement = found.placement
    with w.surface("standing"):
        w.show(w.spectrum_scale(found.band.value))
        w.finding(placement.sentence)
        rule = w.Markup("{} ({})").format(
            RULE_TITLES.get(placement.rule, placement.rule),
            w.link(f"rule {placement.rule}", w.href("spectrum", rule=placement.rule)),
        )
        facts: list[tuple[str, str | w.Markup]] = [("Rule", rule), ("Evidence", _evidence(placement.evidence))]
        if placement.confidence is not Confidence.STATED:
            facts.append(("How sure", _SURE[placement.confidence]))
        w.show(w.key_values([*facts, ("One step more open", placement.next_step)]))
        if placement.review:
            w.notice("The source contradicts itself.", "A steward should look at it.", tone="owed")


def _evidence(evidence: tuple[Evidence, ...]) -> w.Markup:
    if not evidence:
        return w.esc("The source states nothing about access or licence.")
    lines = [w.Markup("<li>{}</li>").format(_line(each)) for each in evidence]
    return w.Markup('<ul class="ct-evidence" role="list">{}</ul>').format(w.Markup("").join(lines))


def _line(one: Evidence) -> w.Markup:
    if one.field in _OURS:
        return w.esc(one.says[:1].upper() + one.says[1:])
    field = word(one.field)
    said = w.muted(f"“{w.plain(one.value, 120)}”") if one.value else w.Markup("")
    return w.Markup("{}: {} {}").format(field[:1].upper() + field[1:], one.says, said)
