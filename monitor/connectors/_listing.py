"""What the general kinds have in common: records of named texts become entries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Annotated, ClassVar, Literal

import re2
from pydantic import AfterValidator, Field

from monitor.connectors import BaseConnector
from monitor.connectors._meetings import is_called_off, kind_of
from monitor.dates import local, parse_date, plausible
from monitor.models import Attachment, Entry, Hearing, ItemType, Pairs, Poll, Refusal
from monitor.text import clean_text, one_line
from monitor.urls import absolute, canonical

_TIME_SAID = re.compile(r"\d:\d\d|\d\s*[ap]\.?m|noon|T\d\d", re.IGNORECASE)
_TITLE = 200


def _address(url: str) -> str:
    if not absolute("", url):
        raise ValueError("must be an http or https address")
    return url


def _pattern(pattern: str) -> str:
    try:
        re2.compile(pattern)
    except re2.error as fault:
        raise ValueError(f"is no regular expression: {fault}") from fault
    return pattern


Address = Annotated[str, AfterValidator(_address)]
# RE2's syntax: it takes linear time, whatever the page holds.
Pattern = Annotated[str, AfterValidator(_pattern)]
Kind = Annotated[ItemType, Field(strict=False)]
Words = Annotated[tuple[str, ...], Field(strict=False)]


@dataclass(frozen=True, slots=True)
class Told:
    """One record, in the publisher's words; all texts may be empty.

    html: title and body are HTML. what: names the record where it must be refused.
    """

    what: str
    id: str = ""
    title: str = ""
    link: str = ""
    date: str = ""
    body: str = ""
    status: str = ""
    office: str = ""
    place: str = ""
    html: bool = False
    attachments: tuple[Attachment, ...] = ()
    facts: Pairs = ()
    noise: Pairs = ()


class Listing(BaseConnector):
    """Options that every list of records has; each kind describes them with its own."""

    # Nothing is known of the host.
    pace: ClassVar[float] = 4.5

    url: Address
    type: Kind = ItemType.NEWS
    date_is: Literal["publication", "meeting"] = "publication"
    date_formats: Words = ()
    keep: Words = ()
    complete: bool = False

    @property
    def lists_all(self) -> bool:  # type: ignore[override]  # here it is the source's matter
        """Say whether what is missing is gone: where the configuration promises a full list."""
        return self.complete

    def entry(self, told: Told, base: str, poll: Poll) -> Entry | Refusal:
        """Make an entry of a record; one without words is refused."""
        title, body = told.title.strip(), told.body.strip()
        if not (clean_text(title, told.html) or clean_text(body, told.html)):
            return Refusal(one_line(told.what, 80), "it has no words")
        meeting = self.date_is == "meeting"
        link = absolute(base, told.link)
        moment = self._moment(told.date, poll)
        return Entry(
            type=ItemType.MEETING if meeting and self.type is ItemType.NEWS else self.type,
            key=one_line(told.id) or (canonical(link, self.keep) if link else ""),
            title=title or _beginning(body, told.html),
            body=body,
            url=link,
            html=told.html,
            published=None if meeting else moment,
            published_said="" if moment or meeting else one_line(told.date),
            office=told.office,
            status=told.status,
            hearings=(_meeting(told, moment, poll),) if meeting and told.date.strip() else (),
            attachments=told.attachments,
            facts=told.facts,
            noise=told.noise,
        )

    def _moment(self, said: str, poll: Poll) -> datetime | None:
        found = parse_date(one_line(said), poll.timezone, self.date_formats)
        return found if found and plausible(found, poll.now) else None


def _meeting(told: Told, moment: datetime | None, poll: Poll) -> Hearing:
    title = clean_text(told.title, told.html)
    midnight = moment is not None and local(moment, poll.timezone).time() == time(0)
    return Hearing(
        kind=kind_of(title),
        starts=moment,
        timezone=poll.timezone,
        place=one_line(told.place),
        said=one_line(told.date),
        all_day=midnight and not _TIME_SAID.search(told.date.replace("12:00:00 AM", "")),
        cancelled=is_called_off(title, told.status),
    )


def _beginning(body: str, html: bool) -> str:
    """Make a title of a body's first words."""
    line = one_line(clean_text(body, html), _TITLE)
    return line.replace("&", "&amp;").replace("<", "&lt;") if html else line


def named_pairs(pairs: Iterable[tuple[str, str]]) -> Pairs:
    """Keep the pairs that say something."""
    return tuple((name, one_line(value)) for name, value in pairs if value.strip())
