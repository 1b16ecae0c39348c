"""What a version is checked against: its datasets, the names of organisations, and what is in force."""

from __future__ import annotations

from collections.abc import Mapping

from governance.agreements.checks import Background, Subject
from governance.agreements.document import read
from governance.agreements.keeping import Folder
from governance.tables import VersionRow
from governance.visit import Visit


def background(
    visit: Visit, made: Folder, version: VersionRow, *, subjects: Mapping[str, Subject], names: Mapping[str, str]
) -> Background:
    """The background of one version of an agreement; `names` are those of organisations, by id."""
    before = made.in_force
    return Background(
        subjects=subjects,
        names=names,
        today=visit.today,
        adviser_comment=version.adviser_comment,
        change_note=version.change_note,
        in_force=read(before.document) if before else None,
        schedule_only=version.minor > 0,
        renews=version.minor == 0 and any(each.activated_at for each in made.versions),
    )
