"""A CKAN answer saved as a file: a search, one dataset, an organisation with its datasets, or a bare list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import orjson

from catalogue.records import Completeness, Ending, Known, Page
from connectors._ckan_tally import Tally
from connectors._text import Unreadable, members, parse_json, split_items
from governance.errors import SourceUnreadable

AT_ONCE = 1_000
_DESCRIBED = {"resources", "notes", "metadata_created"}


def from_file(body: bytes, name: str, known: Known) -> Iterator[Page]:
    """Every dataset of a saved answer. Raises SourceUnreadable, saying what the file holds instead."""
    packages, total = _packages(body.removeprefix(b"\xef\xbb\xbf").strip(), name)
    tally = Tally(known, site="")
    for begin in range(0, len(packages), AT_ONCE):
        yield Page(items=tally.items(packages[begin : begin + AT_ONCE]), total=total)
    read, size = tally.distinct, len(packages) if total is None else total
    whole = read >= size and not tally.collisions
    said = (
        f"{read:,} of {size:,} datasets are in the file"
        if read < size
        else f"All {read:,} datasets of the file were read"
    )
    if tally.collisions:
        said += f"; {tally.collisions} share an id with another"
    yield Page(
        items=(),
        total=total,
        ending=Ending(completeness=Completeness.COMPLETE if whole else Completeness.PARTIAL, reason=f"{said}."),
    )


def _packages(body: bytes, name: str) -> tuple[list[bytes], int | None]:
    try:
        if body.startswith(b"["):
            return _listed(split_items(body), name), None
        parts = members(body)
        if "success" in parts and parts["success"] != b"true":
            raise SourceUnreadable(f"The file {name} is the answer of a portal to a question that failed.")
        found = parts.get("result", body) if "success" in parts else body
        if found.startswith(b"["):
            return _listed(split_items(found), name), None
        parts = members(found)
        if "results" in parts:
            count = parse_json(parts.get("count", b"null")).value
            return _listed(split_items(parts["results"]), name), count if isinstance(count, int) else None
        if "packages" in parts and "resources" not in parts:
            return _listed(split_items(parts["packages"]), name), _package_count(parts)
        if "id" in parts and "is_organization" not in parts and _DESCRIBED & parts.keys():
            return [found], None
        if inner := _wrapped(parts):
            return [inner], None
    except Unreadable as error:
        raise SourceUnreadable(f"The file {name} cannot be read: {error}.") from error
    raise SourceUnreadable(f"The file {name} holds no datasets as CKAN describes them.")


def _listed(items: Any, name: str) -> list[bytes]:
    packages = list(items)
    first = packages[0].lstrip()[:1] if packages else b"{"
    if first == b'"':
        raise SourceUnreadable(
            f"The file {name} is a list of names without any description: save the answer of package_search instead."
        )
    if packages and all(_is_organisation(raw) for raw in packages[:5]):
        raise SourceUnreadable(
            f"The file {name} is a list of organisations, not of datasets: save the answer of package_search instead."
        )
    return packages


class _Kind(msgspec.Struct):
    is_organization: Any = None
    owner_org: Any = None


def _is_organisation(raw: bytes) -> bool:
    try:
        kind = msgspec.json.decode(raw, type=_Kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return kind.is_organization is not None and kind.owner_org is None


def _package_count(parts: dict[str, bytes]) -> int | None:
    count = parse_json(parts.get("package_count", b"null")).value
    return count if isinstance(count, int) and not isinstance(count, bool) else None


def _wrapped(parts: dict[str, bytes]) -> bytes:
    """A package inside another harvester's wrapping: Magda keeps CKAN's original as an aspect, and the files apart."""
    if "package" in parts:
        return parts["package"]
    try:
        whole = {name: parse_json(parts[name]).value for name in ("dataset", "distributions") if name in parts}
        package = dict(whole["dataset"]["aspects"]["ckan-dataset"])
        files = [one["aspects"]["ckan-resource"] for one in whole.get("distributions") or []]
    except (KeyError, TypeError, ValueError):
        return b""
    package.setdefault("resources", files)
    return orjson.dumps(package)
