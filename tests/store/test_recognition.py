"""An item without its matter's official name is told by its words and by its look."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.jurisdictions import ocd
from monitor.look import all_clues
from monitor.models import NO_CLUES, Change, Clues, Identifier, Item, ItemType, Joining
from monitor.store import Arrival, Store
from monitor.store.recognition import PER_KEY
from tests.store.builders import DAY, NEW_YORK, NOW, item, match

CA, TX = ocd("ca"), ocd("tx")
SB_540 = Identifier("bill", f"{CA}/2025-2026", "SB 540")
TITLE = "Resolution opposing participation of the Sampleville Police in the 287(g) program"

bothways = pytest.mark.parametrize("together", [False, True], ids=["two-polls", "one-poll"])


def release(key: str = "release", **fields: Any) -> Item:
    """Make a press release about a bill that it names without its session."""
    told = {
        "type": ItemType.PRESS_RELEASE,
        "jurisdiction": CA,
        "title": "Senator introduces SB 540 to end agreements with ICE",
        "text": "SACRAMENTO. The bill, SB 540, would end agreements under section 287(g).",
        "url": f"https://senator.example/{key}",
    }
    return item(key, "press", **(told | fields))


def bill(key: str = "bill", **fields: Any) -> Item:
    """Make a legislature's own record of the bill."""
    told = {
        "type": ItemType.BILL,
        "jurisdiction": CA,
        "title": "An act relating to immigration enforcement",
        "text": "The people of the State of California do enact as follows.",
        "identifiers": (SB_540,),
    }
    return item(key, "senate", **(told | fields))


def council_item(key: str, **fields: Any) -> Item:
    """Make an item of a council whose files have no numbers."""
    return item(key, f"council-{key}", **({"title": TITLE, "text": ""} | fields))


def arrival(made: Item, clues: Clues | None = None) -> Arrival:
    """Let an item arrive with what its words tell."""
    return Arrival(made, (match(),), clues=all_clues(made) if clues is None else clues)


def merged(store: Store, *items: Item, together: bool = False) -> list[Change]:
    """Merge items in one poll, or in one poll each."""
    arrivals = [arrival(made) for made in items]
    if together:
        return [one.change for one in store.items.merge_all(arrivals, NOW)]
    return [one.change for each in arrivals for one in store.items.merge_all([each], NOW)]


def matters(store: Store, *items: Item, together: bool = False) -> list[int]:
    """Name the matters of items, from 1 in the order in which they were opened."""
    return [change.matter for change in merged(store, *items, together=together)]


@bothways
def test_what_names_a_known_bill_joins_it(store: Store, together: bool) -> None:
    """A text leaves out the session that sits, and the guess says by which words."""
    first, second = merged(store, bill(), release(), together=together)
    assert first.matter == second.matter
    assert (first.joined, second.joined) == (Joining.OPENED, Joining.NAMED)
    (joined,) = store.matters.timeline(first.matter).groupings
    assert (joined.decision, joined.strength) == ("joined", "guess")
    assert "title names bill" in joined.reason
    assert "SB 540" in joined.reason


@bothways
def test_a_record_that_comes_after_the_press_release_joins_it(store: Store, together: bool) -> None:
    """And gives the matter its official name, by which later ones find it."""
    found = matters(store, release(), bill(), release("later"), together=together)
    assert found == [1, 1, 1]
    assert store.matters.named(SB_540) == 1


@bothways
def test_two_that_name_what_no_record_has_given_yet_are_one(store: Store, together: bool) -> None:
    """Two senators speak of one bill before the legislature shows it."""
    other = release("other", title="SB 540 is a step forward, says assembly member", text="")
    assert matters(store, release(), other, together=together) == [1, 1]


@bothways
def test_the_same_number_in_another_state_is_another_bill(store: Store, together: bool) -> None:
    """Neither the release nor the record of one state finds those of another."""
    elsewhere = Identifier("bill", f"{TX}/2025-2026", "SB 540")
    texan = bill(
        "texan", jurisdiction=TX, identifiers=(elsewhere,), text="Be it enacted, in Texas."
    )
    found = matters(store, release(), texan, release("tx", jurisdiction=TX), together=together)
    assert found == [1, 2, 2]


@bothways
def test_a_bill_of_another_session_is_not_what_a_text_named(store: Store, together: bool) -> None:
    """Numbers begin anew: a release of 2023 does not mean this year's bill, nor the reverse."""
    old = release("old", published=NOW - 3 * 365 * DAY)
    assert matters(store, old, bill(), together=together) == [1, 2]
    past = Identifier("bill", f"{CA}/2021-2022", "SB 540")
    late = bill("late", identifiers=(past,), published=NOW - 5 * 365 * DAY, text="Of long ago.")
    assert matters(store, late, together=together) == [3]


def test_a_name_of_many_places_is_found_at_home(store: Store) -> None:
    """A hundred states and sessions with one number do not hide the one that is meant."""
    for state in ("al", "ak", "az", "ar", "co", "ct", "de", "fl", "ga", "hi"):
        for session in range(2010, 2020):
            name = Identifier("bill", f"{ocd(state)}/{session}", "SB 540")
            made = bill(f"{state}-{session}", jurisdiction=ocd(state), identifiers=(name,))
            store.items.merge_all([Arrival(made)], NOW)
    (home,) = matters(store, bill())
    assert matters(store, release()) == [home]
    said = [release(f"{n}", jurisdiction=TX, title=f"SB 540, part {n}", text="") for n in range(60)]
    matters(store, *said)
    other = Identifier("bill", f"{TX}/2025-2026", "SB 540")
    (texan,) = matters(store, bill("texan", jurisdiction=TX, identifiers=(other,)))
    assert texan == store.matters.of_item("press", "0")


def test_a_bill_of_congress_is_found_beside_those_of_all_states(store: Store) -> None:
    """The country's scope is the beginning of every state's."""
    us = Identifier("bill", f"{ocd('us')}/119", "HR 540")
    (home,) = matters(store, bill("us", jurisdiction=ocd("us"), identifiers=(us,)))
    for number in range(60):
        name = Identifier("bill", f"{ocd('ga')}/{1900 + number}", "HR 540")
        told = {"jurisdiction": ocd("ga"), "published": NOW, "identifiers": (name,)}
        store.items.merge_all([Arrival(bill(f"ga-{number}", **told))], NOW)
    named = release(jurisdiction=ocd("us"), title="Representative introduces H.R. 540", text="")
    assert matters(store, named) == [home]


def test_a_name_in_passing_joins_nothing(store: Store) -> None:
    """A story may name a bill that it is not about."""
    passing = replace(
        all_clues(release()),
        mentions=tuple(replace(one, subject=False) for one in all_clues(release()).mentions),
        keys=(),
    )
    (known,) = matters(store, bill())
    (found,) = store.items.merge_all([arrival(release(), passing)], NOW)
    assert found.change.matter != known


# ------------------------------------------------------------------------------------ by look


@bothways
def test_an_item_on_two_agendas_of_one_council_is_one_matter(store: Store, together: bool) -> None:
    """The committee's item comes to the full council under the same words."""
    later = council_item("b", office="Full Council", published=NOW)
    assert matters(store, council_item("a"), later, together=together) == [1, 1]


@bothways
def test_an_official_number_of_the_same_kind_stays_apart(store: Store, together: bool) -> None:
    """However alike the words are: file 123 is not file 124."""
    one, other = (
        council_item(key, identifiers=(Identifier("council_file", NEW_YORK, f"INT {number}-2026"),))
        for key, number in (("a", 123), ("b", 124))
    )
    assert matters(store, one, other, together=together) == [1, 2]


@bothways
def test_a_chain_of_likenesses_does_not_join_what_contradicts(store: Store, together: bool) -> None:
    """An item without a number is like two files: it joins the first, and the second stays out."""
    names = [Identifier("council_file", NEW_YORK, f"INT {number}-2026") for number in (123, 124)]
    first, bare, second = (
        council_item("a", identifiers=(names[0],)),
        council_item("b"),
        council_item("c", identifiers=(names[1],)),
    )
    assert matters(store, first, bare, second, together=together) == [1, 1, 2]


@bothways
def test_the_same_text_in_another_state_is_said_and_not_merged(
    store: Store, together: bool
) -> None:
    """A model ordinance goes from place to place."""
    words = (
        "Ordinance prohibiting the use of municipal parks, libraries, garages and vacant lots as "
        "staging areas or processing places for federal civil immigration arrests"
    )
    here = council_item("a", title=words)
    there = council_item("b", title=words, jurisdiction=ocd("tx/sampleville"))
    first, second = merged(store, here, there, together=together)
    assert first.matter != second.matter
    assert first.related == ()
    (related,) = second.related
    assert (related.matter, related.title) == (first.matter, words)
    assert related.jurisdiction == here.jurisdiction
    assert "jurisdiction" in related.reason


def test_clues_of_changed_words_are_forgotten(store: Store) -> None:
    """A page that spoke of one bill and now speaks of another does not catch the first one."""
    matters(store, release())
    changed = release(title="Senator speaks of agreements with ICE", text="No bill is named.")
    store.items.merge_all([arrival(changed)], NOW)
    assert matters(store, bill()) == [2]


def test_clues_are_forgotten_where_the_new_words_are_of_no_interest(store: Store) -> None:
    """Then nobody looks for clues in them, and the old ones hold no longer."""
    matters(store, release())
    changed = release(title="Senator opens an office", text="Coffee will be served.")
    store.items.merge_all([Arrival(changed)], NOW)
    assert matters(store, bill()) == [2]
    assert store._db.value("SELECT count(*) FROM traces WHERE item_id = 1") == 0


def test_clues_stay_with_an_item_that_changes_and_keeps_them(store: Store) -> None:
    """A new status does not take away by what it is recognised."""
    matters(store, release())
    store.items.merge_all([arrival(release(status="Updated"))], NOW)
    assert matters(store, bill()) == [1]


def test_an_item_that_is_not_told_needs_no_clues_to_join_its_record(store: Store) -> None:
    """An official identifier joins whatever the words are."""
    (known,) = matters(store, bill())
    plain = Arrival(bill("again", title="Other words"), clues=NO_CLUES)
    (found,) = store.items.merge_all([plain], NOW)
    assert (found.change.matter, found.change.joined) == (known, Joining.OFFICIAL)


def test_only_the_newest_of_a_key_are_looked_at(store: Store) -> None:
    """A headline that comes every week is compared with the last twenty, not with all."""
    shared = Clues(keys=("0123456789abcdef",))
    weeks = 3 * PER_KEY
    for number in range(weeks):
        made = item(
            f"{number}",
            f"herald-{number}",
            type=ItemType.NEWS,
            title=f"What happened at the {number} council meetings of Sampleville",
            text="",
            published=NOW - timedelta(weeks=weeks - number),
        )
        store.items.merge_all([arrival(made, shared)], NOW)
    recognition_reads: list[str] = []
    store._db._raw.set_trace_callback(recognition_reads.append)
    store.items.merge_all([arrival(item("new", "other", type=ItemType.NEWS), shared)], NOW)
    (newest,) = [sql for sql in recognition_reads if "FROM traces WHERE key" in sql]
    assert f"LIMIT {PER_KEY})" in newest
    (loaded,) = [sql for sql in recognition_reads if "id, matter_id FROM items WHERE id IN" in sql]
    assert loaded.count(",") < 30


def test_every_question_to_the_store_has_its_index(store: Store) -> None:
    """No item costs a walk through all names, mentions or traces."""
    asked: list[str] = []
    store._db._raw.set_trace_callback(asked.append)
    merged(store, release(), bill(), release("again"), council_item("a"), council_item("b"))
    store._db._raw.set_trace_callback(None)
    wanted = ("FROM traces", "FROM mentions", "FROM matter_identifiers", "FROM items WHERE id IN")
    questions = [sql for sql in asked if sql.startswith("SELECT") and any(w in sql for w in wanted)]
    assert len(questions) >= 4
    for sql in questions:
        plan = [row[3] for row in store._db.rows(f"EXPLAIN QUERY PLAN {sql}")]
        scans = [step for step in plan if step.startswith("SCAN ")]
        few = ("CONSTANT", "SCAN wanted", "(subquery")
        assert not [step for step in scans if not any(word in step for word in few)], (sql, plan)


@pytest.mark.parametrize(("prints", "expected"), [(3, 1), (40, 2)])
@bothways
def test_who_joins_a_crowd_must_be_like_what_leads_it(
    store: Store, together: bool, prints: int, expected: int
) -> None:
    """Stories resemble each other in chains; a chain of many would take in everything."""
    story = {"type": ItemType.NEWS, "jurisdiction": CA, "text": ""}
    title = "Sampleville council ends its 287(g) agreement with ICE after a long vote"
    words = (
        "The clerk read the motion aloud, the mayor thanked the public, and members voted. " * 20
    )
    first = item("first", "wire", title=title, **story)
    copies = [
        item(f"{n}", f"paper-{n}", title=title, **(story | {"text": words})) for n in range(prints)
    ]
    other = item("last", "blog", title="What happened at city hall", **(story | {"text": words}))
    found = matters(store, first, *copies, other, together=together)
    assert set(found[:-1]) == {1}
    assert found[-1] == expected
