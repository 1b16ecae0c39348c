"""Disclosure control of an import: which rule an indicator has, and what of a file may be kept at all.

Numbers of data that are not open are protected before they are written anywhere. A hidden number is hidden whole:
value, count, denominator and interval, and with them its trend and rank.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl
from sqlalchemy import select

from governance import Invalid, Visit, machinery
from reportcards.codes import ConfStatus, ObsStatus
from reportcards.disclosure import MARK, OPEN, Ledger, Release, Rule, explain, protect
from reportcards.disclosure.complements import OF, beside
from reportcards.disclosure.crossing import MOST, places
from reportcards.disclosure.relations import CELL_KEY, NO_ROW, cell_ids, cells_of, relations_of
from reportcards.disclosure_key import FILE, LOST, mark, required, secret
from reportcards.indicators import Indicator
from reportcards.tables import ReleaseRow, RevisionRow

__all__ = [
    "EVERYBODY",
    "THRESHOLD",
    "UNCHECKED",
    "WITHHELD",
    "Safe",
    "in_words",
    "ledger_of",
    "ledger_row",
    "rule_of",
    "safe",
    "secret",
]

THRESHOLD = 10
"""Counts below it are hidden unless the data are open or an indicator says otherwise."""
EVERYBODY = "everybody"
"""The one audience: what is kept is safe for whoever may see any of it."""
WITHHELD = "[c] withheld by its source"
UNCHECKED = "[c] suppressed: no count beside it, so nobody can tell whether it is small"
TOO_DEEP = f"{MARK} suppressed: it crosses too many dimensions for what it tells to be worked out"
_TO_CROSS = (
    f"{{}} of groups that cross more than {MOST} dimensions: what they tell together cannot be worked out, so they are "
    "not shown. Give a file with fewer dimensions at once."
)
_TO_CHECK = (
    "{} without a count: whether they are small cannot be checked, so they are not shown. Give a column with the count "
    "or the denominator, or set the threshold of the indicator to 0 if its numbers tell of nobody."
)
_OF_A_DENOMINATOR = {"proportion", "crude_rate"}
_NUMBERS = ("value", "lower95", "upper95", "count", "denominator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Safe:
    """What of an import may be kept."""

    facts: pl.DataFrame
    """FACTS and the columns they were worked out from; no hidden number is in it."""
    hidden: int = 0
    refused: int = 0
    explained: tuple[str, ...] = ()
    """Sentences for the steward: what could not be made safe, and what earlier releases give away."""
    releases: tuple[Release, ...] = ()


def rule_of(indicator: Indicator, band: str) -> Rule:
    """The rule of an indicator: its own, else none for open data and a threshold of 10 for all others."""
    by_band = 0 if band == "open" else THRESHOLD
    threshold = by_band if indicator.threshold is None else indicator.threshold
    if threshold <= 0:
        return OPEN
    return Rule(threshold=threshold, complement=indicator.value_type == "proportion")


def in_words(indicator: Indicator, band: str) -> str:
    """The rule as people read it."""
    rule = rule_of(indicator, band)
    if rule.threshold <= 0:
        return "Nothing is hidden: the data are open." if band == "open" else "Nothing is hidden."
    return (
        f"Counts from 1 to {rule.threshold - 1} are not shown, nor any number that would give one of them away, also "
        "together with what was shown before."
    )


def safe(
    facts: pl.DataFrame,
    indicators: Mapping[str, Indicator],
    band: str,
    *,
    key: bytes,
    ledger: Ledger,
    parents: Mapping[str, str],
) -> Safe:
    """Hide in `facts` (FACTS, one dataset, one revision) what its rules and its source want hidden.

    Numbers that cannot be made safe are hidden as well, and explained. Raises Invalid when the key is lost.
    """
    facts = _withhold(facts)
    by_rule: dict[Rule, list[str]] = {}
    for identifier, indicator in indicators.items():
        by_rule.setdefault(rule_of(indicator, band), []).append(identifier)
    made = Safe(facts=facts)
    for rule, identifiers in by_rule.items():
        if rule.threshold > 0:
            chosen = _counted(made.facts.filter(pl.col("indicator").is_in(identifiers)), indicators)
            deep = _deep(chosen)
            made = _refused(made, deep, words=TOO_DEEP, explained=_TO_CROSS)
            chosen = chosen.join(deep, on=CELL_KEY, how="anti", nulls_equal=True)
            made = _refused(made, _uncounted(chosen), words=UNCHECKED, explained=_TO_CHECK)
            made = _protected(made, chosen, rule, key=required(key), ledger=ledger, parents=parents)
    return made


def _deep(chosen: pl.DataFrame) -> pl.DataFrame:
    """What crosses more dimensions than the audit can follow."""
    named = [(str(breakdown), str(group)) for breakdown, group in chosen.select("breakdown", "group").unique().rows()]
    deep = [pair for pair, place in places(named).items() if len(place) > MOST]
    pairs = pl.DataFrame(deep, schema={"breakdown": pl.String, "group": pl.String}, orient="row")
    return chosen.join(pairs, on=["breakdown", "group"], how="semi")


def _uncounted(chosen: pl.DataFrame) -> pl.DataFrame:
    """What comes without a count: an interval, or a known population, would give the count away."""
    told = pl.any_horizontal(pl.col(name).is_not_null() for name in _NUMBERS)
    counted = pl.col("count").is_not_null() & pl.col("count").is_finite()
    return chosen.filter(told & ~counted)


def _refused(so_far: Safe, rows: pl.DataFrame, *, words: str, explained: str) -> Safe:
    """Without these rows, which nobody can check."""
    if rows.is_empty():
        return so_far
    gone = rows.select(cell_ids()).to_series()
    facts = _blank(so_far.facts.with_columns(_cell=cell_ids()), pl.col("_cell").is_in(gone.to_list()), words)
    return replace(
        so_far,
        facts=facts.drop("_cell"),
        hidden=so_far.hidden + len(gone),
        refused=so_far.refused + len(gone),
        explained=(*so_far.explained, explained.format("1 value" if len(gone) == 1 else f"{len(gone):,} values")),
    )


def _counted(facts: pl.DataFrame, indicators: Mapping[str, Indicator]) -> pl.DataFrame:
    """A share or a rate beside its denominator tells the count, though the file has no column for it."""
    scales = {each: one.multiplier for each, one in indicators.items() if one.value_type in _OF_A_DENOMINATOR}
    scale = pl.col("indicator").replace_strict(scales, default=None, return_dtype=pl.Float64)
    told = (pl.col("value") * pl.col("denominator") / scale).round()
    return facts.with_columns(count=pl.col("count").fill_null(pl.when(told.is_finite() & (told >= 0)).then(told)))


_TOLD = pl.Schema(
    {
        "indicator": pl.String(),
        "area_code": pl.String(),
        "breakdown": pl.String(),
        "group": pl.String(),
        "period_start": pl.Date(),
        "period_end": pl.Date(),
        "period_type": pl.String(),
        "count": pl.Float64(),
        "denominator": pl.Float64(),
    }
)
"""What a reader puts together: the numbers of this import, and beside them those of earlier ones."""
_BETWEEN = re.compile(r"(?<! )\|(?! )")
"""Between the parts of a cell's id; the mark between two dimensions has spaces about it."""


def _shown(names: Sequence[str], ledger: Ledger) -> float | None:
    """The latest value of a cell, when it was shown; None when it was hidden."""
    span = ledger.shown.get(names[0]) if names else None
    return float(span.low) if span is not None and span.exact else None


def _earlier(chosen: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Cells of the same indicators and periods that earlier imports told of and this one does not."""
    here = set(chosen.select(cell_ids()).to_series())
    periods = set(chosen.select("indicator", "period_start", "period_end").iter_rows())
    rows = []
    for cell, names in ledger.versions.items():
        parts = _BETWEEN.split(cell)
        if cell in here or cell.startswith(NO_ROW) or len(parts) != len(CELL_KEY) or not (parts[4] and parts[5]):
            continue
        start, end = date.fromisoformat(parts[4]), date.fromisoformat(parts[5])
        if (parts[0], start, end) in periods:
            rows.append(
                (
                    *parts[:4],
                    start,
                    end,
                    parts[6],
                    _shown(names, ledger),
                    _shown(ledger.versions.get(cell + OF, ()), ledger),
                )
            )
    return pl.DataFrame(rows, schema=_TOLD, orient="row")


def _whole_areas(told: pl.DataFrame, parents: Mapping[str, str], rule: Rule) -> dict[str, str]:
    """Area -> the area that all areas without a parent add up to: a reader sees so, though nobody has said it.

    With hidden numbers among them, an area that may be the whole is taken for it.
    """
    place = ("indicator", "breakdown", "group", "period_start", "period_end")
    apart = told.filter(~pl.col("area_code").is_in(list(parents)))
    by_place = apart.group_by(*place).agg(
        whole=pl.col("area_code").sort_by("count", nulls_last=False).last(),
        most=pl.col("count").max(),
        rest=pl.col("count").sum() - pl.col("count").max(),
        second=pl.col("count").drop_nulls().sort().get(-2, null_on_oob=True).fill_null(0),
        hidden=pl.col("count").is_null().sum(),
        areas=pl.len(),
    )
    room = pl.col("hidden") * pl.max_horizontal(pl.col("second"), pl.lit(rule.threshold - 1))
    fits = pl.col("most").is_between(pl.col("rest"), pl.col("rest") + room)
    borne_out = by_place.filter((pl.col("most") > 0) & fits & (pl.col("areas") > 2))
    if not borne_out.height:
        return {}
    whole = str(borne_out["whole"].value_counts(sort=True)["whole"][0])
    return {area: whole for area in apart["area_code"].unique().sort().to_list() if area != whole}


def _withhold(facts: pl.DataFrame) -> pl.DataFrame:
    """What the source itself marks as confidential is not kept, though the file holds it."""
    confidential = ~pl.col("conf_status").is_in([ConfStatus.FREE.value, ""])
    return _blank(facts, confidential & pl.col("value").is_not_null(), WITHHELD)


def _blank(facts: pl.DataFrame, where: pl.Expr, words: str) -> pl.DataFrame:
    nothing = [pl.when(~where).then(pl.col(name)).alias(name) for name in _NUMBERS]
    told = {
        "obs_status": ObsStatus.MISSING_SUPPRESSED.value,
        "conf_status": ConfStatus.CONFIDENTIAL.value,
        "held": words,
        "note": "",
    }
    said = [pl.when(where).then(pl.lit(text)).otherwise(pl.col(name)).alias(name) for name, text in told.items()]
    return facts.with_columns(*nothing, *said)


def _protected(
    so_far: Safe,
    chosen: pl.DataFrame,
    rule: Rule,
    *,
    key: bytes,
    ledger: Ledger,
    parents: Mapping[str, str],
) -> Safe:
    cells = cells_of(chosen)
    if not cells:
        return so_far
    told = pl.concat([chosen.select(list(_TOLD)), _earlier(chosen, ledger)])
    above = {**_whole_areas(told, parents, rule), **parents}
    structure = relations_of(told, parents=above, complement=rule.complement)
    counted = [*cells, *structure.implied]
    others = beside(counted, structure.relations, rule)
    sums = (*structure.relations, *others.relations)
    found = protect([*counted, *others.cells], sums, rule, key=key, released=ledger, exact=False)
    published = {cell.id for cell in cells}
    gone = [name for name in (*found.hidden, *found.refused) if name in published]
    facts = _blank(so_far.facts.with_columns(_cell=cell_ids()), pl.col("_cell").is_in(gone), explain(rule))
    return Safe(
        facts=facts.drop("_cell"),
        hidden=so_far.hidden + len(gone),
        refused=so_far.refused + len(found.refused),
        explained=(*so_far.explained, *dict.fromkeys((*found.refused.values(), *found.exposed.values()))),
        releases=(*so_far.releases, found.release),
    )


def ledger_of(visit: Visit, dataset_id: str) -> Ledger:
    """Everything of a dataset that its audience has been shown. Raises Invalid when another key has named it."""
    with machinery("audits a release against those before", now=visit.now) as own:
        wanted = (
            select(ReleaseRow.document)
            .join(RevisionRow, RevisionRow.id == ReleaseRow.revision_id)
            .where(RevisionRow.dataset_id == dataset_id, ReleaseRow.audience == EVERYBODY)
            .order_by(ReleaseRow.released_at, ReleaseRow.revision_id)
        )
        kept = own.read().execute(wanted).scalars().all()
    key = secret(visit)
    if key != LOST and not {each.get("key", mark(key)) for each in kept} <= {mark(key)}:
        raise Invalid(
            f"The file {FILE} in the data folder is not the one with which numbers were protected before: put that one "
            "back, and import again."
        )
    return Ledger.of(Release.from_json(each) for document in kept for each in document["releases"])


def ledger_row(visit: Visit, revision_id: str, made: Safe) -> ReleaseRow | None:
    """What the ledger keeps of an import, None when nothing was protected; it is added with the revision itself."""
    if not made.releases:
        return None
    releases = [each.to_json() for each in made.releases]
    document = {"releases": releases, "hidden": made.hidden, "key": mark(secret(visit))}
    return ReleaseRow(revision_id=revision_id, audience=EVERYBODY, released_at=visit.now, document=document)
