"""Who signed what and how, whether the agreement lives, and its versions."""

from __future__ import annotations

from governance.agreements.reading import AgreementView, Health, PartyView, State, VersionBrief
from pages.shell import widgets as w

_HASH_SHOWN = 12
STATES: dict[State, str] = {
    State.DRAFT: "Draft",
    State.REVIEW: "Being talked through",
    State.SIGNING: "Being signed",
    State.NOT_STARTED: "Signed, not begun",
    State.ACTIVE: "In force",
    State.EXPIRED: "Ended",
    State.CLOSED: "Ended",
    State.WITHDRAWN: "Taken back",
}
"""Where a version is, in words."""


def signatures(found: AgreementView) -> None:
    """Each party with its signature, and the hash of the exact text they stand under."""
    with w.surface("signatures"):
        w.heading("Signatures")
        columns = [w.Column(title="Organisation", strong=True), w.Column(title="Who"), w.Column(title="When"),
                   w.Column(title="How")]  # fmt: skip
        w.show(w.table(columns, [_row(each, _unsigned(found, each)) for each in found.parties], caption="Signatures"))
        digits = found.version.content_hash
        if found.version.frozen_at:
            code = w.Markup('<code translate="no" title="{}">{}</code>').format(digits, digits[:_HASH_SHOWN])
            w.show(
                w.Markup('<p class="ct-muted">Signed is the text with the fingerprint (SHA-256) {}</p>').format(code)
            )
        else:
            w.show(w.muted("The text gets its fingerprint when it is opened for signature."))
        if found.version.adviser_comment:
            w.quote(w.Markup("“{}”").format(found.version.adviser_comment), f"{found.version.adviser}, privacy adviser")


def _unsigned(found: AgreementView, party: PartyView) -> w.Markup:
    """Of a party that has not signed; who signs an amendment of the schedule is settled when it is opened."""
    is_amendment = not found.version.label.endswith(".0")
    if is_amendment and found.version.frozen_at is None and party.organisation_id != found.lead_id:
        return w.muted("Signs if its data are touched")
    return w.with_icon("draw", "Not signed yet")


def _row(party: PartyView, unsigned: w.Markup) -> tuple[w.Markup | str, ...]:
    if party.signed_at:
        how = f"On paper: {party.reference}" if party.method == "paper" else "Typed here"
        who = w.two_lines(party.signatory, party.signatory_title) if party.signatory_title else w.esc(party.signatory)
        return party.name, who, w.moment(party.signed_at), how
    if party.declined_at:
        return party.name, w.with_icon("block", "Declined"), w.moment(party.declined_at), w.muted("")
    if not party.signs:
        return party.name, w.muted("Not needed: its data are not touched"), "", ""
    return party.name, unsigned, "", ""


def health(lived: Health) -> None:
    """Whether it is used, feared and kept, in sentences."""
    with w.surface("health"):
        w.heading("How it lives")
        if lived.amber:
            w.notice("It is signed, and little comes of it.", " ".join(lived.sentences), tone="owed")
        else:
            nothing = (
                "Nothing to tell yet." if lived.days_signed is not None else "Nothing to tell before it is signed."
            )
            w.show(w.Markup("<p>{}</p>").format(" ".join(lived.sentences) or nothing))
        first = f"{w.count(lived.first_use_days, 'day')} after signing" if lived.first_use_days is not None else ""
        days = f"{w.count(lived.days_signed, 'day')}" if lived.days_signed is not None else ""
        rows: list[tuple[str, w.Markup | str]] = [
            ("Signed for", days),
            ("First looked at", first),
            ("Datasets used", f"{lived.used} of {lived.datasets}" if days else ""),
            ("Open concerns", f"{lived.concerns}"),
            ("Promises kept", f"{lived.kept} of {lived.offers}" if lived.offers else ""),
        ]
        w.show(w.key_values(rows))


def versions(found: AgreementView) -> None:
    """All versions with what changed, and a comparison with the one before."""
    with w.surface("versions"):
        w.heading("Versions", number=len(found.versions))
        columns = [w.Column(title="Version", strong=True), w.Column(title="State"), w.Column(title="What changed"),
                   w.Column(title="Compare")]  # fmt: skip
        before = [*found.versions[1:], None]
        rows = [_version(found, each, older) for each, older in zip(found.versions, before, strict=True)]
        w.show(w.table(columns, rows, caption="Versions"))


def _version(found: AgreementView, each: VersionBrief, before: VersionBrief | None) -> tuple[w.Markup | str, ...]:
    shown = each.id == found.version.id
    address = w.href("agreement", id=found.id, version=each.label)
    name = w.Markup("{} (shown here)").format(each.label) if shown else w.link(each.label, address)
    since = each.closed_at or each.activated_at or each.created_at
    state = f"{STATES[each.state]}, {w.day(each.ends_on if each.state is State.EXPIRED else since)}"
    compare = w.href("agreement", id=found.id, version=each.label, against=before.label) if before else ""
    with_before = w.link(f"With {before.label}", compare) if before else w.muted("The first")
    return name, state, each.change_note or w.muted("Nothing said"), with_before
