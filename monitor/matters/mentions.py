"""Reads official names out of an item's own words, so that it joins the matter that it names.

title, text, address ─→ bills, cases, orders, rules, council files, 287(g) agreements ─→ Mentions

Every mention is a guess. A wrong one hides news in another matter's thread, so whatever may be
two things is none: a bill of no certain legislature, a docket number of no certain court.

A mention is the item's `subject` only where the item has no official name of its own, and is about
that very thing: it is the one thing that the title names, not in passing ("under SB 4", "like SB
4") and not as the object of a lawsuit; or, where the title names none, the one on which the lead
acts ("signed House Bill 12"). A council's file about a bill is a matter of its own.

Libraries were tried and left out: eyecite (0.3 s to import, 35 MB, 60 microseconds a character)
reads reporters, neither dockets nor bills; courts-db knows courts by names like "Superior Court of
…", not "N.D. Cal."; monitor/courts.tsv has what is needed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from monitor import jurisdictions
from monitor.matters.mentions_agreements import agreements
from monitor.matters.mentions_bills import bills
from monitor.matters.mentions_dockets import dockets
from monitor.matters.mentions_links import linked
from monitor.matters.mentions_orders import files, orders, rules
from monitor.matters.mentions_places import US, Found, Place, place_of
from monitor.matters.naming import scope_parts
from monitor.models import Identifier, Item, ItemType, Mention

MOST = 12
_LONGEST_TITLE = 1_000
_LONGEST_TEXT = 20_000
_LEAD = 400
_SAID = 80

_DIGIT = re.compile(r"\d")
# A cheap look before each reader that is dearer than it.
_READERS = (
    (_DIGIT, bills),
    (re.compile(r"\d[-\u2013]?[a-zA-Z]{2}[-\u2013]?\d|\d-\d\d|\d\d[AM]\d|courtlistener"), dockets),
    (re.compile(r"[Ee]xecutive\s+[Oo]rder|EXECUTIVE\s+ORDER|E\.?O\b"), orders),
    (re.compile(r"FR\s?Doc|federalregister|RIN\b|-20\d\d-\d|[Dd]ocument\s[Nn]"), rules),
    (re.compile(r"\d-\d|#\s?\d|N[oO]\.?\s?\d|umber\s\d|Int"), files),
    (re.compile(r"287\s?\(?[gG]| \| "), agreements),
)

_PASSING = re.compile(
    r"\b(?:under|violat\w+|like|similar to|model+ed (?:on|after)|pursuant to|compl\w+ with"
    r"|compliance with|cit(?:es|ing)|since|after|following|despite|amid|(?:in )?response to"
    r"|required by|because of|based on|compared? (?:to|with)|such as|including|accordance with)\s+"
    r"(?:the\s+)?(?:[\w.'\u2019()-]+\s+){0,4}\W{0,2}$",
    re.IGNORECASE,
)
_IN_COURT = re.compile(
    r"\b(?:lawsuits?|sue[sd]?|suing|suits?|litigation|amicus|judges?|courts?|injunctions?|rulings?"
    r"|rul(?:es|ed|ing) (?:that|on|against|for|in)|restraining order|complaint|appeals?"
    r"|plaintiffs?|settle\w*)\b|\b(?:v|vs)\.\s",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"\b(?:sign(?:s|ed|ing)?|veto(?:es|ed)?|pass(?:es|ed|age)?|approv\w+|introduc\w+|advanc\w+"
    r"|enact\w+|adopt\w+|reject\w+|amend(?:s|ed)|sponsor\w*|testif\w+|vote[sd]?|hearing|would|urg\w+"
    r"|support\w*|oppos\w+|issu(?:es|ed|ing)|rescind\w*|revok\w+|becomes? law|took effect"
    r"|takes effect|entitled|known as|bans?|banning|prohibit\w*|requir\w+|assess\w+|proposed|files?"
    r"|filed|announc\w+|expir\w+|terminat\w+|joins?|joined)\b",
    re.IGNORECASE,
)
_COMPANIONS = ({"A", "S"}, {"HR", "S"}, {"HF", "SF"}, {"H", "S"})
_COUNCIL = frozenset({ItemType.COUNCIL_ITEM, ItemType.AGENDA_ITEM, ItemType.MEETING})
_COURT_ITEMS = frozenset({ItemType.DOCKET_CAPTION, ItemType.DOCKET_ENTRY, ItemType.OPINION})
_TOLD = frozenset({ItemType.NEWS, ItemType.PRESS_RELEASE})
# What an item of a type is itself, when it says its own number first.
_OWN = {
    ItemType.BILL: "bill",
    ItemType.COUNCIL_ITEM: "council_file",
    ItemType.AGENDA_ITEM: "council_file",
    ItemType.EXECUTIVE_ORDER: "executive_order",
    ItemType.FEDERAL_REGISTER: "fr_document",
    ItemType.DOCKET_CAPTION: "docket",
    ItemType.DOCKET_ENTRY: "docket",
    ItemType.OPINION: "docket",
    ItemType.AGREEMENT: "agreement",
}
_RULE_SCHEMES = frozenset(("fr_document", "rin", "rulemaking"))
_RULE = re.compile(
    r"\b(?:rules?|rulemaking|notice|regulations?|proposes|comments?)\b", re.IGNORECASE
)
# How far into a title its own number may stand. An act's number further on is of another act.
_FIRST_WORDS = 40
_HEAD = 3
_ACT = re.compile(r"(?:ORDINANCE|RESOLUTION|BILL)\b")
# Some councils write a file's own number last.
_ENDS = re.compile(r"\W*")


def mentions(item: Item) -> tuple[Mention, ...]:
    """Return the official names in an item's title, text and address: subjects first, at most 12.

    Of a text over 20,000 characters only that much is read. A bill's scope lacks its session where
    the text names none; a docket's is "" where no court is named (any one court that has it).
    """
    found = list(_read(item))
    if not found:
        return ()
    own = {(name.scheme, name.value) for name in item.identifiers}
    state = jurisdictions.state_of(item.jurisdiction)
    home = jurisdictions.ocd(state) if state else ""
    kept = [one for one in _settled(found, home) if not _is_own(one.identifier, own)]
    subjects = () if item.identifiers else _subjects(item, kept)
    first: dict[Identifier, Found] = {}
    for one in kept:
        first.setdefault(one.identifier, one)
    ordered = sorted(first.values(), key=lambda one: one.identifier not in subjects)
    return tuple(
        Mention(
            one.identifier,
            one.field,
            " ".join(one.said.split())[:_SAID],
            one.identifier in subjects,
        )
        for one in ordered[:MOST]
    )


def _read(item: Item) -> Iterator[Found]:
    """Read the fields in turn, each with the readers that may find something in it."""
    place: Place | None = None
    fields = (("title", item.title[:_LONGEST_TITLE]), ("text", item.text[:_LONGEST_TEXT]))
    for field, text in fields:
        if not _DIGIT.search(text):
            continue
        for hint, reader in _READERS:
            if hint.search(text):
                place = place or place_of(item)
                yield from reader(text, field, place)
    yield from linked(item.url)


def _is_own(name: Identifier, own: set[tuple[str, str]]) -> bool:
    return (name.scheme, name.value) in own


def _settled(found: Iterable[Found], home: str) -> list[Found]:
    """Let the fuller of two readings of one number stand for both.

    A title says "Keep Families Together Act (S. 3036)", the text whose S. 3036 it is; one place
    gives a bill's session or a case's court, another does not.
    """
    known = list(dict.fromkeys(found))
    by_number: dict[tuple[str, str], dict[Identifier, set[str]]] = defaultdict(dict)
    for one in known:
        alike = by_number[one.identifier.scheme, one.identifier.value]
        alike.setdefault(one.identifier, set()).add(one.field)
    settled = []
    for one in known:
        alike = by_number[one.identifier.scheme, one.identifier.value]
        name = _fuller(one, alike, home) if len(alike) > 1 else one.identifier
        settled.append(one if name == one.identifier else replace(one, identifier=name))
    return settled


def _fuller(one: Found, alike: Mapping[Identifier, set[str]], home: str) -> Identifier:
    """Choose among the readings of one number; that of the same field, if it is the only one."""
    names = [name for name in alike if _is_fuller(name, one, home)]
    beside = [name for name in names if one.field in alike[name]] or names
    return beside[0] if len(beside) == 1 else one.identifier


def _is_fuller(name: Identifier, one: Found, home: str) -> bool:
    """Tell whether a name says more: a session, a year, a court, or another legislature.

    What was taken for the home state's for want of a better yields to that. But a title that
    says SB 4 at home means ours, though the text compares it with SB 4 of Texas.
    """
    other = one.identifier
    where, there = scope_parts(name.scope)[0], scope_parts(other.scope)[0]
    if name.scheme == "bill" and where != there:
        return there == home and (where == US or one.field != "title")
    return name.scope != other.scope and other.scope in {"", where}


def _subjects(item: Item, found: list[Found]) -> frozenset[Identifier]:
    """Say what the item is about: its address, its own number, the title's one name, the lead's."""
    by_address = [one.identifier for one in found if one.field == "url"]
    if by_address:
        return frozenset(by_address)
    own = _own_number(item, found)
    rule = _rule(item, found)
    if own is not None:
        return rule | {own}
    if rule:
        return rule
    if item.type in _OWN and item.type is not ItemType.BILL and item.type not in _COUNCIL:
        return frozenset()
    one = _named_by_title(item, found)
    return frozenset() if one is None else frozenset({one})


def _rule(item: Item, found: list[Found]) -> frozenset[Identifier]:
    """Return the one rule of an item by all its names: its document, its RIN, its docket."""
    is_order = item.type is ItemType.EXECUTIVE_ORDER
    schemes = {"fr_document"} if is_order else _RULE_SCHEMES
    names = {one.identifier for one in found if one.identifier.scheme in schemes}
    one_each = len({name.scheme for name in names}) == len(names)
    told = item.type in _TOLD and _RULE.search(item.title) is not None
    is_about = is_order or told or item.type is ItemType.FEDERAL_REGISTER
    return frozenset(names) if one_each and is_about else frozenset()


def _own_number(item: Item, found: list[Found]) -> Identifier | None:
    """Return the number by which an official item calls itself."""
    scheme = _OWN.get(item.type, "")
    ours = [one for one in found if one.identifier.scheme == scheme]
    if item.type is ItemType.BILL:
        here = item.jurisdiction
        ours = [one for one in ours if scope_parts(one.identifier.scope)[0] == here]
    if item.type in _COURT_ITEMS:
        ours = [one for one in ours if one.identifier.scope == item.jurisdiction]
    head = _FIRST_WORDS
    if item.type in _COUNCIL:
        head = _HEAD
        ours = [one for one in ours if one.field == "title" or not _ACT.match(one.identifier.value)]
    for field, reach in (("title", head), ("text", _LEAD)):
        first = next((one for one in ours if one.field == field), None)
        is_long = item.type is ItemType.EXECUTIVE_ORDER or item.type in _COURT_ITEMS
        if first is not None and (first.start <= reach or is_long):
            return first.identifier
    return None


def _named_by_title(item: Item, found: list[Found]) -> Identifier | None:
    in_title = [one for one in found if one.field == "title"]
    is_told = item.type in _TOLD
    if in_title:
        return _of_title(item, in_title) or (_of_case(item, found) if is_told else None)
    return _of_lead(item, found) if is_told else None


def _of_title(item: Item, named: list[Found]) -> Identifier | None:
    """Return the one thing that a title names, if it is not named in passing."""
    distinct = {one.identifier for one in named}
    first = named[0]
    if item.type in _COUNCIL and first.identifier.scheme == "council_file":
        return first.identifier if _ENDS.fullmatch(item.title, first.end) else None
    if len(distinct) > 1 and not _are_companions(item.title, named):
        return None
    if first.identifier.scheme == "docket":
        return first.identifier
    if item.type in _COUNCIL and scope_parts(first.identifier.scope)[0] != item.jurisdiction:
        return None
    if _PASSING.search(item.title[: first.start]) or _IN_COURT.search(item.title):
        return None
    return first.identifier


def _are_companions(title: str, named: list[Found]) -> bool:
    """Tell whether two bills stand as one in both chambers: "A.3506/S.2235", "HB 12/SB 40"."""
    if [one.identifier.scheme for one in named] != ["bill", "bill"]:
        return False
    kinds = {one.identifier.value.partition(" ")[0] for one in named}
    between = title[named[0].end : named[1].start]
    is_usual = kinds in _COMPANIONS and between.strip() == "/"
    return is_usual or (kinds == {"HB", "SB"} and between == "/")


def _of_lead(item: Item, found: list[Found]) -> Identifier | None:
    """Return what the first lines act on, where they name one thing, and the rest no more."""
    lead = [one for one in found if one.start < _LEAD]
    distinct = {one.identifier for one in lead}
    if len(distinct) != 1:
        return _of_case(item, found)
    first = lead[0]
    if first.identifier.scheme == "docket" or _IN_COURT.search(item.title):
        return _of_case(item, found)
    before = item.text[max(0, first.start - 120) : first.start]
    behind = item.text[first.end : first.end + 80]
    if _PASSING.search(before) or not (_ACTS.search(before) or _ACTS.search(behind)):
        return None
    return first.identifier


def _of_case(item: Item, found: list[Found]) -> Identifier | None:
    """Return the one case that a story about a lawsuit gives the number of."""
    cases = {one.identifier for one in found if "docket" in one.identifier.scheme}
    is_about = _IN_COURT.search(item.title) is not None
    return cases.pop() if len(cases) == 1 and is_about else None
