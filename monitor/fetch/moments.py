"""Spells a request so that two of them are equal where they ask for the same, at another time."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

import httpx

_MOMENT = "<moment>"
_MOMENTS = re.compile(
    r"""
    \d{4}-\d\d-\d\d (?: [T ]\d\d:\d\d (?: :\d\d (?:\.\d+)? )? (?: Z | [+\s-]\d\d:?\d\d )? )?
    | \b \d{1,2}/\d{1,2}/\d{4} (?: \ \d{1,2}:\d\d (?: :\d\d )? (?: \ ?[AP]M )? )?
    | \b (?:19|20)\d\d (?:0[1-9]|1[0-2]) (?:0[1-9]|[12]\d|3[01]) (?: T?\d{6} Z? )? \b
    | (?<![\d.]) 1\d{9} (?: \d{3} )? (?:\.\d+)? (?!\d)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_RANDOM = re.compile(r"0\.\d{6,}")
_CACHE_BREAKERS = frozenset(
    {"_", "_dc", "cb", "bust", "cachebust", "cachebuster", "nocache", "rnd", "rand", "random"}
)
_CREDENTIALS = frozenset(
    {"key", "token", "apikey", "api_key", "api-key", "access_token", "app_token", "$$app_token"}
)
_CALENDAR = frozenset({"year", "month", "day"})
_PORTS = {"http": 80, "https": 443}

Key = tuple[str, str, str, str]
"""(method, address without query, query, body)."""


def exact_key(method: str, url: str, body: bytes) -> Key:
    """Spell a request in one way, whatever its percent-encoding and the order of parameters."""
    address, query = _address(url)
    return method.upper(), address, _written(query), _body(body, blind=False)


def blind_key(method: str, url: str, body: bytes) -> Key:
    """Spell a request without its moments, cache breakers and credentials.

    Moments are dates, times of day and Unix times in the query or the body; never in the path.
    """
    address, query = _address(url)
    kept = [
        (name, _blinded(value, name))
        for name, value in query
        if name.lower() not in _CACHE_BREAKERS | _CREDENTIALS and not _RANDOM.fullmatch(name)
    ]
    return method.upper(), address, _written(kept), _body(body, blind=True)


def _address(url: str) -> tuple[str, list[tuple[str, str]]]:
    """Split a URL into one spelling of what stands before "?", and its decoded parameters."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        return url, []
    default = _PORTS.get(parsed.scheme)
    port = f":{parsed.port}" if parsed.port and parsed.port != default else ""
    path = quote(unquote(parsed.path), safe="/")
    host = parsed.raw_host.decode("ascii").lower()
    query = parse_qsl(parsed.query.decode("ascii"), keep_blank_values=True)
    return f"{parsed.scheme}://{host}{port}{path}", query


def _written(query: list[tuple[str, str]]) -> str:
    return "&".join(f"{quote(name)}={quote(value)}" for name, value in sorted(query))


def _blinded(value: str, name: str = "") -> str:
    if name.lower() in _CALENDAR and value.isdigit():
        return _MOMENT
    return _RANDOM.sub(_MOMENT, _MOMENTS.sub(_MOMENT, value))


def _body(body: bytes, *, blind: bool) -> str:
    """Spell a body: JSON with sorted names, a form with sorted parameters, else as it is."""
    if not body:
        return ""
    text = body.decode("utf-8", "replace")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        form = parse_qsl(text, keep_blank_values=True)
        if "=" in text and form:
            return _written(
                [(name, _blinded(value, name) if blind else value) for name, value in form]
            )
        return _blinded(text) if blind else text
    return json.dumps(_blind_json(said) if blind else said, sort_keys=True)


def _blind_json(said: Any, name: str = "") -> Any:
    """Take the moments out of every value of a JSON document."""
    if isinstance(said, dict):
        return {key: _blind_json(value, key) for key, value in said.items()}
    if isinstance(said, list):
        return [_blind_json(value) for value in said]
    if isinstance(said, str) or (isinstance(said, int) and not isinstance(said, bool)):
        return _blinded(str(said), name)
    return said
