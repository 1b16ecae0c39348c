"""The questions of the screening, read from `screening.toml`."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("screening.toml")


class Answer(StrEnum):
    """What can be said to a question."""

    YES = "yes"
    NO = "no"
    UNCERTAIN = "uncertain"


class Counts(StrEnum):
    """Which line of the ranking a question answers."""

    PERMISSION = "permission"
    SURPRISE = "surprise"
    PEOPLE = "people"
    RISK = "risk"
    DECISION = "decision"
    FINDING = "finding"

    @property
    def is_value(self) -> bool:
        """Whether it speaks for sharing, rather than of a risk."""
        return self in (Counts.DECISION, Counts.FINDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question."""

    code: str
    counts: Counts
    words: str
    fine: Answer
    """The answer that asks for nothing more."""
    helps: str
    """What would help where the answer is another one."""
    asks: str = ""
    """What is asked besides, "" for nothing."""


@cache
def questions() -> Mapping[str, Question]:
    """All twelve by code, in their order."""
    told = tomllib.loads(_FILE.read_text(encoding="utf-8"))["question"]
    return {
        each["code"]: Question(**{**each, "counts": Counts(each["counts"]), "fine": Answer(each["fine"])})
        for each in told
    }


@cache
def question_set() -> str:
    """Hash of the questions as they are now: an answer keeps the one it was given to."""
    return hashlib.sha256(_FILE.read_bytes()).hexdigest()
