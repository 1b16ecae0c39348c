"""Whether an agreement lives: used since it was signed, feared, and its promises kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.agreements.document import read
from governance.agreements.keeping import folder
from governance.agreements.views import Health
from governance.tables import AuditRow, CommitmentRow, ConcernRow
from governance.visit import Visit, machinery

LOOKS = ("data.viewed", "data.presented", "data.downloaded")
OPEN_CONCERN = ("raised", "restated", "agreed", "answered")
UNUSED = timedelta(days=60)
"""In force for so long and nobody looked: it may not be needed."""


def health(visit: Visit, agreement_id: str) -> Health:
    """Whether the agreement is used, feared and kept. Raises NotFound."""
    made = folder(visit.read(), agreement_id)
    version = made.in_force
    document = read((version or made.versions[-1]).document)
    datasets = {each.dataset for each in document.schedule}
    since = min((each.activated_at for each in made.versions if each.activated_at), default=None) if version else None
    with machinery("counts how an agreement is used", now=visit.now) as all_seeing:
        session = all_seeing.read()
        looks = _looks(session, datasets, since) if since else {}
        concerns = _count_concerns(session, agreement_id)
        promises = _promises(session, agreement_id)
    first = min(looks.values(), default=None)
    made_up = Health(
        days_signed=(visit.now - since).days if since else None,
        datasets=len(datasets),
        used=len(looks),
        first_use_days=(first - since).days if first and since else None,
        concerns=concerns,
        offers=len(promises),
        kept=promises.count("kept"),
        amber=False,
        sentences=(),
    )
    return _judged(made_up, broken=promises.count("broken"))


def _looks(session: Session, datasets: set[str], since: datetime) -> dict[str, datetime]:
    """When each of these datasets was looked at first since then."""
    events = session.execute(
        select(AuditRow.object, AuditRow.at).where(AuditRow.action.in_(LOOKS), AuditRow.object.in_(sorted(datasets)))
    )
    found: dict[str, datetime] = {}
    for dataset, at in events:
        moment = datetime.fromisoformat(at)
        if moment >= since.replace(microsecond=0):
            found[dataset] = min(moment, found.get(dataset, moment))
    return found


def _count_concerns(session: Session, agreement_id: str) -> int:
    about = (ConcernRow.about_kind == "agreement", ConcernRow.about_id == agreement_id)
    return len(session.execute(select(ConcernRow.id).where(*about, ConcernRow.state.in_(OPEN_CONCERN))).all())


def _promises(session: Session, agreement_id: str) -> list[str]:
    """The states of what was offered and promised about it."""
    about = (CommitmentRow.about_kind == "agreement", CommitmentRow.about_id == agreement_id)
    return list(session.execute(select(CommitmentRow.state).where(*about)).scalars())


def _judged(found: Health, *, broken: int) -> Health:
    sentences: list[str] = []
    days = found.days_signed
    if days is not None and not found.used and days >= UNUSED.days:
        sentences.append(f"In force for {days} days, and nobody has looked at its data yet.")
    elif days is not None and found.used < found.datasets and days >= UNUSED.days:
        sentences.append(f"{found.datasets - found.used} of its {found.datasets} datasets have not been looked at yet.")
    if found.concerns:
        what = "1 concern waits" if found.concerns == 1 else f"{found.concerns} concerns wait"
        sentences.append(f"{what} for its end.")
    if broken:
        sentences.append("1 promise was broken." if broken == 1 else f"{broken} promises were broken.")
    return replace(found, amber=bool(sentences), sentences=tuple(sentences))
