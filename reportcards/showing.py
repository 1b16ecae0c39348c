"""After an import or another setting: work the card values out at once, and let the watch rules look at them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from governance import Action, Visit, machinery, require
from reportcards import composing, watching
from reportcards.tables import CardRow, ItemRow, WatchRow


def refresh(visit: Visit, indicator_ids: Sequence[str]) -> int:
    """Make every card that shows one of these indicators ready; how many warnings were raised.

    It looks with the eyes of the machinery: what a viewer may see is decided when a viewer looks.
    """
    with machinery("works out card values after an import", now=visit.now) as own:
        wanted = select(CardRow.name).join(ItemRow, ItemRow.card_id == CardRow.id)
        names = own.read().execute(wanted.where(ItemRow.indicator_id.in_(indicator_ids)).distinct()).scalars().all()
        watched = set(own.read().execute(select(WatchRow.item_id)).scalars())
        raised = 0
        for name in names:
            card = composing.report_card(own, name)
            for item in card.items:
                if item.item in watched and item.series is not None:
                    grant = require(own, Action.WARNING_RAISED, item.name, card=name)
                    with own.change(grant) as session:
                        found = (item.series.points, item.signal)
                        raised += watching.look(session, own, item.item, found=found)
    visit.refresh()
    return raised
