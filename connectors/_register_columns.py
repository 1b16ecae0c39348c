"""The columns of an agency's register: our template, and the headings under which others keep the same things."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the template."""

    field: str
    """Our name of the field, as used in a mapping."""
    heading: str
    help: str
    """One sentence for the person who fills it in."""
    example: str
    aliases: tuple[str, ...] = ()
    """Other headings that mean exactly this; compared without case, accents and punctuation, never by likeness."""


TEMPLATE: tuple[Column, ...] = (
    Column(
        field="reference",
        heading="Reference",
        help="Your own number for the dataset. It must never change: it is how we know the dataset again.",
        example="HS-014",
        aliases=(
            "Ref",
            "Ref no",
            "Reference number",
            "Dataset reference",
            "Dataset ref",
            "Agency ref",
            "ID",
            "Identifier",
            "Dataset ID",
            "Dataset identifier",
            "Unique ID",
            "Unique identifier",
            "Asset ID",
        ),
    ),
    Column(
        field="title",
        heading="Title",
        help="What people would call it, with the place and what it counts.",
        example="School attendance by year group",
        aliases=(
            "Name",
            "Dataset",
            "Dataset name",
            "Dataset title",
            "Data set",
            "Data set name",
            "Data set title",
            "Name of dataset",
            "Title of dataset",
            "Information asset",
            "Asset name",
        ),
    ),
    Column(
        field="description",
        heading="Description",
        help="What is in it, who is counted, and what it is used for.",
        example="Sessions attended and missed, each term, for all state schools.",
        aliases=("Summary", "Abstract", "Dataset description", "Data set description", "Notes", "Purpose"),
    ),
    Column(
        field="publisher",
        heading="Owner",
        help="The agency that answers for the data.",
        example="Education Services",
        aliases=(
            "Publisher",
            "Agency",
            "Organisation",
            "Organization",
            "Department",
            "Data owner",
            "Owning agency",
            "Owner organisation",
            "Owner organization",
            "Owned by",
            "Published by",
            "Council",
            "Business owner",
        ),
    ),
    Column(
        field="contact_name",
        heading="Contact name",
        help="A role is better than a person's name: it outlasts staff changes.",
        example="Information team",
        aliases=("Contact", "Contact point", "Contact person", "Data steward", "Steward", "Maintainer"),
    ),
    Column(
        field="contact_email",
        heading="Contact email",
        help="A mailbox that is read.",
        example="information@example.org",
        aliases=("Email", "E-mail", "Email address", "Contact e-mail", "Contact email address", "Steward email"),
    ),
    Column(
        field="band",
        heading="How open",
        help="closed, named, group, public-limited, public-unclear, open or unknown.",
        example="named",
        aliases=("Band", "Openness", "Spectrum", "Data spectrum", "Position on the spectrum", "Spectrum position"),
    ),
    Column(
        field="access_right",
        heading="Access right",
        help="Your own words or code for who may see the data.",
        example="Restricted",
        aliases=(
            "Access rights",
            "Access level",
            "Access",
            "Access restriction",
            "Access restrictions",
            "Access classification",
        ),
    ),
    Column(
        field="licence",
        heading="Licence",
        help="The licence's name or web address; empty when there is none.",
        example="",
        aliases=("License", "Licence name", "License name", "Licensing", "Terms of use", "Licence URL", "License URL"),
    ),
    Column(
        field="access_how",
        heading="How to ask",
        help="What someone should do who wants to use it.",
        example="Write to the information team with your purpose.",
        aliases=("How to request", "How to request access", "How to access", "Access procedure", "Request route"),
    ),
    Column(
        field="approver",
        heading="Approver",
        help="The role that decides about access. Needed for everything that is not open.",
        example="Head of Education Services",
        aliases=("Approved by", "Approval", "Approval body", "Access approver", "Decision maker"),
    ),
    Column(
        field="person_level",
        heading="Person level",
        help="none, aggregate, de-identified or identifiable.",
        example="aggregate",
        aliases=("Personal data", "Personal information", "Level of personal data", "Personal data level"),
    ),
    Column(
        field="accrual_periodicity",
        heading="Update frequency",
        help="How often new data come.",
        example="every term",
        aliases=(
            "Frequency",
            "Updates",
            "Updated how often",
            "Frequency of update",
            "Accrual periodicity",
            "Update cycle",
            "Refresh frequency",
        ),
    ),
    Column(
        field="modified",
        heading="Last updated",
        help="The day of the newest data, as 2024-09-30.",
        example="2024-09-30",
        aliases=("Modified", "Date modified", "Last modified", "Last update", "Date updated", "Updated", "Update date"),
    ),
    Column(
        field="keywords",
        heading="Keywords",
        help="Words people would search for, with semicolons between them.",
        example="schools; attendance; absence",
        aliases=("Keyword", "Tags", "Tag", "Search terms"),
    ),
    Column(
        field="themes",
        heading="Themes",
        help="Subjects, with semicolons between them.",
        example="Education",
        aliases=("Theme", "Category", "Categories", "Topic", "Topics", "Subject", "Subjects"),
    ),
    Column(
        field="life_events",
        heading="Life events",
        help="Moments in life that it tells about, with semicolons between them.",
        example="Starting school",
        aliases=("Life event", "Life course", "Life stage"),
    ),
    Column(
        field="link",
        heading="Link",
        help="The web page or file, where there is one.",
        example="",
        aliases=("URL", "Web address", "Web page", "Website", "Landing page", "Location", "Access URL", "Hyperlink"),
    ),
    Column(
        field="formats",
        heading="Formats",
        help="Kinds of file, with semicolons between them.",
        example="CSV; PDF",
        aliases=("Format", "File format", "File formats", "File type", "File types", "Data format"),
    ),
    Column(
        field="columns",
        heading="Columns",
        help="Names of the columns, with semicolons between them: a structure tells much and gives nothing away.",
        example="school; year group; term; sessions attended",
        aliases=("Column names", "Fields", "Field names", "Data items", "Variables", "Data fields"),
    ),
    Column(
        field="row_count",
        heading="Number of rows",
        help="About how many rows it has.",
        example="4200",
        aliases=("Rows", "Row count", "Records", "Number of records", "Record count", "No of records", "No of rows"),
    ),
    Column(
        field="temporal_start",
        heading="Period from",
        help="The first day or year it covers.",
        example="2015",
        aliases=("Start date", "Start", "From", "Period start", "Date from", "Coverage start", "Temporal start"),
    ),
    Column(
        field="temporal_end",
        heading="Period to",
        help="The last day or year it covers; empty when it goes on.",
        example="",
        aliases=("End date", "End", "To", "Period end", "Date to", "Coverage end", "Temporal end"),
    ),
    Column(
        field="spatial",
        heading="Area",
        help="The place it covers.",
        example="Whole county",
        aliases=("Spatial", "Geography", "Geographic area", "Geographic coverage", "Spatial coverage", "Coverage area"),
    ),
)
FIELDS = frozenset(column.field for column in TEMPLATE)

_NO_LETTER = re.compile(r"[^0-9a-z]+")


def normal(heading: str) -> str:
    """A heading without case, accents, punctuation and line breaks."""
    letters = unicodedata.normalize("NFKD", heading.casefold())
    return _NO_LETTER.sub(" ", "".join(c for c in letters if not unicodedata.combining(c))).strip()


_MEANS = {normal(name): column.field for column in TEMPLATE for name in (column.heading, column.field, *column.aliases)}


def guess_mapping(headers: Sequence[str]) -> dict[str, str]:
    """Our field -> their column, for headings whose meaning is known for certain; all others stay unmapped.

    Where two columns mean the same field, our own heading wins, then the one that stands first.
    """
    own = {normal(column.heading): column.field for column in TEMPLATE}
    found: dict[str, str] = {}
    for known in (own, _MEANS):
        for header in headers:
            field = known.get(normal(header))
            if field and field not in found and header not in found.values():
                found[field] = header
    return found


def template_csv() -> str:
    """The template as a CSV file for a spreadsheet program: the headings and one example row."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow([column.heading for column in TEMPLATE])
    writer.writerow([column.example for column in TEMPLATE])
    return made.getvalue()


def missing(mapping: Mapping[str, str], headers: Sequence[str]) -> list[tuple[str, str]]:
    """The (field, column) pairs of a mapping whose column is not in the file, or is there more than once."""
    return [(field, column) for field, column in mapping.items() if headers.count(column) != 1]


def heading(field: str) -> str:
    """What the template calls a field."""
    return next(column.heading for column in TEMPLATE if column.field == field)
