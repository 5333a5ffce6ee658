"""Turns files of jehiah/nyc_legislation back into the Legistar records that they came from.

The mirror renamed the API's fields and dropped those that it did not need. A file's own times are
local with a false "Z" but for LastModified; 0001-01-01 means none. With the records come the same
entries as from the API itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from monitor.connectors import _legistar_entries as entries
from monitor.connectors._json_answers import Record
from monitor.connectors._legistar_answers import Row
from monitor.connectors._legistar_entries import Tenant
from monitor.errors import FormatError
from monitor.models import Entry

_MATTER = {
    "ID": "MatterId",
    "File": "MatterFile",
    "Name": "MatterName",
    "Title": "MatterTitle",
    "TypeName": "MatterTypeName",
    "StatusName": "MatterStatusName",
    "BodyName": "MatterBodyName",
    "IntroDate": "MatterIntroDate",
    "AgendaDate": "MatterAgendaDate",
    "PassedDate": "MatterPassedDate",
    "EnactmentDate": "MatterEnactmentDate",
    "LocalLaw": "MatterEnactmentNumber",
    "Version": "MatterVersion",
    "Summary": "MatterEXText5",
    "LastModified": "MatterLastModifiedUtc",
}
_EVENT = {
    "ID": "EventId",
    "BodyName": "EventBodyName",
    "Location": "EventLocation",
    "Comment": "EventComment",
    "AgendaStatusName": "EventAgendaStatusName",
    "MinutesStatusName": "EventMinutesStatusName",
    "AgendaFile": "EventAgendaFile",
    "MinutesFile": "EventMinutesFile",
    "InSiteURL": "EventInSiteURL",
    "AgendaLastPublished": "EventAgendaLastPublishedUTC",
    "LastModified": "EventLastModifiedUtc",
}
_ITEM = {
    "ID": "EventItemId",
    "Title": "EventItemTitle",
    "AgendaNumber": "EventItemAgendaNumber",
    "AgendaNote": "EventItemAgendaNote",
    "MinutesNote": "EventItemMinutesNote",
    "Version": "EventItemVersion",
    "MatterID": "EventItemMatterId",
    "MatterFile": "EventItemMatterFile",
    "MatterName": "EventItemMatterName",
    "MatterType": "EventItemMatterType",
    "MatterStatus": "EventItemMatterStatus",
    "ActionName": "EventItemActionName",
    "PassedFlagName": "EventItemPassedFlagName",
    "LastModified": "EventItemLastModifiedUtc",
}
_DOCUMENT = {"Name": "MatterAttachmentName", "Link": "MatterAttachmentHyperlink"}
_WHEN = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?")


def matter(file: Record, tenant: Tenant) -> Entry:
    """Read a file of introduction/ or resolution/; raises FormatError where it is none.

    Sponsors and votes are no news and are left out; documents hang on the matter itself.
    """
    found = entries.matter(_row(file, _MATTER), tenant)
    if found is None:
        raise FormatError("ID", "the file is no matter's")
    rows = [_row(one, _DOCUMENT) for one in file.records("Attachments")]
    return replace(found, attachments=entries.documents(rows, tenant))


def meeting(file: Record, tenant: Tenant) -> tuple[Entry, ...]:
    """Read a file of events/: the meeting and its agenda; raises FormatError where it is none."""
    row = _row(file, _EVENT, _when(file.text("Date")))
    items = [_row(one, _ITEM) for one in file.records("Items")]
    return entries.meeting(row, tenant), *_agenda(items, row, tenant)


def _agenda(items: Iterable[Row], event: Row, tenant: Tenant) -> tuple[Entry, ...]:
    found = [entries.agenda_item(one, event, tenant) for one in items]
    return tuple([one for one in found if one is not None])


def _when(said: str) -> dict[str, object]:
    """Split a meeting's time into the API's day and hour, both local; the offset is right too."""
    found = _WHEN.fullmatch(said)
    if not found:
        return {"EventDate": said, "EventTime": ""}
    hour = int(found[2])
    # Midnight stands for a time that nobody entered.
    clock = f"{(hour - 1) % 12 + 1}:{found[3]} {'AM' if hour < 12 else 'PM'}"  # noqa: PLR2004
    return {
        "EventDate": f"{found[1]}T00:00:00",
        "EventTime": "" if (found[2], found[3]) == ("00", "00") else clock,
    }


def _row(file: Record, names: dict[str, str], more: dict[str, object] | None = None) -> Row:
    """Give a file's fields the API's names; what the API does not know is left behind."""
    return Row({own: file.fields.get(name) for name, own in names.items()} | (more or {}))
