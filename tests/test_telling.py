"""Who was told of a matter hears again only when something happens to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from monitor.alerts import Route, Routing
from monitor.config import Source
from monitor.connectors.rss import Rss
from monitor.jurisdictions import ocd
from monitor.look import clues_of
from monitor.models import (
    Alert,
    ChangeKind,
    Collected,
    Fresh,
    Hearing,
    Identifier,
    Item,
    ItemType,
    Outcome,
    Stage,
)
from monitor.pipeline import Rules, record
from monitor.store import Store
from tests.store.builders import DAY, HOUR, NEW_YORK, NOW, item, match

ROUTING = Routing("#all", (Route("#ny", jurisdiction=ocd("ny")),))
CASE = Identifier("docket", "nysd", "1:26-cv-04321")
FILE = Identifier("council_file", NEW_YORK, "INT 1234-2026")
BILL = Identifier("bill", f"{ocd('ny')}/2025-2026", "S 4321")
ZONE = "America/New_York"


class Newsroom:
    """Polls many sources into a store, each of which was polled before."""

    def __init__(self, store: Store, routing: Routing = ROUTING) -> None:
        self.store = store
        self.rules = Rules(routing, cap=100)
        self.now = NOW
        self._known: set[str] = set()

    def brings(self, *items: Item, matched: bool = True) -> list[Alert]:
        """Poll each item's source, those of one source at once; return what is told."""
        told: list[Alert] = []
        for source, own in groupby(items, key=lambda one: one.source):
            self._begin(source)
            told += self._poll(source, tuple(own), matched=matched)
        self.now += HOUR
        return told

    def seeds(self, *items: Item) -> None:
        """Let a source's first poll bring these, silently."""
        (source,) = {one.source for one in items}
        self._known.add(source)
        assert self._poll(source, items, matched=True) == ()
        self.now += HOUR

    def _begin(self, source: str) -> None:
        if source not in self._known:
            self._known.add(source)
            self._poll(source, (), matched=True)

    def _poll(self, source: str, items: tuple[Item, ...], *, matched: bool) -> tuple[Alert, ...]:
        why = (match(),) if matched else ()
        fresh = tuple(Fresh(one, why, 0, clues_of(one, why)) for one in items)
        outcome = Outcome.CHANGED if items else Outcome.EMPTY
        keys = tuple(one.key for one in items)
        collected = Collected(source, self.now, outcome, fresh=fresh, seen=keys)
        return record(self.store, None, made(source), collected, self.rules).alerts


def made(name: str) -> Source:
    """Make a source."""
    return Source(
        id=name,
        name=f"The {name}",
        kind="rss",
        connector=Rss(url=f"https://{name}.example/feed"),
        jurisdiction=ocd("ny"),
        every=HOUR,
        cron="",
        timezone=ZONE,
    )


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    """Open a newsroom over an empty store."""
    with Store.open(tmp_path / "monitor.db") as store:
        yield Newsroom(store)


def said(alerts: list[Alert]) -> list[tuple[str, str]]:
    """Tell channel and change of each alert."""
    return [(one.channel, one.item.key) for one in alerts if one.item]


def story(source: str, **fields: Any) -> Item:
    """Make an outlet's print of one wire story."""
    told = {
        "type": ItemType.NEWS,
        "jurisdiction": ocd("ny"),
        "title": "Sampleville sheriff ends 287(g) agreement with ICE after vote",
        "text": "SAMPLEVILLE (AP) - Sheriff Jane Roe said on Monday that her office leaves 287(g).",
        "url": f"https://{source}.example/sampleville-sheriff-ends-agreement-with-ice",
    }
    return item(f"{source}-1", source, **(told | fields))


def meeting(at: datetime, **fields: Any) -> Hearing:
    """Make a hearing of a council."""
    return Hearing("meeting", at, ZONE, "City Hall", **fields)


def agenda(key: str, at: datetime, office: str, **fields: Any) -> Item:
    """Make a council's item on an agenda."""
    told = {
        "type": ItemType.AGENDA_ITEM,
        "title": "Resolution opposing participation in the 287(g) program",
        "office": office,
        "identifiers": (FILE,),
        "hearings": (meeting(at),),
    }
    return item(key, "council", **(told | fields))


def entry(key: str, text: str, **fields: Any) -> Item:
    """Make a docket entry."""
    told = {
        "type": ItemType.DOCKET_ENTRY,
        "jurisdiction": "nysd",
        "title": "City of Example v. Doe",
        "text": text,
        "identifiers": (CASE,),
    }
    return item(key, "court", **(told | fields))


BOTH = ["#all", "#ny"]


# -------------------------------------------------------------------------------------- news


@pytest.mark.parametrize("at_once", [True, False])
def test_a_wire_story_of_twenty_outlets_is_told_once(newsroom: Newsroom, at_once: bool) -> None:
    """All are kept and counted; one is told."""
    prints = [story(f"outlet{n}") for n in range(20)]
    rounds = [prints] if at_once else [[one] for one in prints]
    told = [alert for each in rounds for alert in newsroom.brings(*each)]
    assert said(told) == [("#ny", "outlet0-1")]
    present = newsroom.store.matters.present(1, newsroom.now)
    assert (len(present.sources), present.changes) == (20, 19)


def test_an_editors_hand_in_a_told_story_is_no_news(newsroom: Newsroom) -> None:
    """Neither a new headline nor a longer text."""
    newsroom.brings(story("herald"))
    assert newsroom.brings(story("herald", title="Sampleville sheriff leaves 287(g)")) == []
    assert newsroom.brings(story("herald", text="Much more was said.")) == []


def test_an_editors_hand_in_a_story_of_the_backlog_is_no_news(newsroom: Newsroom) -> None:
    """It was found, and silent, when its feed was first read."""
    newsroom.seeds(story("herald"))
    assert newsroom.brings(story("herald", title="Sampleville sheriff leaves 287(g)")) == []


def test_a_story_that_comes_to_be_about_it_is_told(newsroom: Newsroom) -> None:
    """A first version of which no filter knew anything was told to nobody."""
    plain = story("herald", title="Sampleville sheriff speaks", text="Soon more.")
    assert newsroom.brings(plain, matched=False) == []
    assert said(newsroom.brings(story("herald"))) == [("#ny", "herald-1")]


def test_a_story_that_repeats_the_backlog_is_told(newsroom: Newsroom) -> None:
    """Nobody was told of what a first poll stored."""
    newsroom.seeds(story("herald"))
    assert said(newsroom.brings(story("tribune"))) == [("#ny", "tribune-1")]


def test_a_story_of_a_ruling_that_no_record_told_is_told(newsroom: Newsroom) -> None:
    """Courts' feeds may come hours after the papers; the second paper adds nothing."""
    newsroom.brings(entry("caption", "COMPLAINT filed.", stage=Stage.FILED))
    ruling = story(
        "herald",
        title="Judge blocks ICE arrests at courthouses in City of Example v. Doe",
        text="The ruling in No. 1:26-cv-04321 (S.D.N.Y.) holds at once.",
        jurisdiction="nysd",
        stage=Stage.INJUNCTION_GRANTED,
    )
    (told,) = newsroom.brings(ruling)
    assert told.matter == 1
    again = replace(ruling, source="tribune", key="t", url="https://tribune.example/ruling")
    assert newsroom.brings(again) == []


def test_a_story_of_what_the_record_told_adds_nothing(newsroom: Newsroom) -> None:
    """The clerk was first."""
    newsroom.brings(entry("1", "ORDER granting it.", stage=Stage.INJUNCTION_GRANTED))
    late = story(
        "herald",
        title="Judge blocks ICE arrests in City of Example v. Doe",
        text="The ruling in No. 1:26-cv-04321 (S.D.N.Y.) holds at once.",
        jurisdiction="nysd",
        stage=Stage.INJUNCTION_GRANTED,
    )
    assert newsroom.brings(late) == []


# ------------------------------------------------------------------------------------ records


def test_an_item_that_comes_to_the_full_council_tells_its_new_date(newsroom: Newsroom) -> None:
    """At the committee, then at the council: one matter, two dates, each said once."""
    first = newsroom.brings(agenda("1", NOW + 3 * DAY, "Committee on Immigration"))
    second = newsroom.brings(agenda("2", NOW + 20 * DAY, "City Council"))
    assert (said(first), said(second)) == ([("#ny", "1")], [("#ny", "2")])
    assert second[0].matter == first[0].matter
    assert newsroom.brings(agenda("3", NOW + 20 * DAY, "City Council, stated meeting")) == []


def test_a_date_that_is_over_is_no_news(newsroom: Newsroom) -> None:
    """Minutes of a meeting of last week add nothing."""
    newsroom.brings(agenda("1", NOW + 3 * DAY, "Committee on Immigration"))
    assert newsroom.brings(agenda("2", NOW - 7 * DAY, "Committee on Rules")) == []


def test_a_hearing_that_is_moved_or_called_off_is_told_to_the_channel(newsroom: Newsroom) -> None:
    """It is near: everybody must see it."""
    newsroom.brings(agenda("1", NOW + 3 * DAY, "Committee"))
    (moved,) = newsroom.brings(agenda("1", NOW + 4 * DAY, "Committee"))
    assert (moved.change, moved.for_everyone) == (ChangeKind.UPDATED, True)
    off = agenda("1", NOW + 4 * DAY, "Committee")
    off = item(
        **{name: getattr(off, name) for name in ("key", "source", "type", "title", "office")},
        identifiers=(FILE,),
        hearings=(meeting(NOW + 4 * DAY, cancelled=True),),
    )
    (cancelled,) = newsroom.brings(off)
    assert cancelled.for_everyone
    assert cancelled.headline.startswith("Cancelled")


def test_an_official_record_without_a_word_of_interest_is_told(newsroom: Newsroom) -> None:
    """Its words match nothing, and it sets the hearing of a bill that people follow."""
    newsroom.brings(item("bill", "senate", type=ItemType.BILL, identifiers=(BILL,)))
    hearing = item(
        "event",
        "calendar",
        type=ItemType.AGENDA_ITEM,
        title="S 4321",
        text="",
        identifiers=(BILL,),
        hearings=(meeting(NOW + 5 * DAY),),
    )
    told = newsroom.brings(hearing, matched=False)
    assert said(told) == [("#ny", "event")]
    assert newsroom.brings(replace(hearing, key="again"), matched=False) == []


def test_what_is_of_no_interest_stays_silent_on_unknown_matters(newsroom: Newsroom) -> None:
    """Nobody was told of that bill."""
    newsroom.seeds(item("bill", "senate", type=ItemType.BILL, identifiers=(BILL,)))
    hearing = item("event", "calendar", identifiers=(BILL,), hearings=(meeting(NOW + 5 * DAY),))
    assert newsroom.brings(hearing, matched=False) == []


def test_one_filing_that_is_noticed_twice_is_told_once(newsroom: Newsroom) -> None:
    """The court's feed and a mirror give one paper of one docket, each in its own words."""
    newsroom.brings(entry("caption", "COMPLAINT filed.", stage=Stage.FILED))
    paper = (("document_number", "7"),)
    first = entry("7", "[Motion for Preliminary Injunction]", stage=Stage.MOTION, facts=paper)
    assert said(newsroom.brings(first)) == [("#ny", "7")]
    words = "MOTION for Preliminary Injunction by City of Example. Filed by Jane Roe."
    twice = replace(entry("m7", words, stage=Stage.MOTION, facts=paper), source="mirror")
    assert newsroom.brings(twice) == []
    other = replace(entry("m8", words, facts=(("document_number", "8"),)), source="mirror")
    assert said(newsroom.brings(other)) == [("#ny", "m8")]


LEAD, MEMBER = "1:26-cv-04321", "1:26-cv-04777"
BOTH_CASES = (
    f"ORDER granting Motion for Preliminary Injunction in {LEAD} and {MEMBER}. Defendants are "
    "enjoined from conditioning federal grants on cooperation with civil immigration enforcement "
    "while these consolidated actions are pending. (Signed by Judge Roe.)"
)


def consolidated(number: str, key: str, words: str = BOTH_CASES, **fields: Any) -> Item:
    """Make a paper on one of two consolidated dockets."""
    made = entry(key, words, stage=Stage.ORDER, **fields)
    return replace(made, identifiers=(Identifier("docket", "nysd", number),), jurisdiction="nysd")


@pytest.mark.parametrize("at_once", [True, False])
def test_one_paper_in_consolidated_cases_is_told_once(newsroom: Newsroom, at_once: bool) -> None:
    """Each case keeps its docket; the channel reads the order one time."""
    lead, member = consolidated(LEAD, "a"), consolidated(MEMBER, "b")
    rounds = [(lead, member)] if at_once else [(lead,), (member,)]
    told = [alert for each in rounds for alert in newsroom.brings(*each)]
    assert [(one.channel, one.item.key) for one in told if one.item] == [("#ny", "a")]
    matters = {newsroom.store.matters.of_item("court", key) for key in ("a", "b")}
    assert len(matters) == 2


def test_a_paper_of_the_member_case_alone_is_told(newsroom: Newsroom) -> None:
    """And so is one with the same words that does not name both cases."""
    newsroom.brings(consolidated(LEAD, "a"), consolidated(MEMBER, "b"))
    own = BOTH_CASES.replace(f"{LEAD} and ", "")
    assert len(newsroom.brings(consolidated(MEMBER, "c", own))) == 1
    plain = BOTH_CASES.replace(f" in {LEAD} and {MEMBER}", "")
    assert len(newsroom.brings(consolidated(LEAD, "d", plain))) == 1
    assert len(newsroom.brings(consolidated(MEMBER, "e", plain))) == 1


def test_caption_and_complaint_of_a_new_case_are_one_alert(newsroom: Newsroom) -> None:
    """A case is seen for the first time with its first paper."""
    case = entry("case", "", type=ItemType.DOCKET_CAPTION, stage=Stage.FILED)
    complaint = entry("1", "COMPLAINT against John Doe.", stage=Stage.FILED)
    assert said(newsroom.brings(case, complaint)) == [("#ny", "case")]
    order = entry("2", "ORDER to show cause.", stage=Stage.ORDER)
    assert said(newsroom.brings(order)) == [("#ny", "2")]


@pytest.mark.parametrize("at_once", [True, False])
def test_another_stage_is_told(newsroom: Newsroom, at_once: bool) -> None:
    """In one poll or in two, and before everybody where it turns the matter."""
    filed = item("1", "senate", type=ItemType.BILL, identifiers=(BILL,), stage=Stage.INTRODUCED)
    vetoed = item("2", "senate", type=ItemType.BILL, identifiers=(BILL,), stage=Stage.VETOED)
    rounds = [(filed, vetoed)] if at_once else [(filed,), (vetoed,)]
    first, second = [alert for each in rounds for alert in newsroom.brings(*each)]
    assert (first.stage, second.stage) == (Stage.INTRODUCED, Stage.VETOED)
    assert second.for_everyone


def test_the_same_bill_from_another_source_adds_nothing(newsroom: Newsroom) -> None:
    """Open States and LegiScan tell of one bill."""
    newsroom.brings(item("1", "openstates", type=ItemType.BILL, identifiers=(BILL,)))
    again = item("9", "legiscan", type=ItemType.BILL, identifiers=(BILL,), title="S4321: an act")
    assert newsroom.brings(again) == []


# ----------------------------------------------------------------------------------- channels


def test_the_channels_of_a_matter_stay_in_step(newsroom: Newsroom) -> None:
    """Who heard the beginning hears the end, although only the beginning was of that place."""
    newsroom.rules = Rules(Routing("#all", (Route("#ny", ocd("ny")), Route("#all"))), cap=100)
    first = newsroom.brings(agenda("1", NOW + 3 * DAY, "Committee"))
    assert sorted(one.channel for one in first) == BOTH
    newsroom.rules = Rules(Routing("#all"), cap=100)
    moved = newsroom.brings(agenda("1", NOW + 4 * DAY, "Committee"))
    assert sorted(one.channel for one in moved) == BOTH


def test_the_console_alone_hears_what_follows(newsroom: Newsroom) -> None:
    """Without Slack nothing is queued, and the story goes on all the same."""
    newsroom.rules = Rules(Routing("console"), cap=100, queued=False)
    newsroom.brings(item("bill", "senate", type=ItemType.BILL, identifiers=(BILL,)))
    hearing = item(
        "event",
        "calendar",
        type=ItemType.AGENDA_ITEM,
        identifiers=(BILL,),
        hearings=(meeting(NOW + 5 * DAY),),
    )
    assert said(newsroom.brings(hearing, matched=False)) == [("console", "event")]
    assert newsroom.brings(story("herald"), story("tribune")) != []
    assert newsroom.brings(story("gazette")) == []
    assert newsroom.store.outbox.listed() == ()


def test_what_was_deferred_counts_as_told(newsroom: Newsroom) -> None:
    """A line of a summary was read; what only repeats it is not told, what follows is."""
    newsroom.rules = Rules(ROUTING, cap=1)
    at = NOW + timedelta(days=9)
    others = [agenda(f"o{n}", at, "Committee", identifiers=()) for n in range(3)]
    named = [
        replace(one, title=f"Detainer resolution of the {n} ward") for n, one in enumerate(others)
    ]
    newsroom.brings(agenda("1", at, "Committee"), *named)
    newsroom.rules = Rules(ROUTING, cap=100)
    assert newsroom.brings(agenda("again", at, "Committee")) == []
    assert said(newsroom.brings(agenda("1", at + DAY, "Committee"))) == [("#ny", "1")]
