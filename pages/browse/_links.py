"""The shell's links that look like buttons, under the name the report cards know them by."""

from pages.shell.links import to_outside, to_page

__all__ = ["to_outside", "to_page"]
