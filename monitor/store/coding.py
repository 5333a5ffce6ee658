"""How values stand in the tables: times and lists as text that also people and Datasette can read.

A time is ISO 8601 in UTC with six decimals and a Z, so that text order is time order. What is
only carried, never asked for, is JSON without the fields that have their default, so that rows of
an older version are read by a newer one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from monitor.errors import StoreError
from monitor.models import (
    Alert,
    Attachment,
    Contact,
    Digest,
    FieldChange,
    Hearing,
    Identifier,
    Item,
    ItemType,
    Match,
    Pairs,
    Stage,
)

ITEM_COLUMNS = (
    "source, key, fingerprint, type, jurisdiction, published, url, office, status, labels, "
    "details, title, text"
)
ITEM_WIDTH = 13


@dataclass(frozen=True, slots=True)
class Details:
    """The fields of an item that are carried as JSON."""

    identifiers: tuple[Identifier, ...] = ()
    hearings: tuple[Hearing, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    facts: Pairs = ()
    noise: Pairs = ()
    muted: str = ""
    watched: str = ""
    stage: Stage | None = None
    stage_said: str = ""
    participation: tuple[Contact, ...] = ()


_NO_DETAILS = Details()


@cache
def _codec(form: Any) -> TypeAdapter[Any]:
    return TypeAdapter(form)


def _dumped(form: Any, value: Any) -> str:
    return _codec(form).dump_json(value, exclude_defaults=True).decode()


def _read(form: Any, text: str) -> Any:
    try:
        return _codec(form).validate_json(text)
    except ValidationError as error:
        raise StoreError(
            "the database holds a value that this version of the program cannot read; "
            f"install the newer version that wrote it ({error})"
        ) from error


def stamp(when: datetime) -> str:
    """Write an aware time; raises ValueError for one without a zone, which is a bug."""
    if when.tzinfo is None:
        raise ValueError(f"{when} has no time zone")
    return when.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def optional_stamp(when: datetime | None) -> str | None:
    """Write an aware time, or NULL."""
    return None if when is None else stamp(when)


def moment(text: str) -> datetime:
    """Read what `stamp` wrote."""
    return datetime.fromisoformat(text)


def optional_moment(text: str | None) -> datetime | None:
    """Read what `optional_stamp` wrote."""
    return None if text is None else datetime.fromisoformat(text)


def item_values(item: Item) -> tuple[str | None, ...]:
    """Write an item as the values of ITEM_COLUMNS."""
    details = Details(
        item.identifiers,
        item.hearings,
        item.attachments,
        item.facts,
        item.noise,
        item.muted,
        item.watched,
        item.stage,
        item.stage_said,
        item.participation,
    )
    return (
        item.source,
        item.key,
        item.fingerprint,
        item.type.value,
        item.jurisdiction,
        optional_stamp(item.published),
        item.url,
        item.office,
        item.status,
        json.dumps(item.labels, ensure_ascii=False) if item.labels else "[]",
        "{}" if details == _NO_DETAILS else _dumped(Details, details),
        item.title,
        item.text,
    )


def item_of(row: tuple[Any, ...]) -> Item:
    """Read an item from the values of ITEM_COLUMNS."""
    details = _NO_DETAILS if row[10] == "{}" else _read(Details, row[10])
    return Item(
        source=row[0],
        key=row[1],
        fingerprint=row[2],
        type=ItemType(row[3]),
        jurisdiction=row[4],
        published=optional_moment(row[5]),
        url=row[6],
        office=row[7],
        status=row[8],
        labels=tuple(json.loads(row[9])),
        title=row[11],
        text=row[12],
        identifiers=details.identifiers,
        hearings=details.hearings,
        attachments=details.attachments,
        facts=details.facts,
        noise=details.noise,
        muted=details.muted,
        watched=details.watched,
        stage=details.stage,
        stage_said=details.stage_said,
        participation=details.participation,
    )


def alert_text(alert: Alert) -> str:
    """Write an alert as JSON."""
    return _dumped(Alert, alert)


def alert_of(text: str, matter: int) -> Alert:
    """Read an alert from JSON; its matter may have been merged into another since."""
    alert: Alert = _read(Alert, text)
    return alert if alert.matter == matter else replace(alert, matter=matter)


def match_text(match: Match) -> str:
    """Write a match as JSON."""
    return _dumped(Match, match)


def fields_text(fields: tuple[FieldChange, ...]) -> str:
    """Write field changes as JSON."""
    return _dumped(tuple[FieldChange, ...], fields)


def fields_of(text: str) -> tuple[FieldChange, ...]:
    """Read field changes from JSON."""
    fields: tuple[FieldChange, ...] = _read(tuple[FieldChange, ...], text)
    return fields


def hearing_text(hearing: Hearing) -> str:
    """Write a date ahead as JSON."""
    return _dumped(Hearing, hearing)


def hearing_of(text: str) -> Hearing:
    """Read a date ahead from JSON."""
    hearing: Hearing = _read(Hearing, text)
    return hearing


def hearings_of(text: str) -> tuple[Hearing, ...]:
    """Read a JSON list of dates ahead."""
    if text == "[]":
        return ()
    hearings: tuple[Hearing, ...] = _read(tuple[Hearing, ...], text)
    return hearings


def contacts_of(text: str) -> tuple[Contact, ...]:
    """Read a JSON list of ways to take part."""
    contacts: tuple[Contact, ...] = _read(tuple[Contact, ...], text)
    return contacts


def digest_text(digest: Digest) -> str:
    """Write a digest as JSON."""
    return _dumped(Digest, digest)


def digest_of(text: str) -> Digest:
    """Read a digest from JSON."""
    digest: Digest = _read(Digest, text)
    return digest


def pairs_text(pairs: Pairs) -> str:
    """Write name-value pairs as JSON."""
    return json.dumps(pairs, ensure_ascii=False) if pairs else "[]"


def pairs_of(text: str) -> Pairs:
    """Read name-value pairs from JSON."""
    return tuple((name, value) for name, value in json.loads(text))


def matches_of(text: str) -> tuple[Match, ...]:
    """Read a JSON list of matches."""
    if text == "[]":
        return ()
    matches: tuple[Match, ...] = _read(tuple[Match, ...], text)
    return matches
