"""Made-up matters for digests, as the store would tell them."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from monitor.digest import Arrived, Dated, Edition, MatterNews, Revised, Span, Statistics, compose
from monitor.models import (
    ChangeKind,
    Checked,
    Digest,
    DigestMatter,
    FieldChange,
    Hearing,
    Item,
    ItemType,
    Period,
)
from tests.store.builders import DAY, NEW_YORK, NOW, item, match

EDITION = Edition("weekly", "The week", time(8), channel="#digest")
PERIOD = EDITION.period("2026-W47")
SEEN = NOW - 3 * DAY
AHEAD = Hearing("hearing", NOW + 2 * DAY, "America/New_York", "Room 240")


def news(number: int = 1, *arrived: Item, **fields: Any) -> MatterNews:
    """Make a matter that was new in the period, unless `fields` say otherwise."""
    items = arrived or (item(str(number)),)
    made = MatterNews(
        id=number,
        title=f"Resolution {number}",
        type=items[0].type,
        jurisdiction=NEW_YORK,
        url=f"https://council.example/{number}",
        fresh=True,
        arrived=tuple(Arrived(one, SEEN) for one in items),
        matches=(match(),),
        sources=("council",),
    )
    return replace(made, **fields)


def known(number: int = 1, *fields: FieldChange, **more: Any) -> MatterNews:
    """Make a matter that was known before, of which an item changed so."""
    changed = more.pop("item", item(str(number)))
    kind = more.pop("kind", ChangeKind.UPDATED)
    revised = (Revised(changed, kind, fields, SEEN),)
    made = news(number, changed, fresh=False, arrived=(), revised=revised)
    return replace(made, **more)


def dated(hearing: Hearing = AHEAD, **fields: Any) -> Dated:
    """Make a date of a matter's item."""
    return replace(Dated(hearing, SEEN), **fields)


def composed(*matters: MatterNews, **more: Any) -> Digest:
    """Compose a digest of these matters on the Monday after their week."""
    period: Period = more.pop("period", PERIOD)
    return compose(
        more.pop("edition", EDITION),
        period,
        matters,
        more.pop("statistics", Statistics()),
        more.pop("checked", Checked(sources=3, checked=3, polls=500)),
        span=more.pop("span", Span()),
        names={"council": "Sampleville Council", "herald": "The Herald"},
        now=more.pop("now", NOW),
    )


def told(one: MatterNews, **more: Any) -> DigestMatter:
    """Compose a digest of one matter, and return what it says of it."""
    (made,) = composed(one, **more).matters
    return made


def docket_entry(key: str, text: str, **fields: Any) -> Item:
    """Make an entry of a docket; feeds give the case's name as title, the paper as text."""
    return item(
        key,
        type=ItemType.DOCKET_ENTRY,
        jurisdiction="cand",
        title="City of Sampleville v. Doe",
        text=text,
        **fields,
    )


WEEK = timedelta(weeks=1)
