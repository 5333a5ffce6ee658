"""Spoils answers: bodies and headers as no publisher should send them, repeatable by a seed.

chance = random.Random("rss/atom.xml 17")
body, headers, what = mutated(body, headers, chance)
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

from monitor.models import Pairs

Spoil = Callable[[bytes, Random], bytes]

_AT_ONCE = (1, 1, 1, 1, 2, 3)
_LONG = 100_000
_DEEP = 3_000
_TAG = re.compile(rb"<[^<>]{1,200}>")
_ELEMENT = re.compile(rb"<(\w[\w:]{0,20})\b[^<>]{0,200}>[^<]{0,2000}</\1>")
_NUMBER = re.compile(rb"\d+")
_QUOTED = re.compile(rb'"([^"\\\n]{1,200})"')
_DECLARED = re.compile(rb"(encoding=|charset=)[\"']?[\w-]+[\"']?")
_DATE = re.compile(rb"\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{4}|\d{1,2} [A-Z][a-z]{2} \d{4}")
_NUMBERS = (b"0", b"-1", b"1e308", b"9" * 30, b"9" * 5_000, b"00000000000", b"\xd9\xa3", b"20026")
_DATES = (
    b"0000-00-00", b"0001-01-01", b"9999-12-31", b"5025-02-30", b"12/31/9999", b"1/1/0001",
    b"31 Feb 2026", b"2026-11-23T25:61:61+99:99", b"2026-11-23T10:00:00+14:00",
)  # fmt: skip
_BYTES = (
    b"\x00", b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x80\xae",
    b"]]>", b"<![CDATA[", b"<!--", b"&#0;", b"&#xD800;", b"&#x110000;", b"&undefined;", b"\x1b[2J",
    b'<!DOCTYPE a [<!ENTITY b "bb">]>', b"<script>", b"<!channel>", b"\\ud800", b"\\u0000", b"{}",
    b'"', b"'", b"\r\n\r\n", b"\\", b"%00", b"javascript:alert(1)", b"http://[::1", b"//\\",
)  # fmt: skip
_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 3.5, 10**30, 10**400, "", " ", "x", "\ud800", "\x00<b>&#0;", [], {},
    [None], [[]], [{}], {"a": None}, "0001-01-01T00:00:00", "9999-12-31T23:59:59Z", "1/1/0001",
    "http://[::1", "javascript:alert(1)", "1" * 5_000, "word " * 10_000, "\U0001d518\u202e\u200b",
)  # fmt: skip
_CHARSETS = ("utf-16", "utf-16-be", "utf-32", "utf-7", "cp1252", "latin-1", "cp037", "utf-8-sig")
_TYPES = (
    "", "text/html", "text/html; charset=utf-16", "application/json", "image/png", "text/calendar",
    "application/rss+xml; charset=no-such-charset", "application/octet-stream", "\x7f;;=;charset",
)  # fmt: skip
_CODINGS = ("gzip", "deflate", "br", "zstd", "gzip, gzip", "identity", "nonsense")


def mutated(body: bytes, headers: Pairs, chance: Random) -> tuple[bytes, Pairs, str]:
    """Spoil a body, its headers or both; return them with the names of what was done."""
    done: list[str] = []
    for _ in range(chance.choice(_AT_ONCE)):
        if chance.random() < 0.12:
            name, headers = _other_headers(headers, chance)
        else:
            spoil = chance.choice(_SPOILS)
            name, body = spoil.__name__.strip("_"), spoil(body, chance)
        done.append(name)
    if chance.random() < 0.03:
        body, headers = gzip.compress(body)[: chance.randint(1, 200)], _with(headers, _GZIPPED)
        done.append("cut_gzip")
    return body, headers, "+".join(done)


# ---------------------------------------------------------------------------------- any body


def _flip_bits(body: bytes, chance: Random) -> bytes:
    spoilt = bytearray(body)
    for _ in range(chance.choice((1, 3, 30))):
        if spoilt:
            spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def _truncate(body: bytes, chance: Random) -> bytes:
    return body[: chance.randint(0, len(body))]


def _behead(body: bytes, chance: Random) -> bytes:
    return body[chance.randint(0, len(body)) :]


def _span(body: bytes, chance: Random, most: int = 2_000) -> tuple[int, int]:
    begin = chance.randint(0, len(body))
    return begin, min(len(body), begin + chance.randint(1, most))


def _double_a_chunk(body: bytes, chance: Random) -> bytes:
    begin, end = _span(body, chance)
    return body[:end] + body[begin:end] * chance.choice((1, 2, 50)) + body[end:]


def _drop_a_chunk(body: bytes, chance: Random) -> bytes:
    begin, end = _span(body, chance)
    return body[:begin] + body[end:]


def _move_a_chunk(body: bytes, chance: Random) -> bytes:
    begin, end = _span(body, chance)
    rest = body[:begin] + body[end:]
    place = chance.randint(0, len(rest))
    return rest[:place] + body[begin:end] + rest[place:]


def _insert_bytes(body: bytes, chance: Random) -> bytes:
    for _ in range(chance.choice((1, 1, 5))):
        place = chance.randint(0, len(body))
        body = body[:place] + chance.choice(_BYTES) + body[place:]
    return body


def _insert_much(body: bytes, chance: Random) -> bytes:
    place = chance.randint(0, len(body))
    much = chance.choice((b"x", b" ", b"<b>", b"a ", b"&#48;")) * _LONG
    return body[:place] + much + body[place:]


def _other_charset(body: bytes, chance: Random) -> bytes:
    return body.decode("utf-8", "replace").encode(chance.choice(_CHARSETS), "replace")


def _other_declaration(body: bytes, chance: Random) -> bytes:
    said = chance.choice(_CHARSETS).encode()
    return _DECLARED.sub(lambda found: found[1] + b'"' + said + b'"', body, count=1)


def _one(pattern: re.Pattern[bytes], body: bytes, chance: Random, said: bytes) -> bytes:
    """Put something else in place of one find of a pattern."""
    found = list(pattern.finditer(body))
    if not found:
        return _flip_bits(body, chance)
    chosen = chance.choice(found)
    return body[: chosen.start()] + said + body[chosen.end() :]


def _odd_number(body: bytes, chance: Random) -> bytes:
    return _one(_NUMBER, body, chance, chance.choice(_NUMBERS))


def _odd_date(body: bytes, chance: Random) -> bytes:
    return _one(_DATE, body, chance, chance.choice(_DATES))


def _odd_text(body: bytes, chance: Random) -> bytes:
    return _one(_QUOTED, body, chance, b'"' + chance.choice(_BYTES) + b'"')


def _swap_tags(body: bytes, chance: Random) -> bytes:
    tags = list(_TAG.finditer(body))
    if len(tags) < 2:
        return _move_a_chunk(body, chance)
    one, other = sorted(chance.sample(tags, 2), key=re.Match.start)
    return (
        body[: one.start()] + other[0] + body[one.end() : other.start()] + one[0]
        + body[other.end() :]
    )  # fmt: skip


def _drop_an_element(body: bytes, chance: Random) -> bytes:
    return _one(_ELEMENT, body, chance, b"")


def _empty_an_element(body: bytes, chance: Random) -> bytes:
    found = list(_ELEMENT.finditer(body))
    if not found:
        return _truncate(body, chance)
    chosen = chance.choice(found)
    return body[: chosen.start()] + b"<" + chosen[1] + b"/>" + body[chosen.end() :]


def _nest_deeply(body: bytes, chance: Random) -> bytes:
    marks = ((b"[", b"]"), (b'{"a":', b"}"), (b"<div>", b"</div>"), (b"<a>", b""))
    begin, end = chance.choice(marks)
    if chance.random() < 0.5:
        return begin * _DEEP + body + end * _DEEP
    place = chance.randint(0, len(body))
    return body[:place] + begin * _DEEP + end * _DEEP + body[place:]


def _mix_lines(body: bytes, chance: Random) -> bytes:
    lines = body.split(b"\n")
    for _ in range(chance.choice((1, 4))):
        one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


# ---------------------------------------------------------------------------------- JSON


def _change_json(body: bytes, chance: Random) -> bytes:
    """Change some nodes of a JSON answer: another value, a key less, a list emptied or doubled."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return _double_a_chunk(body, chance)
    for _ in range(chance.choice((1, 1, 2, 8))):
        nodes = list(_nodes(answer))
        if not nodes:
            break
        _change(*chance.choice(nodes), chance)
    try:
        text = json.dumps(answer, ensure_ascii=chance.random() < 0.5)
        return text.encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return body


def _nodes(answer: Any) -> list[tuple[Any, Any]]:
    """List every place in a JSON answer: its holder, and its key or number there."""
    found: list[tuple[Any, Any]] = []
    waiting = [answer]
    while waiting:
        holder = waiting.pop()
        inner = holder.items() if isinstance(holder, dict) else enumerate(holder)
        for key, value in inner:
            found.append((holder, key))
            if isinstance(value, dict | list):
                waiting.append(value)
    return found if isinstance(answer, dict | list) else []


def _change(holder: Any, key: Any, chance: Random) -> None:
    value = holder[key]
    match chance.randrange(6):
        case 0:
            del holder[key]
        case 1:
            holder[key] = [] if isinstance(value, list) else {} if isinstance(value, dict) else None
        case 2:
            holder[key] = str(value) if isinstance(value, dict | list | int | float) else [value]
        case 3 if isinstance(value, list):
            holder[key] = value * chance.choice((2, 20))
        case 4 if isinstance(value, str):
            holder[key] = value + chance.choice(("\x00", "\u202e", " " * 9_999, "<b>&amp;lt;"))
        case _:
            holder[key] = chance.choice(_VALUES)


def _make_list(body: bytes, chance: Random) -> bytes:
    return chance.choice((b"[" + body + b"]", b'{"data":' + body + b"}", b'{"error":"no"}', b"[]"))


_SPOILS: tuple[Spoil, ...] = (
    _flip_bits, _flip_bits, _truncate, _behead, _double_a_chunk, _drop_a_chunk, _move_a_chunk,
    _insert_bytes, _insert_bytes, _insert_much, _other_charset, _other_declaration, _odd_number,
    _odd_number, _odd_date, _odd_date, _odd_text, _odd_text, _swap_tags, _swap_tags,
    _drop_an_element, _empty_an_element, _nest_deeply, _mix_lines, _make_list,
    _change_json, _change_json, _change_json, _change_json,
)  # fmt: skip


# ---------------------------------------------------------------------------------- headers

_GZIPPED = ("content-encoding", "gzip")


def _with(headers: Pairs, *more: tuple[str, str]) -> Pairs:
    named = {name for name, _ in more}
    return (*(pair for pair in headers if pair[0] not in named), *more)


def _other_headers(headers: Pairs, chance: Random) -> tuple[str, Pairs]:
    """Let an answer say of itself what is not so."""
    match chance.randrange(4):
        case 0:
            return "content_type", _with(headers, ("content-type", chance.choice(_TYPES)))
        case 1:
            return "content_encoding", _with(headers, ("content-encoding", chance.choice(_CODINGS)))
        case 2:
            told = chance.choice(("0", "1", "-5", "9" * 30, "many", "12, 13"))
            return "content_length", _with(headers, ("content-length", told))
        case _:
            odd = (("etag", '"\xe9"' * 400), ("last-modified", "yesterday"), ("location", "//["))
            return "odd_headers", _with(headers, *odd)
