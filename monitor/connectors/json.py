"""Reads a list in a JSON answer by JMESPath expressions (https://jmespath.org)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Annotated, ClassVar

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult
from pydantic import AfterValidator, Field

from monitor.connectors import register
from monitor.connectors._listing import Listing, Told, named_pairs
from monitor.errors import FormatError, SoftError
from monitor.models import Access, Attachment, Entry, Parsed, Poll, Refusal, Request, Response
from monitor.text import clean_text, one_line
from monitor.urls import absolute

_BOM = b"\xef\xbb\xbf"
_SHOWN = 80


def _checked(expression: str) -> str:
    try:
        jmespath.compile(expression)
    except (JMESPathError, ValueError) as fault:
        raise ValueError(f"is no JMESPath expression: {one_line(str(fault), 120)}") from fault
    return expression


@cache
def _compiled(expression: str) -> ParsedResult:
    return jmespath.compile(expression)


Expression = Annotated[str, AfterValidator(_checked)]


@register
class Json(Listing):
    """A list in a JSON answer, found by JMESPath expressions.

    url: the answer's address.
    items: the records; default the answer itself, "@". "data[].Items[]" flattens lists of lists.
    key: an id of a record; default its link.
    title: of a record.
    link: its address on the web; default none.
    date: of a record; default none.
    date_formats: how the date is written where it is not usual, as for strptime ("%d/%m/%Y").
    date_is: publication (default), or meeting where it is the time of a meeting.
    body: its text; default none.
    html: whether title and body are HTML; default true.
    place: where a meeting is held; default none.
    status: the stage of a record; default none.
    office: the committee or agency; default none.
    attachments: addresses of a record's documents; default none.
    facts: further fields whose change is news, each a name with its expression.
    noise: further fields that are only kept, each a name with its expression.
    keep: where given, the only parameters that count in a link's identity.
    post: a body to send; the request is then a POST of JSON.
    next: the address of the next page, in the answer; default none.
    pages: how many pages are read at most; default 1.
    type: what the entries are: news (default), meeting, council_item, row, …
    complete: the list holds all that is valid, so that what is missing three times is gone; default
        false.
    """

    kind: ClassVar[str] = "json"
    platform: ClassVar[str] = "web"

    items: Expression = "@"
    key: Expression = ""
    title: Expression
    link: Expression = ""
    date: Expression = ""
    body: Expression = ""
    html: bool = True
    place: Expression = ""
    status: Expression = ""
    office: Expression = ""
    attachments: Expression = ""
    facts: dict[str, Expression] = Field(default_factory=dict)
    noise: dict[str, Expression] = Field(default_factory=dict)
    post: str = ""
    next: Expression = ""
    pages: int = Field(default=1, ge=1, le=50)

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the answer."""
        del poll
        yield self._page(self.url, 1)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read the answer; raises SoftError or FormatError where it does not hold the list."""
        answer = _answer(response)
        found = _search(self.items, answer, response.url)
        if not isinstance(found, list):
            shown = one_line(json.dumps(answer)[:400], _SHOWN)
            raise FormatError(response.url, f"no list at {self.items!r}: {shown}")
        for number, record in enumerate(found, start=1):
            yield self._entry(record, number, response.url, poll)
        number = int(response.request.about[0]) if response.request.about else 1
        if self.next and found and number < self.pages:
            link = _search(self.next, answer, response.url)
            address = absolute(response.url, link) if isinstance(link, str) else ""
            if address and address != response.url:
                yield self._page(address, number + 1)

    def _page(self, url: str, number: int) -> Request:
        followed = self.complete or (bool(self.next) and self.pages > 1)
        return Request(
            url,
            method="POST" if self.post else "GET",
            headers=(("content-type", "application/json"),) if self.post else (),
            body=self.post.encode(),
            access=Access.API,
            about=(str(number),),
            conditional=not (followed or self.post),
        )

    def _entry(self, record: object, number: int, base: str, poll: Poll) -> Entry | Refusal:
        what = f"record {number}: {one_line(str(record)[:200], 60)}"
        try:
            told = Told(
                what=what,
                id=self._text(self.key, record),
                title=self._text(self.title, record),
                link=self._text(self.link, record),
                date=self._text(self.date, record),
                body=self._text(self.body, record),
                status=self._text(self.status, record),
                office=self._text(self.office, record),
                place=self._text(self.place, record),
                html=self.html,
                attachments=tuple(self._documents(record, base)),
                facts=self._pairs(self.facts, record),
                noise=self._pairs(self.noise, record),
            )
        except FormatError as fault:
            return Refusal(what, fault.reason)
        return self.entry(told, base, poll)

    def _text(self, expression: str, record: object) -> str:
        return _text(_search(expression, record, expression), expression) if expression else ""

    def _pairs(self, fields: dict[str, str], record: object) -> tuple[tuple[str, str], ...]:
        said = ((name, self._text(expression, record)) for name, expression in fields.items())
        return named_pairs((name, clean_text(value, self.html)) for name, value in said)

    def _documents(self, record: object, base: str) -> Iterator[Attachment]:
        if not self.attachments:
            return
        found = _search(self.attachments, record, self.attachments)
        for one in found if isinstance(found, list) else [found]:
            address = absolute(base, _text(one, self.attachments))
            if address:
                yield Attachment(address.partition("?")[0].rpartition("/")[2], address)


def _answer(response: Response) -> object:
    body = response.body.removeprefix(_BOM).strip()
    if not body:
        raise SoftError(response.url, "the answer is empty")
    shown = one_line(clean_text(body[:2_000].decode("utf-8", "replace"), html=True), _SHOWN)
    if body.startswith(b"<"):
        raise SoftError(response.url, f"a page instead of JSON: {shown}")
    try:
        answer: object = json.loads(body, strict=False)
    except (ValueError, RecursionError) as fault:
        raise FormatError(response.url, f"the answer is not JSON: {shown}") from fault
    return answer


def _search(expression: str, value: object, subject: str) -> object:
    """Evaluate an expression; a value of the wrong type is a FormatError."""
    try:
        return _compiled(expression).search(value)
    except (JMESPathError, TypeError, ValueError, AttributeError, RecursionError) as fault:
        reason = one_line(str(fault), 120)
        raise FormatError(subject, f"{expression!r} does not fit: {reason}") from fault


def _text(value: object, expression: str) -> str:
    """Write a value as text: null is empty, a list its parts; an object is refused."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # Half of a character, written as an escape, can neither be stored nor sent.
        return value.strip().encode("utf-8", "replace").decode()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return ", ".join(filter(None, (_text(one, expression) for one in value)))
    raise FormatError(expression, f"{expression!r} is an object, not text")
