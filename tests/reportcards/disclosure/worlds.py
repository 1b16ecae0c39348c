"""Random tables, hierarchies and audiences for the property tests."""

from __future__ import annotations

from itertools import product

from hypothesis import strategies as st

from reportcards.disclosure import Cell, Relation

THRESHOLD = 5
counts = st.one_of(st.integers(0, 9), st.integers(5, 60))
Sums = list[tuple[str, tuple[str, ...]]]


@st.composite
def tables(draw: st.DrawFn, *, prefix: str = "", most: int = 4) -> tuple[dict[str, int], Sums]:
    """A two-way table with margins: counts by id, and its sums."""
    rows, columns = draw(st.integers(1, most)), draw(st.integers(1, most))
    inner = {(row, column): draw(counts) for row, column in product(range(rows), range(columns))}
    return table(inner, prefix=prefix)


def table(inner: dict[tuple[int, int], int], *, prefix: str = "") -> tuple[dict[str, int], Sums]:
    rows, columns = sorted({row for row, _ in inner}), sorted({column for _, column in inner})
    found = {f"{prefix}{row}.{column}": count for (row, column), count in inner.items()}
    sums: Sums = []
    for row in rows:
        sums.append((f"{prefix}{row}.T", tuple(f"{prefix}{row}.{column}" for column in columns)))
    for column in (*columns, "T"):
        sums.append((f"{prefix}T.{column}", tuple(f"{prefix}{row}.{column}" for row in rows)))
    sums.append((f"{prefix}T.T", tuple(f"{prefix}T.{column}" for column in columns)))
    for total, parts in sums:
        found[total] = sum(found[part] for part in parts)
    return found, sums


@st.composite
def hierarchies(draw: st.DrawFn) -> tuple[dict[str, int], Sums]:
    """Wards in districts in a city, by sex and by age: more than a flat table."""
    found: dict[str, int] = {}
    sums: Sums = []
    districts = {district: draw(st.integers(1, 3)) for district in range(draw(st.integers(1, 2)))}
    kinds = [f"{sex}{age}" for sex, age in product("mf", "yo")]
    wards = [f"{district}w{ward}" for district, number in districts.items() for ward in range(number)]
    for ward, kind in product(wards, kinds):
        found[f"{ward}.{kind}"] = draw(counts)
    for ward in wards:
        _by_kind(ward, sums)
    for kind in (*kinds, "m", "f", "y", "o", "all"):
        for district, number in districts.items():
            sums.append((f"{district}.{kind}", tuple(f"{district}w{ward}.{kind}" for ward in range(number))))
        sums.append((f"city.{kind}", tuple(f"{district}.{kind}" for district in districts)))
    for area in (*map(str, districts), "city"):
        _by_kind(area, sums)
    for total, parts in sums:
        found.setdefault(total, sum(found[part] for part in parts if part in found))
    return found, sums


def _by_kind(area: str, sums: Sums) -> None:
    sums.append((f"{area}.m", (f"{area}.my", f"{area}.mo")))
    sums.append((f"{area}.f", (f"{area}.fy", f"{area}.fo")))
    sums.append((f"{area}.y", (f"{area}.my", f"{area}.fy")))
    sums.append((f"{area}.o", (f"{area}.mo", f"{area}.fo")))
    sums.append((f"{area}.all", (f"{area}.m", f"{area}.f")))


def cells(found: dict[str, int]) -> list[Cell]:
    return [Cell(id=name, count=count) for name, count in found.items()]


def relations(sums: Sums) -> list[Relation]:
    return [Relation(total=total, parts=parts) for total, parts in sums]
