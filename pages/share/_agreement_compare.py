"""Two versions side by side: what differs, in words."""

from __future__ import annotations

from collections.abc import Sequence

from governance.agreements.reading import Change
from pages.share import _agreement_words as words
from pages.shell import widgets as w


def differences(changes: Sequence[Change], *, before: str, after: str) -> None:
    """A table of what stood there and what stands there now; says so when nothing differs."""
    with w.surface("differences"):
        w.heading(f"What differs between {before} and {after}", number=len(changes))
        if not changes:
            w.show(w.Markup("<p>{}</p>").format("Nothing: both say the same, word for word."))
            return
        columns = [w.Column(title="Where", strong=True), w.Column(title=f"Version {before}"),
                   w.Column(title=f"Version {after}")]  # fmt: skip
        rows = [(each.where, words.lines(each.before, "Not there"), words.lines(each.after, "Not there any more"))
                for each in changes]  # fmt: skip
        w.show(w.table(columns, rows, caption=f"What differs between version {before} and version {after}"))
