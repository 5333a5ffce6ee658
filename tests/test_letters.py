"""A week's letter carries the calendar of its matters, and the next one's replaces it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from icalendar import Calendar

from monitor.config.settings import MonitorSettings
from monitor.letters import Letters
from monitor.models import Frequency, Hearing, Language, Subscriber
from monitor.store import Store
from tests.render.digests import ACT, NOW, PERIOD, full_week
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
