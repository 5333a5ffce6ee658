"""Recognises an answer that is none: status 200, and yet an error page, a challenge, or nothing.

A source that is broken must never read as "no news". Rules, in this order:

    1  nothing but white space
    2  a firewall's challenge, by its headers or its own words
    3  a web page whose title says that it is an error page
    4  a web page where an API or a feed was asked for
    5  words, a JSON object or an XML element that hold an error and nothing besides
"""

from __future__ import annotations

import codecs
import html
import json
import re

from monitor.models import Access, Pairs
from monitor.text import clean_text, one_line

_HEAD = 65_536
_SHORT = 20_000
_SHORT_PAGE = 4_000
_SHORT_WORDS = 300
_MACHINE = frozenset({Access.API, Access.FEED})
_EXPECTED = {Access.API: "an API's answer", Access.FEED: "a feed"}

_CHALLENGE_HEADERS = {
    "cf-mitigated": "Cloudflare",
    "x-amzn-waf-action": "AWS WAF",
}
_CHALLENGES = (
    ("Cloudflare", re.compile(r"_cf_chl_opt|<title>just a moment|attention required! \| cloudfl")),
    ("Akamai", re.compile(r"errors\.edgesuite\.net|provider=interstitial|/_sec/verify|bm-verify")),
    ("AWS WAF", re.compile(r"awswafintegration|gokuprops|token\.awswaf\.com")),
    ("Imperva", re.compile(r"incapsula incident id|<title>pardon our interruption")),
    ("F5", re.compile(r"<title>request rejected</title>")),
    ("Sucuri", re.compile(r"sucuri website firewall")),
    ("PerimeterX", re.compile(r"id=[\"']px-captcha|_pxappid")),
    ("a firewall", re.compile(r"checking your browser before accessing|request unblock")),
)
_INCAPSULA = re.compile(r"_incapsula_resource")  # stands in ordinary pages too: only when alone
_ERROR_TITLE = re.compile(
    r"(?:(?:error|http|http error|status|custom)\W{0,3})?(?:401|403|404|410|500|502|503|504)"
    r"(?=\s*(?:$|[^\w\s,]|error|not|page|file|object|forbidden|unauthor|access|internal|bad|service"
    r"|gateway))"
    r"|(?:the )?(?:requested )?(?:page|file|resource|site|url|document|content)\b.{0,40}?\b"
    r"(?:not found|(?:cannot|could not|can't|can not) be found|does not exist|doesn't exist"
    r"|is (?:unavailable|missing)|(?:was|has been) removed|no longer exists)"
    r"|not found\b|access denied|permission denied|forbidden$|unauthori[sz]ed$"
    r"|(?:internal )?server error|runtime error|application error|service (?:temporarily )?unavail"
    r"|temporarily unavailable|bad gateway|gateway time-?out|request (?:rejected|blocked)"
    r"|(?:site |scheduled |under |down for )maintenance|error$|an error (?:has )?occurred"
    r"|are you (?:a )?(?:human|robot)|security check|captcha|invalid feed$",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"(?:invalid (?:parameters?|feed|request)|error\b|an error |not found|forbidden|access denied"
    r"|permission denied|unauthori[sz]ed|bad request|server too busy|service unavailable"
    r"|the service is unavailable|too many requests|rate limit|no such )",
    re.IGNORECASE,
)
_TITLE = re.compile(r"<title[^<>]{0,200}>(.{0,500}?)</title", re.IGNORECASE | re.DOTALL)
_FEED_WITHIN = re.compile(r"<(?:rss|rdf:rdf)\b|<feed\s[^<>]{0,500}xmlns", re.IGNORECASE)
_HEADING = re.compile(r"<h[1-4][^>]*>([^<]+)</h", re.IGNORECASE)
_PROLOGUE = re.compile(
    r"\s+|<\?.*?\?>|<!--.*?-->|<!doctype\s+(?!html\b)[^>\[]*(?:\[.*?\])?\s*>",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"<!?([a-z][\w:.-]*)", re.IGNORECASE)
_PAGE_TAGS = frozenset({"doctype", "html", "head", "body", "script"})
_FRAGMENT_TAGS = frozenset(
    {"div", "section", "p", "h1", "h2", "main", "table", "meta", "style", "form", "center", "font"}
)
_ERROR_FIELDS = frozenset(
    {"message", "exceptionmessage", "exceptiontype", "stacktrace", "innerexception", "error"}
    | {"errors", "error_description", "error_code", "detail", "details", "status", "statuscode"}
    | {"code", "success", "title", "type", "traceid", "timestamp", "path", "request_id"}
)
_TELLING = (
    "exceptionmessage",
    "error_description",
    "error",
    "errors",
    "detail",
    "message",
    "title",
)
_FAULT_FIELDS = frozenset({"exceptionmessage", "error", "errors"})


def soft_error(access: Access, headers: Pairs, body: bytes) -> str:
    """Say why an answer with a status of success is no answer; "" where it may be one.

    headers: names in lower case.
    """
    if not body.strip():
        return "answered with an empty body"
    wall = next((wall for key, wall in _CHALLENGE_HEADERS.items() if _has(headers, key)), "")
    if wall:
        return f"answered with a challenge of {wall}"
    text = _text(body[:_HEAD])
    tag = _first_tag(text)
    if tag in _PAGE_TAGS or (tag in _FRAGMENT_TAGS and access is not Access.API):
        return _fault_of_page(access, text, len(body))
    if len(body) <= _SHORT_WORDS and "<" not in text and _REFUSAL.match(text.lstrip()):
        return f"answered with an error in words: {one_line(text, 100)!r}"
    return _fault_of_data(access, text, tag, body) if access in _MACHINE else ""


def challenge_in(body: bytes) -> str:
    """Name the firewall whose challenge a page is, "" where it is none."""
    return _wall(_text(body[:_HEAD]).lower(), len(body))


def page_title(body: bytes) -> str:
    """Return a web page's title in one line, "" where it has none."""
    return _title(_text(body[:_HEAD]))


def _fault_of_page(access: Access, text: str, size: int) -> str:
    wall = _wall(text.lower(), size)
    if wall:
        return f"answered with a challenge of {wall}"
    title = _title(text)
    for line in (title, *_headings(text, size)):
        if _ERROR_TITLE.match(line):
            return f"answered with an error page: {line!r}"
    if access not in _MACHINE or _FEED_WITHIN.search(text):
        return ""
    said = f": {title!r}" if title else ""
    return f"answered with a web page where {_EXPECTED[access]} was expected{said}"


def _fault_of_data(access: Access, text: str, tag: str, body: bytes) -> str:
    start = text.lstrip()
    if start[:1] in "{[":
        return _fault_of_json(body) if start[0] == "{" and len(body) <= _SHORT else ""
    if "<" not in text:
        if access is Access.FEED and not start.upper().startswith("BEGIN:VCALENDAR"):
            return f"answered with words where a feed was expected: {one_line(start, 100)!r}"
        return ""
    if tag == "error":
        return f"answered with an error: {clean_text(text[:2000], html=True)[:200]!r}"
    if re.search(r"<title>\s*invalid feed\s*</title>", text[:2000], re.IGNORECASE):
        return "answered with an invalid feed: the ID or GUID in the address is wrong"
    return ""


def _fault_of_json(body: bytes) -> str:
    """Recognise an object that holds an error and nothing besides."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    names = {name.lower(): value for name, value in said.items()}
    only_error = names.keys() <= _ERROR_FIELDS
    if not only_error or not any(names.get(field) for field in _FAULT_FIELDS):
        return ""
    return f"answered with an error: {json_error(body)!r}"


def json_error(body: bytes) -> str:
    """Return what a JSON object of an error says, in one line; "" where it says nothing.

    ASP.NET Web API (Legistar) writes Message and ExceptionMessage, others error, detail, title.
    """
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    for _ in range(3):
        if isinstance(said, list) and said:
            said = said[0]
        if not isinstance(said, dict):
            break
        named = {str(name).lower(): value for name, value in said.items()}
        said = next((named[name] for name in _TELLING if named.get(name)), "")
    return one_line(clean_text(said), 200) if isinstance(said, str) else ""


def _text(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "replace")
    return head.decode("utf-8-sig", "replace")


def _first_tag(text: str) -> str:
    """Return the first element's name in lower case, past prologue and stray text before it."""
    position = 0
    while found := _PROLOGUE.match(text, position):
        position = found.end()
    tag = _TAG.search(text, position)
    between = text[position : tag.start()] if tag else ""
    if tag and between.lstrip().startswith(("{", "[", "BEGIN:VCALENDAR")):
        return ""
    return tag[1].lower() if tag else ""


def _wall(lower: str, size: int) -> str:
    if size < _SHORT and _INCAPSULA.search(lower):
        return "Imperva"
    return next((wall for wall, words in _CHALLENGES if words.search(lower)), "")


def _headings(text: str, size: int) -> list[str]:
    """Return the headings of a page so short that it holds little else."""
    found = _HEADING.findall(text) if size <= _SHORT_PAGE else []
    return [one_line(html.unescape(heading), 120) for heading in found]


def _title(text: str) -> str:
    start = text.lower().find("<title")
    found = _TITLE.match(text, start) if start >= 0 else None
    return one_line(html.unescape(found[1]), 120) if found else ""


def _has(headers: Pairs, name: str) -> bool:
    return any(key == name for key, _ in headers)
