"""The page about the spectrum is written from the rules themselves: `python -m tests.catalogue.test_spectrum_docs`."""

from __future__ import annotations

from pathlib import Path

from catalogue import reasons
from catalogue.licences import licences
from catalogue.spectrum import RULES, Band

PAGE = Path(__file__).resolve().parents[2] / "docs" / "spectrum.md"
HEAD = """# The spectrum

Every dataset stands somewhere between closed and open, and its page says why: the rule that decided, what the rule
read, and what would move the dataset one step more open. Nobody is asked to become more open. The sentence is there so
that a next step, if people want one, is known.

## The bands

The names follow the Open Data Institute's spectrum. "Public" is cut in three, because in practice most of the work is
there: data that anyone can download and nobody may safely use.

"""
BETWEEN = """
**Not stated** stands beside the ramp, not on it. A source that says nothing has not said "open", and has not said
"closed" either.

## The rules

They are tried from the top; the first that fits decides.

"""
FOOT = """
## What is never done

- A licence is never guessed. It counts when its name or its address is one we know, letter for letter (case, accents
  and punctuation aside). A licence name inside a longer sentence is shown to a steward as a suggestion.
- A statement that data are open counts for nothing without a licence, and a licence counts for nothing when another
  field limits access. When two statements disagree, the more closed one counts and the dataset is marked for a person.
- A decision of a person never makes public what the source itself hides.

## Two different things

*Where a dataset stands* says who may use the **data**. *Who may know of it* (everyone signed in, named organisations,
only its owner) is set apart from that. A closed dataset can be known to everybody, with how to ask for it; a dataset
that only its owner may know of is in no list, count, search or error message of anybody else.

## Settling many at once

A portal often writes one thing, or nothing, in the licence field of hundreds of datasets. Under **Licences** a steward
decides once what that means, with a reason; every dataset of the source that says the same follows, today's and
tomorrow's. The decision stands on each dataset's page with the name of whoever made it, and can be taken back.
"""


def page() -> str:
    """The whole page, as it should stand in the docs."""
    steps = {band: reasons.NEXT_STEP[band] or "Nothing: it is open." for band in Band}
    bands = "".join(f"| **{band.label}** | `{band}` | {band.explains} | {steps[band]} |\n" for band in Band)
    rules = "".join(f"| {rule.id} | {rule.title} | {rule.explains} |\n" for rule in RULES)
    known = (
        f"\n{len(licences())} licences are known, with their names, addresses and whether they conform to the Open "
        "Definition; they are kept as data in `catalogue/licences.toml`.\n"
    )
    return (
        f"{HEAD}| band | in files and commands | what it means | one step more open |\n|---|---|---|---|\n{bands}"
        f"{BETWEEN}| rule | name | when |\n|---|---|---|\n{rules}{known}{FOOT}"
    )


def test_the_page_about_the_spectrum_says_what_the_rules_do() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.catalogue.test_spectrum_docs"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
