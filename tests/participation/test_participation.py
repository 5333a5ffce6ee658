"""What an item says about taking part, sentence by sentence."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.dates import local
from monitor.models import Contact, ContactKind, Hearing, Item, ItemType
from monitor.participation import participation
from tests.participation import corpus

NEW_YORK = "ocd-division/country:us/state:ny/place:new_york"
MEETING = Hearing("meeting", datetime(2026, 12, 1, 23, tzinfo=UTC), "America/New_York")
_NAMES = {
    ContactKind.COMMENT_DEADLINE: "comment",
    ContactKind.SPEAK_DEADLINE: "speak",
    ContactKind.IN_PERSON: "in person",
    ContactKind.ACCOMMODATION: "aid",
}

_CONTACTS = {"email", "phone", "video", "form", "in", "aid"}


def meeting(text: str = "", **fields: Any) -> Item:
    """Make a meeting whose own text is `text`."""
    given: dict[str, Any] = {
        "source": "example",
        "key": "1",
        "type": ItemType.MEETING,
        "jurisdiction": NEW_YORK,
        "title": "City Council",
        "text": text,
        "url": "https://council.example/1",
        "published": datetime(2026, 11, 20, tzinfo=UTC),
        "fingerprint": "f",
        "hearings": (MEETING,),
    }
    return Item(**(given | fields))


def written(contact: Contact) -> str:
    """Write a statement as the corpus does."""
    name = _NAMES.get(contact.kind, contact.kind.value)
    if contact.kind in {ContactKind.COMMENT_DEADLINE, ContactKind.SPEAK_DEADLINE}:
        if contact.due is None:
            return f"{name}? {contact.value}"
        form = "%Y-%m-%d" if contact.all_day else "%Y-%m-%d %H:%M"
        return f"{name} by {local(contact.due, contact.timezone):{form}}"
    code = f" [{contact.code}]" if contact.code else ""
    return f"{name} {contact.value}{code}".strip()


def stated(text: str) -> tuple[str, ...]:
    """Read a text, and write down what it states."""
    return tuple(map(written, participation(meeting(text))))


@pytest.mark.parametrize(("text", "expected"), corpus.DEADLINES)
def test_a_deadline_is_what_the_words_fix(text: str, expected: tuple[str, ...]) -> None:
    """A time in the body's zone, a day, or the words alone; never a guess."""
    assert tuple(one for one in stated(text) if one.split()[0] not in _CONTACTS) == expected


@pytest.mark.parametrize(("text", "expected"), corpus.WAYS)
def test_a_way_to_comment_is_found(text: str, expected: tuple[str, ...]) -> None:
    """Addresses, numbers with their codes, links, places."""
    assert stated(text) == expected


@pytest.mark.parametrize(("text", "expected"), corpus.TRAPS)
def test_what_serves_another_end_is_no_way_to_comment(text: str, expected: tuple[str, ...]) -> None:
    """The press office, the planner, the interpreter, a resident's letter, minutes."""
    assert stated(text) == expected


def test_the_corpus_is_large_and_repeats_nothing() -> None:
    """At least sixty sentences, each once."""
    texts = [text for text, _ in (*corpus.DEADLINES, *corpus.WAYS, *corpus.TRAPS)]
    assert len(texts) >= 60
    assert len(set(texts)) == len(texts)
