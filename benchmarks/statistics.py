"""The eight statistics an import computes row by row, over a Parquet file larger than memory.

A made-up file of counts and populations is scanned lazily and the answer written to another Parquet file, both by
polars' streaming engine, in a process of its own whose CPU and peak memory are measured. Reading and writing the
files is part of the figure.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks._figures import Figure, say
from benchmarks._processes import CACHE, environment, run
from reportcards.methods._limits import Interval
from reportcards.methods.benchmark import against_reference, beyond_limits, proportion_limits
from reportcards.methods.crude_rate import crude_rate
from reportcards.methods.polarity import Polarity, judged
from reportcards.methods.small_numbers import small
from reportcards.methods.target import against_target
from reportcards.methods.two_point_change import change
from reportcards.methods.wilson import wilson

ROWS = 100_000_000
_CHUNK = 1_000_000


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the file, compute it in a child, tell what that cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--compute", nargs=2, type=Path, metavar=("IN", "OUT"), help="what the child is told to do")
    given = parser.parse_args(arguments)
    if given.compute:
        compute(*given.compute)
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="statistics-") as folder:
        facts, figures = Path(folder) / "facts.parquet", Path(folder) / "figures.parquet"
        _make(facts, given.rows)
        command = (sys.executable, "-m", "benchmarks.statistics", "--compute", str(facts), str(figures))
        cost = run(command, env=environment())
        _check(figures, given.rows)
    what, quick = f"eight statistics over {given.rows / 1e6:,.0f} M rows", given.rows < ROWS
    for told, value, unit, aim in (
        (what, cost.cpu, "s CPU", "<= 60"),
        (f"{what}, wall", cost.wall, "s", ""),
        (f"{what}, peak memory", cost.peak, "MB", "<= 2000"),
    ):
        say(Figure(benchmark="statistics", what=told, value=round(value, 1), unit=unit, aim=aim, quick=quick))


def _make(path: Path, rows: int) -> None:
    rng = np.random.default_rng(20261121)
    writer = None
    for start in range(0, rows, _CHUNK):
        size = min(_CHUNK, rows - start)
        population = rng.integers(50, 20_000, size, dtype=np.int32)
        count = rng.binomial(population, rng.beta(1, 12, size)).astype(np.int32)
        previous = rng.binomial(population, rng.beta(1, 12, size)).astype(np.int32)
        table = pa.table({"count": count, "population": population, "previous": previous})
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


def compute(facts: Path, figures: Path) -> None:
    """Proportion, rate, benchmark, target, control limits, change, judgement and small-number flag of every row."""
    count, population, previous = pl.col("count"), pl.col("population"), pl.col("previous")
    share, before = wilson(count, population, multiplier=100.0), wilson(previous, population, multiplier=100.0)
    rate = crude_rate(count, population)
    first = pl.scan_parquet(facts).with_columns(
        **share.named("share", "share_lower", "share_upper"),
        **before.named("before", "before_lower", "before_upper"),
        **rate.named("rate", "rate_lower", "rate_upper"),
    )
    now = Interval(value=pl.col("share"), lower=pl.col("share_lower"), upper=pl.col("share_upper"))
    then = Interval(value=pl.col("before"), lower=pl.col("before_lower"), upper=pl.col("before_upper"))
    reference, control = pl.lit(7.7), proportion_limits(population, pl.lit(7.7))
    first.select(
        "share",
        "share_lower",
        "share_upper",
        "rate",
        "rate_lower",
        "rate_upper",
        benchmark=judged(against_reference(now, reference), Polarity.LOW),
        target=against_target(now.value, pl.lit(5.0), polarity=Polarity.LOW),
        control=judged(beyond_limits(now.value, *control), Polarity.NONE),
        change=change(now, then),
        small=small(count),
    ).sink_parquet(figures, engine="streaming", compression="lz4", statistics=False)


def _check(figures: Path, rows: int) -> None:
    """Every row has its figures, and the words are not all the same."""
    found = (
        pl.scan_parquet(figures)
        .select(
            pl.len(),
            pl.col("share", "rate", "benchmark", "target", "control", "change", "small").count().name.suffix("_known"),
            pl.col("benchmark", "control", "change").n_unique().name.suffix("_words"),
        )
        .collect(engine="streaming")
        .row(0, named=True)
    )
    known = {value for name, value in found.items() if not name.endswith("_words")}
    if known != {rows} or min(value for name, value in found.items() if name.endswith("_words")) < 3:
        raise SystemExit(f"the file has {rows:,} rows; the figures say {found}")


if __name__ == "__main__":
    main()
