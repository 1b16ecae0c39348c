"""What a report card costs the server: an overview of 20 indicators over 100 million observations, warm.

The observations are made up and lie in one revision. The card values are worked out by the first look; what is
measured is every later one: the room's own answer (the data), and a rerun of the page through a signed-in websocket.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow.parquet as pq
from sqlalchemy import select

import store
from benchmarks import _made_up
from benchmarks._figures import Figure, say
from benchmarks._made_up import NOW
from benchmarks._processes import CACHE, ROOT, background, environment, free_port
from benchmarks.rerun import TICKET, Tab, measured, python, sign_in, until_healthy
from catalogue.tables import DatasetRow
from governance import Housekeeping, Visit, operator, people
from governance.people import Newcomer
from reportcards.observations import FACTS, file_of, folder
from reportcards.tables import CardRow, IndicatorRow, ItemRow, RevisedRow, RevisionRow

OBSERVATIONS = 100_000_000
TILES, PERIODS, INDICATORS = 20, 100, 400
CARD = "bench-card"


def main(arguments: Sequence[str] | None = None) -> None:
    """Fill a home of its own, look at the card, tell what that cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--observations", type=int, default=OBSERVATIONS)
    parser.add_argument("--looks", type=int, default=40)
    parser.add_argument("--fill", action="store_true", help="what a child is told to do")
    given = parser.parse_args(arguments)
    if given.fill:
        fill(given.observations)
        return
    home = CACHE / f"cards-{given.observations}"
    env, quick = environment(home), given.observations < OBSERVATIONS
    fill_it = [sys.executable, "-m", "benchmarks.cards", "--fill", "--observations", str(given.observations)]
    subprocess.run(fill_it, cwd=ROOT, env=env, check=True)
    what = f"overview of {TILES} tiles, {given.observations / 1e6:,.0f} M observations"
    data = json.loads(python(_LOOK, str(given.looks), env=env))
    say(Figure(benchmark="cards", what=f"{what}, data", value=data["ms"], unit="ms CPU", aim="<= 10", quick=quick))
    port = free_port()
    command = [sys.executable, "-m", "benchmarks._server", "--server.address=127.0.0.1", f"--server.port={port}"]
    with background(command, env=env, log=CACHE / "cards-server.log") as process:
        base = f"http://127.0.0.1:{port}"
        until_healthy(base, process)
        tab = Tab(base, cookie=sign_in(base, python(TICKET, env=env)), page="card", queries=[f"name={CARD}"])
        milliseconds, wire = measured(tab, process.pid, given.looks)
        if b"Measure 7" not in tab.last:
            raise SystemExit("the page shows no tiles")
        say(
            Figure(
                benchmark="cards", what=f"{what}, page", value=milliseconds, unit="ms CPU", aim="<= 100", quick=quick
            )
        )
        print(json.dumps({"page": "card", "bytes a rerun": wire}), flush=True)


_LOOK = f"""
import json, sys, time
from governance import operator
from reportcards import composing
with operator("benchmark") as visit:
    looks = int(sys.argv[1])
    for _ in range(5):
        card = composing.report_card(visit, "{CARD}")
    assert len(card.items) == {TILES} and all(each.latest for each in card.items)
    began = time.process_time()
    for _ in range(looks):
        visit.refresh()
        composing.report_card(visit, "{CARD}")
    print(json.dumps({{"ms": round((time.process_time() - began) * 1000 / looks, 1)}}))
"""


def fill(observations: int) -> None:
    """A home with an open dataset, one revision of so many observations, and a card of 20 of its indicators."""
    from governance import machinery
    from reportcards import cards

    store.upgrade()
    with machinery("a made-up card", now=NOW) as visit:
        if any(each.name == CARD for each in cards.cards(visit)):
            return
        if not visit.read().execute(select(DatasetRow.id).limit(1)).first():
            _made_up.fill(1_000)
            visit.refresh()
        live = (DatasetRow.band == "open", DatasetRow.listing == "everyone", DatasetRow.state == "live")
        dataset = visit.read().execute(select(DatasetRow.id).where(*live).limit(1)).scalar_one()
        _lay_down(visit, dataset, observations)
    with operator("benchmark") as visit:
        found = {each.username for each in people.people(visit)}
        if "bench" not in found:
            council = people.save_organisation(visit, "Bench Council")
            newcomer = Newcomer(username="bench", display="Bench", organisation_id=council.id, roles=("member",))
            people.invite(visit, newcomer, password="lantern harbour table seven")


def _lay_down(visit: Visit, dataset: str, observations: int) -> None:
    ids = sorted(uuid.UUID(int=number + 1).hex for number in range(INDICATORS))
    revision = uuid.UUID(int=1_000_000).hex
    folder().mkdir(parents=True, exist_ok=True)
    write_facts(file_of(revision), ids, areas=max(1, observations // (INDICATORS * PERIODS)))
    with visit.change(Housekeeping(reason="a made-up card")) as session:
        about = {"dataset_id": dataset, "denominators": [], "disclosure": {}, "stated": {}, "changed_at": NOW}
        session.add(
            RevisionRow(
                id=revision,
                dataset_id=dataset,
                file_name="made-up.csv",
                format="tidy",
                checksum="",
                content="",
                received_at=NOW,
                by="bench",
                counts={},
            )
        )
        session.add(CardRow(id=CARD, name=CARD, title="Bench", area_code="A000000", changed_at=NOW))
        session.add_all(
            IndicatorRow(id=each, code=each, name=f"Measure {place}", unit="%", polarity="low", **about)
            for place, each in enumerate(ids)
        )
        session.flush()
        session.add_all(RevisedRow(indicator_id=each, number=1, revision_id=revision) for each in ids)
        session.add_all(
            ItemRow(
                id=uuid.UUID(int=2_000_000 + place).hex,
                card_id=CARD,
                position=place,
                indicator_id=each,
                story={},
                partners=[],
                what_works=[],
            )
            for place, each in enumerate(ids[:TILES])
        )


def write_facts(target: Path, ids: Sequence[str], *, areas: int) -> None:
    """The facts of these indicators in the order of `KEY`, an area at a time."""
    ends = [date(2018, 1, 30) + timedelta(days=30 * each) for each in range(PERIODS)]
    base = pl.DataFrame({"indicator": ids}).join(pl.DataFrame({"period_end": ends}), how="cross")
    random = np.random.default_rng(1)
    writer: pq.ParquetWriter | None = None
    for area in range(areas):
        made = _facts(base, f"A{area:06}", random.normal(50, 5, base.height)).to_arrow()
        writer = writer or pq.ParquetWriter(target, made.schema, compression="zstd")
        writer.write_table(made, row_group_size=60_000)
    assert writer is not None
    writer.close()


def _facts(base: pl.DataFrame, area: str, value: np.ndarray[Any, Any]) -> pl.DataFrame:
    told = base.with_columns(
        area_code=pl.lit(area),
        breakdown=pl.lit(""),
        group=pl.lit(""),
        period_start=pl.col("period_end") - pl.duration(days=29),
        period_type=pl.lit("month"),
        value=pl.Series(value),
        lower95=pl.Series(value - 3),
        upper95=pl.Series(value + 3),
        count=pl.lit(None, pl.Float64),
        denominator=pl.lit(None, pl.Float64),
        obs_status=pl.lit("A"),
        conf_status=pl.lit("F"),
        held=pl.lit(""),
        note=pl.lit(""),
    )
    return told.select(pl.col(name).cast(kind) for name, kind in FACTS.items())


if __name__ == "__main__":
    main()
