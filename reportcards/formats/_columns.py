"""The columns of a table by what they hold, and the frame that they make: one area, one period, one value a row."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from reportcards.formats._groups import are_sexes
from reportcards.formats._layout import Faults, Job, Layout
from reportcards.formats._observation import FileError
from reportcards.formats._table import ROW, Table
from reportcards.formats._values import decimal_mark
from reportcards.formats.headers import area_level, normalised
from reportcards.formats.mapping import Role
from reportcards.formats.periods import PeriodType

ANY_AREA = 9
"""The level of a column for any kind of area, as `area_level` gives it."""
_ASK_DECIMAL = (
    "could be read with the comma as thousands or as the decimal mark: say in the mapping which mark the file uses"
)


@dataclass(slots=True, kw_only=True)
class Columns:
    """Headings of a table by role; a heading stands in one place."""

    one: dict[Role, str] = field(default_factory=dict)
    area_codes: list[str] = field(default_factory=list)
    area_names: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    dimensions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)
    """Headings that are periods themselves, over columns of values."""
    left: list[str] = field(default_factory=list)
    """Headings of which nothing is known yet."""
    ignored: dict[str, str] = field(default_factory=dict)

    def put(self, heading: str, role: Role) -> None:
        """Give a column a role; a role that takes one column goes to the first."""
        many = {
            Role.AREA_CODE: self.area_codes,
            Role.AREA_NAME: self.area_names,
            Role.VALUE: self.values,
            Role.DIMENSION: self.dimensions,
            Role.NOTE: self.notes,
        }
        if role is Role.IGNORE:
            self.ignored[heading] = "the mapping says so"
        elif role in many:
            many[role].append(heading)
        elif role in self.one:
            self.left.append(heading)
        else:
            self.one[role] = heading

    def take(self, role: Role) -> str | None:
        """Take a role away from its column, which is returned."""
        return self.one.pop(role, None)

    @property
    def roles(self) -> dict[str, Role]:
        """Heading -> role, as a mapping says it."""
        found = {heading: role for role, heading in self.one.items()}
        for role, headings in (
            (Role.AREA_CODE, self.area_codes),
            (Role.AREA_NAME, self.area_names),
            (Role.VALUE, self.values),
            (Role.DIMENSION, self.dimensions),
            (Role.NOTE, self.notes),
        ):
            found |= dict.fromkeys(headings, role)
        return found

    @property
    def key(self) -> list[str]:
        """The headings of what makes a series and its period."""
        of_series = {
            *(Role.INDICATOR, Role.INDICATOR_NAME, Role.PERIOD, Role.PERIOD_PART, Role.PERIOD_START),
            *(Role.PERIOD_END, Role.PERIOD_TYPE, Role.BREAKDOWN, Role.GROUP, Role.SEX, Role.AGE),
            *(Role.MEASURE, Role.UNIT),
        }
        single = [heading for role, heading in self.one.items() if role in of_series]
        return [*single, *self.area_codes, *self.area_names, *self.dimensions]


def laid_out(
    table: Table,
    columns: Columns,
    job: Job,
    *,
    faults: Faults,
    stated: PeriodType | None = None,
    warnings: tuple[str, ...] = (),
    once: bool = False,
) -> Layout:
    """The frame of a table whose columns are told apart, its columns called after their roles."""
    roles = columns.roles
    _find_sex(table, columns)
    frame = table.frame
    single = {role: heading for role, heading in columns.one.items() if role is not Role.PERIOD_PART}
    made = [pl.col(heading).alias(role.value) for role, heading in single.items()]
    made += [_finest(columns.area_names).alias("area_name"), _code(columns).alias("area_code")]
    if columns.notes:
        notes = pl.concat_str([pl.col(note) for note in columns.notes], separator="; ")
        made.append(notes.str.strip_chars("; ").alias("note"))
    dimensions = tuple((heading, f"dimension {place}") for place, heading in enumerate(columns.dimensions))
    made += [pl.col(heading).alias(column) for heading, column in dimensions]
    if Role.PERIOD_PART in columns.one:
        made = [each for each in made if each.meta.output_name() != Role.PERIOD.value]
        made.append(_with_part(columns).alias(Role.PERIOD.value))
    decimal = _decimal(table, columns, job, faults=faults)
    return Layout(
        frame=_long(frame, made, columns),
        headings=_headings(columns),
        dimensions=dimensions,
        ignored=columns.ignored,
        warnings=warnings,
        roles=roles,
        stated=stated,
        decimal=decimal,
        once=once,
    )


def _find_sex(table: Table, columns: Columns) -> None:
    """A breakdown whose groups are male and female is the sex."""
    for heading in columns.dimensions:
        if Role.SEX not in columns.one and are_sexes(table.frame[heading]):
            columns.dimensions.remove(heading)
            columns.one[Role.SEX] = heading
            return


def _headings(columns: Columns) -> dict[str, str]:
    found = {role.value: heading for role, heading in columns.one.items()}
    values = columns.values or columns.periods or [columns.one.get(Role.COUNT, "")]
    found["value"] = ", ".join(values[:4])
    found |= {"area_code": ", ".join(columns.area_codes), "area_name": ", ".join(columns.area_names)}
    return found


def _finest(headings: list[str]) -> pl.Expr:
    """The cell of the finest column that has one."""
    found = pl.lit("")
    for heading in sorted(headings, key=area_level):
        found = pl.when(pl.col(heading) != "").then(pl.col(heading)).otherwise(found)
    return found


def _code(columns: Columns) -> pl.Expr:
    """The code of the same area as the name: that of a coarser one would make two areas one."""
    names = [(area_level(heading), heading) for heading in columns.area_names]
    found = pl.lit("")
    for heading in sorted(columns.area_codes, key=area_level):
        level = area_level(heading)
        finer = [pl.col(name) != "" for at, name in names if level < at < ANY_AREA]
        is_that = pl.col(heading) != ""
        if finer and level < ANY_AREA:
            is_that = is_that & ~pl.any_horizontal(finer)
        found = pl.when(is_that).then(pl.col(heading)).otherwise(found)
    return found


def _with_part(columns: Columns) -> pl.Expr:
    """A year and its month, quarter or week, as one period."""
    year, part = pl.col(columns.one[Role.PERIOD]), pl.col(columns.one[Role.PERIOD_PART])
    name = normalised(columns.one[Role.PERIOD_PART])
    bare = part.str.to_lowercase().str.strip_prefix("q").str.strip_chars()
    is_number = bare.str.contains(r"^[0-9]{1,2}$")
    if name.startswith(("q", "qtr")):
        return pl.when(is_number).then(pl.format("{} Q{}", year, bare)).otherwise(pl.format("{} {}", part, year))
    if name.startswith("week"):
        return pl.format("{}-W{}", year, bare.str.zfill(2))
    month = pl.format("{}-M{}", year, bare.str.zfill(2))
    return pl.when(is_number).then(month).otherwise(pl.format("{} {}", part, year))


def _long(frame: pl.DataFrame, made: list[pl.Expr], columns: Columns) -> pl.DataFrame:
    """One row per value; of several columns of values each is an indicator, or a period."""
    if columns.periods:
        parts = [
            frame.select(ROW, *made, pl.lit(heading).alias("period"), pl.col(heading).alias("value"))
            for heading in columns.periods
        ]
        return pl.concat(parts).sort(ROW, maintain_order=True)
    values = columns.values or [columns.one[Role.COUNT]]
    if len(values) == 1:
        return frame.select(ROW, *made, pl.col(values[0]).alias("value"))
    base = columns.one.get(Role.INDICATOR) or columns.one.get(Role.INDICATOR_NAME)
    others = [each for each in made if each.meta.output_name() not in {"indicator", "indicator_name"}]
    parts = []
    for heading in values:
        label = _label(heading)
        name = pl.format("{}: {}", pl.col(base), pl.lit(label)) if base else pl.lit(label)
        parts.append(frame.select(ROW, *others, name.alias("indicator"), pl.col(heading).alias("value")))
    return pl.concat(parts).sort(ROW, maintain_order=True)


def _label(heading: str) -> str:
    """What a column of values is called: the heading without the word value before it."""
    bare = heading[6:] if heading.lower().startswith(("value_", "value ")) else heading
    return bare.replace("_", " ").strip() or heading


def _decimal(table: Table, columns: Columns, job: Job, *, faults: Faults) -> str:
    if job.mapping.decimal:
        return job.mapping.decimal
    for heading in [*columns.values, *columns.periods]:
        mark = decimal_mark(table.frame[heading], delimiter=table.delimiter)
        if not mark:
            cells = table.frame.filter(pl.col(heading).str.contains(",", literal=True)).head(1)
            row, value = cells.select(ROW, heading).row(0)
            faults.add(FileError(row=row, column=heading, value=value, problem=_ASK_DECIMAL))
            return "."
        if mark == ",":
            return mark
    return "."
