"""What a record says about access, licence and files, gathered once for the placement rules."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from catalogue.access import Access, Hint, Level, read_access, read_code, read_notes, words_of
from catalogue.formats import Format, format_of
from catalogue.licences import How, Licence, Resolution, is_unstated, resolve
from catalogue.records import Distribution, Record

_ACCESS_EXTRAS = re.compile(
    r"^(?:dcat|dct|dcterms|extras?)?(?:access(?:constraints?|rights?|level|restrictions?|conditions?|type|status)?"
    r"|accessibility|limitationsonpublicaccess|publicaccess\w*|restrictions?|restrictionstatus|confidentiality"
    r"|(?:security|information)?classification|visibility|datasharing|privacy|sensitivity|cui(?:restriction)?"
    r"|conditionsofaccess|conditionsapplyingtoaccessanduse|legalconstraints?|releasestatus|band)$"
)
_USE_EXTRAS = re.compile(
    r"^(?:use(?:constraints?|limitations?|restrictions?|conditions?)|conditionsofuse|termsofuse|copyright\w*"
    r"|accessconstraints?|licen[cs]e(?:notes?|other|urltitle|terms)?|otherconstraints?|legalconstraints?|rights\w*"
    r"|conditionsapplyingtoaccessanduse)$"
)
_USE, _CUI = "Use:", "CUI:"
"""How the DCAT-US connector marks a file's use restriction and its controlled-information marking."""
_COPYRIGHT = re.compile(r"(?:©|\(c\)|&copy;|\bcopyright\b)", re.IGNORECASE)
_ACKNOWLEDGES = re.compile(r"^\W*(?:contains|source|attribution|includes|licen[cs]e)|licen[cs]e", re.IGNORECASE)
_NO_WAY = re.compile(r"^(?:no|none|not|n a|never|nobody|unknown)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One place of a record that says something about access."""

    field: str
    value: str
    access: Access
    plain: bool = False
    """True for running text (rights, description), False for a field made for the purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One place beside the licence that limits use, or reads as if it did."""

    field: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file with its format and the licence that holds for it."""

    distribution: Distribution
    format: Format | None
    licence: Resolution
    linked: bool
    """It has a web address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """Everything the rules look at."""

    said: tuple[Said, ...]
    public: tuple[Said, ...]
    """Of `said`, the statements that say it is public."""
    restrictive: tuple[Said, ...]
    """Of `said`, the statements that say it is not."""
    licence: Resolution
    statements: tuple[str, ...]
    """The licence statements that were read, empty ones left out."""
    limits: tuple[Limit, ...]
    files: tuple[File, ...]
    has_link: bool
    """At least one file or service has a web address."""
    has_page: bool
    """A web page about the data is linked: a way to them, but not the data."""
    claims_open: bool
    """The portal flags it as open (CKAN `isopen`)."""
    asks: str
    """How to ask for it, "" when the record shows no way."""

    @property
    def deciding(self) -> tuple[Said, ...]:
        """The restrictive statements that set the band: running text only explains a field made for the purpose."""
        made_for_it = tuple(said for said in self.restrictive if not said.plain)
        return made_for_it or self.restrictive

    @property
    def needs_account(self) -> Said | None:
        """The statement that asks for an account, a registration or a payment."""
        return next((said for said in self.said if said.access.hint is Hint.ACCOUNT), None)

    @property
    def open_files(self) -> tuple[File, ...]:
        """The files that pass all three openness tests by themselves."""
        return tuple(
            file for file in self.files if file.linked and file.licence.proven_open and file.format and file.format.open
        )


def gather(record: Record, *, licence: Licence | None = None, without_access: str | None = None) -> Signals:
    """Read a record; `licence` is decided for its source, `without_access` a raw value to pass over."""
    dataset, files = _licences(record, licence)
    limits = () if licence else tuple(_limits(record))
    said = tuple(_said(record, without_access))
    return Signals(
        said=said,
        public=tuple(one for one in said if one.access.level is Level.PUBLIC),
        restrictive=tuple(one for one in said if one.access.level in (Level.RESTRICTED, Level.NON_PUBLIC)),
        licence=dataset,
        statements=tuple(one for one in _statements(record) if one.strip()),
        limits=limits,
        files=files,
        has_link=any(file.linked for file in files),
        has_page=_has_page(record),
        claims_open=record.extras.get("isopen", "").casefold() in ("true", "1", "yes"),
        asks=_way_to_ask(record, said),
    )


def raw_licence(record: Record) -> str:
    """The licence value that a decision for a whole source covers: the first one stated, "" when none is."""
    return next((statement for statement in _statements(record) if statement.strip()), "")


def _statements(record: Record) -> tuple[str, ...]:
    if any(statement.strip() for statement in record.licence):
        return record.licence
    return tuple(file.licence for file in record.distributions)


def _licences(record: Record, decided: Licence | None) -> tuple[Resolution, tuple[File, ...]]:
    if decided:
        dataset = Resolution(licence=decided, how=How.NAME, matched=raw_licence(record))
        return dataset, tuple(_file(file, dataset) for file in record.distributions)
    own = resolve(record.licence)
    files = tuple(
        _file(file, own if _fills(file.licence) else _less_open(own, resolve((file.licence,))))
        for file in record.distributions
    )
    stated = [file.licence for file in record.distributions if file.licence]
    return resolve([*record.licence, *stated]) if stated else own, files


def _file(distribution: Distribution, licence: Resolution) -> File:
    return File(
        distribution=distribution, format=format_of(distribution), licence=licence, linked=is_link(distribution)
    )


def _fills(licence: str) -> bool:
    return not licence or is_unstated(licence)


def _less_open(dataset: Resolution, file: Resolution) -> Resolution:
    return dataset if dataset.limits_use else file


def _said(record: Record, without_access: str | None) -> Iterator[Said]:
    if record.access_right != without_access:
        yield from _read("access right", record.access_right)
    for file in record.distributions:
        for part in file.access_right.split(";") if file.access_right else ():
            if not part.strip().startswith(_USE):
                yield from _read("access right of a file", part.strip())
    for key, value in record.extras.items():
        if _ACCESS_EXTRAS.match(_bare(key)):
            for part in _parts(value):
                yield from _read(key, part)
        elif _bare(key) == "isrequestdatatype" and value.casefold() == "true":
            yield Said(field=key, value=value, access=read_access("on request"))
    yield from _said_elsewhere(record)


def _read(field: str, value: str) -> Iterator[Said]:
    if value.strip():
        access = read_access("CUI") if value.startswith(_CUI) else read_access(value)
        yield Said(field=field, value=value, access=access)


def _said_elsewhere(record: Record) -> Iterator[Said]:
    for statement in _statements(record):
        read = _code(statement) if statement.strip() else None
        if read and read.level in (Level.RESTRICTED, Level.NON_PUBLIC):
            yield Said(field="licence", value=statement, access=read)
    for part in _parts(record.rights):
        yield Said(field="rights", value=part, access=read_access(part), plain=True)
    notes = read_notes(record.description) if record.description else None
    if notes and notes.level is not Level.UNKNOWN:
        yield Said(field="description", value=_sentence_about(record.description), access=notes, plain=True)


def _limits(record: Record) -> Iterator[Limit]:
    places = [("access right", record.access_right), ("rights", record.rights)]
    places += [(key, value) for key, value in record.extras.items() if _speaks_of_use(key)]
    for field, text in places:
        for value in _parts(text):
            if is_limit(value) or _claims_copyright(value):
                yield Limit(field=field, value=value)
    for file in record.distributions:
        for part in file.access_right.split(";") if file.access_right else ():
            if is_limit(part):
                yield Limit(field="use restriction of a file", value=part.strip().removeprefix(_USE).strip())
    if record.extras.get("band") == "public-limited":
        yield Limit(field="band", value="public-limited")


def _speaks_of_use(key: str) -> bool:
    return bool(_USE_EXTRAS.match(_bare(key)) or _ACCESS_EXTRAS.match(_bare(key)))


def is_limit(text: str) -> bool:
    """True for words that limit use by themselves, as a bare copyright notice does not."""
    words = text.strip()
    if words == "public-limited":
        return True
    use = read_access(words.removeprefix(_USE)).level if words.startswith(_USE) else Level.UNKNOWN
    return use is not Level.PUBLIC and (use is not Level.UNKNOWN or resolve((text,)).limits_use)


def _claims_copyright(text: str) -> bool:
    """True for a bare copyright notice: "(c) Crown Copyright" beside an open licence is a contradiction."""
    return bool(_COPYRIGHT.search(text)) and not _ACKNOWLEDGES.search(text)


def _way_to_ask(record: Record, said: tuple[Said, ...]) -> str:
    if record.access_how.strip() and not _NO_WAY.match(words_of(record.access_how)):
        return record.access_how
    return next((one.value for one in said if one.access.hint is Hint.ASK), "")


def _parts(value: str) -> Iterator[str]:
    """Portals put lists into text fields: `["otherRestrictions", "(c) Crown Copyright"]`, or one a line."""
    items = value.split("\n")
    if value.startswith("["):
        with contextlib.suppress(ValueError):
            items = json.loads(value)
    yield from (item for item in items if isinstance(item, str) and item.strip())


@lru_cache(maxsize=5_000)
def _bare(key: str) -> str:
    return re.sub(r"[\W_]+", "", key).casefold()


_WEB = ("http://", "https://", "ftp://")
_code = lru_cache(maxsize=4_000)(read_code)


def is_link(distribution: Distribution) -> bool:
    """True when the file or service has a web address."""
    addresses = (distribution.download_url, distribution.access_url)
    return addresses[0].startswith(_WEB) or any(each.strip().casefold().startswith(_WEB) for each in addresses if each)


def _has_page(record: Record) -> bool:
    """A portal's own page about a dataset (".../dataset/NAME") always exists and so is no evidence of anything."""
    try:
        page = urlsplit(record.landing_page.strip())
    except ValueError:
        return False
    if page.scheme.casefold() not in ("http", "https"):
        return False
    *before, last = ["", *page.path.rstrip("/").split("/")]
    return not (before[-1:] == ["dataset"] and last in (record.remote_id, record.identity, *record.aliases))


def _sentence_about(description: str) -> str:
    sentences = re.split(r"(?<=[.!?])\s+|\n+", description)
    return next((one for one in sentences if read_notes(one).level is not Level.UNKNOWN), description)
