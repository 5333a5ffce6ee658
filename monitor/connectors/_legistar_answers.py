"""Reads an answer of the Legistar Web API into rows whose fields are asked for by type.

Format: https://webapi.legistar.com/Help (each resource as JSON, or as XML of .NET's DataContract
serializer where a tenant ignores `Accept`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from lxml import etree

from monitor.dates import parse_date, wall_clock
from monitor.errors import FetchError, FormatError, SoftError, SourceError
from monitor.models import Response
from monitor.text import clean_text, one_line

# .NET's DateTime.MinValue (year 1), SQL Server's (1753) and its zero (1900) all mean "no date".
_FIRST_YEAR = 1901
_DOTNET = re.compile(r"/Date\((-?\d{1,15})([+-]\d{4})?\)/")
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_LIST = "ArrayOf"


@dataclass(frozen=True, slots=True)
class Row:
    """One record as the API gave it: null is empty, a field of the wrong type a FormatError."""

    fields: Mapping[str, object]

    def text(self, name: str) -> str:
        """Return a text or number as clean text, "" for null."""
        value = self.fields.get(name)
        if value is None:
            return ""
        if isinstance(value, str):
            return clean_text(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        raise _wrong(name, value, "text")

    def number(self, name: str) -> int | None:
        """Return a whole number, None for null."""
        value = self.fields.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value.strip()):
            return int(value)
        raise _wrong(name, value, "a whole number")

    def key(self, name: str) -> int:
        """Return the record's own id; raises FormatError where it has none."""
        found = self.number(name)
        if found is None:
            raise FormatError(name, f"a record has no {name}")
        return found

    def flag(self, name: str) -> bool:
        """Return a truth value; null is false."""
        value = self.fields.get(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        said = str(value).strip().lower() if isinstance(value, str | int) else ""
        if said in {"true", "1"}:
            return True
        if said in {"false", "0", ""} and isinstance(value, str | int):
            return False
        raise _wrong(name, value, "true or false")

    def moment(self, name: str) -> datetime | None:
        """Return a time of a field whose name ends in Utc; None where there is none to read."""
        found = parse_date(_plain_time(self.text(name), local=False), "UTC")
        return found if found and found.year >= _FIRST_YEAR else None

    def wall(self, name: str, timezone: str) -> datetime | None:
        """Return a local time in UTC; None where there is none to read."""
        found = wall_clock(_plain_time(self.text(name), local=True), timezone)
        return found if found and found.year >= _FIRST_YEAR else None

    def day(self, name: str) -> str:
        """Return a local date as 2026-11-23, the publisher's words where they are no date."""
        said = self.text(name)
        found = wall_clock(_plain_time(said, local=True), "UTC")
        if found is None:
            return said
        return found.strftime("%Y-%m-%d") if found.year >= _FIRST_YEAR else ""

    def rows(self, name: str) -> tuple[Row, ...]:
        """Return the records within a record, () for null."""
        value = self.fields.get(name)
        if value is None or value == "":
            return ()
        if isinstance(value, list | tuple) and all(isinstance(one, Mapping) for one in value):
            return tuple([Row(one) for one in value])
        raise _wrong(name, value, "a list of records")

    def excerpt(self, names: tuple[str, ...]) -> str:
        """Write some fields down, for `Row.of` to read when a later answer needs them."""
        return json.dumps({name: self.fields.get(name) for name in names})

    @classmethod
    def of(cls, excerpt: str) -> Row:
        """Read what `excerpt` wrote."""
        return cls(json.loads(excerpt))


def read_rows(response: Response, client: str) -> tuple[Row, ...]:
    """Read an answer's records.

    Raises FetchError for an error of the API in its own words, SoftError for a page or nothing
    where records should be, FormatError for records in another shape.
    """
    subject = response.request.url.partition("?")[0]
    body = response.body.removeprefix(b"\xef\xbb\xbf").strip()
    fault = complaint(subject, response.status, body, client)
    if fault is not None:
        raise fault
    if body.startswith(b"<"):
        return _xml_rows(subject, body)
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise FormatError(subject, f"the answer is not JSON: {_start(body)}") from fault
    if not isinstance(answer, list):
        raise FormatError(subject, f"the answer is no list of records: {_start(body)}")
    # What is no object has no id either, and is refused for that when it is read.
    return tuple([Row(one if isinstance(one, dict) else {}) for one in answer])


def complaint(subject: str, status: int, body: bytes, client: str) -> SourceError | None:
    """Recognise an answer that is an error, and say in plain words what to do about it."""
    reason = _reason(status, body, client)
    if not reason:
        return None
    failed = status >= HTTPStatus.BAD_REQUEST
    return FetchError(subject, reason, status) if failed else SoftError(subject, reason)


def _reason(status: int, body: bytes, client: str) -> str:
    said = _words_of(body)
    told = one_line(said, 160)
    if "LegistarConnectionString" in said:
        return f"the Legistar Web API knows no client {client!r}: check `client`"
    if "Token is required" in said:
        return f"client {client!r} wants a token: set {variable(client)}"
    if "not setup in settings" in said:
        return f"client {client!r} is not set up to list its meetings: {told}"
    if status >= HTTPStatus.BAD_REQUEST:
        return f"HTTP {status}: {told}"
    if not body:
        return "an empty answer"
    is_error = body.startswith(b"{") or said == "Invalid parameters!"
    return f"an error instead of records: {told}" if is_error and said else ""


def variable(client: str) -> str:
    """Name the environment variable that holds a client's token."""
    return f"LEGISTAR_TOKEN_{re.sub('[^A-Z0-9]', '_', client.upper())}"


def _words_of(body: bytes) -> str:
    """Find what an answer says for people: an error's message, a page's title, short text.

    A list of records says nothing: its words are a council's, and none of them is an error.
    """
    if body.startswith((b"[", b"<ArrayOf")):
        return ""
    page = _TITLE.search(body[:20_000])
    if page:
        return clean_text(page[1].decode("utf-8", "replace"), html=True)
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return clean_text(body[:2_000].decode("utf-8", "replace"), html=body.startswith(b"<"))
    if isinstance(answer, str):
        return answer
    return " ".join(_messages(answer)) if isinstance(answer, dict) else ""


def _messages(answer: Mapping[str, object]) -> list[str]:
    """List an error's messages, those of the error inside it included."""
    found = [answer.get("Message"), answer.get("ExceptionMessage"), answer.get("MessageDetail")]
    inner = answer.get("InnerException")
    if isinstance(inner, dict):
        found.append(inner.get("ExceptionMessage"))
    return [one for one in found if isinstance(one, str)]


def _xml_rows(subject: str, body: bytes) -> tuple[Row, ...]:
    """Read the XML that some tenants answer in spite of `Accept: application/json`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as fault:
        title = _words_of(body)
        raise SoftError(subject, f"a page instead of records: {one_line(title, 80)}") from fault
    if not _local(root).startswith(_LIST):
        raise SoftError(subject, f"a page instead of records: {one_line(_words_of(body), 80)}")
    return tuple([Row(_xml_fields(one)) for one in root if isinstance(one.tag, str)])


def _xml_fields(record: etree._Element) -> dict[str, object]:
    return {_local(field): _xml_value(field) for field in record if isinstance(field.tag, str)}


def _xml_value(field: etree._Element) -> object:
    if field.get(_NIL) == "true":
        return None
    records = [one for one in field if isinstance(one.tag, str)]
    if records:
        return [_xml_fields(one) for one in records]
    return field.text or ""


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _plain_time(said: str, *, local: bool) -> str:
    """Turn .NET's /Date(milliseconds+offset)/ into ISO 8601; other text comes back as it is."""
    found = _DOTNET.fullmatch(said)
    if not found:
        return said
    shift = timedelta()
    if local and found[2]:
        minutes = int(found[2][1:3]) * 60 + int(found[2][3:])
        shift = timedelta(minutes=-minutes if found[2].startswith("-") else minutes)
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(found[1])) + shift
    except OverflowError:
        return said
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _start(body: bytes) -> str:
    return one_line(clean_text(body[:200].decode("utf-8", "replace")), 60)


def _wrong(name: str, value: object, wanted: str) -> FormatError:
    return FormatError(name, f"{name} is {type(value).__name__}, not {wanted}")
