"""What is read out of real titles and texts: nothing wrong, and little missed.

The mentions in the labelled lines were read, those of uniform blocks (files and dockets that head
their own titles) by rule. The figures below are what was right; a change that reads fewer, or that
breaks one of the rules that hold for all, shows here.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from monitor import jurisdictions
from monitor.cli.lines import Line, read_lines
from monitor.matters import mentions
from monitor.matters.mentions_dockets import court_named
from monitor.models import Item, ItemType, Mention
from tests.replay.nyc import History

# Mentions by scheme, and how many of them are what their item is about.
_RIGHT = {
    "agreement": (33, 31),
    "bill": (214, 145),
    "council_file": (188, 181),
    "docket": (248, 212),
    "executive_order": (96, 55),
    "fr_document": (18, 18),
}
_COURT = re.compile(r"Docket:\s+(?P<number>\S+)\s+Court: ")
_NUMBERED = re.compile(r"(?:Res|Int) (?P<number>\d{4})-(?P<year>\d{4}): ")
_BILL = re.compile(r"(?P<kind>[HS][BR]|[HS](?=\d)|H\. ?R\.|S\.)\s?0*(?P<number>\d+):")


@dataclass(frozen=True, slots=True)
class Read:
    """One line and what was read out of it."""

    line: Line
    item: Item
    found: tuple[Mention, ...]

    @property
    def subjects(self) -> tuple[str, ...]:
        """List what the item is about, as "docket:cand:1:25-cv-00001"."""
        return tuple(str(one.identifier) for one in self.found if one.subject)


def place(said: str) -> str:
    """Find the id of a jurisdiction as the lines write it; as it stands where it is unknown."""
    court = court_named(said) if "Court" in said else None
    guess = court.id if court else jurisdictions.suggestion(said)
    try:
        return jurisdictions.ocd(guess) if guess else said
    except ValueError:
        return said


def item_of(line: Line) -> Item:
    """Make an item of a line."""
    return Item(
        source="labelled",
        key=line.id,
        type=line.type or ItemType.NEWS,
        jurisdiction=place(line.jurisdiction),
        title=line.title,
        text=line.body,
        url="",
        published=None,
        fingerprint="",
    )


@pytest.fixture(scope="module")
def read(shared: Path) -> tuple[Read, ...]:
    """Read all labelled lines."""
    lines = read_lines(shared / "relevance" / "items.jsonl")
    items = [(line, item_of(line)) for line in lines]
    return tuple(Read(line, item, mentions(item)) for line, item in items)


def test_as_much_is_read_as_was_found_right(read: tuple[Read, ...]) -> None:
    """Per scheme, no fewer mentions and no fewer subjects."""
    every = Counter(one.identifier.scheme for each in read for one in each.found)
    about = Counter(one.identifier.scheme for each in read for one in each.found if one.subject)
    assert {name: (every[name], about[name]) for name in _RIGHT} == _RIGHT
    assert set(every) == set(_RIGHT)


def test_no_item_is_about_two_things_but_an_order_and_its_document(read: tuple[Read, ...]) -> None:
    """An executive order is printed in the Federal Register."""
    for each in read:
        schemes = sorted(one.identifier.scheme for one in each.found if one.subject)
        assert len(schemes) <= 1 or schemes == ["executive_order", "fr_document"], each.line.id


def test_a_council_s_item_is_never_a_bill(read: tuple[Read, ...]) -> None:
    """A resolution that calls on a legislature has a life of its own."""
    for each in read:
        if each.item.type is ItemType.COUNCIL_ITEM:
            assert not any(name.startswith("bill") for name in each.subjects), each.line.id


def test_every_numbered_file_of_new_york_city_is_itself(read: tuple[Read, ...]) -> None:
    """The number that a title begins with."""
    count = 0
    for each in read:
        if numbered := _NUMBERED.match(each.line.title):
            count += 1
            assert len(each.subjects) == 1
            assert each.subjects[0].endswith(f" {int(numbered['number'])}-{numbered['year']}")
    assert count == 135


def test_every_bill_that_begins_its_title_is_itself(read: tuple[Read, ...]) -> None:
    """Michigan writes HB4334, Florida S1104, Washington HB 1680, Congress H.R. 4944."""
    count = 0
    for each in read:
        if each.item.type is ItemType.BILL and (found := _BILL.match(each.line.title)):
            count += 1
            assert len(each.subjects) == 1, each.line.title
            assert each.subjects[0].endswith(f" {found['number']}"), each.line.title
    assert count == 122


def test_a_tracker_s_case_has_its_court(read: tuple[Read, ...]) -> None:
    """The tracker's summary gives number and court; the court is the item's own."""
    count = 0
    for each in read:
        stated = _COURT.search(each.line.body)
        if stated and jurisdictions.court(each.item.jurisdiction):
            count += 1
            name = f"docket:{each.item.jurisdiction}:{stated['number']}"
            assert each.subjects == (name,), each.line.id
    assert count >= 60


def test_of_new_york_city_s_resolutions_no_bill_is_of_another_state(shared: Path) -> None:
    """All bills that the recorded resolutions name are New York's, or of Congress."""
    count = 0
    for path, file in History(shared).base.items():
        title = f"{file.get('File')}: {file.get('Name')}"
        text = str(file.get("Title") or "")
        line = Line(path, "resolution", "New York, NY", title, text, None, "", 0)
        for one in mentions(item_of(line)):
            if one.identifier.scheme == "bill":
                count += 1
                scope = one.identifier.scope.removeprefix("ocd-division/country:us")
                assert re.fullmatch(r"(?:/state:ny)?(?:/[\d-]+)?", scope), one
                assert not one.subject
    assert count > 300


def test_what_two_lists_say_of_one_agreement_has_one_name(
    shared: Path, read: tuple[Read, ...]
) -> None:
    """ICE's rows in successive weeks, and another list's own wording."""
    by_id = {each.line.id: each for each in read}
    pairs = 0
    text = (shared / "relevance" / "duplicates.jsonl").read_text(encoding="utf-8")
    for row in map(json.loads, text.splitlines()):
        if row["type"] == "287g_weekly_sheet":
            pairs += 1
            assert len({by_id[one].subjects for one in row["ids"]}) == 1, row["group"]
        elif row["note"] == "same agency, other 287(g) model":
            pairs += 1
            assert len({by_id[one].subjects for one in row["ids"]}) == len(row["ids"])
    assert pairs > 5
