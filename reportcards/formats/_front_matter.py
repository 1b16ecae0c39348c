"""Read YAML front matter, or a YAML file: runs in the guarded child process, so it imports none of our packages."""

from __future__ import annotations

import re
from collections.abc import Mapping

MOST_BYTES = 1 << 20


def read(data: bytes, options: Mapping[str, str]) -> object:
    """The fields at the top of the file as text, by name; `{"": heading}` for Markdown without front matter."""
    import yaml

    if len(data) > MOST_BYTES:
        return {"refused": "The file of metadata is larger than any should be"}
    text = data.decode("utf-8-sig", "replace")
    found = re.match(r"\s*---\s*\n(.*?)(?:\n---\s*(?:\n|$)|\Z)", text, re.DOTALL)
    if found is None and not re.match(r"\s*[\w-]+:(?:\s|$)", text):
        return _markdown(text)
    body = found[1] if found else text
    if any(isinstance(event, yaml.AliasEvent) for event in _events(body)):
        return {"refused": "The file of metadata repeats parts by reference: write them out"}
    try:
        said = yaml.load(body, Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes text, lists and mappings only
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = f" (line {mark.line + 2})" if mark is not None else ""
        return {"refused": f"The file of metadata is not YAML that can be read{line}"}
    if not isinstance(said, dict):
        return {"refused": "The file of metadata has no fields"}
    return {str(name): value for name, value in said.items() if isinstance(value, str)}


def _events(body: str) -> list[object]:
    import yaml

    try:
        return list(yaml.parse(body, Loader=yaml.BaseLoader))
    except yaml.YAMLError:
        return []


def _markdown(text: str) -> object:
    bare = re.sub(r"<[^>]{0,500}>", "", text)
    heading = re.search(r"^#{1,6}\s*(.+)$", bare, re.MULTILINE)
    source = re.search(r"^Source:\s*(.+)$", bare, re.MULTILINE)
    return {
        "title": heading[1].strip() if heading else "",
        "source_organisation_1": source[1].strip() if source else "",
    }
