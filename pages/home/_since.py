"""What has changed since the viewer was last here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from catalogue import overview, saved
from catalogue.facets import Facet
from catalogue.history import Happening
from catalogue.overview import News
from governance import Visit
from pages.shell import widgets as w
from pages.shell.place import here

_KINDS: Mapping[str, tuple[str, str, str]] = {
    "added": ("New", "add_circle", "new"),
    "approved": ("Registered", "playlist_add_check", "registered"),
    "changed": ("Changed", "history", "described anew"),
    "corrected": ("Corrected", "edit", "corrected"),
    "placed": ("Decision", "gavel", "placed anew on the spectrum"),
    "listed": ("Listing", "visibility", "shown to others than before"),
    "missing": ("Not seen", "visibility_off", "not seen at their source"),
    "withdrawn": ("Withdrawn", "block", "withdrawn"),
    "restored": ("Back", "undo", "seen again at their source"),
}
"""Kind of event -> the word and icon of its line, what is said of several datasets."""


def show(visit: Visit) -> None:
    """What happened, by kind and source; then what happened to the datasets one follows."""
    since = visit.last_here
    if since is None:
        return
    lines = [_line(visit, each) for each in overview.news(visit, since=since) if each.kind in _KINDS]
    lines += [_followed(visit, each) for each in saved.news(visit, since=since, limit=5)]
    with w.surface("since"):
        w.heading("Since you were last here", note=_long(since))
        if lines:
            w.show(w.changes(lines, label="Since you were last here"))
        else:
            w.show(w.muted("Nothing has changed in what you may see."))


def _line(visit: Visit, each: News) -> w.Markup:
    word, symbol, told = _KINDS[each.kind]
    when = _short(visit, each.latest)
    source = each.source_name
    if each.datasets == 1:
        words = w.Markup("{}{}").format(_dataset(each.title, each.dataset_id), f", from {source}." if source else ".")
        return w.change(word, words, symbol=symbol, when=when)
    number = w.count(each.datasets, "dataset")
    if source:
        address = w.href("catalogue", **{Facet.SOURCE.value: source}, sort="newest")
        where = w.Markup("from {}").format(w.link(source, address))
    else:
        where = w.esc("registered here")
    if each.kind in ("added", "approved"):
        opened = f", {each.open:,} of them open" if each.open else ""
        return w.change(number, w.Markup("{}{}.").format(where, opened), symbol=symbol, when=when)
    return w.change(word, w.Markup("{} {}: {}.").format(number, where, told), symbol=symbol, when=when)


def _followed(visit: Visit, each: Happening) -> w.Markup:
    words = w.Markup("{}: {}").format(_dataset(each.title, each.dataset_id), each.sentence)
    return w.change("You follow", words, symbol="notifications", when=_short(visit, each.at))


def _dataset(title: str, dataset_id: str) -> w.Markup:
    return w.link(title, w.href("dataset", id=dataset_id))


def _long(when: datetime) -> str:
    local = when.astimezone(here().zone)
    return f"{local:%A} {local.day} {local:%B}"


def _short(visit: Visit, when: datetime) -> str:
    local = when.astimezone(here().zone)
    return f"{local:%a}" if (visit.now - when).days < 6 else f"{local.day} {local:%b}"
