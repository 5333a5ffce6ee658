"""What one person is told directly: news of matters they follow, and reminders they asked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from monitor.dates import local
from monitor.models import Alert, Hearing, Item, Lead, PersonalReminder, Present
from monitor.text import digest, one_line
from monitor.wording import HEADLINE, next_hearing, numbered_title

NINE = time(9)
_DAYS = {Lead.DAY_BEFORE: 1, Lead.WEEK_BEFORE: 7}


def directly(person: str) -> str:
    """Name the channel that reaches one person, by the service's id of them."""
    return f"@{person}"


def person_of(channel: str) -> str:
    """Name the person whom a channel reaches: the other way round."""
    return channel.removeprefix("@")


def for_followers(
    alerts: Collection[Alert], following: Collection[tuple[int, str]]
) -> tuple[Alert, ...]:
    """Make a copy of a matter's alert for each of its followers.

    alerts: of one change, one for each channel. following: (matter, person's id). A copy belongs
    to no matter's thread: it is a message of its own, between the monitor and the person.
    """
    first = next((alert for alert in alerts if alert.kind == "alert" and alert.matter), None)
    if first is None:
        return ()
    people = sorted(person for matter, person in following if matter == first.matter)
    ends = f"You follow matter {first.matter}. To stop: /monitor unfollow {first.matter}"
    return tuple(
        replace(
            first,
            key=digest("direct", person, first.key),
            channel=directly(person),
            kind="direct",
            matter=0,
            lines=(*first.lines, (ends, "")),
            for_everyone=False,
        )
        for person in people
    )


def remind_at(lead: Lead, hearing: Hearing | None, timezone: str, now: datetime) -> datetime | None:
    """Return nine in the morning of the day that was wished for, on the person's own clock.

    hearing: the next date; without one, or where the wished day is over, None.
    """
    here = local(now, timezone)
    if lead is Lead.TOMORROW:
        day = here.date() + timedelta(days=1)
    elif hearing is None or hearing.starts is None:
        return None
    else:
        zone = hearing.timezone if hearing.all_day else timezone
        day = local(hearing.starts, zone).date() - timedelta(days=_DAYS[lead])
    wished = datetime.combine(day, NINE, here.tzinfo).astimezone(UTC)
    return wished if wished > now else None


def next_date(present: Present, now: datetime) -> Hearing | None:
    """Return the next date of a matter that stands and whose time is known."""
    standing = tuple(one for one in present.hearings if one.starts and not one.cancelled)
    return next_hearing(standing, now)


def reckoned(reminder: PersonalReminder, present: Present, now: datetime) -> PersonalReminder:
    """Move a reminder with the date before which it was asked for.

    A date that has gone without another one leaves it where it was: the person asked to hear.
    """
    hearing = next_date(present, now)
    kept = any(one.starts == reminder.starts and not one.cancelled for one in present.hearings)
    if hearing is None or kept:
        return reminder
    due = remind_at(reminder.lead, hearing, reminder.timezone, now) or now
    return replace(reminder, due_at=due, starts=hearing.starts)


def wanted_reminder(
    reminder: PersonalReminder,
    item: Item,
    present: Present,
    lines: tuple[tuple[str, str], ...],
    now: datetime,
) -> Alert:
    """Make the message that somebody asked for; when the date is, the message says by itself.

    item: the one that names the matter. lines: where its threads are.
    """
    return Alert(
        key=digest("personal reminder", reminder.person.id, str(reminder.id)),
        channel=directly(reminder.person.id),
        kind="reminder",
        headline=one_line(f"You asked to be reminded: {numbered_title(item)}", HEADLINE),
        item=replace(item, hearings=present.hearings),
        lines=lines,
        created_at=now,
    )
