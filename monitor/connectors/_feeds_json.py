"""Reads JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
import re
from typing import Any

from monitor.connectors._feed_record import Feed, FeedRecord, text_as_html
from monitor.errors import FormatError
from monitor.models import Attachment

_VERSION = re.compile(r"https?://jsonfeed\.org/version/1(?:\.\d+)?/?")


def read(body: bytes, subject: str) -> Feed:
    """Read a JSON Feed; raises FormatError for any other JSON."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FormatError(subject, f"the JSON cannot be read: {error}") from error
    version = answer.get("version") if isinstance(answer, dict) else None
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise FormatError(subject, "JSON, but no JSON Feed of version 1")
    items = answer.get("items")
    if not isinstance(items, list):
        raise FormatError(subject, "the JSON Feed has no list of items")
    return Feed(
        title=_text(answer, "title"),
        records=tuple(_record(item) for item in items if isinstance(item, dict)),
        fault="" if all(isinstance(item, dict) for item in items) else "an item is no object",
    )


def _record(item: dict[str, Any]) -> FeedRecord:
    tags = item.get("tags")
    return FeedRecord(
        id=_text(item, "id"),
        link=_text(item, "url") or _text(item, "external_url"),
        title=text_as_html(_text(item, "title")),
        summary=text_as_html(_text(item, "summary")),
        content=_text(item, "content_html") or text_as_html(_text(item, "content_text")),
        published=_text(item, "date_published") or _text(item, "date_modified"),
        updated=_text(item, "date_modified"),
        labels=tuple(dict.fromkeys(map(str, tags))) if isinstance(tags, list) else (),
        enclosures=_attachments(item.get("attachments")),
    )


def _text(item: dict[str, Any], name: str) -> str:
    """Return a field as text; an id may be a number, all else that is no text counts as missing."""
    value = item.get(name)
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _attachments(said: object) -> tuple[Attachment, ...]:
    listed = [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []
    return tuple(
        Attachment(_text(one, "title"), _text(one, "url"), _text(one, "mime_type"))
        for one in listed
        if _text(one, "url")
    )
