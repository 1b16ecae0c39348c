"""The made-up collaboration of `init --demo`: a fictional place, plainly marked as made up.

Its data come in through the same doors as anybody's: a portal's answer and a register are harvested, datasets are
registered and approved, a second reading is held. Nothing is fetched.
"""

from entrypoints.demo.fill import fill

__all__ = ["fill"]
