"""What happens when the shell itself fails: a sentence with a reference, the story in the log."""

from __future__ import annotations

import logging
import secrets

from pages.shell import states

log = logging.getLogger("commontable")


def reference_for(error: BaseException, where: str) -> str:
    """Write the error into the log under a short reference, and answer the reference."""
    reference = secrets.token_hex(3).upper()
    log.error("reference %s: %s failed", reference, where, exc_info=error)
    return reference


def report(error: Exception) -> bool:
    """Streamlit's hook for errors outside a page's own boundary: nothing of the error reaches the browser."""
    states.failure(reference_for(error, "the shell"))
    return True
