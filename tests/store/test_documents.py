"""Documents that are followed: what is due, what was read, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.documents import AHEAD, EVERY, packed, unpacked
from monitor.models import Attachment, Hearing, Item, ItemType, Reading, Validators
from monitor.store import Arrival, Store
from monitor.store import documents as followed_documents
from monitor.store.documents import MOST_DUE
from tests.store.builders import DAY, HOUR, NOW, item

AGENDA = "https://council.example/agenda.pdf"


def meeting(key: str = "1", *urls: str, ahead: timedelta = DAY, **fields: Any) -> Item:
    """Make a meeting with an agenda."""
    return item(
        key,
        type=ItemType.MEETING,
        hearings=(Hearing("meeting", NOW + ahead),),
        attachments=tuple(Attachment("Agenda", url) for url in urls or (AGENDA,)),
        **fields,
    )


def posted(store: Store, *meetings: Item, owed: bool = False) -> None:
    """Record meetings as a poll does."""
    store.items.merge_all([Arrival(one) for one in meetings], NOW)
    store.documents.follow(meetings, NOW, owed=owed)


def read(store: Store, text: str, url: str = AGENDA, key: str = "1", **fields: Any) -> None:
    """Keep what a poll read."""
    made = Reading(key, "agenda", url, NOW, *packed((text,)), Validators('"1"', "Mon", "aa"))
    store.documents.keep("council", (replace(made, **fields),))


def texts(store: Store) -> dict[str, str]:
    """Return what was read, by URL."""
    return {one.url: unpacked(one)[0] for one in store.documents.readings("council", NOW)}


def test_an_agenda_never_read_is_due_and_then_every_six_hours(store: Store) -> None:
    """With the item that it hangs on."""
    one = meeting()
    posted(store, one)
    (due,) = store.documents.due("council", NOW)
    assert (due.item, due.url, due.owed) == (one, AGENDA, False)
    read(store, "Bees")
    assert store.documents.due("council", NOW + EVERY - HOUR) == ()
    assert len(store.documents.due("council", NOW + EVERY)) == 1


def test_only_meetings_soon_are_due(store: Store) -> None:
    """Not those over, nor those far ahead, nor those of other sources, nor those that are gone."""
    posted(store, meeting(ahead=AHEAD + DAY))
    assert store.documents.due("council", NOW) == ()
    assert len(store.documents.due("council", NOW + DAY)) == 1
    assert store.documents.due("other", NOW + DAY) == ()
    assert store.documents.due("council", NOW + AHEAD + 2 * DAY) == ()
    for _ in range(3):
        store.items.missing("council", ["another"], NOW)
    assert store.documents.due("council", NOW + DAY) == ()


def test_those_never_read_come_first_then_the_soonest(store: Store) -> None:
    """A few at a time."""
    many = [meeting(str(n), f"https://x.example/{n}", ahead=n * HOUR) for n in range(1, 10)]
    posted(store, *many)
    for n in (1, 2, 3, 4):
        read(store, "Bees", f"https://x.example/{n}", str(n))
    keys = [due.item.key for due in store.documents.due("council", NOW + EVERY - HOUR)]
    assert keys == ["6", "7", "8", "9"]
    later = [due.item.key for due in store.documents.due("council", NOW + EVERY)]
    assert later == ["7", "8", "9"]
    assert MOST_DUE == 6


def test_what_was_read_comes_back_with_its_validators(store: Store) -> None:
    """Tokens of the link do not count."""
    posted(store, meeting("1", f"{AGENDA}?token=secret"))
    read(store, "Bees", cut=True)
    (reading,) = store.documents.readings("council", NOW)
    assert reading.validators == Validators('"1"', "Mon", "aa")
    assert (reading.item, reading.role, reading.cut) == ("1", "agenda", True)
    assert unpacked(reading) == ("Bees",)


def test_an_equal_document_changes_only_when_it_was_asked_for(store: Store) -> None:
    """And so does one that could not be had."""
    posted(store, meeting())
    read(store, "Bees")
    store.documents.keep("council", (Reading("1", "agenda", AGENDA, NOW + EVERY, same=True),))
    assert texts(store) == {AGENDA: "Bees"}
    assert store.documents.due("council", NOW + EVERY + HOUR) == ()
    (reading,) = store.documents.readings("council", NOW)
    assert reading.validators == Validators('"1"', "Mon", "aa")


def test_a_document_that_nobody_follows_is_not_kept(store: Store) -> None:
    """The text of a bill that is read once takes no room."""
    store.items.merge(item("2"), NOW)
    read(store, "A bill", "https://council.example/bill", "2")
    assert store.documents.readings("council", NOW) == ()


def test_an_agenda_with_another_address_inherits_what_was_read(store: Store) -> None:
    """It is asked for anew, without the old validators."""
    posted(store, meeting())
    read(store, "Bees")
    moved = meeting("1", "https://council.example/agenda-2.pdf")
    posted(store, moved)
    assert texts(store) == {"https://council.example/agenda-2.pdf": "Bees"}
    (reading,) = store.documents.readings("council", NOW)
    assert reading.validators == Validators()
    assert [due.url for due in store.documents.due("council", NOW)] == [reading.url]


def test_an_agenda_that_was_taken_off_is_forgotten(store: Store) -> None:
    """And one of a meeting that was cancelled."""
    posted(store, meeting())
    read(store, "Bees")
    posted(store, replace(meeting(), attachments=()))
    assert texts(store) == {}
    posted(store, meeting())
    read(store, "Bees")
    posted(store, replace(meeting(), hearings=(Hearing("meeting", NOW + DAY, cancelled=True),)))
    assert texts(store) == {}


def test_one_address_for_the_next_meeting_forgets_the_last_one(store: Store) -> None:
    """Two meetings are no two versions; two items of one meeting share its packet."""
    posted(store, meeting())
    read(store, "Bees")
    posted(store, meeting("2"))
    assert texts(store) == {AGENDA: "Bees"}
    posted(store, meeting("3", ahead=2 * DAY))
    assert texts(store) == {}


def test_what_is_owed_is_so_until_it_was_read(store: Store) -> None:
    """A failure does not pay it."""
    posted(store, meeting(), owed=True)
    store.documents.keep("council", (Reading("1", "agenda", AGENDA, NOW, same=True),))
    assert [due.owed for due in store.documents.due("council", NOW + EVERY)] == [True]
    read(store, "Bees")
    posted(store, meeting(), owed=True)
    assert [due.owed for due in store.documents.due("council", NOW + EVERY)] == [False]


def test_what_was_read_for_meetings_long_over_is_thrown_away(store: Store) -> None:
    """When the source brings something new a month later, or by the usual tidying."""
    posted(store, meeting())
    store.documents.follow((meeting("2", "https://x.example/2", ahead=40 * DAY),), NOW + 32 * DAY)
    urls = [url for (url,) in store._db.rows("SELECT url FROM documents")]
    assert urls == ["https://x.example/2"]
    assert store.upkeep.prune(NOW + 39 * DAY).documents == 0
    assert store.upkeep.prune(NOW + 41 * DAY).documents == 1


def test_readings_are_bounded_and_the_soonest_meetings_first(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many packets of a hundred pages there are."""
    posted(store, *(meeting(str(n), f"https://x.example/{n}", ahead=n * HOUR) for n in (3, 1, 2)))
    for n in (1, 2, 3):
        read(store, f"Agenda {n}", f"https://x.example/{n}", str(n))
    size = len(store.documents.readings("council", NOW)[0].text)
    monkeypatch.setattr(followed_documents, "MOST_BYTES", 2 * size)
    assert list(texts(store).values()) == ["Agenda 1", "Agenda 2"]
