"""What a feed says, whatever its format: the values between the roads and the rss connector."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from monitor.models import Attachment

# RSS never says whether a title is text or HTML. Only an element that titles really hold, and that
# is closed, makes it HTML: "Rule <A> v. <B>" keeps its words.
_TITLE_TAGS = re.compile(
    r"</(?:a|abbr|b|big|cite|div|em|font|h[1-6]|i|p|q|small|span|strong|sub|sup|u)\s*>"
    r"|<(?:br|img|wbr)\b[^<>]*>",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """One item or entry; `title`, `summary` and `content` are HTML, dates as published."""

    id: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    published: str = ""
    updated: str = ""
    labels: tuple[str, ...] = ()
    enclosures: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and its records.

    description, built: what the feed says of itself, and when it was made, as published.
    fault: how the XML was broken, "" where it was not.
    """

    title: str
    records: tuple[FeedRecord, ...]
    description: str = ""
    built: str = ""
    fault: str = ""


def text_as_html(text: str) -> str:
    """Write plain text as HTML."""
    return escape(text, quote=False) if "<" in text or "&" in text else text


def title_as_html(title: str) -> str:
    """Write an RSS title as HTML, where it is not HTML already; entities stay what they are."""
    if "<" not in title or _TITLE_TAGS.search(title):
        return title
    return title.replace("<", "&lt;")
