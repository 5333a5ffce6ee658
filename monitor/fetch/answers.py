"""Turns an answer into a value, or into an error that says what the publisher said."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from monitor.errors import FetchError, SoftError, Throttled
from monitor.fetch.soft import challenge_in, json_error, page_title, soft_error
from monitor.models import Pairs, Request, Response, Validators
from monitor.text import one_line
from monitor.urls import host

_MOST_WORDS = 200
_HINTS = {
    HTTPStatus.NOT_FOUND: "it has moved or is gone",
    HTTPStatus.GONE: "it has moved or is gone",
}
BUSY = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_SUCCESSES = frozenset(range(HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT))
_LONGEST_VALIDATOR = 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: header names in lower case, the body without its content coding."""

    status: int
    headers: Pairs
    body: bytes


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A request with its last answer: where redirects ended, and whether 304 was invited."""

    request: Request
    url: str
    answer: Answer
    conditional: bool


def judged(
    exchanged: Exchanged, last: Validators, now: datetime, pause: timedelta | None
) -> Response:
    """Make a Response of an answer; raises FetchError, Throttled (after `pause`) or SoftError.

    last: validators of the last usable answer; an equal body is unchanged.
    """
    request, answer = exchanged.request, exchanged.answer
    if answer.status == HTTPStatus.NOT_MODIFIED and exchanged.conditional:
        return _response(exchanged, b"", _renewed(last, answer.headers), now, unchanged=True)
    if answer.status not in _SUCCESSES:
        raise fault_of(request, answer.status, answer.body, pause)
    validators = _validators(answer.headers, hashlib.sha256(answer.body).hexdigest())
    if validators.sha256 == last.sha256:
        return _response(exchanged, b"", validators, now, unchanged=True)
    soft = soft_error(request.access, answer.headers, answer.body)
    if soft:
        raise SoftError(request.url, soft + _detour(exchanged) + _status(answer.status))
    return _response(exchanged, answer.body, validators, now, unchanged=False)


def _response(
    exchanged: Exchanged, body: bytes, validators: Validators, now: datetime, *, unchanged: bool
) -> Response:
    answer = exchanged.answer
    return Response(
        request=exchanged.request,
        url=exchanged.url,
        status=answer.status,
        headers=answer.headers,
        body=body,
        fetched_at=now,
        unchanged=unchanged,
        validators=validators,
    )


def _validators(headers: Pairs, sha256: str) -> Validators:
    """Keep validators as they were sent (weak and unquoted ones too), if they can be sent back."""
    etag, modified = (
        value
        if value.isascii() and value.isprintable() and len(value) <= _LONGEST_VALIDATOR
        else ""
        for value in (header(headers, "etag"), header(headers, "last-modified"))
    )
    return Validators(etag, modified, sha256)


def _renewed(last: Validators, headers: Pairs) -> Validators:
    """Take over the validators that a 304 repeats (RFC 9110 section 15.4.5)."""
    told = _validators(headers, last.sha256)
    return Validators(told.etag or last.etag, told.last_modified or last.last_modified, last.sha256)


def _detour(exchanged: Exchanged) -> str:
    asked, ended = host(exchanged.request.url), host(exchanged.url)
    return f" (redirected to {ended})" if asked != ended else ""


def _status(status: int) -> str:
    return "" if status == HTTPStatus.OK else f" (HTTP {status})"


def header(headers: Pairs, name: str) -> str:
    """Return a header's first value, "" where it is missing; `name` in lower case."""
    return next((value for key, value in headers if key == name), "")


def retry_after(headers: Pairs, now: datetime, most: float) -> timedelta | None:
    """Read Retry-After, in seconds or as a date (RFC 9110 section 10.2.3).

    None where it is missing, unreadable or past; never longer than `most` seconds.
    """
    said = header(headers, "retry-after").strip()
    if not said:
        return None
    if said.isascii() and said.isdigit():
        seconds = float(said[:12])
    else:
        try:
            when = parsedate_to_datetime(said)
        except ValueError:
            return None
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        seconds = (when - now).total_seconds()
    return timedelta(seconds=min(seconds, most)) if seconds > 0 else None


def fault_of(request: Request, status: int, body: bytes, pause: timedelta | None) -> FetchError:
    """Build the error for a status that is no success, with the publisher's own words."""
    reason = _phrase(status)
    words = words_of(body)
    wall = challenge_in(body)
    if wall:
        reason += f": a challenge of {wall}"
    elif words:
        reason += f": {words}"
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        reason += _hint_on_keys(request)
    elif status in _HINTS:
        reason += f" ({_HINTS[HTTPStatus(status)]})"
    if status in BUSY:
        return Throttled(request.url, reason, status, pause)
    return FetchError(request.url, reason, status)


def words_of(body: bytes) -> str:
    """Return what an error's body says in one short line: JSON's message, a title, plain text."""
    start = body.lstrip()[:1]
    if start in {b"{", b"["}:
        return json_error(body)
    if start == b"<":
        return page_title(body)
    first = body.strip().partition(b"\n")[0][:4000].decode("utf-8", "replace")
    readable = "".join(letter for letter in first if letter.isprintable())
    return one_line(readable, _MOST_WORDS)


def _phrase(status: int) -> str:
    try:
        return f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP {status}"


def _hint_on_keys(request: Request) -> str:
    variables = " and ".join(key.variable for key in request.credentials)
    return f" (is the key or token in {variables} right?)" if variables else ""
