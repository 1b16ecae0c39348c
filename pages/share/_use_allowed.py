"""Who may use a dataset: under which agreement, how closely, for which uses and purposes, until when."""

from __future__ import annotations

from catalogue.datasets import Dataset
from catalogue.spectrum import Band
from governance import Visit, access
from governance.looks import May, who_may
from pages.share import _agreement_words as words
from pages.shell import widgets as w

_COLUMNS = ("Who", "Under", "What they see", "For which use", "Until")


def allowed(visit: Visit, found: Dataset) -> tuple[May, ...]:
    """Who may use it under signed agreements, by organisation."""
    subject = access.Dataset(id=found.id, owner=found.organisation_id, band=access.Band(found.band.value))
    return who_may(visit, subject)


def show(found: Dataset, grants: tuple[May, ...]) -> None:
    """The table, or whom it is open to without one."""
    with w.surface("may"):
        w.heading("Who may see it", number=len(grants) if grants else None)
        if found.band is Band.OPEN:
            w.finding("It is open data: everybody may see it, without any agreement.")
        elif not grants:
            w.finding(
                f"Nobody outside {found.organisation} may see the data.", "No signed agreement gives it to anybody."
            )
            w.show(w.go("Begin an agreement", w.href("agreements")))
        if grants:
            columns = [w.Column(title=each, strong=each == "Who") for each in _COLUMNS]
            w.show(w.table(columns, [_row(each) for each in grants], caption="Who may see it"))


def purposes(grants: tuple[May, ...]) -> w.Markup:
    """Everything it may be used for, in one block."""
    tags = sorted({purpose for each in grants for purpose in each.purposes}, key=str.casefold)
    return w.aside_block("May be used for", *(tags or [w.muted("Nothing yet: no agreement gives it away.")]))


def seen(detail: access.Detail, min_cell: int) -> str:
    """How closely it may be looked at: "Counts, none under 10"."""
    least = f", none under {min_cell}" if min_cell and detail is access.Detail.AGGREGATE else ""
    return f"{words.DETAILS[detail]}{least}"


def _row(each: May) -> tuple[w.Markup | str, ...]:
    whom = w.two_lines(each.organisation, f"only {words.listed(each.people)}") if each.people else each.organisation
    agreement = w.link(each.agreement, w.href("agreement", id=each.agreement_id))
    return (
        whom,
        w.Markup("{} {}").format(agreement, w.muted(each.version)),
        seen(each.detail, each.min_cell),
        w.two_lines(words.used_for(each.uses), f"for {words.listed(each.purposes)}"),
        _until(each),
    )


def _until(each: May) -> w.Markup | str:
    last = w.day(each.until)
    if each.paused:
        return w.with_icon("pause_circle", f"Paused; else until {last}")
    return last if each.in_force else w.with_icon("schedule", f"From {w.day(each.since)} until {last}")
