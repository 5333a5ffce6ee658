"""Made-up items in the words of their publishers, for the tests of likeness."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.models import Hearing, Identifier, Item, ItemType

DAY = datetime(2026, 3, 10, tzinfo=UTC)


def item(
    kind: ItemType,
    title: str,
    *,
    place: str = "us",
    text: str = "",
    url: str = "",
    day: float | None = 0,
    office: str = "",
    identifiers: tuple[Identifier, ...] = (),
    hearings: tuple[Hearing, ...] = (),
) -> Item:
    """Make an item; `day` counts from 10 March 2026, None leaves the date out."""
    return Item(
        source="made-up",
        key=title,
        type=kind,
        jurisdiction=place,
        title=title,
        text=text,
        url=url,
        published=None if day is None else DAY + timedelta(days=day),
        fingerprint="",
        office=office,
        identifiers=identifiers,
        hearings=hearings,
    )


def news(title: str, *, outlet: str = "one", day: float | None = 0, text: str = "") -> Item:
    """Make a story of an outlet; its address says nothing."""
    url = f"https://{outlet}.example.org/{len(title)}"
    return item(ItemType.NEWS, title, url=url, day=day, text=text)


def council(
    title: str, *, place: str = "ny/new_york", day: float | None = 0, text: str = ""
) -> Item:
    """Make a council's item."""
    return item(ItemType.COUNCIL_ITEM, title, place=place, day=day, text=text)


def bill(
    title: str, *, place: str = "fl", day: float | None = 0, url: str = "", text: str = ""
) -> Item:
    """Make a legislature's bill."""
    return item(ItemType.BILL, title, place=place, day=day, url=url, text=text)


def case(
    title: str, *, court: str = "mnd", day: float | None = 0, url: str = "", text: str = ""
) -> Item:
    """Make a case as a tracker lists it."""
    return item(ItemType.DOCKET_CAPTION, title, place=court, day=day, url=url, text=text)
