"""How values and errors of jobs are kept, and how a process is told from its successor."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from store import _executors, jobs
from store._jobvalues import Kept, PlainJson
from tests.store.jobs_child import SourceAsleep


def test_kept_values_are_json_and_not_pickles() -> None:
    keeper = PlainJson()
    assert json.loads(keeper.serialize({"args": (1, "ä"), "kwargs": {}})) == {"args": [1, "ä"], "kwargs": {}}
    assert Kept.of((1, {2: None})).value == [1, {"2": None}]
    with pytest.raises(TypeError):
        Kept.of({1, 2})
    error = keeper.deserialize(keeper.serialize(SourceAsleep("It sleeps.", url="u")))
    assert isinstance(error, SourceAsleep) and (error.sentence, error.url, str(error)) == (
        "It sleeps.",
        "u",
        "It sleeps.",
    )


@pytest.mark.parametrize("name", ["Nowhere", "Path", "__loader__", "SourceAsleep.__init__"])
def test_a_kept_error_makes_nothing_but_an_exception(name: str) -> None:
    kept = {"module": SourceAsleep.__module__, "name": name, "args": ["x"], "state": {}, "sentence": "It went wrong."}
    error = PlainJson().deserialize("!" + json.dumps(kept))
    assert isinstance(error, jobs.JobFailed) and error.sentence == "It went wrong."


def test_a_pid_that_is_used_again_is_another_process() -> None:
    mine = _executors._born(os.getpid())
    assert mine and mine == _executors._born(os.getpid())
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert _executors._born(child.pid) not in ("", mine)
    child.communicate(b"\n")
    assert _executors._born(child.pid) == ""
