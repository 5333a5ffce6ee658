"""Cuts a page into sentences: wrapped lines are joined, headings and list entries stay apart.

Everything here is bounded, so that a text of any kind is cut in time linear to its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 1_200
_LONGEST_PARAGRAPH = 4_000
# A line of a PDF's paragraph fills the page; a shorter one may be a heading.
_FULL_LINE = 60
_GOES_ON = re.compile(
    r"(?:[,(/&\u2013-]|\b(?:the|to|by|at|on|of|and|or|a|an|for|in|with|from|before|than|via|be|is|"
    r"are|your|this|no|any|than|que|de|la|el|las|los|del|al|y|o|en|por|con|para|antes))$",
    re.IGNORECASE,
)
_BULLET = re.compile(
    r"[\u2022\u25aa\u25cf\u00b7\u25e6\u2023*-]\s|\d{1,2}[.)]\s|\(?[a-z]\)\s", re.IGNORECASE
)
_LABEL = re.compile(r"[\w /#'\u2019-]{2,50}:$")
_LINK = re.compile(r"https?://[^\s<>]{4,}$")
_REST_OF_LINK = re.compile(r"[A-Za-z0-9_\-=?&%./#]+$")
_JOINT = re.compile(
    r"(?<=[.!?])[\"'\u201d\u2019)\]]{0,3}\s+(?=[\"'\u201c\u2018"
    r"(\[]{0,2}[A-Z\u00c1\u00c9\u00cd\u00d3\u00da\u00bf\u00a1\d])"
    r"|\s+[\u2022\u25aa\u25cf\u25e6]\s+"
)
_SHORTENED = re.compile(
    r"(?:^|[\s(])(?:[A-Z]|No|Nos|St|Ave|Blvd|Rd|Rm|Ste|Sec|Art|Ch|Ord|Res|Dr|Mr|Mrs|Ms|Hon|Ext"
    r"|Tel|Ph|"
    r"Jr|Sr|Inc|Dept|U\.S|Ft|Mt|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tues?|Wed|"
    r"Thurs?|Fri|Sat|Sun|approx|v|vs|N\.W|S\.W)\.$"
)
_HALF_DAY = re.compile(r"\d\s?[ap]\.\s?m\.$", re.IGNORECASE)
_OF_A_TIME = re.compile(
    r"\(?(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep"
    r"|oct|nov|"
    r"dec)[a-z]{0,6}|[ECMPAH](?:[SD])?T|eastern|central|mountain|pacific|\d)\b",
    re.IGNORECASE,
)


def sentences(text: str) -> Iterator[str]:
    """Give the sentences of a text, each on one line and at most 1,200 characters long."""
    for paragraph in _paragraphs(text):
        yield from _cut(paragraph)


def _paragraphs(text: str) -> Iterator[str]:
    """Join the lines of a page that belong together."""
    held, last = "", ""
    for raw in text.splitlines():
        for start in range(0, max(len(raw), 1), _LONGEST_PARAGRAPH):
            line = " ".join(raw[start : start + _LONGEST_PARAGRAPH].split())
            if held and line and len(held) < _LONGEST_PARAGRAPH and _belongs(held, last, line):
                held = f"{held}{_glue(held, line)}{line}"
            else:
                if held:
                    yield held
                held = line
            last = line
    if held:
        yield held


def _belongs(held: str, last: str, line: str) -> bool:
    """Tell whether a line goes on with what is held."""
    if _BULLET.match(line):
        return False
    is_time = _HALF_DAY.search(last) and _OF_A_TIME.match(line)
    if _GOES_ON.search(last) or line[0].islower() or is_time:
        return True
    if _LABEL.match(last):
        return not line.endswith(":")
    if last.endswith(":") and line[0].isdigit():
        return True
    if held[-1] in ".!?:;":
        return False
    return len(last) >= _FULL_LINE


def _glue(held: str, line: str) -> str:
    """Give what stands between two lines: nothing inside a link that the page's edge cut."""
    if not _LINK.search(held[-300:]):
        return " "
    first = line.split(" ", 1)[0][:300]
    if not _REST_OF_LINK.match(first):
        return " "
    return "" if held[-1] in "/-_=?&%" or "=" in first else " "


def _cut(paragraph: str) -> Iterator[str]:
    start = 0
    for joint in _JOINT.finditer(paragraph):
        before = paragraph[max(start, joint.start() - 16) : joint.start()].rstrip(
            "\"'\u201d\u2019)] "
        )
        after = paragraph[joint.end() : joint.end() + 12]
        if _SHORTENED.search(before) or (_HALF_DAY.search(before) and _OF_A_TIME.match(after)):
            continue
        yield from _pieces(paragraph[start : joint.start()])
        start = joint.end()
    yield from _pieces(paragraph[start:])


def _pieces(sentence: str) -> Iterator[str]:
    """Cut what has no end, between two words: half a link would be another link."""
    start = 0
    while len(sentence) - start > LONGEST:
        end = sentence.rfind(" ", start, start + LONGEST)
        end = end if end > start else start + LONGEST
        yield sentence[start:end].strip()
        start = end
    if rest := sentence[start:].strip():
        yield rest
