"""Entries become comparable: one key each, and a fingerprint of what would be news."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.models import Attachment, Entry, FieldChange, Hearing, Item, ItemType
from monitor.normalise import (
    chosen,
    differences,
    fingerprint,
    indexed,
    item_changes,
    material,
    normalise,
    normalise_all,
)

PLACE = "ocd-division/country:us/state:ny"
STARTS = datetime(2026, 12, 1, 15, tzinfo=UTC)
ENTRY = Entry(
    type=ItemType.COUNCIL_ITEM,
    key="7",
    title="Resolution on <b>detainers</b>",
    body="<p>The council &amp; the mayor.</p>",
    html=True,
    url="https://example.org/7",
    status="In committee",
    office="Committee on Justice",
    hearings=(Hearing("hearing", STARTS, "America/New_York", "Room 1"),),
    attachments=(
        Attachment("Text", "https://example.org/t.pdf?token=1"),
        Attachment("Memo", "https://example.org/m.pdf"),
    ),
    facts=(("sponsor", "Rivera"),),
    noise=(("last modified", "2026-11-01"),),
    published=datetime(2026, 11, 1, tzinfo=UTC),
)


def item(entry: Entry) -> Item:
    """Normalise one entry."""
    return normalise(entry, "source", PLACE)


def plain(number: int, key: str = "", title: str = "", url: str = "") -> Entry:
    """Make a simple entry."""
    return Entry(ItemType.NEWS, key, title or f"Story {number}", f"Words {number}.", url)


def keys(entries: list[Entry], known: tuple[str, ...] = ()) -> dict[str, str]:
    """Map each item's text to its key."""
    return {one.text: one.key for one in normalise_all(entries, "source", PLACE, known)}


def test_an_item_holds_clean_words() -> None:
    """Markup is gone, the source and its jurisdiction are named."""
    made = item(ENTRY)
    assert (made.title, made.text) == ("Resolution on detainers", "The council & the mayor.")
    assert (made.source, made.key, made.jurisdiction) == ("source", "7", PLACE)
    assert item(replace(ENTRY, jurisdiction="us")).jurisdiction == "us"


def test_an_unread_date_stays_visible() -> None:
    """The publisher's words for a date go into the noise, as the time of an edit does."""
    odd = replace(ENTRY, published=None, published_said="next Tuesday", updated=STARTS)
    assert ("published", "next Tuesday") in item(odd).noise
    assert ("updated", "2026-12-01T15:00:00Z") in item(odd).noise


def test_an_endless_title_is_cut_and_kept_in_the_text() -> None:
    """No word is lost."""
    long = item(replace(ENTRY, html=False, title="word " * 400 + "last"))
    assert len(long.title) <= 1_000
    assert long.title.endswith("\u2026")
    assert "last\n" in long.text


@pytest.mark.parametrize(
    "same",
    [
        replace(ENTRY, noise=(("last modified", "2026-11-09"),)),
        replace(ENTRY, published=None, updated=STARTS, labels=("new",)),
        replace(ENTRY, key="7/639104730510000000"),
        replace(ENTRY, body="<div>The  council\n&amp; the mayor.</div>"),
        replace(ENTRY, attachments=ENTRY.attachments[::-1]),
        replace(
            ENTRY,
            attachments=(
                Attachment("Memo", "https://EXAMPLE.org/m.pdf"),
                Attachment("Text", "https://example.org/t.pdf?token=2"),
            ),
        ),
        replace(ENTRY, facts=(*ENTRY.facts, ("enactment", ""))),
        replace(ENTRY, watched="a case", muted="clerical"),
    ],
)
def test_noise_changes_no_fingerprint(same: Entry) -> None:
    """Bumped times, order, tokens, white space and empty new fields re-alert nothing."""
    assert item(same).fingerprint == item(ENTRY).fingerprint


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        (replace(ENTRY, title="Resolution on warrants"), "title"),
        (replace(ENTRY, body="The council."), "text"),
        (replace(ENTRY, status="Adopted"), "status"),
        (replace(ENTRY, office="Full council"), "office"),
        (replace(ENTRY, facts=(("sponsor", "Chen"),)), "sponsor"),
        (replace(ENTRY, hearings=()), "hearings"),
        (replace(ENTRY, hearings=(replace(ENTRY.hearings[0], cancelled=True),)), "hearings"),
        (replace(ENTRY, hearings=(replace(ENTRY.hearings[0], place="Room 2"),)), "hearings"),
        (replace(ENTRY, attachments=ENTRY.attachments[:1]), "attachments"),
    ],
)
def test_news_changes_the_fingerprint_and_is_named(changed: Entry, name: str) -> None:
    """Each field whose change is news is told as that field, old and new."""
    before, after = item(ENTRY), item(changed)
    assert before.fingerprint != after.fingerprint
    assert [change.name for change in differences(material(before), material(after))] == [name]


def test_a_hearing_is_told_at_local_time() -> None:
    """People read the clock of the place; a time that is not known stays as it was said."""
    hearings = dict(material(item(ENTRY)))["hearings"]
    assert hearings == "hearing, 2026-12-01 10:00 EST, Room 1"
    said = replace(ENTRY.hearings[0], starts=None, said="time to be announced")
    assert (
        "time to be announced" in dict(material(item(replace(ENTRY, hearings=(said,)))))["hearings"]
    )
    day = replace(ENTRY.hearings[0], all_day=True)
    assert ":" not in dict(material(item(replace(ENTRY, hearings=(day,)))))["hearings"]


def test_a_fact_with_two_values_is_one_field() -> None:
    """Two sponsors are compared together."""
    old = (("sponsor", "A"), ("sponsor", "B"))
    assert differences(old, (("sponsor", "A"),)) == (FieldChange("sponsor", "A; B", "A"),)
    assert fingerprint(old) == fingerprint(old[::-1])


def test_identity_falls_from_key_to_link_to_words() -> None:
    """The ladder of DESIGN, decision 3."""
    assert item(plain(1, key=" k ")).key == "k"
    assert (
        item(plain(1, url="http://example.org/a/?utm_source=x")).key == "url:http://example.org/a"
    )
    by_words = item(plain(1)).key
    assert by_words.startswith("text:")
    assert by_words == item(replace(plain(1), title="STORY 1", html=True)).key
    assert by_words != item(plain(2)).key


def test_a_repeat_within_one_answer_is_one_item() -> None:
    """The first of equal entries stands, and the others are gone."""
    found = indexed([plain(1, "a"), plain(2, "b"), plain(1, "a")], "source", PLACE)
    assert [(index, one.key) for index, one in found] == [(0, "a"), (1, "b")]


def test_one_guid_for_all_entries_still_makes_an_item_of_each() -> None:
    """A feed whose items share their guid is told apart by link and title [miniflux#4197]."""
    entries = [plain(n, "guid", url=f"https://example.org/{n}") for n in range(10)]
    assert len(set(keys(entries).values())) == 10


def test_shared_guids_stay_the_same_when_the_window_slides() -> None:
    """Neither a new entry above nor a lost one below renames the others."""
    entries = [plain(n, "guid") for n in range(10)]
    earlier, later = keys(entries[:8]), keys(entries[3:])
    assert all(earlier[text] == later[text] for text in set(earlier) & set(later))


def test_the_last_of_a_shared_guid_keeps_its_longer_key() -> None:
    """When its twin has left the window, the stored key tells."""
    twins = keys([plain(1, "guid"), plain(2, "guid")])
    alone = keys([plain(2, "guid")], known=tuple(twins.values()))
    assert alone["Words 2."] == twins["Words 2."]
    assert keys([plain(3, "guid")], known=("guid",))["Words 3."] == "guid"


def test_entries_with_one_title_and_one_link_differ_by_their_words() -> None:
    """Ten alerts "Road closed" with a link to the same page are ten items."""
    entries = [plain(n, title="Road closed", url="https://example.org/") for n in range(10)]
    assert len(set(keys(entries).values())) == 10
    assert keys(entries) == keys(entries[::-1])


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 3), st.sampled_from("xyz"))))
def test_keys_are_unique_and_do_not_depend_on_order(parts: list[tuple[str, int, str]]) -> None:
    """Whatever is shared, an answer's items have a key each, the same in any order."""
    entries = [plain(n, key, title) for key, n, title in parts]
    found = normalise_all(entries, "source", PLACE)
    assert len({one.key for one in found}) == len(found)
    assert len(found) == len({(one.key, one.title, one.body) for one in entries})
    assert {one.key for one in normalise_all(entries[::-1], "source", PLACE)} == {
        one.key for one in found
    }


def test_half_a_character_in_a_key_or_address_is_replaced() -> None:
    """A lone surrogate, from broken JSON, could be stored nowhere."""
    item = normalise(
        Entry(ItemType.NEWS, "k\ud800", "T", url="https://x.example/\ud800"), "s", "us"
    )
    assert (item.key, item.url) == ("k?", "https://x.example/?")


def test_maintainers_choose_which_fields_are_news() -> None:
    """Sponsor lists are no news by themselves; a version may be one field too many."""
    entry = Entry(
        ItemType.BILL,
        "1",
        "An Act",
        facts=(("version", "A"), ("passed", "2026-05-14")),
        noise=(("prime sponsors", "Rivera"), ("LastModified", "today")),
    )
    assert chosen(entry, (), ()) is entry
    made = chosen(entry, ("sponsor",), ("version",))
    assert made.facts == (("passed", "2026-05-14"), ("prime sponsors", "Rivera"))
    assert made.noise == (("LastModified", "today"), ("version", "A"))


def test_a_change_of_mind_about_what_is_news_is_no_news() -> None:
    """A field that is told from now on begins with the value that it had."""
    entry = Entry(
        ItemType.BILL, "1", "An Act", facts=(("version", "A"),), noise=(("sponsors", "R"),)
    )
    old = normalise(entry, "source", PLACE)
    new = normalise(chosen(entry, ("sponsors",), ("version",)), "source", PLACE)
    assert old.fingerprint != new.fingerprint
    assert item_changes(old, new) == ()
    assert item_changes(new, old) == ()
    later = replace(entry, facts=(("version", "B"),), noise=(("sponsors", "R; S"),))
    changed = normalise(chosen(later, ("sponsors",), ("version",)), "source", PLACE)
    assert [(f.name, f.old, f.new) for f in item_changes(old, changed)] == [
        ("sponsors", "R", "R; S")
    ]
