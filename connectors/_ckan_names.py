"""The slow way round: when a portal's search is broken, its list of names and one question for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from catalogue.records import Completeness, Ending, Item, Known, Page, Rejection
from connectors._ckan_pages import AHEAD
from connectors._ckan_portal import Portal
from connectors._ckan_tally import Tally
from connectors._text import identity, parse_json, shown
from connectors._web import PAGE
from governance.errors import SourceError, SourceUnreadable

AT_ONCE = 50
"""Datasets of one page of the reading."""
MOST = 10_000
"""Names that are asked for one by one; more would take hours at a polite pace."""
BROKEN = 20
"""Datasets in a row that cannot be fetched, after which the portal is left alone."""


def names(portal: Portal) -> list[str]:
    """The portal's list of names. Raises SourceError when it has none."""
    found = parse_json(portal.result("package_list", {}, limit=PAGE)).value
    if not isinstance(found, list) or not found or not all(isinstance(one, str) for one in found):
        raise SourceUnreadable("The portal's list of dataset names holds no names.")
    return list(dict.fromkeys(found))


def by_name(portal: Portal, wanted: Sequence[str], known: Known) -> Iterator[Page]:
    """Every dataset of a list of names, one question each."""
    tally = Tally(known, site=portal.door.base)
    failed = broken = 0
    with ThreadPoolExecutor(AHEAD, thread_name_prefix="ckan-show") as pool:
        for begin in range(0, min(len(wanted), MOST), AT_ONCE):
            items: list[Item] = []
            for found in pool.map(lambda name: _shown(portal, name), wanted[begin : begin + AT_ONCE]):
                if isinstance(found, Rejection):
                    failed, broken = failed + 1, broken + 1
                    items.append(found)
                else:
                    broken = 0
                    items.extend(tally.items([found]))
            if broken >= BROKEN:
                yield Page(items=tuple(items), total=len(wanted), ending=_ending(tally, failed, len(wanted)))
                return
            yield Page(items=tuple(items), total=len(wanted))
    yield Page(items=(), total=len(wanted), ending=_ending(tally, failed, len(wanted)))


def _shown(portal: Portal, name: str) -> bytes | Rejection:
    try:
        return portal.result("package_show", {"id": name}, limit=PAGE)
    except SourceError as error:
        refused = error.status == 403
        gone = error.status in (404, 410)
        reason = "Refused by the source" if refused else "Not found at the source" if gone else "Could not be fetched"
        return Rejection(
            remote_id=shown(name),
            identity="" if gone else identity(name),
            field="",
            value=error.sentence,
            reason=reason,
            what_to_change="Nothing, if it is meant to be closed; else ask the portal's steward to open it.",
        )


def _ending(tally: Tally, failed: int, listed: int) -> Ending:
    said = f"{tally.distinct:,} of {listed:,} listed datasets read one by one: the portal's search is broken"
    if failed:
        said += f"; {failed:,} were refused or could not be fetched"
    whole = tally.distinct >= listed and not failed and not tally.collisions
    return Ending(completeness=Completeness.COMPLETE if whole else Completeness.PARTIAL, reason=f"{said}.")
