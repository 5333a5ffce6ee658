"""Letters: each reader's own, rendered once for many, with a calendar that the next replaces."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from icalendar import Calendar

from monitor.config.settings import MonitorSettings
from monitor.letters import Letters
from monitor.models import Digest, Frequency, Hearing, Language, Subscriber
from monitor.store import Store
from tests.render.digests import ACT, MD, NOW, PERIOD, WON, flood, full_week
from tests.store.builders import item, match

WEEK = timedelta(weeks=1)
FIRST = NOW + timedelta(days=9)


def see(store: Store, starts: datetime, now: datetime) -> int:
    """Let a poll find a council's hearing; return its matter."""
    seen = item("1", hearings=(Hearing("hearing", starts, "America/New_York", "Room 1"),))
    merged = store.items.merge(seen, now, (match(),))
    assert merged is not None
    return merged.change.matter


def events(store: Store, period: str, matter: int, now: datetime) -> list[Any]:
    """Write the next copy of a digest of one matter; read the calendar that it carries."""
    week = replace(full_week(), period=replace(PERIOD, id=period), composed_at=now)
    store.digests.save(replace(week, matters=(replace(ACT, matter=matter),)))
    store.mailings.queue("weekly", period, Frequency.WEEKLY, now)
    letters = Letters(store, MonitorSettings(contact="team@example.test"))
    found: list[Any] = []
    while mailing := store.mailings.reserve(now):
        letter = letters.write(mailing, now)
        store.mailings.confirm(mailing.id, "x", now)
        (attached,) = letter.iter_attachments()
        assert attached.get_content_type() == "text/calendar"
        content = attached.get_payload(decode=True)
        assert isinstance(content, bytes)
        found += Calendar.from_ical(content).walk("VEVENT")
    return found


def test_a_hearing_that_was_moved_replaces_last_weeks(tmp_path: Path) -> None:
    """The same name, a higher number; everybody's copy of one week has the same."""
    with Store.open(tmp_path / "monitor.db") as store:
        for name, language in (("a", Language.ENGLISH), ("b", Language.SPANISH)):
            added = Subscriber(0, f"{name}@people.test", language=language)
            store.subscribers.add(added, NOW, confirmed=True)
        matter = see(store, FIRST, NOW)
        this_week = events(store, "2026-W47", matter, NOW)
        see(store, FIRST + timedelta(days=1), NOW + timedelta(days=2))
        next_week = events(store, "2026-W48", matter, NOW + WEEK)
    assert [one["SEQUENCE"] for one in this_week] == [0, 0]
    assert [one["SEQUENCE"] for one in next_week] == [1, 1]
    assert len({str(one["UID"]) for one in (*this_week, *next_week)}) == 1
    assert {str(one["SUMMARY"]).partition(":")[0] for one in next_week} == {"Hearing", "Audiencia"}


def exported(store: Store, now: datetime) -> tuple[str, int]:
    """Give the one date out as `export --format ics` does."""
    (date,) = store.calendar.entries(now, now + 52 * WEEK)
    store.calendar.note([date])
    return date.uid, date.sequence


def test_the_attached_calendar_and_an_exported_one_are_one_to_a_reader(tmp_path: Path) -> None:
    """The same name; whichever is given out later replaces the other."""
    days = [FIRST + timedelta(days=n) for n in range(4)]
    with Store.open(tmp_path / "monitor.db") as store:
        store.subscribers.add(Subscriber(0, "a@people.test"), NOW, confirmed=True)
        matter = see(store, days[0], NOW)
        (attached,) = events(store, "2026-W47", matter, NOW)
        same = exported(store, NOW)
        see(store, days[1], NOW + timedelta(days=1))
        moved = exported(store, NOW + timedelta(days=1))
        see(store, days[2], NOW + timedelta(days=2))
        (again,) = events(store, "2026-W48", matter, NOW + WEEK)
        last = exported(store, NOW + WEEK)
    name = str(attached["UID"])
    assert same == (name, 0)
    assert moved == (name, 1)
    assert last == (name, 2)
    assert (str(again["UID"]), again["SEQUENCE"]) == (name, 2)


# ---------------------------------------------------------------------------------- many readers


def copies(store: Store, *readers: Subscriber, week: Digest) -> dict[str, EmailMessage]:
    """Write a week's copy for each reader, by address."""
    for one in readers:
        store.subscribers.add(one, NOW, confirmed=True)
    store.digests.save(week)
    store.mailings.queue("weekly", week.period.id, Frequency.WEEKLY, NOW)
    letters = Letters(
        store, MonitorSettings(contact="team@example.test", public_url="https://monitor.example")
    )
    found: dict[str, EmailMessage] = {}
    while mailing := store.mailings.reserve(NOW):
        found[mailing.subscriber.address] = letters.write(mailing, NOW)
        store.mailings.confirm(mailing.id, "x", NOW)
    return found


def pages(letter: EmailMessage) -> str:
    """Read the text and the HTML of a letter."""
    bodies = (letter.get_body(("plain",)), letter.get_body(("html",)))
    return "\n".join(body.get_content() for body in bodies if body)


def test_readers_with_the_same_choices_get_the_same_pages_but_for_their_own_links(
    tmp_path: Path,
) -> None:
    """Nothing of one stands in the copy of another."""
    with Store.open(tmp_path / "monitor.db") as store:
        readers = [Subscriber(0, f"r{n}@people.test", f"Reader {n}") for n in range(4)]
        spanish = Subscriber(0, "es@people.test", language=Language.SPANISH)
        sent = copies(store, *readers, spanish, week=full_week())
        tokens = {one.address: one.token for one in store.subscribers.listed()}
    same = {pages(sent[one.address]).replace(tokens[one.address], "T") for one in readers}
    assert len(same) == 1
    for address, letter in sent.items():
        whole = pages(letter) + str(letter)
        assert pages(letter).count(f"https://monitor.example/unsubscribe/{tokens[address]}") == 2
        for other in set(tokens) - {address}:
            assert tokens[other] not in whole
            assert other not in whole
        assert "Reader" not in pages(letter)
    assert "Boletín" in pages(sent["es@people.test"])


def test_each_choice_has_its_own_pages(tmp_path: Path) -> None:
    """Topics, places and language, however many choices there are."""
    with Store.open(tmp_path / "monitor.db") as store:
        week = replace(full_week(), matters=(ACT, replace(WON, topics=("287g",))))
        choices = {
            "all": ((), ()),
            "sanctuary": (("sanctuary",), ()),
            "maryland": ((), (MD,)),
            "neither": (("sanctuary",), (MD,)),
        }
        readers = [
            Subscriber(0, f"{name}@people.test", topics=topics, jurisdictions=places)
            for name, (topics, places) in choices.items()
        ]
        sent = copies(store, *readers, week=week)
    told = {
        name: (ACT.title[:20] in pages(letter), WON.title[:20] in pages(letter))
        for address, letter in sent.items()
        for name in [address.partition("@")[0]]
    }
    assert told == {
        "all": (True, True),
        "sanctuary": (True, False),
        "maryland": (False, True),
        "neither": (False, False),
    }
    assert "nothing new" in str(sent["neither@people.test"]["Subject"])


def test_further_copies_of_a_flood_cost_a_small_part_of_the_first(tmp_path: Path) -> None:
    """Rendering five hundred matters for each of a thousand readers would take an hour."""
    with Store.open(tmp_path / "monitor.db") as store:
        store.digests.save(flood(500))
        for n in range(13):
            store.subscribers.add(Subscriber(0, f"r{n}@people.test"), NOW, confirmed=True)
        store.mailings.queue("weekly", PERIOD.id, Frequency.WEEKLY, NOW)
        letters = Letters(store, MonitorSettings(contact="team@example.test"))
        spent = []
        while mailing := store.mailings.reserve(NOW):
            began = time.process_time()
            letters.write(mailing, NOW)
            spent.append(time.process_time() - began)
            store.mailings.confirm(mailing.id, "x", NOW)
    assert sum(spent[1:]) < spent[0]
