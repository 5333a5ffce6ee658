"""What is read, and how a link's field is called."""

from __future__ import annotations

from monitor.models import ItemType

READ_FOR = frozenset(
    {
        ItemType.MEETING,
        ItemType.AGENDA_ITEM,
        ItemType.COUNCIL_ITEM,
        ItemType.BILL,
        ItemType.FEDERAL_REGISTER,
    }
)
LINK = "link"
