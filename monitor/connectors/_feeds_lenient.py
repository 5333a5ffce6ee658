"""The sure road: feedparser reads whatever people have published as feeds since 1999."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from monitor.connectors._feed_record import Feed, FeedRecord, text_as_html, title_as_html
from monitor.errors import FormatError
from monitor.models import Attachment

_HTML = {"text/html", "application/xhtml+xml"}


def read(body: bytes, subject: str) -> Feed | None:
    """Read a body with feedparser; None where it finds neither a known format nor an entry.

    Raises FormatError where a feed is so damaged that feedparser itself stumbles.
    """
    import feedparser  # noqa: PLC0415 - 0.1 s and 6 MB that well-formed feeds never need

    # A stream, because feedparser would open a string or bytes as a file's name.
    try:
        parsed = feedparser.parse(BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    except MemoryError:
        raise
    except Exception as slip:  # a damaged feed meets slips of all kinds in it
        reason = "the feed is too damaged to be read"
        raise FormatError(subject, reason) from slip
    if not parsed.get("version") and not parsed.entries:
        return None
    atom = parsed.get("version", "").startswith("atom")
    return Feed(
        title=dict.get(parsed.feed, "title", ""),
        records=tuple(_record(entry, atom=atom) for entry in parsed.entries),
        description=dict.get(parsed.feed, "subtitle", ""),
        built=dict.get(parsed.feed, "updated", ""),
        fault=_fault(parsed),
    )


def _fault(parsed: Any) -> str:
    """Say how the XML is broken; another encoding than declared is no fault, the text is whole."""
    error = parsed.get("bozo_exception") if parsed.get("bozo") else None
    line = getattr(error, "getLineNumber", None)
    return f"line {line()}: {error.getMessage()}" if error is not None and line else ""


def _record(entry: Any, *, atom: bool) -> FeedRecord:
    """Read one of feedparser's dicts; `dict.get`, because its own `get` makes up dates."""
    title = _said(entry, "title")
    plain = _type(entry, "title_detail") not in _HTML
    contents = [_marked(one["value"] or "", one.get("type")) for one in entry.get("content", ())]
    # Without a summary of its own, feedparser repeats the content there, and forgets its type.
    own_summary = "summary_detail" in entry or not contents
    return FeedRecord(
        id=_said(entry, "id"),
        link=_link(entry),
        title=(text_as_html(title) if plain else title) if atom else title_as_html(title),
        summary=_marked(_said(entry, "summary"), _type(entry, "summary_detail"))
        if own_summary
        else "",
        content=max(contents, key=len, default=""),
        published=_said(entry, "published") or _said(entry, "created"),
        updated=_said(entry, "updated"),
        labels=_labels(entry),
        enclosures=tuple(
            Attachment("", one["href"], one.get("type", ""))
            for one in entry.get("links", ())
            if one.get("rel") == "enclosure" and one.get("href")
        ),
    )


def _said(entry: Any, name: str) -> str:
    """Return a text; where a body is broken, feedparser can have None in its place."""
    return str(dict.get(entry, name) or "")


def _type(entry: Any, name: str) -> str:
    detail = dict.get(entry, name)
    return str(detail.get("type", "text/html")) if detail else "text/html"


def _marked(value: str, media_type: str | None) -> str:
    return text_as_html(value) if media_type not in _HTML else value


def _link(entry: Any) -> str:
    """Return the entry's page; where none is HTML, the first alternate of another type."""
    link = str(dict.get(entry, "link", ""))
    if link.lower().startswith("http"):
        return link
    others = (
        str(one["href"])
        for one in entry.get("links", ())
        if one.get("rel") == "alternate" and one.get("href")
    )
    return next(others, link)


def _labels(entry: Any) -> tuple[str, ...]:
    names = (tag.get("term") or tag.get("label") for tag in dict.get(entry, "tags", ()))
    return tuple(dict.fromkeys(str(name) for name in names if name))
