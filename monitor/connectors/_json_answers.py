"""Reads a JSON answer of an API into records whose fields are asked for by type."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from monitor.dates import parse_date, plausible
from monitor.errors import FormatError, SoftError
from monitor.models import Entry, Refusal, Response
from monitor.text import clean_text, one_line

Made = TypeVar("Made")
_BOM = b"\xef\xbb\xbf"
_SHOWN = 160


@dataclass(frozen=True, slots=True)
class Record:
    """One JSON object: null is empty, a field of the wrong type a FormatError."""

    fields: Mapping[str, object] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.fields)

    def text(self, name: str) -> str:
        """Return a text or number as it stands, "" for null."""
        value = self.fields.get(name)
        if value is None:
            return ""
        if isinstance(value, str):
            return _whole(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        raise _wrong(name, value, "text")

    def line(self, name: str) -> str:
        """Return a text as one clean line, "" for null."""
        return one_line(clean_text(self.text(name)))

    def number(self, name: str) -> int | None:
        """Return a whole number, None for null."""
        said = self.text(name)
        if not said:
            return None
        if said.removeprefix("-").isascii() and said.removeprefix("-").isdigit() and len(said) < 20:  # noqa: PLR2004 - 64 bits
            return int(said)
        raise _wrong(name, self.fields[name], "a whole number")

    def flag(self, name: str) -> bool:
        """Return a truth value; null is false, and so is 0."""
        value = self.fields.get(name)
        if value is None or isinstance(value, bool | int):
            return bool(value)
        raise _wrong(name, value, "true or false")

    def record(self, name: str) -> Record:
        """Return the object within, an empty one for null (and for PHP's empty list)."""
        value = self.fields.get(name)
        if value is None or value == []:
            return Record()
        if isinstance(value, dict):
            return Record(value)
        raise _wrong(name, value, "an object")

    def records(self, name: str) -> tuple[Record, ...]:
        """Return the objects of a list within, () for null."""
        value = self.fields.get(name)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(one, dict) for one in value):
            return tuple([Record(one) for one in value])
        raise _wrong(name, value, "a list of objects")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts or numbers, () for null."""
        value = self.fields.get(name)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
            return tuple([said for one in value if (said := _whole(str(one)))])
        raise _wrong(name, value, "a list of texts")

    def moment(self, name: str, timezone: str, now: datetime) -> datetime | None:
        """Return a time; None where there is none, or none that can be meant."""
        return moment(self.text(name), timezone, now)


def moment(said: str, timezone: str, now: datetime) -> datetime | None:
    """Read a time; None where it cannot be read or cannot be meant (the year 5025)."""
    found = parse_date(said, timezone)
    return found if found and plausible(found, now) else None


def read_object(response: Response) -> Record:
    """Read an answer that is one JSON object.

    Raises SoftError for an empty body or a web page, FormatError for anything else.
    """
    subject = subject_of(response)
    body = response.body.removeprefix(_BOM).strip()
    if not body:
        raise SoftError(subject, "the answer is empty")
    if body.startswith(b"<"):
        raise SoftError(subject, f"a page instead of JSON: {_words(body)}")
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise FormatError(subject, f"the answer is not JSON: {_words(body)}") from fault
    if not isinstance(answer, dict):
        raise FormatError(subject, f"the answer is no JSON object: {_words(body)}")
    return Record(answer)


def rows(answer: Record, name: str, response: Response) -> tuple[Record, ...]:
    """Return the records of an answer's list; what is no object becomes an empty record.

    Raises SoftError where the answer is an error in the publisher's words, FormatError where the
    list is missing: a list that is not there must not read as an empty one.
    """
    found = answer.fields.get(name)
    if isinstance(found, list):
        return tuple([Record(one if isinstance(one, dict) else {}) for one in found])
    raise complaint(answer, response) or FormatError(
        subject_of(response), f"the answer holds no list {name!r}"
    )


def complaint(answer: Record, response: Response) -> SoftError | None:
    """Recognise an error object, and repeat what it says."""
    fields = {key.lower(): value for key, value in answer.fields.items() if key.lower() != "title"}
    said = _told(fields)
    if not said:
        return None
    return SoftError(subject_of(response), f"the API answers: {one_line(said, _SHOWN)}")


def made(what: str, make: Callable[[], Made]) -> Made | Refusal:
    """Make something of a record; one that is not in the publisher's shape is refused alone."""
    try:
        return make()
    except FormatError as fault:
        return Refusal(one_line(what, 80), fault.reason)


def named(kind: str, record: Record, name: str) -> str:
    """Name a record for a refusal, whatever stands in its field."""
    return f"{kind} {record.fields.get(name)!s:.60}"


def needed(record: Record, name: str) -> str:
    """Return a text without which a record is none; raises FormatError."""
    found = record.line(name)
    if not found:
        raise FormatError(name, f"the record has no {name}")
    return found


def entries_of(found: list[Entry | Refusal]) -> list[Entry]:
    """Keep the entries."""
    return [one for one in found if isinstance(one, Entry)]


def subject_of(response: Response) -> str:
    """Name an answer by its address, without the query (long, and a key's place)."""
    return response.request.url.partition("?")[0]


def _told(fields: Mapping[str, object]) -> str:
    """Find an error's words: {"error": {"message": …}}, {"errors": [{"title": …}]}, detail."""
    for name in ("error", "errors", "alert", "detail", "message", "title"):
        value = fields.get(name)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            value = _told({str(key).lower(): one for key, one in value.items()})
        if isinstance(value, str) and value:
            return value
    return ""


def _words(body: bytes) -> str:
    text = body[:2_000].decode("utf-8", "replace")
    return one_line(clean_text(text, html=body.startswith(b"<")), 80)


def _whole(text: str) -> str:
    """Drop halves of surrogate pairs, which JSON can spell and no address or file can hold."""
    return (text if text.isascii() else text.encode("utf-8", "ignore").decode()).strip()


def _wrong(name: str, value: object, wanted: str) -> FormatError:
    return FormatError(name, f"{name} is {type(value).__name__}, not {wanted}")
