"""How arguments, results and errors of jobs are kept: as JSON, never as pickles.

A pickle in the jobs database would run whatever a restored backup holds. An error comes back as its own class
when that class is an exception of a module already loaded, so that `except SourceUnreachable` in a workflow
means the same when the workflow is replayed after a crash.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

_ERROR = "!"
"""First character of a kept error: no JSON text begins with it."""


class JobFailed(RuntimeError):
    """A job ended badly; `sentence` says so to a person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Kept:
    """A step's result as the text that is kept: the first run and a replay then give the very same value."""

    text: str

    @classmethod
    def of(cls, value: object) -> Kept:
        """Raises: TypeError when the value is not plain JSON."""
        return cls(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    @property
    def value(self) -> Any:
        """The value as a replay would give it."""
        return json.loads(self.text)


class PlainJson:
    """A `dbos.Serializer` by its methods: importing DBOS takes a quarter of a second, which not all need."""

    def name(self) -> str:
        """Kept beside each value: a later change of the form needs another name."""
        return "commontable_json"

    def serialize(self, data: Any) -> str:
        """The text of a value or of an error."""
        if isinstance(data, Kept):
            return data.text
        return _error_text(data) if isinstance(data, BaseException) else Kept.of(data).text

    def deserialize(self, serialized_data: str) -> Any:
        """The value or the error of a text."""
        if serialized_data.startswith(_ERROR):
            return _error(json.loads(serialized_data[1:]))
        return json.loads(serialized_data)


def _error_text(error: BaseException) -> str:
    kept = {
        "module": type(error).__module__,
        "name": type(error).__qualname__,
        "args": list(error.args),
        "state": error.__dict__,
        "sentence": getattr(error, "sentence", "") or str(error),
    }
    return _ERROR + json.dumps(kept, ensure_ascii=False, default=repr)


def _error(kept: dict[str, Any]) -> Exception:
    found: Any = sys.modules.get(kept["module"])
    for part in kept["name"].split("."):
        found = getattr(found, part, None)
    if not (isinstance(found, type) and issubclass(found, Exception)):
        return JobFailed(kept["sentence"])
    error: Exception = found.__new__(found, *kept["args"])
    error.args = tuple(kept["args"])
    error.__dict__.update(kept["state"])
    return error
