"""Cases and their papers: court and docket number name one; captions are shared by many.

`United States v. Minnesota` was filed in one court twice in a week: without a number, a caption
names a case only together with its court and its day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from monitor.identifiers import docket_core, docket_number
from monitor.matters.places import court, place
from monitor.matters.signatures import hashed, squeezed
from monitor.matters.times import exactly_one_day
from monitor.matters.values import Excerpt, Likeness, same
from monitor.text import fold

_NUMBER = re.compile(
    r"(?<![\w:-])(?:\d{1,2}:)?\d{2,4}-?(?:cv|cr|mc|mj|md|ap|bk|civ)-?\d{3,6}(?:-[A-Z]{2,5})*(?!\d)|"
    r"(?<![\w-])\d{2}[AMO]\d{1,4}(?![\w-])|(?<![\w:-])\d{2}-\d{2,5}(?![\w-])",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"\b(?:docket|case|civil action|nos?|number)\b[^\n]{0,25}?(?<![\w:-])"
    r"(?P<number>(?:\d{1,2}:)?\d{2,4}-?(?:cv|cr|mc|mj|md|ap)-?\d{3,6})",
    re.IGNORECASE,
)
# A number that the text gives to another case: the one below, a related one.
_OTHER_CASE = re.compile(
    r"(?:appeal of|appeal from|related to|see also|consolidated with|transferred from)\s"
    r"[^\n]{0,30}$",
    re.IGNORECASE,
)
_TRACKED = re.compile(r"courtlistener\.com/docket/(\d+)/", re.IGNORECASE)
_PAPER = re.compile(r"/doc[123]/(\d{6,})|/(\d{6,})/gov\.uscourts", re.IGNORECASE)
_VERSUS = re.compile(r"\s(?:-v-|vs?\.?)\s", re.IGNORECASE)
_TAIL = re.compile(
    r",?\s*\b(?:et\s+al\.?|etc\.?|in (?:his|her|their) official capacit\w+.*|"
    r"inc\.?|llc|corp\.?|co\.)(?=[\s,.]|$)",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"\b(?:the|state of|commonwealth of|u\.?s\.?|united states|of america|donald j\.?|president)\b",
    re.IGNORECASE,
)
# Captions that many cases of one court and one day may bear.
_NAMELESS = re.compile(
    r"^(?:j(?:ohn|ane)?\.?\s?(?:doe|roe)s?|does?|roe|in re|petitioner|[a-z]\.(?:[a-z]\.)+)\b",
    re.IGNORECASE,
)
_TEXT = 300
_WHOLE_TEXT = 120


@dataclass(frozen=True, slots=True)
class Case:
    """What is read of a case or of a paper filed in one.

    number: without office and leading zeros; office: of the court, where stated: in many districts
    each office counts its cases from one. also: every docket number in the words.
    tracked: CourtListener's number of the docket; paper: the court's of the document.
    caption: letters of both parties, without what trackers write differently.
    """

    court: str
    number: str
    office: str
    also: frozenset[str]
    tracked: str
    paper: str
    caption: str
    nameless: bool
    text: str
    published: datetime | None


def read_case(part: Excerpt) -> Case:
    """Read a docket caption, docket entry or opinion."""
    found = next((one for one in part.identifiers if one.scheme == "docket"), None)
    title = _NUMBER.sub(" ", part.title)
    number = found.value if found else _own_number(part)
    tracked = _TRACKED.search(part.url)
    paper = _PAPER.search(part.url)
    said = f"{part.title} {part.text}"
    return Case(
        court=court(found.scope) or found.scope if found else place(part.jurisdiction),
        number=_core(number),
        office=_office(number),
        also=frozenset(filter(None, map(_core, _NUMBER.findall(said)))),
        tracked=tracked[1] if tracked else "",
        paper=next(filter(None, paper.groups())) if paper else "",
        caption=_caption(title),
        nameless=bool(_NAMELESS.match(fold(title))),
        text=squeezed(part.text),
        published=part.published,
    )


def case_keys(case: Case) -> tuple[str, ...]:
    """Return the keys of a case: its number, its caption, its paper."""
    found = [f"d:{case.court}:{case.number}"] if case.number else []
    found += [f"cl:{case.tracked}"] if case.tracked else []
    found += [f"c:{case.court}:{case.caption}"] if case.caption else []
    return (*map(hashed, found), *paper_keys(case))


def paper_keys(case: Case) -> tuple[str, ...]:
    """Return the key of a paper's own words, which it shares with its twins on other dockets."""
    if len(case.text) < _WHOLE_TEXT:
        return ()
    return (hashed(f"w:{case.court}:{case.text[:_TEXT]}"),)


def compare_cases(one: Case, other: Case) -> Likeness | None:
    """Say whether two items belong to one case, or are one paper filed in consolidated cases."""
    if one.tracked and one.tracked == other.tracked:
        return same(f"one docket at CourtListener, {one.tracked}")
    if not one.court or one.court != other.court:
        return None
    if one.number and other.number:
        return _by_number(one, other)
    return None if one.tracked and other.tracked else _one_caption(one, other)


def _by_number(one: Case, other: Case) -> Likeness | None:
    if one.number != other.number:
        return _one_paper(one, other)
    other_office = one.office and other.office and one.office != other.office
    return None if other_office else same(f"docket {one.number} of one court")


def _one_caption(one: Case, other: Case) -> Likeness | None:
    """Compare two records of which one at least has no number: caption and day of filing."""
    if not one.caption or one.caption != other.caption or one.nameless:
        return None
    if _numbers_differ(one, other) or not exactly_one_day(one.published, other.published):
        return None
    return same("same caption and day in one court", 0.9)


def _numbers_differ(one: Case, other: Case) -> bool:
    """Say whether one record's number is missing among those that the other names."""
    for here, there in ((one, other), (other, one)):
        if here.number and there.also and here.number not in there.also:
            return True
    return False


def _one_paper(one: Case, other: Case) -> Likeness | None:
    """Compare papers of two dockets: a filing in consolidated cases names both of them."""
    if not exactly_one_day(one.published, other.published):
        return None
    if one.paper and one.paper == other.paper:
        return same("one document on two dockets of one court")
    both = {one.number, other.number}
    if len(one.text) >= _WHOLE_TEXT and one.text == other.text and both <= one.also & other.also:
        return same("same filing on consolidated cases of one court", 0.9)
    return None


def _own_number(part: Excerpt) -> str:
    """Return the number of the case itself as written: in the title, or called so in the text."""
    if found := _NUMBER.search(part.title):
        return found.group()
    for found in _LABELLED.finditer(part.text[:_TEXT]):
        if not _OTHER_CASE.search(
            part.text[: found.start()] + found.group()[: -len(found["number"])]
        ):
            return found["number"]
    return ""


def _core(text: str) -> str:
    """Return a docket number for comparing: "3:17cv00485-WHO" as "17-cv-485"."""
    dashed = re.sub(r"(\d)-?(cv|cr|mc|mj|md|ap|bk)-?(\d)", r"\1-\2-\3", text, flags=re.IGNORECASE)
    number = docket_number(dashed)
    return docket_core(number) if number else ""


def _office(text: str) -> str:
    office, colon, _ = text.strip().rpartition(":")
    return office.lstrip("0") if colon and office.isdigit() else ""


def _caption(title: str) -> str:
    """Return the letters of both parties: "State of Oregon, et al. v. Trump" as "oregon|trump"."""
    sides = _VERSUS.split(title, maxsplit=1)
    if len(sides) != 2:  # noqa: PLR2004  # plaintiff and defendant
        return ""
    sides[1] = re.split(r"\s[\u2013\u2014]\s|\sFiling\s\d|\s[A-Z]{2}-[A-Z]{2}-\d", sides[1])[0]
    plain = [squeezed(_bare(side)) for side in sides]
    return "|".join(plain) if all(plain) else ""


def _bare(side: str) -> str:
    """Drop from a party what one tracker writes and another does not."""
    text = _TAIL.sub(" ", side)
    return _NOISE.sub(" ", text) if _NOISE.sub("", text).strip(" .,") else text


def cases_conflict(one: Case, other: Case) -> str:
    """Return which official mark of two cases differs, "" where none does."""
    if one.court and other.court and one.court != other.court:
        return "other courts"
    if one.number and other.number and one.number != other.number:
        return "" if _one_paper(one, other) else f"dockets {one.number} and {other.number}"
    differ = one.tracked and other.tracked and one.tracked != other.tracked
    return "two dockets at CourtListener" if differ else ""
