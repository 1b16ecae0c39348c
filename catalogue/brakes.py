"""When a reading is not believed by itself: the brakes that hold a run for a person."""

from __future__ import annotations

FEW = 5
"""So many missing datasets never hold a run: small sources lose a third of themselves with one."""
SHARE = 0.10
"""Above this share of what the catalogue holds of a source, missing datasets hold the run."""


def hold(*, held: int, seen: int, missing: int) -> str:
    """Why a complete reading waits for a person, "" when it does not.

    Args:
        held: datasets of the source that the catalogue shows and nobody has agreed to be gone.
        seen: records of the reading, rejected ones included.
        missing: how many of `held` were not among them.
    """
    if held and not seen:
        return f"The source says that it has no datasets, while the catalogue holds {held} of it: nothing was changed."
    if missing > max(FEW, SHARE * held):
        return f"{missing} of {held} datasets were not in the reading: nothing was changed."
    return ""
