"""The two halves of an agreement: the five parts, and what is at stake in each organisation's own words."""

from __future__ import annotations

from collections.abc import Mapping

from governance.agreements.document import Document, PartyLine, Terms
from pages.share import _agreement_words as words
from pages.shell import widgets as w


def terms(document: Document, names: Mapping[str, str], *, all_roles: bool = False) -> None:
    """The five parts, numbered, on one surface; `names` are the organisations' by id.

    With `all_roles` the first part says what each of them does, as the signed text has it; that text is also read in a
    dialog above the page, so its surface has a name of its own.
    """
    said = document.terms
    bodies = (
        _who(document, names, all_roles=all_roles),
        _with(said.purpose, ("Tags", ", ".join(said.purposes))),
        words.lines(said.how, words.NOT_WRITTEN),
        words.lines(said.access, words.NOT_WRITTEN),
        _privacy(said),
    )
    with w.surface("textterms" if all_roles else "terms"):
        w.show(w.numbered([_part(name, body) for name, body in zip(words.PARTS, bodies, strict=True)]))


def _part(name: str, body: w.Markup) -> w.Markup:
    return w.Markup("<div><h2 class='ct-h2'>{}</h2><p>{}</p></div>").format(name, body)


def _who(document: Document, names: Mapping[str, str], *, all_roles: bool) -> w.Markup:
    others = [names.get(each.organisation, "") for each in document.parties if each.organisation != document.lead]
    host = w.Markup("{} {}. {}").format(
        w.strong("Host:"), names.get(document.lead, ""), f"With {words.listed(others)}." if others else ""
    )
    number = w.count(len(document.parties), "organisation")
    does = [(names.get(each.organisation, ""), words.ROLES[each.role]) for each in document.parties if all_roles]
    return _with(document.terms.who, *does, first=w.Markup("{}. {}").format(number, host))


def _privacy(said: Terms) -> w.Markup:
    return _with(
        said.privacy,
        ("About people", words.PEOPLE.get(said.person_level, said.person_level)),
        ("How long files are kept", said.retention),
        ("Whom to tell when something goes wrong", said.breach_contact),
        ("What the people in the data were told", said.told_people),
        ("Legal advice", said.legal_advice),
    )


def _with(text: str, *more: tuple[str, str], first: w.Markup | None = None) -> w.Markup:
    """What was written, then short facts, each on a line of its own."""
    said = [first] if first else []
    if text.strip() or not first:
        said.append(words.lines(text, words.NOT_WRITTEN))
    said += [w.Markup("{} {}").format(w.muted(f"{name}:"), words.lines(value)) for name, value in more if value]
    return w.Markup("<br>").join(said)


def stakes(document: Document, names: Mapping[str, str]) -> None:
    """Every organisation's own words, the host first; who has said nothing yet is named too."""
    w.heading("What is at stake")
    w.show(w.muted("In each organisation’s own words. The host goes first."))
    for party in sorted(document.parties, key=lambda each: each.organisation != document.lead):
        name = names.get(party.organisation, "")
        host = ", host" if party.organisation == document.lead else ""
        w.quote(_quoted(party), f"{name}{host}", w.Markup("<br>").join(_besides(party)))


def said(party: PartyLine) -> w.Markup:
    """The same for one party, in one piece."""
    return w.Markup("<br>").join([_quoted(party), *_besides(party)])


def _quoted(party: PartyLine) -> w.Markup:
    if not party.stakes.strip():
        return w.muted(words.NOT_SAID)
    return w.Markup("“{}”").format(words.lines(party.stakes))


def _besides(party: PartyLine) -> list[w.Markup]:
    more = (("Staying as we are protects", party.protects), ("Puts in", party.puts_in))
    return [w.Markup("{}: {}").format(name, words.lines(text)) for name, text in more if text]
