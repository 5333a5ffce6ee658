"""Words for people: times with their weekday and zone, countdowns, directions, official numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.dates import local
from monitor.jurisdictions import label
from monitor.models import (
    ChangeKind,
    Direction,
    FieldChange,
    Hearing,
    Identifier,
    Item,
    ItemType,
)
from monitor.stages.spoken import words_for_new, words_for_turn
from monitor.text import fold, mask_private, one_line

DIRECTIONS = {
    Direction.LIMITS: "Limits cooperation with ICE",
    Direction.EXPANDS: "Expands cooperation with ICE",
}
TYPES = {
    ItemType.BILL: "Bill",
    ItemType.COUNCIL_ITEM: "Council item",
    ItemType.AGENDA_ITEM: "Agenda item",
    ItemType.MEETING: "Meeting",
    ItemType.DOCKET_ENTRY: "Docket entry",
    ItemType.DOCKET_CAPTION: "Case",
    ItemType.OPINION: "Opinion",
    ItemType.EXECUTIVE_ORDER: "Executive order",
    ItemType.FEDERAL_REGISTER: "Federal Register",
    ItemType.PRESS_RELEASE: "Press release",
    ItemType.NEWS: "News",
    ItemType.AGREEMENT: "Agreement",
    ItemType.PAGE_CHANGE: "Web page",
    ItemType.ROW: "List",
}
HEARINGS = {
    "hearing": "Hearing",
    "meeting": "Meeting",
    "comment_deadline": "Comments due",
    "effective": "In force",
    "return_date": "Return date",
}
# Which of several official names people use for a matter.
_SCHEMES = ("bill", "council_file", "docket", "executive_order", "fr_document", "rin")
_PREFIXES = {"docket": "No. ", "executive_order": "EO ", "fr_document": "FR ", "rin": "RIN "}
_SOON = timedelta(hours=24)
_FAR = datetime.max.replace(tzinfo=UTC)


def spoken(
    moment: datetime, timezone: str = "", *, all_day: bool = False, now: datetime | None = None
) -> str:
    """Say a time as "Tue, Nov 24, 2026, 10:00 am EST", a day as "Tue, Nov 24, 2026".

    timezone: IANA name of the zone of the readers; without it the moment's own clock is read.
    now: where given, this year is not said.
    """
    there = local(moment, timezone) if timezone else moment
    year = "" if now and now.year == there.year else f", {there.year}"
    day = f"{there:%a, %b} {there.day}{year}"
    if all_day:
        return day
    half = "am" if there.hour < 12 else "pm"  # noqa: PLR2004 - noon
    zone = there.tzname() or ""
    return f"{day}, {there.hour % 12 or 12}:{there:%M} {half} {zone}".rstrip()


def countdown(hearing: Hearing, now: datetime) -> str:
    """Say how far ahead a hearing lies: "today", "tomorrow", "in 3 days"; "" once it is over.

    Days are counted on the calendar of the place, not in spans of 24 hours.
    """
    left = time_left(hearing, now)
    if left is None:
        return ""
    days, hours = left
    if hours:
        named = "today" if days == 0 else "tomorrow"
        return f"{named}, in {hours} hour{'s' if hours != 1 else ''}"
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def time_left(hearing: Hearing, now: datetime) -> tuple[int, int] | None:
    """Count days on the calendar of the place, and hours where fewer than 24 are left, else 0.

    None where the hearing is over, or its time is not known.
    """
    if hearing.starts is None:
        return None
    there, here = local(hearing.starts, hearing.timezone), local(now, hearing.timezone)
    days = (there.date() - here.date()).days
    if days < 0 or (hearing.starts < now and not hearing.all_day):
        return None
    hours = round((hearing.starts - now) / timedelta(hours=1))
    soon = hearing.starts - now < _SOON and hours > 0 and not hearing.all_day
    return days, hours if soon else 0


def hearing_time(hearing: Hearing, now: datetime | None = None) -> str:
    """Say when a hearing is, in the publisher's own words where those are all there is."""
    if hearing.starts is None:
        return hearing.said
    return spoken(hearing.starts, hearing.timezone, all_day=hearing.all_day, now=now)


def next_hearing(hearings: tuple[Hearing, ...], now: datetime | None) -> Hearing | None:
    """Choose the date that matters: the first one ahead; None where all are past.

    One that stands goes before a cancelled one, a known time before an unknown one. Without `now`
    every date counts as ahead.
    """
    ahead = [one for one in hearings if now is None or is_ahead(one, now)]
    return min(ahead, key=lambda one: (one.cancelled, one.starts or _FAR), default=None)


def is_ahead(hearing: Hearing, now: datetime) -> bool:
    """Say whether a date is still to come; one without a known time may be."""
    if hearing.starts is None:
        return True
    if hearing.all_day:
        return local(hearing.starts, hearing.timezone).date() >= local(now, hearing.timezone).date()
    return hearing.starts >= now


def official_number(identifiers: tuple[Identifier, ...]) -> str:
    """Return the name that people use: "HB 1234", "No. 1:25-cv-02757", "EO 14159"; "" for none."""
    for scheme in _SCHEMES:
        for identifier in identifiers:
            if identifier.scheme == scheme:
                return _PREFIXES.get(scheme, "") + identifier.value
    return ""


def numbered_title(item: Item) -> str:
    """Return the title with the official number before it, unless the title already says it."""
    return numbered(item.title or item.url or "(without a title)", item.identifiers)


def numbered(title: str, identifiers: tuple[Identifier, ...]) -> str:
    """Put the official number before a title, unless the title already says it."""
    number = official_number(identifiers)
    bare = number.removeprefix("No. ").removeprefix("EO ").removeprefix("FR ").removeprefix("RIN ")
    if not bare or _squeezed(bare) in _squeezed(title):
        return title
    return f"{number} — {title}"


def _squeezed(text: str) -> str:
    return "".join(letter for letter in fold(text) if letter.isalnum())


# ------------------------------------------------------------------------------------ headline

# Slack's headers hold 150, and an urgent one has a mark before it.
HEADLINE = 148
_NEW = {
    ItemType.BILL: "New bill",
    ItemType.AGENDA_ITEM: "On the agenda",
    ItemType.MEETING: "Meeting",
    ItemType.DOCKET_ENTRY: "Docket",
    ItemType.DOCKET_CAPTION: "New case",
    ItemType.OPINION: "Opinion",
    ItemType.EXECUTIVE_ORDER: "Executive order",
    ItemType.FEDERAL_REGISTER: "Federal Register",
    ItemType.PRESS_RELEASE: "Press release",
    ItemType.NEWS: "News",
    ItemType.AGREEMENT: "New agreement",
    ItemType.PAGE_CHANGE: "Page changed",
}
_GONE = {
    ItemType.MEETING: "Taken off the calendar",
    ItemType.AGENDA_ITEM: "Taken off the agenda",
    ItemType.AGREEMENT: "No longer listed",
    ItemType.ROW: "No longer listed",
}
_BACK = {ItemType.MEETING: "Back on the calendar", ItemType.AGENDA_ITEM: "Back on the agenda"}
# What is only worth knowing with its date.
_DATED = frozenset({ItemType.MEETING, ItemType.AGENDA_ITEM})
_AMENDED = {
    "title": "Retitled",
    "text": "Text amended",
    "attachments": "Documents changed",
}
_SHORT_FACT = 40
# The name of the change of an item whose documents gained lines, and what marks those lines.
ADDED_LATE = "added_late"
LATE_MARK = ", added late"
# Its documents could not be read when the item came, and can now.
READ_NOW = "read_now"


def headline(
    kind: ChangeKind,
    item: Item,
    fields: tuple[FieldChange, ...] = (),
    source_name: str = "",
    now: datetime | None = None,
    told: datetime | None = None,
) -> str:
    """Say in one line of at most 148 characters what happened, to what, and where.

    fields: the changes that are news; the weightiest one speaks: a date, the stage, the title.
    now: when it happened. told: when it is read, for "today" and "tomorrow"; None leaves them out.
    """
    lead = one_line(mask_private(_lead(kind, item, fields, now, told)), 70)
    where = one_line(_body(item, source_name), 50)
    title = mask_private(numbered_title(item))
    joint = " · " if ": " in lead else ": "
    tail = f" ({where})" if where and fold(where) not in fold(title) else ""
    room = HEADLINE - len(lead) - len(joint) - len(tail)
    return f"{lead}{joint}{one_line(title, room)}{tail}"


def reminder_headline(
    hearing: Hearing, item: Item, now: datetime | None, told: datetime | None = None
) -> str:
    """Remind in one line of a date; `now` and `told` are those of `headline`."""
    name, when = HEARINGS.get(hearing.kind, "Date").lower(), hearing_time(hearing, now)
    soon = countdown(hearing, told) if told else ""
    lead = f"Reminder: {name} {when}" + (f" ({soon})" if soon else "")
    if told and not is_ahead(hearing, told):
        lead = f"Reminder, too late: {name} {when} is over"
    return one_line(f"{lead} · {numbered_title(item)}", HEADLINE)


def _lead(
    kind: ChangeKind,
    item: Item,
    fields: tuple[FieldChange, ...],
    now: datetime | None,
    told: datetime | None,
) -> str:
    if kind is ChangeKind.NEW:
        return _new_lead(item, now)
    if kind is ChangeKind.GONE:
        return _GONE.get(item.type, "Gone")
    named = {field.name: field for field in fields}
    if "listing" in named:
        return _BACK.get(item.type, "Listed again")
    if ADDED_LATE in named or READ_NOW in named:
        return _agenda_lead("Added late" if ADDED_LATE in named else "On the agenda", item, now)
    stage = named["stage"].new if "stage" in named else ""
    turned = words_for_turn(stage, item.type, dated="hearings" in named)
    if "hearings" in named and not turned:
        return _hearing_lead(named["hearings"], item, now, told)
    return turned or _amended_lead(fields, named)


def _amended_lead(fields: tuple[FieldChange, ...], named: dict[str, FieldChange]) -> str:
    if "status" in named:
        return _status_lead(named["status"])
    amended = next((said for name, said in _AMENDED.items() if name in named), "")
    return amended or (_fact_lead(fields[0]) if fields else "Changed")


def _new_lead(item: Item, now: datetime | None) -> str:
    word = words_for_new(item) or _NEW.get(item.type, "New")
    chosen = next_hearing(_given(item), now)
    if item.type not in _DATED or chosen is None or chosen.starts is None:
        return word
    cancelled = "Cancelled: " if chosen.cancelled else ""
    return f"{cancelled}{word} {hearing_time(chosen, now)}"


def _given(item: Item) -> tuple[Hearing, ...]:
    """Leave out dates that were read out of sentences: what happened is not about them."""
    return tuple(one for one in item.hearings if not one.derived)


def _agenda_lead(word: str, item: Item, now: datetime | None) -> str:
    """Say what became of an agenda, and of which day's."""
    chosen = next_hearing(_given(item), now)
    if chosen is None or chosen.starts is None:
        return word
    cancelled = "Cancelled: " if chosen.cancelled else ""
    return f"{cancelled}{word}, {hearing_time(chosen, now)}"


def _status_lead(field: FieldChange) -> str:
    if not field.old or not field.new:
        return f"Status: {field.new or 'none any more'}"
    return f"Status: {one_line(field.old, 30)} → {one_line(field.new, 30)}"


def _fact_lead(field: FieldChange) -> str:
    name = field_name(field.name)
    if field.new and len(field.new) <= _SHORT_FACT:
        return f"{name}: {field.new}"
    return f"{name} changed"


def _hearing_lead(
    field: FieldChange, item: Item, now: datetime | None, told: datetime | None
) -> str:
    """Tell a cancelled date from a moved one and from a first one."""
    chosen = next_hearing(_given(item), now)
    word = HEARINGS.get(chosen.kind, "Date") if chosen else "Date"
    if not field.new or _newly_cancelled(field):
        return "Cancelled"
    if chosen is None:
        return "Dates changed"
    soon = countdown(chosen, told).partition(",")[0] if told else ""
    when = hearing_time(chosen, now) + (f" ({soon})" if soon in {"today", "tomorrow"} else "")
    if chosen.kind not in {"hearing", "meeting"}:
        return f"{word}: {when}"
    return f"{word} {'moved to' if field.old else 'set for'} {when}"


def _newly_cancelled(field: FieldChange) -> bool:
    """Say whether all that is new about the dates is that they are cancelled."""
    before, after = field.old.split("\n"), field.new.split("\n")
    fresh = [line for line in after if line not in before]
    return bool(fresh) and all(line.endswith("cancelled") for line in fresh)


def field_name(name: str) -> str:
    """Name a field of an item for people: "Dates", "Documents", "Lead sponsor"."""
    spaced = name.replace("_", " ")
    return _FIELDS.get(name) or spaced[:1].upper() + spaced[1:]


_FIELDS = {
    "hearings": "Dates",
    "attachments": "Documents",
    "office": "Body",
    ADDED_LATE: "Added late",
    READ_NOW: "Read now",
}


def _body(item: Item, source_name: str) -> str:
    """Name who acts: the source where it names the place, else the office with its place."""
    place = label(item.jurisdiction) if item.jurisdiction else ""
    town = fold(place.partition(",")[0])
    if place == "United States" or not place:
        return item.office or source_name or place
    if town in fold(source_name):
        return source_name
    if not item.office or town in fold(item.office):
        return item.office or place
    return f"{item.office}, {place}"
