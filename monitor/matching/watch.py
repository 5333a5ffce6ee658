"""Cases followed by name and number: an item of one of their dockets needs no keyword.

A line of a filter's `watch` is a court, a number and a caption:

    dcd 1:25-cv-00190 Make the Road New York v. Noem

The number decides where the item carries one. Where it has none, as in a list of captions, the
parties decide, in either order, because an appeal turns them round; and an officer stands for the
office, because officers are replaced while their case goes on. Two different district courts never
have the same case; a case and its appeal do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from monitor import identifiers, jurisdictions
from monitor.errors import QueryError
from monitor.jurisdictions import Court, CourtKind
from monitor.matching.subject import TITLE, Subject
from monitor.models import ItemType

COURT_ITEMS = frozenset({ItemType.DOCKET_CAPTION, ItemType.DOCKET_ENTRY, ItemType.OPINION})
_LINE = re.compile(r"(?P<court>\S+)\s+(?P<number>\S+)\s+(?P<caption>\S.*)", re.DOTALL)
_VERSUS = re.compile(r"[\s,]+-?v(?:s|ersus)?\b[-.,\s]+")
_PARTIES = 2
# How far into a text its own number may stand; beyond, it cites other cases.
_NUMBERED_HEAD = 1500
_DISTRICT = re.compile(
    r"(?<![\w-])(?:\d{1,2}:)?\d{2,4}-?(?:cv|cr|mc|mj|md)-?\d{1,6}", re.IGNORECASE
)
_HIGHER = re.compile(r"(?<![\w:$-])(?:\d{2}-\d{2,5}|\d{2}[AM]\d{1,4})(?![\w-])")
_AFTER_CAPTION = re.compile(
    r"\s+[\u2013\u2014|-]\s+.*|\bfiling\s+\d.*|,\s*(?:no\.?\s*)?\d[\d:a-z-]*.*|</?a\b.*", re.DOTALL
)
_BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_INITIALS = re.compile(r"(?<=\b\w)\.\s?(?=\w\b)")
# Words of a party's name that one clerk writes and another leaves out.
_OPTIONAL = frozenset(
    re.findall(
        r"\w+",
        "the of and in re et al us j jr donald kristi pamela marco state commonwealth people "
        "president acting secretary director attorney general",
    )
)
# Words that make another party of a name: New York is not the City of New York.
_PLACES = frozenset(("city", "county", "town", "village", "borough", "district", "school"))
_ANYBODY = frozenset(("doe", "roe"))
# Parties whose names change while a case goes on: the officer, the office, the short form.
_OFFICES = (
    ("dhs", r"dhs|noem|mullin|mayorkas|huffman|homeland security"),
    ("dhs", r"ice|lyons|homan|immigrations? (?:and )?customs enforcement"),
    ("doj", r"doj|bondi|blanche|garland|sessions|department of justice"),
    ("hud", r"hud|turner|housing and urban development"),
    ("dot", r"dot|duffy|department of transportation"),
    ("united states", r"^united states?(?: of america)?$|^usa?$"),
)
_OFFICE_PATTERNS = tuple((name, re.compile(rf"\b(?:{said})\b")) for name, said in _OFFICES)


@dataclass(frozen=True, slots=True)
class WatchedCase:
    """One case: its court's id, its number there in normal form, and its caption."""

    court: Court
    number: str
    caption: str

    def __str__(self) -> str:
        return f"{self.court.id} {self.number} {self.caption}"


def read_case(line: str) -> WatchedCase:
    """Read one line of a watch-list; raises QueryError."""
    found = _LINE.fullmatch(line.strip())
    if found is None:
        message = "write court, number and caption: cand 3:25-cv-01350 Larch County v. Noem"
        raise QueryError(message, line, 0)
    court = jurisdictions.court(found["court"])
    if court is None:
        message = f"'{found['court']}' is no court's CourtListener or PACER id"
        raise QueryError(message, line, 0)
    number = identifiers.docket_number(found["number"])
    if number is None:
        message = f"'{found['number']}' is no docket number such as 1:25-cv-00190 or 25-1404"
        raise QueryError(message, line, found.start("number"))
    return WatchedCase(court, number, " ".join(found["caption"].split()))


class Watchlist:
    """Finds the watched case to which an item of a court belongs."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.cases = tuple(map(read_case, lines))
        self._parties = tuple(parties(case.caption) for case in self.cases)
        self._numbers: dict[str, list[WatchedCase]] = defaultdict(list)
        for case in self.cases:
            self._numbers[identifiers.docket_core(case.number)].append(case)

    def find(self, subject: Subject) -> WatchedCase | None:
        """Give the watched case of an item; None where there is none, or for other items."""
        if subject.type not in COURT_ITEMS:
            return None
        here = _court(subject.jurisdiction)
        numbers = tuple(_numbers(subject, here))
        by_number = self._by_number(numbers, here)
        if by_number is not None or any("-cv-" in number for number in numbers):
            return by_number
        return self._by_parties(subject, here)

    def _by_number(self, numbers: tuple[str, ...], here: Court | None) -> WatchedCase | None:
        known = (case for number in numbers for case in self._numbers.get(number, ()))
        return next((case for case in known if _may_share(here, case.court)), None)

    def _by_parties(self, subject: Subject, here: Court | None) -> WatchedCase | None:
        title = next((text for name, text in subject.fields if name == TITLE), "")
        mine = parties(title)
        if not mine:
            return None
        pairs = zip(self.cases, self._parties, strict=True)
        known = (case for case, theirs in pairs if _same(mine, theirs))
        if _ANYBODY & {word for party in mine for word in party.split()}:
            known = (case for case in known if here is not None and here.id == case.court.id)
        return next((case for case in known if _may_share(here, case.court)), None)


def parties(caption: str) -> tuple[str, ...]:
    """Take the two parties out of a caption, as words that compare; () where it has none."""
    text = _DISTRICT.sub(" ", caption.casefold().replace("\u2019", "'"))
    text = _BRACKETED.sub(" ", _AFTER_CAPTION.sub("", text))
    halves = _VERSUS.split(text, maxsplit=1)
    if len(halves) != _PARTIES:
        alone = _party(text) if re.match(r"\s*in re\b", text) else ""
        return ("in re", alone) if alone else ()
    found = tuple(map(_party, halves))
    return found if all(found) else ()


def _party(said: str) -> str:
    plain = _INITIALS.sub("", said.replace("'", "")).replace("&", " and ")
    plain = " ".join(re.sub(r"[^\w\s]", " ", plain).split())
    for name, office in _OFFICE_PATTERNS:
        if office.search(plain):
            return name
    return " ".join(word for word in plain.split() if word not in _OPTIONAL)


def _same(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    if not theirs:
        return False
    (one, other), (left, right) = mine, theirs
    straight = _is_party(one, left) and _is_party(other, right)
    return straight or (_is_party(one, right) and _is_party(other, left))


def _is_party(one: str, other: str) -> bool:
    """Say whether two names mean one party: the same, or a person with and without first name."""
    if one == other:
        return True
    short, long = sorted((one.split(), other.split()), key=len)
    more = set(long) - set(short)
    if short[-1] != long[-1] or "united" in long or more & _PLACES:
        return False
    return set(short) <= set(long)


def _numbers(subject: Subject, here: Court | None) -> Iterator[str]:
    """Yield the numbers by which an item calls its own case, comparable."""
    for each in subject.identifiers:
        if each.scheme == "docket":
            yield identifiers.docket_core(each.value)
    is_higher = here is not None and here.kind in {CourtKind.APPELLATE, CourtKind.SUPREME}
    for _, text in subject.fields:
        head = text[:_NUMBERED_HEAD]
        for found in (*_DISTRICT.finditer(head), *(_HIGHER.finditer(head) if is_higher else ())):
            yield identifiers.docket_core(found.group())


def _may_share(one: Court | None, other: Court) -> bool:
    """Say whether two courts can have one case: the same, or one above the other."""
    if one is None or one.id == other.id:
        return True
    kinds = {one.kind, other.kind}
    if CourtKind.SUPREME in kinds:
        return CourtKind.SPECIAL not in kinds
    return kinds == {CourtKind.DISTRICT, CourtKind.APPELLATE} and bool(
        set(one.states) & set(other.states)
    )


def _court(name: str) -> Court | None:
    """Find a court by its id, or by a name as lists of cases write it."""
    return jurisdictions.court(name) or _spellings().get(_spelling(name))


_DIVISION = re.compile(
    r"(?:(?P<part>Northern|Southern|Eastern|Western|Middle|Central) )?District of (?P<where>.+)"
)


@cache
def _spellings() -> Mapping[str, Court]:
    """Map "N.D. Ill.", "District Court, N.D. Illinois" and full names to their courts."""
    found: dict[str, Court] = {}
    for court in jurisdictions.courts().values():
        names = [court.short, court.name]
        place = court.name.rpartition(" for the ")[2]
        if court.kind is CourtKind.DISTRICT and (division := _DIVISION.fullmatch(place)):
            letters = f"{division['part'][0]}.D." if division["part"] else "D."
            names.append(f"{letters} {division['where']}")
        if court.kind is CourtKind.APPELLATE:
            names.append(place)
        found.update((_spelling(each), court) for each in names)
    return found


def _spelling(name: str) -> str:
    """Reduce a court's name to what tells it from others."""
    plain = name.casefold().replace("united states", "").replace("district of columbia", "dc")
    for said in ("district court", "court of appeals", "court", "for the", "of the", "d.dc"):
        plain = plain.replace(said, "dc" if said == "d.dc" else "")
    return re.sub(r"[^a-z0-9]", "", plain)
