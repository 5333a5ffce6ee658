"""Which documents are followed, what one version is to the next, and how they are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.documents import followed, gained, gist, packed, role_of, unpacked
from monitor.documents.agendas import KEPT, MOST_AGENDAS
from monitor.models import Attachment, Hearing, Item, ItemType, Reading

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def meeting(*titles: str, ahead: timedelta = 3 * DAY, **fields: Any) -> Item:
    """Make a meeting with documents of these titles."""
    documents = [Attachment(title, f"https://town.example/{n}") for n, title in enumerate(titles)]
    made: dict[str, Any] = {
        "source": "town",
        "key": "1",
        "type": ItemType.MEETING,
        "jurisdiction": "",
        "title": "Council",
        "text": "",
        "url": "",
        "published": None,
        "fingerprint": "f",
        "hearings": (Hearing("meeting", NOW + ahead),),
        "attachments": tuple(documents),
    }
    return Item(**(made | fields))


def reading(*pages: str) -> Reading:
    """Make what was read before."""
    text, cut = packed(pages)
    return Reading("1", "agenda", "https://town.example/0", NOW, text, cut)


@pytest.mark.parametrize(
    "title",
    [
        "Agenda",
        "AGENDA - REVISED",
        "Revised Agenda (Nov 20).pdf",
        "agenda_v2.pdf",
        "11-24-2026 Council Agenda FINAL",
        "Agenda [HTML]",
    ],
)
def test_versions_of_an_agenda_are_one_role(title: str) -> None:
    """Whatever the day, the version, and the name of the file."""
    assert role_of(title) == "agenda"


def test_other_documents_have_other_roles() -> None:
    """An addendum and a packet go beside the agenda; a report is what its title says."""
    titles = ("Agenda", "Agenda Packet", "Addendum to Agenda", "Staff report 4", "Exhibit A", "")
    assert len({role_of(title) for title in titles}) == len(titles)
    assert role_of("Staff Report (final) 11/20/26.pdf") == role_of("Staff report, revised")


def test_the_agendas_of_a_meeting_ahead_are_followed() -> None:
    """Not its minutes, nor its recording; by their addresses without tokens."""
    item = meeting("Minutes", "Agenda", "Video", "Staff report", "Agenda Packet")
    found = followed(item, NOW)
    assert found is not None
    assert found.agendas == (
        ("https://town.example/1", "agenda"),
        ("https://town.example/4", "agenda packet"),
    )
    assert found.begins == found.ends == NOW + 3 * DAY


def test_the_first_document_of_a_meeting_stands_for_its_agenda() -> None:
    """Some files are only called by a number."""
    found = followed(meeting("Minutes", "Document 12", "Document 13"), NOW)
    assert found is not None
    assert [url for url, _ in found.agendas] == ["https://town.example/1"]


def test_a_few_documents_of_a_meeting_are_followed() -> None:
    """However many are called agenda."""
    found = followed(meeting(*(f"Agenda {'x' * n}" for n in range(9))), NOW)
    assert found is not None
    assert len(found.agendas) == MOST_AGENDAS


@pytest.mark.parametrize(
    "fields",
    [
        {"ahead": -DAY},
        {"muted": "clerical"},
        {"hearings": (Hearing("meeting", NOW + DAY, cancelled=True),)},
        {"hearings": (Hearing("comment_deadline", NOW + DAY),)},
        {"hearings": (Hearing("hearing", NOW + DAY, derived=True),)},
        {"attachments": ()},
        {"attachments": (Attachment("Agenda", "https://town.example/a.mp3"),)},
        {"type": ItemType.BILL, "attachments": (Attachment("Bill", "https://town.example/b"),)},
    ],
    ids=["over", "muted", "cancelled", "deadline", "derived", "bare", "audio", "bill text"],
)
def test_what_is_not_followed(fields: dict[str, Any]) -> None:
    """Nothing to read, or nobody to tell."""
    assert followed(meeting("Agenda", **fields), NOW) is None


def test_a_meeting_of_which_only_the_day_is_known_is_followed_until_it_is_over() -> None:
    """It may be in the evening."""
    today = Hearing("meeting", NOW - timedelta(hours=10), all_day=True)
    assert followed(meeting("Agenda", hearings=(today,)), NOW) is not None


def test_a_meeting_without_a_date_is_followed_for_two_weeks() -> None:
    """Its date may stand in a picture; it was just posted."""
    found = followed(meeting("Agenda", hearings=()), NOW)
    assert found is not None
    assert found.ends == NOW + 14 * DAY


def test_pages_come_back_as_they_were() -> None:
    """Empty ones too, so that a page keeps its number."""
    pages = ("Page one", "", "Page three \ud800")
    assert unpacked(reading(*pages)) == ("Page one", "", "Page three ?")


def test_a_document_without_words_counts_as_not_read() -> None:
    """A scan that could not be read must not make all of the next version new."""
    assert packed(("", " \n")) == (b"", False)


def test_the_end_of_an_endless_document_is_not_taken_for_new() -> None:
    """What is beyond the bound was never kept."""
    lines = [f"Line {n} says something of its own about matter {n * 7919}" for n in range(30_000)]
    text = "\n".join(lines)
    assert len(text) > KEPT
    last = reading(text)
    assert last.cut
    assert gained((last,), (text,)) == ()
    found = gained((last,), ("\n".join((*lines[:50], "Detainer ordinance", *lines[50:])),))
    assert [one.text for one in found] == ["Detainer ordinance"]


def test_a_gist_is_that_of_the_words() -> None:
    """Numbering and page numbers do not count; words do."""
    assert gist(["1. Bees\nPage 1"]) == gist(["2. BEES", "Page 2"])
    assert gist(["1. Bees"]) != gist(["1. Wasps"])
