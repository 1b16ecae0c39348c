from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from store.engine import enter_wal, sqlite_module


def test_many_at_once_open_a_new_database_and_all_get_its_write_ahead_log(tmp_path: Path) -> None:
    together = threading.Barrier(6)

    def enter(file: Path) -> str:
        connection = sqlite_module().connect(str(file))
        together.wait(30)
        enter_wal(connection)
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])

    with ThreadPoolExecutor(6) as pool:
        for turn in range(20):
            assert list(pool.map(enter, [tmp_path / f"{turn}.sqlite"] * 6)) == ["wal"] * 6
